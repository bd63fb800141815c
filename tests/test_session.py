"""Starting a lab: nothing on the screen, one seed."""

import importlib
import os
import random
import subprocess
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from vae_lab.model import build_encoder
from vae_lab.session import (
    gradient,
    keras,
    layers,
    ops,
    quiet_stderr,
    start,
)

FIRST_CELLS = """
import vae_lab as lab
import numpy as np

lab.start()
images = np.zeros((2, 28, 28, 1), "float32")
vae = lab.VAE(lab.build_encoder(), lab.build_decoder())
vae.compile("rmsprop")
vae.fit(images, verbose=0, callbacks=[lab.watch_training()])
vae.evaluate(images, verbose=0)
assert "device" in lab.report()
"""


def test_first_cells_of_a_lab_write_nothing(tmp_path):
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CELLS],
        env={**os.environ, "PYTHONPATH": path, "MPLBACKEND": "agg"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# What makes TensorFlow quick


def test_faster_kernels_are_asked_for_unless_the_learner_refuses():
    code = "import vae_lab, os; print(os.environ['TF_ENABLE_ONEDNN_OPTS'])"
    for given, kept in ({}, "1"), ({"TF_ENABLE_ONEDNN_OPTS": "0"}, "0"):
        env = {k: v for k, v in os.environ.items() if k != "TF_ENABLE_ONEDNN_OPTS"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=env | given,
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip() == kept


def test_no_pipeline_of_keras_is_tuned_while_it_runs(monkeypatch):
    tf = pytest.importorskip("tensorflow")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("another backend reads arrays without TensorFlow's pipelines")
    seen, kind = [], type(iter(tf.data.Dataset.range(1)))
    make = kind.__init__

    def watch(self, dataset=None, *args, **kwargs):
        if dataset is not None:
            seen.append(dataset.options().autotune.enabled is not False)
        make(self, dataset, *args, **kwargs)

    monkeypatch.setattr(kind, "__init__", watch)
    model = keras.Sequential([layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0)
    model.predict(np.zeros((4, 2)), verbose=0)
    assert seen and not any(seen)


# What is held back


def test_log_of_a_block_that_succeeds_is_held_back(capfd):
    with quiet_stderr():
        os.write(2, b"start-up log")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


@pytest.mark.parametrize("error", [ImportError, KeyboardInterrupt])
def test_log_of_a_block_that_raises_is_replayed(capfd, error):
    with pytest.raises(error):
        with quiet_stderr():
            os.write(2, b"the reason it failed")
            raise error
    os.write(2, b", after")
    assert capfd.readouterr().err == "the reason it failed, after"


def test_failing_import_shows_its_log(capfd, tmp_path, monkeypatch):
    (tmp_path / "broken_backend.py").write_text(
        'import os\nos.write(2, b"no such library")\nraise ImportError("broken")\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportError, match="broken"):
        with quiet_stderr():
            importlib.import_module("broken_backend")
    assert capfd.readouterr().err == "no such library"


def test_process_without_stderr_runs_the_block(monkeypatch):
    def no_descriptor(number):
        raise OSError("bad file descriptor")

    monkeypatch.setattr(os, "dup", no_descriptor)
    ran = []
    with quiet_stderr():
        ran.append(True)
    assert ran


def test_descriptors_are_not_used_up():
    def lowest_free():
        number = os.dup(1)
        os.close(number)
        return number

    before = lowest_free()
    for _ in range(3):
        with quiet_stderr():
            pass
    assert lowest_free() == before


# start


def draws():
    """Numbers from every generator, and the weights of a new layer."""
    encoder = build_encoder()
    return [
        random.random(),
        np.random.random(),  # noqa: NPY002  start seeds it, for code that uses it
        float(keras.random.normal(())),
        *[weight.sum() for weight in encoder.get_weights()],
    ]


def test_start_seeds_every_generator():
    with matplotlib.rc_context():
        start(3)
        first = draws()
        assert draws()[:4] != first[:4]
        start(3)
        assert draws() == first
        start(4)
        other = draws()
    assert all(a != b for a, b in zip(first[:4], other[:4]))


def test_start_sets_the_figure_style():
    with matplotlib.rc_context():
        plt.rcParams["image.cmap"] = "jet"
        start()
        assert plt.rcParams["image.cmap"] == "gray_r"


# gradient


def test_gradient_is_the_derivative():
    x, y = np.array([1.0, -2.0]), 3.0
    slopes = gradient(lambda x, y: ops.sum(x**2) * y, x, y)
    np.testing.assert_allclose(slopes[0], 2 * x * y, rtol=1e-6)
    np.testing.assert_allclose(slopes[1], 5.0, rtol=1e-6)


def test_gradient_is_zero_where_no_path_leads():
    slopes = gradient(lambda x, y: ops.sum(x), np.ones(2), np.ones(3))
    np.testing.assert_array_equal(slopes[1], np.zeros(3))
