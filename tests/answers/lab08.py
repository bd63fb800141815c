"""Answers to the exercises of lab 08."""

import numpy as np
from scipy import stats

from answers import right, wrong

ROW, COLUMN = np.indices((28, 28))

# Right, in other ways than the reference


@right("8.1")
def _(images):
    angles = []
    for image in images[..., 0].astype("float64"):
        cov = np.cov(COLUMN.ravel(), -ROW.ravel(), aweights=image.ravel())
        angles.append(np.degrees(np.arctan2(cov[0, 1], cov[1, 1])))
    images[:] = 0
    return np.array(angles)


@right("8.1")
def _(images):
    w = images.reshape(len(images), -1).astype("float64")
    w = w / w.sum(axis=1, keepdims=True)
    x, h = COLUMN.ravel().astype(float), 27.0 - ROW.ravel()
    mixed = w @ (x * h) - (w @ x) * (w @ h)
    return 180 / np.pi * np.arctan(mixed / (w @ h**2 - (w @ h) ** 2))


@right("8.2")
def _(z, values):
    return np.array([stats.linregress(values, unit).slope for unit in z.T])


@right("8.2")
def _(z, values):
    table = np.cov(np.column_stack([values, z]).T)
    return table[0, 1:] / table[0, 0]


@right("8.2")
def _(z, values):
    design = np.stack([np.ones(len(z)), values], axis=1)
    return np.linalg.lstsq(design, z, rcond=None)[0][1]


@right("8.3")
def _(z, origin, across, up):
    e1 = across / np.sqrt(across @ across)
    e2 = up - np.dot(up, e1) * e1
    e2 /= np.sqrt(e2 @ e2)
    return np.stack([(z - origin) @ e1, (z - origin) @ e2], axis=-1)


@right("8.3")
def _(z, origin, across, up):
    e1 = across / np.linalg.norm(across)
    e2 = up - across * (up @ across) / (across @ across)
    e2 = e2 / np.linalg.norm(e2)
    rows = []
    for code in z:
        rows.append([np.dot(code - origin, e1), np.dot(code - origin, e2)])
    return np.array(rows)


# Wrong: the slant


def moments_of(images):
    """Mean squares and product of column and height, each from the center of mass."""
    w = images[..., 0].astype("float64")
    w /= w.sum(axis=(1, 2), keepdims=True)
    x = COLUMN - (w * COLUMN).sum(axis=(1, 2))[:, None, None]
    h = (w * ROW).sum(axis=(1, 2))[:, None, None] - ROW
    return [(w * part).sum(axis=(1, 2)) for part in (x * x, x * h, h * h)]


@wrong("8.1", "rows count downward")
def _(images):
    _, mixed, tall = moments_of(images)
    return np.degrees(np.arctan(-mixed / tall))


@wrong("8.1", "in radians")
def _(images):
    _, mixed, tall = moments_of(images)
    return np.arctan2(mixed, tall)


@wrong("8.1", "columns per row of height")
def _(images):
    _, mixed, tall = moments_of(images)
    return mixed / tall


@wrong("8.1", "np.arctan is missing")
def _(images):
    _, mixed, tall = moments_of(images)
    return np.rad2deg(mixed / tall)


@wrong("8.1", "spread of the columns")
def _(images):
    broad, mixed, _ = moments_of(images)
    return np.degrees(np.arctan(mixed / broad))


@wrong("8.1", "the correlation of column and height")
def _(images):
    broad, mixed, tall = moments_of(images)
    return np.degrees(np.arctan(mixed / (np.sqrt(broad) * np.sqrt(tall))))


@wrong("8.1", "the longest axis")
def _(images):
    broad, mixed, tall = moments_of(images)
    angles = []
    for a, b, c in zip(broad, mixed, tall, strict=True):
        _, vectors = np.linalg.eigh([[a, b], [b, c]])
        x, h = vectors[:, -1]
        angles.append(np.degrees(np.arctan(x / h)))
    return np.array(angles)


@wrong("8.1", "not by its root")
def _(images):
    _, mixed, tall = moments_of(images)
    return np.degrees(np.arctan(mixed / tall**0.5))


@wrong("8.1", "the division is missing")
def _(images):
    return np.degrees(np.arctan(moments_of(images)[1]))


@wrong("8.1", "nothing is centered")
def _(images):
    ink = images[..., 0]
    mixed = -(ink * COLUMN * ROW).sum(axis=(1, 2))
    return np.degrees(np.arctan(mixed / (ink * ROW**2).sum(axis=(1, 2))))


@wrong("8.1", "the middle of the image")
def _(images):
    ink, x, h = images[..., 0], COLUMN - 13.5, 13.5 - ROW
    mixed = (ink * x * h).sum(axis=(1, 2))
    return np.degrees(np.arctan(mixed / (ink * h**2).sum(axis=(1, 2))))


@wrong("8.1", "centered on pixel 14")
def _(images):
    ink, x, h = images[..., 0], COLUMN - 14, 14 - ROW
    mixed = (ink * x * h).sum(axis=(1, 2))
    return np.degrees(np.arctan(mixed / (ink * h**2).sum(axis=(1, 2))))


@wrong("8.1", "weight each by its ink")
def _(images):
    angles = []
    for image in images[..., 0]:
        row, column = np.nonzero(image)
        angles.append(np.degrees(np.arctan(np.polyfit(-row, column, 1)[0])))
    return np.array(angles)


@wrong("8.1", "all images at once")
def _(images):
    w = images[..., 0].astype("float64") / images.sum()
    x, h = COLUMN - (w * COLUMN).sum(), (w * ROW).sum() - ROW
    return np.degrees(np.arctan((w * x * h).sum() / (w * h * h).sum()))


@wrong("8.1", "mean over the images")
def _(images):
    _, mixed, tall = moments_of(images)
    return np.mean(np.degrees(np.arctan(mixed / tall)))


@wrong("8.1", "operands could not be broadcast")
def _(images):
    ink = images[..., 0]
    x = COLUMN - (ink * COLUMN).sum(axis=(1, 2)) / ink.sum(axis=(1, 2))
    return (ink * x).sum(axis=(1, 2))


# Wrong: the vector


@wrong("8.2", "they *read* the attribute")
def _(z, values):
    design = np.column_stack([z, np.ones(len(z))])
    return np.linalg.lstsq(design, values, rcond=None)[0][:-1]


@wrong("8.2", "the shortest step that *reads*")
def _(z, values):
    design = np.column_stack([z, np.ones(len(z))])
    w = np.linalg.lstsq(design, values, rcond=None)[0][:-1]
    return w / (w @ w)


@wrong("8.2", "nothing is centered")
def _(z, values):
    return (values[:, None] * z).sum(axis=0) / (values**2).sum()


@wrong("8.2", "in the denominator are not centered")
def _(z, values):
    a = values - np.mean(values)
    return (a[:, None] * (z - z.mean(0))).sum(0) / np.sum(values**2)


@wrong("8.2", "that is the covariance")
def _(z, values):
    a = values - values.mean()
    return np.mean(a[:, None] * (z - z.mean(axis=0)), axis=0)


@wrong("8.2", "n times the covariance")
def _(z, values):
    a = values - values.mean()
    return np.sum(a[:, None] * (z - z.mean(axis=0)), axis=0)


@wrong("8.2", "you divided a sum by a mean")
def _(z, values):
    a = values - values.mean()
    return a @ (z - z.mean(axis=0)) / values.var()


@wrong("8.2", "you divided a mean by a sum")
def _(z, values):
    a = values - values.mean()
    return (a[:, None] * (z - z.mean(axis=0))).mean(axis=0) / (a @ a)


@wrong("8.2", "np.cov divides by n - 1")
def _(z, values):
    table = np.cov(np.column_stack([values, z]).T)
    return table[0, 1:] / np.var(values)


@wrong("8.2", "one standard deviation of the attribute")
def _(z, values):
    scores = (values - values.mean()) / values.std()
    return scores @ (z - z.mean(axis=0)) / len(z)


@wrong("8.2", "those are correlations")
def _(z, values):
    return np.array([np.corrcoef(unit, values)[0, 1] for unit in z.T])


@wrong("8.2", "the variance of the codes")
def _(z, values):
    return np.array([np.polyfit(unit, values, 1)[0] for unit in z.T])


@wrong("8.2", "its length is set to 1")
def _(z, values):
    v = np.polyfit(values, z, 1)[0]
    return v / np.sqrt(np.sum(v**2))


@wrong("8.2", "the difference of the two halves' means")
def _(z, values):
    above = values > np.median(values)
    return z[above].mean(axis=0) - z[~above].mean(axis=0)


@wrong("8.2", "the two halves' means alone are used")
def _(z, values):
    above = values > np.median(values)
    step = values[above].mean() - values[~above].mean()
    return (z[above].mean(axis=0) - z[~above].mean(axis=0)) / step


@wrong("8.2", "leads toward *more*")
def _(z, values):
    return np.polyfit(-values, z, 1)[0]


@wrong("8.2", "returned shape (3, 1), expected shape (3,)")
def _(z, values):
    return np.polyfit(values, z, 1)[0][:, None]


# Wrong: the plane


def dots(z, origin, first, second):
    return np.stack([(z - origin) @ first, (z - origin) @ second], axis=1)


def length(v):
    return np.sqrt(np.sum(v**2))


@wrong("8.3", "origin is not subtracted")
def _(z, origin, across, up):
    q, r = np.linalg.qr(np.stack([across, up]).T)
    return z @ q * np.sign(np.diag(r))


@wrong("8.3", "not at a right angle")
def _(z, origin, across, up):
    return dots(z, origin, across / length(across), up / length(up))


@wrong("8.3", "neither at a right angle nor of length 1")
def _(z, origin, across, up):
    return dots(z, origin, across, up)


@wrong("8.3", "but not of length 1: divide both")
def _(z, origin, across, up):
    up = up - (up @ across) / (across @ across) * across
    return dots(z, origin, across, up)


@wrong("8.3", "*after* the subtraction")
def _(z, origin, across, up):
    e1 = across / length(across)
    return dots(z, origin, e1, up - (up @ e1) * e1)


@wrong("8.3", "the subtraction shortened it")
def _(z, origin, across, up):
    e1, e2 = across / length(across), up / length(up)
    return dots(z, origin, e1, e2 - (e2 @ e1) * e1)


@wrong("8.3", "the first axis is not of length 1")
def _(z, origin, across, up):
    up = up - (up @ across) / (across @ across) * across
    return dots(z, origin, across, up / length(up))


@wrong("8.3", "the squared lengths")
def _(z, origin, across, up):
    up = up - (up @ across) / (across @ across) * across
    return dots(z, origin, across / length(across) ** 2, up / length(up) ** 2)


@wrong("8.3", "multiples of across and up")
def _(z, origin, across, up):
    return (z - origin) @ np.linalg.pinv(np.stack([across, up]))


@wrong("8.3", "columns are swapped")
def _(z, origin, across, up):
    e1 = across / length(across)
    e2 = up - (up @ e1) * e1
    return dots(z, origin, e2 / length(e2), e1)


@wrong("8.3", "turned across instead of up")
def _(z, origin, across, up):
    e2 = up / length(up)
    e1 = across - (across @ e2) * e2
    return dots(z, origin, e1 / length(e1), e2)


@wrong("8.3", "directions, not points")
def _(z, origin, across, up):
    across, up = across - origin, up - origin
    e1 = across / length(across)
    e2 = up - (up @ e1) * e1
    return dots(z, origin, e1, e2 / length(e2))


@wrong("8.3", "points the wrong way")
def _(z, origin, across, up):
    e1 = across / length(across)
    e2 = (up @ e1) * e1 - up
    return dots(z, origin, e1, e2 / length(e2))


@wrong("8.3", "points of the latent space")
def _(z, origin, across, up):
    basis = np.stack([across, up], axis=1)
    return origin + (z - origin) @ basis @ np.linalg.pinv(basis)


@wrong("8.3", "transposed")
def _(z, origin, across, up):
    e1 = across / length(across)
    e2 = up - (up @ e1) * e1
    return np.stack([(z - origin) @ e1, (z - origin) @ e2 / length(e2)])
