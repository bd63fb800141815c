"""Wrong answers as learners type them, each with words of the sentence it must get.

They are written apart from the tables in `vae_lab/checks`, in other spellings, so that
a table is not compared with itself.
"""

import math

import keras
import numpy as np
from keras import layers, ops
from scipy.spatial.distance import cdist
from scipy.stats import norm

from vae_lab.model import kl_loss, reconstruction_loss

WRONG = []  # (exercise, words of its sentence, function)


def wrong(number, words):
    """Keep the function below as a wrong answer."""

    def keep(function):
        WRONG.append((number, words, function))
        return function

    return keep


# Lab 00


@wrong("0.1", "channel axis is missing")
def _(raw):
    x = raw.astype("float32")
    x /= 255.0
    return x


@wrong("0.1", "divided by 256")
def _(raw):
    return np.expand_dims(np.float32(raw) / 256.0, axis=-1)


@wrong("0.1", "still run from 0 to 255")
def _(raw):
    n, height, width = raw.shape
    return raw.reshape(n, height, width, 1).astype("float32")


@wrong("0.1", "integer types drop the fraction")
def _(raw):
    scaled = (raw / 255).astype("uint8")
    return np.expand_dims(scaled, 3)


@wrong("0.1", "largest value of these images")
def _(raw):
    x = raw.astype("float32")[:, :, :, np.newaxis]
    return (x - x.min()) / (x.max() - x.min())


@wrong("0.1", "(n, 1, 28, 28)")
def _(raw):
    return np.stack([image[None] / 255.0 for image in raw]).astype("float32")


@wrong("0.1", "before all the images")
def _(raw):
    return np.array([raw]) / 255.0


@wrong("0.1", "flattened")
def _(raw):
    return raw.reshape(-1, 784).astype("float32") / 255


@wrong("0.1", "[-1, 1]")
def _(raw):
    x = raw.astype("float32")[..., None]
    return 2 * (x / 255) - 1


@wrong("0.1", "negative image")
def _(raw):
    return ((255 - raw) / 255.0)[..., None]


@wrong("0.1", "the type is float64")
def _(raw):
    return raw[..., None] / 255


@wrong("0.1", "it returned shape (3, 28, 28), expected shape (3, 28, 28, 1)")
def _(raw):
    return raw.astype("float32")


# Lab 00, second exercise


@wrong("0.2", "added the points")
def _(z_a, z_b):
    return np.sum([z_a, z_b], axis=0)


@wrong("0.2", "only z_b is halved")
def _(z_a, z_b):
    middle = z_a + z_b / 2
    return middle


@wrong("0.2", "only z_a is halved")
def _(z_a, z_b):
    return 0.5 * z_a + z_b


@wrong("0.2", "half the *step*")
def _(z_a, z_b):
    step = z_b - z_a
    return 0.5 * step


@wrong("0.2", "half a difference")
def _(z_a, z_b):
    return np.subtract(z_a, z_b) / 2


@wrong("0.2", "averaged over the coordinates too")
def _(z_a, z_b):
    return (z_a.mean() + z_b.mean()) / 2


@wrong("0.2", "coordinates of each point")
def _(z_a, z_b):
    return np.array([z_a.mean(), z_b.mean()])


@wrong("0.2", "`//` drops")
def _(z_a, z_b):
    return np.floor((z_a + z_b) / 2)


@wrong("0.2", "that is z_b itself")
def _(z_a, z_b):
    return z_a + (z_b - z_a)


@wrong("0.2", "a Python tuple of 2")
def _(z_a, z_b):
    return (z_a[0] + z_b[0]) / 2, (z_a[1] + z_b[1]) / 2


@wrong("0.2", "comma after the value")
def _(z_a, z_b):
    middle = ((z_a + z_b) / 2,)
    return middle


# Lab 01


@wrong("1.1", "*closest* to a code")
def _(codes, candidates):
    best, best_distance = None, np.inf
    for candidate in candidates:
        nearest = min(np.linalg.norm(candidate - code) for code in codes)
        if nearest < best_distance:
            best, best_distance = candidate, nearest
    return best


@wrong("1.1", "farthest code")
def _(codes, candidates):
    squares = ((candidates[:, None] - codes[None]) ** 2).sum(-1)
    return candidates[squares.max(axis=1).argmax()]


@wrong("1.1", "averaged the distances")
def _(codes, candidates):
    return candidates[cdist(candidates, codes).mean(axis=1).argmax()]


@wrong("1.1", "averaged the distances")
def _(codes, candidates):
    d = [sum(np.hypot(*(p - code)) for code in codes) for p in candidates]
    return candidates[np.argmax(d)]


@wrong("1.1", "center of all codes")
def _(codes, candidates):
    center = np.mean(codes, axis=0)
    return max(candidates, key=lambda p: np.linalg.norm(p - center))


@wrong("1.1", "the values are not right")  # the one farthest from the origin
def _(codes, candidates):
    return candidates[np.hypot(*candidates.T).argmax()]


@wrong("1.1", "you returned the index")
def _(codes, candidates):
    return int(cdist(codes, candidates).min(axis=0).argmax())


@wrong("1.1", "that is the distance")
def _(codes, candidates):
    return np.max(np.min(cdist(candidates, codes), axis=1))


@wrong("1.1", "all the nearest distances")
def _(codes, candidates):
    d = cdist(candidates, codes)
    return np.sort(d, axis=1)[:, 0]


@wrong("1.1", "that is a code")
def _(codes, candidates):
    d = cdist(codes, candidates)
    return codes[d.min(axis=1).argmax()]


@wrong("1.1", "|x| + |y|")
def _(codes, candidates):
    d = cdist(candidates, codes, metric="cityblock")
    return candidates[d.min(axis=1).argmax()]


@wrong("1.1", "IndexError at the line `return candidates[d.min(axis=1).argmax()]`")
def _(codes, candidates):
    d = cdist(codes, candidates)
    return candidates[d.min(axis=1).argmax()]


@wrong("1.2", "stops one step short")
def _(z_a, z_b, steps):
    t = np.arange(steps) / steps
    return np.outer(1 - t, z_a) + np.outer(t, z_b)


@wrong("1.2", "one point too many")
def _(z_a, z_b, steps):
    return np.array([z_a + i / steps * (z_b - z_a) for i in range(steps + 1)])


@wrong("1.2", "begins one step after z_a")
def _(z_a, z_b, steps):
    return np.stack([z_a + (z_b - z_a) * i / steps for i in range(1, steps + 1)])


@wrong("1.2", "ends are missing")
def _(z_a, z_b, steps):
    t = (np.arange(steps) + 1) / (steps + 1)
    return z_a + t.reshape(-1, 1) * (z_b - z_a)


@wrong("1.2", "from z_b to z_a")
def _(z_a, z_b, steps):
    t = np.linspace(0, 1, steps)[:, None]
    return t * z_a + (1 - t) * z_b


@wrong("1.2", "leads away")
def _(z_a, z_b, steps):
    t = np.linspace(0, 1, steps).reshape(steps, 1)
    return z_a + t * (z_a - z_b)


@wrong("1.2", "adds all of z_b")
def _(z_a, z_b, steps):
    return np.linspace(z_a, z_a + z_b, steps)


@wrong("1.2", "start from z_a")
def _(z_a, z_b, steps):
    return np.linspace(np.zeros(2), z_b - z_a, steps)


@wrong("1.2", "transposed")
def _(z_a, z_b, steps):
    t = np.linspace(0, 1, steps)
    return z_a[:, None] * (1 - t) + z_b[:, None] * t


@wrong("1.2", "np.stack(list)")
def _(z_a, z_b, steps):
    points = []
    for t in np.linspace(0, 1, steps):
        points.append((1 - t) * z_a + t * z_b)
    return points


@wrong("1.2", "it returned shape (2,), expected shape (5, 2)")
def _(z_a, z_b, steps):
    return (z_a + z_b) / 2


# Lab 02


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


# Lab 03


@wrong("3.1", "*variance*")
def _(z_mean, z_log_var, epsilon):
    sigma = ops.exp(z_log_var)
    return ops.add(z_mean, ops.multiply(sigma, epsilon))


@wrong("3.1", "the log variance itself")
def _(z_mean, z_log_var, epsilon):
    return epsilon * z_log_var + z_mean


@wrong("3.1", "0.5 * z_log_var is still a log")
def _(z_mean, z_log_var, epsilon):
    return z_mean + z_log_var / 2 * epsilon


@wrong("3.1", "root of the *log* variance")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.sqrt(z_log_var)
    return z_mean + z_std * epsilon


@wrong("3.1", "z_mean is missing")
def _(z_mean, z_log_var, epsilon):
    return ops.sqrt(ops.exp(z_log_var)) * epsilon


@wrong("3.1", "epsilon is missing")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.exp(z_log_var / 2)
    return z_mean + z_std


@wrong("3.1", "z_std is missing")
def _(z_mean, z_log_var, epsilon):
    return ops.add(z_mean, epsilon)


@wrong("3.1", "added: multiply")
def _(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(z_log_var / 2) + epsilon


@wrong("3.1", "sign of epsilon")
def _(z_mean, z_log_var, epsilon):
    return ops.subtract(z_mean, ops.sqrt(ops.exp(z_log_var)) * epsilon)


@wrong("3.1", "sign of the log variance")
def _(z_mean, z_log_var, epsilon):
    return z_mean + epsilon / ops.exp(0.5 * z_log_var)


@wrong("3.1", "stands outside exp")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.exp(z_log_var) / 2
    return z_mean + z_std * epsilon


@wrong("3.1", "stretches z_mean too")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.exp(0.5 * z_log_var)
    return z_std * (epsilon + z_mean)


@wrong("3.1", "it is epsilon that it stretches")
def _(z_mean, z_log_var, epsilon):
    return epsilon + z_mean * ops.exp(z_log_var / 2)


@wrong("3.1", "z_mean and z_log_var are swapped")
def _(z_log_var, z_mean, epsilon):
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon


@wrong("3.1", "another result at each call")
def _(z_mean, z_log_var, epsilon):
    epsilon = keras.random.normal(ops.shape(z_mean))
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon


@wrong("3.1", "it must take 3 arguments: z_mean, z_log_var, epsilon.")
def _(z_mean, z_log_var):
    return z_mean + ops.exp(0.5 * z_log_var)


@wrong("3.2", "exact slopes")
def _(z_mean, z_std, epsilon):
    return np.array([2 * z_mean, 2 * z_std])


@wrong("3.2", "no log variance")
def _(z_mean, z_std, epsilon):
    std = np.sqrt(np.exp(z_std))
    z = z_mean + std * epsilon
    return 2 * z.mean(), 2 * (z * epsilon).mean()


@wrong("3.2", "score-function")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    to_mean = (z - z_mean) / z_std**2
    to_std = (z - z_mean) ** 2 / z_std**3 - 1 / z_std
    return np.mean(z**2 * to_mean), np.mean(z**2 * to_std)


@wrong("3.2", "lacks the inner derivative")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    slope = 2 * z.sum() / len(z)
    return slope, slope


@wrong("3.2", "an epsilon too many")
def _(z_mean, z_std, epsilon):
    slope = 2 * np.mean((z_mean + z_std * epsilon) * epsilon)
    return slope, slope


@wrong("3.2", "epsilon, not z_std")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * z.mean(), 2 * z_std * z.mean()


@wrong("3.2", "epsilon, not z.")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * np.mean(z), 2 * np.mean(z**2)


@wrong("3.2", "product of the means")
def _(z_mean, z_std, epsilon):
    to_mean = 2 * np.mean(z_mean + z_std * epsilon)
    return to_mean, to_mean * np.mean(epsilon)


@wrong("3.2", "the 2 of the derivative")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return z.mean(), (z * epsilon).mean()


@wrong("3.2", "that is z**2")
def _(z_mean, z_std, epsilon):
    square = np.square(z_mean + z_std * epsilon)
    return np.mean(square), np.mean(square * epsilon)


@wrong("3.2", "summed over the draws")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * z.sum(), 2 * z @ epsilon


@wrong("3.2", "slopes of each draw")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * z, 2 * epsilon * z


@wrong("3.2", "two slopes are swapped")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    to_mean, to_std = 2 * z.mean(), 2 * (z * epsilon).mean()
    return to_std, to_mean


@wrong("3.2", "derivative at z_mean")
def _(z_mean, z_std, epsilon):
    return 2 * z_mean, 2 * z_mean * epsilon.mean()


@wrong("3.2", "derivative at epsilon")
def _(z_mean, z_std, epsilon):
    return 2 * np.mean(epsilon), 2 * np.mean(epsilon**2)


@wrong("3.2", "another result at each call")
def _(z_mean, z_std, epsilon):
    epsilon = np.random.normal(size=epsilon.shape)  # noqa: NPY002
    z = z_mean + z_std * epsilon
    return np.mean(2 * z), np.mean(2 * z * epsilon)


@wrong("3.2", "it returned 1 number, expected 2 numbers, as in `return a, b`")
def _(z_mean, z_std, epsilon):
    return np.mean(2 * (z_mean + z_std * epsilon))


# Lab 04


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


# Lab 05


@wrong("5.1", "mean over the pixels")
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-7, 1 - 1e-7)
    log_p = images * ops.log(p) + (1 - images) * ops.log(1 - p)
    return -ops.mean(log_p, axis=(1, 2, 3))


@wrong("5.1", "mean over the pixels")  # and no clipping: named once this is mended
def _(images, reconstruction):
    log_p = images * ops.log(reconstruction)
    log_p += (1 - images) * ops.log(1 - reconstruction)
    return -ops.mean(log_p, axis=[1, 2, 3])


@wrong("5.1", "mean over everything")
def _(images, reconstruction):
    return keras.losses.BinaryCrossentropy()(images, reconstruction)


@wrong("5.1", "mean over the batch")
def _(images, reconstruction):
    per_pixel = keras.losses.binary_crossentropy(images, reconstruction)
    return ops.mean(ops.sum(per_pixel, axis=(1, 2)))


@wrong("5.1", "summed over the batch too")
def _(images, reconstruction):
    total = keras.losses.BinaryCrossentropy(reduction="sum")
    return 784 * total(
        ops.reshape(images, (-1, 784)), ops.reshape(reconstruction, (-1, 784))
    )


@wrong("5.1", "axis 0, the batch")
def _(images, reconstruction):
    return ops.sum(ops.binary_crossentropy(images, reconstruction), 0)


@wrong("5.1", "one axis, the rows")
def _(images, reconstruction):
    return ops.sum(ops.binary_crossentropy(images, reconstruction), 1)


@wrong("5.1", "only the channel axis")
def _(images, reconstruction):
    return keras.losses.binary_crossentropy(images, reconstruction)


@wrong("5.1", "channel axis is left over")
def _(images, reconstruction):
    rows = ops.sum(ops.binary_crossentropy(images, reconstruction), axis=2)
    return ops.sum(rows, axis=1)


@wrong("5.1", "losses of the single pixels")
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-6, 1 - 1e-6)
    return -images * ops.log(p) - (1 - images) * ops.log(1 - p)


@wrong("5.1", "log(0) made NaN")
def _(images, reconstruction):
    ink = images * ops.log(reconstruction)
    paper = (1 - images) * ops.log(1 - reconstruction)
    return -ops.sum(ink + paper, axis=(1, 2, 3))


@wrong("5.1", "log(0) made NaN")  # 1 - 1e-9 is 1 in float32
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-9, 1 - 1e-9)
    ink = images * ops.log(p)
    paper = (1 - images) * ops.log(1 - p)
    return -ops.sum(ink + paper, axis=(1, 2, 3))


@wrong("5.1", "the sign is wrong")
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-7, 1 - 1e-7)
    log_p = images * ops.log(p) + (1 - images) * ops.log(1 - p)
    return ops.sum(log_p, axis=(1, 2, 3))


@wrong("5.1", "without ink are missing")  # and no clipping
def _(images, reconstruction):
    return ops.sum(-images * ops.log(reconstruction), axis=(1, 2, 3))


@wrong("5.1", "with ink are missing")
def _(images, reconstruction):
    q = ops.maximum(1 - reconstruction, 1e-7)
    return -ops.sum((1 - images) * ops.log(q), axis=(1, 2, 3))


@wrong("5.1", "two terms are subtracted")
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-7, 1 - 1e-7)
    per_pixel = -(images * ops.log(p) - (1 - images) * ops.log(1 - p))
    return ops.sum(per_pixel, axis=(1, 2, 3))


@wrong("5.1", "two logs are swapped")
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-7, 1 - 1e-7)
    log_p = images * ops.log(1 - p) + (1 - images) * ops.log(p)
    return -ops.sum(log_p, axis=(1, 2, 3))


@wrong("5.1", "images and reconstruction are swapped")
def _(reconstruction, images):
    p = ops.clip(reconstruction, 1e-7, 1 - 1e-7)
    log_p = images * ops.log(p) + (1 - images) * ops.log(1 - p)
    return -ops.sum(log_p, axis=(1, 2, 3))


@wrong("5.1", "that is the squared error")
def _(images, reconstruction):
    return ops.sum(ops.square(reconstruction - images), axis=(1, 2, 3))


@wrong("5.1", "*mean* squared error")
def _(images, reconstruction):
    return ops.mean(ops.square(images - reconstruction), axis=(1, 2, 3))


@wrong("5.1", "in bits")
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-7, 1 - 1e-7)
    log_p = images * ops.log2(p) + (1 - images) * ops.log2(1 - p)
    return -ops.sum(log_p, axis=(1, 2, 3))


@wrong("5.1", "from_logits=False")
def _(images, reconstruction):
    p = ops.clip(ops.sigmoid(reconstruction), 1e-7, 1 - 1e-7)
    log_p = images * ops.log(p) + (1 - images) * ops.log(1 - p)
    return -ops.sum(log_p, axis=(1, 2, 3))


@wrong("5.1", "cannot run inside a model")
def _(images, reconstruction):
    per_pixel = ops.binary_crossentropy(images, reconstruction)
    return ops.stack([ops.sum(per_pixel[i]) for i in range(len(images))])


@wrong("5.2", "mean over the latent units")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return -0.5 * ops.mean(terms, axis=-1)


@wrong("5.2", "factor 0.5 is missing")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return -ops.sum(terms, axis=-1)


@wrong("5.2", "the sign is wrong")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return 0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "summed over the batch too")
def _(z_mean, z_log_var):
    return -0.5 * ops.sum(1 + z_log_var - z_mean**2 - ops.exp(z_log_var))


@wrong("5.2", "mean over the batch")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - z_mean**2 - ops.exp(z_log_var)
    return ops.mean(-0.5 * ops.sum(terms, axis=-1), axis=0)


@wrong("5.2", "axis 0, the batch")
def _(z_mean, z_log_var):
    terms = ops.exp(z_log_var) + z_mean * z_mean - z_log_var - 1
    return ops.sum(terms, axis=0) / 2


@wrong("5.2", "averaged over everything")
def _(z_mean, z_log_var):
    return -0.5 * ops.mean(1 + z_log_var - z_mean**2 - ops.exp(z_log_var))


@wrong("5.2", "KLs of the single units")
def _(z_mean, z_log_var):
    return (z_mean**2 + ops.exp(z_log_var) - z_log_var - 1) / 2


@wrong("5.2", "is the standard deviation")
def _(z_mean, z_log_var):
    z_std = ops.exp(z_log_var / 2)
    return 0.5 * ops.sum(z_mean**2 + z_std - z_log_var - 1, axis=1)


@wrong("5.2", "exp is missing")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - ops.square(z_mean) - z_log_var
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "you took z_log_var for the variance")
def _(z_mean, z_log_var):
    terms = 1 + ops.log(z_log_var) - ops.square(z_mean) - z_log_var
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "the -1 is missing")
def _(z_mean, z_log_var):
    terms = z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "sign of the 1")
def _(z_mean, z_log_var):
    terms = -1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "sign of z_log_var")
def _(z_mean, z_log_var):
    terms = 1 - z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "sign of z_mean**2")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var + ops.square(z_mean) - ops.exp(z_log_var)
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "sign of exp(z_log_var)")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - ops.square(z_mean) + ops.exp(z_log_var)
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "must be squared")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - z_mean - ops.exp(z_log_var)
    return -0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "z_mean is missing")
def _(z_mean, z_log_var):
    return -0.5 * ops.sum(1 + z_log_var - ops.exp(z_log_var), axis=1)


@wrong("5.2", "z_log_var is missing")
def _(z_mean, z_log_var):
    return -0.5 * ops.sum(1 - ops.square(z_mean) - ops.exp(z_log_var), axis=1)


@wrong("5.2", "the other KL")
def _(z_mean, z_log_var):
    z_var = ops.exp(z_log_var)
    terms = ops.log(z_var) + (1 + ops.square(z_mean)) / z_var - 1
    return 0.5 * ops.sum(terms, axis=1)


@wrong("5.2", "cannot run inside a model")
def _(z_mean, z_log_var):
    m, v = np.array(z_mean), np.array(z_log_var)
    return 0.5 * np.sum(m**2 + np.exp(v) - 1 - v, axis=1)


@wrong("5.3", "1 / beta")
def _(reconstruction_weight, kl_weight, pixels, units):
    per_pixel, per_unit = reconstruction_weight / pixels, kl_weight / units
    return per_pixel / per_unit


@wrong("5.3", "the means are missing")
def _(reconstruction_weight, kl_weight, pixels, units):
    return kl_weight / reconstruction_weight


@wrong("5.3", "the reconstruction's factor is missing")
def _(reconstruction_weight, kl_weight, pixels, units):
    return 1 / units * kl_weight


@wrong("5.3", "kl_weight alone")
def _(reconstruction_weight, kl_weight, pixels, units):
    return kl_weight


@wrong("5.3", "mean over the latent units is missing")
def _(reconstruction_weight, kl_weight, pixels, units):
    return pixels * kl_weight / reconstruction_weight


@wrong("5.3", "mean over the pixels is missing")
def _(reconstruction_weight, kl_weight, pixels, units):
    return kl_weight / (units * reconstruction_weight)


@wrong("5.3", "pixels and units are swapped")
def _(reconstruction_weight, kl_weight, pixels, units):
    return (kl_weight * units) / (pixels * reconstruction_weight)


@wrong("5.3", "*divides* the KL")
def _(reconstruction_weight, kl_weight, pixels, units):
    return kl_weight * pixels * units / reconstruction_weight


@wrong("5.3", "reconstruction_weight is missing")
def _(reconstruction_weight, kl_weight, pixels, units):
    return pixels / units * kl_weight


@wrong("5.3", "kl_weight is missing")
def _(reconstruction_weight, kl_weight, pixels, units):
    return pixels / (units * reconstruction_weight)


@wrong("5.3", "you multiplied by it")
def _(reconstruction_weight, kl_weight, pixels, units):
    return reconstruction_weight * kl_weight * pixels / units


@wrong("5.3", "*divides* the reconstruction")
def _(reconstruction_weight, kl_weight, pixels, units):
    return (kl_weight / units) / (reconstruction_weight * pixels)


@wrong("5.3", "multiplied the two factors")
def _(reconstruction_weight, kl_weight, pixels, units):
    return (reconstruction_weight / pixels) * (kl_weight / units)


# Lab 06


@wrong("6.1", "beta multiplies the reconstruction")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    loss = beta * reconstruction_loss(images, reconstruction)
    loss = loss + kl_loss(z_mean, z_log_var)
    return ops.mean(loss)


@wrong("6.1", "beta multiplies both")
def _(images, outputs, beta):
    loss = reconstruction_loss(images, outputs[0]) + kl_loss(outputs[1], outputs[2])
    return ops.mean(beta * loss)


@wrong("6.1", "divided the KL by beta")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    kl = ops.mean(kl_loss(z_mean, z_log_var))
    return ops.mean(reconstruction_loss(images, reconstruction)) + 1 / beta * kl


@wrong("6.1", "beta is missing")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    parts = reconstruction_loss(images, reconstruction), kl_loss(z_mean, z_log_var)
    return ops.mean(parts[0]) + ops.mean(parts[1])


@wrong("6.1", "the KL is subtracted")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    loss = reconstruction_loss(images, reconstruction)
    loss -= beta * kl_loss(z_mean, z_log_var)
    return ops.mean(loss)


@wrong("6.1", "the reconstruction is subtracted")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    log_p = reconstruction_loss(images, reconstruction)
    return -ops.mean(log_p) + beta * ops.mean(kl_loss(z_mean, z_log_var))


@wrong("6.1", "minus the loss")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    elbo = -reconstruction_loss(images, reconstruction)
    elbo = elbo - beta * kl_loss(z_mean, z_log_var)
    return ops.mean(elbo)


@wrong("6.1", "losses of the single images")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    kl = kl_loss(z_mean, z_log_var)
    return reconstruction_loss(images, reconstruction) + beta * kl


@wrong("6.1", "you summed over the batch")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    total = ops.sum(reconstruction_loss(images, reconstruction))
    return total + beta * ops.sum(kl_loss(z_mean, z_log_var))


@wrong("6.1", "the KL is summed over the batch")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    kl = ops.sum(kl_loss(z_mean, z_log_var))
    return ops.mean(reconstruction_loss(images, reconstruction) + beta * kl)


@wrong("6.1", "the KL is missing")
def _(images, outputs, beta):
    reconstruction, _, _ = outputs
    return ops.mean(reconstruction_loss(images, reconstruction))


@wrong("6.1", "the reconstruction is missing")
def _(images, outputs, beta):
    _, z_mean, z_log_var = outputs
    return beta * ops.mean(kl_loss(z_mean, z_log_var))


@wrong("6.1", "mean over the pixels")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    per_pixel = ops.mean(ops.binary_crossentropy(images, reconstruction))
    return per_pixel + beta * ops.mean(kl_loss(z_mean, z_log_var))


@wrong("6.1", "mean over the latent units")
def _(images, outputs, beta):
    reconstruction, m, v = outputs
    kl = -0.5 * ops.mean(1 + v - m**2 - ops.exp(v), axis=-1)
    return ops.mean(reconstruction_loss(images, reconstruction) + beta * kl)


@wrong("6.1", "z_mean and z_log_var are swapped")
def _(images, outputs, beta):
    reconstruction, z_log_var, z_mean = outputs
    kl = kl_loss(z_mean, z_log_var)
    return ops.mean(reconstruction_loss(images, reconstruction) + beta * kl)


@wrong("6.1", "images and reconstruction are swapped")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    loss = reconstruction_loss(reconstruction, images)
    return ops.mean(loss + beta * kl_loss(z_mean, z_log_var))


@wrong("6.2", "you counted from 0")
def _(training, validation):
    epoch = validation.index(min(validation))
    return epoch, validation[epoch] - training[epoch]


@wrong("6.2", "one epoch late")
def _(training, validation):
    epoch = validation.index(min(validation)) + 1
    return epoch, validation[epoch] - training[epoch]


@wrong("6.2", "lowest *training* loss")
def _(training, validation):
    epoch = 1 + training.index(min(training))
    return epoch, validation[epoch - 1] - training[epoch - 1]


@wrong("6.2", "that is the last epoch")
def _(training, validation):
    last = len(training) - 1
    return last + 1, validation[last] - training[last]


@wrong("6.2", "sign of the gap")
def _(training, validation):
    gaps = np.array(training) - np.array(validation)
    best = np.argmin(validation)
    return best + 1, gaps[best]


@wrong("6.2", "without abs")
def _(training, validation):
    best = int(np.argmin(validation))
    return best + 1, np.abs(training[best] - validation[best])


@wrong("6.2", "*same* epoch")
def _(training, validation):
    epoch = 1 + int(np.argmin(validation))
    return epoch, np.min(validation) - np.min(training)


@wrong("6.2", "the gap is that of the last epoch")
def _(training, validation):
    gaps = np.subtract(validation, training)
    return int(np.argmin(validation)) + 1, gaps[-1]


@wrong("6.2", "that is the loss:")
def _(training, validation):
    lowest = min(validation)
    return validation.index(lowest) + 1, lowest


@wrong("6.2", "the order is")
def _(training, validation):
    best = int(np.argmin(validation))
    gap = validation[best] - training[best]
    return gap, best + 1


@wrong("6.2", "not the epoch of the *lowest*")
def _(training, validation):
    worst = validation.index(max(validation))
    return worst + 1, validation[worst] - training[worst]


@wrong("6.2", "unsupported operand type(s) for -: 'list' and 'list'")
def _(training, validation):
    gaps = validation - training
    best = int(np.argmin(validation))
    return best + 1, gaps[best]


# Lab 07


@wrong("7.1", "upside down")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array([(x, y) for y in q for x in q])


@wrong("7.1", "equal in *probability*")
def _(grid_size, low, high):
    q = np.linspace(norm.ppf(low), norm.ppf(high), grid_size)
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "those are probabilities")
def _(grid_size, low, high):
    x, y = np.meshgrid(
        np.linspace(low, high, grid_size), np.linspace(high, low, grid_size)
    )
    return np.column_stack([x.ravel(), y.ravel()])


@wrong("7.1", "its inverse, norm.ppf")
def _(grid_size, low, high):
    q = norm.cdf(np.linspace(low, high, grid_size))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "the ends 0 and 1")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(0, 1, grid_size))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "always 0.05 and 0.95")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(0.05, 0.95, grid_size))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "always 225 points")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, 15))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "z[1] changes fastest, and rises")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    points = []
    for x in q:
        for y in q:
            points.append([x, y])
    return np.array(points)


@wrong("7.1", "down the columns")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    x, y = np.meshgrid(q, np.flip(q), indexing="ij")
    return np.stack([x.flatten(), y.flatten()], axis=-1)


@wrong("7.1", "columns are swapped")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    x, y = np.meshgrid(q, q[::-1])
    return np.stack([y.ravel(), x.ravel()], axis=1)


@wrong("7.1", "z[0] falls to the right")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(high, low, grid_size))
    x, y = np.meshgrid(q, q)
    return np.stack([x.ravel(), y.ravel()], axis=1)


@wrong("7.1", "you turned z[0] around")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array([(x, y) for y in q for x in reversed(q)])


@wrong("7.1", "its shape is not")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.dstack(np.meshgrid(q, q[::-1]))


@wrong("7.1", "two blocks")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array(np.meshgrid(q, q[::-1]))


@wrong("7.1", "transposed")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    x, y = np.meshgrid(q, q[::-1])
    return np.stack([x.ravel(), y.ravel()])


@wrong("7.1", "diagonal")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array(list(zip(q, q, strict=True)))


@wrong("7.2", "shreds the digits")
def _(digits, grid_size):
    side = 28 * grid_size
    return np.reshape(digits, (side, side))


@wrong("7.2", "lies on its side")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for i in range(grid_size):
        for j in range(grid_size):
            digit = digits[i * grid_size + j, :, :, 0]
            canvas[28 * i : 28 * i + 28, 28 * j : 28 * j + 28] = digit.T
    return canvas


@wrong("7.2", "columns of the grid are swapped")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for k, digit in enumerate(digits[..., 0]):
        j, i = divmod(k, grid_size)
        canvas[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = digit
    return canvas


@wrong("7.2", "whole canvas is transposed")
def _(digits, grid_size):
    rows = np.split(digits[..., 0], grid_size)
    return np.concatenate([np.hstack(row) for row in rows]).T


@wrong("7.2", "pixels are interleaved")
def _(digits, grid_size):
    tiles = digits.reshape(grid_size, grid_size, 28, 28)
    mixed = np.einsum("rcyx->yrxc", tiles)
    return mixed.reshape(28 * grid_size, -1)


@wrong("7.2", "columns are interleaved")
def _(digits, grid_size):
    tiles = np.moveaxis(digits.reshape(grid_size, grid_size, 28, 28), 1, 3)
    return tiles.reshape(28 * grid_size, 28 * grid_size)


@wrong("7.2", "rows are interleaved")
def _(digits, grid_size):
    tiles = np.moveaxis(digits.reshape(grid_size, grid_size, 28, 28), 2, 0)
    return tiles.reshape(28 * grid_size, 28 * grid_size)


@wrong("7.2", "canvas is upside down")
def _(digits, grid_size):
    rows = np.split(digits[..., 0], grid_size)
    return np.flipud(np.vstack([np.hstack(row) for row in rows]))


@wrong("7.2", "their rows run upward")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for i in range(grid_size):
        for j in range(grid_size):
            top = 28 * (grid_size - 1 - i)
            digit = digits[i * grid_size + j].squeeze()
            canvas[top : top + 28, 28 * j : 28 * j + 28] = digit
    return canvas


@wrong("7.2", "one step is left")
def _(digits, grid_size):
    tiles = digits.reshape(grid_size, grid_size, 28, 28)
    return np.swapaxes(tiles, 1, 2)


@wrong("7.2", "channel axis is left over")
def _(digits, grid_size):
    rows = np.split(digits, grid_size)
    return np.vstack([np.hstack(list(row)) for row in rows])


@wrong("7.2", "could not broadcast input array from shape (28,28,1)")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for k, digit in enumerate(digits):
        i, j = divmod(k, grid_size)
        canvas[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = digit
    return canvas


@wrong("7.3", "straight line in z")
def _(z_a, z_b, steps):
    return np.linspace(z_a, z_b, steps)


@wrong("7.3", "those are probabilities")
def _(z_a, z_b, steps):
    return np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps)


@wrong("7.3", "norm.cdf at the end")
def _(z_a, z_b, steps):
    return norm.cdf(np.linspace(z_a, z_b, steps))


@wrong("7.3", "norm.cdf is missing")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(z_a, z_b, steps))


@wrong("7.3", "norm.cdf and norm.ppf are swapped")
def _(z_a, z_b, steps):
    return norm.cdf(np.linspace(norm.ppf(z_a), norm.ppf(z_b), steps))


@wrong("7.3", "norm.pdf is a density")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.pdf(z_a), norm.pdf(z_b), steps))


@wrong("7.3", "one step short")
def _(z_a, z_b, steps):
    u_a, u_b = norm.cdf(z_a), norm.cdf(z_b)
    return np.array([norm.ppf(u_a + i / steps * (u_b - u_a)) for i in range(steps)])


@wrong("7.3", "one point too many")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps + 1))


@wrong("7.3", "ends are missing")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps + 2))[1:-1]


@wrong("7.3", "from z_b to z_a")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_b), norm.cdf(z_a), steps))


@wrong("7.3", "transposed")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps, axis=1))
