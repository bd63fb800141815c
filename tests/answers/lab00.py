"""Answers to the exercises of lab 00."""

import numpy as np
from keras import ops

from answers import right, wrong

# Right, in other ways than the reference


@right("0.1")
def _(raw):
    x = raw.astype("float32")
    x /= 255
    return np.expand_dims(x, -1)


@right("0.1")
def _(raw):
    scaled = [np.float32(image) * np.float32(1 / 255) for image in raw]
    return np.stack(scaled).reshape(-1, 28, 28, 1)


@right("0.1")
def _(raw):
    return ops.expand_dims(ops.cast(raw, "float32") / 255, axis=-1)


@right("0.2")
def _(z_a, z_b):
    return z_a + 0.5 * (z_b - z_a)


@right("0.2")
def _(z_a, z_b):
    return np.array([(a + b) / 2 for a, b in zip(z_a, z_b, strict=True)])


@right("0.2")
def _(z_a, z_b):
    return ops.mean(ops.stack([z_a, z_b]), axis=0)


@right("0.2")
def _(z_a, z_b):
    z_a += z_b  # changes its argument, and is right
    z_a /= 2
    return z_a


# Wrong


@wrong("0.1", "channel axis is missing")
def _(raw):
    x = raw.astype("float32")
    x /= 255.0
    return x


@wrong("0.1", "divided by 256")
def _(raw):
    return np.expand_dims(np.float32(raw) / 256.0, axis=-1)


@wrong("0.1", "still run from 0 to 255")
def _(raw):
    n, height, width = raw.shape
    return raw.reshape(n, height, width, 1).astype("float32")


@wrong("0.1", "integer types drop the fraction")
def _(raw):
    scaled = (raw / 255).astype("uint8")
    return np.expand_dims(scaled, 3)


@wrong("0.1", "largest value of these images")
def _(raw):
    x = raw.astype("float32")[:, :, :, np.newaxis]
    return (x - x.min()) / (x.max() - x.min())


@wrong("0.1", "(n, 1, 28, 28)")
def _(raw):
    return np.stack([image[None] / 255.0 for image in raw]).astype("float32")


@wrong("0.1", "before all the images")
def _(raw):
    return np.array([raw]) / 255.0


@wrong("0.1", "flattened")
def _(raw):
    return raw.reshape(-1, 784).astype("float32") / 255


@wrong("0.1", "[-1, 1]")
def _(raw):
    x = raw.astype("float32")[..., None]
    return 2 * (x / 255) - 1


@wrong("0.1", "negative image")
def _(raw):
    return ((255 - raw) / 255.0)[..., None]


@wrong("0.1", "the type is float64")
def _(raw):
    return raw[..., None] / 255


@wrong("0.1", "it returned shape (3, 28, 28), expected shape (3, 28, 28, 1)")
def _(raw):
    return raw.astype("float32")


@wrong("0.2", "added the points")
def _(z_a, z_b):
    return np.sum([z_a, z_b], axis=0)


@wrong("0.2", "only z_b is halved")
def _(z_a, z_b):
    middle = z_a + z_b / 2
    return middle


@wrong("0.2", "only z_a is halved")
def _(z_a, z_b):
    return 0.5 * z_a + z_b


@wrong("0.2", "half the *step*")
def _(z_a, z_b):
    step = z_b - z_a
    return 0.5 * step


@wrong("0.2", "half a difference")
def _(z_a, z_b):
    return np.subtract(z_a, z_b) / 2


@wrong("0.2", "averaged over the coordinates too")
def _(z_a, z_b):
    return (z_a.mean() + z_b.mean()) / 2


@wrong("0.2", "coordinates of each point")
def _(z_a, z_b):
    return np.array([z_a.mean(), z_b.mean()])


@wrong("0.2", "`//` drops")
def _(z_a, z_b):
    return np.floor((z_a + z_b) / 2)


@wrong("0.2", "that is z_b itself")
def _(z_a, z_b):
    return z_a + (z_b - z_a)


@wrong("0.2", "a Python tuple of 2")
def _(z_a, z_b):
    return (z_a[0] + z_b[0]) / 2, (z_a[1] + z_b[1]) / 2


@wrong("0.2", "comma after the value")
def _(z_a, z_b):
    middle = ((z_a + z_b) / 2,)
    return middle
