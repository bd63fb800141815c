"""The parts without anywidget: ipywidgets' own controls, and pictures for the rest."""

import ipywidgets

from vae_lab.widgets import traits
from vae_lab.widgets.pictures import enlarged, paint_pad, paint_strokes, png


def _join(part, control, name="value"):
    """Keep a control's value and a part's trait equal, in both directions."""

    def to_part(change):
        if change.new != getattr(part, name):
            setattr(part, name, change.new)
            control.value = getattr(part, name)  # the part may have corrected it

    control.observe(to_part, "value")
    part.observe(lambda change: setattr(control, "value", change.new), name)


class Line(traits.LineTraits, ipywidgets.VBox):
    """See `traits.LineTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        text = ipywidgets.Label(self.value)
        self.observe(lambda change: setattr(text, "value", change.new), "value")
        self.children = [text]


class Picture(traits.PictureTraits, ipywidgets.VBox):
    """See `traits.PictureTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        image = ipywidgets.Image(value=png(enlarged(self)) if self.value else b"")
        self.observe(lambda _: setattr(image, "value", png(enlarged(self))), "value")
        self.children = [image]


class Slider(traits.SliderTraits, ipywidgets.VBox):
    """See `traits.SliderTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        ends = dict(min=self.low, max=self.high, step=self.step)
        control = ipywidgets.FloatSlider(self.value, description=self.label, **ends)
        control.style.description_width = "initial"
        _join(self, control)
        self.children = [control]


class Toggle(traits.ToggleTraits, ipywidgets.VBox):
    """See `traits.ToggleTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        control = ipywidgets.Checkbox(self.value, description=self.label)
        _join(self, control)
        self.children = [control]


class Button(traits.ButtonTraits, ipywidgets.VBox):
    """See `traits.ButtonTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        control = ipywidgets.Button(description=self.label)
        control.on_click(lambda _: setattr(self, "clicks", self.clicks + 1))
        self.observe(lambda at: setattr(control, "disabled", not at.new), "enabled")
        self.children = [control]


class Entry(traits.EntryTraits, ipywidgets.VBox):
    """See `traits.EntryTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        control = ipywidgets.Text(self.value, description=self.label)
        control.style.description_width = "initial"
        _join(self, control)
        self.children = [control]


class Bar(traits.BarTraits, ipywidgets.VBox):
    """See `traits.BarTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        control = ipywidgets.FloatProgress(self.value, max=self.high)
        self.observe(lambda change: setattr(control, "max", change.new), "high")
        self.observe(lambda change: setattr(control, "value", change.new), "value")
        self.children = [control]


class _Drawn(ipywidgets.VBox):
    """A part of two sliders for a point, and a picture that is drawn anew."""

    def _build(self, low, high, names, at, draw, *more):
        self.sliders = [
            ipywidgets.FloatSlider(
                at[i], min=low[i], max=high[i], step=(high[i] - low[i]) / 120,
                description=names[i],
            )
            for i in range(2)
        ]  # fmt: skip
        self.image = ipywidgets.Image(value=png(draw(self)))
        self.children = [self.image, *self.sliders, *more]

    def _at(self):
        return tuple(slider.value for slider in self.sliders)


class Pad(traits.PadTraits, _Drawn):
    """See `traits.PadTraits`."""

    def __init__(self, **state):
        super().__init__(**state)
        self._build(self.low, self.high, self.axes, self.xy, paint_pad)
        self.observe(self._leave_out, "movable")
        self._leave_out()
        for slider in self.sliders:
            slider.observe(lambda _: setattr(self, "xy", self._at()), "value")
        shown = ["xy", "background", "points", "lines", "ellipses", "marker"]
        self.observe(self._show, shown)

    def _leave_out(self, change=None):
        """Show no sliders where there is no point to move."""
        if not self.movable:
            self.children = [self.image]
            for slider in self.sliders:
                traits.close_all(slider)
            self.sliders = []

    def _show(self, change):
        if change.name == "xy":
            for slider, value in zip(self.sliders, change.new):
                slider.unobserve_all("value")
                slider.value = value
                slider.observe(lambda _: setattr(self, "xy", self._at()), "value")
        self.image.value = png(paint_pad(self))


class Sketch(traits.SketchTraits, _Drawn):
    """See `traits.SketchTraits`. Two sliders move the pen; a box puts it down."""

    def __init__(self, **state):
        super().__init__(**state)
        self.down = ipywidgets.Checkbox(description="pen down")
        ends = (0.0, 0.0), (28.0, 28.0)
        names = "from the left", "from the top"
        self._build(*ends, names, (14.0, 14.0), paint_strokes, self.down)
        for slider in self.sliders:
            slider.observe(self._draw, "value")
        self.down.observe(self._draw, "value")
        self.observe(self._show, "strokes")

    def _draw(self, change):
        if self.down.value:
            new = change.owner is self.down or not self.strokes
            strokes = self.strokes + [[]] if new else self.strokes
            self.strokes = [*strokes[:-1], [*strokes[-1], self._at()]]

    def _show(self, change):
        self.image.value = png(paint_strokes(self))
