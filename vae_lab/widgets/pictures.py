"""Small pictures, fast: pixels through Pillow, planes painted once by Matplotlib."""

import io

import numpy as np
from PIL import Image, ImageDraw

BELOW, ABOVE = (255, 255, 255), (0, 0, 0)  # a light edge under each dark line


def png(image, colors=None):
    """Return a Pillow image as PNG bytes, with a palette of `colors` if given."""
    if colors:
        image = image.convert("RGB").quantize(colors, method=Image.Quantize.FASTOCTREE)
    stored = io.BytesIO()
    image.save(stored, "png", compress_level=1)
    return stored.getvalue()


def gray(values):
    """Return an image of values in [0, 1], (height, width): 0 is paper, 1 is ink."""
    ink = np.clip(np.nan_to_num(np.asarray(values, "float32")), 0, 1)
    return Image.fromarray((255.5 - 255 * ink).astype("uint8"))


def enlarged(part):
    """Return what a picture part shows, an image, each pixel `scale` wide and high."""
    image = Image.open(io.BytesIO(part.value))
    return image.resize((image.width * part.scale, image.height * part.scale), 0)


def montage(tiles, columns, gap=1):
    """Lay tiles, (n, height, width) in [0, 1], out in rows, with gray gaps."""
    n, height, width = tiles.shape
    spaces = -n % columns
    framed = np.full((n + spaces, height + gap, width + gap), 0.4, "float32")
    framed[:n, :height, :width] = tiles
    rows = framed.reshape(-1, columns, height + gap, width + gap)
    return rows.transpose(0, 2, 1, 3).reshape(-1, columns * (width + gap))


def paint_plane(low, high, draw, size, axes):
    """Paint a plane from edge to edge with ticks inside, and return its PNG.

    Args:
        low, high: (2,), the lower left and the upper right corner.
        draw: function that draws on the Axes it is given.
        size: width and height in pixels.
        axes: the names of the axes.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(size[0] / 100, size[1] / 100), layout="none")
    ax = figure.add_axes((0, 0, 1, 1))
    draw(ax)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="auto")
    ax.set(xlabel="", ylabel="", title="")
    for axis, pad in [("x", -13), ("y", -6)]:  # ticks inside, none in the corners
        ax.tick_params(axis=axis, direction="in", labelsize=8, pad=pad, zorder=5)
        ticks = getattr(ax, f"get_{axis}ticks")()
        first, last = getattr(ax, f"get_{axis}lim")()
        share = (ticks - first) / (last - first)
        getattr(ax, f"set_{axis}ticks")(ticks[(share > 0.06) & (share < 0.94)])
    for label in ax.get_yticklabels():  # clear of its tick, which looks like a minus
        label.set_horizontalalignment("left")
    note = dict(fontsize=9, transform=ax.transAxes, backgroundcolor="#ffffffb0")
    ax.text(0.98, 24 / size[1], axes[0], ha="right", va="bottom", **note)
    ax.text(34 / size[0], 0.98, axes[1], ha="left", va="top", **note)
    stored = io.BytesIO()
    figure.savefig(stored, format="png", dpi=100)
    return png(Image.open(stored), colors=64)


def paint_pad(pad):
    """Return a pad's background with its shapes and its marker, as `parts.js` does."""
    image = Image.new("RGB", pad.size, BELOW)
    if pad.background:
        image.paste(Image.open(io.BytesIO(pad.background)))
    draw = ImageDraw.Draw(image)
    scale = np.divide(pad.size, np.subtract(pad.high, pad.low))

    def place(x, y):
        return (x - pad.low[0]) * scale[0], (pad.high[1] - y) * scale[1]

    def ring(x, y, rx, ry, width):
        box = [x - rx, y - ry, x + rx, y + ry]
        draw.ellipse(box, outline=BELOW, width=width + 2)
        draw.ellipse(box, outline=ABOVE, width=width)

    for point in pad.points:
        x, y = place(*point)
        draw.ellipse([x - 2, y - 2, x + 2, y + 2], fill=ABOVE, outline=BELOW)
    for _, points in pad.lines:
        path = [place(*point) for point in points]
        draw.line(path, fill=BELOW, width=5)
        draw.line(path, fill=ABOVE, width=2)
    for _, x, y, x_std, y_std in pad.ellipses:
        ring(*place(x, y), *(np.array([x_std, y_std]) * scale), 2)
    if pad.marker:
        ring(*place(*pad.xy), 8, 8, 3)
    return image


def paint_strokes(sketch, size=280):
    """Draw a sketch's strokes, black on white, (size, size)."""
    image = Image.new("L", (size, size), 255)
    draw = ImageDraw.Draw(image)
    unit = size / 28
    radius = sketch.width * unit / 2
    for stroke in sketch.strokes:
        points = [(x * unit, y * unit) for x, y in stroke]
        draw.line(points, fill=0, width=round(2 * radius), joint="curve")
        for x, y in points:  # round ends
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    return image


def lay_out(rows, gap=10):
    """Put rows of images on one white sheet."""
    width = max(sum(image.width + gap for image in row) for row in rows)
    height = sum(max(image.height for image in row) + gap for row in rows)
    sheet = Image.new("RGB", (width, height), BELOW)
    edge = ImageDraw.Draw(sheet)
    top = 0
    for row in rows:
        left = 0
        for image in row:
            sheet.paste(image, (left, top))
            corner = left + image.width - 1, top + image.height - 1
            edge.rectangle([(left, top), corner], outline=(160, 160, 160))
            left += image.width + gap
        top += max(image.height for image in row) + gap
    return sheet


def sentence(text, width=560):
    """Return a picture of a sentence."""
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 84:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    image = Image.new("RGB", (width, 18 * len(lines) + 12), BELOW)
    ImageDraw.Draw(image).text((6, 6), "\n".join(lines), fill=ABOVE)
    return image
