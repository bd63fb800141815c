"""TensorFlow's CVAE tutorial: its architecture, Adam at 1e-4, batches of 32.

Its loss takes log q(z given x) - log p(z) at the sampled z in place of the closed KL.
It trains there on binarized digits, whose losses are on another scale; here on the gray
ones, as all others do. Source: https://www.tensorflow.org/tutorials/generative/cvae
"""

import math

import keras
from keras import layers, ops

import vae_lab as lab
from benchmarks.recipes.lab06 import keras_functions

OWN_BATCH_SIZE, EPOCHS = 32, 10


def build_encoder():
    images = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, strides=2, activation="relu")(images)
    x = layers.Conv2D(64, 3, strides=2, activation="relu")(x)
    x = layers.Flatten()(x)
    return keras.Model(images, [layers.Dense(2)(x), layers.Dense(2)(x)])


def build_decoder():
    z = keras.Input((2,))
    x = layers.Dense(7 * 7 * 32, activation="relu")(z)
    x = layers.Reshape((7, 7, 32))(x)
    for filters in (64, 32):
        x = layers.Conv2DTranspose(
            filters, 3, strides=2, padding="same", activation="relu"
        )(x)
    logits = layers.Conv2DTranspose(1, 3, padding="same")(x)
    return keras.Model(z, logits)


def log_normal(z, mean, log_var):
    per_unit = (z - mean) ** 2 * ops.exp(-log_var) + log_var + math.log(2 * math.pi)
    return -0.5 * ops.sum(per_unit, axis=1)


class SampledKL(lab.VAE):
    def call(self, images):
        z_mean, z_log_var = self.encoder(images)
        z = self.sampling([z_mean, z_log_var])
        return self.decoder(z), z, z_mean, z_log_var

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        logits, z, z_mean, z_log_var = y_pred
        honest = [ops.sigmoid(logits), z_mean, z_log_var]
        super().compute_loss(x, y, honest)  # for the logs
        per_pixel = ops.binary_crossentropy(x, logits, from_logits=True)
        log_q = log_normal(z, z_mean, z_log_var)
        log_p = log_normal(z, 0.0, ops.zeros_like(z))
        return ops.mean(ops.sum(per_pixel, axis=(1, 2, 3)) + log_q - log_p)


def build(steps, batch_size):
    lab.start(seed=0)
    vae = SampledKL(build_encoder(), build_decoder(), seed=0)
    vae.compile(keras.optimizers.Adam(1e-4))
    return keras_functions(vae, batch_size)
