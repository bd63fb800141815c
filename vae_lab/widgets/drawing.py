"""A digit of your own, made like MNIST's, and what the model thinks of it. Lab 00."""

import numpy as np
from PIL import Image

from vae_lab.model import kl_loss, reconstruction_loss
from vae_lab.session import ops
from vae_lab.widgets.explorer import (
    Explorer,
    digits_of,
    painted_pad,
    plane_codes,
    plane_decoder,
    says_what_is_wrong,
)
from vae_lab.widgets.latent import draw_codes
from vae_lab.widgets.parts import Button, Picture, Sketch
from vae_lab.widgets.pictures import gray, paint_strokes, png

EXAMPLE = [[(7.0, 8.0), (13.0, 7.5), (20.0, 7.0), (16.0, 14.0), (12.5, 23.0)]]  # a 7


def center_digit(ink):
    """Bring a picture of a digit into MNIST's form.

    The ink is cropped, scaled to fit 20 by 20 pixels with its proportions kept, and
    put into 28 by 28 with its center of mass at pixel (14, 14), counted from 0.

    Args:
        ink: (height, width), 0 for paper and 1 for ink.

    Returns:
        (28, 28, 1), float32 in [0, 1].

    Raises:
        ValueError: there is no ink, or a value is not finite.

    Source: LeCun et al. 1998, section III.A; shown in lab 00.
    """
    ink = np.asarray(ink, "float32")
    if ink.ndim != 2 or not np.isfinite(ink).all():
        raise ValueError(f"ink must be finite and 2-D. Received: shape {ink.shape}.")
    rows, columns = (np.flatnonzero((ink > 0).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise ValueError("there is no ink in the picture: draw a digit first.")
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = 20 / max(crop.shape)
    height, width = (max(1, round(scale * side)) for side in crop.shape)
    image = Image.fromarray(crop).resize((width, height), Image.BOX)
    small = np.clip(np.asarray(image), 0, 1)
    y, x = np.indices(small.shape)
    mass = small.sum()
    top = round(14 - (y * small).sum() / mass)
    left = round(14 - (x * small).sum() / mass)
    top, left = min(max(top, 0), 28 - height), min(max(left, 0), 28 - width)
    digit = np.zeros((28, 28), "float32")
    digit[top : top + height, left : left + width] = small
    return digit[..., None]


@says_what_is_wrong
def draw_digit(vae, images, labels=None):
    """Return a widget: draw a digit and see what the model makes of it.

    It shows the drawing in MNIST's form, its q(z given x) on the plane (the ellipse
    of 2 standard deviations), five draws of z decoded, and its negative ELBO beside
    those of `images`. Draw with mouse or finger, or with the arrow keys: Space puts
    the pen down and lifts it, Delete clears. It starts with an example, a 7.

    Args:
        vae: model with an encoder and a decoder of latent_dim 2.
        images: (n, 28, 28, 1) in [0, 1], to compare with.
        labels: (n,), ints 0 to 9, or None.

    Source: labs 00 and 05.
    """
    decode = plane_decoder(vae.decoder)
    images = digits_of(images)
    reconstruction, z_mean, z_log_var = vae.predict(images, verbose=0)
    z_mean, labels = plane_codes(z_mean, labels)
    usual = _negative_elbo(images, reconstruction, z_mean, z_log_var)
    draw, note = draw_codes(decode, z_mean, labels)
    epsilon = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")
    sketch = Sketch(label="drawing area: draw a digit", strokes=EXAMPLE)
    clear = Button(label="Clear")
    seen = Picture(label="your digit in MNIST's form", scale=9)
    plane = painted_pad(
        "your digit's posterior on the latent plane", draw, still=True, size=(252, 252)
    )
    samples = Picture(label="five draws of z, decoded", scale=4)
    top = float(np.percentile(usual, 99.5)) + 60
    spread = painted_pad(
        "its negative ELBO among those of the held-out digits",
        _histogram(usual, top),
        ends=((0, 0), (top, 1)),
        still=True,
        size=(640, 110),
        axes=("negative ELBO (nats)", ""),
    )

    def update():
        if clear.clicks != update.cleared:
            update.cleared, sketch.strokes = clear.clicks, []
        if not sketch.strokes:
            seen.value = png(gray(np.zeros((28, 28))))
            samples.value = png(gray(np.zeros((28, 140))))
            plane.ellipses, plane.points, spread.lines = [], [], []
            return f"Draw a digit: the area is empty. {note}"
        ink = 1 - np.asarray(paint_strokes(sketch)) / 255
        image = center_digit(ink)
        mean, log_var = (part[0] for part in vae.encoder.predict_on_batch(image[None]))
        z = mean + np.exp(0.5 * log_var) * epsilon
        digits = decode(z)
        copies = [
            np.repeat(part[None], len(z), axis=0) for part in (image, mean, log_var)
        ]
        strange = _negative_elbo(copies[0], digits[..., None], *copies[1:]).mean()
        seen.value = png(gray(image[..., 0]))
        samples.value = png(gray(np.hstack(digits[:5])))
        plane.ellipses = [("solid", *map(float, (*mean, *2 * np.exp(0.5 * log_var))))]
        plane.points = z[:5].tolist()
        at = min(float(strange), 0.995 * top)
        spread.lines = [("solid", [(at, 0.0), (at, 1.0)])]
        beyond = " (beyond the right end)" if strange > top else ""
        below, n = int(np.sum(usual < strange)), len(usual)
        return (
            f"z_mean ({mean[0]:.2f}, {mean[1]:.2f}){vote(z_mean, labels, mean)}. "
            f"Negative ELBO {strange:.0f} nats{beyond}: stranger than "
            f"{'all' if below == n else below} of the {n} held-out digits. {note}"
        )

    update.cleared = 0
    parts = dict(sketch=sketch, clear=clear, seen=seen, plane=plane)
    parts |= dict(samples=samples, spread=spread)
    rows = [[sketch, seen, plane], [clear, samples], [spread]]
    caption = "A place to draw a digit, and what the model makes of it."
    return Explorer(rows, update, caption, **parts)


def vote(z, labels, mean, k=15):
    """Return which class most of the nearest codes have, as words."""
    if labels is None or len(z) < k:
        return ""
    near = labels[np.argsort(np.linalg.norm(z - mean, axis=1))[:k]]
    digit = np.bincount(near).argmax()
    return f": of the {k} nearest codes {np.sum(near == digit)} are {digit}s"


def _negative_elbo(images, reconstruction, z_mean, z_log_var):
    """Return reconstruction_loss + kl_loss, (n,), in nats."""
    cost = reconstruction_loss(images, reconstruction) + kl_loss(z_mean, z_log_var)
    return ops.convert_to_numpy(cost)


def _histogram(values, top):
    """Return what draws the histogram of values from 0 to top."""
    counts, edges = np.histogram(values, bins=60, range=(0, top))

    def draw(ax):
        ax.stairs(counts / counts.max() * 0.9, edges, fill=True, color="silver")
        ax.set_yticks([])

    return draw
