"""The device: how it is named, what training gets on it, where backups go."""

import os
import platform
import re
import sys
from types import ModuleType

import ipywidgets
import numpy as np
import pytest

from vae_lab import checkpoints, data, device, hardware, load_mnist, plan, report
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
    command.write_text("#!/bin/sh\necho 'Tesla T4, 15360'\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return command


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


def test_the_device_decides_on_what_lab_06_trains(monkeypatch):
    monkeypatch.setattr(hardware, "accelerators", list)
    assert plan() == ("sample", 6, 32)
    monkeypatch.setattr(hardware, "accelerators", lambda: ["gpu:0"])
    assert plan().digits == "full, else sample"


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
