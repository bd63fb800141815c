"""Start a lab: a quiet import, one seed, one figure style, one progress bar."""

import contextlib
import importlib
import os
import platform
import tempfile
import time
from pathlib import Path

import numpy as np

STYLE = Path(__file__).with_name("lab.mplstyle")


@contextlib.contextmanager
def quiet_stderr():
    """Hold back what native code writes to file descriptor 2.

    TensorFlow logs there while it is imported and at its first operation, whatever
    its log level says. If the block raises, everything held back is written out.
    """
    try:
        saved = os.dup(2)
    except OSError:  # no descriptor 2, as in a windowed process
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(saved, 2)
            held.seek(0)
            os.write(2, held.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def import_quietly(name="keras"):
    """Import a module by its name with its start-up log held back."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with quiet_stderr():
        return importlib.import_module(name)


keras = import_quietly()
layers, ops = keras.layers, keras.ops


def start(seed=0):
    """Seed every generator, set the course's figure style, wake the device.

    Args:
        seed: int in [0, 2**32). Seeds Python, NumPy and the Keras backend.

    Source: built for lab 00; the first cell of every lab calls it.
    """
    import matplotlib.pyplot as plt

    keras.utils.set_random_seed(seed)
    plt.style.use(STYLE)
    with quiet_stderr():  # the first operation logs the processor's features
        keras.ops.convert_to_numpy(keras.ops.ones(()) + 1)


def gradient(function, *values):
    """Differentiate a function by backpropagation, on any Keras backend.

    Args:
        function: takes one tensor for each value and returns a scalar tensor.
        values: floats or arrays, where to take the slopes.

    Returns:
        A list of float32 arrays, each of its value's shape: d function / d value. It
        is 0 where no path of differentiable operations leads to the value.

    Source: built for lab 03.
    """
    tensors = [keras.ops.convert_to_tensor(value, "float32") for value in values]
    name = keras.backend.backend()
    if name == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensors)
            result = function(*tensors)
        zero = tf.UnconnectedGradients.ZERO
        slopes = tape.gradient(result, tensors, unconnected_gradients=zero)
    elif name == "jax":
        import jax

        slopes = jax.grad(function, argnums=tuple(range(len(tensors))))(*tensors)
    else:
        import torch

        for tensor in tensors:
            tensor.requires_grad_()
        result = function(*tensors)
        anchor = 0 * sum(tensor.sum() for tensor in tensors)
        slopes = torch.autograd.grad(result + anchor, tensors)
    return [np.asarray(keras.ops.convert_to_numpy(slope)) for slope in slopes]


def device():
    """Name the device that Keras computes on, e.g. `"CPU, 2 cores"` (str)."""
    names = [str(name) for name in keras.distribution.list_devices()]
    accelerators = [n for n in names if not n.lower().startswith("cpu")]
    return ", ".join(accelerators) or f"CPU, {os.cpu_count()} cores"


def report():
    """Return the versions and the device in use, one per line (str)."""
    backend = keras.backend.backend()
    names = [backend, "keras", "numpy", "scipy", "matplotlib", "ipywidgets"]
    modules = {name: importlib.import_module(name) for name in names}
    rows = [("python", platform.python_version())]
    rows += [(name, module.__version__) for name, module in modules.items()]
    rows += [("device", device())]
    return "\n".join(f"{name:<11} {value}" for name, value in rows)


class Progress(keras.callbacks.Callback):
    """A progress bar for `fit`: one line, with the time left.

    It changes a widget's traits and prints nothing, so that stored outputs stay the
    same from run to run. Outside a notebook it shows nothing.

    Attributes:
        bar: the `ipywidgets.IntProgress`, or None before training begins.
        text: the `ipywidgets.Label` beside it.
    """

    bar = text = None

    def on_train_begin(self, logs=None):
        import ipywidgets
        from IPython import get_ipython
        from IPython.display import display

        if "IPKernelApp" not in getattr(get_ipython(), "config", {}):
            return
        self.bar = ipywidgets.IntProgress(max=self.params["epochs"])
        self.text = ipywidgets.Label("epoch 1")
        self.began, self.first = time.monotonic(), None
        view = ipywidgets.HBox([self.bar, self.text]).get_view_spec()
        bundle = {
            "text/plain": "A progress bar moves here while the model trains.",
            "application/vnd.jupyter.widget-view+json": view,
        }
        display(bundle, raw=True)

    def on_epoch_end(self, epoch, logs=None):
        if self.bar is None:
            return
        self.first = epoch if self.first is None else self.first
        done, left = epoch - self.first + 1, self.bar.max - epoch - 1
        seconds = (time.monotonic() - self.began) / done * left
        parts = [f"epoch {epoch + 1} of {self.bar.max}", f"{seconds:.0f} s left"]
        parts += [f"{k} {v:.1f}" for k, v in (logs or {}).items() if k == "loss"]
        self.bar.value, self.text.value = epoch + 1, ", ".join(parts)
