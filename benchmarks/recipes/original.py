"""The original lab sheet, carried over to Keras 3 with its loss and its sampler.

Its loss is the mean cross-entropy of a pixel minus 5e-4 times the mean over latent
units of 1 + z_log_var - z_mean^2 - exp(z_log_var); its sampler's standard deviation is
exp(z_log_var), so that the KL which belongs to it has log variance 2 * z_log_var.
"""

import keras
from keras import ops

import vae_lab as lab
from benchmarks.recipes.lab06 import keras_functions

OWN_BATCH_SIZE, EPOCHS = 16, 10


class OriginalVAE(lab.VAE):
    def call(self, images):
        z_mean, z_log_var = self.encoder(images)
        # Sampling halves the log variance that it is given.
        z = self.sampling([z_mean, 2 * z_log_var])
        return self.decoder(z), z_mean, z_log_var

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        reconstruction, z_mean, z_log_var = y_pred
        honest = [reconstruction, z_mean, 2 * z_log_var]
        super().compute_loss(x, y, honest)  # for the logs
        per_pixel = ops.binary_crossentropy(x, reconstruction)
        per_unit = 1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var)
        return ops.mean(per_pixel) - 5e-4 * ops.mean(per_unit)


def build(steps, batch_size):
    lab.start(seed=0)
    vae = OriginalVAE(lab.build_encoder(), lab.build_decoder(), seed=0)
    vae.compile(keras.optimizers.RMSprop())
    return keras_functions(vae, batch_size)
