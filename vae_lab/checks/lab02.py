"""Exercises of lab 02: the encoder."""

import numpy as np

from vae_lab.checks.exercise import Exercise
from vae_lab.session import keras, layers, ops

VARIANCES = np.array([[0.01, 4.0], [1.0, 0.25], [2.5, 0.5]])


def conv_facts(size, channels, filters, kernel_size, strides):
    out = -(-size // strides)
    return out, filters, (kernel_size**2 * channels + 1) * filters


def z_std_of(z_log_var):
    return ops.exp(0.5 * z_log_var)


def from_keras(size, channels, filters, kernel_size, strides):
    """Ask Keras itself."""
    conv = layers.Conv2D(filters, kernel_size, strides=strides, padding="same")
    model = keras.Sequential([keras.Input((size, size, channels)), conv])
    return model.output_shape[1], filters, conv.count_params()


def wrong(size=None, filters=None, parameters=None):
    """A wrong answer: the right one with some parts replaced."""

    def answer(s, c, f, k, t):
        parts = zip((size, filters, parameters), conv_facts(s, c, f, k, t), strict=True)
        return tuple(part(s, c, f, k, t) if part else right for part, right in parts)

    return answer


EXERCISES = {
    "2.1": Exercise(
        name="conv_facts",
        solution=conv_facts,
        cases=[
            (28, 1, 32, 3, 1),
            (28, 32, 64, 3, 2),
            (7, 16, 8, 5, 2),
            (5, 4, 6, 3, 2),
        ],
        expected=from_keras,
        mistakes={
            "the biases are missing: one for each filter.": wrong(
                parameters=lambda s, c, f, k, t: k * k * c * f
            ),
            "you added one bias for all filters: each filter has its own.": wrong(
                parameters=lambda s, c, f, k, t: k * k * c * f + 1
            ),
            "there is one bias for each *input* channel: each filter has one.": wrong(
                parameters=lambda s, c, f, k, t: k * k * c * f + c
            ),
            "the bias was counted once for every channel: a filter has one bias, after "
            "all its weights.": wrong(
                parameters=lambda s, c, f, k, t: (k * k + 1) * c * f
            ),
            "the parameters forget the channels: "
            "a kernel reaches through all of its input's "
            "channels.": wrong(parameters=lambda s, c, f, k, t: (k * k + 1) * f),
            "those are the parameters of one filter: multiply by filters.": wrong(
                parameters=lambda s, c, f, k, t: k * k * c + 1
            ),
            "the kernel is square: kernel_size times kernel_size weights "
            "per channel.": wrong(parameters=lambda s, c, f, k, t: (k * c + 1) * f),
            "you multiplied by the positions: "
            "a convolution uses the *same* weights everywhere.": wrong(
                parameters=lambda s, c, f, k, t: (k * k * c + 1) * f * (-(-s // t)) ** 2
            ),
            'you rounded down: with padding="same" a stride '
            "of 2 takes 7 pixels to 4. Round up.": wrong(lambda s, c, f, k, t: s // t),
            "size / strides is not always whole: a stride "
            "of 2 takes 7 pixels to 4. Round up.": wrong(lambda s, c, f, k, t: s / t),
            "round(2.5) is 2, and round(3.5) is 4: always round *up*.": wrong(
                lambda s, c, f, k, t: round(s / t)
            ),
            "one pixel too many where strides divides size: "
            "round up, in place of adding 1.": wrong(lambda s, c, f, k, t: s // t + 1),
            'that is the rule of padding="valid": with "same" '
            "only the stride shrinks the image.": wrong(
                lambda s, c, f, k, t: (s - k) // t + 1
            ),
            "the stride is missing: a stride of 2 halves the image.": wrong(
                lambda s, c, f, k, t: s
            ),
            "the output has as many channels as there are filters.": wrong(
                filters=lambda s, c, f, k, t: c
            ),
            "the order is (size, filters, parameters).": lambda *a: [
                conv_facts(*a)[i] for i in (0, 2, 1)
            ],
            "the last number is the number of parameters: return (size, "
            "filters, parameters).": lambda *a: [conv_facts(*a)[i] for i in (0, 0, 1)],
        },
        fact="The parameters do not depend on size: every position shares them.",
        tolerance=0,
    ),
    "2.2": Exercise(
        name="z_std_of",
        solution=z_std_of,
        cases=[(np.log(VARIANCES).astype("float32"),)],
        expected=lambda z_log_var: np.sqrt(VARIANCES),
        mistakes={
            "that is the variance: its square root is the standard deviation, "
            "so halve the log first.": lambda v: ops.exp(v),
            "the sign is wrong: that is 1 / z_std.": lambda v: ops.exp(-0.5 * v),
            "the 0.5 stands outside: "
            "the square root of exp(v) is exp(0.5 * v).": lambda v: 0.5 * ops.exp(v),
            "that is the root of the *log*: undo the log first, with exp. "
            "A log variance may be negative, and has no root.": lambda v: ops.sqrt(v),
            "the root comes too early: a log variance may be negative, "
            "and has no root. Halve it, then take exp.": lambda v: ops.exp(ops.sqrt(v)),
            "that is the variance squared: halve the log, don't double it.": lambda v: (
                ops.exp(2.0 * v)
            ),
            "that is still a log, the log of the standard deviation: "
            "take exp of it.": lambda v: 0.5 * v,
            "you took the root twice: exp(0.5 * v) is the root already.": lambda v: (
                ops.exp(0.25 * v)
            ),
            "that takes z_log_var for the variance and adds a log: "
            "undo the log, with exp.": lambda v: ops.log(v),
        },
        fact="No square root is needed, and no value of z_log_var is forbidden.",
        tensors=True,
    ),
}
