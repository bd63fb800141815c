"""Compare results with the expected ones, and name the mistake."""

import functools
import itertools

import numpy as np

from vae_lab.checks.exercise import NotYet, as_array, run, written_call


def compare(exercise, attempt, results, truths):
    """Raise NotYet with the likeliest mistake if a result is not right."""
    triples = list(zip(exercise.cases, results, truths, strict=True))
    wrong = [triple for triple in triples if not _same(exercise, *triple[1:])]
    if not wrong:
        return _check_dtype(exercise, results)
    sentence = _name_mistake(exercise, results, truths)
    sentence = sentence or _describe(exercise, attempt, *wrong[0])
    raise NotYet(sentence + _seen(exercise, *wrong[0]))


def _check_dtype(exercise, results):
    wrong_types = {str(result.dtype) for result in results} - {exercise.dtype}
    if exercise.dtype and wrong_types:
        raise NotYet(
            f"the values are right, the type is {wrong_types.pop()}: expected "
            f"{exercise.dtype}. Convert with .astype({exercise.dtype!r})."
        )


def _same(exercise, result, truth):
    if result.shape != truth.shape:
        return False
    largest = np.abs(np.nan_to_num(truth.astype(float), posinf=0, neginf=0)).max()
    allowed = exercise.tolerance * max(1.0, largest)
    return np.allclose(result, truth, rtol=0, atol=allowed, equal_nan=True)


@functools.cache
def _made(exercise, wrong):
    """Return what a known mistake makes of each case, or None if it cannot run."""
    try:
        return [as_array(run(exercise, wrong, case)) for case in exercise.cases]
    except Exception:
        return None


def _name_mistake(exercise, results, truths):
    """Return the sentence of the mistake that gives these results, or None.

    Two mistakes at once, one of which makes NaN in some cases: the other one is
    recognized by the cases that stay finite.
    """
    finite = [np.isfinite(result).all() for result in results]
    for chosen in [True] * len(results), finite:
        for sentence, wrong in exercise.mistakes.items():
            made = _made(exercise, wrong)
            if made is None:
                continue
            triples = zip(results, made, truths, strict=True)
            if _fits(exercise, list(itertools.compress(triples, chosen))):
                return sentence
    return None


def _fits(exercise, triples):
    """Tell whether results are those of a mistake, in cases where it is one."""
    fits = all(_same(exercise, result, made) for result, made, _ in triples)
    return fits and any(not _same(exercise, made, truth) for _, made, truth in triples)


def _describe(exercise, attempt, case, result, truth):
    """Say what is wrong with a result that no known mistake gives."""
    if exercise.tell:
        return exercise.tell(result, truth)
    if _is_random(exercise, attempt, case):
        return (
            "it gives another result at each call, with the same arguments: draw "
            "nothing at random, use the arguments."
        )
    if result.shape != truth.shape:
        return f"it returned {_size(result)}, expected {_size(truth)}."
    if not np.all(np.isfinite(result)):
        return "there are NaN or infinite values in it."
    return "the values are not right."


def _size(array):
    return f"shape {array.shape}" if array.ndim else "one number"


def _is_random(exercise, attempt, case):
    try:
        first, second = (as_array(run(exercise, attempt, case)) for _ in range(2))
    except Exception:
        return False
    return not np.array_equal(first, second, equal_nan=True)


def _seen(exercise, case, result, truth):
    """Put the result beside the expected one; of a large array, the worst value."""
    call = written_call(exercise, case)
    head = f"\n  {call}" if call else ""
    if result.shape == truth.shape and result.size > 6 and not exercise.show:
        gap = np.abs(np.nan_to_num(result - truth.astype(float), nan=np.inf))
        at = np.unravel_index(np.argmax(gap), gap.shape)
        place = ", ".join(map(str, at))
        return f"{head}\n  yours[{place}]: {result[at]:.4g}, expected {truth[at]:.4g}"
    show = exercise.show or _show
    return f"{head}\n  yours:    {show(result)}\n  expected: {show(truth)}"


def _show(array):
    text = np.array2string(array.ravel()[:6], precision=4, suppress_small=True)
    if not array.ndim:
        return text.strip("[]")
    return f"{text[:-1]}{' ...]' if array.size > 6 else ']'} of shape {array.shape}"
