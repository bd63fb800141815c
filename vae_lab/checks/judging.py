"""Judge an answer: run it, whatever it does, and say in a sentence what is wrong."""

import contextlib
import copy
import dis
import functools
import inspect
import random
import re
import traceback
import warnings

import numpy as np

from vae_lab.checks.compare import compare
from vae_lab.checks.exercise import (
    NotAttempted,
    NotYet,
    as_array,
    has_dots,
    run,
    written_call,
)
from vae_lab.session import keras

try:  # Keras has no public way to save its generator and its counters of names
    from keras.src.backend.common import global_state
except ImportError:
    global_state = None


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
    expected = _expected(exercise)
    truths = [np.asarray(value) for value in expected]
    results = [
        _read(exercise, attempt, case, value)
        for case, value in zip(exercise.cases, expected, strict=True)
    ]
    compare(exercise, attempt, results, truths)
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


@functools.cache
def _expected(exercise):
    return [exercise.expected(*case) for case in exercise.cases]


def _read(exercise, attempt, case, expected):
    """Run the answer on a case and return a NumPy array, or raise a sentence."""
    try:
        result = run(exercise, attempt, case)
    except NotYet:
        raise
    except Exception as error:
        raise NotYet(_what_raised(attempt, error)) from None
    _refuse_nothing(exercise, attempt, case, result)
    _refuse_list(result, expected)
    try:
        array = as_array(result)
    except Exception:
        kind = getattr(result, "dtype", type(result).__name__)
        raise NotYet(
            f"it returned a result of type {kind}, expected {_wanted(expected)}."
        ) from None
    if isinstance(expected, tuple) and array.ndim < 2 and array.size != len(expected):
        count = f"{array.size} number{'' if array.size == 1 else 's'}"
        raise NotYet(f"it returned {count}, expected {_wanted(expected)}.")
    return array


def _refuse_nothing(exercise, attempt, case, result):
    """Raise where the result is None or `...`, of a stub or of a missing return."""
    parts = result if isinstance(result, tuple | list) else [result]
    if any(part is ... for part in parts) or (result is None and has_dots(attempt)):
        raise NotAttempted
    if result is None:
        call = written_call(exercise, case)
        place = f" for {call}" if call else ""
        raise NotYet(f"it returned None{place}. Is a `return` missing?")


def _refuse_list(result, expected):
    """Raise where a list or tuple stands in for one array or one number."""
    if isinstance(expected, tuple) or not isinstance(result, tuple | list):
        return
    advice = ""
    if isinstance(result, tuple) and len(result) == 1:
        advice = " Is there a comma after the value?"
    elif isinstance(result, list) and np.ndim(expected):
        advice = " np.stack(list) makes one, or ops.stack(list) of tensors."
    raise NotYet(
        f"it returned a Python {type(result).__name__} of {len(result)}, "
        f"expected {_wanted(expected)}.{advice}"
    )


def _wanted(expected):
    """Say in words what kind of result is expected."""
    if isinstance(expected, tuple):
        names = "a, b" if len(expected) == 2 else "a, b, c"
        return f"{len(expected)} numbers, as in `return {names}`"
    shape = np.shape(expected)
    return f"an array of numbers, of shape {shape}" if shape else "one number"


def _what_raised(attempt, error):
    if has_dots(attempt):
        return "a `...` is still left in it: put your code there."
    noise = r"\x1b\[\d*m|\{\{.*?\}\} *|\[Op:.*|Exception encountered when calling .*"
    text = re.sub(noise, "", str(error)).strip().splitlines()
    about = f": {text[0].strip()[:200]}" if text else "."
    return f"it raised {type(error).__name__}{_line(attempt, error)}{about}"


def _line(attempt, error):
    """Quote the line of the answer that an error comes from."""
    code = getattr(attempt, "__code__", None)
    lines = [
        frame.line
        for frame in traceback.extract_tb(error.__traceback__)
        if code and frame.filename == code.co_filename and frame.line
    ]
    return f" at the line `{lines[-1]}`" if lines else ""


def _trace(exercise, attempt):
    """See that the answer also works inside a compiled model."""

    def symbol(value):
        if isinstance(value, tuple):
            return tuple(symbol(part) for part in value)
        kind = "float32" if value.dtype.kind == "f" else str(value.dtype)
        return keras.KerasTensor((None, *value.shape[1:]), dtype=kind)

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
