"""Answers to the exercises of lab 01."""

import math

import numpy as np
from keras import ops
from scipy.spatial.distance import cdist

from answers import right, wrong

# Right, in other ways than the reference


@right("1.1")
def _(codes, candidates):
    best, widest = None, -1.0
    for candidate in candidates:
        nearest = min(math.dist(candidate, code) for code in codes)
        if nearest > widest:
            best, widest = candidate, nearest
    return best


@right("1.1")
def _(codes, candidates):
    return candidates[cdist(codes, candidates, "sqeuclidean").min(axis=0).argmax()]


@right("1.2")
def _(z_a, z_b, steps):
    return np.linspace(z_a, z_b, steps)


@right("1.2")
def _(z_a, z_b, steps):
    rows = [z_a + (z_b - z_a) * i / (steps - 1) for i in range(steps)]
    return np.stack(rows)


@right("1.2")
def _(z_a, z_b, steps):
    t = ops.reshape(ops.linspace(0.0, 1.0, steps), (-1, 1))
    return (1 - t) * ops.cast(z_a, "float32") + t * ops.cast(z_b, "float32")


# Wrong


@wrong("1.1", "*closest* to a code")
def _(codes, candidates):
    best, best_distance = None, np.inf
    for candidate in candidates:
        nearest = min(np.linalg.norm(candidate - code) for code in codes)
        if nearest < best_distance:
            best, best_distance = candidate, nearest
    return best


@wrong("1.1", "farthest code")
def _(codes, candidates):
    squares = ((candidates[:, None] - codes[None]) ** 2).sum(-1)
    return candidates[squares.max(axis=1).argmax()]


@wrong("1.1", "averaged the distances")
def _(codes, candidates):
    return candidates[cdist(candidates, codes).mean(axis=1).argmax()]


@wrong("1.1", "averaged the distances")
def _(codes, candidates):
    d = [sum(np.hypot(*(p - code)) for code in codes) for p in candidates]
    return candidates[np.argmax(d)]


@wrong("1.1", "center of all codes")
def _(codes, candidates):
    center = np.mean(codes, axis=0)
    return max(candidates, key=lambda p: np.linalg.norm(p - center))


@wrong("1.1", "the values are not right")  # the one farthest from the origin
def _(codes, candidates):
    return candidates[np.hypot(*candidates.T).argmax()]


@wrong("1.1", "you returned the index")
def _(codes, candidates):
    return int(cdist(codes, candidates).min(axis=0).argmax())


@wrong("1.1", "that is the distance")
def _(codes, candidates):
    return np.max(np.min(cdist(candidates, codes), axis=1))


@wrong("1.1", "all the nearest distances")
def _(codes, candidates):
    d = cdist(candidates, codes)
    return np.sort(d, axis=1)[:, 0]


@wrong("1.1", "that is a code")
def _(codes, candidates):
    d = cdist(codes, candidates)
    return codes[d.min(axis=1).argmax()]


@wrong("1.1", "|x| + |y|")
def _(codes, candidates):
    d = cdist(candidates, codes, metric="cityblock")
    return candidates[d.min(axis=1).argmax()]


@wrong("1.1", "IndexError at the line `return candidates[d.min(axis=1).argmax()]`")
def _(codes, candidates):
    d = cdist(codes, candidates)
    return candidates[d.min(axis=1).argmax()]


@wrong("1.2", "stops one step short")
def _(z_a, z_b, steps):
    t = np.arange(steps) / steps
    return np.outer(1 - t, z_a) + np.outer(t, z_b)


@wrong("1.2", "one point too many")
def _(z_a, z_b, steps):
    return np.array([z_a + i / steps * (z_b - z_a) for i in range(steps + 1)])


@wrong("1.2", "begins one step after z_a")
def _(z_a, z_b, steps):
    return np.stack([z_a + (z_b - z_a) * i / steps for i in range(1, steps + 1)])


@wrong("1.2", "ends are missing")
def _(z_a, z_b, steps):
    t = (np.arange(steps) + 1) / (steps + 1)
    return z_a + t.reshape(-1, 1) * (z_b - z_a)


@wrong("1.2", "from z_b to z_a")
def _(z_a, z_b, steps):
    t = np.linspace(0, 1, steps)[:, None]
    return t * z_a + (1 - t) * z_b


@wrong("1.2", "leads away")
def _(z_a, z_b, steps):
    t = np.linspace(0, 1, steps).reshape(steps, 1)
    return z_a + t * (z_a - z_b)


@wrong("1.2", "adds all of z_b")
def _(z_a, z_b, steps):
    return np.linspace(z_a, z_a + z_b, steps)


@wrong("1.2", "start from z_a")
def _(z_a, z_b, steps):
    return np.linspace(np.zeros(2), z_b - z_a, steps)


@wrong("1.2", "transposed")
def _(z_a, z_b, steps):
    t = np.linspace(0, 1, steps)
    return z_a[:, None] * (1 - t) + z_b[:, None] * t


@wrong("1.2", "np.stack(list)")
def _(z_a, z_b, steps):
    points = []
    for t in np.linspace(0, 1, steps):
        points.append((1 - t) * z_a + t * z_b)
    return points


@wrong("1.2", "it returned shape (2,), expected shape (5, 2)")
def _(z_a, z_b, steps):
    return (z_a + z_b) / 2
