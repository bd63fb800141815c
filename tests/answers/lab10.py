"""Answers to the exercises of lab 10."""

import statistics

import numpy as np
from keras import ops

from answers import right, wrong

# Right, in other ways than the reference


@right("10.1")
def _(z_mean, z_log_var):
    z_std = ops.exp(z_log_var / 2)
    kl = (z_mean * z_mean + z_std * z_std) / 2 - ops.log(z_std) - 0.5
    return ops.mean(kl, axis=0)


@right("10.1")
def _(z_mean, z_log_var):
    total = ops.sum(z_mean**2 + ops.exp(z_log_var) - 1 - z_log_var, axis=0)
    return total / 2 / ops.cast(ops.shape(z_mean)[0], "float32")


@right("10.2")
def _(z_mean):
    columns = np.asarray(z_mean, "float64").T.tolist()
    return sum(statistics.pvariance(column) > 0.01 for column in columns)


@right("10.2")
def _(z_mean):
    return np.count_nonzero(np.diag(np.cov(z_mean, rowvar=False)) > 1e-2)


@right("10.2")
def _(z_mean):
    return ops.sum(ops.cast(ops.var(z_mean, axis=0) > 0.01, "int32"))


@right("10.3")
def _(per_unit, free):
    return ops.sum(ops.where(per_unit > free, per_unit, free))


@right("10.3")
def _(per_unit, free):
    return ops.sum(free + ops.relu(per_unit - free))


# Wrong


def cloud(m, v):
    return (m**2 + ops.exp(v) - v - 1) / 2


@wrong("10.1", "one number an image")
def _(z_mean, z_log_var):
    return ops.sum(cloud(z_mean, z_log_var), axis=-1)


@wrong("10.1", "averaged over the units")
def _(z_mean, z_log_var):
    return ops.mean(cloud(z_mean, z_log_var), axis=-1)


@wrong("10.1", "summed over the images")
def _(z_mean, z_log_var):
    return ops.sum(cloud(z_mean, z_log_var), 0)


@wrong("10.1", "KLs of the single images")
def _(z_mean, z_log_var):
    return 0.5 * (z_mean**2 + ops.exp(z_log_var) - 1 - z_log_var)


@wrong("10.1", "the whole rate in one number")
def _(z_mean, z_log_var):
    return ops.sum(ops.mean(cloud(z_mean, z_log_var), axis=0))


@wrong("10.1", "averaged over everything")
def _(z_mean, z_log_var):
    return ops.mean(cloud(z_mean, z_log_var))


@wrong("10.1", "averaged the clouds")
def _(z_mean, z_log_var):
    mean = ops.mean(z_mean, axis=0)
    log_var = ops.mean(z_log_var, axis=0)
    return 0.5 * (mean**2 + ops.exp(log_var) - 1 - log_var)


@wrong("10.1", "factor 0.5 is missing")
def _(z_mean, z_log_var):
    return ops.mean(z_mean**2 + ops.exp(z_log_var) - 1 - z_log_var, axis=0)


@wrong("10.1", "the sign is wrong: a KL")
def _(z_mean, z_log_var):
    return 0.5 * ops.mean(1 + z_log_var - z_mean**2 - ops.exp(z_log_var), axis=0)


@wrong("10.1", "exp(0.5 * z_log_var) is the standard deviation")
def _(z_mean, z_log_var):
    z_std = ops.exp(0.5 * z_log_var)
    return ops.mean(0.5 * (z_mean**2 + z_std - 1 - z_log_var), axis=0)


@wrong("10.1", "exp is missing")
def _(z_mean, z_log_var):
    return ops.mean(0.5 * (z_mean**2 - 1), axis=0)


@wrong("10.1", "the -1 is missing")
def _(z_mean, z_log_var):
    return ops.mean(z_mean**2 + ops.exp(z_log_var) - z_log_var, axis=0) / 2


@wrong("10.1", "sign of z_log_var")
def _(z_mean, z_log_var):
    return ops.mean(z_mean**2 + ops.exp(z_log_var) - 1 + z_log_var, axis=0) / 2


@wrong("10.1", "z_mean must be squared")
def _(z_mean, z_log_var):
    return ops.mean(z_mean + ops.exp(z_log_var) - 1 - z_log_var, axis=0) / 2


@wrong("10.1", "z_mean is missing")
def _(z_mean, z_log_var):
    return ops.mean(ops.exp(z_log_var) - 1 - z_log_var, axis=0) / 2


@wrong("10.2", "variance over the units")
def _(z_mean):
    return (np.var(z_mean, axis=-1) > 0.01).sum()


@wrong("10.2", "counted the collapsed units")
def _(z_mean):
    return (np.var(z_mean, axis=0) < 0.01).sum()


@wrong("10.2", "that is the standard deviation")
def _(z_mean):
    return (np.std(z_mean, axis=0) > 0.01).sum()


@wrong("10.2", "the mean square")
def _(z_mean):
    return np.count_nonzero(np.mean(np.square(z_mean), axis=0) > 0.01)


@wrong("10.2", "the average of z_mean")
def _(z_mean):
    return np.count_nonzero(np.mean(z_mean, axis=0) > 0.01)


@wrong("10.2", "the size of the average")
def _(z_mean):
    return np.count_nonzero(abs(np.mean(z_mean, axis=0)) > 0.01)


@wrong("10.2", "summed the squares over the images")
def _(z_mean):
    centered = z_mean - z_mean.mean(axis=0)
    return sum(np.sum(centered**2, axis=0) > 0.01)


@wrong("10.2", "counted single codes")
def _(z_mean):
    return np.count_nonzero(abs(z_mean) > 0.01)


@wrong("10.2", "share of active units")
def _(z_mean):
    active = np.var(z_mean, axis=0) > 0.01
    return active.sum() / len(active)


@wrong("10.2", "those are the variances")
def _(z_mean):
    return np.var(z_mean, axis=0)


@wrong("10.2", "sum of the variances")
def _(z_mean):
    variances = np.var(z_mean, axis=0)
    return variances[variances > 0.01].sum()


@wrong("10.2", "one variance of everything")
def _(z_mean):
    return int(np.var(z_mean) > 0.01)


@wrong("10.2", "those are flags")
def _(z_mean):
    return np.where(np.var(z_mean, axis=0) > 0.01, 1, 0)


@wrong("10.2", "that is 0.1")
def _(z_mean):
    return sum(np.var(z_mean, axis=0) > 0.1)


@wrong("10.2", "that is 0.001")
def _(z_mean):
    return sum(np.var(z_mean, axis=0) > 1e-3)


@wrong("10.3", "min and max are swapped")
def _(per_unit, free):
    return ops.sum(ops.clip(per_unit, 0, free))


@wrong("10.3", "under the sum: then")
def _(per_unit, free):
    return ops.maximum(free, ops.sum(per_unit))


@wrong("10.3", "under the sum of all units")
def _(per_unit, free):
    return ops.maximum(len(per_unit) * free, ops.sum(per_unit))


@wrong("10.3", "the slopes are right")
def _(per_unit, free):
    return ops.sum(ops.relu(per_unit - free))


@wrong("10.3", "costs nothing in yours")
def _(per_unit, free):
    return ops.sum(per_unit * ops.cast(per_unit > free, "float32"))


@wrong("10.3", "only the units below")
def _(per_unit, free):
    return free * ops.sum(ops.cast(per_unit < free, "float32"))


@wrong("10.3", "mean over the units")
def _(per_unit, free):
    return ops.mean(ops.maximum(free, per_unit))


@wrong("10.3", "the units' costs")
def _(per_unit, free):
    return ops.where(per_unit > free, per_unit, free)


@wrong("10.3", "the free nats are missing")
def _(per_unit, free):
    return ops.sum(ops.maximum(per_unit, 0))


@wrong("10.3", "added the free nats: take")
def _(per_unit, free):
    return ops.sum(per_unit + free)


@wrong("10.3", "added the free nats, once")
def _(per_unit, free):
    return free + ops.sum(per_unit)


@wrong("10.3", "subtracted the free nats from the sum")
def _(per_unit, free):
    return ops.sum(per_unit) - free


@wrong("10.3", "the largest unit alone")
def _(per_unit, free):
    return ops.max(ops.maximum(per_unit, free))


@wrong("10.3", "multiplied by the free nats")
def _(per_unit, free):
    return ops.sum(free * per_unit)
