"""Exercises of lab 06: training."""

import numpy as np
from scipy.special import xlogy

from vae_lab.checks import lab05
from vae_lab.checks.exercise import Exercise
from vae_lab.model import kl_loss, reconstruction_loss
from vae_lab.session import ops

OUTPUTS = (lab05.GUESSES, lab05.Z_MEAN, lab05.Z_LOG_VAR)
TRAINING = [190.0, 178.0, 171.0, 166.0, 158.0, 159.0]
VALIDATION = [188.0, 177.5, 173.0, 170.5, 172.0, 173.5]


def vae_loss(images, outputs, beta=1.0):
    reconstruction, z_mean, z_log_var = outputs
    reconstruction_part = reconstruction_loss(images, reconstruction)
    kl_part = kl_loss(z_mean, z_log_var)
    return ops.mean(reconstruction_part + beta * kl_part)


def read_curve(training, validation):
    best = int(np.argmin(validation))
    return best + 1, validation[best] - training[best]


def by_numpy(images, outputs, beta):
    p, m, v = (np.asarray(part, "float64") for part in outputs)
    log_p = (xlogy(images, p) + xlogy(1 - images, 1 - p)).reshape(len(p), -1).sum(1)
    kl = 0.5 * (m**2 + np.exp(v) - 1 - v).sum(1)
    return np.mean(beta * kl - log_p)


def by_sorting(training, validation):
    lowest, epoch = min((value, i) for i, value in enumerate(validation))
    return epoch + 1, lowest - training[epoch]


def parts(images, outputs):
    reconstruction, z_mean, z_log_var = outputs
    return reconstruction_loss(images, reconstruction), kl_loss(z_mean, z_log_var)


def mix(combine):
    """A wrong loss from the two parts, (batch,) each, and beta."""
    return lambda images, outputs, beta: combine(*parts(images, outputs), beta)


def at_best(read):
    """A wrong reading, which is told the best index too."""
    return lambda t, v: read(t, v, int(np.argmin(v)))


def at_lowest_training(t, v):
    i = int(np.argmin(t))
    return i + 1, v[i] - t[i]


def at_highest(t, v):
    i = int(np.argmax(v))
    return i + 1, v[i] - t[i]


EXERCISES = {
    "6.1": Exercise(
        name="vae_loss",
        solution=vae_loss,
        cases=[(lab05.IMAGES, OUTPUTS, 1.0), (lab05.IMAGES, OUTPUTS, 4.0)],
        expected=by_numpy,
        mistakes={
            "beta multiplies the reconstruction: it belongs to the KL.": mix(
                lambda r, k, b: ops.mean(b * r + k)
            ),
            "beta multiplies both parts: it belongs to the KL alone.": mix(
                lambda r, k, b: b * ops.mean(r + k)
            ),
            "you divided the KL by beta: multiply.": mix(
                lambda r, k, b: ops.mean(r + k / b)
            ),
            "beta is missing.": mix(lambda r, k, b: ops.mean(r + k)),
            "the KL is subtracted: both parts of a "
            "loss are made small, so add it.": mix(lambda r, k, b: ops.mean(r - b * k)),
            "the reconstruction is subtracted: reconstruction_loss "
            "is a loss already, so add it.": mix(lambda r, k, b: ops.mean(b * k - r)),
            "that is minus the loss, which would be made as large as possible: "
            "turn the sign.": mix(lambda r, k, b: -ops.mean(r + b * k)),
            "those are the losses of the single images: take their mean.": mix(
                lambda r, k, b: r + b * k
            ),
            "you summed over the batch: "
            "the loss, and with it the step, would grow with the batch size. "
            "Take the mean.": mix(lambda r, k, b: ops.sum(r + b * k)),
            "the KL is summed over the batch: take the mean of both parts.": mix(
                lambda r, k, b: ops.mean(r) + b * ops.sum(k)
            ),
            "the KL is missing: that trains a "
            "plain autoencoder with a noisy code.": mix(lambda r, k, b: ops.mean(r)),
            "the reconstruction is missing: the decoder would learn nothing.": mix(
                lambda r, k, b: ops.mean(b * k)
            ),
            "you took a mean over the pixels: that multiplies beta by 784.": mix(
                lambda r, k, b: ops.mean(r / 784 + b * k)
            ),
            "you took a mean over the latent units: that "
            "divides beta by latent_dim.": mix(lambda r, k, b: ops.mean(r + b * k / 2)),
            "z_mean and z_log_var are swapped: the outputs are (reconstruction, "
            "z_mean, z_log_var).": lambda x, o, b: vae_loss(x, (o[0], o[2], o[1]), b),
            "images and reconstruction are swapped: reconstruction_loss "
            "takes the images first.": lambda x, o, b: vae_loss(o[0], (x, *o[1:]), b),
        },
        fact="With beta = 1 it estimates the negative ELBO, in nats per image.",
        tensors=True,
        tolerance=1e-4,
    ),
    "6.2": Exercise(
        name="read_curve",
        solution=read_curve,
        cases=[(TRAINING, VALIDATION), (TRAINING[:5], VALIDATION[1:])],
        expected=by_sorting,
        mistakes={
            "you counted from 0: the first epoch is epoch 1.": at_best(
                lambda t, v, i: (i, v[i] - t[i])
            ),
            "the epoch is right, the gap is read one epoch late: epoch e stands "
            "at index e - 1.": at_best(lambda t, v, i: (i + 1, v[i + 1] - t[i + 1])),
            "you looked for the lowest *training* loss: it goes on falling "
            "while the model learns the training images by heart.": at_lowest_training,
            "that is the last epoch: the held-out "
            "loss had its minimum before.": lambda t, v: (len(v), v[-1] - t[-1]),
            "the sign of the gap is wrong: held-out minus training.": at_best(
                lambda t, v, i: (i + 1, t[i] - v[i])
            ),
            "the gap keeps its sign, without abs: early on the held-out loss "
            "may be the lower one.": at_best(lambda t, v, i: (i + 1, abs(v[i] - t[i]))),
            "both losses must be read at the *same* epoch, the best one.": at_best(
                lambda t, v, i: (i + 1, min(v) - min(t))
            ),
            "the gap is that of the last epoch: read it at the best one.": at_best(
                lambda t, v, i: (i + 1, v[-1] - t[-1])
            ),
            "that is the loss: the gap is its distance from "
            "the training loss at that epoch.": at_best(lambda t, v, i: (i + 1, v[i])),
            "the order is (epoch, gap).": at_best(lambda t, v, i: (v[i] - t[i], i + 1)),
            "that is not the epoch of the *lowest* held-out loss.": at_highest,
        },
        fact="keras.callbacks.EarlyStopping does the same watching for you.",
    ),
}
