"""The blocks of the VAE: the faults that others copied, then each block in turn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate
from scipy.special import xlogy
from scipy.stats import norm

from vae_lab.data import load_mnist
from vae_lab.model import (
    VAE,
    Sampling,
    build_decoder,
    build_encoder,
    decode_grid,
    kl_loss,
    latent_grid,
    reconstruction_loss,
    schedule,
)
from vae_lab.session import gradient, keras, layers, ops

PIXELS = 28 * 28
to_numpy = ops.convert_to_numpy


def tiny_vae(seed=0, beta=1.0):
    """A VAE of 6,000 weights, for what does not depend on the architecture."""
    keras.utils.set_random_seed(seed)
    images = keras.Input((28, 28, 1))
    x = layers.Flatten()(images)
    heads = [layers.Dense(2, name=name)(x) for name in ("z_mean", "z_log_var")]
    z = keras.Input((2,))
    pixels = layers.Reshape((28, 28, 1))(layers.Dense(PIXELS, "sigmoid")(z))
    encoder, decoder = keras.Model(images, heads), keras.Model(z, pixels)
    vae = VAE(encoder, decoder, beta=beta, seed=seed)
    vae.compile(keras.optimizers.Adam(1e-3))
    return vae


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).uniform(size=(48, 28, 28, 1)).astype("float32")


@pytest.fixture(scope="module")
def labels():
    return np.arange(48) % 10


@pytest.fixture(scope="module")
def trained(images):
    """The VAE of the labs after two steps. Tests do not change it."""
    keras.utils.set_random_seed(0)
    vae = VAE(build_encoder(), build_decoder(), beta=2.0, seed=5)
    vae.compile(keras.optimizers.Adam(1e-3))
    vae.fit(images[:32], batch_size=16, verbose=0)
    return vae


def logs_of(vae, images, batch_size=32):
    return vae.evaluate(images, batch_size=batch_size, verbose=0, return_dict=True)


# Faults in the sources that everyone copies


@pytest.mark.parametrize("z_log_var", [-4.0, 0.0, 1.5])
def test_sample_std_is_exp_of_half_the_log_variance(z_log_var):
    shape = (50_000, 2)  # 1e5 draws
    z = Sampling(seed=0)([ops.full(shape, 3.0), ops.full(shape, z_log_var)])
    assert np.std(to_numpy(z)) == pytest.approx(np.exp(0.5 * z_log_var), rel=0.02)
    assert np.mean(to_numpy(z)) == pytest.approx(3.0, abs=0.02 * np.exp(z_log_var / 2))


@pytest.mark.parametrize("beta", [1.0, 3.0])
def test_logged_parts_add_up_to_the_loss(images, beta):
    vae = tiny_vae(beta=beta)
    history = vae.fit(images, batch_size=32, verbose=0, validation_data=images).history
    for prefix in ("", "val_"):  # 48 images: a full batch and half a batch
        [loss] = history[f"{prefix}loss"]
        [reconstruction_part] = history[f"{prefix}reconstruction_loss"]
        [kl_part] = history[f"{prefix}kl_loss"]
        assert loss == pytest.approx(reconstruction_part + beta * kl_part, rel=1e-5)


def test_logged_parts_are_sums_over_pixels_and_means_over_images(images):
    vae = tiny_vae()
    for head in ("z_mean", "z_log_var"):
        for weight in vae.encoder.get_layer(head).weights:
            weight.assign(ops.zeros_like(weight))
    vae.encoder.get_layer("z_mean").bias.assign([1.0, 2.0])
    vae.encoder.get_layer("z_log_var").bias.assign([0.0, 1.0])
    for weight in vae.decoder.weights:
        weight.assign(ops.zeros_like(weight))
    logs = logs_of(vae, images)
    assert logs["reconstruction_loss"] == pytest.approx(PIXELS * np.log(2), rel=1e-5)
    assert logs["kl_loss"] == pytest.approx(0.5 * (1 + 4 + np.e - 2), rel=1e-5)


def closed_form_kl(z_mean, z_log_var):
    unit = 0.5 * (z_mean**2 + np.exp(z_log_var) - 1 - z_log_var)
    return unit.sum(axis=1)


def test_kl_is_summed_over_latent_units_not_averaged():
    generator = np.random.default_rng(1)
    z_mean, z_log_var = generator.normal(size=(2, 6, 2))
    found = to_numpy(kl_loss(z_mean.astype("float32"), z_log_var.astype("float32")))
    assert found.shape == (6,)
    np.testing.assert_allclose(found, closed_form_kl(z_mean, z_log_var), rtol=1e-5)


@pytest.mark.parametrize(
    "z_mean, z_log_var", [([0.0, 1.5], [0.0, -3.0]), ([-2.0, 0.3], [1.0, 0.5])]
)
def test_kl_agrees_with_quadrature(z_mean, z_log_var):
    expected = 0.0
    for mean, log_var in zip(z_mean, z_log_var):
        q = norm(mean, np.exp(0.5 * log_var))
        low, high = q.interval(1 - 1e-14)
        expected += integrate.quad(
            lambda z, q=q: q.pdf(z) * (q.logpdf(z) - norm.logpdf(z)), low, high
        )[0]
    found = to_numpy(kl_loss(np.array([z_mean], "f4"), np.array([z_log_var], "f4")))
    assert found[0] == pytest.approx(expected, rel=1e-4)


def test_latent_grid_takes_quantiles_of_the_prior_not_linspace():
    grid = latent_grid(15)
    assert np.isfinite(grid).all()
    for axis in (0, 1):
        shares = norm.cdf(np.unique(grid[:, axis]))
        np.testing.assert_allclose(shares, np.linspace(0.05, 0.95, 15), atol=1e-6)


def test_latent_grid_frames_81_percent_of_the_prior():
    low, high = latent_grid().min(axis=0), latent_grid().max(axis=0)
    mass = np.prod(norm.cdf(high) - norm.cdf(low))
    assert mass == pytest.approx(0.81, abs=1e-5)


def test_beta_multiplies_the_kl_not_the_reconstruction(images):
    one = tiny_vae(seed=3)
    three = VAE(one.encoder, one.decoder, beta=3.0, seed=3)
    three.compile()
    parts, weighted = logs_of(one, images), logs_of(three, images)
    assert weighted["reconstruction_loss"] == parts["reconstruction_loss"]
    assert weighted["kl_loss"] == parts["kl_loss"] > 0.1
    expected = parts["loss"] + 2 * parts["kl_loss"]
    assert weighted["loss"] == pytest.approx(expected, rel=1e-5)


def coordinates_decoder(z):
    """Write z into its own tile: z[0] at pixel (0, 0), z[1] at pixel (0, 1)."""
    digits = np.zeros((len(z), 28, 28, 1), "float32")
    digits[:, 0, :2, 0] = to_numpy(z)
    return digits


def test_top_left_tile_has_the_lowest_z0_and_the_highest_z1():
    canvas = decode_grid(coordinates_decoder, grid_size=4)
    assert canvas.shape == (112, 112)
    end, inner = norm.ppf(0.95), norm.ppf(0.65)
    np.testing.assert_allclose(canvas[0, :2], [-end, end], rtol=1e-5)
    np.testing.assert_allclose(canvas[0, 28:30], [-inner, end], rtol=1e-5)
    np.testing.assert_allclose(canvas[28, :2], [-end, inner], rtol=1e-5)
    np.testing.assert_allclose(canvas[84, 84:86], [end, -end], rtol=1e-5)


def test_decode_grid_lays_tiles_out_unturned():
    ramp = np.linspace(0, 1, PIXELS, dtype="float32").reshape(1, 28, 28, 1)
    canvas = decode_grid(lambda z: np.repeat(ramp, len(z), axis=0), grid_size=3)
    np.testing.assert_array_equal(canvas, np.tile(ramp[0, ..., 0], (3, 3)))
    assert canvas.dtype == np.float32


def test_decode_grid_makes_one_decoder_call():
    calls = []

    def decoder(z):
        calls.append(z.shape)
        return coordinates_decoder(z)

    assert decode_grid(decoder).shape == (420, 420)
    assert calls == [(225, 2)]


def test_evaluation_samples_z():
    # q is N(0, 1) for every image, all pixels are 0 and their logits are z[0]: the
    # loss is 784 softplus(z[0]), convex, so its mean lies above its value at z_mean.
    vae = tiny_vae(seed=1)
    for weight in [*vae.encoder.weights, *vae.decoder.weights]:
        weight.assign(ops.zeros_like(weight))
    kernel = vae.decoder.weights[0]
    kernel.assign(np.stack([np.ones(PIXELS), np.zeros(PIXELS)]))
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    softplus = np.log1p(np.exp(nodes))
    expected = PIXELS * (weights @ softplus) / weights.sum()
    at_z_mean = PIXELS * np.log(2)
    assert expected - at_z_mean > 80  # nats

    dark = np.zeros((4000, 28, 28, 1), "float32")
    first, second = (logs_of(vae, dark, 500)["reconstruction_loss"] for _ in "12")
    assert first != second
    assert first == pytest.approx(expected, abs=30)
    assert second == pytest.approx(expected, abs=30)


def test_evaluation_samples_z_in_the_labs_own_vae(trained, images):
    first, second = logs_of(trained, images), logs_of(trained, images)
    assert first["kl_loss"] == second["kl_loss"]
    assert first["reconstruction_loss"] != second["reconstruction_loss"]


def assert_same_outputs(one, other, images):
    for a, b in zip(one.encoder(images), other.encoder(images)):
        np.testing.assert_array_equal(to_numpy(a), to_numpy(b))
    z = latent_grid(3)
    a, b = to_numpy(one.decoder(z)), to_numpy(other.decoder(z))
    np.testing.assert_array_equal(a, b)


def test_predict_gives_reconstruction_mean_and_log_variance(trained, images):
    reconstruction, z_mean, z_log_var = trained.predict(images, verbose=0)
    assert reconstruction.shape == images.shape
    assert z_mean.shape == z_log_var.shape == (48, 2)
    expected = [to_numpy(part) for part in trained.encoder(images)]
    np.testing.assert_allclose(z_mean, expected[0], atol=1e-5)
    np.testing.assert_allclose(z_log_var, expected[1], atol=1e-5)
    assert 0 <= reconstruction.min() < reconstruction.max() <= 1


def test_keras_file_brings_back_the_same_vae(trained, images, tmp_path):
    trained.save(tmp_path / "vae.keras")
    loaded = keras.saving.load_model(tmp_path / "vae.keras")
    assert_same_outputs(loaded, trained, images)
    assert loaded.beta == 2.0
    assert loaded.sampling.seed == 5
    assert logs_of(loaded, images)["kl_loss"] == logs_of(trained, images)["kl_loss"]


def test_weights_file_brings_back_the_same_vae(trained, images, tmp_path):
    trained.save_weights(tmp_path / "vae.weights.h5")
    fresh = VAE(build_encoder(), build_decoder())
    fresh(images[:1])
    fresh.load_weights(tmp_path / "vae.weights.h5")
    assert_same_outputs(fresh, trained, images)


# Encoder and decoder


def test_encoder_and_decoder_have_550_629_weights():
    encoder, decoder = build_encoder(), build_decoder()
    assert encoder.count_params() + decoder.count_params() == 550_629


@pytest.mark.parametrize("latent_dim", [1, 2, 5])
def test_encoder_gives_named_mean_and_log_variance(latent_dim):
    encoder = build_encoder(latent_dim)
    assert encoder.output_names == ["z_mean", "z_log_var"]
    z_mean, z_log_var = encoder(np.zeros((3, 28, 28, 1), "float32"))
    assert tuple(z_mean.shape) == tuple(z_log_var.shape) == (3, latent_dim)


@pytest.mark.parametrize("latent_dim", [1, 2, 5])
def test_decoder_gives_probabilities_of_every_pixel(latent_dim):
    z = np.random.default_rng(0).normal(0, 9, (3, latent_dim)).astype("float32")
    reconstruction = to_numpy(build_decoder(latent_dim)(z))
    assert reconstruction.shape == (3, 28, 28, 1)
    assert 0 <= reconstruction.min() < reconstruction.max() <= 1


def test_layers_have_the_shapes_of_the_lab_sheet():
    shapes = [tuple(layer.output.shape[1:]) for layer in build_encoder().layers]
    convolutions = [(28, 28, 32), (14, 14, 64), (14, 14, 64), (14, 14, 64)]
    assert shapes == [(28, 28, 1), *convolutions, (12544,), (32,), (2,), (2,)]
    shapes = [tuple(layer.output.shape[1:]) for layer in build_decoder().layers]
    assert shapes == [(2,), (12544,), (14, 14, 64), (28, 28, 32), (28, 28, 1)]


# Sampling


def test_sampling_repeats_with_its_seed_and_moves_on_between_calls():
    inputs = [ops.zeros((4, 2)), ops.zeros((4, 2))]
    one, other = Sampling(seed=7), Sampling(seed=7)
    first, second = to_numpy(one(inputs)), to_numpy(one(inputs))
    np.testing.assert_array_equal(to_numpy(other(inputs)), first)
    np.testing.assert_array_equal(to_numpy(other(inputs)), second)
    assert not np.any(first == second)
    assert not np.any(to_numpy(Sampling(seed=8)(inputs)) == first)


def test_sampling_draws_every_number_on_its_own():
    z = to_numpy(Sampling(seed=0)([ops.zeros((50, 3)), ops.zeros((50, 3))]))
    assert len(np.unique(z)) == 150


def test_gradients_reach_mean_and_log_variance():
    z_mean = np.full((4, 2), 0.5, "float32")
    z_log_var = np.full((4, 2), -1.0, "float32")
    sampling, twin = Sampling(seed=3), Sampling(seed=3)
    epsilon = to_numpy(twin([ops.zeros((4, 2)), ops.zeros((4, 2))]))
    slopes = gradient(lambda m, v: ops.sum(sampling([m, v])), z_mean, z_log_var)
    np.testing.assert_allclose(slopes[0], np.ones((4, 2)), rtol=1e-5)
    expected = 0.5 * np.exp(-0.5) * epsilon  # z_std / 2 * epsilon
    np.testing.assert_allclose(slopes[1], expected, rtol=1e-5)


def test_sampling_comes_back_from_its_config():
    config = keras.saving.serialize_keras_object(Sampling(seed=7, name="sampler"))
    layer = keras.saving.deserialize_keras_object(config)
    assert (layer.seed, layer.name) == (7, "sampler")


# Losses


def test_reconstruction_loss_is_the_summed_cross_entropy(images):
    p = np.random.default_rng(1).uniform(0.01, 0.99, images.shape).astype("float32")
    found = to_numpy(reconstruction_loss(images, p))
    x, p = images.astype("float64"), p.astype("float64")
    expected = -(xlogy(x, p) + xlogy(1 - x, 1 - p)).sum(axis=(1, 2, 3))
    assert found.shape == (48,)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("pixel", [0.0, 1.0])
@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_reconstruction_loss_is_finite_at_0_and_1(pixel, probability):
    shape = (2, 28, 28, 1)
    found = reconstruction_loss(
        np.full(shape, pixel, "f4"), ops.full(shape, probability)
    )
    nats = 0.0 if pixel == probability else -np.log(1e-7)  # the clip
    np.testing.assert_allclose(to_numpy(found), PIXELS * nats, rtol=0.02, atol=1e-3)


means = st.floats(-5, 5, width=32)
log_variances = st.floats(-10, 5, width=32)
units = st.lists(st.tuples(means, log_variances), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(units)
def test_kl_is_zero_at_the_prior_and_positive_elsewhere(units):
    z_mean, z_log_var = np.array(units, "float32").T[:, None]
    found = float(to_numpy(kl_loss(z_mean, z_log_var))[0])
    expected = closed_form_kl(z_mean.astype("f8"), z_log_var.astype("f8"))[0]
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-6)
    assert found >= -1e-6  # float32: exp(v) - 1 - v loses digits near v = 0
    if max(np.abs(z_mean).max(), np.abs(z_log_var).max()) > 0.01:
        assert found > 0


@pytest.mark.parametrize("latent_dim", [1, 2, 20])
def test_kl_of_the_prior_is_exactly_zero(latent_dim):
    found = kl_loss(ops.zeros((3, latent_dim)), ops.zeros((3, latent_dim)))
    np.testing.assert_array_equal(to_numpy(found), np.zeros(3))


# The grid


@settings(deadline=None)
@given(st.integers(1, 20))
def test_grid_is_finite_ordered_and_symmetric(grid_size):
    grid = latent_grid(grid_size)
    assert grid.shape == (grid_size**2, 2)
    assert grid.dtype == np.float32
    assert np.isfinite(grid).all()
    z_0, z_1 = grid.reshape(grid_size, grid_size, 2).transpose(2, 0, 1)
    assert (np.diff(z_0, axis=1) > 0).all()
    assert (np.diff(z_1, axis=0) < 0).all()
    assert (np.diff(z_0, axis=0) == 0).all()
    assert (np.diff(z_1, axis=1) == 0).all()
    if grid_size > 1:
        np.testing.assert_allclose(grid, -grid[::-1], atol=1e-6)


@pytest.mark.parametrize(
    "low, high",
    [(0, 0.95), (0.05, 1), (np.nan, 0.95), (0.05, np.nan), (0.9, 0.1), (0.5, 0.5)],
)
def test_grid_refuses_ends_that_have_no_rising_finite_quantiles(low, high):
    with pytest.raises(ValueError, match="0 < low < high < 1.*Received: low="):
        latent_grid(5, low, high)


@pytest.mark.parametrize("grid_size", [0, -1, 2.5, "3"])
def test_grid_refuses_a_size_that_is_no_whole_number(grid_size):
    with pytest.raises(ValueError, match=f"grid_size must be.*Received:.*{grid_size}"):
        latent_grid(grid_size)


# Training


@pytest.mark.parametrize("warm_up, top", [(0.05, 50), (0.1, 100), (0, 0)])
def test_schedule_peaks_after_its_share_of_the_steps_and_ends_at_0(warm_up, top):
    rate = schedule(1000, peak=5e-3, warm_up=warm_up)
    steps = [top // 2, top, top + 1, (top + 1000) // 2, 1000]
    rising, peak, after, middle, end = (float(rate(step)) for step in steps)
    assert peak == pytest.approx(5e-3) and after < peak
    assert rising == pytest.approx(2.5e-3 if top else 5e-3)
    assert middle == pytest.approx(2.5e-3) and end == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("options", [{"steps": 0}, {"steps": 10, "warm_up": 1}])
def test_schedule_refuses_to_leave_no_steps(options):
    with pytest.raises(ValueError, match="decay_steps"):
        schedule(**options)


def test_history_holds_the_loss_and_its_two_parts(images):
    history = tiny_vae().fit(images, validation_data=images, verbose=0, epochs=2)
    parts = ["loss", "reconstruction_loss", "kl_loss"]
    assert sorted(history.history) == sorted(parts + [f"val_{part}" for part in parts])
    assert all(len(values) == 2 for values in history.history.values())


def test_training_lowers_the_loss(images):
    one = np.repeat(images[:1].round(), 48, axis=0)
    losses = tiny_vae().fit(one, epochs=8, batch_size=8, verbose=0).history["loss"]
    assert losses[-1] < losses[0] - 5


def test_fit_takes_the_arguments_of_keras(images):
    vae, seen = tiny_vae(), []
    count = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(batch)
    )
    vae.fit(images, None, 16, verbose=0, callbacks=count)
    assert seen == [0, 1, 2]


def test_fit_refuses_labels(images, labels):
    with pytest.raises(ValueError, match=r"images alone.*Received: y of type ndarray"):
        tiny_vae().fit(images, labels)


@pytest.mark.parametrize("beta", [-0.1, np.nan, np.inf, "1", None, [1.0]])
def test_beta_that_is_no_weight_is_refused(beta):
    vae = tiny_vae()
    with pytest.raises(ValueError, match=r"beta must be .* >= 0\. Received: "):
        VAE(vae.encoder, vae.decoder, beta=beta)


@pytest.mark.parametrize("beta", [0, 1, 0.5, np.float32(2), np.int64(3)])
def test_beta_may_be_any_number_from_zero_up(beta):
    vae = tiny_vae()
    assert VAE(vae.encoder, vae.decoder, beta=beta).beta == beta


def test_beta_may_change_between_and_within_fits(images):
    vae = tiny_vae()
    logs_of(vae, images)
    vae.beta = 5.0
    logs = logs_of(vae, images)
    expected = logs["reconstruction_loss"] + 5 * logs["kl_loss"]
    assert logs["loss"] == pytest.approx(expected, rel=1e-5)

    def set_beta(epoch, logs):
        vae.beta = 10.0 * epoch

    warm_up = keras.callbacks.LambdaCallback(on_epoch_begin=set_beta)
    logs = vae.fit(images, epochs=3, verbose=0, callbacks=[warm_up]).history
    weighted = np.array([0.0, 10.0, 20.0]) * logs["kl_loss"]
    expected = weighted + logs["reconstruction_loss"]
    np.testing.assert_allclose(logs["loss"], expected, rtol=1e-5)


def test_beta_that_is_no_weight_cannot_be_set_later():
    vae = tiny_vae()
    with pytest.raises(ValueError, match=r"beta must be .* Received: -1"):
        vae.beta = -1
    assert vae.beta == 1.0


@pytest.mark.parametrize("bias", [90.0, 1000.0])  # exp overflows from 88.8 on
def test_kl_that_blows_up_stops_training_at_once(images, bias):
    vae = tiny_vae()
    vae.encoder.get_layer("z_log_var").bias.assign([bias, 0.0])
    with pytest.raises(FloatingPointError, match="at batch 1: kl_loss is inf"):
        vae.fit(images, batch_size=16, verbose=0)


def test_image_that_is_not_finite_stops_training_at_its_batch(images):
    damaged = images.copy()
    damaged[20, 3, 3] = np.nan
    match = r"at batch 2: .*reconstruction_loss is nan"
    with pytest.raises(FloatingPointError, match=match):
        tiny_vae().fit(damaged, batch_size=16, shuffle=False, verbose=0)


def test_one_seed_trains_identically(images):
    one, other = tiny_vae(seed=4), tiny_vae(seed=4)
    before = one.encoder.get_weights()
    histories = []
    for vae in (one, other):
        keras.utils.set_random_seed(4)  # the order of the images
        fitted = vae.fit(images, epochs=2, batch_size=16, verbose=0)
        histories.append(fitted.history)
    assert histories[0] == histories[1]
    for a, b in zip(one.get_weights(), other.get_weights()):
        np.testing.assert_array_equal(a, b)
    assert np.any(before[0] != one.encoder.get_weights()[0])


# Mixed precision


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16"])
def mixed(request):
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy("float32")


def test_mixed_precision_keeps_32_bits_where_they_matter(mixed):
    vae = VAE(build_encoder(), build_decoder(), seed=0)
    images = np.random.default_rng(0).uniform(size=(8, 28, 28, 1)).astype("float32")
    reconstruction, z_mean, z_log_var = vae(images)
    losses = reconstruction_loss(images, reconstruction), kl_loss(z_mean, z_log_var)
    z = vae.sampling([z_mean, z_log_var])
    for part in (reconstruction, z_mean, z_log_var, z, *losses, *vae.weights):
        name = getattr(part, "path", "")
        if "seed" not in name:
            assert keras.backend.standardize_dtype(part.dtype) == "float32", name
    halves = {layer.compute_dtype for layer in vae._flatten_layers()}
    assert halves >= {mixed.removeprefix("mixed_"), "float32"}


def test_mixed_precision_costs_little(mixed):
    images = load_mnist().x_train[:64]

    def losses():
        keras.utils.set_random_seed(0)
        vae = VAE(build_encoder(), build_decoder(), seed=0)
        vae.compile()
        return vae.evaluate(images, verbose=0, return_dict=True)

    half = losses()
    keras.config.set_dtype_policy("float32")
    for part, whole in losses().items():
        np.testing.assert_allclose(half[part], whole, rtol=0.01)


def test_float16_trains_with_its_loss_scaled():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        keras.utils.set_random_seed(0)
        vae = VAE(build_encoder(), build_decoder(), seed=0)
        vae.compile(keras.optimizers.RMSprop(1e-3))
        assert isinstance(vae.optimizer, keras.optimizers.LossScaleOptimizer)
        few = load_mnist().x_train[:256]
        history = vae.fit(few, batch_size=16, epochs=3, verbose=0).history
    finally:
        keras.config.set_dtype_policy("float32")
    assert history["loss"][-1] < 400  # 543 where every step is skipped
    parts = np.add(history["reconstruction_loss"], history["kl_loss"])
    np.testing.assert_allclose(parts, history["loss"], rtol=1e-4)
