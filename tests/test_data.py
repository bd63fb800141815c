"""The digits: the sample, files of one's own with every fault, the full set."""

import email.message
import gzip
import inspect
import io
import pickle
import socket
import struct
import urllib.error
import urllib.request
import urllib.response
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vae_lab import data
from vae_lab.data import IDX_NAMES, KEYS, load_mnist
from vae_lab.session import keras


@pytest.fixture(scope="module")
def sample():
    return load_mnist("sample")


@pytest.fixture(scope="module")
def arrays(sample):
    """A small MNIST in the types of the original files, 40 + 10 digits."""
    pixels = {k: (getattr(sample, k)[..., 0] * 255).round() for k in KEYS[::2]}
    return dict(
        x_train=pixels["x_train"][:40].astype("uint8"),
        y_train=sample.y_train[:40],
        x_test=pixels["x_test"][:10].astype("uint8"),
        y_test=sample.y_test[:10],
    )


def write_npz(folder, arrays, **replaced):
    path = folder / "digits.npz"
    np.savez_compressed(path, **{**arrays, **replaced})
    return path


def write_idx(folder, arrays, end="", **replaced):
    """Write the four IDX files, gzipped where `end` is ".gz"."""
    for key, array in {**arrays, **replaced}.items():
        header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
        content = header + array.tobytes()
        packed = gzip.compress(content) if end else content
        (folder / (IDX_NAMES[key] + end)).write_bytes(packed)
    return folder


def assert_holds(loaded, arrays):
    for key in ("x_train", "x_test"):
        expected = (arrays[key] / np.float32(255))[..., None]
        np.testing.assert_array_equal(getattr(loaded, key), expected)
        assert getattr(loaded, key).dtype == np.float32
    for key in ("y_train", "y_test"):
        np.testing.assert_array_equal(getattr(loaded, key), arrays[key])
        assert getattr(loaded, key).dtype == np.uint8


def refusal(path, kind=ValueError):
    """Return the message with which `path` is refused."""
    with pytest.raises(kind) as caught:
        load_mnist(path)
    return str(caught.value)


# The sample


def test_sample_has_the_shapes_types_and_range_that_are_promised(sample):
    assert sample.x_train.shape == (4000, 28, 28, 1)
    assert sample.x_test.shape == (1000, 28, 28, 1)
    for images in (sample.x_train, sample.x_test):
        assert images.dtype == np.float32
        assert (images.min(), images.max()) == (0.0, 1.0)
    for labels, count in ((sample.y_train, 4000), (sample.y_test, 1000)):
        assert labels.shape == (count,)
        assert labels.dtype == np.uint8


def test_sample_has_400_and_100_digits_of_each_class(sample):
    assert np.bincount(sample.y_train).tolist() == [400] * 10
    assert np.bincount(sample.y_test).tolist() == [100] * 10


def test_sample_holds_out_digits_that_it_does_not_train_on(sample):
    train = {image.tobytes() for image in sample.x_train}
    test = {image.tobytes() for image in sample.x_test}
    assert len(train) == 4000
    assert len(test) == 1000
    assert not train & test


def test_sample_is_the_same_on_every_call(sample):
    for first, second in zip(sample, load_mnist("sample"), strict=True):
        np.testing.assert_array_equal(first, second)


def test_sample_is_shuffled(sample):
    for labels in (sample.y_train, sample.y_test):
        assert set(labels[:100]) == set(range(10))


def test_sample_labels_belong_to_their_images(sample):
    # The mean zero is dark in the middle, the mean one is not.
    middle = {k: sample.x_train[sample.y_train == k][:, 13:15, 13:15] for k in (0, 1)}
    assert middle[0].mean() < 0.2 < 0.6 < middle[1].mean()


# Files that are as they should be


def test_npz_is_read_as_it_was_written(tmp_path, arrays):
    path = write_npz(tmp_path, arrays)
    assert_holds(load_mnist(path), arrays)
    assert_holds(load_mnist(str(path)), arrays)


@pytest.mark.parametrize("end", ["", ".gz"])
def test_idx_folder_is_read_as_it_was_written(tmp_path, arrays, end):
    folder = write_idx(tmp_path, arrays, end)
    assert_holds(load_mnist(folder), arrays)
    assert_holds(load_mnist(str(folder)), arrays)


def test_npz_with_wider_integer_labels_is_read(tmp_path, arrays):
    path = write_npz(tmp_path, arrays, y_train=arrays["y_train"].astype("int64"))
    assert_holds(load_mnist(path), arrays)


def test_home_directory_is_expanded(tmp_path, arrays, monkeypatch):
    write_npz(tmp_path, arrays)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert_holds(load_mnist("~/digits.npz"), arrays)


# Damaged and foreign files


@pytest.mark.parametrize(
    "replaced, expected, found",
    [
        ({"x_train": np.zeros((40, 784), "uint8")}, "(n, 28, 28)", "(40, 784)"),
        ({"x_test": np.zeros((10, 32, 32), "uint8")}, "(n, 28, 28)", "(10, 32, 32)"),
        ({"x_train": np.zeros((0, 28, 28), "uint8")}, "n >= 1", "(0, 28, 28)"),
        ({"x_train": np.zeros((40, 28, 28), "int32")}, "uint8", "int32"),
        ({"x_train": np.zeros((40, 28, 28), "float32")}, "uint8", "float32"),
        ({"y_train": np.arange(39, dtype="uint8") % 10}, "shape (40,)", "(39,)"),
        ({"y_train": np.eye(10, dtype="uint8").repeat(4, 0)}, "(40,)", "(40, 10)"),
        ({"y_test": np.zeros(10, "float32")}, "an integer type", "float32"),
        ({"y_test": np.arange(1, 11, dtype="uint8")}, "0 to 9", "1 to 10"),
        ({"y_test": np.arange(-1, 9, dtype="int8")}, "0 to 9", "-1 to 8"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_npz_with_a_wrong_array_is_refused(tmp_path, arrays, replaced, expected, found):
    path = write_npz(tmp_path, arrays, **replaced)
    before, after = refusal(path).split("Found:")
    assert str(path) in before
    assert next(iter(replaced)) in before
    assert expected in before
    assert found in after


def test_npz_without_one_of_its_arrays_is_refused(tmp_path, arrays):
    path = tmp_path / "digits.npz"
    np.savez(path, **{k: v for k, v in arrays.items() if k != "y_test"})
    before, after = refusal(path).split("Found:")
    assert str(path) in before
    assert "x_train, y_train, x_test, y_test" in before
    assert "lacks ['y_test']" in after


def test_truncated_npz_is_refused(tmp_path, arrays):
    path = write_npz(tmp_path, arrays)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    message = refusal(path)
    assert str(path) in message
    assert "expected an .npz file" in message
    assert "part of one" in message.split("Found:")[1]


def test_npz_with_a_corrupt_byte_is_refused(tmp_path, arrays):
    path = tmp_path / "digits.npz"
    np.savez(path, **arrays)  # not compressed: only the checksum can tell
    content = bytearray(path.read_bytes())
    content[content.index(arrays["x_train"].tobytes()) + 5] ^= 1
    path.write_bytes(content)
    message = refusal(path)
    assert str(path) in message
    assert "CRC" in message.split("Found:")[1]


def test_npz_whose_members_are_no_arrays_is_refused(tmp_path, arrays):
    path = write_npz(tmp_path, {k: v for k, v in arrays.items() if k != "x_test"})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("x_test.npy", "not an array")
    before, after = refusal(path).split("Found:")
    assert str(path) in before
    assert "x_test of shape (n, 28, 28)" in before
    assert "|S12" in after


@pytest.mark.parametrize(
    "field, value, found", [(8, 1, "encrypted"), (10, 99, "compression")]
)
def test_zip_that_cannot_be_unpacked_is_refused(tmp_path, arrays, field, value, found):
    path = write_npz(tmp_path, arrays)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + field] = value  # in the zip's directory
    path.write_bytes(content)
    message = refusal(path)
    assert str(path) in message
    assert found in message.split("Found:")[1]


class CreatesFile:
    """Unpickling this object creates a file: the stand-in for hostile code."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_npz_with_pickled_objects_is_refused_and_runs_nothing(tmp_path, arrays):
    trace = tmp_path / "trace"
    objects = np.array([CreatesFile(trace)] * 40, dtype=object)
    path = write_npz(tmp_path, arrays, y_train=objects)
    message = refusal(path)
    assert str(path) in message
    assert "Object arrays cannot be loaded" in message.split("Found:")[1]
    assert not trace.exists()
    np.load(path, allow_pickle=True)["y_train"]
    assert trace.exists()  # so the object would have done it


def test_pickle_called_npz_is_refused_and_runs_nothing(tmp_path):
    path, trace = tmp_path / "digits.npz", tmp_path / "trace"
    path.write_bytes(pickle.dumps(CreatesFile(trace)))
    assert "no zip archive" in refusal(path)
    assert not trace.exists()


def test_plain_npy_is_refused(tmp_path, arrays):
    path = tmp_path / "digits.npy"
    np.save(path, arrays["x_train"])
    message = refusal(path)
    assert str(path) in message
    assert "no zip archive" in message.split("Found:")[1]


@pytest.mark.parametrize("text", ["", "<html>Please log in</html>"])
def test_text_called_npz_is_refused_without_bad_advice(tmp_path, text):
    path = tmp_path / "digits.npz"
    path.write_text(text)
    message = refusal(path)
    assert str(path) in message
    assert "no zip archive" in message.split("Found:")[1]
    assert "unsafe" not in message  # NumPy's own text suggests allow_pickle


def test_idx_folder_without_one_of_its_files_is_refused(tmp_path, arrays):
    write_idx(tmp_path, arrays)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    before, after = refusal(tmp_path, FileNotFoundError).split("Found:")
    assert str(tmp_path) in before
    assert "t10k-labels-idx1-ubyte" in before
    assert "train-images-idx3-ubyte" in after


@pytest.mark.parametrize(
    "damage, expected, found",
    [
        (lambda b: b[:-7], "7840 bytes", "7833"),
        (lambda b: b[:9], "header of 16 bytes", "9 bytes"),
        (lambda b: b"", "header of 16 bytes", "0 bytes"),
        (lambda b: b"\x00\x00\x0d" + b[3:], "begins 00 00 08 03", "00 00 0d 03"),
        (lambda b: b[:3] + b"\x01" + b[4:], "begins 00 00 08 03", "00 00 08 01"),
        (lambda b: b"<html>log in</html>", "begins 00 00 08 03", "3c 68 74 6d"),
        (lambda b: b[:6] + b"\xff" + b[7:], "(65290, 28, 28)", "7840"),
        (lambda b: b[:4] + b"\xff" * 12 + b[16:], "4294967295", "7840"),
        (lambda b: b + b"\x00", "7840 bytes", "7841"),
    ],
    ids=[
        "truncated",
        "half a header",
        "empty",
        "magic of floats",
        "magic of labels",
        "a web page",
        "count larger than the file",
        "absurd shape",
        "one byte too many",
    ],
)
@pytest.mark.parametrize("end", ["", ".gz"])
def test_damaged_idx_file_is_refused(tmp_path, arrays, end, damage, expected, found):
    path = write_idx(tmp_path, arrays, end) / f"t10k-images-idx3-ubyte{end}"
    unpacked = gzip.decompress(path.read_bytes()) if end else path.read_bytes()
    damaged = damage(unpacked)
    path.write_bytes(gzip.compress(damaged) if end else damaged)
    before, after = refusal(tmp_path).split("Found:")
    assert str(path) in before
    assert expected in before
    assert found in after


def test_truncated_gzip_is_refused(tmp_path, arrays):
    path = write_idx(tmp_path, arrays, ".gz") / "train-images-idx3-ubyte.gz"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    message = refusal(tmp_path)
    assert str(path) in message
    assert "end-of-stream" in message.split("Found:")[1]


def test_gz_file_that_is_not_gzipped_is_refused(tmp_path, arrays):
    path = write_idx(tmp_path, arrays, ".gz") / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.decompress(path.read_bytes()))
    message = refusal(tmp_path)
    assert str(path) in message
    assert "gzip" in message.split("Found:")[1]


def test_idx_labels_that_do_not_match_are_refused_by_file(tmp_path, arrays):
    write_idx(tmp_path, arrays, y_train=arrays["y_train"][:-1])
    message = refusal(tmp_path)
    assert str(tmp_path / "train-labels-idx1-ubyte") in message
    assert "(40,)" in message.split("Found:")[0]
    assert "(39,)" in message.split("Found:")[1]


@settings(max_examples=150, deadline=None)
@given(choice=st.data(), packing=st.sampled_from(["npz", "stored", "idx", "gz"]))
def test_any_one_damage_is_read_or_refused_by_name(
    tmp_path_factory, arrays, choice, packing
):
    folder = tmp_path_factory.mktemp("fuzz")
    if packing in ("npz", "stored"):
        path = source = folder / "digits.npz"
        save = np.savez if packing == "stored" else np.savez_compressed
        save(path, **{key: array[:2] for key, array in arrays.items()})
    else:
        end = ".gz" if packing == "gz" else ""
        source = write_idx(folder, {k: a[:2] for k, a in arrays.items()}, end)
        path = folder / (choice.draw(st.sampled_from(list(IDX_NAMES.values()))) + end)
    content = bytearray(path.read_bytes())
    # Half of the damage in the last 300 bytes: a zip keeps its directory there.
    low = choice.draw(st.sampled_from([0, max(0, len(content) - 300)]))
    place = choice.draw(st.integers(low, len(content) - 1))
    if choice.draw(st.booleans()):
        content[place] = choice.draw(st.integers(0, 255))
    else:
        del content[place:]
    path.write_bytes(content)
    try:
        loaded = load_mnist(source)
    except ValueError as error:
        assert str(path) in str(error) or packing in ("idx", "gz")
        assert str(folder) in str(error)
        assert "expected" in str(error)
    else:
        assert loaded.x_train.shape == (2, 28, 28, 1)
        assert loaded.y_test.max() <= 9


# What is no source at all


def test_absent_path_is_refused_with_what_would_do(tmp_path):
    path = tmp_path / "nowhere.npz"
    message = refusal(path, FileNotFoundError)
    assert str(path) in message
    assert '"sample", "full" or the path' in message


@pytest.mark.parametrize("source", [None, 3, b"sample", ["sample"]])
def test_source_of_a_wrong_type_is_refused(source):
    message = refusal(source, TypeError)
    assert '"sample", "full" or a path' in message
    assert f"{source!r} of type {type(source).__name__}" in message


# The full set, with Keras's own download code and a network made up here


class Network:
    """Stands in for `urllib.request.urlopen`: serves bytes, or raises."""

    def __init__(self):
        self.calls, self.timeouts = 0, []
        self.content, self.length, self.error = b"", None, None

    def __call__(self, url, *args, **kwargs):
        self.calls += 1
        self.timeouts.append(socket.getdefaulttimeout())
        if self.error:
            raise self.error
        length = len(self.content) if self.length is None else self.length
        headers = email.message.Message()
        headers["Content-Length"] = str(length)
        return urllib.response.addinfourl(io.BytesIO(self.content), headers, str(url))


@pytest.fixture
def network(monkeypatch, tmp_path):
    network = Network()
    monkeypatch.setattr(urllib.request, "urlopen", network)
    get_file = partial(keras.utils.get_file, cache_dir=str(tmp_path))
    monkeypatch.setattr(keras.utils, "get_file", get_file)
    return network


@pytest.fixture
def served(tmp_path_factory, arrays, monkeypatch):
    """The bytes of a good mnist.npz, small, and taken for the real one."""
    content = write_npz(tmp_path_factory.mktemp("served"), arrays).read_bytes()
    monkeypatch.setattr(data, "SHA256", data.hashlib.sha256(content).hexdigest())
    return content


def files_under(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def cache(tmp_path, content):
    path = tmp_path / "datasets" / "mnist.npz"
    path.parent.mkdir()
    path.write_bytes(content)
    return path


def assert_names_both_ways_out(message):
    assert 'load_mnist("sample")' in message
    assert "load_mnist(its path)" in message


BLOCKED = [
    urllib.error.URLError("no route to host"),
    urllib.error.HTTPError(data.URL, 403, "Forbidden", {}, None),
    TimeoutError("timed out"),
]


def test_full_set_is_the_one_that_keras_fetches():
    source = inspect.getsource(keras.datasets.mnist.load_data)
    folder, name = data.URL.rsplit("/", 1)
    assert folder in source
    assert name in source
    assert data.SHA256 in source


def test_full_set_is_downloaded_once_and_then_cached(tmp_path, network, served, arrays):
    network.content = served
    assert_holds(load_mnist("full"), arrays)
    network.error = AssertionError("the network was used")
    assert_holds(load_mnist("full"), arrays)
    assert network.calls == 1


@pytest.mark.parametrize("error", BLOCKED, ids=lambda error: type(error).__name__)
def test_blocked_network_names_both_ways_out(tmp_path, network, error):
    network.error = error
    assert_names_both_ways_out(refusal("full", ConnectionError))
    assert files_under(tmp_path) == []


def test_download_that_breaks_off_leaves_nothing_behind(tmp_path, network, served):
    network.content, network.length = served[:500], len(served)
    assert_names_both_ways_out(refusal("full", ConnectionError))
    assert network.calls == 1
    assert files_under(tmp_path) == []


def test_download_of_wrong_bytes_leaves_nothing_behind(tmp_path, network):
    network.content = b"<html>Please log in</html>"
    message = refusal("full", ConnectionError)
    assert_names_both_ways_out(message)
    assert data.SHA256 in message.split("Found:")[0]
    assert files_under(tmp_path) == []


def test_half_written_cache_is_fetched_again(tmp_path, network, served, arrays):
    path = cache(tmp_path, served[:500])
    network.content = served
    assert_holds(load_mnist("full"), arrays)
    assert path.read_bytes() == served


def test_half_written_cache_without_network_is_not_read(tmp_path, network, served):
    cache(tmp_path, served[:500])
    network.error = BLOCKED[0]
    assert_names_both_ways_out(refusal("full", ConnectionError))
    assert files_under(tmp_path) == []


def test_hanging_network_is_given_up_and_the_timeout_put_back(network):
    network.error = BLOCKED[0]
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(333.0)
    try:
        refusal("full", ConnectionError)
        assert 0 < network.timeouts[0] <= 60
        assert socket.getdefaulttimeout() == 333.0
    finally:
        socket.setdefaulttimeout(before)


def test_ctrl_c_during_the_download_is_not_swallowed(tmp_path, network):
    network.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        load_mnist("full")
    assert files_under(tmp_path) == []
