"""The device that the labs run on, and what training gets there."""

import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from vae_lab.session import keras, ops

DRIVE = Path("/content/drive/MyDrive")  # where Colab mounts a learner's Drive
OUT_OF_MEMORY = re.compile("(?i)resource_?exhausted|out ?of ?memory|allocate memory")


class Plan(NamedTuple):
    """What lab 06 trains on, and how."""

    digits: str  # for load_mnist
    epochs: int
    batch_size: int
    precision: str  # Keras's dtype policy


# All that a device decides, but for XLA, which Keras itself takes on GPUs alone.
PLANS = {
    "CPU": Plan("sample", 6, 32, "float32"),
    "NVIDIA GPU, capability 7 or more": Plan(
        "full, else sample", 10, 64, "mixed_float16"
    ),
    "other GPU": Plan("full, else sample", 10, 64, "float32"),
}


def plan():
    """Return what training gets on this device, a `Plan`."""
    if not accelerators():
        return PLANS["CPU"]
    fast = float(_gpu("compute_cap") or 0) >= 7  # it has units for float16
    return PLANS["NVIDIA GPU, capability 7 or more" if fast else "other GPU"]


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
    if not found:
        return f"CPU, {os.cpu_count()} cores"
    megabytes = _gpu("memory.total")
    memory = f", {float(megabytes) / 1024:.0f} GB" if megabytes else ""
    return (_gpu("name") or found[0]) + memory


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


def _gpu(field):
    """Return what nvidia-smi says of the first card, or "" if it says nothing."""
    if not shutil.which("nvidia-smi"):
        return ""
    query = [f"--query-gpu={field}", "--format=csv,noheader,nounits"]
    done = subprocess.run(["nvidia-smi", *query], capture_output=True, text=True)
    said = "" if done.returncode else done.stdout.strip().partition("\n")[0]
    return "" if said.startswith("[") else said  # as "[N/A]"


def within_memory(train, *arguments, batch_size):
    """Return train(*arguments, batch_size), at half the size if memory runs out.

    It says so each time. Other errors are raised, and this one at batch size 1 too.

    Source: built for lab 06.
    """
    while True:
        try:
            return train(*arguments, batch_size=batch_size)
        except Exception as error:  # each backend has a type of its own
            if batch_size == 1 or not OUT_OF_MEMORY.search(f"{type(error)} {error}"):
                raise
        batch_size //= 2
        print(f"Out of memory: once more, at batch size {batch_size}.")


def data_parallel(build, devices=None):
    """Return build(), a model with `compute_loss`, for training on all devices at once.

    TensorFlow uses `tf.distribute.MirroredStrategy`; JAX `keras.distribution`'s
    `DataParallel`, which holds for all models built afterwards.

    Args:
        build: function without arguments.
        devices: list of names as the backend gives them, or None for all.

    Raises:
        ValueError: the backend is PyTorch, which needs a process for each device.

    Source: lab 06.
    """
    backend = keras.backend.backend()
    if backend == "jax":
        everywhere = keras.distribution.DataParallel(devices=devices)
        keras.distribution.set_distribution(everywhere)
        return build()
    if backend != "tensorflow":
        raise ValueError(
            f"data_parallel needs KERAS_BACKEND tensorflow or jax. Received: {backend}"
        )
    import tensorflow as tf

    strategy = tf.distribute.MirroredStrategy(devices)
    with strategy.scope():
        model = build()
    whole = model.compute_loss

    def share(*args, **kwargs):  # in a training step: TensorFlow adds the shares up
        return (
            whole(*args, **kwargs) / tf.distribute.get_strategy().num_replicas_in_sync
        )

    model.compute_loss = share
    return model


def checkpoints(name):
    """Return the folder in which the training of that name (str) keeps its backup.

    On Colab it outlives the kernel, and with Drive mounted the machine too; elsewhere
    it is a new temporary folder.
    """
    if "google.colab" not in sys.modules:
        return Path(tempfile.mkdtemp(prefix=f"{name}-"))
    folder = (DRIVE if DRIVE.is_dir() else Path.cwd()) / "vae_lab" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
