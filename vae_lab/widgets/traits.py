"""The state of the parts that widgets are made of, whatever shows it.

A part's traits are all that a program needs: set `pad.xy`, read `picture.value`.
"""

import math

import ipywidgets
from traitlets import (
    Bool,
    Bytes,
    Float,
    HasTraits,
    Int,
    List,
    Tuple,
    Unicode,
    validate,
)


def _pair(trait, value):
    return Tuple(trait(), trait(), default_value=value).tag(
        sync=True, echo_update=False
    )


def within(values, low, high, before):
    """Return numbers moved into [low, high], and a sentence if they had to be.

    If one of them is not finite, `before` is returned.
    """
    for value in values:
        if not math.isfinite(value):
            return before, f"A position must be a finite number, and {value} is none."
    inside = tuple(map(min, high, map(max, low, values)))
    for value, at, first, last in zip(values, inside, low, high):
        if value != at:
            return inside, f"{value:.2f} is outside {first:.2f} to {last:.2f}."
    return inside, ""


class Part(HasTraits):
    """What every part has: its accessible name, and its last complaint."""

    kind = Unicode().tag(sync=True)
    label = Unicode().tag(sync=True)
    problem = Unicode()  # why the last value was not taken as it came, or ""
    sound = None  # the last value that was


class PadTraits(Part):
    """A plane with a point to move: `xy`, in the units of its two axes.

    A coordinate that is not finite leaves `xy` as it was; one outside the plane is
    moved to the edge. `problem` says so.
    """

    kind = Unicode("pad").tag(sync=True)
    xy = _pair(Float, (0.0, 0.0))
    home = _pair(Float, (0.0, 0.0))
    low = _pair(Float, (-3.0, -3.0))
    high = _pair(Float, (3.0, 3.0))
    axes = _pair(Unicode, ("z[0]", "z[1]"))
    size = _pair(Int, (336, 336))  # pixels: width, height
    background = Bytes().tag(sync=True)  # PNG
    movable = Bool(True).tag(sync=True)
    marker = Bool(True).tag(sync=True)
    points = List().tag(sync=True)  # of (x, y)
    lines = List().tag(sync=True)  # of (style, [(x, y), ...])
    ellipses = List().tag(sync=True)  # of (style, x, y, radius of x, radius of y)

    @validate("xy")
    def _keep_inside(self, proposal):
        before = self.sound or self.home
        found = within(proposal.value, self.low, self.high, before)
        self.sound, self.problem = found
        return self.sound


class SliderTraits(Part):
    """A number between `low` and `high`; `names` may name its whole values."""

    kind = Unicode("slider").tag(sync=True)
    value = Float(0.0).tag(sync=True)
    low = Float(0.0).tag(sync=True)
    high = Float(1.0).tag(sync=True)
    step = Float(0.01).tag(sync=True)
    names = List().tag(sync=True)

    @validate("value")
    def _keep_inside(self, proposal):
        ends = (self.low,), (self.high,)
        before = self.sound or ends[0]
        self.sound, self.problem = within((proposal.value,), *ends, before)
        return self.sound[0]


class ToggleTraits(Part):
    """A switch: `value` is True or False."""

    kind = Unicode("toggle").tag(sync=True)
    value = Bool(False).tag(sync=True)


class ButtonTraits(Part):
    """A button: `clicks` counts."""

    kind = Unicode("button").tag(sync=True)
    clicks = Int(0).tag(sync=True)
    enabled = Bool(True).tag(sync=True)


class SketchTraits(Part):
    """A drawing: `strokes`, each a list of points (x, y), 28 units wide and high."""

    kind = Unicode("sketch").tag(sync=True)
    strokes = List(List(Tuple(Float(), Float()))).tag(sync=True)
    width = Float(2.2).tag(sync=True)  # of the pen

    @validate("strokes")
    def _keep_on_paper(self, proposal):
        strokes = [stroke for stroke in proposal.value if stroke]
        numbers = [number for stroke in strokes for at in stroke for number in at]
        if not all(math.isfinite(number) for number in numbers):
            self.problem = "A stroke's points must be finite numbers."
            return self.sound or []
        edge = (0.0, 0.0), (28.0, 28.0)
        self.problem = ""
        self.sound = [[within(at, *edge, at)[0] for at in stroke] for stroke in strokes]
        return self.sound


class EntryTraits(Part):
    """A line to type a number into: `value`, up to `limit` digits, or none.

    Anything else leaves `value` as it was, and `problem` says so.
    """

    kind = Unicode("entry").tag(sync=True)
    value = Unicode().tag(sync=True)
    limit = Int(10).tag(sync=True)

    @validate("value")
    def _keep_digits(self, proposal):
        self.problem = ""
        foreign = sorted(set(proposal.value) - set("0123456789"))
        if foreign:
            self.problem = f"{foreign[0]!r} is no digit: type 0 to 9 and nothing else."
        elif len(proposal.value) > self.limit:
            self.problem = f"There is room for {self.limit} digits, no more."
        self.sound = (self.sound or "") if self.problem else proposal.value
        return self.sound


class PictureTraits(Part):
    """An image: `value` is its PNG, shown `scale` times as wide and as high.

    Pixels stay small on their way to the browser, which soon shows the next ones.
    """

    kind = Unicode("picture").tag(sync=True)
    value = Bytes().tag(sync=True)
    scale = Int(1).tag(sync=True)


class LineTraits(Part):
    """A line of text, which a screen reader reads when it changes."""

    kind = Unicode("line").tag(sync=True)
    value = Unicode().tag(sync=True)


class BarTraits(Part):
    """How far something is: `value` of `high`."""

    kind = Unicode("bar").tag(sync=True)
    value = Float(0.0).tag(sync=True)
    high = Float(1.0).tag(sync=True)


def close_all(widget):
    """Close a widget with its layout, its style and all in it that is no part."""
    for child in getattr(widget, "children", ()):
        if not isinstance(child, Part):
            close_all(child)
    widget.unobserve_all()
    looks = [getattr(widget, name, None) for name in ("layout", "style")]
    for model in [widget, *filter(None, looks)]:
        ipywidgets.Widget.close(model)
