"""Bounds on log p(x), built in lab 09; here in chunks, so that they fit in memory."""

import numbers

import numpy as np

from vae_lab.model import kl_loss, reconstruction_loss
from vae_lab.session import ops


def log_weights(reconstruction_part, z, z_mean, z_log_var):
    """Return log of p(x given z) p(z) / q(z given x) of each draw, (batch,), in nats.

    Args:
        reconstruction_part: (batch,), -log p(x given z) in nats.
        z: (batch, latent_dim), drawn from q(z given x).
        z_mean: (batch, latent_dim).
        z_log_var: (batch, latent_dim), natural log of the variance.

    Source: built in lab 09; Burda, Grosse and Salakhutdinov 2016, section 3.
    """
    epsilon = (z - z_mean) / ops.exp(0.5 * z_log_var)
    log_prior = -0.5 * ops.sum(ops.square(z), axis=-1)
    log_q = -0.5 * ops.sum(ops.square(epsilon) + z_log_var, axis=-1)
    return log_prior - log_q - reconstruction_part


def log_mean_exp(log_w):
    """Return the log of the mean weight of each image, (batch,), without underflow.

    Args:
        log_w: (k, batch), logs of weights, in nats.

    Source: built in lab 09.
    """
    highest = ops.max(log_w, axis=0)
    return highest + ops.log(ops.mean(ops.exp(log_w - highest), axis=0))


def elbo(vae, images, samples=1, seed=0, loss=reconstruction_loss, *, chunk_size=500):
    """Return the ELBO of each image, z sampled, the KL in closed form.

    Its mean over the images is minus the loss that a VAE with beta 1 reports.

    Args:
        vae: model with `encoder` and `decoder`, of any latent_dim.
        images: (n, ...), float, of the encoder's input shape; in [0, 1] for the
            default loss.
        samples: int >= 1, draws of z for each image, whose losses are averaged.
        seed: int >= 0; the same draws on every backend, whatever the chunk size.
        loss: function of images and reconstruction that returns -log p(x given z) of
            each image, (batch,), in nats.
        chunk_size: int >= 1, images in one call of the decoder. Memory grows with it.

    Returns:
        (n,), float32, nats. The higher, the better.

    Raises:
        TypeError: vae has no encoder or no decoder.
        ValueError: images, samples, seed, chunk_size or what loss returns is not as
            above.

    Source: built in lab 09; Kingma and Welling 2013, equation 10.
    """
    draws = _Draws(vae, images, samples, seed, loss, chunk_size, "samples")
    cost = np.concatenate([part for part, *_ in draws.chunks()])
    kl_part = kl_loss(*_tensors(draws.z_mean, draws.z_log_var))
    return -cost.reshape(-1, samples).mean(axis=1) - ops.convert_to_numpy(kl_part)


def importance_weighted_bound(
    vae, images, k, seed=0, loss=reconstruction_loss, *, chunk_size=500
):
    """Return the importance-weighted bound on log p(x) of each image.

    It is at least the ELBO and at most log p(x), on average over the draws; it rises
    with k. Beside one chunk it holds 8 bytes for each of the n * k draws.

    Args:
        vae, images, seed, loss, chunk_size: as for `elbo`.
        k: int >= 1, draws of z for each image.

    Returns:
        (n,), float32, nats. The higher, the better.

    Raises:
        TypeError, ValueError: as for `elbo`.

    Source: built in lab 09; Burda, Grosse and Salakhutdinov 2016, section 3.
    """
    draws = _Draws(vae, images, k, seed, loss, chunk_size, "k")
    log_w = [
        ops.convert_to_numpy(log_weights(*_tensors(*part))) for part in draws.chunks()
    ]
    table = np.concatenate(log_w).reshape(-1, k)
    # A thousand images at a time: log_mean_exp makes copies.
    groups = [table[at : at + 1000].T for at in range(0, len(table), 1000)]
    parts = [ops.convert_to_numpy(log_mean_exp(*_tensors(group))) for group in groups]
    return np.concatenate(parts)


class _Draws:
    """k draws of z for each image, and what they cost, chunk by chunk."""

    def __init__(self, vae, images, k, seed, loss, chunk_size, name):
        for part in ("encoder", "decoder"):
            if not callable(getattr(vae, part, None)):
                raise TypeError(
                    f"vae must have an encoder and a decoder. Received: {vae!r}, which "
                    f"has no {part}."
                )
        for what, value, least in [
            (name, k, 1),
            ("seed", seed, 0),
            ("chunk_size", chunk_size, 1),
        ]:
            whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
            if not (whole and value >= least):
                raise ValueError(
                    f"{what} must be an int >= {least}. Received: {value!r}"
                )
        self.images = _checked(images, vae.encoder, loss)
        self.decoder, self.loss = vae.decoder, loss
        self.k, self.seed, self.chunk_size = k, seed, chunk_size
        self.z_mean, self.z_log_var = vae.encoder.predict(
            self.images, batch_size=chunk_size, verbose=0
        )

    def chunks(self):
        """Yield the loss, z, z_mean and z_log_var of chunk_size draws at a time."""
        generator = np.random.default_rng(self.seed)
        draws = len(self.images) * self.k
        for start in range(0, draws, self.chunk_size):
            of = np.arange(start, min(start + self.chunk_size, draws)) // self.k
            z_mean, z_log_var = self.z_mean[of], self.z_log_var[of]
            epsilon = generator.normal(size=z_mean.shape).astype("float32")
            z = z_mean + np.exp(0.5 * z_log_var) * epsilon
            cost = self.loss(self.images[of], self.decoder.predict_on_batch(z))
            cost = ops.convert_to_numpy(cost)
            if cost.shape != of.shape:
                raise ValueError(
                    "loss must return one number for each image, "
                    f"{of.shape}. Received: {cost.shape}"
                )
            yield cost, z, z_mean, z_log_var


def _tensors(*arrays):
    return [ops.convert_to_tensor(array) for array in arrays]


def _checked(images, encoder, loss):
    images = np.asarray(ops.convert_to_numpy(images), "float32")
    shape = tuple(encoder.input_shape[1:])
    if images.shape[1:] != shape or images.ndim != len(shape) + 1 or not len(images):
        wanted = ", ".join(map(str, ("n", *shape)))
        raise ValueError(
            f"images must be an array ({wanted}), n >= 1. Received: {images.shape}"
        )
    low, high = images.min(), images.max()
    if not np.isfinite([low, high]).all():
        raise ValueError("images must be finite numbers. Received: NaN or infinity")
    if loss is reconstruction_loss and not 0 <= low <= high <= 1:
        raise ValueError(
            "images must be in [0, 1]; pixels of 0 to 255 are divided by 255 first. "
            f"Received: {low:g} to {high:g}"
        )
    return images
