"""Exercises of lab 09: the likelihood."""

import numpy as np
from scipy.stats import norm

from vae_lab import evaluate
from vae_lab.checks.exercise import Exercise, NotYet
from vae_lab.model import kl_loss
from vae_lab.session import ops

RNG = np.random.default_rng(9)
COST = np.float32([3.0, 1.5, 8.0, 0.2, 5.0])  # of five draws, in nats
Z_MEAN = RNG.normal(0, 1.5, size=(5, 2)).astype("float32")
Z_LOG_VAR = RNG.uniform(-3, 1, size=(5, 2)).astype("float32")
Z_LOG_VAR[0] = 0.4, 0.8  # above 0: a log of it is a number in one row
Z = Z_MEAN + np.exp(0.5 * Z_LOG_VAR) * RNG.normal(size=(5, 2)).astype("float32")
MILD = RNG.uniform(-3, 1, size=(4, 3)).astype("float32")
FAR = MILD + np.float32([-140, -1000, 120])  # exp of them leaves float32
WIDE = np.float32(
    [[-1000, -140, 0], [-800, -141, -5], [-140, -400, 5], [-500, 9, -100]]
)
HALF_LOG_2_PI = 0.5 * np.log(2 * np.pi)


def log_weights(reconstruction_part, z, z_mean, z_log_var):
    return evaluate.log_weights(reconstruction_part, z, z_mean, z_log_var)


def log_mean_exp(log_w):
    return evaluate.log_mean_exp(log_w)


def by_scipy(cost, z, z_mean, z_log_var):
    z, z_mean, z_log_var = (a.astype("float64") for a in (z, z_mean, z_log_var))
    log_q = norm.logpdf(z, z_mean, np.exp(0.5 * z_log_var))
    return (norm.logpdf(z) - log_q).sum(axis=1) - cost


def pair_by_pair(log_w):
    return np.logaddexp.reduce(log_w.astype("float64")) - np.log(len(log_w))


def total(per_unit):
    return ops.sum(per_unit, axis=-1)


def square(epsilon):
    return 0.5 * ops.square(epsilon)


def noise(z, m, v):
    return (z - m) / ops.exp(0.5 * v)


def weigh(per_unit):
    """A wrong log weight: the sum of something other for each unit, less the cost."""
    return lambda c, z, m, v: total(per_unit(z, m, v)) - c


def ratio(c, z, m, v):
    """log p(z) - log q(z given x), for each unit."""
    return square(noise(z, m, v)) + 0.5 * v - square(z)


def spread(log_w):
    return ops.exp(log_w - ops.max(log_w, axis=0))


def with_ops(function, log_w):
    """Run an answer to 9.2, and refuse NumPy's numbers where they are right."""
    result = function(ops.convert_to_tensor(log_w))
    if isinstance(result, np.ndarray | np.number):
        truth = pair_by_pair(log_w)
        if np.shape(result) == truth.shape and np.allclose(result, truth, atol=1e-2):
            raise NotYet(
                "the numbers are right, but it returned a NumPy array: write it with "
                "keras `ops` (ops.max, ops.exp, ...) in place of NumPy and SciPy."
            )
    return result


EXERCISES = {
    "9.1": Exercise(
        name="log_weights",
        solution=log_weights,
        cases=[(COST, Z, Z_MEAN, Z_LOG_VAR), (3 * COST, -Z, Z_MEAN, Z_LOG_VAR)],
        expected=by_scipy,
        mistakes={
            "the sign of log q is wrong: the weight *divides* by q, "
            "so its log is subtracted.": weigh(
                lambda z, m, v: -square(noise(z, m, v)) - 0.5 * v - square(z)
            ),
            "the signs of log p(z) and log q are swapped: the prior is above the "
            "line, q below.": lambda c, z, m, v: -total(ratio(c, z, m, v)) - c,
            "the sign of log q is wrong, its constant included: the weight *divides* "
            "by q.": weigh(
                lambda z, m, v: (
                    -square(noise(z, m, v)) - 0.5 * v - square(z) - 2 * HALF_LOG_2_PI
                )
            ),
            "the prior is missing, its constant included: add log p(z).": weigh(
                lambda z, m, v: square(noise(z, m, v)) + 0.5 * v + HALF_LOG_2_PI
            ),
            "log q is missing, its constant included: subtract it.": weigh(
                lambda z, m, v: -square(z) - HALF_LOG_2_PI
            ),
            "the width s is exp(0.5 * z_log_var), in the square and in the log: "
            "exp(z_log_var) is the variance.": weigh(
                lambda z, m, v: square((z - m) / ops.exp(v)) + v - square(z)
            ),
            "z_log_var is no width: s is exp(0.5 * z_log_var).": weigh(
                lambda z, m, v: square((z - m) / v) + ops.log(v) - square(z)
            ),
            "the sign of log s is wrong: log q holds -log s, and the weight subtracts "
            "log q.": weigh(
                lambda z, m, v: square(noise(z, m, v)) - 0.5 * v - square(z)
            ),
            "the factor 0.5 is missing in the square of the prior.": weigh(
                lambda z, m, v: square(noise(z, m, v)) + 0.5 * v - z**2
            ),
            "the factor 0.5 is missing in the square of q.": weigh(
                lambda z, m, v: noise(z, m, v) ** 2 + 0.5 * v - square(z)
            ),
            "the prior is missing: add log p(z).": weigh(
                lambda z, m, v: square(noise(z, m, v)) + 0.5 * v
            ),
            "log q is missing: subtract it.": weigh(lambda z, m, v: -square(z)),
            "reconstruction_part is -log p(x given z) already: "
            "subtract it.": lambda c, z, m, v: total(ratio(c, z, m, v)) + c,
            "reconstruction_part is missing: subtract it.": lambda c, z, m, v: total(
                ratio(c, z, m, v)
            ),
            "exp(z_log_var) is the variance: epsilon is (z - z_mean) / "
            "exp(0.5 * z_log_var).": weigh(
                lambda z, m, v: square((z - m) / ops.exp(v)) + 0.5 * v - square(z)
            ),
            "log q lacks the log of its width: -0.5 * z_log_var for each unit.": weigh(
                lambda z, m, v: square(noise(z, m, v)) - square(z)
            ),
            "z_log_var needs the factor 0.5: it is the log of the "
            "*variance*, and q has the width in its denominator.": weigh(
                lambda z, m, v: square(noise(z, m, v)) + v - square(z)
            ),
            "z_mean is missing in log q: it is centered there.": weigh(
                lambda z, m, v: square(noise(z, 0, v)) + 0.5 * v - square(z)
            ),
            "the prior is that of z, not of z_mean.": weigh(
                lambda z, m, v: square(noise(z, m, v)) + 0.5 * v - square(m)
            ),
            "the factor 0.5 of both squares is missing.": weigh(
                lambda z, m, v: noise(z, m, v) ** 2 + 0.5 * v - z**2
            ),
            "the constant 0.5 * log(2 pi) of each unit is in one of the two normal "
            "densities alone: put it into both or into none.": weigh(
                lambda z, m, v: ratio(0, z, m, v) + 0.5 * np.log(2 * np.pi)
            ),
            "you took the mean over the latent units: "
            "the log of a product is a sum.": lambda c, z, m, v: (
                0.5 * total(ratio(c, z, m, v)) - c
            ),
            "you summed over the batch too: one number for each draw, "
            "axis=-1.": lambda c, z, m, v: ops.sum(ratio(c, z, m, v)) - c,
            "that is the ELBO, with the KL in closed form: the weight of "
            "*this* draw needs log p(z) - log q(z given x) at its "
            "z.": lambda c, z, m, v: -c - kl_loss(m, v),
            "that is the weight: return its log.": lambda c, z, m, v: ops.exp(
                total(ratio(c, z, m, v)) - c
            ),
            "the sign is wrong: that is minus the log weight.": lambda c, z, m, v: (
                c - total(ratio(c, z, m, v))
            ),
        },
        fact="Averaged over many draws, the log weight estimates the ELBO.",
        tensors=True,
    ),
    "9.2": Exercise(
        name="log_mean_exp",
        solution=log_mean_exp,
        cases=[(FAR,), (WIDE,), (MILD,)],
        expected=pair_by_pair,
        mistakes={
            "exp left the range of float32: it is 0 below -104 and infinite above 88. "
            "Subtract the maximum before exp, and add it back after "
            "log.": lambda w: ops.log(ops.mean(ops.exp(w), axis=0)),
            "that is the log of the *sum*: the mean divides by k, "
            "so subtract log(k).": lambda w: (
                ops.max(w, axis=0) + ops.log(ops.sum(spread(w), axis=0))
            ),
            "that is the mean of the logs, the ELBO: take the mean of the weights, "
            "then the log.": lambda w: ops.mean(w, axis=0),
            "the maximum is not added back.": lambda w: ops.log(
                ops.mean(spread(w), axis=0)
            ),
            "the maximum is that of all images: each image needs its own, "
            "axis=0.": lambda w: (
                ops.max(w) + ops.log(ops.mean(ops.exp(w - ops.max(w)), axis=0))
            ),
            "you subtracted the minimum and added back the maximum: subtract the "
            "maximum too, so that exp never gets a number above "
            "0.": lambda w: (
                ops.max(w, axis=0)
                + ops.log(ops.mean(ops.exp(w - ops.min(w, axis=0)), axis=0))
            ),
            "you took the minimum out: exp of what is left overflows, take out the "
            "maximum.": lambda w: (
                ops.min(w, axis=0)
                + ops.log(ops.mean(ops.exp(w - ops.min(w, axis=0)), axis=0))
            ),
            "you took the mean out: exp of what is left overflows, take out the "
            "maximum.": lambda w: (
                ops.mean(w, axis=0)
                + ops.log(ops.mean(ops.exp(w - ops.mean(w, axis=0)), axis=0))
            ),
            "the maximum is subtracted twice: add it back after log.": lambda w: (
                ops.log(ops.mean(spread(w), axis=0)) - ops.max(w, axis=0)
            ),
            "you divided by the number of images: the mean is over k draws, "
            "axis 0.": lambda w: ops.logsumexp(w, axis=0) - np.log(w.shape[1]),
            "you reduced over the images: the draws are axis 0.": lambda w: (
                log_mean_exp(ops.transpose(w))
            ),
            "you reduced over draws and images: one number an image, "
            "axis=0.": lambda w: log_mean_exp(ops.reshape(w, (-1, 1)))[0],
            "one axis is left over: return (batch,), without keepdims.": lambda w: (
                log_mean_exp(w)[None]
            ),
            "that is the best draw alone, the maximum.": lambda w: ops.max(w, axis=0),
            "log(k) is added: the mean divides by k, so subtract it.": lambda w: (
                log_mean_exp(w) + 2 * ops.log(1.0 * ops.shape(w)[0])
            ),
            "you divided the log of the sum by k: divide the sum, or subtract "
            "log(k).": lambda w: ops.logsumexp(w, axis=0) / ops.shape(w)[0],
            "the sign is wrong: that is the loss, minus the bound.": lambda w: (
                -log_mean_exp(w)
            ),
            "that is in bits: the course counts in nats.": lambda w: (
                log_mean_exp(w) / np.log(2)
            ),
        },
        fact="It is never below the mean of the logs, and never above the best draw.",
        run=with_ops,
        tolerance=1e-5,
    ),
}
