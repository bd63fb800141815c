"""One round of everything on the backend that KERAS_BACKEND names; see test_backends.

usage: KERAS_BACKEND=torch python tests/backend_step.py
"""

import contextlib
import io
import os
import tempfile
from pathlib import Path

import numpy as np

from vae_lab.hardware import report, within_memory
from vae_lab.model import VAE, build_decoder, build_encoder, decode_grid, latent_grid
from vae_lab.session import gradient, keras, ops, start

PARTS = {"loss", "reconstruction_loss", "kl_loss"}


def outputs(vae, images):
    """The encoder's and the decoder's outputs, as NumPy arrays."""
    return [ops.convert_to_numpy(t) for t in (*vae.encoder(images), vae.decoder(Z))]


assert keras.backend.backend() == os.environ["KERAS_BACKEND"]
start(0)
assert os.environ["KERAS_BACKEND"] in report()

Z = latent_grid(3)
images = np.random.default_rng(0).uniform(size=(24, 28, 28, 1)).astype("float32")
vae = VAE(build_encoder(), build_decoder(), seed=0)
vae.compile(keras.optimizers.Adam(1e-3))
before = [np.array(weight) for weight in vae.get_weights()]

history = vae.fit(images, batch_size=24, verbose=0, validation_data=images).history
assert set(history) == PARTS | {f"val_{part}" for part in PARTS}
assert np.isfinite(list(history.values())).all()
moved = [np.any(a != b) for a, b in zip(before, vae.get_weights())]
assert all(moved), "fit left some weights as they were"

logs = vae.evaluate(images, batch_size=16, verbose=0, return_dict=True)
np.testing.assert_allclose(
    logs["loss"], logs["reconstruction_loss"] + logs["kl_loss"], rtol=1e-5
)
reconstruction, z_mean, z_log_var = vae.predict(images, verbose=0)
assert reconstruction.shape == images.shape
assert z_mean.shape == z_log_var.shape == (24, 2)
z_again = vae.evaluate(images, batch_size=16, verbose=0, return_dict=True)
assert z_again["reconstruction_loss"] != logs["reconstruction_loss"], "z not sampled"

vae.beta = 3.0  # the compiled steps follow
logs = vae.evaluate(images, batch_size=24, verbose=0, return_dict=True)
history = vae.fit(images, batch_size=24, verbose=0).history
for of in (logs, {name: values[0] for name, values in history.items()}):
    weighted = of["reconstruction_loss"] + 3 * of["kl_loss"]
    np.testing.assert_allclose(of["loss"], weighted, rtol=1e-5)

with tempfile.TemporaryDirectory() as folder:
    vae.save(Path(folder) / "vae.keras")
    loaded = keras.saving.load_model(Path(folder) / "vae.keras")
    vae.save_weights(Path(folder) / "vae.weights.h5")
    fresh = VAE(build_encoder(), build_decoder())
    fresh(images[:1])
    fresh.load_weights(Path(folder) / "vae.weights.h5")
for other in (loaded, fresh):
    for one, two in zip(outputs(vae, images), outputs(other, images)):
        np.testing.assert_array_equal(one, two)

canvas = decode_grid(vae.decoder, grid_size=3)
assert canvas.shape == (84, 84)
tile = ops.convert_to_numpy(vae.decoder(Z[:1]))[0, ..., 0]
np.testing.assert_allclose(canvas[:28, :28], tile, atol=1e-6)

[slope] = gradient(lambda x: ops.sum(x**3), np.array([1.0, 2.0]))
np.testing.assert_allclose(slope, [3.0, 12.0], rtol=1e-5)

vae.encoder.get_layer("z_log_var").bias.assign([90.0, 0.0])  # exp overflows
try:
    vae.fit(images, verbose=0)
except FloatingPointError as error:
    assert "kl_loss is inf" in str(error), error
else:
    raise AssertionError("training went on with an infinite loss")


def greedy(batch_size):
    """Ask for more bytes than there are addresses, unless the batch is small."""
    return ops.ones((10**6, 10**6, 10**4)) if batch_size > 8 else batch_size


with contextlib.redirect_stdout(io.StringIO()) as said:
    assert within_memory(greedy, batch_size=32) == 8  # its own error is recognized
assert said.getvalue().count("Out of memory: once more, at") == 2

print("all done on", keras.backend.backend())
