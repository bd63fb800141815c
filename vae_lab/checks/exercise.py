"""How an answer is judged: run it, compare it, and name the mistake."""

import ast
import contextlib
import copy
import dis
import inspect
import random
import re
import textwrap
import traceback
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from vae_lab.session import keras

try:  # Keras has no public way to save its generator and its counters of names
    from keras.src.backend.common import global_state
except ImportError:
    global_state = None


class Exercise(NamedTuple):
    """One exercise of a lab.

    Attributes:
        name: the function that the learner writes.
        solution: the reference, used where the answer is not right yet.
        cases: argument tuples to try the answer on.
        expected: function of a case's arguments; finds the result another way. It
            returns a tuple where the answer is to return a pair or a triple.
        mistakes: {sentence: wrong function}, the likeliest first.
        fact: one more thing to know, told with a correct answer.
        run: how a function is run on a case; plainly called unless told.
        show: function of a result as an array; puts it into words, on one line.
        tensors: the answer must work on Keras tensors inside a compiled model.
        dtype: the type the result must have, or None where any number will do.
        tolerance: how far a value may lie off, as a share of the largest one.
    """

    name: str
    solution: Callable
    cases: list
    expected: Callable
    mistakes: dict
    fact: str
    run: Callable = lambda function, *case: function(*case)
    show: Callable | None = None
    tensors: bool = False
    dtype: str | None = None
    tolerance: float = 1e-3


class NotYet(Exception):
    """The answer is not right; the text says why, in a sentence for the learner."""


class NotAttempted(Exception):
    """The answer still holds its `...`."""


@contextlib.contextmanager
def undisturbed():
    """Keep warnings silent, and put the global random generators back at the end.

    Python's, NumPy's and Keras's: a lab then trains alike whether an answer drew
    numbers or built layers in its check, or stayed blank. So do the counters behind
    automatic layer names, such as conv2d_1.
    """
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    names = ("global_seed_generator", "object_name_uids") if global_state else ()
    saved = {name: global_state.get_global_attribute(name) for name in names}
    if saved:
        counters = copy.copy(saved["object_name_uids"])
        global_state.set_global_attribute("object_name_uids", counters)
        global_state.set_global_attribute("global_seed_generator", None)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        for name, value in saved.items():
            global_state.set_global_attribute(name, value)


@undisturbed()
def judge(exercise, attempt):
    """Return None for a right answer, else raise NotYet or NotAttempted."""
    if attempt is ... or _is_blank(attempt):
        raise NotAttempted
    if not callable(attempt):
        raise NotYet(
            f"expected a function named {exercise.name}, received "
            f"{type(attempt).__name__}. Pass the function itself, without calling it."
        )
    _bind(exercise, attempt)
    expected = [exercise.expected(*case) for case in exercise.cases]
    truths = [np.asarray(value) for value in expected]
    results = [
        _read(exercise, attempt, case, value)
        for case, value in zip(exercise.cases, expected, strict=True)
    ]
    _compare(exercise, attempt, results, truths)
    if exercise.tensors:
        _trace(exercise, attempt)


def _is_blank(function):
    """Tell whether the body is nothing but a docstring and `...` or `pass`."""
    if not hasattr(function, "__code__"):
        return False
    steps = list(dis.get_instructions(function))
    blank = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    constants = [step.argval for step in steps if step.opname.endswith("CONST")]
    return {step.opname for step in steps} <= blank and constants == [None]


def _has_dots(function):
    """Tell whether a `...` still stands in for a line or a value."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # no source to be had
        return False
    statements = (ast.Expr, ast.Assign, ast.Return)
    values = [node.value for node in ast.walk(tree) if isinstance(node, statements)]
    return any(isinstance(v, ast.Constant) and v.value is ... for v in values)


def _bind(exercise, attempt):
    """See that the answer takes the arguments it will get."""
    try:
        inspect.signature(attempt).bind(*exercise.cases[0])
    except TypeError:
        wanted = list(inspect.signature(exercise.solution).parameters)
        count = f"{len(wanted)} argument{'s' if len(wanted) > 1 else ''}"
        raise NotYet(f"it must take {count}: {', '.join(wanted)}.") from None
    except ValueError:  # a built-in that hides its arguments
        pass


def _run(exercise, function, case):
    case = copy.deepcopy(case)
    if exercise.tensors:
        case = _as_tensors(case)
    return exercise.run(function, *case)


def _as_tensors(value):
    if isinstance(value, tuple):
        return tuple(_as_tensors(part) for part in value)
    is_array = isinstance(value, np.ndarray)
    return keras.ops.convert_to_tensor(value) if is_array else value


def _read(exercise, attempt, case, expected):
    """Run the answer on a case and return a NumPy array, or raise a sentence."""
    try:
        result = _run(exercise, attempt, case)
    except NotYet:
        raise
    except Exception as error:
        if _has_dots(attempt):
            raise NotYet("a `...` is still left in it: put your code there.") from None
        raise NotYet(_what_raised(attempt, error)) from None
    sequence = isinstance(result, tuple | list)
    if any(part is ... for part in (result if sequence else [result])):
        raise NotAttempted
    if result is None and _has_dots(attempt):
        raise NotAttempted
    if result is None:
        call = _call(exercise, case)
        raise NotYet(
            f"it returned None{call and f' for {call}'}. Is a `return` missing?"
        )
    wanted = _wanted(expected)
    if sequence and not isinstance(expected, tuple):
        kind = type(result).__name__
        raise NotYet(
            f"it returned a Python {kind} of {len(result)}, expected {wanted}."
            f"{_unwrap(result, expected)}"
        )
    try:
        return _as_array(result)
    except Exception:
        kind = getattr(result, "dtype", type(result).__name__)
        raise NotYet(
            f"it returned a result of type {kind}, expected {wanted}."
        ) from None


def _call(exercise, case):
    """Write the call out, where its arguments are plain numbers and words."""
    plain = all(isinstance(value, int | float | str) for value in case)
    return f"{exercise.name}{case}" if plain else ""


def _wanted(expected):
    """Say in words what kind of result is expected."""
    if isinstance(expected, tuple):
        return (
            f"{len(expected)} numbers, as in `return a, b{', c' * (len(expected) - 2)}`"
        )
    shape = np.shape(expected)
    return f"an array of numbers, of shape {shape}" if shape else "one number"


def _unwrap(result, expected):
    """Advise how to make one array, or one number, of a list or tuple."""
    if isinstance(result, tuple):
        return " Is there a comma after the value?" if len(result) == 1 else ""
    if np.ndim(expected):
        return " np.stack(list) makes one, or ops.stack(list) of tensors."
    return ""


def _as_array(result):
    if isinstance(result, tuple | list):
        result = [_as_array(part) for part in result]
    elif keras.ops.is_tensor(result):
        result = keras.ops.convert_to_numpy(result)
    array = np.asarray(result)
    if array.dtype.kind not in "iuf":
        raise TypeError
    return array


def _line(attempt, error):
    """Quote the line of the answer that an error comes from."""
    code = getattr(attempt, "__code__", None)
    lines = [
        frame.line
        for frame in traceback.extract_tb(error.__traceback__)
        if code and frame.filename == code.co_filename and frame.line
    ]
    return f" at the line `{lines[-1]}`" if lines else ""


def _what_raised(attempt, error):
    noise = r"\x1b\[\d*m|\{\{.*?\}\} *|\[Op:.*|Exception encountered when calling .*"
    text = re.sub(noise, "", str(error)).strip().splitlines()
    about = f": {text[0].strip()[:200]}" if text else "."
    return f"it raised {type(error).__name__}{_line(attempt, error)}{about}"


def _compare(exercise, attempt, results, truths):
    triples = list(zip(exercise.cases, results, truths, strict=True))
    wrong = [triple for triple in triples if not _same(exercise, *triple[1:])]
    if not wrong:
        return _check_dtype(exercise, results)
    case, result, truth = wrong[0]
    seen = _seen(exercise, case, result, truth)
    sentence = _name_mistake(exercise, results, truths)
    if sentence:
        raise NotYet(f"{sentence}{seen}")
    if _is_random(exercise, attempt, case):
        raise NotYet(
            "it gives another result at each call, with the same arguments: draw "
            f"nothing at random, use the arguments.{seen}"
        )
    if result.shape != truth.shape:
        shapes = [
            f"shape {x.shape}" if x.ndim else "one number" for x in (result, truth)
        ]
        raise NotYet(f"it returned {shapes[0]}, expected {shapes[1]}.{seen}")
    if not np.all(np.isfinite(result)):
        raise NotYet(f"there are NaN or infinite values in it.{seen}")
    raise NotYet(f"the values are not right.{seen}")


def _check_dtype(exercise, results):
    wrong_types = {str(result.dtype) for result in results} - {exercise.dtype}
    if exercise.dtype and wrong_types:
        raise NotYet(
            f"the values are right, the type is {wrong_types.pop()}: expected "
            f"{exercise.dtype}. Convert with .astype({exercise.dtype!r})."
        )


def _seen(exercise, case, result, truth):
    """Put the result beside the expected one; of a large array, the worst value."""
    call = _call(exercise, case)
    head = f"\n  {call}" if call else ""
    if result.shape == truth.shape and result.size > 12:
        gap = np.abs(np.nan_to_num(result - truth.astype(float), nan=np.inf))
        at = np.unravel_index(np.argmax(gap), gap.shape)
        place = ", ".join(map(str, at))
        return f"{head}\n  yours[{place}]: {result[at]:.4g}, expected {truth[at]:.4g}"
    show = exercise.show or _show
    return f"{head}\n  yours:    {show(result)}\n  expected: {show(truth)}"


def _same(exercise, result, truth):
    if result.shape != truth.shape:
        return False
    largest = np.abs(np.nan_to_num(truth.astype(float), posinf=0, neginf=0)).max()
    allowed = exercise.tolerance * max(1.0, largest)
    return np.allclose(result, truth, rtol=0, atol=allowed, equal_nan=True)


def _name_mistake(exercise, results, truths):
    """Return the sentence of the mistake that gives these results, or None.

    Two mistakes at once, one of which makes NaN in some cases: the other one is
    recognized by the cases that stay finite.
    """
    known = {}
    for sentence, wrong in exercise.mistakes.items():
        try:
            made = [_as_array(_run(exercise, wrong, case)) for case in exercise.cases]
        except Exception:  # a mistake that cannot run here
            continue
        known[sentence] = list(zip(results, made, truths, strict=True))
        if _fits(exercise, known[sentence]):
            return sentence
    for sentence, triples in known.items():
        if _fits(exercise, [t for t in triples if np.isfinite(t[0]).all()]):
            return sentence
    return None


def _fits(exercise, triples):
    """Tell whether results are those of a mistake, and not of NaN or of no mistake."""
    fits = all(_same(exercise, result, made) for result, made, _ in triples)
    wrong = any(not _same(exercise, made, truth) for _, made, truth in triples)
    return fits and wrong and any(np.isfinite(made).any() for _, made, _ in triples)


def _is_random(exercise, attempt, case):
    try:
        first, second = (_as_array(_run(exercise, attempt, case)) for _ in range(2))
    except Exception:
        return False
    return not np.array_equal(first, second, equal_nan=True)


def _show(array):
    text = np.array2string(array.ravel()[:6], precision=4, suppress_small=True)
    if not array.ndim:
        return text.strip("[]")
    return f"{text[:-1]}{' ...]' if array.size > 6 else ']'} of shape {array.shape}"


def _trace(exercise, attempt):
    """See that the answer also works inside a compiled model."""

    def symbol(value):
        if isinstance(value, tuple):
            return tuple(symbol(part) for part in value)
        return keras.KerasTensor((None, *value.shape[1:]), dtype="float32")

    case = exercise.cases[0]
    arrays = [value for value in case if isinstance(value, np.ndarray | tuple)]
    numbers = case[len(arrays) :]

    class Inside(keras.Layer):
        def call(self, tensors):
            return attempt(*tensors, *numbers)

    try:
        Inside()([symbol(value) for value in arrays])
    except Exception as error:
        raise NotYet(
            "the numbers are right, but it cannot run inside a model, where values and "
            "the number of images are not known yet: use keras `ops` (ops.exp, ...) in "
            "place of NumPy, len() or a loop over the images. It stopped"
            f"{_line(attempt, error) or ' early'}."
        ) from None
