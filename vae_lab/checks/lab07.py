"""Exercises of lab 07: the manifold."""

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from vae_lab import model
from vae_lab.checks.exercise import Exercise

DIGITS = np.random.default_rng(7).uniform(size=(9, 28, 28, 1)).astype("float32")
ENDS = np.array([-1.5, 0.8]), np.array([1.1, -0.4])
NEAR = np.array([0.2, 0.9]), np.array([0.7, 0.4])  # inside (0, 1): ppf takes them too


def latent_grid(grid_size, low, high):
    return model.latent_grid(grid_size, low, high)


def make_canvas(digits, grid_size):
    tiles = digits.reshape(grid_size, grid_size, 28, 28)
    return tiles.transpose(0, 2, 1, 3).reshape(28 * grid_size, 28 * grid_size)


def quantile_path(z_a, z_b, steps):
    t = np.linspace(0, 1, steps)[:, None]  # (steps, 1)
    return norm.ppf((1 - t) * norm.cdf(z_a) + t * norm.cdf(z_b))


def by_loops(grid_size, low, high):
    """Point by point, as one reads a page."""
    steps = [low + (high - low) * i / max(grid_size - 1, 1) for i in range(grid_size)]
    rows = reversed(steps)
    return np.array([(ndtri(a), ndtri(b)) for b in rows for a in steps])


def by_blocks(digits, grid_size):
    images = list(digits[..., 0])
    starts = range(0, len(images), grid_size)
    return np.block([images[start : start + grid_size] for start in starts])


def by_steps(z_a, z_b, steps):
    a, b = ndtr(z_a), ndtr(z_b)
    return np.array([ndtri(a + (b - a) * i / (steps - 1)) for i in range(steps)])


def mesh(levels, across, down):
    """A wrong grid: levels for both axes, turned as told."""
    z_0, z_1 = np.meshgrid(levels[::across], levels[::down])
    return np.stack([z_0.ravel(), z_1.ravel()], axis=1)


def quantiles(n, low, high):
    return norm.ppf(np.linspace(low, high, n))


def turned(n, a, b, axes):
    """A wrong grid: the right one with the axes (row, column, z) in another order."""
    return latent_grid(n, a, b).reshape(n, n, 2).transpose(axes)


def tiled(axes):
    """A wrong canvas: the four axes in another order."""

    def build(digits, n):
        order = digits.reshape(n, n, 28, 28).transpose(axes)
        return order.reshape(28 * n, 28 * n)

    return build


def walk(a, b, t):
    return (1 - t[:, None]) * a + t[:, None] * b


def quantile_walk(a, b, t):
    return norm.ppf(walk(norm.cdf(a), norm.cdf(b), t))


def line(steps, **options):
    return np.linspace(0, 1, steps, **options)


EXERCISES = {
    "7.1": Exercise(
        name="latent_grid",
        solution=latent_grid,
        cases=[(4, 0.05, 0.95), (3, 0.2, 0.7)],
        expected=by_loops,
        mistakes={
            "the rows are upside down: an image's row 0 is on top, so begin "
            "with the *highest* z[1].": lambda n, a, b: mesh(quantiles(n, a, b), 1, 1),
            "the steps are equal in z: they must be equal in *probability*. "
            "Space the probabilities evenly, then take norm.ppf "
            "of them.": lambda n, a, b: mesh(np.linspace(*norm.ppf([a, b]), n), 1, -1),
            "those are probabilities: norm.ppf turns them into z.": lambda n, a, b: (
                mesh(np.linspace(a, b, n), 1, -1)
            ),
            "norm.cdf goes from z to a probability: you need its inverse, "
            "norm.ppf.": lambda n, a, b: mesh(norm.cdf(np.linspace(a, b, n)), 1, -1),
            "you took the ends 0 and 1, whose quantiles are infinite: "
            "use low and high.": lambda n, a, b: mesh(quantiles(n, 0, 1), 1, -1),
            "the ends are always 0.05 and 0.95: use low and high.": lambda n, a, b: (
                latent_grid(n, 0.05, 0.95)
            ),
            "there are always 225 points: "
            "use grid_size in place of 15.": lambda n, a, b: latent_grid(15, a, b),
            "z[1] changes fastest, and rises: "
            "go row by row from the *highest* z[1], with z[0] changing "
            "fastest.": lambda n, a, b: mesh(quantiles(n, a, b), 1, 1)[:, ::-1],
            "you went down the columns: go along the rows, so that z[0] changes "
            "fastest.": lambda n, a, b: turned(n, a, b, (1, 0, 2)).reshape(-1, 2),
            "the columns are swapped: z[0] first, then z[1].": lambda n, a, b: (
                latent_grid(n, a, b)[:, ::-1]
            ),
            "z[0] falls to the right: turn only z[1] around.": lambda n, a, b: mesh(
                quantiles(n, a, b), -1, -1
            ),
            "you turned z[0] around: turn z[1] instead.": lambda n, a, b: mesh(
                quantiles(n, a, b), -1, 1
            ),
            "the grid is right, its shape is not: the decoder wants a list of points, "
            "(grid_size**2, 2).": lambda n, a, b: turned(n, a, b, (0, 1, 2)),
            "z[0] and z[1] stand in two blocks: ravel both, "
            "then np.stack with axis=1.": lambda n, a, b: turned(n, a, b, (2, 0, 1)),
            "the result is transposed: one point per row, "
            "(grid_size**2, 2).": lambda n, a, b: latent_grid(n, a, b).T,
            "that is the diagonal alone: np.meshgrid makes "
            "every pair.": lambda n, a, b: np.stack([quantiles(n, a, b)] * 2, axis=1),
        },
        fact="Each step carries the same share of the prior's probability.",
    ),
    "7.2": Exercise(
        name="make_canvas",
        solution=make_canvas,
        cases=[(DIGITS, 3), (DIGITS[:4], 2)],
        expected=by_blocks,
        mistakes={
            "a reshape alone keeps the order of memory and shreds the digits: "
            "transpose to (row, y, column, x) first.": tiled((0, 1, 2, 3)),
            "every digit lies on its side: its y and x are swapped. "
            "The order is (row, y, column, x).": tiled((0, 3, 1, 2)),
            "rows and columns of the grid are swapped: "
            "the order is (row, y, column, x).": tiled((1, 2, 0, 3)),
            "the whole canvas is transposed: the order is (row, y, column, x).": tiled(
                (1, 3, 0, 2)
            ),
            "the pixels are interleaved: row before y, and column before x.": tiled(
                (2, 0, 3, 1)
            ),
            "the columns are interleaved: "
            "column before x, in the order (row, y, column, x).": tiled((0, 2, 3, 1)),
            "the rows are interleaved: "
            "row before y, in the order (row, y, column, x).": tiled((2, 0, 1, 3)),
            "the canvas is upside down: row 0 of an image is on top, "
            "so flip nothing.": lambda d, n: by_blocks(d, n)[::-1],
            "the digits are upright, but their rows run upward: "
            "the first digits belong on "
            "top.": lambda d, n: by_blocks(np.concatenate(np.split(d, n)[::-1]), n),
            "the order is right, one step is left: reshape to (28 * grid_size, 28 "
            "* grid_size).": lambda d, n: d.reshape(n, n, 28, 28).transpose(0, 2, 1, 3),
            "the channel axis is left over: drop it, with [..., 0].": lambda d, n: (
                by_blocks(d, n)[..., None]
            ),
        },
        fact="Reshape, transpose, reshape: no loop, however large the grid.",
    ),
    "7.3": Exercise(
        name="quantile_path",
        solution=quantile_path,
        cases=[(*ENDS, 5), (*NEAR, 8)],
        expected=by_steps,
        mistakes={
            "that is the straight line in z: go through norm.cdf, "
            "walk there, and come back.": lambda a, b, n: walk(a, b, line(n)),
            "those are probabilities: norm.ppf brings "
            "them back to z.": lambda a, b, n: walk(norm.cdf(a), norm.cdf(b), line(n)),
            "you walked in z and took norm.cdf at the end: take it of the ends, "
            "walk, then norm.ppf.": lambda a, b, n: norm.cdf(walk(a, b, line(n))),
            "norm.cdf is missing: it turns the ends into probabilities. "
            "ppf of a number outside "
            "(0, 1) is NaN.": lambda a, b, n: norm.ppf(walk(a, b, line(n))),
            "norm.cdf and norm.ppf are swapped: "
            "cdf first. ppf of a number outside (0, 1) is "
            "NaN.": lambda a, b, n: norm.cdf(walk(norm.ppf(a), norm.ppf(b), line(n))),
            "norm.pdf is a density: "
            "the probability below z is norm.cdf.": lambda a, b, n: norm.ppf(
                walk(norm.pdf(a), norm.pdf(b), line(n))
            ),
            "the walk stops one step short of z_b.": lambda a, b, n: quantile_walk(
                a, b, line(n, endpoint=False)
            ),
            "there is one point too many: steps counts the points, "
            "ends included.": lambda a, b, n: quantile_walk(a, b, line(n + 1)),
            "the ends are missing: the first row is z_a, "
            "the last is z_b.": lambda a, b, n: quantile_walk(a, b, line(n + 2)[1:-1]),
            "the walk runs from z_b to z_a.": lambda a, b, n: quantile_walk(
                b, a, line(n)
            ),
            "the result is transposed: one point "
            "per row, (steps, 2).": lambda a, b, n: quantile_walk(a, b, line(n)).T,
        },
        fact="Its steps are equal in probability: in z they are longer in the tails.",
    ),
}
