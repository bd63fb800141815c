"""The device: how it is named, what training gets on it, where backups go."""

import os
import platform
import re
import sys
from types import ModuleType

import ipywidgets
import numpy as np
import pytest
from notebook_files import NOTEBOOKS, read

from vae_lab import (
    checkpoints,
    data,
    data_parallel,
    device,
    hardware,
    load_mnist,
    plan,
    report,
    within_memory,
)
from vae_lab.session import keras


@pytest.fixture
def colab(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def t4(monkeypatch, tmp_path):
    """Keras sees a GPU, and nvidia-smi tells its name and memory."""
    monkeypatch.setattr(hardware, "accelerators", lambda: ["gpu:0"])
    command = tmp_path / "nvidia-smi"
    command.write_text(NVIDIA_SMI)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return command


NVIDIA_SMI = """#!/bin/sh
case $1 in
    --query-gpu=name) echo 'Tesla T4' ;;
    --query-gpu=memory.total) echo 15360 ;;
    --query-gpu=compute_cap) echo 7.5 ;;
    *) exit 1 ;;
esac
"""
on_posix = pytest.mark.skipif(os.name == "nt", reason="nvidia-smi is a shell script")


def test_report_names_versions_and_device():
    rows = dict(line.split(maxsplit=1) for line in report().splitlines())
    assert rows["python"] == platform.python_version()
    assert rows["keras"] == keras.__version__
    assert rows["numpy"] == np.__version__
    assert rows["ipywidgets"] == ipywidgets.__version__
    assert keras.backend.backend() in rows
    assert device().startswith(rows["device"])


@on_posix
def test_a_gpu_is_named_with_its_memory(t4):
    backend = keras.backend.backend()
    assert re.fullmatch(rf"Tesla T4, 15 GB, {backend} \d\S+", device())
    assert "device      Tesla T4, 15 GB" in report()


@on_posix
def test_a_gpu_without_nvidia_smi_keeps_the_name_that_keras_gives_it(t4):
    t4.write_text("#!/bin/sh\nexit 9\n")
    assert device().startswith("gpu:0, ")


def test_colab_without_a_gpu_tells_the_menu(colab, monkeypatch):
    monkeypatch.setattr(hardware, "accelerators", list)
    first, second = device().splitlines()
    assert re.match(r"CPU, \d+ cores, ", first)
    assert "Runtime > Change runtime type > T4 GPU > Save" in second


@on_posix
def test_colab_with_a_gpu_tells_the_gpu_alone(colab, t4):
    assert len(device().splitlines()) == 1


def test_on_a_cpu_lab_06_trains_on_the_sample(monkeypatch):
    monkeypatch.setattr(hardware, "accelerators", list)
    assert plan() == ("sample", 6, 32, "float32")


@on_posix
@pytest.mark.parametrize(
    "capability, precision",
    [
        ("6.0", "float32"),
        ("7.5", "mixed_float16"),
        ("12.1", "mixed_float16"),
        ("[N/A]", "float32"),
    ],
)
def test_a_gpu_trains_on_all_digits_as_precisely_as_it_can(t4, capability, precision):
    t4.write_text(NVIDIA_SMI.replace("7.5", capability))
    assert plan() == ("full, else sample", 10, 64, precision)


def test_a_device_of_which_nothing_is_known_keeps_32_bits(monkeypatch):
    monkeypatch.setattr(hardware, "accelerators", lambda: ["tpu:0"])
    monkeypatch.setattr(hardware, "_gpu", lambda field: "")
    assert plan() == ("full, else sample", 10, 64, "float32")


def test_lab_06_shows_the_table():
    (cell,) = [c for c in read(NOTEBOOKS[6]).cells if c.id == "train-idea"]
    shown = re.findall(r"(?m)^\| (.+) \|$", cell.source)
    rows = {row[0]: row[1:] for row in (line.split(" | ") for line in shown)}
    assert rows.pop("device") == list(hardware.Plan._fields[:2]) + [
        "batch size",
        "precision",
    ]
    assert rows == {name: [str(x) for x in row] for name, row in hardware.PLANS.items()}


def test_too_large_a_batch_is_halved_until_it_fits(capsys):
    def train(model, batch_size):
        tried.append(batch_size)
        if batch_size > 16:
            raise MemoryError("CUDA out of memory")
        return model, batch_size

    tried = []
    assert within_memory(train, "vae", batch_size=64) == ("vae", 16)
    assert tried == [64, 32, 16]
    assert capsys.readouterr().out == (
        "Out of memory: once more, at batch size 32.\n"
        "Out of memory: once more, at batch size 16.\n"
    )


@pytest.mark.parametrize("message", ["CUDA out of memory", "a loss is nan"])
def test_other_errors_and_the_last_lack_of_memory_are_raised(message, capsys):
    def train(batch_size):
        raise RuntimeError(message)

    size = 1 if "memory" in message else 64
    with pytest.raises(RuntimeError, match=message):
        within_memory(train, batch_size=size)
    assert not capsys.readouterr().out


def test_data_parallel_names_the_backends_that_it_needs(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(ValueError, match="needs .* tensorflow or jax.*Received: torch"):
        data_parallel(list)


def test_the_full_set_is_taken_where_it_can_be_had(monkeypatch, capsys):
    monkeypatch.setattr(data, "_load_full", lambda: "all of it")
    assert load_mnist("full, else sample") == "all of it"
    assert capsys.readouterr().out == ""


def test_the_sample_is_taken_where_the_full_set_is_out_of_reach(monkeypatch, capsys):
    def unreachable():
        raise ConnectionError

    monkeypatch.setattr(data, "_load_full", unreachable)
    assert len(load_mnist("full, else sample").x_train) == 4000
    assert re.fullmatch(
        r"The full set cannot be .* the sample\.\n", capsys.readouterr().out
    )


def test_backups_outside_colab_begin_in_a_new_folder():
    folders = {checkpoints("lab06") for _ in range(2)}
    assert len(folders) == 2
    for folder in folders:
        assert not list(folder.iterdir())
        folder.rmdir()


def test_backups_on_colab_are_found_again(colab):
    assert checkpoints("lab06") == checkpoints("lab06") == colab / "vae_lab" / "lab06"


def test_backups_go_to_a_mounted_drive(colab, monkeypatch):
    drive = colab / "drive"
    drive.mkdir()
    monkeypatch.setattr(hardware, "DRIVE", drive)
    assert checkpoints("lab06") == drive / "vae_lab" / "lab06"
