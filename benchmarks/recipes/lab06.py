"""Lab 06: the original's architecture, this course's recipe."""

import keras

import vae_lab as lab

OWN_BATCH_SIZE, EPOCHS = 32, 2.5


def build(
    steps, batch_size, optimizer="RMSprop", peak=3e-3, warm_up=0.05, momentum=0.5
):
    lab.start(seed=0)
    vae = lab.VAE(lab.build_encoder(), lab.build_decoder(), seed=0)
    optimizer = getattr(keras.optimizers, optimizer)
    vae.compile(optimizer(lab.schedule(steps, peak, warm_up), momentum=momentum))
    return keras_functions(vae, batch_size)


def keras_functions(vae, batch_size):
    """Return `fit` and `losses` of a model that logs both parts of its loss."""

    def fit(images):
        vae.fit(images, batch_size=batch_size, shuffle=False, verbose=0)

    def losses(images):
        logs = vae.evaluate(images, batch_size=500, verbose=0, return_dict=True)
        return logs["reconstruction_loss"], logs["kl_loss"]

    return fit, losses
