"""Exercises of lab 00: the tour."""

import numpy as np

from vae_lab.checks.exercise import Exercise

RAW = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)
POINTS = [
    (np.array([1.0, -2.0]), np.array([3.0, 0.5])),
    (np.array([-0.4, 0.3]), np.array([0.8, -1.7])),
]


def scale_pixels(raw):
    return (raw[..., None] / 255).astype("float32")


def halfway(z_a, z_b):
    return (z_a + z_b) / 2


EXERCISES = {
    "0.1": Exercise(
        name="scale_pixels",
        solution=scale_pixels,
        cases=[(RAW,), (RAW[:2] // 2,)],
        expected=lambda raw: np.interp(raw, [0, 255], [0, 1]).reshape(-1, 28, 28, 1),
        mistakes={
            "the channel axis is missing: add it with [..., None].": lambda x: x / 255,
            "the values still run from 0 to 255: divide them by 255.": lambda x: x[
                ..., None
            ],
            "you divided by 256: the largest byte is 255, so that "
            "full ink would end at 0.996 and not at 1.": lambda x: x[..., None] / 256,
            "every gray became 0: `//` and integer types drop the fraction. "
            "Divide with `/` and keep floats.": lambda x: x[..., None] // 255,
            "you divided by the largest value of these images: it differs "
            "from batch to batch. Divide by 255.": lambda x: x[..., None] / x.max(),
            "the channel axis stands in front, (n, 1, 28, 28): "
            "Keras wants it last, [..., None].": lambda x: x[:, None] / 255,
            "the new axis stands before all the images: "
            "Keras wants the channels last, [..., None].": lambda x: x[None] / 255,
            "the images are flattened: keep rows and columns, "
            "(n, 28, 28, 1).": lambda x: x.reshape(len(x), -1) / 255,
            "you scaled to [-1, 1]: a Bernoulli likelihood needs [0, 1].": lambda x: (
                x[..., None] / 127.5 - 1
            ),
            "that is the negative image: 0 stays 0, and 255 becomes 1.": lambda x: (
                1 - x[..., None] / 255
            ),
        },
        fact="Every lab uses this convention: float32 in [0, 1], one channel, last.",
        dtype="float32",
        tolerance=1e-5,
    ),
    "0.2": Exercise(
        name="halfway",
        solution=halfway,
        cases=POINTS,
        expected=lambda z_a, z_b: np.mean([z_a, z_b], axis=0),
        mistakes={
            "you added the points: divide the sum by 2.": lambda a, b: a + b,
            "only z_b is halved: put parentheses around the sum.": lambda a, b: (
                a + b / 2
            ),
            "only z_a is halved: put parentheses around the sum.": lambda a, b: (
                a / 2 + b
            ),
            "that is half the *step* from z_a to z_b: "
            "start from z_a and add it.": lambda a, b: (b - a) / 2,
            "that is half a difference: "
            "the midpoint is half of the sum.": lambda a, b: (a - b) / 2,
            "you averaged over the coordinates too: "
            "average z_a and z_b with axis=0.": lambda a, b: np.mean([a, b]),
            "you averaged the coordinates of each point: "
            "average z_a and z_b with axis=0.": lambda a, b: np.mean([a, b], axis=1),
            "`//` drops the fraction: divide with `/`.": lambda a, b: (a + b) // 2,
            "that is z_b itself: go half of the step from z_a.": lambda a, b: b,
        },
        fact="In lab 07 you walk between digits in more than one way.",
    ),
}
