"""Answers to the exercises of lab 05."""

import keras
import numpy as np
from keras import ops

from answers import right, wrong

# Right, in other ways than the reference


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


# Wrong


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
