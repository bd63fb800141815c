"""Right answers in other ways than the reference: each must be accepted."""

import itertools
import math
from statistics import NormalDist

import keras
import numpy as np
from keras import layers, ops
from scipy.spatial.distance import cdist
from scipy.special import ndtr, ndtri
from scipy.stats import norm

import vae_lab as lab

RIGHT = []  # (exercise, function)


def right(number):
    """Keep the function below as a right answer."""

    def keep(function):
        RIGHT.append((number, function))
        return function

    return keep


# Lab 00


@right("0.1")
def _(raw):
    x = raw.astype("float32")
    x /= 255
    return np.expand_dims(x, -1)


@right("0.1")
def _(raw):
    scaled = [np.float32(image) * np.float32(1 / 255) for image in raw]
    return np.stack(scaled).reshape(-1, 28, 28, 1)


@right("0.1")
def _(raw):
    return ops.expand_dims(ops.cast(raw, "float32") / 255, axis=-1)


@right("0.2")
def _(z_a, z_b):
    return z_a + 0.5 * (z_b - z_a)


@right("0.2")
def _(z_a, z_b):
    return np.array([(a + b) / 2 for a, b in zip(z_a, z_b, strict=True)])


@right("0.2")
def _(z_a, z_b):
    return ops.mean(ops.stack([z_a, z_b]), axis=0)


@right("0.2")
def _(z_a, z_b):
    z_a += z_b  # changes its argument, and is right
    z_a /= 2
    return z_a


# Lab 01


@right("1.1")
def _(codes, candidates):
    best, widest = None, -1.0
    for candidate in candidates:
        nearest = min(math.dist(candidate, code) for code in codes)
        if nearest > widest:
            best, widest = candidate, nearest
    return best


@right("1.1")
def _(codes, candidates):
    return candidates[cdist(codes, candidates, "sqeuclidean").min(axis=0).argmax()]


@right("1.2")
def _(z_a, z_b, steps):
    return np.linspace(z_a, z_b, steps)


@right("1.2")
def _(z_a, z_b, steps):
    rows = [z_a + (z_b - z_a) * i / (steps - 1) for i in range(steps)]
    return np.stack(rows)


@right("1.2")
def _(z_a, z_b, steps):
    t = ops.reshape(ops.linspace(0.0, 1.0, steps), (-1, 1))
    return (1 - t) * ops.cast(z_a, "float32") + t * ops.cast(z_b, "float32")


# Lab 02


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


# Lab 03


@right("3.1")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.sqrt(ops.exp(z_log_var))
    return ops.add(z_mean, ops.multiply(z_std, epsilon))


@right("3.1")
def _(z_mean, z_log_var, epsilon):
    columns = []
    for k in range(2):
        z_std = ops.exp(z_log_var[:, k] / 2)
        columns.append(epsilon[:, k] * z_std + z_mean[:, k])
    return ops.stack(columns, axis=1)


@right("3.2")
def _(z_mean, z_std, epsilon):
    to_mean = to_std = 0.0
    for draw in epsilon:
        z = z_mean + z_std * draw
        to_mean += 2 * z / len(epsilon)
        to_std += 2 * z * draw / len(epsilon)
    return [to_mean, to_std]


@right("3.2")
def _(z_mean, z_std, epsilon):
    def mean_square(mean, std):
        return ops.mean((mean + std * ops.cast(epsilon, "float32")) ** 2)

    return lab.gradient(mean_square, z_mean, z_std)


@right("3.2")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * np.array([z.mean(), z @ epsilon / z.size])


# Lab 04


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


# Lab 05


@right("5.1")
def _(images, reconstruction):
    p = ops.clip(reconstruction, 1e-6, 1 - 1e-6)
    log_p = images * ops.log(p) + (1 - images) * ops.log(1 - p)
    return -ops.sum(log_p, axis=(1, 2, 3))


@right("5.1")
def _(images, reconstruction):
    ink = images * ops.log(reconstruction + 1e-7)
    paper = (1 - images) * ops.log(1 - reconstruction + 1e-7)
    return ops.sum(ops.reshape(-ink - paper, (-1, 784)), axis=1)


@right("5.1")
def _(images, reconstruction):
    per_pixel = keras.losses.binary_crossentropy(images, reconstruction)
    return ops.sum(per_pixel, axis=[1, 2])


@right("5.1")
def _(images, reconstruction):
    batch = ops.shape(images)[0]
    x, p = ops.reshape(images, (batch, -1)), ops.reshape(reconstruction, (batch, -1))
    return 784 * keras.losses.binary_crossentropy(x, p)


@right("5.2")
def _(z_mean, z_log_var):
    terms = 1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
    return -0.5 * ops.sum(terms, axis=-1)


@right("5.2")
def _(z_mean, z_log_var):
    z_var = ops.exp(z_log_var)
    total = 0.0
    for k in range(2):
        total += (z_mean[:, k] ** 2 + z_var[:, k] - 1 - ops.log(z_var[:, k])) / 2
    return total


@right("5.3")
def _(reconstruction_weight, kl_weight, pixels, units):
    return kl_weight * pixels / (units * reconstruction_weight)


@right("5.3")
def _(reconstruction_weight, kl_weight, pixels, units):
    per_pixel = np.float64(reconstruction_weight) / pixels
    per_unit = np.array(kl_weight) / units
    return per_unit * per_pixel**-1


@right("5.3")
def _(reconstruction_weight, kl_weight, pixels, units):
    return np.float32(kl_weight / units * pixels / reconstruction_weight)


# Lab 06


@right("6.1")
def _(images, outputs, beta):
    reconstruction, z_mean, z_log_var = outputs
    reconstruction_part = ops.mean(lab.reconstruction_loss(images, reconstruction))
    return reconstruction_part + beta * ops.mean(lab.kl_loss(z_mean, z_log_var))


@right("6.1")
def _(images, outputs, beta):
    p, m, v = outputs
    batch = ops.shape(images)[0]
    loss = ops.sum(ops.binary_crossentropy(images, p))
    loss = loss + beta * 0.5 * ops.sum(m**2 + ops.exp(v) - 1 - v)
    return loss / ops.cast(batch, "float32")


@right("6.2")
def _(training, validation):
    best = validation.index(min(validation))
    return best + 1, validation[best] - training[best]


@right("6.2")
def _(training, validation):
    epoch, lowest = 1, validation[0]
    for number, loss in enumerate(validation, start=1):
        if loss < lowest:
            epoch, lowest = number, loss
    return [epoch, lowest - training[epoch - 1]]


@right("6.2")
def _(training, validation):
    gaps = np.array(validation) - np.array(training)
    best = np.argmin(validation)
    return np.array([best + 1, gaps[best]])


# Lab 07


@right("7.1")
def _(grid_size, low, high):
    levels = norm.ppf(np.linspace(low, high, grid_size))
    points = []
    for i in range(grid_size):
        for j in range(grid_size):
            points.append((levels[j], levels[grid_size - 1 - i]))
    return np.array(points)


@right("7.1")
def _(grid_size, low, high):
    levels = ndtri(low + (high - low) * np.arange(grid_size) / (grid_size - 1))
    pairs = np.array(list(itertools.product(levels[::-1], levels)))
    return pairs[:, ::-1].astype("float32")


@right("7.2")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for k in range(grid_size**2):
        i, j = divmod(k, grid_size)
        canvas[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = digits[k, :, :, 0]
    digits[:] = 0
    return canvas


@right("7.2")
def _(digits, grid_size):
    rows = np.split(np.squeeze(digits, -1), grid_size)
    return np.vstack([np.hstack(row) for row in rows])


@right("7.2")
def _(digits, grid_size):
    tiles = ops.reshape(digits, (grid_size, grid_size, 28, 28))
    side = 28 * grid_size
    return ops.reshape(ops.transpose(tiles, (0, 2, 1, 3)), (side, side))


@right("7.3")
def _(z_a, z_b, steps):
    return ndtri(np.linspace(ndtr(z_a), ndtr(z_b), steps))


@right("7.3")
def _(z_a, z_b, steps):
    prior = NormalDist()
    path = np.empty((steps, len(z_a)))
    for k, (a, b) in enumerate(zip(z_a, z_b, strict=True)):
        for i, u in enumerate(np.linspace(prior.cdf(a), prior.cdf(b), steps)):
            path[i, k] = prior.inv_cdf(u)
    return path
