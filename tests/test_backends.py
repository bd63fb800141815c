"""The same package on each Keras backend that is installed, in its own process."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def run(backend, folder, script, devices=1):
    """Run a script of this folder on a backend; return what it printed."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    path = os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    settings = {"KERAS_BACKEND": backend, "MPLBACKEND": "agg", "PYTHONPATH": path}
    settings["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={devices}"
    done = subprocess.run(
        [sys.executable, HERE / script, str(devices)],
        env={**os.environ, **settings},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_everything_runs_on(backend, tmp_path):
    done = run(backend, tmp_path, "backend_step.py")
    assert done.stdout == f"all done on {backend}\n"
    assert not done.stderr


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_devices_train_like_one(backend, tmp_path):
    """The line that lab 06 shows, on two virtual devices."""
    one, two = (
        json.loads(
            run(backend, tmp_path, "parallel_step.py", n).stdout.splitlines()[-1]
        )
        for n in (1, 2)
    )
    assert (one.pop("devices"), two.pop("devices")) == (1, 2)
    assert one["loss"][1] < 0.9 * one["loss"][0]
    for part, values in one.items():
        assert two[part] == pytest.approx(values, rel=1e-3), part
