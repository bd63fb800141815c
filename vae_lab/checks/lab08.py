"""Exercises of lab 08: latent space."""

import numpy as np

from vae_lab.checks.exercise import Exercise

RNG = np.random.default_rng(8)
COLUMN, HEIGHT = np.indices((28, 28))[1], -np.indices((28, 28))[0]  # height is upward


def blobs(leans, places):
    """Noisy strokes that lean, off the middle, (n, 28, 28, 1)."""
    images = []
    for lean, (x, y) in zip(leans, places, strict=True):
        h = HEIGHT + y
        stroke = np.exp(-(((COLUMN - x - lean * h) / 2) ** 2) - (h / 5) ** 2)
        images.append(stroke * RNG.uniform(0.5, 1, size=stroke.shape))
    return np.stack(images)[..., None].astype("float32")


IMAGES = blobs([0.7, -0.3, 0.2], [(12, 15), (16, 11), (11, 12)])
MORE = blobs([-0.6, 0.4], [(15, 16), (13, 10)])
MIX = RNG.normal(size=(3, 3))
Z = RNG.normal(size=(40, 3)) @ MIX + 0.4
VALUES = 4 + 3 * Z @ np.array([0.5, -1.0, 0.3]) + RNG.normal(size=40)
HAS = RNG.uniform(size=30) < 0.4  # a yes/no attribute
CODES = RNG.normal(size=(30, 4)) + np.outer(HAS, [1.0, 0.0, -0.5, 0.2])
ORIGIN, ACROSS, UP = RNG.normal(size=(3, 3)) * [[0.7], [2.0], [1.5]]
PLANE_2 = (CODES[:5], *(RNG.normal(size=(3, 4)) * [[0.5], [0.4], [3.0]]))


def slant(images):
    ink = images[..., 0] / images.sum(axis=(1, 2, 3))[:, None, None]
    row, column = np.indices((28, 28))
    x = column - np.sum(ink * column, axis=(1, 2))[:, None, None]
    h = np.sum(ink * row, axis=(1, 2))[:, None, None] - row  # upward
    lean = np.sum(ink * x * h, axis=(1, 2)) / np.sum(ink * h * h, axis=(1, 2))
    return np.degrees(np.arctan(lean))


def attribute_vector(z, values):
    deviations = values - values.mean()
    return deviations @ (z - z.mean(axis=0)) / np.sum(deviations**2)


def plane_coordinates(z, origin, across, up):
    first = across / np.linalg.norm(across)
    rest = up - (up @ first) * first
    second = rest / np.linalg.norm(rest)
    return (z - origin) @ np.stack([first, second], axis=1)


def by_line(images):
    """Fit the line column = a * height + b to the ink, by weighted least squares."""
    ink = images[..., 0].astype("float64")
    lines = [
        np.polyfit(HEIGHT.ravel(), COLUMN.ravel(), 1, w=np.sqrt(weights.ravel()))
        for weights in ink
    ]
    return np.degrees(np.arctan(np.array(lines)[:, 0]))


def by_polyfit(z, values):
    return np.polyfit(np.asarray(values, "float64"), z, 1)[0]


def by_qr(z, origin, across, up):
    q, r = np.linalg.qr(np.stack([across, up], axis=1))
    return (z - origin) @ (q * np.sign(np.diag(r)))


def moments(images, x_0=None, h_0=None, flat=False):
    """Second moments of each image: of column, of both, of height.

    x_0 and h_0 are where they are taken, the center of mass unless told.
    """
    ink = images[..., 0].astype("float64")
    ink = (ink > 0).astype("float64") if flat else ink
    ink = ink / ink.sum(axis=(1, 2), keepdims=True)

    def mean(values):
        return np.sum(ink * values, axis=(1, 2), keepdims=True)

    x = COLUMN - (mean(COLUMN) if x_0 is None else x_0)
    h = HEIGHT - (mean(HEIGHT) if h_0 is None else h_0)
    return tuple(mean(part)[:, 0, 0] for part in (x * x, x * h, h * h))


def angle(share):
    return np.degrees(np.arctan(share))


def leaning(formula, **where):
    """A wrong slant: another formula of the second moments, in degrees."""
    return lambda images: angle(formula(*moments(images, **where)))


def centered(z, values):
    return z - z.mean(axis=0), values - values.mean()


def weights(z, values):
    """The regression the other way: of the attribute on the code."""
    return np.linalg.lstsq(*centered(z, values), rcond=None)[0]


def halves(z, values):
    """Means of codes and of values above the median, less those below."""
    high = values > np.median(values)
    return (part[high].mean(axis=0) - part[~high].mean(axis=0) for part in (z, values))


def scaled(formula):
    """A wrong vector: something other made of both deviations."""
    return lambda z, values: formula(*centered(z, values))


def unit(vector):
    return vector / np.linalg.norm(vector)


def without(vector, other):
    """The part of a vector at a right angle to another one."""
    return vector - (vector @ unit(other)) * unit(other)


def along(pair):
    """Wrong coordinates: dot products with another pair of vectors."""
    return lambda z, o, a, b: (z - o) @ np.stack(pair(a, b), axis=1)


EXERCISES = {
    "8.1": Exercise(
        name="slant",
        solution=slant,
        cases=[(IMAGES,), (MORE,)],
        expected=by_line,
        mistakes={
            "the sign is wrong: rows count downward, so the height is *minus* the "
            "row. A digit that leans right has a positive slant.": leaning(
                lambda xx, xh, hh: -xh / hh
            ),
            "that is in radians: np.degrees turns it into degrees.": lambda images: (
                np.radians(by_line(images))
            ),
            "that is columns per row of height: np.arctan makes an angle "
            "of it, np.degrees degrees.": lambda images: np.tan(
                np.radians(by_line(images))
            ),
            "np.arctan is missing: np.degrees of a ratio is no angle.": lambda images: (
                np.degrees(np.tan(np.radians(by_line(images))))
            ),
            "you divided by the spread of the columns: divide by that of the "
            "heights, since the sideways shift is told for each row "
            "of height.": leaning(lambda xx, xh, hh: xh / xx),
            "that is the correlation of column and height: divide by "
            "the second moment of the height alone.": leaning(
                lambda xx, xh, hh: xh / np.sqrt(xx * hh)
            ),
            "that is the direction of the longest axis, from the vertical: "
            "the slant is the shear, the mixed moment by that of the "
            "height.": lambda images: _axis(*moments(images)),
            "the root is too much: divide by the second moment of the "
            "height, not by its root.": leaning(lambda xx, xh, hh: xh / np.sqrt(hh)),
            "the division is missing: divide the mixed moment by that "
            "of the height.": leaning(lambda xx, xh, hh: xh),
            "nothing is centered: take column and height from the "
            "digit's center of mass.": leaning(
                lambda xx, xh, hh: xh / hh, x_0=0, h_0=0
            ),
            "you centered on the middle of the image: take the digit's own center "
            "of mass, the mean weighted by the ink.": leaning(
                lambda xx, xh, hh: xh / hh, x_0=13.5, h_0=-13.5
            ),
            "you centered on pixel 14: take the digit's own center of mass, "
            "the mean weighted by the ink.": leaning(
                lambda xx, xh, hh: xh / hh, x_0=14, h_0=-14
            ),
            "every pixel with ink counts the same: weight each by its ink.": leaning(
                lambda xx, xh, hh: xh / hh, flat=True
            ),
            "you took the sums over all images at once: sum over axes 1 and 2, "
            "one number an image.": lambda images: by_line(
                images.sum(axis=0, keepdims=True)
            )[0],
            "that is the mean over the images: return one number an "
            "image.": lambda images: by_line(images).mean(),
        },
        fact="Shear an image by s columns a row and the tangent of its slant grows "
        "by exactly s: that is how slanted handwriting is set upright.",
    ),
    "8.2": Exercise(
        name="attribute_vector",
        solution=attribute_vector,
        cases=[(Z, VALUES), (CODES, HAS.astype("float64"))],
        expected=by_polyfit,
        mistakes={
            "that is the regression of the attribute on the code, its weights: they "
            "*read* the attribute. Regress the code on the attribute.": weights,
            "that is the shortest step that *reads* as one more unit: you need the "
            "step that comes with one more unit among the digits, the slope of the "
            "code on the attribute.": lambda z, a: (
                weights(z, a) / np.sum(weights(z, a) ** 2)
            ),
            "nothing is centered: subtract the means of codes and values "
            "first.": lambda z, a: a @ z / np.sum(a**2),
            "the values in the denominator are not centered: subtract their mean "
            "there too.": lambda z, a: (a - a.mean()) @ z / np.sum(a**2),
            "that is the covariance: divide by the variance of the values.": scaled(
                lambda z, a: a @ z / len(a)
            ),
            "that is n times the covariance: divide by the sum of "
            "the squared deviations of the values.": scaled(lambda z, a: a @ z),
            "the sum of the products needs no mean, or the squares need one: you "
            "divided a sum by a mean.": scaled(lambda z, a: a @ z / np.mean(a**2)),
            "you divided a mean by a sum: take both sums or both means.": scaled(
                lambda z, a: a @ z / len(a) / np.sum(a**2)
            ),
            "np.cov divides by n - 1 and np.var by n: use one of them for both, "
            "or ddof=1 in np.var.": scaled(
                lambda z, a: a @ z / (len(a) - 1) / np.var(a)
            ),
            "that is the step for one standard deviation of the attribute: divide by "
            "its variance.": scaled(lambda z, a: a @ z / len(a) / np.std(a)),
            "those are correlations: divide by the variance of the values "
            "alone.": scaled(
                lambda z, a: a @ z / len(a) / np.std(a) / np.std(z, axis=0)
            ),
            "you divided by the variance of the codes: divide by that of the "
            "values.": scaled(lambda z, a: a @ z / np.sum(z**2, axis=0)),
            "its length is set to 1: then a step of 1 is no unit of the attribute. "
            "Leave the length as it comes.": lambda z, a: unit(by_polyfit(z, a)),
            "that is the difference of the two halves' means, not yet for each unit "
            "of the attribute, and it uses the values as above or below "
            "alone.": lambda z, a: next(halves(z, a)),
            "close: the two halves' means alone are used. Let each digit count "
            "with its own value, by the formula.": lambda z, a: np.divide(
                *halves(z, a)
            ),
            "the sign is wrong: the vector leads toward *more* of the "
            "attribute.": lambda z, a: -by_polyfit(z, a),
        },
        fact="Of a yes/no attribute, 1 or 0, it is the difference of the two means: "
        "with hat less without hat.",
    ),
    "8.3": Exercise(
        name="plane_coordinates",
        solution=plane_coordinates,
        cases=[(Z[:6], ORIGIN, ACROSS, UP), PLANE_2],
        expected=by_qr,
        mistakes={
            "origin is not subtracted: the plane goes through it, and the "
            "coordinates count from it.": lambda z, o, a, b: by_qr(z, 0 * o, a, b),
            "the axes are not at a right angle: take the part along the first axis "
            "out of up, before you set its length to 1.": along(
                lambda a, b: (unit(a), unit(b))
            ),
            "the axes are neither at a right angle nor of length 1.": along(
                lambda a, b: (a, b)
            ),
            "the axes are at a right angle, but not of length 1: divide both by "
            "their lengths.": along(lambda a, b: (a, without(b, a))),
            "the second axis is not of length 1: divide it by its length "
            "*after* the subtraction.": along(lambda a, b: (unit(a), without(b, a))),
            "the second axis is not of length 1: the subtraction shortened it, so "
            "divide by its length once more.": along(
                lambda a, b: (unit(a), without(unit(b), a))
            ),
            "the first axis is not of length 1.": along(
                lambda a, b: (a, unit(without(b, a)))
            ),
            "you divided by the squared lengths: divide by the lengths, so that the "
            "coordinates are in prior standard deviations.": along(
                lambda a, b: (
                    a / (a @ a),
                    without(b, a) / np.sum(without(b, a) ** 2),
                )
            ),
            "those are multiples of across and up: the coordinates are distances "
            "along two axes of length 1, at a right angle.": lambda z, o, a, b: (
                np.linalg.lstsq(np.stack([a, b], axis=1), (z - o).T, rcond=None)[0].T
            ),
            "the columns are swapped: the first belongs to "
            "across.": lambda z, o, a, b: by_qr(z, o, a, b)[:, ::-1],
            "you turned across instead of up: the first axis is across itself.": along(
                lambda a, b: (unit(without(a, b)), unit(b))
            ),
            "across and up are directions, not points: do not subtract origin from "
            "them.": lambda z, o, a, b: by_qr(z, o, a - o, b - o),
            "the second axis points the wrong way: subtract the part along across "
            "from up, not the other way round.": lambda z, o, a, b: (
                by_qr(z, o, a, b) * [1, -1]
            ),
            "those are points of the latent space: return the two coordinates on "
            "the plane, (n, 2).": lambda z, o, a, b: (
                o + by_qr(z, o, a, b) @ np.stack([unit(a), unit(without(b, a))])
            ),
            "the result is transposed: one row per code, (n, 2).": lambda z, o, a, b: (
                by_qr(z, o, a, b).T
            ),
        },
        fact="Of all points of the plane, the projection is the one nearest to "
        "the code.",
    ),
}


def _axis(xx, xh, hh):
    """Direction of the longest axis of the ink, in degrees from the vertical."""
    return np.degrees(0.5 * np.arctan2(2 * xh, hh - xx))
