"""Answers to the exercises of lab 03."""

import keras
import numpy as np
from keras import ops

import vae_lab as lab
from answers import right, wrong

# Right, in other ways than the reference


@right("3.1")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.sqrt(ops.exp(z_log_var))
    return ops.add(z_mean, ops.multiply(z_std, epsilon))


@right("3.1")
def _(z_mean, z_log_var, epsilon):
    columns = []
    for k in range(2):
        z_std = ops.exp(z_log_var[:, k] / 2)
        columns.append(epsilon[:, k] * z_std + z_mean[:, k])
    return ops.stack(columns, axis=1)


@right("3.2")
def _(z_mean, z_std, epsilon):
    to_mean = to_std = 0.0
    for draw in epsilon:
        z = z_mean + z_std * draw
        to_mean += 2 * z / len(epsilon)
        to_std += 2 * z * draw / len(epsilon)
    return [to_mean, to_std]


@right("3.2")
def _(z_mean, z_std, epsilon):
    def mean_square(mean, std):
        return ops.mean((mean + std * ops.cast(epsilon, "float32")) ** 2)

    return lab.gradient(mean_square, z_mean, z_std)


@right("3.2")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * np.array([z.mean(), z @ epsilon / z.size])


# Wrong


@wrong("3.1", "*variance*")
def _(z_mean, z_log_var, epsilon):
    sigma = ops.exp(z_log_var)
    return ops.add(z_mean, ops.multiply(sigma, epsilon))


@wrong("3.1", "the log variance itself")
def _(z_mean, z_log_var, epsilon):
    return epsilon * z_log_var + z_mean


@wrong("3.1", "0.5 * z_log_var is still a log")
def _(z_mean, z_log_var, epsilon):
    return z_mean + z_log_var / 2 * epsilon


@wrong("3.1", "root of the *log* variance")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.sqrt(z_log_var)
    return z_mean + z_std * epsilon


@wrong("3.1", "z_mean is missing")
def _(z_mean, z_log_var, epsilon):
    return ops.sqrt(ops.exp(z_log_var)) * epsilon


@wrong("3.1", "epsilon is missing")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.exp(z_log_var / 2)
    return z_mean + z_std


@wrong("3.1", "z_std is missing")
def _(z_mean, z_log_var, epsilon):
    return ops.add(z_mean, epsilon)


@wrong("3.1", "added: multiply")
def _(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(z_log_var / 2) + epsilon


@wrong("3.1", "sign of epsilon")
def _(z_mean, z_log_var, epsilon):
    return ops.subtract(z_mean, ops.sqrt(ops.exp(z_log_var)) * epsilon)


@wrong("3.1", "sign of the log variance")
def _(z_mean, z_log_var, epsilon):
    return z_mean + epsilon / ops.exp(0.5 * z_log_var)


@wrong("3.1", "stands outside exp")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.exp(z_log_var) / 2
    return z_mean + z_std * epsilon


@wrong("3.1", "stretches z_mean too")
def _(z_mean, z_log_var, epsilon):
    z_std = ops.exp(0.5 * z_log_var)
    return z_std * (epsilon + z_mean)


@wrong("3.1", "it is epsilon that it stretches")
def _(z_mean, z_log_var, epsilon):
    return epsilon + z_mean * ops.exp(z_log_var / 2)


@wrong("3.1", "z_mean and z_log_var are swapped")
def _(z_log_var, z_mean, epsilon):
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon


@wrong("3.1", "another result at each call")
def _(z_mean, z_log_var, epsilon):
    epsilon = keras.random.normal(ops.shape(z_mean))
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon


@wrong("3.1", "it must take 3 arguments: z_mean, z_log_var, epsilon.")
def _(z_mean, z_log_var):
    return z_mean + ops.exp(0.5 * z_log_var)


@wrong("3.2", "exact slopes")
def _(z_mean, z_std, epsilon):
    return np.array([2 * z_mean, 2 * z_std])


@wrong("3.2", "no log variance")
def _(z_mean, z_std, epsilon):
    std = np.sqrt(np.exp(z_std))
    z = z_mean + std * epsilon
    return 2 * z.mean(), 2 * (z * epsilon).mean()


@wrong("3.2", "score-function")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    to_mean = (z - z_mean) / z_std**2
    to_std = (z - z_mean) ** 2 / z_std**3 - 1 / z_std
    return np.mean(z**2 * to_mean), np.mean(z**2 * to_std)


@wrong("3.2", "lacks the inner derivative")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    slope = 2 * z.sum() / len(z)
    return slope, slope


@wrong("3.2", "an epsilon too many")
def _(z_mean, z_std, epsilon):
    slope = 2 * np.mean((z_mean + z_std * epsilon) * epsilon)
    return slope, slope


@wrong("3.2", "epsilon, not z_std")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * z.mean(), 2 * z_std * z.mean()


@wrong("3.2", "epsilon, not z.")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * np.mean(z), 2 * np.mean(z**2)


@wrong("3.2", "product of the means")
def _(z_mean, z_std, epsilon):
    to_mean = 2 * np.mean(z_mean + z_std * epsilon)
    return to_mean, to_mean * np.mean(epsilon)


@wrong("3.2", "the 2 of the derivative")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return z.mean(), (z * epsilon).mean()


@wrong("3.2", "that is z**2")
def _(z_mean, z_std, epsilon):
    square = np.square(z_mean + z_std * epsilon)
    return np.mean(square), np.mean(square * epsilon)


@wrong("3.2", "summed over the draws")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * z.sum(), 2 * z @ epsilon


@wrong("3.2", "slopes of each draw")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    return 2 * z, 2 * epsilon * z


@wrong("3.2", "two slopes are swapped")
def _(z_mean, z_std, epsilon):
    z = z_mean + z_std * epsilon
    to_mean, to_std = 2 * z.mean(), 2 * (z * epsilon).mean()
    return to_std, to_mean


@wrong("3.2", "derivative at z_mean")
def _(z_mean, z_std, epsilon):
    return 2 * z_mean, 2 * z_mean * epsilon.mean()


@wrong("3.2", "derivative at epsilon")
def _(z_mean, z_std, epsilon):
    return 2 * np.mean(epsilon), 2 * np.mean(epsilon**2)


@wrong("3.2", "another result at each call")
def _(z_mean, z_std, epsilon):
    epsilon = np.random.normal(size=epsilon.shape)  # noqa: NPY002
    z = z_mean + z_std * epsilon
    return np.mean(2 * z), np.mean(2 * z * epsilon)


@wrong("3.2", "it returned 1 number, expected 2 numbers, as in `return a, b`")
def _(z_mean, z_std, epsilon):
    return np.mean(2 * (z_mean + z_std * epsilon))
