"""The results that ship with vae_lab: whole, and made as the labs say."""

import hashlib
import sys

import numpy as np
import pytest
from notebook_files import ROOT, functions, read
from PIL import Image

from vae_lab import load_mnist, load_results
from vae_lab.data import RESULTS

sys.path.insert(0, str(ROOT / "tools"))

import trace_beta


@pytest.fixture(scope="module")
def beta():
    return load_results("beta")


def of(results, latent_dim, name):
    """beta -> the mean over the seeds."""
    points = [p for p in results["points"] if p["latent_dim"] == latent_dim]
    betas = sorted({p["beta"] for p in points})
    return {b: np.mean([p[name] for p in points if p["beta"] == b]) for b in betas}


def test_each_result_tells_how_it_was_made():
    for path in RESULTS.glob("*.json"):
        card = load_results(path.stem)
        assert {"about", "command", "recipe", "versions", "license"} <= set(card)
        script = card["command"].split()[1]
        assert (ROOT / script).is_file()


def test_beta_curve_was_trained_with_the_models_of_lab_10():
    script = (ROOT / "tools" / "trace_beta.py").read_text(encoding="utf-8")
    cells = {c.id: c.source for c in read(ROOT / "notebooks" / "10_beta.ipynb").cells}
    lab, tool = functions(cells["small"] + "\n" + cells["train"]), functions(script)
    for name in ("build_small", "train"):
        assert lab[name] == tool[name]


def test_beta_card_tells_what_its_command_does(beta):
    seeds = len({p["seed"] for p in beta["points"]})
    assert beta["command"] == f"python tools/trace_beta.py --seeds {seeds}"
    assert f"seeds 0 to {seeds - 1}" in beta["recipe"]
    assert "batch 32, 6 epochs" in beta["recipe"]
    assert beta["manifolds"]["betas"] == list(trace_beta.BETAS)
    images = load_mnist("sample")
    assert str(len(images.x_train)) in beta["trained_on"]
    assert str(len(images.x_test)) in beta["evaluated_on"]


def test_the_command_trains_the_stored_points_anew(beta):
    images = load_mnist("sample")
    vae = trace_beta.trained(2, 16, 0, images.x_train)
    (stored,) = (
        p
        for p in beta["points"]
        if (p["latent_dim"], p["beta"], p["seed"]) == (2, 16, 0)
    )
    found = trace_beta.measure(vae, images.x_test)
    assert found["kl_loss"] == pytest.approx(stored["kl_loss"], abs=0.1)
    cost = stored["reconstruction_loss"]
    assert found["reconstruction_loss"] == pytest.approx(cost, abs=1.5)


def test_beta_curve_is_whole(beta):
    betas = beta["manifolds"]["betas"]
    keys = [(p["seed"], p["latent_dim"], p["beta"]) for p in beta["points"]]
    seeds = sorted({seed for seed, *_ in keys})
    assert keys == [(s, n, b) for s in seeds for n in (2, 16) for b in betas]
    for point in beta["points"]:
        rates = point["kl_per_unit"]
        assert len(rates) == len(point["z_mean_variance"]) == point["latent_dim"]
        assert rates == sorted(rates, reverse=True)
        assert sum(rates) == pytest.approx(point["kl_loss"], abs=0.02)


@pytest.mark.parametrize("latent_dim", [2, 16])
def test_rate_falls_with_beta_and_ends_in_silence(beta, latent_dim):
    rates = list(of(beta, latent_dim, "kl_loss").values())
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.02
    cost = of(beta, latent_dim, "reconstruction_loss")
    assert cost[1] < cost[4] < cost[16] < cost[40] < 208


def test_manifolds_are_the_bytes_that_the_card_describes(beta):
    told = beta["manifolds"]
    path = RESULTS / told["file"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]
    picture = Image.open(path)
    assert picture.mode == "L" and picture.size == (len(told["betas"]) * 196, 196)
