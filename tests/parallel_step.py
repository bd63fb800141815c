"""Train on one or two virtual CPU devices, and print the losses; see test_backends.

usage: KERAS_BACKEND=tensorflow python tests/parallel_step.py DEVICES
JAX takes their number from XLA_FLAGS=--xla_force_host_platform_device_count=DEVICES
"""

import json
import os
import re
import sys

from notebook_files import ROOT, prose, read

import vae_lab as lab
from vae_lab.session import keras

DEVICES = int(sys.argv[1])

names = None
if os.environ["KERAS_BACKEND"] == "tensorflow":
    import tensorflow as tf

    [cpu] = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration()] * DEVICES
    tf.config.set_logical_device_configuration(cpu, parts)
    names = [f"CPU:{i}" for i in range(DEVICES)]
lab.start(seed=0)


def VAE(encoder, decoder):
    """Build a VAE whose z hardly varies, so that the devices' noise is no matter."""
    head = encoder.get_layer("z_log_var")
    head.kernel.assign(0 * head.kernel)
    head.bias.assign([-20.0, -20.0])
    head.trainable = False
    return lab.VAE(encoder, decoder, seed=0)


# The line that lab 06 shows, on these devices.
text = prose(read(ROOT / "notebooks" / "06_training.ipynb"))
[line] = re.findall(r"vae = (lab\.data_parallel\(.+)\)", text)
vae = eval(f"{line}, names)")
images = lab.load_mnist().x_train[:256]
vae.compile(keras.optimizers.SGD(1e-4))  # unlike RMSprop it feels a gradient's size
shown = dict(shuffle=False, verbose=0, validation_data=images[:64])
history = vae.fit(images, batch_size=32, epochs=2, **shown).history
# Outside of a training step, compute_loss is the whole loss.
whole = float(keras.ops.convert_to_numpy(vae.compute_loss(images, None, vae(images))))
history["called"] = [whole]
print(json.dumps({"devices": len(keras.distribution.list_devices()), **history}))
