"""The benchmarks compare what they say they compare."""

import ast
import importlib
import importlib.util
import inspect
import itertools
import json
import re
import sys

import numpy as np
import pytest
from notebook_files import ROOT

import vae_lab as lab
from vae_lab.session import keras, ops

sys.path.insert(0, str(ROOT))
steps = importlib.import_module("benchmarks.steps")
train = importlib.import_module("benchmarks.train")
main = importlib.import_module("benchmarks.__main__")
RECIPES = ["lab06", "original", "keras_io", "cvae", "pytorch"]


@pytest.fixture(scope="module")
def images():
    return lab.load_mnist().x_train[:64]


@pytest.fixture(params=RECIPES)
def recipe(request):
    if request.param == "pytorch":
        pytest.importorskip("torch")
    return importlib.import_module(f"benchmarks.recipes.{request.param}")


def test_a_recipe_trains_and_its_losses_fall(recipe, images):
    fit, losses = recipe.build(steps=1000, batch_size=16)
    before = losses(images)
    for _ in range(5):
        fit(images)
    after = losses(images)
    assert 500 < before[0] < 600 and 0 <= before[1] < 5
    assert sum(after) < sum(before) - 5
    assert recipe.OWN_BATCH_SIZE in (16, 32, 128)


def test_a_recipe_gets_the_options_of_its_name(monkeypatch):
    worker = importlib.import_module("benchmarks.recipes.__main__")
    lab06 = importlib.import_module("benchmarks.recipes.lab06")
    monkeypatch.setattr(lab06, "keras_functions", lambda vae, batch_size: vae)
    for name, optimizer, peak, momentum in [
        ("lab06", "RMSprop", 3e-3, 0.5),
        ("full_set", "RMSprop", 5e-3, 0.5),
        ("no_momentum", "RMSprop", 3e-3, 0.0),
        ("muon", "Muon", 5e-3, 0.95),
    ]:
        recipe, build = worker.load(name)
        found = build(1000, 32).optimizer
        assert recipe is lab06 and type(found).__name__ == optimizer
        highest = max(float(found._learning_rate(step)) for step in (50, 100))
        assert highest == pytest.approx(peak)
        assert found.momentum == momentum
    for module, options in worker.OPTIONS.values():
        if module == "lab06" or importlib.util.find_spec("torch"):
            recipe = importlib.import_module(f"benchmarks.recipes.{module}")
            assert set(options) <= set(inspect.signature(recipe.build).parameters)


def test_the_original_has_its_own_loss_and_its_own_sampler(images):
    recipe = importlib.import_module("benchmarks.recipes.original")
    vae = recipe.OriginalVAE(lab.build_encoder(), lab.build_decoder(), seed=0)
    rng = np.random.default_rng(0)
    m, s = rng.normal(size=(2, 64, 2)).astype("float32")
    p = rng.uniform(0.01, 0.99, images.shape).astype("float32")
    parts = [ops.convert_to_tensor(part) for part in (p, m, s)]
    found = float(vae.compute_loss(images, None, parts))
    per_pixel = -images * np.log(p) - (1 - images) * np.log(1 - p)
    per_unit = 1 + s - m**2 - np.exp(s)
    assert found == pytest.approx(per_pixel.mean() - 5e-4 * per_unit.mean(), rel=1e-4)
    assert float(vae.kl_tracker.result()) == pytest.approx(
        0.5 * (m**2 + np.exp(2 * s) - 1 - 2 * s).sum(axis=1).mean(), rel=1e-4
    )
    # Through a decoder that returns z, the spread of the samples: exp(z_log_var).
    some = np.zeros((20_000, 2), "float32")
    copy = recipe.OriginalVAE(lambda x: [x, x + 1.0], lambda z: z, seed=0)
    z = ops.convert_to_numpy(copy(some)[0])
    assert z.std() == pytest.approx(np.e, rel=0.02)


def test_the_original_in_v1_mode_needs_nothing_of_the_course():
    """It runs in an environment of its own: read here, not imported."""
    folder = ROOT / "benchmarks" / "recipes"
    tree = ast.parse((folder / "original_v1.py").read_text(encoding="utf-8"))
    imported, defined = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
        elif isinstance(node, ast.FunctionDef):
            defined[node.name] = [argument.arg for argument in node.args.args]
    assert imported - sys.stdlib_module_names == {"numpy", "tensorflow"}
    assert defined["build"] == ["steps", "batch_size"]
    needs = (folder / "original_v1-requirements.txt").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\w+", needs) == ["numpy", "tensorflow", "tf_keras"]
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert "benchmarks/recipes/original_v1-requirements.txt" in readme


def test_the_operations_of_a_training_step_are_counted_from_the_layers():
    forward = 0
    for model in (lab.build_encoder(), lab.build_decoder()):
        for layer in model.layers:
            kernel = getattr(layer, "kernel", None)
            if kernel is None:
                continue
            transposed = isinstance(layer, keras.layers.Conv2DTranspose)
            side = layer.input if transposed else layer.output
            forward += np.prod(kernel.shape) * np.prod(side.shape[1:-1], dtype=int)
    assert steps.OPERATIONS == 6 * forward


def test_the_table_of_times_reads_its_log(tmp_path):
    log = tmp_path / "train.jsonl"
    rows = [(30_000, 10.0, 161.0), (60_000, 20.0, 151.5), (90_000, 30.0, 149.0)]
    for images, seconds, elbo in rows:
        row = {"recipe": "keras_io", "images": images, "seconds": seconds}
        with log.open("a") as lines:
            print(json.dumps(row | {"negative_elbo": elbo}), file=lines)
    (line,) = [line for line in train.table(log).splitlines() if "keras.io" in line]
    cells = [cell.strip() for cell in line.split("|")[2:6]]
    assert cells == ["60,000 (20)", "60,000 (20)", "never", "149.0 after 1.5 epochs"]


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose"])
def test_a_profile_rates_a_convolution_forward_and_backward(name, monkeypatch):
    profile = importlib.import_module("benchmarks.profile")
    monkeypatch.setattr(profile, "matmul", lambda matrix: 1.0)
    clock = itertools.count()  # each call takes a second
    monkeypatch.setattr(profile.time, "perf_counter", lambda: next(clock))
    layer = getattr(keras.layers, name)(4, 3, strides=2, padding="same")
    layer(keras.Input((8, 8, 2)))
    places = 4 * 4 if name == "Conv2D" else 8 * 8
    operations = 2 * profile.BATCH * places * 3 * 3 * 2 * 4
    found = list(profile.rates(layer, rounds=1))
    assert found == pytest.approx([operations / 1e9] * 3)


def test_a_profile_is_relative_to_fit():
    profile = importlib.import_module("benchmarks.profile")
    lines = profile.table({"a part": [1.0, 2.0, 9.0], "fit": [4.0, 4.0, 4.0]}, 3)
    assert "| a part | 50% | 25% | 225% |" in lines


@pytest.mark.parametrize("name", main.BENCHMARKS)
def test_every_benchmark_has_its_place_in_the_readme(name):
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    assert readme.count(begin) == readme.count(end) == 1
    assert readme.index(begin) < readme.index(end)
    assert f"python -m benchmarks {name}" in readme


def test_lab_12_is_run_with_another_seed():
    explosions = importlib.import_module("benchmarks.explosions")
    cell = "set_random_seed(0)\nThen(encoder, decoder, seed=0)"
    assert explosions.seeded(cell, 7) == cell.replace("0)", "7)")
    with pytest.raises(ValueError, match="two seeds"):
        explosions.seeded("set_random_seed(0)", 7)
    notebook = json.loads((ROOT / "notebooks/12_then_and_now.ipynb").read_text("utf-8"))
    cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    assert explosions.seeded(cells["recipe"], 7).count("7)") >= 2
    assert {"setup", "train", "worth"} <= set(cells)


def test_lab_06_quotes_the_search():
    """Each row of its table, of the sample and of the full set."""
    search = importlib.import_module("benchmarks.search")
    found = {}
    for line in search.table(search.LOG).splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 5 and cells[1] in ("sample", "mnist"):
            found[cells[3], cells[1]] = cells[4]
    notebook = json.loads((ROOT / "notebooks/06_training.ipynb").read_text("utf-8"))
    (text,) = [
        "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["id"] == "recipes-table"
    ]
    rows = [line.strip("| ").split("|") for line in text.splitlines()[2:]]
    assert len(rows) == 16
    for name, sample, *full in rows:
        name = name.strip().removeprefix("nothing: ")
        assert sample.strip() == found[name, "sample"], name
        if full:
            assert full[0].strip() == found[name, "mnist"], name
