"""The parts that widgets are made of: a pad, sliders, pictures, a line of text.

With anywidget each is drawn by `parts.js`: it works by mouse, touch and keyboard and
has an accessible name. Where anywidget is missing, `plain.py` makes them of ipywidgets.
"""

from pathlib import Path

from vae_lab.widgets import traits

try:
    import anywidget
except ImportError:
    from vae_lab.widgets.plain import (
        Bar,
        Button,
        Entry,
        Line,
        Pad,
        Picture,
        Sketch,
        Slider,
        Toggle,
    )
else:

    class Live(anywidget.AnyWidget):
        """A part that the browser draws."""

        _esm = Path(__file__).with_name("parts.js").read_text(encoding="utf-8")
        _css = Path(__file__).with_name("parts.css").read_text(encoding="utf-8")

    class Pad(traits.PadTraits, Live):
        """See `traits.PadTraits`."""

    class Slider(traits.SliderTraits, Live):
        """See `traits.SliderTraits`."""

    class Toggle(traits.ToggleTraits, Live):
        """See `traits.ToggleTraits`."""

    class Button(traits.ButtonTraits, Live):
        """See `traits.ButtonTraits`."""

    class Sketch(traits.SketchTraits, Live):
        """See `traits.SketchTraits`."""

    class Entry(traits.EntryTraits, Live):
        """See `traits.EntryTraits`."""

    class Picture(traits.PictureTraits, Live):
        """See `traits.PictureTraits`."""

    class Line(traits.LineTraits, Live):
        """See `traits.LineTraits`."""

    class Bar(traits.BarTraits, Live):
        """See `traits.BarTraits`."""
