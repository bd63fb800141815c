"""Tell learners which mistake they made. `check` is all that a lab calls."""

from vae_lab.checks import (
    lab00,
    lab01,
    lab02,
    lab03,
    lab04,
    lab05,
    lab06,
    lab07,
    lab11,
)
from vae_lab.checks.exercise import NotAttempted, NotYet
from vae_lab.checks.judging import judge
from vae_lab.session import quiet_stderr

LABS = (lab00, lab01, lab02, lab03, lab04, lab05, lab06, lab07, lab11)
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
