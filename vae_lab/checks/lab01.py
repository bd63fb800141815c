"""Exercises of lab 01: the plain autoencoder."""

import numpy as np
from scipy.interpolate import interp1d
from scipy.spatial import KDTree

from vae_lab.checks.exercise import Exercise

RNG = np.random.default_rng(1)
ANGLES = RNG.uniform(0, 2 * np.pi, size=60)
RING = 2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)  # the hole is inside
CODES = np.concatenate([RING, [[-6.0, 0.0]]])
CANDIDATES = np.array([[2.0, 0.4], [0.1, 0.0], [2.4, 2.4], [2.9, 0.0], [-1.5, 1.0]])

RNG = np.random.default_rng(12353)  # each wrong rule below picks another candidate
CLOUD = RNG.normal(size=(12, 2)) * [3, 1]
NEAR_CLOUD = RNG.uniform(-4, 4, size=(12, 2))


def distances(codes, candidates):
    """Distance of each candidate from each code, (candidates, codes)."""
    steps = candidates[:, None, :] - codes[None, :, :]
    return np.sqrt(np.sum(steps**2, axis=-1))


def blocks(codes, candidates):
    """The same, as one walks in a city: |x| + |y|."""
    return np.abs(candidates[:, None, :] - codes[None, :, :]).sum(axis=-1)


def emptiest_point(codes, candidates):
    nearest = distances(codes, candidates).min(axis=1)
    return candidates[np.argmax(nearest)]


def interpolate(z_a, z_b, steps):
    t = np.linspace(0, 1, steps)[:, None]  # (steps, 1)
    return (1 - t) * z_a + t * z_b


def by_tree(codes, candidates):
    nearest, _ = KDTree(codes).query(candidates)
    return candidates[np.argmax(nearest)]


def by_interp1d(z_a, z_b, steps):
    return interp1d([0, 1], [z_a, z_b], axis=0)(np.linspace(0, 1, steps))


def fractions(steps, endpoint=True):
    return np.linspace(0, 1, steps, endpoint=endpoint)[:, None]


EXERCISES = {
    "1.1": Exercise(
        name="emptiest_point",
        solution=emptiest_point,
        cases=[
            (CODES, CANDIDATES),
            (CODES + 1, CANDIDATES[::-1] + 1),
            (CLOUD, NEAR_CLOUD),
        ],
        expected=by_tree,
        mistakes={
            "that is the candidate *closest* to a code: you want the largest of "
            "the nearest distances.": lambda c, p: p[np.argmin(distances(c, p).min(1))],
            "you took the farthest code of each candidate: emptiness is the distance "
            "to the *nearest* code.": lambda c, p: p[np.argmax(distances(c, p).max(1))],
            "you averaged the distances: that finds the outside, "
            "for a hole in the middle is close to many codes on average. "
            "Take the nearest.": lambda c, p: p[np.argmax(distances(c, p).mean(1))],
            "you measured from the center of all codes, where there may be none: "
            "measure from every code, and take "
            "the nearest.": lambda c, p: p[np.argmax(distances(c.mean(0)[None], p))],
            "you returned the index: return candidates[index].": lambda c, p: np.argmax(
                distances(c, p).min(1)
            ),
            "that is the distance: return the point, (2,).": lambda c, p: (
                distances(c, p).min(1).max()
            ),
            "those are all the nearest distances: return the "
            "candidate where they are largest.": lambda c, p: distances(c, p).min(1),
            "that is a code, not a candidate: "
            "take the minimum over the codes, then the largest "
            "over the candidates.": lambda c, p: c[np.argmax(distances(c, p).min(0))],
            "you added the differences along the axes, |x| + |y|: "
            "the distance is the root of the "
            "sum of squares.": lambda c, p: p[np.argmax(blocks(c, p).min(1))],
        },
        fact="SciPy's KDTree finds the same point without all the pairs of distances.",
    ),
    "1.2": Exercise(
        name="interpolate",
        solution=interpolate,
        cases=[
            (np.array([0.0, 1.0]), np.array([4.0, -1.0]), 5),
            (np.array([-2.0, 0.5]), np.array([1.0, 3.0]), 8),
        ],
        expected=by_interp1d,
        mistakes={
            "the walk stops one step short of z_b: "
            "both ends belong to it, as in np.linspace(0, "
            "1, steps).": lambda a, b, n: a + fractions(n, False) * (b - a),
            "there is one point too many: steps counts the points, "
            "ends included.": lambda a, b, n: a + fractions(n + 1) * (b - a),
            "the walk begins one step after z_a: "
            "both ends belong to it, as in np.linspace(0, "
            "1, steps).": lambda a, b, n: a + fractions(n + 1)[1:] * (b - a),
            "the ends are missing: the first row is z_a, "
            "the last is z_b.": lambda a, b, n: a + fractions(n + 2)[1:-1] * (b - a),
            "the walk runs from z_b to z_a: "
            "swap the weights t and 1 - t.": lambda a, b, n: b + fractions(n) * (a - b),
            "the walk leads away from z_b: "
            "add z_b - z_a, not z_a - z_b.": lambda a, b, n: a + fractions(n) * (a - b),
            "that starts at z_a and adds all of z_b: "
            "add the *difference*, z_b - z_a.": lambda a, b, n: a + fractions(n) * b,
            "that is the part to add: start from z_a.": lambda a, b, n: (
                fractions(n) * (b - a)
            ),
            "the result is transposed: one point "
            "per row, (steps, 2).": lambda a, b, n: (a + fractions(n) * (b - a)).T,
        },
        fact="A straight line in the code is anything but one in the pixels.",
    ),
}
