"""Exercises of lab 04: the decoder."""

import numpy as np

from vae_lab.checks.exercise import Exercise, NotYet
from vae_lab.session import keras, layers

FEATURES = np.random.default_rng(4).normal(size=(4, 28, 28, 32)).astype("float32")


def transposed_size(size, kernel_size, strides, padding):
    if padding == "same":
        return size * strides
    return (size - 1) * strides + max(kernel_size, strides)


def decoder_head(features):
    return layers.Conv2D(1, 3, padding="same", activation="sigmoid")(features)


def from_keras(size, kernel_size, strides, padding):
    """Ask Keras itself."""
    grow = layers.Conv2DTranspose(1, kernel_size, strides=strides, padding=padding)
    return keras.Sequential([keras.Input((size, size, 1)), grow]).output_shape[1]


def run_head(head, features):
    """Put the head on an input and describe what comes out, as numbers."""
    inputs = keras.Input(features.shape[1:])
    outputs = head(inputs)
    if outputs is None or outputs is ...:
        return outputs
    if not isinstance(outputs, keras.KerasTensor):
        raise NotYet(
            f"it returned {type(outputs).__name__}: return the output of a layer, as "
            "in layers.Conv2D(...)(features)."
        )
    if len(outputs.shape) != 4:
        raise NotYet(
            f"the output has shape {outputs.shape}, expected (None, 28, 28, 1); None "
            "stands for the batch. Use a layer that keeps the image's axes."
        )
    model = keras.Model(inputs, outputs)
    values = keras.ops.convert_to_numpy(model(20 * features))
    flags = values.min() < -0.01, values.max() > 1.01, values.min() > 0.99
    return *outputs.shape[1:], model.count_params(), *(int(flag) for flag in flags)


def show_head(facts):
    """Put the numbers of `run_head` into words."""
    height, width, channels, parameters, below, above, ones = map(int, facts)
    remarks = {"values below 0": below, "values above 1": above, "all 1": ones}
    parts = [f"{height} by {width} by {channels}", f"{parameters} parameters"]
    return ", ".join(parts + [remark for remark, true in remarks.items() if true])


def conv(filters=1, kernel_size=3, activation="sigmoid", **options):
    options = {"padding": "same", **options}
    return layers.Conv2D(filters, kernel_size, activation=activation, **options)


EXERCISES = {
    "4.1": Exercise(
        name="transposed_size",
        solution=transposed_size,
        cases=[
            (14, 3, 2, "same"),
            (3, 3, 2, "valid"),
            (5, 4, 3, "valid"),
            (4, 2, 3, "valid"),
            (7, 5, 1, "same"),
        ],
        expected=from_keras,
        mistakes={
            "that is the rule of a convolution: a transposed one turns it around, "
            "and grows the image.": lambda s, k, t, p: -(-s // t),
            'that is the rule of "same" for both: with "valid" nothing is cut off, '
            "and the edge of the last kernel stays.": lambda s, k, t, p: s * t,
            'that is the rule of "valid" for both: "same" cuts '
            "the result to size * strides.": lambda s, k, t, p: (s - 1) * t + max(k, t),
            'you treat both paddings as "valid", which leaves (size - 1) steps and one '
            'kernel: "same" gives size * strides.': lambda s, k, t, p: (s - 1) * t + k,
            "nearly: where the stride is larger than the kernel, "
            "the last step still leaves strides pixels: max(kernel_size, "
            "strides).": lambda s, k, t, p: s * t if p == "same" else (s - 1) * t + k,
            '"valid" counts one step too many: size pixels have size - 1 steps '
            "between them.": lambda s, k, t, p: s * t if p == "same" else s * t + k,
            'the "valid" rule is that of a convolution, which '
            "shrinks.": lambda s, k, t, p: s * t if p == "same" else (s - k) // t + 1,
            "the two paddings are swapped.": lambda s, k, t, p: (
                s * t if p == "valid" else (s - 1) * t + k
            ),
            "the stride is missing: "
            "it moves neighboring pixels that far apart.": lambda s, k, t, p: s + k - 1,
            "that is the rule of PyTorch: "
            'Keras pads "same" to size * strides.': lambda s, k, t, p: (
                (s - 1) * t + k - (p == "same") * 2 * (k // 2)
            ),
        },
        fact="A convolution with these settings takes the larger size back to the "
        "smaller.",
        tolerance=0,
    ),
    "4.2": Exercise(
        name="decoder_head",
        solution=decoder_head,
        cases=[(FEATURES,)],
        expected=lambda features: (28, 28, 1, 3 * 3 * 32 + 1, 0, 0, 0),
        run=run_head,
        show=show_head,
        tolerance=0,
        mistakes={
            'the image shrank to 26 by 26: use padding="same".': lambda x: conv(
                padding="valid"
            )(x),
            "there is no activation: the values run below 0 and above 1 and "
            "are no probabilities. Use a sigmoid.": lambda x: conv(activation=None)(x),
            "a softmax over one channel is always 1: use a sigmoid, "
            "one probability for each pixel.": lambda x: conv(activation="softmax")(x),
            "the values have no upper end, as after relu: those above 1 are "
            "no probabilities. Use a sigmoid.": lambda x: conv(activation="relu")(x),
            "tanh runs from -1 to 1: a probability needs 0 to 1. "
            "Use a sigmoid.": lambda x: conv(activation="tanh")(x),
            "there are three channels: gray pixels need one filter.": lambda x: conv(3)(
                x
            ),
            "there are 32 channels, as before: "
            "gray pixels need one filter.": lambda x: conv(32)(x),
            "the kernel is 1 by 1, or the layer is Dense: "
            "use Conv2D with 3 by 3.": lambda x: conv(kernel_size=1)(x),
            "the kernel is 5 by 5: use 3 by 3.": lambda x: conv(kernel_size=5)(x),
            "the bias is missing: leave use_bias as it is.": lambda x: conv(
                use_bias=False
            )(x),
            "the stride of 2 halved the image: "
            "it has its full size already.": lambda x: conv(strides=2)(x),
            "the image doubled to 56 by 56: it has its full size already.": lambda x: (
                conv()(layers.UpSampling2D()(x))
            ),
        },
        fact="289 parameters turn 32 feature maps into 784 probabilities.",
    ),
}
