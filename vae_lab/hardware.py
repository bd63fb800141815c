"""The device that the labs run on, and what training gets there."""

import importlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from vae_lab.session import keras, ops

DRIVE = Path("/content/drive/MyDrive")  # where Colab mounts a learner's Drive


class Plan(NamedTuple):
    """What lab 06 trains on, and how."""

    digits: str  # for load_mnist
    epochs: int
    batch_size: int


PLANS = {  # the one place where a device decides anything
    "CPU": Plan(digits="sample", epochs=6, batch_size=32),
    "GPU": Plan(digits="full, else sample", epochs=10, batch_size=64),
}


def plan():
    """Return what training gets on this device, a `Plan`."""
    return PLANS["GPU" if accelerators() else "CPU"]


def accelerators():
    """Return the names of the devices that Keras sees beside the CPU, a list of str."""
    if keras.backend.backend() == "torch":  # for which Keras lists no devices
        names = [str(ops.ones(()).device)]
    else:
        names = [str(name) for name in keras.distribution.list_devices()]
    return [name for name in names if not name.lower().startswith("cpu")]


def _device_name():
    """Return the device's name with its memory or its cores (str)."""
    found = accelerators()
    return (_gpu() or found[0]) if found else f"CPU, {os.cpu_count()} cores"


def device():
    """Return one line that names the device and the backend (str).

    On Colab without a GPU a second line tells how to get one.
    """
    backend = importlib.import_module(keras.backend.backend())
    line = f"{_device_name()}, {backend.__name__} {backend.__version__}"
    if "google.colab" in sys.modules and not accelerators():
        line += (
            "\nNo GPU: choose Runtime > Change runtime type > T4 GPU > Save and run "
            "the cells again from the top. Or go on: the lab then trains on the "
            "sample of 4,000 digits."
        )
    return line


def report():
    """Return the versions and the device in use, one per line (str)."""
    names = [keras.backend.backend(), "keras", "numpy", "scipy", "matplotlib"]
    modules = [importlib.import_module(name) for name in [*names, "ipywidgets"]]
    rows = [("python", platform.python_version())]
    rows += [(module.__name__, module.__version__) for module in modules]
    rows += [("device", _device_name())]
    return "\n".join(f"{name:<11} {value}" for name, value in rows)


def _gpu():
    """Return the first NVIDIA card's name and memory, or None if nobody tells."""
    if not shutil.which("nvidia-smi"):
        return None
    query = ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    done = subprocess.run(["nvidia-smi", *query], capture_output=True, text=True)
    if done.returncode:
        return None
    name, megabytes = done.stdout.splitlines()[0].rsplit(",", 1)
    return f"{name.strip()}, {float(megabytes) / 1024:.0f} GB"


def checkpoints(name):
    """Return the folder in which training keeps its backup.

    On Colab it outlives the kernel, and with Drive mounted the machine too; elsewhere
    it is a new temporary folder.

    Args:
        name: str, one for each training, such as "lab06".
    """
    if "google.colab" not in sys.modules:
        return Path(tempfile.mkdtemp(prefix=f"{name}-"))
    folder = (DRIVE if DRIVE.is_dir() else Path.cwd()) / "vae_lab" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
