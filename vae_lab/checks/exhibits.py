"""Exhibits of lab 12: samplers, losses and splits, on which tests are tried."""

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from vae_lab.session import ops


class Exhibit(NamedTuple):
    """Code to be tested; `why` says what is wrong with it, or why it is sound."""

    name: str
    faulty: bool
    why: str
    code: object


def exhibits(reasons, sound, faulty):
    """Make exhibits of code by name; `reasons` has a line "name: why" for each."""
    lines = reasons.strip().replace("\n    ", " ").splitlines()
    whys = dict(line.split(": ", 1) for line in lines)
    tables = [(sound, False), (faulty, True)]
    return tuple(
        Exhibit(name, is_faulty, whys[name], code)
        for table, is_faulty in tables
        for name, code in table.items()
    )


# 12.1: samplers. The noise is their third argument.


def gaussian(z_std):
    return lambda m, v, e: m + z_std(v) * e


def by_quantiles(m, v, e):
    return norm.ppf(norm.cdf(e), m, np.exp(0.5 * v))


def in_pairs(m, v, e):
    half = e[: (len(e) + 1) // 2]
    return m + np.exp(0.5 * v) * np.concatenate([half, -half])[: len(e)]


def constant_width():
    widths = []

    def sampler(m, v, e):
        widths.append(np.exp(0.5 * v.flat[0]))
        return m + widths[0] * e

    return sampler


SAMPLERS = exhibits(
    """
lab 3: it is the equation
root of the variance: sqrt(exp(z_log_var)) is exp(0.5 * z_log_var)
minus the noise: epsilon and -epsilon have the same distribution
by quantiles: the quantile of a uniform number is a normal number
in pairs: half of the batch gets the noise of the other half with a minus, and each draw
    has the right distribution
the original: it takes exp(z_log_var), the variance, for the width
0.5 outside exp: its width is 0.5 * exp(z_log_var)
0.6 for 0.5: its width is exp(0.6 * z_log_var), 18 % off at z_log_var = -2
sign of the log: its width is exp(-0.5 * z_log_var)
width of the prior: it does not look at z_log_var
constant width: it keeps the width of its first call, whatever z_log_var comes later
no noise: it returns z_mean itself
no mean: it does not look at z_mean
mean stretched: it multiplies z_mean by the width too
one noise for all: every row of a batch gets the same epsilon
""",
    sound={
        "lab 3": gaussian(lambda v: np.exp(0.5 * v)),
        "root of the variance": gaussian(lambda v: np.sqrt(np.exp(v))),
        "minus the noise": gaussian(lambda v: -np.exp(0.5 * v)),
        "by quantiles": by_quantiles,
        "in pairs": in_pairs,
    },
    faulty={
        "the original": gaussian(np.exp),
        "0.5 outside exp": gaussian(lambda v: 0.5 * np.exp(v)),
        "0.6 for 0.5": gaussian(lambda v: np.exp(0.6 * v)),
        "sign of the log": gaussian(lambda v: np.exp(-0.5 * v)),
        "width of the prior": gaussian(lambda v: 1.0),
        "constant width": constant_width,
        "no noise": gaussian(lambda v: 0.0),
        "no mean": lambda m, v, e: np.exp(0.5 * v) * e,
        "mean stretched": lambda m, v, e: (m + e) * np.exp(0.5 * v),
        "one noise for all": lambda m, v, e: m + np.exp(0.5 * v) * e[:1],
    },
)


def with_noise(code):
    """Return the sampler of two arguments that a test is given."""
    rng = np.random.default_rng(12)
    code = code() if code is constant_width else code  # it has a memory

    def sampler(z_mean, z_log_var):
        m, v = np.broadcast_arrays(*map(as_numpy, (z_mean, z_log_var)))
        rows = np.atleast_1d(m), np.atleast_1d(v)
        z = code(*rows, rng.normal(size=rows[0].shape))
        return ops.convert_to_tensor(np.reshape(z, m.shape), "float32")

    return sampler


def as_numpy(value):
    return ops.convert_to_numpy(value) if ops.is_tensor(value) else np.asarray(value)


# 12.2: losses of (images, reconstruction, z_mean, z_log_var), each a scalar.


def rows(values):
    return ops.reshape(values, (ops.shape(values)[0], -1))


def pixels(x, p):
    """The cross-entropy of each pixel, (batch, pixels)."""
    return ops.binary_crossentropy(rows(x), rows(p))


def units(m, v):
    """The KL of each latent unit, (batch, latent_dim)."""
    return 0.5 * (ops.square(m) + ops.exp(v) - 1 - v)


def total(combine):
    """A loss from the summed cross-entropy and the summed KL of each image."""

    def loss(x, p, m, v):
        parts = ops.sum(pixels(x, p), axis=1), ops.sum(units(m, v), axis=1)
        return ops.mean(combine(*parts))

    return loss


def with_kl(of_units):
    """A loss whose KL is wrong in each unit."""

    def loss(x, p, m, v):
        kl = ops.sum(of_units(m, v), axis=1)
        return ops.mean(ops.sum(pixels(x, p), axis=1) + kl)

    return loss


def above_a_copy(x, p, m, v):
    excess = ops.sum(pixels(x, p) - pixels(x, x), axis=1)
    return ops.mean(excess + ops.sum(units(m, v), axis=1))


def the_original(x, p, m, v):
    terms = 1 + v - ops.square(m) - ops.exp(v)
    return ops.mean(ops.mean(pixels(x, p)) - 5e-4 * ops.mean(terms, axis=-1))


def mean_of_units(x, p, m, v):
    kl = ops.mean(units(m, v), axis=1)
    return ops.mean(ops.sum(pixels(x, p), axis=1) + kl)


def batch_of_kl(x, p, m, v):
    return ops.mean(ops.sum(pixels(x, p), axis=1)) + ops.sum(units(m, v))


LOSSES = exhibits(
    """
lab 6: it is the negative ELBO
nats per pixel: both terms are divided by 784, so beta is 1
in bits: both terms are divided by log 2, so beta is 1
above a copy: it counts from the loss of a perfect copy, which nothing learned can
    change: a constant must drop out, so use changes of the loss
plus 1,000: a constant must drop out, so use changes of the loss
minus 1,000: a constant must drop out, so use changes of the loss
the original: 784 * 5e-4 makes its beta 0.392 with two units
mean over units: its beta is 1 / latent_dim, as in Chollet's 2nd and 3rd editions
500 on the reconstruction: 500 times the mean over 784 pixels: its beta is 1.57.
    Foster's 2nd edition does so
mean over pixels: its beta is 784
KL of the whole batch: the KL is summed over the batch and the reconstruction is not:
    its beta is the batch size
beta 0.9: its beta is 0.9
no KL: its beta is 0
KL subtracted: its beta is -1: clouds are driven away from the prior
std for variance: its KL holds exp(0.5 * z_log_var) where the variance belongs
no z_mean: its KL does not look at z_mean
exchanged: its KL takes z_mean for z_log_var, and z_log_var for z_mean
""",
    sound={
        "lab 6": total(lambda r, k: r + k),
        "nats per pixel": total(lambda r, k: (r + k) / 784),
        "in bits": total(lambda r, k: (r + k) / np.log(2)),
        "above a copy": above_a_copy,
        "plus 1,000": total(lambda r, k: r + k + 1000),
        "minus 1,000": total(lambda r, k: r + k - 1000),
    },
    faulty={
        "the original": the_original,
        "mean over units": mean_of_units,
        "500 on the reconstruction": total(lambda r, k: 500 * r / 784 + k),
        "mean over pixels": total(lambda r, k: r / 784 + k),
        "KL of the whole batch": batch_of_kl,
        "beta 0.9": total(lambda r, k: r + 0.9 * k),
        "no KL": total(lambda r, k: r),
        "KL subtracted": total(lambda r, k: r - k),
        "std for variance": with_kl(
            lambda m, v: 0.5 * (m**2 + ops.exp(0.5 * v) - 1 - v)
        ),
        "no z_mean": with_kl(lambda m, v: units(0 * m, v)),
        "exchanged": with_kl(lambda m, v: units(v, m)),
    },
)


def as_loss(code):
    """Return the loss that a test is given: arrays or tensors in, a scalar out."""
    return lambda *parts: code(*(ops.convert_to_tensor(x, "float32") for x in parts))


# 12.3: splits, functions that return (x_train, x_test), made anew for each test.


def images(seed, count):
    """Return pictures with much paper and some ink, in steps of 1/255."""
    rng = np.random.default_rng(seed)
    ink = rng.integers(1, 256, size=(count, 28, 28, 1))
    seen = rng.uniform(size=ink.shape) < 0.2
    return (np.where(seen, ink, 0) / np.float32(255)).astype("float32")


TRAIN, TEST = images(0, 120), images(4, 40)
JOINED = np.concatenate([TRAIN, TEST])
SHUFFLED = np.random.default_rng(2).permutation(160)


def in_float64(array):
    return np.rint(255 * array).astype("float64") / 255


def changed(array, index, value):
    copy = array.copy()
    copy[index] = value
    return copy


SPLITS = exhibits(
    """
apart: no image is in both
one image twice in training: the double is among the training images, and the test set
    is clean
look-alikes: a training image differs from a test image in one pixel: similar is not the
    same
mirror images: a mirrored digit has the same pixels in other places: it is another image
train and test joined: it trains on both sets, as keras.io and Chollet's 2nd and 3rd
    editions do
joined and shuffled: every test image is somewhere in the training set
the first of the training images: the test set is a slice of the training set, which
    keeps it
half of the test set: the first twenty test images are in the training set
one leak: one test image of the forty is in the training set
leak in float64: pixels / 255 in float64 and in float32 differ in the eighth digit, and
    are the same image
""",
    sound={
        "apart": lambda: (TRAIN, TEST),
        "one image twice in training": lambda: (changed(TRAIN, 7, TRAIN[90]), TEST),
        "look-alikes": lambda: (
            changed(changed(TRAIN, 5, TEST[3]), (5, 14, 14, 0), 0.5),
            TEST,
        ),
        "mirror images": lambda: (changed(TRAIN, slice(0, 40), TEST[:, :, ::-1]), TEST),
    },
    faulty={
        "train and test joined": lambda: (JOINED, TEST),
        "joined and shuffled": lambda: (JOINED[SHUFFLED], TEST),
        "the first of the training images": lambda: (TRAIN, TRAIN[:40]),
        "half of the test set": lambda: (
            changed(TRAIN, slice(50, 70), TEST[:20]),
            TEST,
        ),
        "one leak": lambda: (changed(TRAIN, 77, TEST[31]), TEST),
        "leak in float64": lambda: (in_float64(JOINED), TEST),
    },
)


def fresh(code):
    return tuple(part.copy() for part in code())
