"""The weights that ship: what their card says is so, and damage is noticed."""

import hashlib
import json
import os
import re

import numpy as np
import pytest
from notebook_files import ROOT

from vae_lab import pretrained
from vae_lab.data import load_mnist
from vae_lab.pretrained import load_pretrained, pretrained_files
from vae_lab.session import keras

FULL_SET = os.environ.get("VAE_LAB_MNIST")
WEIGHTS, CARD = pretrained_files(2)


@pytest.fixture(scope="module")
def card():
    return json.loads(CARD.read_text(encoding="utf-8"))


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """Let load_pretrained read copies of the two files, which a test may damage."""
    for original in (WEIGHTS, CARD):
        (tmp_path / original.name).write_bytes(original.read_bytes())
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    return pretrained_files(2)


def sampled_loss(images):
    """Evaluate the shipped VAE with sampled z, in nats per image."""
    keras.utils.set_random_seed(0)
    vae = load_pretrained()
    vae.compile()
    return vae.evaluate(images, batch_size=500, verbose=0, return_dict=True)


# The card


def test_card_tells_where_the_weights_come_from(card):
    for field in ("about", "command", "trained_on", "recipe", "license"):
        assert len(card[field]) > 20
    assert {"python", "numpy", "keras", "backend"} <= set(card["versions"])
    assert "tools/train_pretrained.py" in card["command"]


def test_card_has_the_checksum_of_the_weights(card):
    assert card["sha256"] == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


def test_card_reports_a_good_test_result_on_the_whole_test_set(card):
    test = card["test"]
    assert test["images"] == 10_000
    assert test["unit"] == "nats per image"
    assert "sampled" in test["z"]
    assert 130 < test["negative_elbo"] <= 143.5
    parts = test["reconstruction_loss"] + test["kl_loss"]
    assert test["negative_elbo"] == pytest.approx(parts, abs=0.02)


def test_weights_file_is_small_enough_to_ship():
    assert WEIGHTS.stat().st_size <= 2_500_000


# The weights


def test_pretrained_vae_has_the_labs_architecture():
    vae = load_pretrained()
    assert vae.count_params() == 550_629
    assert vae.encoder.output_names == ["z_mean", "z_log_var"]
    assert vae.beta == 1.0


def test_pretrained_vae_is_the_same_on_every_call():
    for one, other in zip(
        load_pretrained().get_weights(), load_pretrained().get_weights()
    ):
        np.testing.assert_array_equal(one, other)


def test_pretrained_vae_keeps_its_promise_on_the_digits_held_out(card):
    found = sampled_loss(load_mnist("sample").x_test)
    # 1,000 digits: their mean has a standard error of about 1.2 nats
    assert found["loss"] == pytest.approx(card["test"]["negative_elbo"], abs=5)
    assert found["kl_loss"] == pytest.approx(card["test"]["kl_loss"], abs=0.5)


@pytest.mark.skipif(
    not FULL_SET,
    reason="VAE_LAB_MNIST names no MNIST file, so the card is not computed anew.",
)
def test_card_is_right_about_the_whole_test_set(card):
    found = sampled_loss(load_mnist(FULL_SET).x_test)
    assert found["loss"] == pytest.approx(card["test"]["negative_elbo"], abs=0.3)


# Damage


def test_copies_of_the_files_load(copies):
    assert load_pretrained().count_params() == 550_629


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:9999] + bytes([content[9999] ^ 1]) + content[10000:],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: b"version https://git-lfs.github.com/spec/v1\n",
    ],
    ids=["one bit", "truncated", "empty", "another file"],
)
def test_damaged_weights_are_refused(copies, damage):
    weights, card = copies
    weights.write_bytes(damage(weights.read_bytes()))
    with pytest.raises(ValueError, match="damaged or foreign") as caught:
        load_pretrained()
    message = str(caught.value)
    assert str(weights) in message
    assert json.loads(card.read_text())["sha256"] in message
    assert hashlib.sha256(weights.read_bytes()).hexdigest() in message
    assert "Install vae_lab again" in message


@pytest.mark.parametrize(
    "content",
    [b"", b'{"sha256": ', b"[]", b'{"about": "VAE"}', b"\xff\xfe\x00", b'"sha256"'],
)
def test_damaged_card_is_refused(copies, content):
    _, card = copies
    card.write_bytes(content)
    with pytest.raises(
        ValueError, match=r"is damaged: expected JSON .* sha256"
    ) as caught:
        load_pretrained()
    assert str(card) in str(caught.value)
    assert "Install vae_lab again" in str(caught.value)


@pytest.mark.parametrize("which", [0, 1], ids=["weights", "card"])
def test_missing_file_is_named(copies, which):
    copies[which].unlink()
    with pytest.raises(FileNotFoundError, match="is missing: install") as caught:
        load_pretrained()
    assert str(copies[which]) in str(caught.value)


# The VAEs of more latent units


@pytest.mark.parametrize("latent_dim, limit", [(8, 120), (16, 110)])
def test_weights_of_more_units_are_as_their_card_says(latent_dim, limit):
    weights, path = pretrained_files(latent_dim)
    card = json.loads(path.read_text(encoding="utf-8"))
    assert card["sha256"] == hashlib.sha256(weights.read_bytes()).hexdigest()
    script, data, *options = card["command"].removeprefix("python ").split()
    assert (ROOT / script).is_file() and data == "mnist.npz"
    epochs = re.search(r"(\d+) epochs", card["recipe"])[1]
    assert options == ["--latent-dim", f"{latent_dim}", "--epochs", epochs]
    assert f"latent_dim {latent_dim}," in card["about"]
    assert "59000" in card["trained_on"]
    test = card["test"]
    assert test["images"] == 10_000 and test["negative_elbo"] < limit
    parts = test["reconstruction_loss"] + test["kl_loss"]
    assert parts == pytest.approx(test["negative_elbo"], abs=0.02)
    assert weights.stat().st_size <= 1_600_000
    vae = load_pretrained(latent_dim)
    assert vae.encoder.output_shape == [(None, latent_dim), (None, latent_dim)]
    assert {weight.dtype for weight in vae.get_weights()} == {np.dtype("float32")}
    keras.utils.set_random_seed(0)
    vae.compile()
    held_out = load_mnist("sample").x_test
    found = vae.evaluate(held_out, batch_size=500, verbose=0, return_dict=True)
    assert found["loss"] == pytest.approx(test["negative_elbo"], abs=4)


@pytest.mark.parametrize("latent_dim", [1, 3, 32, "16", None])
def test_other_latent_dims_are_refused(latent_dim):
    with pytest.raises(ValueError, match="ship for latent_dim 2, 8 and 16.*lab 06"):
        load_pretrained(latent_dim)
