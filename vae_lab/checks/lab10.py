"""Exercises of lab 10: beta and collapse."""

import math

import numpy as np
from scipy.stats import norm

from vae_lab.checks.exercise import Exercise
from vae_lab.session import ops

RNG = np.random.default_rng(10)
Z_MEAN = RNG.normal(0, 1.5, size=(4, 3)).astype("float32")
Z_LOG_VAR = RNG.uniform(-3, 1, size=(4, 3)).astype("float32")
NOISE = RNG.normal(size=(50, 8))
NOISE = (NOISE - NOISE.mean(axis=0)) / NOISE.std(axis=0)
# By unit: how far its mean varies, and around what. Between a variance of 0.0001 and
# one of 0.01 lie the units that a wrong measure takes for active.
STDS = np.array([1.2, 0.9, 0.5, 0.3, 0.06, 0.05, 0.02, 0.012])
CENTERS = np.array([0.0, -2.0, 0.3, -1.0, 0.0, 0.0, 2.0, -0.5])
CODES = (CENTERS + STDS * NOISE).astype("float32")
FEW = CODES[:, [1, 3, 5, 6, 7]]
PER_UNIT = np.array([2.1, 0.7, 0.05, 0.0, 0.2], "float32")
TWO_UNITS = np.array([0.3, 1.6], "float32")
ASLEEP = np.array([0.0, 0.01, 0.3], "float32")


def kl_per_unit(z_mean, z_log_var):
    per_unit = 0.5 * (ops.square(z_mean) + ops.exp(z_log_var) - 1 - z_log_var)
    return ops.mean(per_unit, axis=0)


def active_units(z_mean):
    return int(np.sum(np.var(z_mean, axis=0) > 0.01))


def free_bits(per_unit, free):
    return ops.sum(ops.maximum(per_unit, free))


def by_integral(z_mean, z_log_var):
    """Integrate q log(q / p), ten standard deviations each way; average the images."""
    mean, std = z_mean.astype("float64"), np.sqrt(np.exp(z_log_var.astype("float64")))
    z = mean + std * np.linspace(-10, 10, 2001)[:, None, None]
    log_q, log_p = norm.logpdf(z, mean, std), norm.logpdf(z)
    return np.trapezoid(np.exp(log_q) * (log_q - log_p), z, axis=0).mean(axis=0)


def by_pairs(z_mean):
    """Half the mean squared distance between two images' codes is their variance."""
    gaps = z_mean[:, None].astype("float64") - z_mean[None]
    return int(np.count_nonzero(0.5 * np.mean(gaps**2, axis=(0, 1)) > 0.1**2))


def by_a_loop(per_unit, free):
    return math.fsum(float(kl) if kl > free else free for kl in per_unit)


def of_cloud(m, v):
    return 0.5 * (m**2 + ops.exp(v) - 1 - v)


def averaged(of_units):
    """A wrong KL: the average over the images of something other."""
    return lambda m, v: ops.mean(of_units(m, v), axis=0)


def count(flags):
    return int(np.sum(flags))


EXERCISES = {
    "10.1": Exercise(
        name="kl_per_unit",
        solution=kl_per_unit,
        cases=[(Z_MEAN, Z_LOG_VAR), (Z_MEAN[:2], np.abs(Z_LOG_VAR[:2]))],
        expected=by_integral,
        mistakes={
            "that is one number an image: average over the images, axis 0, and keep "
            "the units.": lambda m, v: ops.sum(of_cloud(m, v), axis=1),
            "you averaged over the units: average over the images, axis 0.": (
                lambda m, v: ops.mean(of_cloud(m, v), axis=1)
            ),
            "you summed over the images: take their mean, or the numbers grow with "
            "the batch.": lambda m, v: ops.sum(of_cloud(m, v), axis=0),
            "those are the KLs of the single images: take the mean over "
            "axis 0.": of_cloud,
            "that is the whole rate in one number: leave the units apart.": (
                lambda m, v: ops.mean(ops.sum(of_cloud(m, v), axis=1))
            ),
            "you averaged over everything: average over axis 0 alone.": lambda m, v: (
                ops.mean(of_cloud(m, v))
            ),
            "you averaged the clouds and took the KL of that one: take the KL of each "
            "image's cloud first.": lambda m, v: of_cloud(
                ops.mean(m, axis=0), ops.mean(v, axis=0)
            ),
            "the factor 0.5 is missing.": averaged(lambda m, v: 2 * of_cloud(m, v)),
            "the sign is wrong: a KL divergence is never negative.": averaged(
                lambda m, v: -of_cloud(m, v)
            ),
            "exp(0.5 * z_log_var) is the standard deviation: the formula wants the "
            "variance, exp(z_log_var).": averaged(
                lambda m, v: 0.5 * (m**2 + ops.exp(0.5 * v) - 1 - v)
            ),
            "exp is missing: the variance is exp(z_log_var).": averaged(
                lambda m, v: 0.5 * (m**2 + v - 1 - v)
            ),
            "the -1 is missing: of a collapsed unit the KL must be 0.": averaged(
                lambda m, v: 0.5 * (m**2 + ops.exp(v) - v)
            ),
            "the sign of z_log_var is wrong: a narrow cloud must cost more.": averaged(
                lambda m, v: 0.5 * (m**2 + ops.exp(v) - 1 + v)
            ),
            "z_mean must be squared.": averaged(
                lambda m, v: 0.5 * (m + ops.exp(v) - 1 - v)
            ),
            "z_mean is missing: a unit can say much by where its clouds lie.": averaged(
                lambda m, v: 0.5 * (ops.exp(v) - 1 - v)
            ),
        },
        fact="Summed over the units it is the mean kl_loss: the rate.",
        tensors=True,
    ),
    "10.2": Exercise(
        name="active_units",
        solution=active_units,
        cases=[(CODES,), (FEW,)],
        expected=by_pairs,
        mistakes={
            "you took the variance over the units: take it over the images, "
            "axis 0.": lambda m: count(m.var(axis=1) > 0.01),
            "you counted the collapsed units: an active one varies by *more* than "
            "0.01.": lambda m: count(m.var(axis=0) <= 0.01),
            "that is the standard deviation: the threshold 0.01 is for the "
            "variance.": lambda m: count(m.std(axis=0) > 0.01),
            "you compared the mean square, and a unit that says the same of every "
            "image, 2 say, would count: subtract the mean, as np.var "
            "does.": lambda m: count(np.mean(m**2, axis=0) > 0.01),
            "you compared the average of z_mean: a unit can be active around 0. Take "
            "the variance over the images.": lambda m: count(m.mean(axis=0) > 0.01),
            "you compared the size of the average: an active unit *varies*, wherever "
            "it is.": lambda m: count(np.abs(m.mean(axis=0)) > 0.01),
            "you summed the squares over the images: the variance is their "
            "mean.": lambda m: count(len(m) * m.var(axis=0) > 0.01),
            "you counted single codes: take the variance over the images "
            "first.": lambda m: count(np.abs(m) > 0.01),
            "that is the share of active units: count them.": lambda m: np.mean(
                m.var(axis=0) > 0.01
            ),
            "those are the variances: count those above 0.01.": lambda m: m.var(axis=0),
            "that is the sum of the variances above 0.01: count them.": lambda m: (
                np.sum(np.where(m.var(axis=0) > 0.01, m.var(axis=0), 0))
            ),
            "that is one variance of everything: one for each unit, over axis "
            "0.": lambda m: count(m.var() > 0.01),
            "those are flags, one a unit: count the true ones.": lambda m: (
                m.var(axis=0) > 0.01
            ).astype(int),
            "the threshold is 0.01: that is 0.1.": lambda m: count(m.var(axis=0) > 0.1),
            "the threshold is 0.01: that is 0.001.": lambda m: count(
                m.var(axis=0) > 0.001
            ),
        },
        fact="Collapsed units have the variance 0 and the KL 0: one says it of the "
        "means, the other of the whole clouds.",
    ),
    "10.3": Exercise(
        name="free_bits",
        solution=free_bits,
        cases=[(PER_UNIT, 0.25), (TWO_UNITS, 0.5), (ASLEEP, 0.5)],
        expected=by_a_loop,
        mistakes={
            "min and max are swapped: that caps what a unit may cost, and rewards "
            "collapse.": lambda k, f: ops.sum(ops.minimum(k, f)),
            "the floor is under the sum: then one unit may use all of it up. Take the "
            "maximum for each unit, then sum.": lambda k, f: ops.maximum(ops.sum(k), f),
            "the floor is under the sum of all units: one unit may carry everything. "
            "Take the maximum for each unit, then sum.": lambda k, f: ops.maximum(
                ops.sum(k), f * k.shape[0]
            ),
            "you subtracted the free nats: the slopes are right, the value is lower by "
            "free for each unit. Take the maximum.": lambda k, f: ops.sum(
                ops.maximum(k - f, 0.0)
            ),
            "a unit below the floor costs nothing in yours: it must cost free, or the "
            "penalty jumps at the floor.": lambda k, f: ops.sum(
                ops.where(k > f, k, 0.0)
            ),
            "only the units below the floor are counted: the others cost their "
            "KL.": lambda k, f: ops.sum(ops.where(k < f, f, 0.0)),
            "you took the mean over the units: sum.": lambda k, f: ops.mean(
                ops.maximum(k, f)
            ),
            "those are the units' costs: sum them.": lambda k, f: ops.maximum(k, f),
            "the free nats are missing: take the maximum with free.": lambda k, f: (
                ops.sum(k)
            ),
            "you added the free nats: take the maximum of both.": lambda k, f: ops.sum(
                k + f
            ),
            "you added the free nats, once: take the maximum for each "
            "unit.": lambda k, f: ops.sum(k) + f,
            "you subtracted the free nats from the sum: take the maximum for each "
            "unit.": lambda k, f: ops.sum(k) - f,
            "that is the largest unit alone: ops.maximum compares pairs, ops.max "
            "reduces.": lambda k, f: ops.maximum(ops.max(k), f),
            "you multiplied by the free nats: take the maximum.": lambda k, f: (
                f * ops.sum(k)
            ),
        },
        fact="Below the floor the slope is 0: nothing pulls such a unit to the prior.",
        tensors=True,
        tolerance=1e-4,
    ),
}
