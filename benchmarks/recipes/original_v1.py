"""The original lab sheet in TensorFlow's v1 mode, in an environment of its own.

`pip install tensorflow tf_keras` there; nothing else of this course is needed.
"""

import numpy as np
import tensorflow.compat.v1 as tf
import tf_keras as keras
from tf_keras import backend as K
from tf_keras import layers

OWN_BATCH_SIZE, EPOCHS = 16, 10
tf.disable_v2_behavior()


class VAELoss(layers.Layer):
    def call(self, inputs):
        images, reconstruction, z_mean, z_log_var = inputs
        per_pixel = keras.metrics.binary_crossentropy(
            K.flatten(images), K.flatten(reconstruction)
        )
        per_unit = 1 + z_log_var - K.square(z_mean) - K.exp(z_log_var)
        self.add_loss(K.mean(per_pixel - 5e-4 * K.mean(per_unit, axis=-1)))
        return images


def sampling(inputs):
    z_mean, z_log_var = inputs
    return z_mean + K.exp(z_log_var) * K.random_normal(K.shape(z_mean))


def build(steps, batch_size):
    keras.utils.set_random_seed(0)
    images = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(images)
    x = layers.Conv2D(64, 3, padding="same", activation="relu", strides=2)(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    z_mean, z_log_var = layers.Dense(2)(x), layers.Dense(2)(x)
    x = layers.Lambda(sampling)([z_mean, z_log_var])
    x = layers.Dense(14 * 14 * 64, activation="relu")(x)
    x = layers.Reshape((14, 14, 64))(x)
    x = layers.Conv2DTranspose(32, 3, padding="same", activation="relu", strides=2)(x)
    reconstruction = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
    parts = [reconstruction, z_mean, z_log_var]
    vae = keras.Model(images, VAELoss()([images, *parts]))
    vae.compile(optimizer="rmsprop", loss=None)
    outputs = keras.Model(images, parts)

    def fit(images):
        vae.fit(images, batch_size=batch_size, shuffle=False, verbose=0)

    def losses(images):
        p, m, s = (part.astype("float64") for part in outputs.predict(images, 500))
        p = np.clip(p, 1e-7, 1 - 1e-7)
        log_p = images * np.log(p) + (1 - images) * np.log(1 - p)
        # The sampler's standard deviation is exp(s): its log variance is 2 s.
        kl = 0.5 * (m**2 + np.exp(2 * s) - 1 - 2 * s).sum(axis=1)
        return -log_p.sum(axis=(1, 2, 3)).mean(), kl.mean()

    return fit, losses
