"""Lab 06's recipe for the full set: Muon, and a low weight on the KL at first.

That of the weights that ship (tools/train_pretrained.py), cut to three epochs.
"""

import keras

import vae_lab as lab
from benchmarks.recipes.lab06 import keras_functions

OWN_BATCH_SIZE, EPOCHS = 32, 3


def build(steps, batch_size):
    lab.start(seed=0)
    vae = lab.VAE(lab.build_encoder(), lab.build_decoder(), beta=0.3, seed=0)
    vae.compile(keras.optimizers.Muon(lab.schedule(steps, peak=5e-3)))
    fit_on, losses = keras_functions(vae, batch_size)

    def fit(images):
        if vae.beta < 1 and int(vae.optimizer.iterations) >= steps // 3:
            vae.beta = 1.0
        fit_on(images)

    return fit, losses
