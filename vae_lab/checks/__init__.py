"""Tell learners which mistake they made. `check` is all that a lab calls."""

from importlib import import_module
from pathlib import Path

from vae_lab.checks.exercise import NotAttempted, NotYet
from vae_lab.checks.judging import judge
from vae_lab.session import quiet_stderr

HERE = Path(__file__).parent
MODULES = sorted(path.stem for path in HERE.glob("lab*.py"))
LABS = tuple(import_module(f"{__name__}.{name}") for name in MODULES)
EXERCISES = {number: item for lab in LABS for number, item in lab.EXERCISES.items()}


@quiet_stderr()  # TensorFlow logs there when an answer raises
def check(number, attempt):
    """Check the answer to an exercise, print the outcome, return a working function.

    The outcome is one of three: not attempted; not yet, with the value, the expected
    value and the likely mistake; correct, with one fact more.

    Args:
        number: str, the exercise's number, such as "3.1".
        attempt: the function that the learner wrote.

    Returns:
        The learner's function if it is correct, else the reference, so that the lab
        goes on.

    Raises:
        KeyError: there is no exercise of that number.
    """
    if number not in EXERCISES:
        known = ", ".join(EXERCISES)
        raise KeyError(f"no exercise {number!r}. The exercises are {known}.")
    exercise = EXERCISES[number]
    title = f"Exercise {number}, {exercise.name}"
    try:
        judge(exercise, attempt)
    except NotAttempted:
        print(f"○ {title}: not attempted. The lab goes on with the reference.")
        return exercise.solution
    except NotYet as why:
        print(f"✗ {title}: not yet: {why}\nThe lab goes on with the reference.")
        return exercise.solution
    print(f"✓ {title}: correct. {exercise.fact}")
    return attempt
