"""Answers to the exercises of lab 12: tests of samplers, losses and splits."""

import math

import numpy as np
from keras import ops
from scipy.stats import kstest, norm

import vae_lab as lab
from answers import right, wrong

# 12.1, right


@right("12.1")
def _(sampler):
    for mean, log_var in [(-3.0, 3.0), (0.5, -4.0)]:
        shape = (50_000, 2)
        m, v = np.full(shape, mean, "f"), np.full(shape, log_var, "f")
        z = np.asarray(ops.convert_to_numpy(sampler(m, v)))
        std = math.sqrt(math.exp(log_var))
        np.testing.assert_allclose(z.mean(axis=0), mean, atol=0.05 * std)
        np.testing.assert_allclose(z.std(axis=0), std, rtol=0.05)


@right("12.1")
def _(sampler):
    m, v = ops.ones((10_000, 1)), ops.ones((10_000, 1)) * -1.5
    z = ops.convert_to_numpy(sampler(m, v)).ravel()
    assert kstest(z, norm(1, np.exp(-0.75)).cdf).statistic < 0.03
    z = ops.convert_to_numpy(sampler(m, 0 * v)).ravel()
    assert kstest(z, norm(1).cdf).statistic < 0.03


@right("12.1")
def _(sampler):
    rng = np.random.default_rng(0)
    m = rng.normal(size=(100_000, 1)).astype("float32")
    v = rng.uniform(-4, 4, size=m.shape).astype("float32")
    epsilon = (ops.convert_to_numpy(sampler(m, v)) - m) / np.exp(v / 2)
    for part in (v < -2, abs(v) < 1, v > 2):
        assert abs(epsilon[part].mean()) < 0.05, "the mean is off"
        assert abs(epsilon[part].var() - 1) < 0.1, "the width is off"


# 12.1, wrong


def draws(sampler, mean, log_var, rows=20_000):
    m = np.full((rows, 1), mean, "float32")
    return ops.convert_to_numpy(sampler(m, np.full_like(m, log_var)))


@wrong("12.1", "passes every exhibit")
def _(sampler):
    z = draws(sampler, 1, -2)
    pair = abs(z.std() - np.exp(-1)) < 0.05, "the width is off"
    assert pair  # as `assert (a, b)`: a tuple that is never empty


@wrong("12.1", "passes every exhibit")
def _(sampler):
    assert draws(sampler, 1, -2).shape == (20_000, 1)


@wrong("12.1", "fails on every exhibit")
def _(sampler):
    rng = np.random.default_rng(0)
    z = draws(sampler, 1, -2)
    assert np.allclose(z, 1 + np.exp(-1) * rng.normal(size=z.shape))


@wrong("12.1", "fails on every exhibit")
def _(sampler):
    assert np.isclose(draws(sampler, 1, 2).var(), np.exp(0.5 * 2), rtol=0.05)


@wrong("12.1", "turned around")
def _(sampler):
    for v in (-2, 2):
        z = draws(sampler, 1, v)
        wanted = np.exp(v / 2)
        if abs(z.mean() - 1) > 0.1 * wanted or abs(z.std() / wanted - 1) > 0.05:
            return
    raise AssertionError


@wrong("12.1", "passes the original and fails")
def _(sampler):
    assert np.isclose(draws(sampler, 1, -2).std(), np.exp(-2), rtol=0.05)


@wrong("12.1", "at z_log_var = 0 every one")
def _(sampler):
    z = draws(sampler, 2, 0)
    assert abs(z.mean() - 2) < 0.05 and abs(z.std() - 1) < 0.05


@wrong("12.1", "may forget either of them")
def _(sampler):
    z = draws(sampler, 0, 0)
    assert abs(z.mean()) < 0.05 and abs(z.std() - 1) < 0.05


@wrong("12.1", "the mean alone")
def _(sampler):
    assert abs(draws(sampler, 1, -2).mean() - 1) < 0.05


@wrong("12.1", "the mean is not")
def _(sampler):
    for v in (-3, 1):
        z = draws(sampler, 0, v)
        assert abs(z.mean()) < 0.05 and np.isclose(z.std(), np.exp(v / 2), rtol=0.04)


@wrong("12.1", "compare it with a number")
def _(sampler):
    assert draws(sampler, 1, 1).std() > draws(sampler, 1, 0).std()
    assert draws(sampler, 1, 0).std() > draws(sampler, 1, -1).std()


@wrong("12.1", "any noise")
def _(sampler):
    assert not np.array_equal(draws(sampler, 1, 1), draws(sampler, 1, 1))


@wrong("12.1", "it tries one z_log_var, so a sampler whose width")
def _(sampler):
    z = draws(sampler, 1, -2)
    assert abs(z.mean() - 1) < 0.02 and abs(z.std() - 0.368) < 0.018


@wrong("12.1", "it tries one z_log_var, so a sampler whose width")
def _(sampler):
    z = draws(sampler, -1, -3)
    assert np.isclose(z.mean(), -1, atol=0.05) and np.isclose(z.std(), 0.223, rtol=0.05)


@wrong("12.1", "with so wide a tolerance")
def _(sampler):
    z = draws(sampler, 1, -2)
    assert abs(z.mean() - 1) < 0.1 and 0.2 < z.std() < 0.5


@wrong("12.1", "Or do your log variances mix")
def _(sampler):
    for v, low, high in (-2, 0.2, 0.6), (2, 2, 4):
        z = draws(sampler, 1, v)
        assert abs(z.mean() - 1) < 0.1 * high and low < z.std() < high


@wrong("12.1", "Or do your log variances mix")
def _(sampler):
    rng = np.random.default_rng(1)
    m = rng.normal(size=(20_000, 1)).astype("float32")
    v = rng.uniform(-4, 3, size=m.shape).astype("float32")
    epsilon = (ops.convert_to_numpy(sampler(m, v)) - m) / np.exp(0.5 * v)
    assert abs(epsilon.mean()) < 0.05 and abs(epsilon.std() - 1) < 0.05


@wrong("12.1", "take 10,000 rows or more")
def _(sampler):
    for v in (-2, 2):
        z = draws(sampler, 1, v, rows=50)
        assert abs(z.mean() - 1) < 0.05 and abs(z.std() / np.exp(v / 2) - 1) < 0.05


@wrong("12.1", "in pytest yours would always pass")
def _(sampler):
    widths = [draws(sampler, 1, v).std() for v in (-2, 2)]
    return np.allclose(widths, np.exp([-1, 1]), rtol=0.05)


@wrong("12.1", "a batch of one row")
def _(sampler):
    for v in (-2, 2):
        z = draws(lambda m, v: sampler(m.T, v.T), 1, v)
        assert abs(z.mean() - 1) < 0.1 and np.isclose(z.std(), np.exp(v / 2), rtol=0.05)


@wrong("12.1", 'the exhibit "in pairs" fails, and it is sound')
def _(sampler):
    for v in (-1, -2):
        z = draws(sampler, 1, v)
        assert (
            np.isclose(z.std(), np.exp(v / 2), rtol=0.05) and abs(z.mean() - 1) < 0.03
        )
    assert abs(np.corrcoef(z[:10_000, 0], z[10_000:, 0])[0, 1]) < 0.1


# 12.2, right


def random_parts(seed=1, batch=5, latent_dim=3):
    rng = np.random.default_rng(seed)
    x, p = rng.uniform(0.1, 0.9, size=(2, batch, 28, 28, 1)).astype("float32")
    m, v = rng.normal(size=(2, batch, latent_dim)).astype("float32")
    return x, p, m, v


def slopes(loss, x, p, m, v):
    def of(*parts):
        return loss(x, *parts)

    return lab.gradient(of, p, m, v)


@right("12.2")
def _(loss):
    parts = random_parts()
    found = slopes(loss, *parts)
    sound = slopes(
        lambda x, p, m, v: ops.mean(lab.reconstruction_loss(x, p) + lab.kl_loss(m, v)),
        *parts,
    )
    unit = found[0].mean() / sound[0].mean()
    for one, other in zip(found, sound, strict=True):
        np.testing.assert_allclose(one, unit * other, rtol=0.01, atol=1e-4 * abs(unit))


@right("12.2")
def _(loss):
    x, p, m, v = random_parts(batch=3, latent_dim=2)
    wanted, found = [], []
    for q, n, w in [(p, m, v), (0.5 + 0 * p, m, v), (p, 2 * m, v), (p, m, v - 1)]:
        nats = lab.reconstruction_loss(x, q) + lab.kl_loss(n, w)
        wanted.append(float(ops.mean(nats)))
        found.append(float(loss(x, q, n, w)))
    ratios = (np.array(found[1:]) - found[0]) / (np.array(wanted[1:]) - wanted[0])
    assert ratios.std() < 0.01 * ratios.mean()


# 12.2, wrong


def beta(loss, m=1.0, v=0.0, batch=4, latent_dim=2):
    """The quotient, by hand, for a move of the KL to (m, v)."""
    x = np.full((batch, 28, 28, 1), 0.2, "float32")
    gray, zero = np.full_like(x, 0.5), np.zeros((batch, latent_dim), "float32")
    start = float(loss(x, gray, zero, zero))
    nats = 784 * (np.log(2) + 0.2 * np.log(0.2) + 0.8 * np.log(0.8))
    per_nat = (start - float(loss(x, x, zero, zero))) / nats
    kl = latent_dim * (m**2 + np.exp(v) - 1 - v) / 2
    return (float(loss(x, gray, zero + m, zero + v)) - start) / kl / per_nat


@wrong("12.2", "passes every exhibit")
def _(loss):
    assert beta(loss, 1, 0) == beta(loss, 1, 0)


@wrong("12.2", "fails on every exhibit")
def _(loss):
    assert beta(loss, 1, 0) == 1.25


@wrong("12.2", "turned around")
def _(loss):
    assert abs(beta(loss, 1, 0) - 1) > 0.01 or abs(beta(loss, 0, 1) - 1) > 0.01


@wrong("12.2", "nats per image and nothing else")
def _(loss):
    x, p, m, v = random_parts()
    nats = float(ops.mean(lab.reconstruction_loss(x, p) + lab.kl_loss(m, v)))
    assert abs(float(loss(x, p, m, v)) - nats) < 0.1


@wrong("12.2", "a constant must drop out, so use changes")
def _(loss):
    x = np.zeros((4, 28, 28, 1), "float32")
    gray, zero = np.full_like(x, 0.5), np.zeros((4, 2), "float32")
    one_nat = float(loss(x, gray, zero, zero)) / (784 * np.log(2))
    for m, v, kl in (1, 0, 1), (0, 1, np.e - 2):
        change = loss(x, gray, zero + m, zero + v) - loss(x, gray, zero, zero)
        assert abs(float(change) / kl / one_nat - 1) < 0.01


@wrong("12.2", 'the exhibit "above a copy" fails, and it is sound')
def _(loss):
    x, p, m, v = random_parts(batch=4, latent_dim=2)
    start = float(loss(x, p, 0 * m, 0 * v))
    one_nat = start / float(ops.mean(lab.reconstruction_loss(x, p)))
    for n, w in (m, 0 * v), (0 * m, v):
        kl = float(ops.mean(lab.kl_loss(n, w)))
        assert abs((float(loss(x, p, n, w)) - start) / kl / one_nat - 1) < 0.01


@wrong("12.2", "it wants a positive loss")
def _(loss):
    assert float(loss(*random_parts())) > 0
    for m, v in [(1, 0), (0, 1)]:
        assert abs(beta(loss, m, v) - 1) < 0.01


@wrong("12.2", "== and 1e-7 ask too much")
def _(loss):
    assert beta(loss, 1, 0) == 1 and beta(loss, 0, 1) == 1


@wrong("12.2", "move at once and alike")
def _(loss):
    assert abs(beta(loss, 1, 1) - 1) < 0.01


@wrong("12.2", "in pytest yours would always pass")
def _(loss):
    return all(abs(beta(loss, m, v) - 1) < 0.01 for m, v in [(1, 0), (0, 1)])


@wrong("12.2", "one latent unit")
def _(loss):
    for m, v in [(1, 0), (0, 1)]:
        assert abs(beta(loss, m, v, latent_dim=1) - 1) < 0.01


@wrong("12.2", "with one image")
def _(loss):
    for m, v in [(1, 0), (0, 1)]:
        assert abs(beta(loss, m, v, batch=1) - 1) < 0.01


@wrong("12.2", "only z_mean moves")
def _(loss):
    assert abs(beta(loss, 2, 0) - 1) < 0.01


@wrong("12.2", "only z_log_var moves")
def _(loss):
    assert abs(beta(loss, 0, -2) - 1) < 0.01


@wrong("12.2", "says that beta is positive")
def _(loss):
    x, p, m, v = random_parts()
    assert float(loss(x, p, 0 * m, 0 * v)) < float(loss(x, p, 2 + 0 * m, v - 3))


@wrong("12.2", "a beta of 0.9 passes")
def _(loss):
    assert all(0.7 < beta(loss, m, v) < 1.4 for m, v in [(1, 0), (0, 3)])


@wrong("12.2", "0.392 passes")
def _(loss):
    assert all(0.35 < beta(loss, m, v) < 1.8 for m, v in [(1, 0), (0, -1.5)])


@wrong("12.2", "it wants the original's beta")
def _(loss):
    assert abs(beta(loss, 1, 0) - 0.392) < 1e-2 and abs(beta(loss, 0, 1) - 0.392) < 1e-2


@wrong("12.2", 'the exhibit "in bits" fails, and it is sound')
def _(loss):
    x, p, m, v = random_parts(batch=4)
    change = float(loss(x, p, 2 * m, v)) - float(loss(x, p, m, v))
    nats = float(ops.mean(lab.kl_loss(2 * m, v) - lab.kl_loss(m, v)))
    per_pixel = abs(784 * change / nats - 1) < 0.01
    assert per_pixel or abs(change / nats - 1) < 0.01
    assert abs(beta(loss, 1, 0) - 1) < 0.01 and abs(beta(loss, 0, 1) - 1) < 0.01


# 12.3, right


@right("12.3")
def _(split):
    x_train, x_test = split
    for image in x_test:
        assert np.abs(x_train - image).max(axis=(1, 2, 3)).min() > 1 / 510


@right("12.3")
def _(split):
    keys = [
        {tuple(np.round(255 * x).astype(int).ravel()) for x in part} for part in split
    ]
    assert keys[0].isdisjoint(keys[1])


# 12.3, wrong


@wrong("12.3", "passes every exhibit")
def _(split):
    x_train, x_test = split
    assert len(x_train) > len(x_test) and x_train is not x_test


@wrong("12.3", "passes every exhibit")
def _(split):
    assert not np.array_equal(split[0], split[1])


@wrong("12.3", "fails on every exhibit")
def _(split):
    x_train, x_test = split
    assert not any(image in x_train for image in x_test)


@wrong("12.3", "turned around")
def _(split):
    seen = {np.rint(255 * x).astype("uint8").tobytes() for x in split[0]}
    assert any(np.rint(255 * x).astype("uint8").tobytes() in seen for x in split[1])


@wrong("12.3", "image 0 with image 0")
def _(split):
    for ours, theirs in zip(*split, strict=False):
        assert not np.allclose(ours, theirs, atol=1e-3)


@wrong("12.3", "every* test image")
def _(split):
    x_train, x_test = split
    assert not any(np.allclose(x, x_test[0], atol=1e-3) for x in x_train)


@wrong("12.3", "one is too many")
def _(split):
    x_train, x_test = (np.rint(255 * x).astype(int) for x in split)
    assert not all((x_train == x).all(axis=(1, 2, 3)).any() for x in x_test)


@wrong("12.3", "float32 and in float64")
def _(split):
    x_train, x_test = split
    assert not any((x_train == x).all(axis=(1, 2, 3)).any() for x in x_test)


@wrong("12.3", "double *within*")
def _(split):
    keys = [np.rint(255 * x).astype("uint8").tobytes() for part in split for x in part]
    assert len(set(keys)) == len(keys)


@wrong("12.3", "similar is not the same")
def _(split):
    x_train, x_test = split
    assert min(np.mean((x_train - x) ** 2, axis=(1, 2, 3)).min() for x in x_test) > 0.01


@wrong("12.3", "the same ink")
def _(split):
    sums = [set(np.rint(255 * x).sum(axis=(1, 2, 3)).tolist()) for x in split]
    assert not sums[0] & sums[1]


@wrong("12.3", "every* test image")
def _(split):
    x_train, x_test = split
    for image in x_test[:30]:
        assert np.abs(x_train - image).max(axis=(1, 2, 3)).min() > 1e-3


@wrong("12.3", 'the exhibit "joined and shuffled" passes, and it is faulty: every test')
def _(split):
    x_train, x_test = split
    assert not np.allclose(x_train[-len(x_test) :], x_test, atol=1e-3)
