"""Exercises of lab 11: conditional."""

import numpy as np
from scipy.special import log_softmax, softmax

from vae_lab.checks.exercise import Exercise
from vae_lab.session import ops

RNG = np.random.default_rng(11)
FEATURES = RNG.normal(size=(3, 4)).astype("float32"), np.array([9, 0, 4])
CODES = RNG.normal(size=(2, 2)).astype("float32"), np.array([3, 3])
STYLES = np.array([[-1.5, 0.5], [0.25, 1.0], [2.0, -0.75]], "float32")
CLOSE = np.float32(
    [
        [-136, -200, -134.5, -150, -172, -134, -160, -190, -139, -155],
        [-210, -95, -180, -170, -94, -165, -205, -97.5, -150, -96],
        [-300, -340, -310, -302, -301, -305, -420, -390, -303, -300.5],
    ]
)
FAR = CLOSE[:2] - np.float32([[800], [1200]])


def join(features, labels):
    one_hot = ops.one_hot(labels, 10)  # (batch,) -> (batch, 10)
    return ops.concatenate([features, one_hot], axis=1)


def write_sheet(decoder, z):
    z_all = np.repeat(z, 10, axis=0)  # a a a ... b b b ...
    labels = np.tile(np.arange(10), len(z))  # 0 1 2 ... 0 1 2 ...
    digits = decoder([z_all, labels])
    return ops.reshape(digits, (len(z), 10, 28, 28, 1))


def label_probabilities(elbo):
    likelihood = np.exp(elbo - elbo.max(axis=1, keepdims=True))
    return likelihood / likelihood.sum(axis=1, keepdims=True)


def paint(inputs):
    """Stand in for a decoder: from [z, labels] to pictures that tell both."""
    if isinstance(inputs, dict):
        inputs = inputs["z"], inputs["labels"]
    z, labels = (np.asarray(ops.convert_to_numpy(part), float) for part in inputs)
    if labels.ndim != 1 or z.shape != (len(labels), 2):
        raise ValueError(
            "the decoder takes [z, labels], of shapes (batch, 2) and (batch,). "
            f"Received: {z.shape} and {labels.shape}"
        )
    down, across = np.linspace(0, 1, 28)[:, None, None], np.linspace(0, 1, 28)[:, None]
    z_0, z_1, label = (part[:, None, None, None] for part in (*z.T, labels))
    ink = 0.5 + 0.5 * np.sin(z_0 * down + z_1 * across + label)
    return ops.convert_to_tensor(ink.astype("float32"))


paint.predict = lambda inputs, **settings: ops.convert_to_numpy(paint(inputs))


def by_eye(features, labels):
    return np.hstack([features, np.eye(10)[labels]])


def by_digits(decoder, z):
    """Picture by picture, from what `paint` is to draw."""
    steps = np.arange(28) / 27
    rows = [
        [np.sin(a * steps[:, None] + b * steps + label) for label in range(10)]
        for a, b in z.astype("float64")
    ]
    return 0.5 + 0.5 * np.array(rows)[..., None]


def by_ratios(elbo):
    """One over the sum of all classes' likelihoods, each over the class's own."""
    elbo = elbo.astype("float64")
    return 1 / np.exp(elbo[:, None, :] - elbo[:, :, None]).sum(axis=2)


def number(labels):
    return ops.cast(labels, "float32")[:, None]


def beside(features, more):
    return ops.concatenate([features, more], axis=1)


def naive(elbo):
    return np.exp(elbo) / np.exp(elbo).sum(axis=1, keepdims=True)


def pairs(z_order, label_order):
    """A wrong sheet: its z and its labels repeated or tiled as told."""

    def write(decoder, z):
        n, classes = len(z), np.arange(10)
        z_all = np.repeat(z, 10, axis=0) if z_order == "repeat" else np.tile(z, (10, 1))
        repeated, tiled = np.repeat(classes, n), np.tile(classes, n)
        labels = repeated if label_order == "repeat" else tiled
        return np.reshape(decoder.predict([z_all, labels]), (n, 10, 28, 28, 1))

    return write


def of_sheet(change):
    """A wrong sheet: the right one, (n, 10, 28, 28, 1), changed."""
    return lambda decoder, z: change(ops.convert_to_numpy(write_sheet(decoder, z)))


def of_classes(classes):
    """A wrong sheet: of other classes than 0 to 9."""

    def write(decoder, z):
        n = len(classes)
        labels = np.tile(classes, len(z))
        digits = decoder.predict([np.repeat(z, n, axis=0), labels])
        return digits.reshape(len(z), n, 28, 28, 1)

    return write


EXERCISES = {
    "11.1": Exercise(
        name="join",
        solution=join,
        cases=[FEATURES, CODES],
        expected=by_eye,
        mistakes={
            "the label went in as one number, which says that a 9 is nine times "
            "a 1: ops.one_hot makes ten switches of it.": lambda f, y: beside(
                f, number(y)
            ),
            "the label went in as one number between 0 and 1, which says that "
            "a 4 lies halfway from 0 to 8: make ten switches of it, with "
            "ops.one_hot.": lambda f, y: beside(f, number(y) / 9),
            "the label stands first: the features come first, then the ten "
            "switches.": lambda f, y: beside(ops.one_hot(y, 10), f),
            "the label is missing: those are the features alone.": lambda f, y: f,
            "the features are missing: those are the switches alone.": lambda f, y: (
                ops.one_hot(y, 10)
            ),
            "there are only as many switches as the largest label of the batch "
            "needs: there are ten classes, whatever a batch "
            "holds.": lambda f, y: beside(f, ops.one_hot(y, int(ops.max(y)) + 1)),
            "nine switches have none for the class 9: there are ten "
            "classes.": lambda f, y: beside(f, ops.one_hot(y, 9)),
            "eleven switches are one too many: the classes 0 to 9 are "
            "ten.": lambda f, y: beside(f, ops.one_hot(y, 11)),
            "the switches are one place off: the class 0 has the first "
            "one.": lambda f, y: beside(f, ops.one_hot(y - 1, 10)),
            "the switches are one place off: the class 9 has the last "
            "one.": lambda f, y: beside(f, ops.one_hot(y + 1, 10)),
            "on and off are swapped: the label's own switch is 1, the other nine are "
            "0.": lambda f, y: beside(f, 1 - ops.one_hot(y, 10)),
            "the result is transposed: one row for each image, "
            "(batch, n + 10).": lambda f, y: ops.transpose(join(f, y)),
        },
        fact="Through a Dense layer each switch adds a bias vector of its own.",
        tensors=True,
    ),
    "11.2": Exercise(
        name="write_sheet",
        solution=write_sheet,
        cases=[(paint, STYLES), (paint, STYLES[1:])],
        expected=by_digits,
        mistakes={
            "z changes along a row, with the label: repeat each z ten times, "
            "np.repeat(z, 10, axis=0).": pairs("tile", "tile"),
            "the labels do not run from 0 to 9 within a row: np.tile(np.arange(10), n) "
            "makes them.": pairs("repeat", "repeat"),
            "all pairs are there, but in the order class by class: go through the "
            "classes within each z.": pairs("tile", "repeat"),
            "each row holds one class: a row is to hold one handwriting.": of_sheet(
                lambda sheet: np.swapaxes(sheet, 0, 1)
            ),
            "the digits are right, but in one long row: reshape to "
            "(n, 10, 28, 28, 1).": of_sheet(lambda s: s.reshape(-1, 28, 28, 1)),
            "that is the canvas, for which the lab cares: return "
            "(n, 10, 28, 28, 1).": of_sheet(
                lambda s: s[..., 0].transpose(0, 2, 1, 3).reshape(-1, 280)
            ),
            "the channel axis is gone: keep the 1 at the end of "
            "(n, 10, 28, 28, 1).": of_sheet(lambda sheet: sheet[..., 0]),
            "the classes run from 1 to 10: they are 0 to 9.": of_classes(
                np.arange(1, 11)
            ),
            "the 9 is missing: np.arange(10) ends with it.": of_classes(np.arange(9)),
            "every column writes a 0: the label must change along the row.": of_classes(
                np.zeros(10, int)
            ),
            "every row has the handwriting of the first z.": of_sheet(
                lambda sheet: np.repeat(sheet[:1], len(sheet), axis=0)
            ),
            "that is the row of the first z alone: write one row for each z.": of_sheet(
                lambda sheet: sheet[0]
            ),
            "the rows are upside down: row i is written with z[i].": of_sheet(
                lambda sheet: sheet[::-1]
            ),
        },
        fact="One call of the decoder writes them all.",
    ),
    "11.3": Exercise(
        name="label_probabilities",
        solution=label_probabilities,
        cases=[(CLOSE,), (FAR,)],
        expected=by_ratios,
        mistakes={
            "exp of numbers so far below 0 rounds to 0, and 0 / 0 is NaN: take each "
            "row's largest ELBO away first. It cancels.": naive,
            "float64 puts it off, but exp(-746) is 0 there too: take each row's "
            "largest ELBO away first.": lambda e: naive(e.astype("float64")),
            "you took the largest ELBO of *all* images away, so that exp is 0 for a "
            "whole row: take each row's own, with axis=1 and "
            "keepdims=True.": lambda e: naive(e - e.max()),
            "the sign is wrong: a larger ELBO makes a label more probable.": lambda e: (
                softmax(-e, axis=1)
            ),
            "you divided by the sum over the images: the ten labels of each "
            "*row* add up to 1.": lambda e: softmax(e, axis=0),
            "that is the likeliest label: return the probabilities of all "
            "ten.": lambda e: e.argmax(axis=1),
            "that is certainty, 1 and nine 0s: labels with ELBOs about as large are "
            "about as probable.": lambda e: np.eye(10)[e.argmax(axis=1)],
            "each row must add up to 1: divide by its sum.": lambda e: np.exp(
                e - e.max(axis=1, keepdims=True)
            ),
            "an ELBO is a *logarithm*: take exp before you divide.": lambda e: (
                e / e.sum(axis=1, keepdims=True)
            ),
            "nats are natural logarithms: use exp, not a power of 2.": lambda e: (
                softmax(np.log(2) * e, axis=1)
            ),
            "those are the logarithms of the probabilities: take exp of "
            "them.": lambda e: log_softmax(e.astype("float64"), axis=1),
            "p(y) = 1/10 stands above and below the line: it cancels, so leave it out, "
            "or divide by the sum *with* it.": lambda e: softmax(e, axis=1) / 10,
            "that is the probability of the likeliest label alone: return those of all "
            "ten.": lambda e: softmax(e, axis=1).max(axis=1),
        },
        fact="It is the softmax of the ELBOs: log-likelihoods make logits.",
    ),
}
