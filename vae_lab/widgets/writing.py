"""Digits asked for, in a handwriting chosen on the plane. Lab 11."""

import functools

import numpy as np

from vae_lab.widgets.explorer import (
    ENDS,
    Explorer,
    painted_pad,
    says_what_is_wrong,
)
from vae_lab.widgets.latent import draw_codes
from vae_lab.widgets.parts import Entry, Picture
from vae_lab.widgets.pictures import gray, paint_plane, png


@says_what_is_wrong
def write_digits(decoder, number="2357"):
    """Return a widget: type a number, choose a handwriting, and see it written.

    Each digit is the label, and the point of the plane is the z of all of them. The
    plane shows how the number's first digit is written all over it. Drag the point,
    or step it with the arrow keys (with Shift in larger steps; Home leads to the
    origin).

    Args:
        decoder: model from `[z, labels]`, (n, 2) and (n,), ints 0 to 9, to
            (n, 28, 28, 1).
        number: str, up to 10 digits, what stands there at first.

    Source: the sheet of lab 11; Kingma et al. 2014, figure 1.
    """
    write = _label_decoder(decoder)
    entry = Entry(label="number to write", value=str(number))
    if entry.problem:
        raise ValueError(entry.problem)

    @functools.cache
    def plane(label):
        """How one class is written all over the plane, a PNG, and a note on it."""
        digits = functools.partial(write, labels=label)
        draw, note = draw_codes(digits, np.zeros((0, 2)), None, tiles=11)
        return paint_plane(*ENDS, draw, pad.size, pad.axes), note

    ten = write(np.zeros(2), np.arange(10))
    deaf = np.ptp(ten, axis=0).max() < 0.3
    warning = "It draws the same whatever the label." if deaf else ""
    pad = painted_pad("handwriting", lambda ax: None)
    written = Picture(label="the number, written", scale=3)

    def update():
        typed = [int(digit) for digit in entry.value]
        # Always as many as there is room for: one compiled call.
        labels = np.resize(typed or [0], entry.limit)
        digits = write(pad.xy, labels)
        x, y = pad.xy
        if not typed:
            written.value = png(gray(np.zeros((28, 28))))
            return f"Type a number. z = ({x:.2f}, {y:.2f})."
        pad.background, note = plane(typed[0])
        written.value = png(gray(np.hstack(digits[: len(typed)])))
        return (
            f"{entry.value}, all at z = ({x:.2f}, {y:.2f}). The plane shows the "
            f"{typed[0]}s. {note} {warning}".strip()
        )

    parts = dict(number=entry, pad=pad, written=written)
    caption = "A number to type, a plane of handwritings, and the number written."
    return Explorer([[entry], [pad], [written]], update, caption, **parts)


def _label_decoder(decoder):
    """Return a fast function from points and labels to digits (n, 28, 28).

    A single point or a single label stands for all n.

    Raises:
        ValueError: the decoder takes something else, or its z has not two numbers.
    """
    shapes = decoder.input_shape
    if not isinstance(shapes, list) or [len(shape) for shape in shapes] != [2, 1]:
        raise ValueError(
            "this widget asks for digits by their label, so it needs a decoder of "
            f"[z, labels], (n, 2) and (n,). Received: a decoder of {shapes}."
        )
    latent_dim = shapes[0][1]
    if latent_dim != 2:
        raise ValueError(
            "this widget moves a point on a plane, so it needs latent_dim 2. "
            f"Received: a decoder of latent_dim {latent_dim}."
        )

    def write(z, labels):
        z, labels = np.atleast_2d(np.float32(z)), np.atleast_1d(np.int32(labels))
        n = max(len(z), len(labels))
        inputs = [np.resize(z, (n, 2)), np.resize(labels, n)]
        return decoder.predict_on_batch(inputs)[..., 0]

    return write
