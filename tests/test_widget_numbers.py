"""The numbers in the widgets' sentences, against calculations in NumPy."""

import re

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm
from test_widgets import (
    POINT,
    SEVEN,
    build,
    drawing,
    gray,
    ink,
    move,
    registry,
    small_vae,
    usual,
    value_of,
)

import vae_lab
from vae_lab.session import keras, layers, ops

# The numbers


def zeros(images):
    return np.zeros(len(images))


def told(explorer, pattern):
    """The numbers that stand where the pattern has #."""
    pattern = re.escape(pattern).replace(r"\#", r"(-?\d+\.?\d*)")
    return [float(found) for found in re.search(pattern, explorer.line.value).groups()]


def assert_close(found, *expected, atol=0.0051):
    np.testing.assert_allclose(found, np.hstack(expected), atol=atol)


def assert_decoded(decoder, point, picture, scale):
    """A picture shows the point decoded, one of its pixels for each of the digit's."""
    assert picture.scale == scale
    digit = decoder.predict(np.float32([point]), verbose=0)[0, ..., 0]
    np.testing.assert_allclose(1 - gray(picture.value) / 255, digit, atol=0.003)


def closed_form_kl(z_mean, z_log_var):
    return 0.5 * np.sum(z_mean**2 + np.exp(z_log_var) - 1 - z_log_var, axis=-1)


def cross_entropy(x, p):
    p = np.clip(p.astype("float64"), 1e-7, 1 - 1e-7)
    return -np.sum(x * np.log(p) + (1 - x) * np.log(1 - p), axis=(-3, -2, -1))


def test_written_number_is_decoded_digit_by_digit_at_the_point():
    (decoder,), explorer = usual()["write_digits"], build("write_digits")
    for number, point in [("31415", (0, 0)), ("7", POINT), ("9876543210", (-1, 2.5))]:
        move(explorer, number=number, pad=point)
        assert explorer.line.value.startswith(f"{number}, all at z")
        assert_close(
            told(explorer, "z = (#, #). The plane shows the #s."), point, int(number[0])
        )
        labels = np.array([int(digit) for digit in number])
        z = np.repeat(np.float32([point]), len(labels), axis=0)
        digits = decoder.predict([z, labels], verbose=0)[..., 0]
        row = 1 - gray(explorer.written.value) / 255
        np.testing.assert_allclose(row, np.hstack(digits), atol=0.003)


@pytest.mark.parametrize("name", ["explore_latent_space", "explore_codes"])
def test_nearest_code_and_digit_are_those_of_the_point(name):
    (decoder, z, labels), explorer = usual()[name], build(name)
    if name == "explore_codes":
        assert (explorer.pad.low < z.min(axis=0)).all()
        assert (explorer.pad.high > z.max(axis=0)).all()
        assert_close(explorer.pad.xy, np.median(z, axis=0))
    for point in [(0.2, -0.1), (-0.1, 0.25)]:
        move(explorer, pad=point)
        distances = np.sqrt(((z - point) ** 2).sum(axis=1))
        found = told(explorer, "z = (#, #). Nearest code: a #, # away")
        assert_close(found, point, labels[distances.argmin()], distances.min())
        assert_decoded(decoder, point, explorer.digit, 12)


def test_posterior_moves_as_far_as_the_encoder_says():
    explorer = build("inspect_posterior", chosen=5, first=10, count=6)
    encoder, images, _ = usual()["inspect_posterior"]
    pair = images[[5, 5]].copy()
    pair[1, 10:16] = 0
    z_mean, z_log_var = encoder.predict(pair, verbose=0)
    found = told(explorer, "z_mean (#, #), z_std (#, #), z_log_var (#, #)")
    assert_close(found, z_mean[1], np.exp(z_log_var[1] / 2), z_log_var[1])
    moved = np.linalg.norm(z_mean[1] - z_mean[0])
    assert_close(told(explorer, "The mean moved by # prior"), moved)
    area = np.exp(0.5 * (z_log_var[1] - z_log_var[0]).sum())
    assert_close(told(explorer, "has # times its area"), area)


@pytest.mark.parametrize("log_var", [-3.0, 1.0])
def test_samples_are_as_wide_as_exp_of_half_the_log_variance(log_var):
    explorer, (_, epsilon) = build("reparameterize"), usual()["reparameterize"]
    for fault, width in [(False, np.exp(log_var / 2)), (True, np.exp(log_var))]:
        move(explorer, log_var=log_var, mean=1.25, fault=fault)
        assert_close(told(explorer, "stretches epsilon by #,"), width)
        assert ("which is wrong" in explorer.line.value) == fault
        assert_close(explorer.plane.points, epsilon * [width, 1] + [1.25, 0])


def test_trace_counts_the_numbers_above_zero():
    explorer, [decoder] = build("trace_decoder", pad=POINT), usual()["trace_decoder"]
    weights, bias = decoder.layers[1].get_weights()
    first = np.maximum(0, POINT @ weights + bias).reshape(1, 14, 14, 64)
    second = ops.convert_to_numpy(decoder.layers[3](first.astype("float32")))
    found = told(explorer, "14 by 14: #% above 0, 28 by 28: #% above 0")
    assert_close(
        found, *[100 * np.mean(part > 0) for part in (first, second)], atol=0.6
    )
    assert_decoded(decoder, POINT, explorer.digit, 6)


def test_balance_adds_beta_times_the_closed_form():
    explorer, (vae, image) = build("balance_losses"), usual()["balance_losses"]
    [z_mean], [z_log_var] = vae.encoder.predict(image[None], verbose=0)
    for beta, z_0, v_0 in [(1.0, 0.5, -3.0), (2.5, -1.0, -8.0), (0.0, 0.3, -9.0)]:
        move(explorer, beta=beta, pad=(z_0, v_0))
        mean, log_var = np.array([z_0, z_mean[1]]), np.array([v_0, z_log_var[1]])
        kl = closed_form_kl(mean, log_var)
        cost, *found = told(explorer, "reconstruction_loss # + # * kl_loss # = # nats")
        assert_close(found, beta, kl, cost + beta * kl, atol=0.11)
        least, *place = told(explorer, "Lowest: about # at #, #.")
        [_, there] = told(move(explorer, pad=tuple(place)), "kl_loss # = # nats")
        assert there == pytest.approx(least, rel=0.02) and there <= found[-1]
    # The narrower q(z given x), the nearer its loss to that of one z.
    [expected] = cross_entropy(image, vae.decoder.predict(mean[None], verbose=0))
    assert cost == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("tilt", [0.0, -0.6])
def test_fit_tells_the_kl_of_two_normals(tilt):
    axis, mean = np.linspace(-5, 5, 101), np.array([0.3, -0.8])
    covariance = np.array([[0.09, 0.03], [0.03, 0.04]])
    points = np.stack(np.meshgrid(axis, axis), axis=-1)
    table = multivariate_normal(mean, covariance).logpdf(points) - 142.0
    explorer = vae_lab.fit_posterior(table, axis, [0.5, -0.6], [-3.0, -4.0])
    theirs = kl_of_normals([0.5, -0.6], np.exp([-3.0, -4.0]), 0, mean, covariance)
    found = told(
        explorer, "log p(x) # nats. Your ELBO lies # below it, the encoder's #."
    )
    assert_close(found, -142.0, theirs, theirs, atol=0.06)
    move(explorer, pad=(0.2, -0.9), first=-2.0, second=-3.5, tilt=tilt)
    yours = kl_of_normals([0.2, -0.9], np.exp([-2.0, -3.5]), tilt, mean, covariance)
    found = told(explorer, "lies # below it, the encoder's #. Your z_mean (#, #)")
    assert_close(found, yours, theirs, 0.2, -0.9, atol=0.02)
    [(_, dashed), (_, solid)] = explorer.pad.lines
    assert_close(np.max(np.subtract(solid, (0.2, -0.9)), axis=0), [0.736, 0.348])
    assert_close(np.mean(dashed[:-1], axis=0), 0.5, -0.6)


def kl_of_normals(mean, variances, tilt, p_mean, p_covariance):
    std = np.sqrt(variances)
    covariance = np.outer(std, std) * [[1, tilt], [tilt, 1]]
    precision, away = np.linalg.inv(p_covariance), np.subtract(mean, p_mean)
    logs = np.log(np.linalg.det(p_covariance) / np.linalg.det(covariance))
    return 0.5 * (np.trace(precision @ covariance) - 2 + logs + away @ precision @ away)


@pytest.mark.parametrize(
    "change, words",
    [
        (dict(table=np.zeros((9, 8))), "log_joint must be (side, side)"),
        (dict(axis=np.zeros(9)), "rise in equal steps"),
        (dict(axis=np.arange(9.0) ** 2), "rise in equal steps"),
        (dict(z_log_var=[0.0]), "must be two finite numbers"),
        (dict(z_mean=[0.0, np.inf]), "not finite"),
    ],
)
def test_fit_says_what_is_wrong_with_its_grid(change, words):
    good = dict(table=np.zeros((9, 9)), axis=np.arange(9.0))
    good |= dict(z_mean=[4.0, 4.0], z_log_var=[0.0, 0.0])
    assert words in vae_lab.fit_posterior(*(good | change).values()).line.value


@pytest.mark.parametrize("t", [0.0, 0.25, 0.5, 1.0])
def test_morph_walks_straight_on_the_plane_and_in_probability(t):
    explorer, (vae, images, _) = (
        build("morph", start=4, end=9, share=t),
        usual()["morph"],
    )
    a, b = vae.encoder.predict(images, verbose=0)[0][[4, 9]]
    straight = (1 - t) * a + t * b
    quantile = norm.ppf((1 - t) * norm.cdf(a) + t * norm.cdf(b))
    found = told(
        explorer, "#% of the way. Straight path (left, solid line): z = (#, #)"
    )
    assert_close(found, 100 * t, straight)
    assert_close(told(explorer, "(right, dashed line): z = (#, #)"), quantile)
    assert_decoded(vae.decoder, straight, explorer.straight, 8)
    assert_decoded(vae.decoder, quantile, explorer.quantile, 8)


def test_drawn_digit_is_placed_and_priced_as_the_model_does():
    explorer, (vae, images, labels) = drawing(), usual()["draw_digit"]
    move(explorer, sketch=SEVEN)
    seen = 1 - gray(explorer.seen.value)[..., None] / 255
    both = np.concatenate([seen[None], images]).astype("float32")
    p, z_mean, z_log_var = vae.predict(both, verbose=0)
    near = labels[np.linalg.norm(z_mean[1:] - z_mean[0], axis=1).argsort()[:15]]
    found = told(explorer, "z_mean (#, #): of the # nearest codes # are #s.")
    assert_close(found[:3], z_mean[0], 15, atol=0.02)
    assert found[3] == np.sum(near == found[4]) == np.unique_counts(near).counts.max()
    nats, below = told(explorer, "Negative ELBO # nats: stranger than # of the 40 held")
    prices = cross_entropy(both, p) + closed_form_kl(z_mean, z_log_var)
    assert nats == pytest.approx(prices[0], rel=0.05)
    assert below == pytest.approx(np.sum(prices[1:] < nats), abs=2)


def test_edited_digit_is_the_code_plus_each_change_times_its_vector():
    vae, images, attributes, labels = usual()["edit_digit"]
    explorer = build("edit_digit", chosen=5, change_0=30, change_1=-0.5)
    z, _ = vae.encoder.predict(images, verbose=0)
    vectors = np.array([vector for _, vector in attributes.values()])
    code = z[5] + [30, -0.5] @ vectors
    assert_decoded(vae.decoder, code, explorer.edited, 8)
    assert_decoded(vae.decoder, z[5], explorer.copy, 8)
    pair = vae.decoder.predict(np.float32([z[5], code]), verbose=0)
    for (name, (measure, _)), change in zip(attributes.items(), [30, -0.5]):
        was, now = measure(pair)
        found = told(explorer, f"{name} #, asked for #, is #")
        assert_close(found, was, was + change, now, atol=0.051)
    near = labels[np.linalg.norm(z - code, axis=1).argsort()[:15]]
    count, digit = told(explorer, "Of the 15 nearest codes # are #s.")
    assert count == np.sum(near == digit) == np.unique_counts(near).counts.max()
    explorer.undo.clicks += 1
    assert explorer.change_0.value == explorer.change_1.value == 0
    assert explorer.edited.value == explorer.copy.value
    assert value_of(explorer, "chosen") == 5


# Models and data that are unusual


@pytest.mark.parametrize(
    "change, text",
    [
        (lambda v, x, a, y: (v, x, {}, y), "there is no attribute"),
        (lambda v, x, a, y: (v, x, a, y[:3]), "each of the 40 images needs one label"),
        (lambda v, x, a, y: (v, x[:0], a), "n >= 1"),
        (lambda v, x, a, y: (v, x, {"ink": (len, [1, 0])}), "one finite number for"),
        (lambda v, x, a, y: (v, x, {"ink": (np.log, [1, 0])}), "one finite number"),
        (lambda v, x, a, y: (v, x, {"one": (zeros, [1, 0])}), "same in all images"),
        (lambda v, x, a, y: (v, x, {"ink": (ink, [1, np.nan])}), "is not finite"),
        (lambda v, x, a, y: (v, x, {"ink": (ink, [1])}), "which has 2."),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_edit_digit_says_what_is_wrong(change, text):
    line = vae_lab.edit_digit(*change(*usual()["edit_digit"])).line.value
    assert line.startswith("edit_digit: ") and text in line


@pytest.mark.parametrize("name", ["explore_codes", "inspect_posterior", "morph"])
def test_labels_are_not_too_few(name):
    model, shown, labels = usual()[name]
    text = getattr(vae_lab, name)(model, shown, labels[:3]).line.value
    assert text.endswith("each of the 40 codes needs one label. Received: (3,).")


@pytest.mark.parametrize("name", ["inspect_posterior", "morph", "draw_digit"])
def test_images_of_a_wrong_shape_get_a_sentence(name):
    model, images, _ = usual()[name]
    for bad in (images[:0], images[..., 0], images[:, :9]):
        text = getattr(vae_lab, name)(model, bad).line.value
        assert text.startswith(f"{name}: ")


@pytest.mark.parametrize("counts", [(), (1,), (6, 3, 20)])
def test_trace_decoder_takes_any_number_of_maps_and_stages(counts):
    x = z = keras.Input((2,))
    x = layers.Reshape((28, 28, 1))(layers.Dense(784)(x))
    for count in counts:
        x = layers.Conv2D(count, 3, padding="same")(x)
    before = registry()
    explorer = vae_lab.trace_decoder(keras.Model(z, x))
    assert explorer.line.value.count("28 by 28") == len(counts)
    explorer.close()
    assert registry() == before


def test_quantile_path_is_finite_between_codes_that_are_far_out():
    explorer = vae_lab.morph(small_vae(encoder=90), usual()["morph"][1])
    assert np.abs(explorer.pad.lines[0][1]).max() > 9
    assert np.isfinite(explorer.pad.lines[1][1]).all()


def test_complaint_about_one_control_ends_with_the_next():
    explorer = build("morph", share=7)
    assert explorer.line.value.startswith("7.00 is outside 0.00 to 1.00.")
    assert "outside" not in move(explorer, start=3).line.value
