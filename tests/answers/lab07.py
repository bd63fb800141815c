"""Answers to the exercises of lab 07."""

import itertools
from statistics import NormalDist

import numpy as np
from keras import ops
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from answers import right, wrong

# Right, in other ways than the reference


@right("7.1")
def _(grid_size, low, high):
    levels = norm.ppf(np.linspace(low, high, grid_size))
    points = []
    for i in range(grid_size):
        for j in range(grid_size):
            points.append((levels[j], levels[grid_size - 1 - i]))
    return np.array(points)


@right("7.1")
def _(grid_size, low, high):
    levels = ndtri(low + (high - low) * np.arange(grid_size) / (grid_size - 1))
    pairs = np.array(list(itertools.product(levels[::-1], levels)))
    return pairs[:, ::-1].astype("float32")


@right("7.2")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for k in range(grid_size**2):
        i, j = divmod(k, grid_size)
        canvas[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = digits[k, :, :, 0]
    digits[:] = 0
    return canvas


@right("7.2")
def _(digits, grid_size):
    rows = np.split(np.squeeze(digits, -1), grid_size)
    return np.vstack([np.hstack(row) for row in rows])


@right("7.2")
def _(digits, grid_size):
    tiles = ops.reshape(digits, (grid_size, grid_size, 28, 28))
    side = 28 * grid_size
    return ops.reshape(ops.transpose(tiles, (0, 2, 1, 3)), (side, side))


@right("7.3")
def _(z_a, z_b, steps):
    return ndtri(np.linspace(ndtr(z_a), ndtr(z_b), steps))


@right("7.3")
def _(z_a, z_b, steps):
    prior = NormalDist()
    path = np.empty((steps, len(z_a)))
    for k, (a, b) in enumerate(zip(z_a, z_b, strict=True)):
        for i, u in enumerate(np.linspace(prior.cdf(a), prior.cdf(b), steps)):
            path[i, k] = prior.inv_cdf(u)
    return path


# Wrong


@wrong("7.1", "upside down")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array([(x, y) for y in q for x in q])


@wrong("7.1", "equal in *probability*")
def _(grid_size, low, high):
    q = np.linspace(norm.ppf(low), norm.ppf(high), grid_size)
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "those are probabilities")
def _(grid_size, low, high):
    x, y = np.meshgrid(
        np.linspace(low, high, grid_size), np.linspace(high, low, grid_size)
    )
    return np.column_stack([x.ravel(), y.ravel()])


@wrong("7.1", "its inverse, norm.ppf")
def _(grid_size, low, high):
    q = norm.cdf(np.linspace(low, high, grid_size))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "the ends 0 and 1")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(0, 1, grid_size))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "always 0.05 and 0.95")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(0.05, 0.95, grid_size))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "always 225 points")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, 15))
    return np.array([(x, y) for y in q[::-1] for x in q])


@wrong("7.1", "z[1] changes fastest, and rises")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    points = []
    for x in q:
        for y in q:
            points.append([x, y])
    return np.array(points)


@wrong("7.1", "down the columns")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    x, y = np.meshgrid(q, np.flip(q), indexing="ij")
    return np.stack([x.flatten(), y.flatten()], axis=-1)


@wrong("7.1", "columns are swapped")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    x, y = np.meshgrid(q, q[::-1])
    return np.stack([y.ravel(), x.ravel()], axis=1)


@wrong("7.1", "z[0] falls to the right")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(high, low, grid_size))
    x, y = np.meshgrid(q, q)
    return np.stack([x.ravel(), y.ravel()], axis=1)


@wrong("7.1", "you turned z[0] around")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array([(x, y) for y in q for x in reversed(q)])


@wrong("7.1", "its shape is not")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.dstack(np.meshgrid(q, q[::-1]))


@wrong("7.1", "two blocks")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array(np.meshgrid(q, q[::-1]))


@wrong("7.1", "transposed")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    x, y = np.meshgrid(q, q[::-1])
    return np.stack([x.ravel(), y.ravel()])


@wrong("7.1", "diagonal")
def _(grid_size, low, high):
    q = norm.ppf(np.linspace(low, high, grid_size))
    return np.array(list(zip(q, q, strict=True)))


@wrong("7.2", "shreds the digits")
def _(digits, grid_size):
    side = 28 * grid_size
    return np.reshape(digits, (side, side))


@wrong("7.2", "lies on its side")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for i in range(grid_size):
        for j in range(grid_size):
            digit = digits[i * grid_size + j, :, :, 0]
            canvas[28 * i : 28 * i + 28, 28 * j : 28 * j + 28] = digit.T
    return canvas


@wrong("7.2", "columns of the grid are swapped")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for k, digit in enumerate(digits[..., 0]):
        j, i = divmod(k, grid_size)
        canvas[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = digit
    return canvas


@wrong("7.2", "whole canvas is transposed")
def _(digits, grid_size):
    rows = np.split(digits[..., 0], grid_size)
    return np.concatenate([np.hstack(row) for row in rows]).T


@wrong("7.2", "pixels are interleaved")
def _(digits, grid_size):
    tiles = digits.reshape(grid_size, grid_size, 28, 28)
    mixed = np.einsum("rcyx->yrxc", tiles)
    return mixed.reshape(28 * grid_size, -1)


@wrong("7.2", "columns are interleaved")
def _(digits, grid_size):
    tiles = np.moveaxis(digits.reshape(grid_size, grid_size, 28, 28), 1, 3)
    return tiles.reshape(28 * grid_size, 28 * grid_size)


@wrong("7.2", "rows are interleaved")
def _(digits, grid_size):
    tiles = np.moveaxis(digits.reshape(grid_size, grid_size, 28, 28), 2, 0)
    return tiles.reshape(28 * grid_size, 28 * grid_size)


@wrong("7.2", "canvas is upside down")
def _(digits, grid_size):
    rows = np.split(digits[..., 0], grid_size)
    return np.flipud(np.vstack([np.hstack(row) for row in rows]))


@wrong("7.2", "their rows run upward")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for i in range(grid_size):
        for j in range(grid_size):
            top = 28 * (grid_size - 1 - i)
            digit = digits[i * grid_size + j].squeeze()
            canvas[top : top + 28, 28 * j : 28 * j + 28] = digit
    return canvas


@wrong("7.2", "one step is left")
def _(digits, grid_size):
    tiles = digits.reshape(grid_size, grid_size, 28, 28)
    return np.swapaxes(tiles, 1, 2)


@wrong("7.2", "channel axis is left over")
def _(digits, grid_size):
    rows = np.split(digits, grid_size)
    return np.vstack([np.hstack(list(row)) for row in rows])


@wrong("7.2", "could not broadcast input array from shape (28,28,1)")
def _(digits, grid_size):
    canvas = np.zeros((28 * grid_size, 28 * grid_size))
    for k, digit in enumerate(digits):
        i, j = divmod(k, grid_size)
        canvas[28 * i : 28 * (i + 1), 28 * j : 28 * (j + 1)] = digit
    return canvas


@wrong("7.3", "straight line in z")
def _(z_a, z_b, steps):
    return np.linspace(z_a, z_b, steps)


@wrong("7.3", "those are probabilities")
def _(z_a, z_b, steps):
    return np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps)


@wrong("7.3", "norm.cdf at the end")
def _(z_a, z_b, steps):
    return norm.cdf(np.linspace(z_a, z_b, steps))


@wrong("7.3", "norm.cdf is missing")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(z_a, z_b, steps))


@wrong("7.3", "norm.cdf and norm.ppf are swapped")
def _(z_a, z_b, steps):
    return norm.cdf(np.linspace(norm.ppf(z_a), norm.ppf(z_b), steps))


@wrong("7.3", "norm.pdf is a density")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.pdf(z_a), norm.pdf(z_b), steps))


@wrong("7.3", "one step short")
def _(z_a, z_b, steps):
    u_a, u_b = norm.cdf(z_a), norm.cdf(z_b)
    return np.array([norm.ppf(u_a + i / steps * (u_b - u_a)) for i in range(steps)])


@wrong("7.3", "one point too many")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps + 1))


@wrong("7.3", "ends are missing")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps + 2))[1:-1]


@wrong("7.3", "from z_b to z_a")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_b), norm.cdf(z_a), steps))


@wrong("7.3", "transposed")
def _(z_a, z_b, steps):
    return norm.ppf(np.linspace(norm.cdf(z_a), norm.cdf(z_b), steps, axis=1))
