"""Rate against distortion, over beta. Lab 10."""

import numpy as np
from PIL import Image

from vae_lab.data import RESULTS, load_results
from vae_lab.widgets.explorer import Explorer, painted_pad, says_what_is_wrong
from vae_lab.widgets.parts import Picture, Slider
from vae_lab.widgets.pictures import png

LOW, HIGH = (-0.6, 150.0), (17.0, 212.0)  # of the plane, in nats per image
KNOWN = {0.392: "the original lab sheet", 0.5: "1 / latent_dim", 1: "the ELBO"}


@says_what_is_wrong
def explore_beta():
    """Return a widget: choose beta, see the point on the curve and its manifold.

    The models are those that `tools/trace_beta.py` trained, of latent_dim 2: dots for
    all seeds, the ring and the manifold for seed 0.

    Source: the rate-distortion curve of lab 10.
    """
    curve = load_results("beta")
    betas = curve["manifolds"]["betas"]
    points = [point for point in curve["points"] if point["latent_dim"] == 2]
    first = {point["beta"]: point for point in points if point["seed"] == 0}
    strip = Image.open(RESULTS / curve["manifolds"]["file"])
    names = [f"{b:g}, {KNOWN[b]}" if b in KNOWN else f"{b:g}" for b in betas]
    chosen = Slider(
        label="trained with beta",
        value=betas.index(1),
        high=len(betas) - 1,
        step=1,
        names=names,
    )
    plane = painted_pad(
        "rate and distortion of each beta",
        lambda ax: _draw(ax, [first[beta] for beta in betas], points),
        ends=(LOW, HIGH),
        still=True,
        size=(392, 392),
        axes=("rate: kl_loss (nats)", "distortion: reconstruction_loss (nats)"),
    )
    manifold = Picture(label="the manifold of the model trained with it", scale=2)

    def update():
        index = int(chosen.value)
        side = strip.height
        tiles = strip.crop((index * side, 0, (index + 1) * side, side))
        manifold.value = png(Image.eval(tiles, lambda ink: 255 - ink))
        point = first[betas[index]]
        rate, distortion = point["kl_loss"], point["reconstruction_loss"]
        radius = 0.02 * np.subtract(HIGH, LOW)
        plane.ellipses = [("solid", rate, distortion, *radius.tolist())]
        variances = point["z_mean_variance"]
        active = sum(variance > 0.01 for variance in variances)
        spread = " and ".join(f"{variance**0.5:.1f}" for variance in variances)
        units = " and ".join(f"{kl:.2f}" for kl in point["kl_per_unit"])
        return (
            f"beta {names[index]}. Distortion {distortion:.1f} + rate {rate:.1f} = "
            f"negative ELBO {distortion + rate:.1f} nats per image. Active units: "
            f"{active} of 2, with a KL of {units} nats. The codes have standard "
            f"deviations of {spread}."
        )

    parts = dict(chosen=chosen, plane=plane, manifold=manifold)
    caption = "Beta to choose: its point on the rate-distortion plane, its manifold."
    return Explorer([[chosen], [plane, manifold]], update, caption, **parts)


def _draw(ax, line, points):
    """Draw the curve of one seed, the points of all, and lines of equal ELBO."""
    for total in range(160, 240, 10):
        ax.plot([0, 80], [total, total - 80], ":", color="tab:gray", linewidth=0.8)
    rate, distortion = _terms(line)
    ax.plot(rate, distortion, color="black", linewidth=1)
    ax.scatter(*_terms(points), s=9, color="black", alpha=0.6)


def _terms(points):
    return [[at[name] for at in points] for name in ("kl_loss", "reconstruction_loss")]
