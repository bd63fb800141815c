"""Exercises of lab 05: the loss."""

import numpy as np
from scipy.special import xlogy
from scipy.stats import norm

from vae_lab import model
from vae_lab.checks.exercise import Exercise
from vae_lab.session import ops

RNG = np.random.default_rng(5)
IMAGES = RNG.uniform(size=(3, 28, 28, 1)).astype("float32")
GUESSES = RNG.uniform(0.05, 0.95, size=(3, 28, 28, 1)).astype("float32")
HALF = np.indices(IMAGES.shape)[1] < 14  # the lower half is exactly 0 and 1
SURE_IMAGES = np.where(HALF, IMAGES, IMAGES > 0.5).astype("float32")
SURE_GUESSES = np.where(HALF, GUESSES, IMAGES > 0.5).astype("float32")
Z_MEAN = RNG.normal(0, 2, size=(3, 2)).astype("float32")
Z_LOG_VAR = RNG.uniform(-3, 1, size=(3, 2)).astype("float32")


def effective_beta(reconstruction_weight, kl_weight, pixels, units):
    return (kl_weight / units) / (reconstruction_weight / pixels)


def by_xlogy(images, reconstruction):
    p = np.asarray(reconstruction, "float64")
    log_p = xlogy(images, p) + xlogy(1 - images, 1 - p)
    return -log_p.sum(axis=(1, 2, 3))


def by_integral(z_mean, z_log_var):
    """Integrate q log(q / p) for each unit, ten standard deviations each way."""
    mean, std = z_mean.astype("float64"), np.sqrt(np.exp(z_log_var.astype("float64")))
    z = mean + std * np.linspace(-10, 10, 2001)[:, None, None]
    log_q, log_p = norm.logpdf(z, mean, std), norm.logpdf(z)
    return np.trapezoid(np.exp(log_q) * (log_q - log_p), z, axis=0).sum(axis=1)


def summed(per_pixel):
    return ops.sum(per_pixel, axis=(1, 2, 3))


def bce(x, p):
    return ops.binary_crossentropy(x, p)


def bernoulli(x, p):
    return -(x * ops.log(p) + (1 - x) * ops.log(1 - p))


def log_terms(x, p):
    """The terms of ink and of paper, clipped."""
    p = ops.clip(p, 1e-7, 1 - 1e-7)
    return x * ops.log(p), (1 - x) * ops.log(1 - p)


def per_unit(m, v):
    return 0.5 * (m**2 + ops.exp(v) - 1 - v)


def half_sum(of_units):
    """A wrong KL: half the sum of something other for each unit."""
    return lambda m, v: ops.sum(0.5 * of_units(m, v), axis=1)


EXERCISES = {
    "5.1": Exercise(
        name="reconstruction_loss",
        solution=model.reconstruction_loss,
        cases=[(IMAGES, GUESSES), (SURE_IMAGES, SURE_GUESSES)],
        expected=by_xlogy,
        mistakes={
            "you took the mean over the pixels: "
            "the sum is 784 times larger, and only the sum "
            "is a log probability.": lambda x, p: ops.mean(bce(x, p), axis=(1, 2, 3)),
            "you took the mean over everything: sum over the pixels, "
            "one number an image.": lambda x, p: ops.mean(bce(x, p)),
            "you took the mean over the batch: the total loss will do that. Here, "
            "return one number an image.": lambda x, p: ops.mean(summed(bce(x, p))),
            "you summed over the batch too: "
            "one number an image, axis=(1, 2, 3).": lambda x, p: ops.sum(bce(x, p)),
            "you summed over axis 0, the batch: "
            "the pixels are axis=(1, 2, 3).": lambda x, p: ops.sum(bce(x, p), axis=0),
            "you summed over one axis, the rows: "
            "the pixels are axis=(1, 2, 3).": lambda x, p: ops.sum(bce(x, p), axis=1),
            "only the channel axis is reduced: "
            "the pixels are axis=(1, 2, 3).": lambda x, p: ops.sum(bce(x, p), axis=-1),
            "the channel axis is left over: sum over axis=(1, 2, 3).": lambda x, p: (
                ops.sum(bce(x, p), axis=(1, 2))
            ),
            "those are the losses of the single pixels: "
            "sum them over axis=(1, 2, 3).": lambda x, p: bce(x, p),
            "log(0) made NaN or infinity: clip the probabilities to [1e-7, "
            "1 - 1e-7] first. Much closer to 1 float32 has no number: "
            "1 - 1e-8 is 1.": lambda x, p: summed(bernoulli(x, p)),
            "the sign is wrong: that is log p(x given z), "
            "and the loss is its negative.": lambda x, p: -summed(bce(x, p)),
            "the pixels without ink are missing: add (1 - images) * log(1 - "
            "reconstruction).": lambda x, p: -summed(log_terms(x, p)[0]),
            "the pixels with ink are missing: add "
            "images * log(reconstruction).": lambda x, p: -summed(log_terms(x, p)[1]),
            "the two terms are subtracted: add them, and put the minus before "
            "both.": lambda x, p: -summed(log_terms(x, p)[0] - log_terms(x, p)[1]),
            "the two logs are swapped: images belongs to log(reconstruction), "
            "1 - images to log(1 - reconstruction).": lambda x, p: (
                -summed(sum(log_terms(1 - x, p)))
            ),
            "images and reconstruction are swapped: the "
            "logarithm belongs to the reconstruction.": lambda x, p: summed(bce(p, x)),
            "that is the squared error, the loss of a Gaussian "
            "pixel and not of a Bernoulli one.": lambda x, p: summed((x - p) ** 2),
            "that is the *mean* squared error: "
            "the loss of a Bernoulli pixel is a logarithm, and the "
            "pixels are summed.": lambda x, p: ops.mean((x - p) ** 2, axis=(1, 2, 3)),
            "that is in bits: the course counts in nats, "
            "with the natural logarithm.": lambda x, p: summed(bce(x, p)) / np.log(2),
            "the reconstruction is a probability already, after a sigmoid: "
            "leave from_logits=False.": lambda x, p: summed(
                ops.binary_crossentropy(x, p, from_logits=True)
            ),
        },
        fact="An image of 784 coin flips at p = 0.5 costs 784 log 2 = 543 nats.",
        tensors=True,
        tolerance=2e-5,
    ),
    "5.2": Exercise(
        name="kl_loss",
        solution=model.kl_loss,
        cases=[(Z_MEAN, Z_LOG_VAR), (Z_MEAN, np.abs(Z_LOG_VAR))],
        expected=by_integral,
        mistakes={
            "you took the mean over the latent units: that is beta = 1 / latent_dim "
            "in disguise. Sum.": lambda m, v: ops.mean(per_unit(m, v), axis=1),
            "the factor 0.5 is missing.": half_sum(
                lambda m, v: 2 * (m**2 + ops.exp(v) - 1 - v)
            ),
            "the sign is wrong: a KL divergence is never negative.": lambda m, v: (
                -ops.sum(per_unit(m, v), axis=1)
            ),
            "you summed over the batch too: "
            "one number an image, axis=1.": lambda m, v: ops.sum(per_unit(m, v)),
            "you took the mean over the batch: "
            "the total loss will do that. Here, return one "
            "number an image.": lambda m, v: ops.mean(ops.sum(per_unit(m, v), axis=1)),
            "you summed over axis 0, the batch: the "
            "latent units are axis 1.": lambda m, v: ops.sum(per_unit(m, v), axis=0),
            "you averaged over everything: sum over the latent units, "
            "one number an image.": lambda m, v: ops.mean(per_unit(m, v)),
            "those are the KLs of the single units: "
            "sum them over axis=1.": lambda m, v: per_unit(m, v),
            "exp(0.5 * z_log_var) is the standard deviation: "
            "the formula wants the variance, "
            "exp(z_log_var).": half_sum(lambda m, v: m**2 + ops.exp(0.5 * v) - 1 - v),
            "exp is missing: the variance is exp(z_log_var), "
            "and z_log_var its log.": half_sum(lambda m, v: m**2 + v - 1 - v),
            "you took z_log_var for the variance: it is "
            "the log of it already.": half_sum(lambda m, v: m**2 + v - 1 - ops.log(v)),
            "the -1 is missing: at the prior the KL must be 0.": half_sum(
                lambda m, v: m**2 + ops.exp(v) - v
            ),
            "the sign of the 1 is wrong: at the prior the KL must be 0.": half_sum(
                lambda m, v: m**2 + ops.exp(v) + 1 - v
            ),
            "the sign of z_log_var is wrong: a narrow q must "
            "cost more, not less.": half_sum(lambda m, v: m**2 + ops.exp(v) - 1 + v),
            "the sign of z_mean**2 is wrong: a code far from the origin "
            "must cost more.": half_sum(lambda m, v: -(m**2) + ops.exp(v) - 1 - v),
            "the sign of exp(z_log_var) is wrong: a wide q must cost more.": half_sum(
                lambda m, v: m**2 - ops.exp(v) - 1 - v
            ),
            "z_mean must be squared.": half_sum(lambda m, v: m + ops.exp(v) - 1 - v),
            "z_mean is missing: only the width would "
            "be held near the prior's.": half_sum(lambda m, v: ops.exp(v) - 1 - v),
            "z_log_var is missing: without it nothing keeps the "
            "width from shrinking to 0.": half_sum(lambda m, v: m**2 + ops.exp(v) - 1),
            "that is the other KL, of the prior from q: "
            "the formula's mean and variance "
            "are those of q.": half_sum(lambda m, v: (1 + m**2) * ops.exp(-v) - 1 + v),
        },
        fact="It is 0 only where q is the prior, z_mean = 0 and z_log_var = 0.",
        tensors=True,
    ),
    "5.3": Exercise(
        name="effective_beta",
        solution=effective_beta,
        cases=[(1, 1e-3, 784, 2), (1, 1, 1, 2), (1, 1, 1, 1), (500, 1, 1024, 1)],
        expected=lambda r, k, p, u: np.exp(np.log(k) + np.log(p) - np.log(u * r)),
        mistakes={
            "that is 1 / beta: beta multiplies the KL, "
            "so the KL's factor goes on top.": lambda r, k, p, u: (r / p) / (k / u),
            "the means are missing: a mean over "
            "pixels is the sum divided by pixels.": lambda r, k, p, u: k / r,
            "the reconstruction's factor is missing: "
            "divide by reconstruction_weight / pixels.": lambda r, k, p, u: k / u,
            "that is kl_weight alone: "
            "divide the KL's factor by the reconstruction's.": lambda r, k, p, u: k,
            "the mean over the latent units is missing.": lambda r, k, p, u: k * p / r,
            "the mean over the pixels is missing.": lambda r, k, p, u: (k / u) / r,
            "pixels and units are swapped: the reconstruction "
            "is a mean over pixels.": lambda r, k, p, u: (k / p) / (r / u),
            "a mean over the units *divides* the KL by them.": lambda r, k, p, u: (
                (k * u) / (r / p)
            ),
            "reconstruction_weight is missing: it divides.": lambda r, k, p, u: (
                (k / u) * p
            ),
            "kl_weight is missing: it multiplies.": lambda r, k, p, u: (
                (1 / u) / (r / p)
            ),
            "reconstruction_weight divides: you multiplied by it.": lambda r, k, p, u: (
                (k / u) * (r * p)
            ),
            "a mean over pixels *divides* the reconstruction by them, "
            "so they end up on top.": lambda r, k, p, u: (k / u) / (r * p),
            "you multiplied the two factors: divide "
            "the KL's by the reconstruction's.": lambda r, k, p, u: (k / u) * (r / p),
        },
        fact="Losses with the same beta have the same minima, whatever their scale.",
        tolerance=1e-4,
    ),
}
