"""What all explorers are: parts in rows, a line of text, a picture without a kernel."""

import base64
import functools

import ipywidgets
import numpy as np

from vae_lab.widgets import traits
from vae_lab.widgets.parts import Line, Pad
from vae_lab.widgets.pictures import (
    enlarged,
    lay_out,
    paint_pad,
    paint_plane,
    paint_strokes,
    png,
    sentence,
)

ENDS = (-4.0, -4.0), (4.0, 4.0)  # of the latent plane, in prior std
VIEW = "application/vnd.jupyter.widget-view+json"


class Explorer(ipywidgets.VBox):
    """A widget made of parts, each an attribute; the state is in their traits.

    Where no kernel runs, its output is a picture of its first state.

    Args:
        rows: lists of parts, one list for each row.
        update: function without arguments: shows the state of the controls and
            returns the sentence for `line`.
        caption: the output's fixed text.
        parts: name -> part, the attributes.
    """

    _ipython_display_ = None  # ipywidgets 7 would show its view alone

    def __init__(self, rows, update, caption, **parts):
        super().__init__()
        self.line = Line(label="what the widget shows")
        self.update, self.caption, self.rows = update, caption, rows
        self.parts = {**parts, "line": self.line}
        for name, part in parts.items():
            setattr(self, name, part)
        self.refresh()
        for part in parts.values():
            names = {"xy", "value", "clicks", "strokes", "problem"}
            shown = isinstance(part, (traits.PictureTraits, traits.BarTraits))
            if not shown:
                part.observe(self.refresh, list(names & set(part.trait_names())))
        boxes = [ipywidgets.HBox(row) if len(row) > 1 else row[0] for row in rows]
        for box in boxes:
            if len(getattr(box, "children", ())) > 1:
                box.layout.flex_flow = "row wrap"
        self.children = [*boxes, self.line]

    def refresh(self, change=None):
        """Show the state of the controls, and say what was wrong with the last one."""
        text = self.update()
        problem = getattr(change.owner, "problem", "") if change else ""
        self.line.value = f"{problem} {text}".strip()

    def snapshot(self):
        """Return a picture of the present state, a Pillow image."""
        rows = [[_image(part) for part in row] for row in self.rows]
        rows = [[image for image in row if image is not None] for row in rows]
        return lay_out([row for row in rows if row] or [[sentence(self.line.value)]])

    def _repr_mimebundle_(self, **kwargs):
        picture = base64.b64encode(png(self.snapshot(), colors=64)).decode()
        view = dict(version_major=2, version_minor=0, model_id=self.model_id)
        return {"text/plain": self.caption, "image/png": picture, VIEW: view}

    def close(self):
        """Take the widget off the page and let go of all that it held."""
        self.update = lambda: ""
        boxes = [box for box in self.children if not isinstance(box, traits.Part)]
        for widget in [*self.parts.values(), *boxes]:
            traits.close_all(widget)
        self.children = ()
        traits.close_all(self)


def _image(part):
    if isinstance(part, traits.PadTraits):
        return paint_pad(part)
    if isinstance(part, traits.SketchTraits):
        return paint_strokes(part)
    if isinstance(part, traits.PictureTraits) and part.value:
        return enlarged(part)
    return None


def says_what_is_wrong(build):
    """Make a builder answer bad input with a widget that shows the sentence."""

    @functools.wraps(build)
    def builder(*args, **kwargs):
        try:
            return build(*args, **kwargs)
        except ValueError as error:
            text = f"{build.__name__}: {error}"
            return Explorer([], lambda: text, text)

    return builder


def painted_pad(label, draw, ends=ENDS, still=False, **state):
    """Return a pad with its background painted.

    Args:
        label: str, its accessible name.
        draw: function that draws the background on the Axes it is given.
        ends: the lower left and the upper right corner.
        still: whether it only shows, without a point to move.
        state: further traits, such as `size` and `axes`.
    """
    low, high = (tuple(map(float, end)) for end in ends)
    state |= dict(label=label, low=low, high=high, movable=not still, marker=not still)
    pad = Pad(**state)
    pad.background = paint_plane(low, high, draw, pad.size, pad.axes)
    return pad


def draw_prior(ax):
    """Draw the prior: dotted circles of radius 1 and 2 standard deviations."""
    turn = np.linspace(0, 2 * np.pi, 100)
    for radius in (1, 2):
        ax.plot(radius * np.cos(turn), radius * np.sin(turn), ":", color="gray")


def plane_decoder(decoder):
    """Return a fast function from points of the plane to digits (n, 28, 28).

    It takes (2,) or (n, 2). The call is compiled, once for each n.

    Raises:
        ValueError: the decoder's z has not two numbers.
    """
    latent_dim = decoder.input_shape[-1]
    if latent_dim != 2:
        raise ValueError(
            "this widget moves a point on a plane, so it needs latent_dim 2. "
            f"Received: a decoder of latent_dim {latent_dim}."
        )

    def decode(z):
        z = np.reshape(np.asarray(z, "float32"), (-1, 2))
        return decoder.predict_on_batch(z)[..., 0]

    return decode


def plane_codes(z, labels):
    """Return codes (n, 2) and their labels (n,) or None, checked."""
    z = np.asarray(z, "float32")
    if z.ndim != 2 or z.shape[1] != 2 or not len(z):
        raise ValueError(
            "this widget draws codes on a plane, so it needs an array (n, 2), n >= 1. "
            f"Received: {z.shape}."
        )
    if not np.isfinite(z).all():
        bad = (~np.isfinite(z)).any(axis=1).sum()
        raise ValueError(f"{bad} of the {len(z)} codes are not finite numbers.")
    labels = None if labels is None else np.asarray(labels)
    if labels is not None and labels.shape != z.shape[:1]:
        raise ValueError(
            f"each of the {len(z)} codes needs one label. Received: {labels.shape}."
        )
    return z, labels


def digits_of(images):
    """Return images (n, 28, 28, 1), checked."""
    images = np.asarray(images, "float32")
    if images.shape[1:] != (28, 28, 1) or not len(images):
        raise ValueError(
            "the images must be an array (n, 28, 28, 1), n >= 1. "
            f"Received: {images.shape}."
        )
    return images


def name_images(labels, n):
    """Return a name for each of n images, with its label if there are any."""
    if labels is None:
        return [f"image {i}" for i in range(n)]
    return [f"image {i}, a {labels[i]}" for i in range(n)]


def note_on(digits):
    """Return a sentence if digits, (n, 28, 28), from all over the plane look wrong."""
    if not np.isfinite(digits).all():
        return "The decoder's pictures hold numbers that are not finite: train it anew."
    if np.ptp(digits, axis=0).max() < 0.3:
        return "The decoder draws the same all over the plane: is it trained?"
    return ""
