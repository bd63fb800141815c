"""Answers to the exercises of lab 11."""

import keras
import numpy as np
from keras import ops
from scipy.special import logsumexp

from answers import right, wrong

# Right, in other ways than the reference


@right("11.1")
def _(features, labels):
    switches = ops.cast(ops.equal(labels[:, None], ops.arange(10)), "float32")
    return ops.concatenate([features, switches], axis=-1)


@right("11.1")
def _(features, labels):
    return ops.hstack([features, ops.take(ops.eye(10), labels, axis=0)])


@right("11.1")
def _(features, labels):
    switches = keras.utils.to_categorical(labels, 10)
    return keras.layers.concatenate([features, switches])


@right("11.1")
def _(features, labels):
    return keras.layers.Concatenate()([features, ops.one_hot(labels, num_classes=10)])


@right("11.2")
def _(decoder, z):
    columns = []
    for label in range(10):
        columns.append(decoder([z, np.full(len(z), label)]))
    return ops.stack(columns, axis=1)


@right("11.2")
def _(decoder, z):
    n, (labels, rows) = len(z), np.meshgrid(range(10), range(len(z)))
    digits = decoder.predict([z[rows.ravel()], labels.ravel()], verbose=0)
    return digits.reshape(n, 10, 28, 28, 1)


@right("11.2")
def _(decoder, z):
    sheet = np.empty((len(z), 10, 28, 28, 1), "float32")
    for i in range(len(z)):
        labels = np.arange(10)
        here = {"z": np.stack([z[i]] * 10), "labels": labels}
        sheet[i] = ops.convert_to_numpy(decoder(here))
    z[:] = 0
    return sheet


@right("11.3")
def _(elbo):
    elbo = elbo.astype("float64")
    return np.exp(elbo - logsumexp(elbo, axis=1, keepdims=True))


@right("11.3")
def _(elbo):
    return ops.softmax(ops.convert_to_tensor(elbo), axis=-1)


@right("11.3")
def _(elbo):
    rows = []
    for row in elbo:
        weights = np.exp(row - row.max()) / 10  # p(x given y) p(y)
        rows.append(weights / weights.sum())
    return np.array(rows)


# Wrong


@wrong("11.1", "a 9 is nine times")
def _(features, labels):
    label = ops.cast(ops.reshape(labels, (-1, 1)), "float32")
    return ops.concatenate([features, label], axis=1)


@wrong("11.1", "between 0 and 1")
def _(features, labels):
    label = ops.cast(ops.expand_dims(labels, -1), "float32")
    return ops.concatenate([features, label / 9.0], axis=1)


@wrong("11.1", "stands first")
def _(features, labels):
    return ops.hstack([ops.one_hot(labels, 10), features])


@wrong("11.1", "those are the features alone")
def _(features, labels):
    return ops.concatenate([features], axis=1)


@wrong("11.1", "the features are missing")
def _(features, labels):
    return ops.cast(ops.equal(labels[:, None], ops.arange(10)), "float32")


@wrong("11.1", "largest label of the batch")
def _(features, labels):
    classes = 1 + int(np.max(ops.convert_to_numpy(labels)))
    return ops.hstack([features, ops.one_hot(labels, classes)])


@wrong("11.1", "none for the class 9")
def _(features, labels):
    switches = ops.cast(ops.equal(labels[:, None], ops.arange(9)), "float32")
    return ops.hstack([features, switches])


@wrong("11.1", "one too many")
def _(features, labels):
    switches = ops.cast(ops.equal(labels[:, None], ops.arange(11)), "float32")
    return ops.hstack([features, switches])


@wrong("11.1", "class 0 has the first one")
def _(features, labels):
    switches = ops.cast(ops.equal(labels[:, None], ops.arange(1, 11)), "float32")
    return ops.hstack([features, switches])


@wrong("11.1", "class 9 has the last one")
def _(features, labels):
    switches = ops.cast(ops.equal(labels[:, None], ops.arange(-1, 9)), "float32")
    return ops.hstack([features, switches])


@wrong("11.1", "on and off are swapped")
def _(features, labels):
    off = ops.cast(ops.not_equal(labels[:, None], ops.arange(10)), "float32")
    return ops.hstack([features, off])


@wrong("11.1", "the result is transposed")
def _(features, labels):
    switches = ops.transpose(ops.one_hot(labels, 10))
    return ops.concatenate([ops.transpose(features), switches], axis=0)


@wrong("11.1", "it raised")
def _(features, labels):
    return ops.concatenate([features, ops.one_hot(labels, 10)], axis=0)


@wrong("11.1", "cannot run inside a model")
def _(features, labels):
    switches = np.eye(10, dtype="float32")[np.asarray(labels)]
    return np.concatenate([features, switches], axis=1)


@wrong("11.2", "z changes along a row")
def _(decoder, z):
    n = len(z)
    z_all = np.concatenate([z] * 10)
    labels = np.array(list(range(10)) * n)
    return ops.reshape(decoder([z_all, labels]), (n, 10, 28, 28, 1))


@wrong("11.2", "do not run from 0 to 9 within a row")
def _(decoder, z):
    n = len(z)
    z_all = z[np.arange(10 * n) // 10]
    labels = np.arange(10 * n) // n
    return ops.reshape(decoder([z_all, labels]), (n, 10, 28, 28, 1))


@wrong("11.2", "in the order class by class")
def _(decoder, z):
    n, digits = len(z), []
    for label in range(10):
        digits.extend(decoder.predict([z, np.full(n, label)], verbose=0))
    return np.array(digits).reshape(n, 10, 28, 28, 1)


@wrong("11.2", "each row holds one class")
def _(decoder, z):
    return np.array(
        [decoder.predict([z, np.full(len(z), label)]) for label in range(10)]
    )


@wrong("11.2", "in one long row")
def _(decoder, z):
    return decoder([np.repeat(z, 10, axis=0), np.tile(np.arange(10), len(z))])


@wrong("11.2", "that is the canvas")
def _(decoder, z):
    digits = decoder.predict([np.repeat(z, 10, axis=0), np.tile(range(10), len(z))])
    rows = np.split(digits[..., 0], len(z))
    return np.vstack([np.hstack(list(row)) for row in rows])


@wrong("11.2", "the channel axis is gone")
def _(decoder, z):
    digits = decoder.predict([np.repeat(z, 10, axis=0), np.tile(range(10), len(z))])
    return digits.reshape(len(z), 10, 28, 28)


@wrong("11.2", "run from 1 to 10")
def _(decoder, z):
    labels = [label for _ in z for label in range(1, 11)]
    digits = decoder([np.repeat(z, 10, axis=0), np.array(labels)])
    return ops.reshape(digits, (-1, 10, 28, 28, 1))


@wrong("11.2", "the 9 is missing")
def _(decoder, z):
    labels = np.tile(np.arange(9), len(z))
    digits = decoder([np.repeat(z, 9, axis=0), labels])
    return ops.reshape(digits, (len(z), 9, 28, 28, 1))


@wrong("11.2", "every column writes a 0")
def _(decoder, z):
    digits = decoder([np.repeat(z, 10, axis=0), np.zeros(10 * len(z))])
    return ops.reshape(digits, (len(z), 10, 28, 28, 1))


@wrong("11.2", "has the handwriting of the first z")
def _(decoder, z):
    z_all = np.tile(z[0], (10 * len(z), 1))
    digits = decoder([z_all, np.tile(np.arange(10), len(z))])
    return ops.reshape(digits, (len(z), 10, 28, 28, 1))


@wrong("11.2", "that is the row of the first z alone")
def _(decoder, z):
    return decoder([np.stack([z[0]] * 10), np.arange(10)])


@wrong("11.2", "upside down")
def _(decoder, z):
    z_all = np.repeat(np.flip(z, axis=0), 10, axis=0)
    digits = decoder([z_all, np.tile(np.arange(10), len(z))])
    return ops.reshape(digits, (len(z), 10, 28, 28, 1))


@wrong("11.2", "the decoder takes [z, labels]")
def _(decoder, z):
    return decoder([np.tile(np.arange(10), len(z)), np.repeat(z, 10, axis=0)])


@wrong("11.2", "the decoder takes [z, labels]")
def _(decoder, z):
    labels = np.tile(np.eye(10), (len(z), 1))
    return decoder([np.repeat(z, 10, axis=0), labels])


@wrong("11.3", "0 / 0 is NaN")
def _(elbo):
    likelihood = np.exp(elbo)
    return (likelihood.T / likelihood.sum(axis=1)).T


@wrong("11.3", "float64 puts it off")
def _(elbo):
    likelihood = np.exp(np.float64(elbo))
    return likelihood / np.sum(likelihood, axis=1, keepdims=True)


@wrong("11.3", "of *all* images")
def _(elbo):
    likelihood = np.exp(elbo - np.max(elbo))
    return likelihood / np.sum(likelihood, axis=1)[:, None]


@wrong("11.3", "a larger ELBO makes a label more")
def _(elbo):
    likelihood = np.exp(elbo.min(axis=1, keepdims=True) - elbo)
    return likelihood / likelihood.sum(axis=1, keepdims=True)


@wrong("11.3", "sum over the images")
def _(elbo):
    likelihood = np.exp(elbo - elbo.max(axis=0))
    return likelihood / likelihood.sum(axis=0)


@wrong("11.3", "that is the likeliest label")
def _(elbo):
    return np.argmax(elbo, axis=-1)


@wrong("11.3", "that is certainty")
def _(elbo):
    return (elbo == elbo.max(axis=1, keepdims=True)).astype("float32")


@wrong("11.3", "must add up to 1")
def _(elbo):
    return np.array([np.exp(row - np.max(row)) for row in elbo])


@wrong("11.3", "is a *logarithm*")
def _(elbo):
    return np.array([row / row.sum() for row in elbo])


@wrong("11.3", "not a power of 2")
def _(elbo):
    likelihood = 2.0 ** (elbo - elbo.max(axis=1, keepdims=True))
    return likelihood / likelihood.sum(axis=1, keepdims=True)


@wrong("11.3", "take exp of them")
def _(elbo):
    return elbo - logsumexp(elbo, axis=1, keepdims=True)


@wrong("11.3", "above and below the line")
def _(elbo):
    likelihood = np.exp(elbo - elbo.max(axis=1, keepdims=True))
    return 0.1 * likelihood / likelihood.sum(axis=1, keepdims=True)


@wrong("11.3", "of the likeliest label alone")
def _(elbo):
    likelihood = np.exp(elbo - elbo.max(axis=1, keepdims=True))
    return 1 / likelihood.sum(axis=1)
