"""Answers to the exercises of lab 02."""

import math

import numpy as np
from keras import layers, ops

from answers import right, wrong

# Right, in other ways than the reference


@right("2.1")
def _(size, channels, filters, kernel_size, strides):
    out = math.ceil(size / strides)
    weights = kernel_size * kernel_size * channels * filters
    return out, filters, weights + filters


@right("2.1")
def _(size, channels, filters, kernel_size, strides):
    one = kernel_size**2 * channels + 1
    return [(size - 1) // strides + 1, filters, filters * one]


@right("2.1")
def _(size, channels, filters, kernel_size, strides):
    conv = layers.Conv2D(filters, kernel_size, strides=strides, padding="same")
    shape = conv(np.zeros((1, size, size, channels), "float32")).shape
    return np.array([shape[1], shape[3], sum(w.numpy().size for w in conv.weights)])


@right("2.2")
def _(z_log_var):
    return ops.sqrt(ops.exp(z_log_var))


@right("2.2")
def _(z_log_var):
    return ops.exp(z_log_var / 2)


@right("2.2")
def _(z_log_var):
    return math.e ** (0.5 * z_log_var)


# Wrong


@wrong("2.1", "it returned 2 numbers, expected 3 numbers, as in `return a, b, c`")
def _(size, channels, filters, kernel_size, strides):
    return math.ceil(size / strides), (kernel_size**2 * channels + 1) * filters


@wrong("2.1", "biases are missing")
def _(size, channels, filters, kernel_size, strides):
    out = math.ceil(size / strides)
    weights = filters * channels * kernel_size * kernel_size
    return out, filters, weights


@wrong("2.1", "one bias for all filters")
def _(size, channels, filters, kernel_size, strides):
    out = math.ceil(size / strides)
    return out, filters, 1 + filters * channels * kernel_size**2


@wrong("2.1", "*input* channel")
def _(size, channels, filters, kernel_size, strides):
    one_channel = kernel_size**2 * filters + 1
    return math.ceil(size / strides), filters, channels * one_channel


@wrong("2.1", "once for every channel")
def _(size, channels, filters, kernel_size, strides):
    one = (kernel_size * kernel_size + 1) * channels
    return math.ceil(size / strides), filters, one * filters


@wrong("2.1", "forget the channels")
def _(size, channels, filters, kernel_size, strides):
    parameters = kernel_size**2 * filters + filters
    return (size + strides - 1) // strides, filters, parameters


@wrong("2.1", "of one filter")
def _(size, channels, filters, kernel_size, strides):
    return math.ceil(size / strides), filters, kernel_size**2 * channels + 1


@wrong("2.1", "kernel is square")
def _(size, channels, filters, kernel_size, strides):
    parameters = kernel_size * channels * filters + filters
    return math.ceil(size / strides), filters, parameters


@wrong("2.1", "multiplied by the positions")
def _(size, channels, filters, kernel_size, strides):
    out = math.ceil(size / strides)
    per_position = (kernel_size * kernel_size * channels + 1) * filters
    return out, filters, per_position * out * out


@wrong("2.1", "rounded down")
def _(size, channels, filters, kernel_size, strides):
    out = int(size / strides)
    return out, filters, (kernel_size**2 * channels + 1) * filters


@wrong("2.1", "not always whole")
def _(size, channels, filters, kernel_size, strides):
    return size / strides, filters, (kernel_size**2 * channels + 1) * filters


@wrong("2.1", "round(2.5) is 2")
def _(size, channels, filters, kernel_size, strides):
    out = int(np.round(size / strides))
    return out, filters, (kernel_size**2 * channels + 1) * filters


@wrong("2.1", "one pixel too many")
def _(size, channels, filters, kernel_size, strides):
    out = 1 + size // strides
    return out, filters, (kernel_size**2 * channels + 1) * filters


@wrong("2.1", 'rule of padding="valid"')
def _(size, channels, filters, kernel_size, strides):
    out = math.floor((size - kernel_size) / strides) + 1
    return out, filters, (kernel_size**2 * channels + 1) * filters


@wrong("2.1", "the stride is missing")
def _(size, channels, filters, kernel_size, strides):
    return size, filters, (kernel_size**2 * channels + 1) * filters


@wrong("2.1", "as many channels as there are filters")
def _(size, channels, filters, kernel_size, strides):
    out = math.ceil(size / strides)
    return out, channels, (kernel_size**2 * channels + 1) * filters


@wrong("2.1", "the order is")
def _(size, channels, filters, kernel_size, strides):
    parameters = (kernel_size**2 * channels + 1) * filters
    return math.ceil(size / strides), parameters, filters


@wrong("2.1", "last number is the number of parameters")
def _(size, channels, filters, kernel_size, strides):
    out = math.ceil(size / strides)
    return out, out, filters


@wrong("2.2", "that is the variance:")
def _(z_log_var):
    return ops.exp(z_log_var)


@wrong("2.2", "1 / z_std")
def _(z_log_var):
    return 1.0 / ops.sqrt(ops.exp(z_log_var))


@wrong("2.2", "0.5 stands outside")
def _(z_log_var):
    z_var = ops.exp(z_log_var)
    return z_var / 2


@wrong("2.2", "root of the *log*")
def _(z_log_var):
    return ops.power(z_log_var, 0.5)


@wrong("2.2", "comes too early")
def _(z_log_var):
    return ops.exp(z_log_var**0.5)


@wrong("2.2", "variance squared")
def _(z_log_var):
    return ops.square(ops.exp(z_log_var))


@wrong("2.2", "still a log")
def _(z_log_var):
    return ops.log(ops.sqrt(ops.exp(z_log_var)))


@wrong("2.2", "the root twice")
def _(z_log_var):
    z_std = ops.exp(z_log_var / 2)
    return ops.sqrt(z_std)


@wrong("2.2", "undo the log, with exp")
def _(z_log_var):
    return ops.log(z_log_var)


@wrong("2.2", "cannot run inside a model")
def _(z_log_var):
    return np.exp(0.5 * np.array(z_log_var))
