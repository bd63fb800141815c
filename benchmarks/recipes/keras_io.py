"""The VAE example of keras.io: its architecture, Adam at 1e-3, batches of 128.

It trains there on the training and the test digits together; here on the former alone.
Source: https://keras.io/examples/generative/vae/
"""

import keras
from keras import layers

import vae_lab as lab
from benchmarks.recipes.lab06 import keras_functions

OWN_BATCH_SIZE, EPOCHS = 128, 30


def build_encoder():
    images = keras.Input((28, 28, 1))
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(images)
    x = layers.Conv2D(64, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    return keras.Model(images, [layers.Dense(2)(x), layers.Dense(2)(x)])


def build_decoder():
    z = keras.Input((2,))
    x = layers.Dense(7 * 7 * 64, activation="relu")(z)
    x = layers.Reshape((7, 7, 64))(x)
    for filters in (64, 32):
        x = layers.Conv2DTranspose(
            filters, 3, strides=2, padding="same", activation="relu"
        )(x)
    pixels = layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(z, pixels)


def build(steps, batch_size):
    lab.start(seed=0)
    vae = lab.VAE(build_encoder(), build_decoder(), seed=0)
    vae.compile(keras.optimizers.Adam())
    return keras_functions(vae, batch_size)
