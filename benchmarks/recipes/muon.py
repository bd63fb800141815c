"""Lab 06's recipe for the full set: Muon in place of RMSprop."""

import keras

import vae_lab as lab
from benchmarks.recipes.lab06 import keras_functions

OWN_BATCH_SIZE, EPOCHS = 32, 3


def build(steps, batch_size):
    lab.start(seed=0)
    vae = lab.VAE(lab.build_encoder(), lab.build_decoder(), seed=0)
    vae.compile(keras.optimizers.Muon(lab.schedule(steps, peak=5e-3)))
    return keras_functions(vae, batch_size)
