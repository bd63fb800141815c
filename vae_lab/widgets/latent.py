"""Points and paths on the latent plane: labs 00, 01 and 07."""

import numpy as np
from scipy.stats import norm

from vae_lab.figures import plot_codes
from vae_lab.widgets.explorer import (
    ENDS,
    Explorer,
    digits_of,
    name_images,
    note_on,
    painted_pad,
    plane_codes,
    plane_decoder,
    says_what_is_wrong,
)
from vae_lab.widgets.parts import Picture, Slider
from vae_lab.widgets.pictures import gray, montage, png


@says_what_is_wrong
def explore_latent_space(decoder, z, labels=None):
    """Return a widget: move a point over the latent plane and see it decoded.

    Drag the point, or step it with the arrow keys (with Shift in larger steps; Home
    leads to the origin).

    Args:
        decoder: model from (n, 2) to (n, 28, 28, 1).
        z: (n, 2), codes to draw on the plane, in prior standard deviations.
        labels: (n,), ints 0 to 9, or None.

    Source: the manifold of lab 07.
    """
    z, labels = plane_codes(z, labels)
    decode = plane_decoder(decoder)
    caption = "A point to move over the latent plane, and the digit it decodes to."
    return _explore(decode, z, labels, caption)


@says_what_is_wrong
def explore_codes(decoder, codes, labels=None):
    """Return a widget: move a point among the codes of a plain autoencoder.

    As `explore_latent_space`, but the plane reaches as far as the codes do, and the
    point starts at the median code.

    Args:
        decoder: model from (n, 2) to (n, 28, 28, 1).
        codes: (n, 2), in whatever unit the encoder chose.
        labels: (n,), ints 0 to 9, or None.

    Source: the holes of lab 01.
    """
    codes, labels = plane_codes(codes, labels)
    decode = plane_decoder(decoder)
    low, high = codes.min(axis=0), codes.max(axis=0)
    margin = 0.05 * np.maximum(high - low, 1e-3)
    ends = tuple((low - margin).tolist()), tuple((high + margin).tolist())
    home = tuple(np.median(codes, axis=0).tolist())
    caption = "A point to move among the codes, and what it decodes to."
    return _explore(decode, codes, labels, caption, ends, home, manifold=False)


def _explore(decode, z, labels, caption, ends=ENDS, home=(0.0, 0.0), manifold=True):
    """Put a pad and a picture of the decoded digit side by side."""
    draw, note = draw_codes(decode, z, labels, ends, manifold)
    pad = painted_pad("latent plane", draw, ends, xy=home, home=home)
    digit = Picture(label="the decoded digit", scale=12)

    def update():
        digit.value = png(gray(decode(pad.xy)[0]))
        distances = np.hypot(*(z - pad.xy).T)
        nearest = distances.argmin()
        name = "no labels given" if labels is None else f"a {labels[nearest]}"
        x, y = pad.xy
        return (
            f"z = ({x:.2f}, {y:.2f}). Nearest code: {name}, "
            f"{distances[nearest]:.2f} away. {note}"
        )

    return Explorer([[pad, digit]], update, caption, pad=pad, digit=digit)


def draw_codes(decode, z, labels, ends=ENDS, manifold=True, tiles=15):
    """Return what draws the codes over the dimmed manifold, and a note on it."""
    steps = np.linspace(*ends, 2 * tiles + 1)[1::2]  # middles of equal tiles
    z_0, z_1 = np.meshgrid(steps[:, 0], steps[::-1, 1])
    digits = decode(np.stack([z_0.ravel(), z_1.ravel()], axis=1))
    canvas = montage(np.nan_to_num(digits), tiles, gap=0)
    edges = [ends[0][0], ends[1][0], ends[0][1], ends[1][1]]

    def draw(ax):
        if manifold:
            ax.imshow(canvas, extent=edges, vmin=0, vmax=1, alpha=0.3, cmap="gray_r")
        if labels is None:
            ax.scatter(*z.T, s=6, color="gray", alpha=0.6, linewidths=0)
        else:
            plot_codes(z, labels, ax=ax)

    return draw, note_on(digits)


@says_what_is_wrong
def morph(vae, images, labels=None):
    """Return a widget: walk between the codes of two digits, along two paths.

    One path is straight on the plane, the other straight in the prior's probability,
    coordinate by coordinate: norm.ppf of a line between the norm.cdf of the ends.

    Args:
        vae: model with an encoder and a decoder of latent_dim 2.
        images: (n, 28, 28, 1) in [0, 1], to choose from; the first 200 are used.
        labels: (n,), ints 0 to 9, or None.

    Source: the two walks of lab 07.
    """
    decode = plane_decoder(vae.decoder)
    images = digits_of(images)[:200]
    z, _ = vae.encoder.predict(images, verbose=0)
    z, labels = plane_codes(z, None if labels is None else labels[:200])
    names = name_images(labels, len(z))
    choice = dict(high=len(z) - 1, step=1, names=names)
    start = Slider(label="from", value=0, **choice)
    end = Slider(label="to", value=min(1, len(z) - 1), **choice)
    share = Slider(label="share of the way", value=0.5)
    draw, note = draw_codes(decode, z, labels)
    pad = painted_pad("the two paths on the latent plane", draw, still=True)
    straight = Picture(label="the digit on the straight path", scale=8)
    quantile = Picture(label="the digit on the quantile path", scale=8)
    t = np.linspace(0, 1, 41)[:, None]

    def update():
        a, b = z[int(start.value)], z[int(end.value)]
        shares = (1 - t) * norm.cdf(a) + t * norm.cdf(b)
        shares = np.clip(shares, 1e-15, 1 - 1e-15)  # of far codes they round to 0, 1
        lines = [(1 - t) * a + t * b, norm.ppf(shares)]
        here = [_at(line, share.value) for line in lines]
        pad.lines = [("solid", lines[0].tolist()), ("dashed", lines[1].tolist())]
        radius = 0.13
        pad.ellipses = [("solid", *point, radius, radius) for point in here]
        for shown, digit in zip([straight, quantile], decode(here)):
            shown.value = png(gray(digit))
        (x, y), (u, v) = here
        return (
            f"{share.value:.0%} of the way. Straight path (left, solid line): "
            f"z = ({x:.2f}, {y:.2f}). Quantile path (right, dashed line): "
            f"z = ({u:.2f}, {v:.2f}). {note}"
        )

    parts = dict(start=start, end=end, share=share, pad=pad)
    parts |= dict(straight=straight, quantile=quantile)
    rows = [[start], [end], [share], [pad, straight, quantile]]
    caption = "Two digits, and a slider that walks between their codes on two paths."
    return Explorer(rows, update, caption, **parts)


def _at(line, share):
    """Return the point of a path, (n, 2), at a share of the way, by interpolation."""
    place = np.linspace(0, 1, len(line))
    return [float(np.interp(share, place, line[:, axis])) for axis in (0, 1)]
