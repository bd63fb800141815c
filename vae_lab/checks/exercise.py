"""What an exercise is, and how a function is run on its cases."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vae_lab.session import keras


@dataclass(frozen=True, eq=False)
class Exercise:
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
        tell: function of a result and the expected one, as arrays; says what is wrong
            where no known mistake fits.
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
    tell: Callable | None = None
    tensors: bool = False
    dtype: str | None = None
    tolerance: float = 1e-3


class NotYet(Exception):
    """The answer is not right; the text says why, in a sentence for the learner."""


class NotAttempted(Exception):
    """The answer still holds its `...`."""


def run(exercise, function, case):
    """Run a function on a copy of a case, as tensors where the exercise says so."""
    case = copy.deepcopy(case)
    if exercise.tensors:
        case = as_tensors(case)
    return exercise.run(function, *case)


def as_tensors(value):
    if isinstance(value, tuple):
        return tuple(as_tensors(part) for part in value)
    is_array = isinstance(value, np.ndarray)
    return keras.ops.convert_to_tensor(value) if is_array else value


def as_array(result):
    """Return a result as one NumPy array of numbers, or raise."""
    if isinstance(result, tuple | list):
        result = [as_array(part) for part in result]
    elif keras.ops.is_tensor(result):
        result = keras.ops.convert_to_numpy(result)
    array = np.asarray(result)
    if array.dtype.kind not in "iuf":
        raise TypeError
    return array


def written_call(exercise, case):
    """Write the call out, where its arguments are plain numbers and words."""
    plain = all(isinstance(value, int | float | str) for value in case)
    return f"{exercise.name}{case}" if plain else ""


def has_dots(function):
    """Tell whether a `...` still stands in for a line or a value."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # no source to be had
        return False
    statements = (ast.Expr, ast.Assign, ast.Return)
    values = [node.value for node in ast.walk(tree) if isinstance(node, statements)]
    return any(isinstance(v, ast.Constant) and v.value is ... for v in values)
