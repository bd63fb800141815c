"""Exercises of lab 03: the sampler."""

import numpy as np
from scipy.stats import norm

from vae_lab.checks.exercise import Exercise
from vae_lab.session import ops

RNG = np.random.default_rng(3)
Z_MEAN = RNG.normal(size=(6, 2)).astype("float32")
Z_LOG_VAR = RNG.uniform(-3, 1, size=(6, 2)).astype("float32")
EPSILON = RNG.normal(size=(6, 2)).astype("float32")
DRAWS = [(0.7, 0.5, RNG.normal(size=50)), (-1.2, 1.5, RNG.normal(size=80))]


def sample_z(z_mean, z_log_var, epsilon):
    z_std = ops.exp(0.5 * z_log_var)
    return z_mean + z_std * epsilon


def pathwise_gradient(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return np.mean(2 * z), np.mean(2 * z * epsilon)


def means(of_draws):
    """A wrong pair of slopes: the means of two wrong numbers for each draw."""
    return lambda m, s, e: tuple(map(np.mean, of_draws(m + s * e, m, s, e)))


def by_quantiles(z_mean, z_log_var, epsilon):
    """The same point by its probability, as SciPy draws it."""
    return norm.ppf(norm.cdf(epsilon), z_mean, np.sqrt(np.exp(z_log_var)))


def by_differences(z_mean, z_std, epsilon, step=1e-5):
    """Slopes of the mean of z**2 by central differences, epsilon held fixed."""

    def mean_square(m, s):
        return np.mean((m + s * epsilon) ** 2)

    to_mean = mean_square(z_mean + step, z_std) - mean_square(z_mean - step, z_std)
    to_std = mean_square(z_mean, z_std + step) - mean_square(z_mean, z_std - step)
    return to_mean / (2 * step), to_std / (2 * step)


EXERCISES = {
    "3.1": Exercise(
        name="sample_z",
        solution=sample_z,
        cases=[(Z_MEAN, Z_LOG_VAR, EPSILON)],
        expected=by_quantiles,
        mistakes={
            "you multiplied by exp(z_log_var), the *variance*: the 0.5 is missing, "
            "as it was in the original lab sheet.": lambda m, v, e: m + ops.exp(v) * e,
            "you multiplied by the log variance itself: "
            "turn it into a standard deviation first.": lambda m, v, e: m + v * e,
            "0.5 * z_log_var is still a log: take exp of it.": lambda m, v, e: (
                m + 0.5 * v * e
            ),
            "you took the root of the *log* variance, which may be negative: "
            "z_std = exp(0.5 * z_log_var).": lambda m, v, e: m + ops.sqrt(v) * e,
            "z_mean is missing: every cloud would "
            "be centered on the origin.": lambda m, v, e: ops.exp(0.5 * v) * e,
            "epsilon is missing: that is one "
            "fixed point, not a draw.": lambda m, v, e: m + ops.exp(0.5 * v),
            "z_std is missing: "
            "every cloud would be as wide as the prior.": lambda m, v, e: m + e,
            "z_std and epsilon are added: multiply them.": lambda m, v, e: (
                m + ops.exp(0.5 * v) + e
            ),
            "the sign of epsilon is flipped. "
            "The draws would have the right distribution, "
            "but the convention is plus.": lambda m, v, e: m - ops.exp(0.5 * v) * e,
            "the sign of the log variance is wrong: certain codes "
            "would get the widest clouds.": lambda m, v, e: m + ops.exp(-0.5 * v) * e,
            "the 0.5 stands outside exp: "
            "z_std = exp(0.5 * z_log_var).": lambda m, v, e: m + 0.5 * ops.exp(v) * e,
            "z_std stretches z_mean too: multiply epsilon alone.": lambda m, v, e: (
                (m + e) * ops.exp(0.5 * v)
            ),
            "z_std multiplies z_mean: it is epsilon "
            "that it stretches.": lambda m, v, e: m * ops.exp(0.5 * v) + e,
            "z_mean and z_log_var are swapped.": lambda m, v, e: sample_z(v, m, e),
        },
        fact="Its slope in z_mean is 1 and in z_std is epsilon: that is the trick.",
        tensors=True,
    ),
    "3.2": Exercise(
        name="pathwise_gradient",
        solution=pathwise_gradient,
        cases=DRAWS,
        expected=by_differences,
        mistakes={
            "those are the exact slopes, 2 z_mean and 2 z_std. They are right, but the "
            "task is to estimate them from the draws.": lambda m, s, e: (2 * m, 2 * s),
            "the second slope lacks the inner derivative: "
            "dz / dz_std is epsilon.": means(lambda z, m, s, e: (2 * z, 2 * z)),
            "the first slope has an epsilon too many: dz / dz_mean is 1.": means(
                lambda z, m, s, e: (2 * z * e, 2 * z * e)
            ),
            "the inner derivative of the second slope is epsilon, not z_std.": means(
                lambda z, m, s, e: (2 * z, 2 * z * s)
            ),
            "the inner derivative of the second slope is epsilon, not z.": means(
                lambda z, m, s, e: (2 * z, 2 * z * z)
            ),
            "multiply each draw's 2 z by its own epsilon, then take the mean: "
            "the mean of a product is not the product "
            "of the means.": means(lambda z, m, s, e: (2 * z, 2 * z.mean() * e)),
            "the 2 of the derivative of z**2 is missing.": means(
                lambda z, m, s, e: (z, z * e)
            ),
            "that is z**2: take its derivative, 2 z.": means(
                lambda z, m, s, e: (z**2, z**2 * e)
            ),
            "you summed over the draws: an expectation is estimated by their "
            "mean.": means(lambda z, m, s, e: (2 * z * e.size, 2 * z * e * e.size)),
            "those are the slopes of each draw: return their means.": lambda m, s, e: (
                2 * (m + s * e),
                2 * (m + s * e) * e,
            ),
            "the two slopes are swapped: z_mean first.": means(
                lambda z, m, s, e: (2 * z * e, 2 * z)
            ),
            "you took the derivative at z_mean: take it at each draw z.": means(
                lambda z, m, s, e: (2 * m, 2 * m * e)
            ),
            "z_std is a standard deviation already, no log variance: use it as it "
            "is.": lambda m, s, e: pathwise_gradient(m, np.exp(0.5 * s), e),
            "that is the score-function estimator: differentiate f at each "
            "draw instead.": means(
                lambda z, m, s, e: (z**2 * e / s, z**2 * (e**2 - 1) / s)
            ),
            "you took the derivative at epsilon: take it at z "
            "= z_mean + z_std * epsilon.": means(lambda z, m, s, e: (2 * e, 2 * e * e)),
        },
        fact="Keras does this for you: backpropagation through z is this very formula.",
    ),
}
