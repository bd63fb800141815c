"""Answers to the exercises of lab 04."""

import math

import keras
import numpy as np
from keras import layers, ops

from answers import right, wrong

# Right, in other ways than the reference


@right("4.1")
def _(size, kernel_size, strides, padding):
    grown = size * strides
    if padding == "valid":
        grown += max(kernel_size - strides, 0)
    return grown


@right("4.1")
def _(size, kernel_size, strides, padding):
    layer = layers.Conv2DTranspose(1, kernel_size, strides=strides, padding=padding)
    return layer(np.ones((1, size, size, 1), "float32")).shape[1]


@right("4.2")
def _(features):
    logits = layers.Conv2D(1, (3, 3), padding="same")(features)
    return layers.Activation("sigmoid")(logits)


@right("4.2")
def _(features):
    head = keras.Sequential([layers.Conv2D(1, 3, padding="same")])
    return ops.sigmoid(head(features))


# Wrong


@wrong("4.1", "rule of a convolution: a transposed one")
def _(size, kernel_size, strides, padding):
    return math.ceil(size / strides)


@wrong("4.1", 'rule of "same" for both')
def _(size, kernel_size, strides, padding):
    return strides * size


@wrong("4.1", 'rule of "valid" for both')
def _(size, kernel_size, strides, padding):
    overlap = kernel_size - strides if kernel_size > strides else 0
    return size * strides + overlap


@wrong("4.1", 'you treat both paddings as "valid"')
def _(size, kernel_size, strides, padding):
    return kernel_size + strides * (size - 1)


@wrong("4.1", "nearly")
def _(size, kernel_size, strides, padding):
    if padding == "same":
        return size * strides
    return size * strides + kernel_size - strides


@wrong("4.1", "one step too many")
def _(size, kernel_size, strides, padding):
    grown = size * strides
    if padding == "valid":
        grown += kernel_size
    return grown


@wrong("4.1", "which shrinks")
def _(size, kernel_size, strides, padding):
    if padding == "valid":
        return math.floor((size - kernel_size) / strides) + 1
    return size * strides


@wrong("4.1", "paddings are swapped")
def _(size, kernel_size, strides, padding):
    if padding == "same":
        return (size - 1) * strides + kernel_size
    return size * strides


@wrong("4.1", "the stride is missing")
def _(size, kernel_size, strides, padding):
    return size - 1 + kernel_size


@wrong("4.1", "rule of PyTorch")
def _(size, kernel_size, strides, padding):
    pad = (kernel_size - 1) // 2 if padding == "same" else 0
    return (size - 1) * strides - 2 * pad + kernel_size


@wrong("4.1", "it returned None for transposed_size(3, 3, 2, 'valid')")
def _(size, kernel_size, strides, padding):
    if padding == "same":
        return size * strides


@wrong("4.1", "a Python list of 2, expected one number")
def _(size, kernel_size, strides, padding):
    return [size * strides, size * strides]


@wrong("4.2", "shrank to 26")
def _(features):
    return layers.Conv2D(1, kernel_size=3, activation="sigmoid")(features)


@wrong("4.2", "no activation")
def _(features):
    x = layers.Conv2D(1, (3, 3), padding="same")(features)
    return x


@wrong("4.2", "softmax")
def _(features):
    x = layers.Conv2D(1, 3, padding="same")(features)
    return layers.Softmax()(x)


@wrong("4.2", "no upper end")
def _(features):
    return ops.relu(layers.Conv2D(1, 3, padding="same")(features))


@wrong("4.2", "tanh runs from -1 to 1")
def _(features):
    x = layers.Conv2D(1, 3, padding="same")(features)
    return layers.Activation("tanh")(x)


@wrong("4.2", "three channels")
def _(features):
    head = layers.Conv2D(3, 3, padding="same", activation="sigmoid")
    return head(features)


@wrong("4.2", "32 channels")
def _(features):
    channels = features.shape[-1]
    head = layers.Conv2D(channels, 3, padding="same", activation="sigmoid")
    return head(features)


@wrong("4.2", "layer is Dense")
def _(features):
    return layers.Dense(1, activation="sigmoid")(features)


@wrong("4.2", "5 by 5")
def _(features):
    return layers.Conv2D(1, (5, 5), padding="same", activation="sigmoid")(features)


@wrong("4.2", "bias is missing")
def _(features):
    head = layers.Conv2D(1, 3, padding="same", use_bias=False)
    return ops.sigmoid(head(features))


@wrong("4.2", "halved the image")
def _(features):
    head = layers.Conv2D(1, 3, 2, "same", activation="sigmoid")
    return head(features)


@wrong("4.2", "doubled to 56 by 56")
def _(features):
    return layers.Conv2DTranspose(
        1, 3, strides=2, padding="same", activation="sigmoid"
    )(features)


@wrong("4.2", "it returned Conv2D: return the output of a layer")
def _(features):
    return layers.Conv2D(1, 3, padding="same", activation="sigmoid")


@wrong("4.2", "the output has shape (None, 784)")
def _(features):
    x = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(features)
    return layers.Flatten()(x)


@wrong("4.2", "yours:    28 by 28 by 1, 65 parameters, values below 0, values above 1")
def _(features):
    return layers.Conv2D(1, (1, 2), padding="same")(features)
