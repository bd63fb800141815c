"""The bounds on log p(x), against truths that are known without them."""

import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm
from test_model import tiny_vae

import vae_lab
from vae_lab import evaluate
from vae_lab.session import keras, layers, ops

VARIANCE = 0.25  # of the linear model's pixels
ORTHOGONAL = np.array([[2.0, 0], [1, 0], [0, 2], [0, -1.5], [0, 0]])
OBLIQUE = np.array([[2.0, 1.5], [1, 1], [0.5, 2], [0, -0.5], [0.3, 0]])


def normal_loss(images, reconstruction):
    """-log N(images; reconstruction, VARIANCE), in nats."""
    per_pixel = ops.square(images - reconstruction) / VARIANCE
    return 0.5 * ops.sum(per_pixel + np.log(2 * np.pi * VARIANCE), axis=1)


def linear_vae(weights, shift=0.0, factor=1.0):
    """A linear decoder, and an encoder with the best independent normal.

    The mean is moved by `shift` standard deviations, the std multiplied by `factor`.
    """
    pixels, units = weights.shape
    precision = np.eye(units) + weights.T @ weights / VARIANCE
    std = np.sqrt(1 / np.diag(precision))
    x, z = keras.Input((pixels,)), keras.Input((units,))
    heads = [layers.Dense(units, name=name) for name in ("z_mean", "z_log_var")]
    encoder = keras.Model(x, [head(x) for head in heads])
    decoder = keras.Model(z, layers.Dense(pixels, use_bias=False)(z))
    kernel = weights @ np.linalg.inv(precision) / VARIANCE
    heads[0].set_weights([kernel, shift * std])
    heads[1].set_weights([0 * kernel, 2 * np.log(factor * std)])
    decoder.set_weights([weights.T])
    return SimpleNamespace(encoder=encoder, decoder=decoder), precision, std


def linear_data(weights, n=100):
    generator = np.random.default_rng(1)
    noise = generator.normal(size=(n, len(weights))) * np.sqrt(VARIANCE)
    x = generator.normal(size=(n, 2)) @ weights.T + noise
    covariance = weights @ weights.T + VARIANCE * np.eye(len(weights))
    truth = multivariate_normal(np.zeros(len(weights)), covariance).logpdf(x)
    return x.astype("float32"), truth


@pytest.fixture(scope="module")
def vae():
    """A VAE whose encoder gives one q to all images, wide enough to cover each."""
    vae = tiny_vae()
    vae.decoder.set_weights([2 * weight for weight in vae.decoder.get_weights()])
    for head, bias in [("z_mean", [0.4, -0.2]), ("z_log_var", [0.2, 0.0])]:
        layer = vae.encoder.get_layer(head)
        layer.set_weights([np.zeros((784, 2)), np.array(bias)])
    return vae


@pytest.fixture(scope="module")
def images(vae):
    """Black and white images that the VAE itself drew."""
    generator = np.random.default_rng(0)
    z = generator.normal(size=(24, 2)).astype("float32")
    p = vae.decoder.predict(z, verbose=0)
    return (generator.uniform(size=p.shape) < p).astype("float32")


# Truths


def test_both_are_exact_where_q_is_the_true_posterior():
    (vae, *_), (x, truth) = linear_vae(ORTHOGONAL), linear_data(ORTHOGONAL)
    for k in (1, 7):
        bound = vae_lab.importance_weighted_bound(vae, x, k, loss=normal_loss)
        np.testing.assert_allclose(bound, truth, atol=2e-4)
    found = vae_lab.elbo(vae, x, samples=1000, loss=normal_loss)
    np.testing.assert_allclose(found, truth, atol=0.15)
    assert np.mean(found - truth) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("shift, factor", [(1.0, 1.0), (0.0, 2.0), (0.0, 0.5)])
def test_elbo_lies_below_the_truth_by_the_kl(shift, factor):
    vae, *_ = linear_vae(ORTHOGONAL, shift, factor)
    x, truth = linear_data(ORTHOGONAL)
    kl = shift**2 + factor**2 - 1 - 2 * np.log(factor)  # of two units alike
    many = np.repeat(x, 40, axis=0)  # the mean log weight is the ELBO
    weights = vae_lab.importance_weighted_bound(vae, many, 1, loss=normal_loss)
    ways = [vae_lab.elbo(vae, x, 400, loss=normal_loss), weights]
    for bound in ways:
        assert truth.mean() - bound.mean() == pytest.approx(kl, abs=0.08)
    higher = vae_lab.importance_weighted_bound(vae, x, 300, loss=normal_loss)
    assert kl / 3 > np.mean(truth - higher) > -0.03


def test_elbo_of_an_independent_q_misses_what_the_posterior_is_tilted():
    vae, precision, std = linear_vae(OBLIQUE)
    x, truth = linear_data(OBLIQUE)
    # KL of two normals with one mean
    logs = np.log(np.linalg.det(np.diag(std**2) @ precision))
    kl = 0.5 * (np.trace(precision @ np.diag(std**2)) - 2 - logs)
    assert kl > 0.3
    found = vae_lab.elbo(vae, x, 2000, loss=normal_loss)
    assert np.mean(truth - found) == pytest.approx(kl, abs=0.02)
    bound = vae_lab.importance_weighted_bound(vae, x, 1000, loss=normal_loss)
    assert abs(np.mean(truth - bound)) < 0.15


def test_quadrature_on_the_plane_gives_the_bound_of_many_draws(vae, images):
    axis = np.linspace(-6, 6, 181)
    z = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2).astype("float32")
    p = vae.decoder.predict(z, batch_size=2000, verbose=0).reshape(-1, 784)
    p = np.clip(p.astype("float64"), 1e-7, 1 - 1e-7)
    x = images.reshape(-1, 784)
    table = x @ np.log(p).T + (1 - x) @ np.log1p(-p).T + norm.logpdf(z).sum(axis=1)
    log_p = logsumexp(table, axis=1) + 2 * np.log(axis[1] - axis[0])
    bound = vae_lab.importance_weighted_bound(vae, images, 4000, chunk_size=4000)
    np.testing.assert_allclose(bound, log_p, atol=0.3)
    assert np.mean(bound - log_p) == pytest.approx(0, abs=0.05)
    z_mean, z_log_var = vae.encoder.predict(images, verbose=0)
    std = np.exp(0.5 * z_log_var)
    log_q = norm.logpdf(z, z_mean[:, None], std[:, None]).sum(axis=2)
    log_q -= logsumexp(log_q, axis=1, keepdims=True)
    log_posterior = table - logsumexp(table, axis=1, keepdims=True)
    kl = np.sum(np.exp(log_q) * (log_q - log_posterior), axis=1)
    assert kl.mean() > 0.5
    elbo = vae_lab.elbo(vae, images, 1000, chunk_size=4000)
    assert np.mean(log_p - elbo) == pytest.approx(kl.mean(), rel=0.05)


def test_the_bound_rises_with_k_on_average(vae, images):
    means = [
        np.mean(vae_lab.importance_weighted_bound(vae, images, k, seed=k))
        for k in (1, 5, 25, 125)
    ]
    assert np.all(np.diff(means) > 0.02), means
    elbo = vae_lab.elbo(vae, images, 200).mean()
    many = np.repeat(images, 200, axis=0)
    k_1 = vae_lab.importance_weighted_bound(vae, many, 1).mean()
    assert k_1 == pytest.approx(elbo, abs=0.2)


def test_elbo_is_minus_the_loss_that_the_model_reports(images):
    vae = tiny_vae()
    reported = vae.evaluate(images, verbose=0, return_dict=True)["loss"]
    assert -np.mean(vae_lab.elbo(vae, images, 50)) == pytest.approx(reported, rel=2e-3)


def test_any_latent_dim(images):
    vae = vae_lab.VAE(vae_lab.build_encoder(5), vae_lab.build_decoder(5))
    for found in (
        vae_lab.elbo(vae, images[:3], 2),
        vae_lab.importance_weighted_bound(vae, images[:3], 4),
    ):
        assert found.shape == (3,) and found.dtype == np.float32
        assert np.isfinite(found).all()


def test_log_weights_agree_with_scipy():
    generator = np.random.default_rng(3)
    z, z_mean, z_log_var = generator.normal(size=(3, 6, 4)).astype("float32")
    cost = generator.uniform(size=6).astype("float32")
    log_q = norm.logpdf(z, z_mean, np.exp(0.5 * z_log_var)).sum(axis=1)
    expected = norm.logpdf(z).sum(axis=1) - log_q - cost
    tensors = map(ops.convert_to_tensor, (cost, z, z_mean, z_log_var))
    found = ops.convert_to_numpy(evaluate.log_weights(*tensors))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_log_mean_exp_neither_underflows_nor_overflows():
    log_w = np.array([[-1e5, 500.0], [-1e5, -1e30]], "float32")
    found = evaluate.log_mean_exp(ops.convert_to_tensor(log_w))
    found = ops.convert_to_numpy(found)
    np.testing.assert_allclose(found, [-1e5, 500 - np.log(2)], rtol=1e-6)


# Chunks, seeds, memory


@pytest.mark.parametrize("chunk_size", [1, 7, 40, 10_000])
def test_the_size_of_chunks_changes_nothing(vae, images, chunk_size):
    few = images[:6]
    for bound in (vae_lab.elbo, vae_lab.importance_weighted_bound):
        expected = bound(vae, few, 20, seed=4)
        found = bound(vae, few, 20, seed=4, chunk_size=chunk_size)
        np.testing.assert_allclose(found, expected, rtol=1e-5)
        np.testing.assert_array_equal(bound(vae, few, 20, seed=4), expected)
        assert np.any(bound(vae, few, 20, seed=5) != expected)


def test_each_image_and_each_draw_has_its_own_noise(vae, images):
    twice = np.concatenate([images[:1], images[:1]])
    first, second = vae_lab.elbo(vae, twice)
    assert first != second
    one, many = (vae_lab.importance_weighted_bound(vae, images, k) for k in (1, 2))
    assert not np.allclose(one, many, atol=1e-3)


def test_memory_stays_bounded():
    """10,000 images of 4 pixels, 200 draws: 2 million, a chunk at a time."""
    vae, *_ = linear_vae(np.eye(4, 2))
    seen = []

    class Watched:
        def __call__(self, z):
            return self.predict_on_batch(z)

        def predict_on_batch(self, z):
            seen.append(len(z))
            return z @ np.eye(2, 4, dtype="float32")

    vae.decoder = Watched()
    x = np.zeros((10_000, 4), "float32")
    tracemalloc.start()
    bound = vae_lab.importance_weighted_bound(
        vae, x, 200, loss=normal_loss, chunk_size=20_000
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert bound.shape == (10_000,)
    assert max(seen) == 20_000 and sum(seen) == 2_000_000
    assert peak < 10 * 2_000_000  # bytes: the log weights twice, and a chunk


# Bad input


class NoDecoder:
    encoder = keras.Model


BAD = {
    "no vae": (dict(vae=3), TypeError, "vae must have an encoder and a decoder"),
    "no decoder": (dict(vae=NoDecoder()), TypeError, "which has no decoder"),
    "no images": (dict(images=np.zeros((0, 28, 28, 1))), ValueError, "n >= 1"),
    "one image": (dict(images=np.zeros((28, 28, 1))), ValueError, r"\(n, 28, 28, 1\)"),
    "flat images": (dict(images=np.zeros((3, 784))), ValueError, r"\(3, 784\)"),
    "NaN": (dict(images=np.full((1, 28, 28, 1), np.nan)), ValueError, "finite"),
    "255": (dict(images=np.full((1, 28, 28, 1), 255)), ValueError, "divided by 255"),
    "negative": (dict(images=np.full((1, 28, 28, 1), -1)), ValueError, r"in \[0, 1\]"),
    "no draws": (dict(k=0), ValueError, "(k|samples) must be an int >= 1"),
    "half a draw": (dict(k=1.5), ValueError, "Received: 1.5"),
    "true": (dict(k=True), ValueError, "Received: True"),
    "seed": (dict(seed=-1), ValueError, "seed must be an int >= 0"),
    "no seed": (dict(seed=None), ValueError, "seed must be an int >= 0"),
    "chunk": (dict(chunk_size=0), ValueError, "chunk_size must be an int >= 1"),
    "loss": (
        dict(loss=lambda x, p: ops.mean(vae_lab.reconstruction_loss(x, p))),
        ValueError,
        r"one number for each image, \(2,\). Received: \(\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("name", ["elbo", "importance_weighted_bound"])
def test_bad_input_gets_a_sentence(vae, images, name, case):
    wrong, kind, words = BAD[case]
    arguments = dict(vae=vae, images=images[:2], k=1, seed=0) | wrong
    first = [arguments.pop(key) for key in ("vae", "images", "k")]
    with pytest.raises(kind, match=words):
        getattr(vae_lab, name)(*first, **arguments)


def test_an_own_loss_may_take_images_of_any_range(vae, images):
    def squares(images, reconstruction):
        return ops.sum(ops.square(images - reconstruction), axis=(1, 2, 3))

    assert np.isfinite(vae_lab.elbo(vae, 2 * images - 1, loss=squares)).all()
