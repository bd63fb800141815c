"""Lab 12: each fault of its museum is shown, each line of its guide is tried.

The old lines are tried on TensorFlow.
"""

import re
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers, ops
from notebook_files import ROOT, code_cells, read

import vae_lab as lab

LAB = ROOT / "notebooks" / "12_then_and_now.ipynb"
V1_MODE = """
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import keras, numpy as np
inputs = keras.Input((2,))
model = keras.Model(inputs, keras.layers.Dense(1)(inputs))
model.compile("rmsprop", "mse")
print("compiled")
model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
"""


def source(name):
    (cell,) = [cell for cell in read(LAB).cells if cell.id == name]
    return cell.source


def test_each_fault_of_the_catalogue_is_shown_failing_and_mended():
    rows = re.findall(r"(?m)^\| (.*?) \|", source("catalogue"))[1:]
    shown = [
        fault
        for cell in code_cells(read(LAB))
        for output in cell.outputs
        for fault in re.findall(
            r"(?m)^(.*): faulty fails.*, mended passes$", output.get("text", "")
        )
    ]
    assert sorted(shown) == sorted(row.replace("`", "") for row in rows)
    assert len(shown) == 9


def test_what_the_lab_says_to_run_is_there():
    paths = re.findall(r"benchmarks/[\w./-]+", source("unchanged"))
    assert len(paths) == 2 and all((ROOT / path).is_file() for path in paths)


def table():
    """Return the guide's rows, old line -> what Keras 3 says."""
    cells = r"(?m)^\| (.*?) \| (.*?) \| .* \|$"
    rows = re.findall(cells, source("guide-table"))
    return dict(rows[1:])


@pytest.fixture(scope="module")
def x():
    lab.start()
    return keras.Input((2,))


def complaints(*lines):
    """Return what lines raise, one text."""
    raised = []
    for line in lines:
        with pytest.raises(Exception) as caught:
            line()
        raised.append(f"{caught.type.__name__}: {caught.value}")
    return "\n".join(raised)


def missing(*names):
    from keras import backend

    return complaints(*(lambda name=name: getattr(backend, name) for name in names))


def tensorflow_keras(x):
    """The old functions are still there, and all but `int_shape` stop at symbols."""
    from tensorflow.keras import backend

    assert backend.int_shape(x) == (None, 2)
    assert backend.random_normal((2, 2)).shape == (2, 2)
    functions = backend.shape, backend.exp, backend.mean, backend.square
    functions += (backend.flatten,)
    return complaints(*(lambda f=f: f(x) for f in functions))


def double(x):
    return 2 * x


def lambda_layer(x, path):
    keras.Model(x, layers.Lambda(double)(x)).save(path)
    return complaints(lambda: keras.models.load_model(path))


class Loss(layers.Layer):
    def __init__(self, added, **options):
        super().__init__()
        self.added, self.options = added, options

    def call(self, x):
        self.add_loss(ops.mean(x if self.added is None else self.added), **self.options)
        return x


def compiled(x, layer):
    model = keras.Model(x, layer(x))
    model.compile("rmsprop", loss=None)
    return model


def fit_as_before(x):
    data = np.ones((4, 2), "float32")
    options = {"shuffle": True, "validation_data": (data, None), "verbose": 0}
    logs = compiled(x, Loss(None)).fit(x=data, y=None, **options).history
    assert set(logs) == {"loss", "val_loss"}
    return ""


def v1_mode():
    run = [sys.executable, "-c", V1_MODE]
    done = subprocess.run(run, capture_output=True, text=True)
    assert done.stdout == "compiled\n" and done.returncode
    return done.stderr


def device_check():
    import tensorflow as tf

    tf.compat.v1.test.is_gpu_available()
    return ""


@pytest.fixture
def said(x, tmp_path):
    """What Keras says to each line of the table."""
    fit = {"x": np.ones((4, 2)), "verbose": 0}
    outside = keras.Input((3,))
    names = "shape", "exp", "mean", "square"
    from_outside = Loss(outside)
    return {
        "`K.int_shape(x)`": lambda: missing("int_shape"),
        "`K.shape`, `K.exp`, `K.mean`, `K.square`": lambda: missing(*names),
        "the same from `tensorflow.keras`": lambda: tensorflow_keras(x),
        "`np.exp(z_log_var)`": lambda: complaints(lambda: np.exp(x)),
        "`K.random_normal(shape=...)`": lambda: missing("random_normal"),
        "`K.flatten(x)` in the cross-entropy": lambda: missing("flatten"),
        "`Lambda(sampling)([z_mean, z_log_var])`": lambda: lambda_layer(
            x, tmp_path / "model.keras"
        ),
        "`self.add_loss(loss, inputs=inputs)`": lambda: complaints(
            lambda: Loss(None, inputs=x)(x)
        ),
        "`self.add_loss(loss)` from outside": lambda: complaints(
            lambda: from_outside(x), lambda: from_outside(np.ones((4, 2)))
        ),
        "`vae.add_loss(loss)`": lambda: complaints(
            lambda: keras.Model(x, double(x)).add_loss(ops.mean(x))
        ),
        "`compile(loss=None)`": lambda: complaints(
            lambda: compiled(x, layers.Dense(1)).fit(**fit)
        ),
        "`fit(x, None, validation_data=(x, None))`": lambda: fit_as_before(x),
        "`decoder.predict(z)` for each tile": lambda: "",  # benchmarks/grid.py
        "`tf.disable_v2_behavior()`": v1_mode,
        "`tf.test.is_gpu_available()`": device_check,
    }


def test_each_line_of_the_guide_is_tried(said):
    assert list(table()) == list(said)


@pytest.mark.parametrize("line", table())
def test_keras_says_to_an_old_line_what_the_guide_says(line, said):
    text, quoted = said[line](), table()[line]
    if not text:
        assert quoted.startswith(("nothing: ", "nothing but "))
        return
    words = quoted.split(": ")[-1]
    for complaint in text.splitlines() if words == "has no attribute" else [text]:
        assert words in complaint
