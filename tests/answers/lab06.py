"""Answers to the exercises of lab 06."""

import numpy as np
from keras import ops

import vae_lab as lab
from answers import right, wrong
from vae_lab.model import kl_loss, reconstruction_loss

# Right, in other ways than the reference


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


# Wrong


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
