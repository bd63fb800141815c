"""Start a lab: a quiet import, one seed, one figure style."""

import contextlib
import logging
import os
import tempfile
from pathlib import Path

import numpy as np


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


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Unasked, TensorFlow leaves the faster kernels of oneDNN aside where a processor has
# AVX2 and nothing newer. `python -m benchmarks session` shows what they save.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
with quiet_stderr():
    import keras
    from keras import layers, ops  # noqa: F401 (imported from here by the package)

# TensorFlow warns when models are called on batches of many sizes. Labs do that on
# purpose; it costs a compilation for each size and nothing else.
logging.getLogger("tensorflow").addFilter(
    lambda record: "triggered tf.function retracing" not in record.getMessage()
)


def end_epochs_promptly():
    """Switch off the tuning of TensorFlow's input pipelines, which may idle.

    A thread tunes each pipeline 10, 30, 70, 150 ms ... after its start and sleeps in
    between. When an epoch ends, its iterator often waits until that thread next wakes
    up: an epoch of 6 s lasts 10. Batches cut from arrays have nothing to tune.
    """
    if keras.backend.backend() != "tensorflow":
        return
    import tensorflow as tf

    options, iterate = tf.data.Options(), tf.data.Dataset.__iter__
    options.autotune.enabled = False
    tf.data.Dataset.__iter__ = lambda self: iterate(self.with_options(options))


end_epochs_promptly()


def start(seed=0):
    """Seed every generator, set the course's figure style, wake the device.

    Args:
        seed: int in [0, 2**32). Seeds Python, NumPy and the Keras backend.

    Source: built for lab 00; the first cell of every lab calls it.
    """
    import matplotlib.pyplot as plt

    plt.style.use(Path(__file__).with_name("lab.mplstyle"))
    with quiet_stderr():  # TensorFlow's import, to seed it, and its first operation log
        keras.utils.set_random_seed(seed)
        ops.convert_to_numpy(ops.ones(()) + 1)


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
    tensors = [ops.convert_to_tensor(value, "float32") for value in values]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(tensors)
            result = function(*tensors)
        zero = tf.UnconnectedGradients.ZERO
        slopes = tape.gradient(result, tensors, unconnected_gradients=zero)
    elif keras.backend.backend() == "jax":
        import jax

        slopes = jax.grad(function, argnums=tuple(range(len(tensors))))(*tensors)
    else:
        import torch

        tensors = [tensor.requires_grad_() for tensor in tensors]
        path = 0 * sum(tensor.sum() for tensor in tensors)  # leads to every value
        slopes = torch.autograd.grad(function(*tensors) + path, tensors)
    return [np.asarray(ops.convert_to_numpy(slope)) for slope in slopes]
