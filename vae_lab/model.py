"""What the labs build, in their order, for the labs that come after."""

import numbers

import numpy as np
from scipy.stats import norm

from vae_lab.session import keras, layers, ops


def build_encoder(latent_dim=2):
    """Build the encoder: an image becomes the mean and log variance of q(z given x).

    Args:
        latent_dim: int >= 1, the size of z.

    Returns:
        Model: images (batch, 28, 28, 1), float32 in [0, 1] -> `[z_mean, z_log_var]`,
        each (batch, latent_dim); the log is natural.

    Source: built in lab 02; the original lab sheet's architecture.
    """
    images = keras.Input((28, 28, 1), name="images")
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(images)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Flatten()(x)  # (batch, 14, 14, 64) -> (batch, 12544)
    x = layers.Dense(32, activation="relu")(x)
    z_mean = layers.Dense(latent_dim, dtype="float32", name="z_mean")(x)
    z_log_var = layers.Dense(latent_dim, dtype="float32", name="z_log_var")(x)
    return keras.Model(images, [z_mean, z_log_var], name="encoder")


@keras.saving.register_keras_serializable(package="vae_lab")
class Sampling(layers.Layer):
    """Draw z from q(z given x) so that gradients reach z_mean and z_log_var.

    Call it on `[z_mean, z_log_var]`, each (batch, latent_dim); it returns
    z = z_mean + exp(0.5 * z_log_var) * epsilon of the same shape.

    Args:
        seed: int, or None for a seed drawn from the global generator.

    Source: built in lab 03; Kingma and Welling 2013, section 2.4.
    """

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        z_std = ops.exp(0.5 * z_log_var)
        epsilon = keras.random.normal(ops.shape(z_mean), seed=self.seed_generator)
        return z_mean + z_std * epsilon

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


def build_decoder(latent_dim=2):
    """Build the decoder: a point z becomes the probability of ink in every pixel.

    Args:
        latent_dim: int >= 1, the size of z.

    Returns:
        Model: z (batch, latent_dim) -> reconstruction (batch, 28, 28, 1) in (0, 1).

    Source: built in lab 04; the original lab sheet's architecture.
    """
    z = keras.Input((latent_dim,), name="z")
    x = layers.Dense(14 * 14 * 64, activation="relu")(z)
    x = layers.Reshape((14, 14, 64))(x)
    # (batch, 14, 14, 64) -> (batch, 28, 28, 32)
    x = layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu")(x)
    pixels = layers.Conv2D(1, 3, padding="same", activation="sigmoid", dtype="float32")(
        x
    )
    return keras.Model(z, pixels, name="decoder")


def reconstruction_loss(images, reconstruction):
    """Return -log p(x given z) of each image, (batch,), in nats, summed over pixels.

    Of gray pixels it is no normalized likelihood (lab 04).

    Args:
        images: (batch, 28, 28, 1), float in [0, 1].
        reconstruction: same shape, probabilities, clipped to [1e-7, 1 - 1e-7].

    Source: built in lab 05; Kingma and Welling 2013, appendix C.1.
    """
    per_pixel = ops.binary_crossentropy(images, reconstruction)
    return ops.sum(per_pixel, axis=(1, 2, 3))


def kl_loss(z_mean, z_log_var):
    """Return KL(q(z given x), N(0, I)) of each image, (batch,), in nats, summed over z.

    Args:
        z_mean: (batch, latent_dim).
        z_log_var: (batch, latent_dim), natural log of the variance.

    Source: built in lab 05; Kingma and Welling 2013, appendix B.
    """
    per_unit = 0.5 * (ops.square(z_mean) + ops.exp(z_log_var) - 1 - z_log_var)
    return ops.sum(per_unit, axis=1)


@keras.saving.register_keras_serializable(package="vae_lab")
class VAE(keras.Model):
    """Encoder, sampler and decoder, trained on reconstruction_loss + beta * kl_loss.

    `compile(optimizer)`, then `fit(images)`: images (n, 28, 28, 1), float32 in
    [0, 1], and no targets; `validation_data=images` and `evaluate(images)` likewise.
    Logs hold `loss`, `reconstruction_loss` and `kl_loss`, nats per image. A call and
    `predict` return `(reconstruction, z_mean, z_log_var)`. z is sampled always.

    Args:
        encoder: model from images to `[z_mean, z_log_var]`.
        decoder: model from z to reconstructions.
        beta: float >= 0, weight of the KL term in `loss`.
        seed: int or None, seed of the sampler.

    Raises:
        ValueError: beta is negative or not finite; labels are passed to `fit`.
        FloatingPointError: a loss stops being finite in `fit`; names the part.

    Source: built in lab 06; Kingma and Welling 2013, equation 10; for beta Higgins
    et al. 2017, equation 4.
    """

    def __init__(self, encoder, decoder, beta=1.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.beta = beta
        self.sampling = Sampling(seed, dtype="float32")
        self.reconstruction_tracker = keras.metrics.Mean("reconstruction_loss")
        self.kl_tracker = keras.metrics.Mean("kl_loss")

    def call(self, images):
        z_mean, z_log_var = self.encoder(images)
        z = self.sampling([z_mean, z_log_var])
        return self.decoder(z), z_mean, z_log_var

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        reconstruction, z_mean, z_log_var = y_pred
        reconstruction_part = reconstruction_loss(x, reconstruction)  # (batch,)
        kl_part = kl_loss(z_mean, z_log_var)  # (batch,)
        self.reconstruction_tracker.update_state(reconstruction_part)
        self.kl_tracker.update_state(kl_part)
        return ops.mean(reconstruction_part + self.beta * kl_part)

    # From here on plumbing that lab 06 does not show.

    @property
    def beta(self):
        return self._beta

    @beta.setter
    def beta(self, value):
        number = isinstance(value, numbers.Real)
        if not (number and np.isfinite(value) and value >= 0):
            raise ValueError(f"beta must be a finite number >= 0. Received: {value!r}")
        self._beta = float(value)
        # A compiled step holds the old beta: trace it again.
        if self.train_function is not None:
            self.make_train_function(force=True)
        if self.test_function is not None:
            self.make_test_function(force=True)

    def fit(self, x=None, y=None, *args, callbacks=None, **kwargs):
        if y is not None:
            raise ValueError(
                "A VAE trains on images alone: call fit(images), not "
                f"fit(images, labels). Received: y of type {type(y).__name__}."
            )
        if not isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks = [*keras.tree.flatten(callbacks or []), StopOnNonFinite()]
        return super().fit(x, None, *args, callbacks=callbacks, **kwargs)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        parts = {"encoder": self.encoder, "decoder": self.decoder}
        config = {name: serialize(part) for name, part in parts.items()}
        config |= {"beta": self.beta, "seed": self.sampling.seed}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config):
        deserialize = keras.saving.deserialize_keras_object
        parts = {name: deserialize(config[name]) for name in ("encoder", "decoder")}
        return cls(**{**config, **parts})


class StopOnNonFinite(keras.callbacks.Callback):
    """Raise FloatingPointError at the first batch whose loss is not finite."""

    def on_train_batch_end(self, batch, logs=None):
        parts = ("reconstruction_loss", "kl_loss", "loss")
        bad = {k: logs[k] for k in parts if k in logs and not np.isfinite(logs[k])}
        if bad:
            found = " and ".join(f"{name} is {value}" for name, value in bad.items())
            raise FloatingPointError(
                f"Training stopped at batch {batch + 1}: {found}. If kl_loss blew up, "
                "z_log_var left the range of exp: lower the learning rate or lengthen "
                "its warm-up. If reconstruction_loss did, check that the images are "
                "finite and in [0, 1]. Rebuild the model before you train again."
            )


def schedule(steps, peak=3e-3, warm_up=0.05):
    """Return a learning rate that warms up to its peak and falls to 0 along a cosine.

    Args:
        steps: int, batches in the whole training: epochs * images // batch_size.
        peak: float > 0, the highest rate.
        warm_up: float, 0 <= warm_up < 1, share of the steps in which it is reached.

    Returns:
        keras.optimizers.schedules.CosineDecay, for an optimizer's `learning_rate`.

    Raises:
        ValueError: steps is below 1 or warm_up is not below 1 (Keras says so).

    Source: built in lab 06.
    """
    rising = int(warm_up * steps)
    return keras.optimizers.schedules.CosineDecay(
        0.0, steps - rising, warmup_target=peak, warmup_steps=rising
    )


def latent_grid(grid_size=15, low=0.05, high=0.95):
    """Return a square grid of points z at equal steps of prior probability.

    Args:
        grid_size: int >= 1, points along each axis.
        low, high: quantiles of the prior at the ends, 0 < low < high < 1.

    Returns:
        (grid_size**2, 2), float32, in prior standard deviations: row by row from
        the highest z[1] down, z[0] rising to the right.

    Raises:
        ValueError: grid_size or the ends are out of range.

    Source: built in lab 07.
    """
    if not 0 < low < high < 1:
        raise ValueError(
            "low and high must satisfy 0 < low < high < 1: the normal quantiles of 0 "
            f"and 1 are infinite. Received: low={low}, high={high}"
        )
    if not isinstance(grid_size, numbers.Integral) or grid_size < 1:
        raise ValueError(f"grid_size must be an int >= 1. Received: {grid_size!r}")
    quantiles = norm.ppf(np.linspace(low, high, grid_size))
    z_0, z_1 = np.meshgrid(quantiles, quantiles[::-1])
    return np.stack([z_0.ravel(), z_1.ravel()], axis=1).astype("float32")


def decode_grid(decoder, grid_size=15):
    """Decode `latent_grid(grid_size)` in one call and lay the digits out.

    Args:
        decoder: model from (n, 2) to (n, 28, 28, 1).
        grid_size: int >= 1, digits along each side.

    Returns:
        canvas: (28 * grid_size, 28 * grid_size), float32 in [0, 1]; its top left
        digit has the lowest z[0] and the highest z[1].

    Source: built in lab 07.
    """
    digits = ops.convert_to_numpy(decoder(latent_grid(grid_size)))
    tiles = digits.reshape(grid_size, grid_size, 28, 28)
    return tiles.transpose(0, 2, 1, 3).reshape(28 * grid_size, 28 * grid_size)
