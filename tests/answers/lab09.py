"""Answers to the exercises of lab 09."""

import numpy as np
from keras import ops
from scipy.special import logsumexp
from scipy.stats import norm

from answers import right, wrong

LOG_2_PI = np.log(2 * np.pi)


def log_normal(z, mean, log_var):
    """log density of a normal, (batch,), with its constant."""
    far = (z - mean) ** 2 * ops.exp(-log_var)
    return ops.sum(-0.5 * (far + log_var + LOG_2_PI), axis=1)


# Right, in other ways than the reference


@right("9.1")
def _(reconstruction_part, z, z_mean, z_log_var):
    log_q = log_normal(z, z_mean, z_log_var)
    return -reconstruction_part + log_normal(z, 0.0, ops.zeros_like(z)) - log_q


@right("9.1")
def _(reconstruction_part, z, z_mean, z_log_var):
    std = ops.sqrt(ops.exp(z_log_var))
    per_unit = 0.5 * ((z - z_mean) / std) ** 2 + ops.log(std) - 0.5 * z**2
    return ops.sum(per_unit, axis=-1) - reconstruction_part


@right("9.2")
def _(log_w):
    k = ops.cast(ops.shape(log_w)[0], "float32")
    return ops.logsumexp(log_w, axis=0) - ops.log(k)


@right("9.2")
def _(log_w):
    top = ops.max(log_w, axis=0, keepdims=True)
    mean = ops.mean(ops.exp(log_w - top), axis=0)
    return ops.log(mean) + ops.squeeze(top, axis=0)


@right("9.2")
def _(log_w):
    return ops.logsumexp(log_w, axis=0) - np.log(log_w.shape[0])


# Wrong


@wrong("9.1", "the sign of log q is wrong: ")
def _(reconstruction_part, z, z_mean, z_log_var):
    epsilon = (z - z_mean) / ops.exp(0.5 * z_log_var)
    log_q = ops.sum(-0.5 * epsilon**2 - 0.5 * z_log_var, axis=-1)
    return ops.sum(-0.5 * z**2, axis=-1) + log_q - reconstruction_part


@wrong("9.1", "the prior is missing: ")
def _(reconstruction_part, z, z_mean, z_log_var):
    epsilon = (z - z_mean) / ops.exp(0.5 * z_log_var)
    log_q = ops.sum(-0.5 * epsilon**2 - 0.5 * z_log_var, axis=-1)
    return -log_q - reconstruction_part


@wrong("9.1", "log q is missing: ")
def _(reconstruction_part, z, z_mean, z_log_var):
    return ops.sum(-0.5 * z**2, axis=-1) - reconstruction_part


@wrong("9.1", "is -log p(x given z) already")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    return reconstruction_part + prior - log_normal(z, z_mean, z_log_var)


@wrong("9.1", "reconstruction_part is missing")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    return prior - log_normal(z, z_mean, z_log_var)


@wrong("9.1", "the variance: epsilon")
def _(reconstruction_part, z, z_mean, z_log_var):
    epsilon = (z - z_mean) / ops.exp(z_log_var)
    log_prior = -0.5 * ops.sum(z**2, axis=1)
    log_q = -0.5 * ops.sum(epsilon**2 + z_log_var, axis=1)
    return log_prior - log_q - reconstruction_part


@wrong("9.1", "lacks the log of its width")
def _(reconstruction_part, z, z_mean, z_log_var):
    epsilon = (z - z_mean) / ops.exp(0.5 * z_log_var)
    return 0.5 * ops.sum(epsilon**2 - z**2, axis=1) - reconstruction_part


@wrong("9.1", "z_log_var needs the factor 0.5")
def _(reconstruction_part, z, z_mean, z_log_var):
    epsilon = (z - z_mean) / ops.exp(0.5 * z_log_var)
    log_q = ops.sum(-0.5 * epsilon**2 - z_log_var, axis=1)
    return -0.5 * ops.sum(z**2, axis=1) - log_q - reconstruction_part


@wrong("9.1", "z_mean is missing in log q")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    return prior - log_normal(z, 0.0, z_log_var) - reconstruction_part


@wrong("9.1", "not of z_mean")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z_mean, 0.0, ops.zeros_like(z))
    return prior - log_normal(z, z_mean, z_log_var) - reconstruction_part


@wrong("9.1", "factor 0.5 of both squares")
def _(reconstruction_part, z, z_mean, z_log_var):
    far = (z - z_mean) ** 2 / ops.exp(z_log_var)
    log_q = -ops.sum(far + 0.5 * z_log_var, axis=1)
    return -ops.sum(z**2, axis=1) - log_q - reconstruction_part


@wrong("9.1", "in one of the two normal densities alone")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = -0.5 * ops.sum(z**2, axis=1)
    return prior - log_normal(z, z_mean, z_log_var) - reconstruction_part


@wrong("9.1", "mean over the latent units")
def _(reconstruction_part, z, z_mean, z_log_var):
    far = (z - z_mean) ** 2 / ops.exp(z_log_var)
    log_q = -0.5 * ops.mean(far + z_log_var, axis=1)
    return -0.5 * ops.mean(z**2, axis=1) - log_q - reconstruction_part


@wrong("9.1", "summed over the batch too")
def _(reconstruction_part, z, z_mean, z_log_var):
    far = (z - z_mean) ** 2 / ops.exp(z_log_var)
    return -0.5 * ops.sum(z**2 - far - z_log_var) - reconstruction_part


@wrong("9.1", "with the KL in closed form")
def _(reconstruction_part, z, z_mean, z_log_var):
    per_unit = z_mean**2 + ops.exp(z_log_var) - 1 - z_log_var
    return -(reconstruction_part + 0.5 * ops.sum(per_unit, axis=1))


@wrong("9.1", "that is the weight")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    log_q = log_normal(z, z_mean, z_log_var)
    return ops.exp(-reconstruction_part) * ops.exp(prior) / ops.exp(log_q)


@wrong("9.1", "minus the log weight")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    return reconstruction_part + log_normal(z, z_mean, z_log_var) - prior


@wrong("9.1", "are swapped")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    return log_normal(z, z_mean, z_log_var) - prior - reconstruction_part


@wrong("9.1", "the sign of log q is wrong, its constant included")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    return prior + log_normal(z, z_mean, z_log_var) - reconstruction_part


@wrong("9.1", "the prior is missing, its constant included")
def _(reconstruction_part, z, z_mean, z_log_var):
    return -log_normal(z, z_mean, z_log_var) - reconstruction_part


@wrong("9.1", "log q is missing, its constant included")
def _(reconstruction_part, z, z_mean, z_log_var):
    return log_normal(z, 0.0, ops.zeros_like(z)) - reconstruction_part


@wrong("9.1", "in the square and in the log")
def _(reconstruction_part, z, z_mean, z_log_var):
    prior = log_normal(z, 0.0, ops.zeros_like(z))
    return prior - log_normal(z, z_mean, 2 * z_log_var) - reconstruction_part


@wrong("9.1", "z_log_var is no width")
def _(reconstruction_part, z, z_mean, z_log_var):
    s = z_log_var
    log_q = ops.sum(-0.5 * ((z - z_mean) / s) ** 2 - ops.log(s), axis=-1)
    return ops.sum(-0.5 * z**2, axis=-1) - log_q - reconstruction_part


@wrong("9.1", "the sign of log s is wrong")
def _(reconstruction_part, z, z_mean, z_log_var):
    far = (z - z_mean) ** 2 / ops.exp(z_log_var)
    log_q = ops.sum(-0.5 * far + 0.5 * z_log_var, axis=-1)
    return -0.5 * ops.sum(z**2, axis=-1) - log_q - reconstruction_part


@wrong("9.1", "in the square of the prior")
def _(reconstruction_part, z, z_mean, z_log_var):
    far = (z - z_mean) ** 2 / ops.exp(z_log_var)
    log_q = ops.sum(-0.5 * far - 0.5 * z_log_var, axis=-1)
    return -ops.sum(z**2, axis=-1) - log_q - reconstruction_part


@wrong("9.1", "in the square of q")
def _(reconstruction_part, z, z_mean, z_log_var):
    far = (z - z_mean) ** 2 / ops.exp(z_log_var)
    log_q = ops.sum(-far - 0.5 * z_log_var, axis=-1)
    return -0.5 * ops.sum(z**2, axis=-1) - log_q - reconstruction_part


@wrong("9.1", "cannot run inside a model")
def _(reconstruction_part, z, z_mean, z_log_var):
    z, z_mean, z_log_var = map(ops.convert_to_numpy, (z, z_mean, z_log_var))
    log_q = norm.logpdf(z, z_mean, np.exp(0.5 * z_log_var)).sum(axis=1)
    log_prior = norm.logpdf(z).sum(axis=1)
    return ops.cast(log_prior - log_q, "float32") - reconstruction_part


@wrong("9.2", "it returned a NumPy array: write it with keras `ops`")
def _(log_w):
    log_w = ops.convert_to_numpy(log_w)
    return logsumexp(log_w, axis=0) - np.log(len(log_w))


@wrong("9.2", "you took the minimum out")
def _(log_w):
    low = ops.min(log_w, axis=0)
    return ops.log(ops.mean(ops.exp(log_w - low), axis=0)) + low


@wrong("9.2", "you took the mean out")
def _(log_w):
    middle = ops.mean(log_w, axis=0, keepdims=True)
    mean = ops.mean(ops.exp(log_w - middle), axis=0)
    return ops.log(mean) + middle[0]


@wrong("9.2", "subtracted twice")
def _(log_w):
    top = ops.max(log_w, axis=0)
    return ops.log(ops.mean(ops.exp(log_w - top), axis=0)) - top


@wrong("9.2", "by the number of images")
def _(log_w):
    top = ops.max(log_w, axis=0)
    total = ops.sum(ops.exp(log_w - top), axis=0)
    return top + ops.log(total / ops.shape(log_w)[1])


@wrong("9.2", "exp left the range of float32")
def _(log_w):
    return ops.log(ops.mean(ops.exp(log_w), axis=0))


@wrong("9.2", "that is the log of the *sum*")
def _(log_w):
    return ops.logsumexp(log_w, axis=0)


@wrong("9.2", "that is the mean of the logs")
def _(log_w):
    return ops.sum(log_w, axis=0) / ops.cast(ops.shape(log_w)[0], "float32")


@wrong("9.2", "the maximum is not added back")
def _(log_w):
    top = ops.max(log_w, axis=0)
    return ops.log(ops.sum(ops.exp(log_w - top), axis=0) / ops.shape(log_w)[0])


@wrong("9.2", "the maximum is that of all images")
def _(log_w):
    top = ops.max(log_w)
    return top + ops.log(ops.mean(ops.exp(log_w - top), axis=0))


@wrong("9.2", "subtracted the minimum and added back the maximum")
def _(log_w):
    mean = ops.mean(ops.exp(log_w - ops.min(log_w, axis=0)), axis=0)
    return ops.log(mean) + ops.max(log_w, axis=0)


@wrong("9.2", "reduced over the images")
def _(log_w):
    top = ops.max(log_w, axis=1, keepdims=True)
    return top[:, 0] + ops.log(ops.mean(ops.exp(log_w - top), axis=1))


@wrong("9.2", "reduced over draws and images")
def _(log_w):
    top = ops.max(log_w)
    return top + ops.log(ops.mean(ops.exp(log_w - top)))


@wrong("9.2", "without keepdims")
def _(log_w):
    top = ops.max(log_w, axis=0, keepdims=True)
    return top + ops.log(ops.mean(ops.exp(log_w - top), axis=0, keepdims=True))


@wrong("9.2", "the best draw alone")
def _(log_w):
    return ops.amax(log_w, axis=0)


@wrong("9.2", "log(k) is added")
def _(log_w):
    k = ops.cast(ops.shape(log_w)[0], "float32")
    return ops.logsumexp(log_w, axis=0) + ops.log(k)


@wrong("9.2", "divided the log of the sum by k")
def _(log_w):
    top = ops.max(log_w, axis=0)
    total = top + ops.log(ops.sum(ops.exp(log_w - top), axis=0))
    return total / ops.cast(ops.shape(log_w)[0], "float32")


@wrong("9.2", "minus the bound")
def _(log_w):
    top = ops.max(log_w, axis=0)
    return -top - ops.log(ops.mean(ops.exp(log_w - top), axis=0))


@wrong("9.2", "in bits")
def _(log_w):
    top = ops.max(log_w, axis=0)
    nats = top + ops.log(ops.mean(ops.exp(log_w - top), axis=0))
    return nats / ops.log(2.0)
