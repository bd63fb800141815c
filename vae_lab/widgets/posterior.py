"""One posterior at a time: its ellipse, its samples, its price. Labs 02, 03 and 05."""

import numpy as np
from PIL import Image

from vae_lab.model import kl_loss, reconstruction_loss
from vae_lab.session import ops
from vae_lab.widgets.explorer import (
    Explorer,
    digits_of,
    draw_prior,
    name_images,
    note_on,
    painted_pad,
    plane_codes,
    plane_decoder,
    says_what_is_wrong,
)
from vae_lab.widgets.parts import Picture, Slider, Toggle
from vae_lab.widgets.pictures import gray, paint_plane, png

REACH = 0.6  # of the magnifier, in prior std


@says_what_is_wrong
def inspect_posterior(encoder, images, labels=None):
    """Return a widget: choose a digit, see q(z given x), switch pixel rows off.

    The plane on the left shows the ellipse of 2 standard deviations; the magnifier
    beside it is centered on the whole digit's `z_mean`, whose ellipse stays, dashed.

    Args:
        encoder: model from (n, 28, 28, 1) to `[z_mean, z_log_var]`, (n, 2) each.
        images: (n, 28, 28, 1) in [0, 1], to choose from; the first 200 are used.
        labels: (n,), ints 0 to 9, or None.

    Source: the ellipses of lab 02.
    """
    images = digits_of(images)[:200]
    means, log_vars = encoder.predict(images, verbose=0)
    means, labels = plane_codes(means, None if labels is None else labels[:200])
    names = name_images(labels, len(images))
    chosen = Slider(label="digit", high=len(images) - 1, step=1, names=names)
    first = Slider(label="first row off", value=12, high=27, step=1)
    count = Slider(label="rows off", high=10, step=1)
    picture = Picture(label="the digit that the encoder sees", scale=8)
    small = dict(still=True, size=(280, 280))
    plane = painted_pad("the posterior on the latent plane", draw_prior, **small)
    glass = painted_pad(
        "the posterior, magnified",
        lambda ax: ax.grid(),
        ends=((-REACH, -REACH), (REACH, REACH)),
        axes=("z[0], from the whole digit's", "z[1]"),
        **small,
    )

    def update():
        index, row = int(chosen.value), int(first.value)
        off = slice(row, row + int(count.value))
        image = images[index].copy()
        image[off] = 0
        mean, log_var = (part[0] for part in encoder.predict_on_batch(image[None]))
        whole, std = means[index], np.exp(0.5 * log_var)
        before = np.exp(0.5 * log_vars[index])
        seen = image[..., 0].copy()
        seen[off] = 0.15  # shaded for the eye, white for the encoder
        picture.value = png(gray(seen))
        plane.ellipses = [
            _ellipse("dashed", whole, before),
            _ellipse("solid", mean, std),
        ]
        plane.lines = [("dotted", [whole.tolist(), mean.tolist()])]
        glass.ellipses = [
            _ellipse("dashed", 0 * whole, before),
            _ellipse("solid", mean - whole, std),
        ]
        text = (
            f"z_mean {_pair(mean)}, z_std {_pair(std, 3)}, z_log_var {_pair(log_var)}"
        )
        if not count.value:
            return f"{names[index].capitalize()}, whole: {text}."
        last = min(27, row + int(count.value) - 1)
        gone = f"rows {row} to {last}" if last > row else f"row {row}"
        ink = "" if images[index][off].any() else ", where no ink was"
        moved, area = np.hypot(*(mean - whole)), np.prod(std / before)
        left = " (it left the magnifier)" if np.abs(mean - whole).max() > REACH else ""
        return (
            f"{names[index].capitalize()}, without {gone}{ink}: {text}. The mean "
            f"moved by {moved:.2f} prior standard deviations{left}; "
            f"the ellipse has {area:.2f} times its area."
        )

    parts = dict(chosen=chosen, first=first, count=count)
    parts |= dict(picture=picture, plane=plane, glass=glass)
    rows = [[chosen], [count], [first], [picture, plane, glass]]
    caption = "A digit, its q(z given x) as an ellipse, and pixel rows to switch off."
    return Explorer(rows, update, caption, **parts)


def _pair(values, digits=2):
    return "(" + ", ".join(f"{value:.{digits}f}" for value in values) + ")"


def _ellipse(style, mean, std):
    """Return the ellipse of 2 standard deviations, as a pad draws it."""
    return (style, *map(float, mean), *(2 * float(width) for width in std))


@says_what_is_wrong
def reparameterize(sample_z, epsilon):
    """Return a widget: shift and stretch one cloud of *fixed* noise.

    Only the first latent unit moves; the second stays the noise itself. The dashed
    ellipse is where 2 standard deviations of q(z given x) are; one of the points is
    ringed and tied to its epsilon.

    Args:
        sample_z: function of `z_mean`, `z_log_var` and `epsilon`, (n, 2) each.
        epsilon: (n, 2), the noise; the first 300 are used.

    Source: lab 03.
    """
    epsilon, _ = plane_codes(epsilon, None)
    epsilon = epsilon[:300]
    if not epsilon[:, 0].std():
        raise ValueError("epsilon must be noise, and its first column is constant.")
    mean = Slider(label="z_mean[0]", value=0, low=-2, high=2, step=0.05)
    log_var = Slider(label="z_log_var[0]", value=0, low=-5, high=2, step=0.05)
    fault = Toggle(label="leave out the 0.5, as the original does")
    plane = painted_pad("the samples on the latent plane", draw_prior, still=True)
    traced = int(np.argmin(np.abs(epsilon - [1.5, 1.0]).sum(axis=1)))

    def update():
        z_std = np.exp(0.5 * log_var.value)
        z_mean = np.zeros_like(epsilon) + np.float32([mean.value, 0])
        factor = 2 if fault.value else 1  # exp(0.5 * 2 * v) is exp(v)
        z_log_var = np.zeros_like(epsilon) + np.float32([factor * log_var.value, 0])
        z = ops.convert_to_numpy(
            sample_z(*map(ops.convert_to_tensor, (z_mean, z_log_var, epsilon)))
        )
        plane.points = z.round(3).tolist()
        plane.lines = [("solid", [epsilon[traced].tolist(), z[traced].tolist()])]
        x, y = z[traced].tolist()
        plane.ellipses = [
            ("dashed", mean.value, 0.0, 2 * float(z_std), 2.0),
            ("solid", x, y, 0.15, 0.15),
        ]
        width = z[:, 0].std() / epsilon[:, 0].std()
        verdict = "as it should" if abs(width / z_std - 1) < 0.02 else "which is wrong"
        return (
            f"z_std[0] = exp(0.5 * {log_var.value:.2f}) = {z_std:.2f}. The sampler "
            f"stretches epsilon by {width:.2f}, {verdict}. The ringed point: epsilon "
            f"{epsilon[traced, 0]:.2f} became z {x:.2f}."
        )

    parts = dict(mean=mean, log_var=log_var, fault=fault, plane=plane)
    caption = "A cloud of fixed noise to shift and stretch."
    return Explorer([[mean], [log_var], [fault], [plane]], update, caption, **parts)


@says_what_is_wrong
def balance_losses(vae, image, draws=12):
    """Return a widget: move one posterior and read both terms of its loss.

    Across is `z_mean[0]`, upward `z_log_var[0]`; the second unit stays where the
    encoder puts it. The bands show how far the total is above its lowest value: 1,
    2, 4, 8, ... nats; the cross is the lowest point, and moves with beta.
    The reconstruction loss is a mean over draws of the same noise everywhere.

    Args:
        vae: model with an encoder and a decoder of latent_dim 2.
        image: (28, 28, 1) in [0, 1].
        draws: int >= 2, how many z are drawn for each reconstruction loss.

    Source: the trade of lab 05.
    """
    decode = plane_decoder(vae.decoder)
    image = digits_of([image])
    if draws < 2:
        raise ValueError(f"draws must be an int >= 2. Received: {draws}.")
    z_mean, z_log_var = (part[0] for part in vae.encoder.predict_on_batch(image))
    plane_codes([z_mean], None)  # refuses what is not finite
    low = float(z_mean[0]) - 2, -9.0
    high = float(z_mean[0]) + 2, 1.0
    noise = np.random.default_rng(0).normal(size=(draws // 2, 2))
    noise = np.concatenate([noise, -noise])
    copies = np.repeat(image, len(noise), axis=0)

    def terms(mean, log_var):
        """Return both loss terms of the image, in nats, and a digit decoded."""
        m = np.float32([[mean, z_mean[1]]])
        v = np.float32([[log_var, z_log_var[1]]])
        digits = decode(m + np.exp(0.5 * v) * noise)[..., None]
        cost = reconstruction_loss(copies, digits)
        cost, price = map(ops.convert_to_numpy, (cost, kl_loss(m, v)))
        return float(cost.mean()), float(price[0]), digits.mean(axis=0)[..., 0]

    side = 15
    means = np.linspace(low[0], high[0], side)
    log_vars = np.linspace(high[1], low[1], side)  # top row first
    table = [[terms(m, v)[:2] for m in means] for v in log_vars]
    cost, price = (_smooth(part) for part in np.array(table).transpose(2, 0, 1))
    note = note_on(np.stack([terms(m, -9.0)[2] for m in means[::4]]))
    home = float(z_mean[0]), max(low[1], float(z_log_var[0]))
    pad = painted_pad(
        "the posterior: its mean and its log variance",
        lambda ax: None,
        ends=(low, high),
        axes=("z_mean[0]", "z_log_var[0]"),
        xy=home,
        home=home,
    )
    beta = Slider(label="beta", value=1, low=0, high=10, step=0.1)
    digit = Picture(label="the mean of the decoded draws", scale=12)
    painted = {}

    def update():
        if painted.get("beta") != beta.value:
            total = cost + beta.value * price
            row, column = np.unravel_index(total.argmin(), total.shape)
            painted["x"] = low[0] + (column + 0.5) / len(total) * 4
            painted["y"] = high[1] - (row + 0.5) / len(total) * 10
            painted["best"], painted["beta"] = total.min(), beta.value
            draw = _bands(total - total.min(), low, high)
            pad.background = paint_plane(low, high, draw, pad.size, pad.axes)
        x, y = painted["x"], painted["y"]
        pad.lines = [
            ("solid", [(x - 0.09, y - 0.22), (x + 0.09, y + 0.22)]),
            ("solid", [(x - 0.09, y + 0.22), (x + 0.09, y - 0.22)]),
        ]
        reconstruction_part, kl_part, mean_digit = terms(*pad.xy)
        digit.value = png(gray(mean_digit))
        weighed = round(reconstruction_part, 1) + beta.value * round(kl_part, 1)
        width = np.exp(0.5 * (pad.xy[1] - z_log_var[0]))
        return (
            f"reconstruction_loss {reconstruction_part:.1f} + {beta.value:.1f} * "
            f"kl_loss {kl_part:.1f} = {weighed:.1f} nats, at z_mean[0] {pad.xy[0]:.2f},"
            f" z_log_var[0] {pad.xy[1]:.2f} ({width:.2f} times the encoder's width). "
            f"Lowest: about {painted['best']:.1f} at "
            f"{x:.2f}, {y:.2f}. {note}"
        )

    parts = dict(pad=pad, beta=beta, digit=digit)
    caption = "One posterior to move, and the two terms of its loss."
    return Explorer([[beta], [pad, digit]], update, caption, **parts)


def _smooth(table, size=168):
    """Return a table, scaled up to (size, size) by cubic interpolation."""
    image = Image.fromarray(np.asarray(table, "float32"))
    return np.asarray(image.resize((size, size), Image.BICUBIC))


def _bands(excess, low, high):
    """Return what draws nats above the lowest in bands that end at 1, 2, 4, ... 64."""
    import matplotlib

    band = np.clip(np.ceil(np.log2(np.maximum(excess, 0.5))), 0, 7) / 7
    colors = matplotlib.colormaps["viridis"](0.15 + 0.85 * band)
    edges = [low[0], high[0], low[1], high[1]]
    return lambda ax: ax.imshow(colors, extent=edges, interpolation="nearest")
