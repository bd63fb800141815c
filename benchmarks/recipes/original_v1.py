"""The original lab sheet in TensorFlow's v1 mode, where its recipe still runs.

    python -m venv original && source original/bin/activate
    pip install -r benchmarks/recipes/original_v1-requirements.txt
    python benchmarks/recipes/original_v1.py PATH/mnist.npz --epochs 10

Nothing else of this course is needed there, and nothing is imported: the recipe is
TensorFlow 1's, with graphs, sessions and Keras 2. Lab 12 takes it apart. The benchmarks
`steps` and `train` call `build`, as they do with every recipe.

As a script it says which device trains, and then, in a line of JSON for each epoch,
`loss` and `val_loss` as the recipe reports them, means over pixels, beside what they
are worth: `negative_elbo` and its two parts, nats per image of the test set, z sampled
as the recipe samples it.
"""

import argparse
import json
import os
import sys
import time

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # before TensorFlow is imported
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
tf.logging.set_verbosity(tf.logging.ERROR)  # it warns of its own age

from tensorflow.compat.v1 import keras  # noqa: E402  tf_keras, by the line above
from tensorflow.compat.v1.keras import backend as K  # noqa: E402
from tensorflow.compat.v1.keras import layers  # noqa: E402

OWN_BATCH_SIZE, EPOCHS = 16, 10
LATENT_DIM = 2


def see_devices():
    """Return the name of the device that trains."""
    gpus = tf.config.list_physical_devices("GPU")
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    names = [detail.get("device_name", "GPU") for detail in details]
    return ", ".join(names) or "CPU"


def sampling(inputs):
    z_mean, z_log_var = inputs
    epsilon = K.random_normal(shape=(K.shape(z_mean)[0], LATENT_DIM))
    return z_mean + K.exp(z_log_var) * epsilon  # sic: no 0.5


class VAELoss(layers.Layer):
    """Adds the loss, computed from all four tensors, and returns the images."""

    def call(self, inputs):
        images, reconstruction, z_mean, z_log_var = inputs
        per_pixel = keras.metrics.binary_crossentropy(
            K.flatten(images), K.flatten(reconstruction)
        )
        per_unit = 1 + z_log_var - K.square(z_mean) - K.exp(z_log_var)
        self.add_loss(K.mean(per_pixel - 5e-4 * K.mean(per_unit, axis=-1)))
        return images


def build_models(seed=0):
    """Return the model that is trained, and the one that shows what it computes."""
    tf.set_random_seed(seed)
    images = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(images)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", strides=2)(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    z_mean, z_log_var = layers.Dense(LATENT_DIM)(x), layers.Dense(LATENT_DIM)(x)
    x = layers.Lambda(sampling)([z_mean, z_log_var])
    x = layers.Dense(14 * 14 * 64, activation="relu")(x)
    x = layers.Reshape((14, 14, 64))(x)
    x = layers.Conv2DTranspose(32, 3, padding="same", activation="relu", strides=2)(x)
    reconstruction = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    parts = [reconstruction, z_mean, z_log_var]
    vae = keras.Model(images, VAELoss()([images, *parts]))
    vae.compile(optimizer="rmsprop", loss=None)
    return vae, keras.Model(images, parts)


def losses_of(outputs, images):
    """Return reconstruction loss and KL of the recipe's own sampler, nats per image."""
    p, m, s = (part.astype("float64") for part in outputs.predict(images, 500))
    p = np.clip(p, 1e-7, 1 - 1e-7)
    log_p = images * np.log(p) + (1 - images) * np.log(1 - p)
    # The sampler's standard deviation is exp(s): its log variance is 2 s.
    kl = 0.5 * (m**2 + np.exp(2 * s) - 1 - 2 * s).sum(axis=1)
    return -log_p.sum(axis=(1, 2, 3)).mean(), kl.mean()


def build(steps, batch_size):
    vae, outputs = build_models()

    def fit(images):
        vae.fit(images, batch_size=batch_size, shuffle=False, verbose=0)

    return fit, lambda images: losses_of(outputs, images)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mnist", help="mnist.npz, with x_train and x_test")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--limit", type=int, help="train on the first LIMIT digits")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    # Before anything else, as in the original.
    device = see_devices()
    print(f"TensorFlow {tf.__version__}, trains on: {device}", file=sys.stderr)

    with np.load(arguments.mnist) as arrays:
        x_train, x_test = (
            arrays[key][..., None].astype("float32") / 255
            for key in ("x_train", "x_test")
        )
    x_train = x_train[: arguments.limit]
    rng = np.random.default_rng(arguments.seed)
    vae, outputs = build_models(arguments.seed)
    options = {"batch_size": OWN_BATCH_SIZE, "verbose": 0}
    trained = 0.0
    for epoch in range(1, arguments.epochs + 1):
        images = x_train[rng.permutation(len(x_train))]
        began = time.perf_counter()
        history = vae.fit(images, shuffle=False, **options).history
        seconds = time.perf_counter() - began
        trained += seconds
        reconstruction_loss, kl_loss = losses_of(outputs, x_test)
        line = {
            "epoch": epoch,
            "seconds": round(seconds, 1),
            "seconds_in_all": round(trained, 1),
            "images_per_second": round(len(images) / seconds, 1),
            "loss": float(history["loss"][0]),
            "val_loss": float(vae.evaluate(x_test, **options)),
            "negative_elbo": float(reconstruction_loss + kl_loss),
            "reconstruction_loss": float(reconstruction_loss),
            "kl_loss": float(kl_loss),
            "device": device,
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
