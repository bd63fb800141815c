"""Figures that several labs draw: digits, codes, posteriors, the manifold, curves."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import patheffects
from matplotlib.patches import Ellipse
from scipy.stats import norm

CURVES = {"loss": "black", "reconstruction_loss": "tab:blue", "kl_loss": "tab:orange"}


def plot_images(rows, titles=None, ax=None):
    """Draw rows of digits, each row with its name, and return the Axes.

    Args:
        rows: dict, name -> images (n, 28, 28, 1) in [0, 1]; the same n in each row.
        titles: n strings to stand above the columns.
        ax: Axes, or None for a new figure.

    Source: built for lab 00.
    """
    pictures = [np.hstack(list(np.asarray(row)[..., 0])) for row in rows.values()]
    canvas = np.vstack(pictures)
    height, width = np.divide(canvas.shape, 28)
    if ax is None:
        _, ax = plt.subplots(figsize=(0.72 * width + 1.2, 0.72 * height + 0.4))
    ax.imshow(canvas, vmin=0, vmax=1)
    middles = 28 * np.arange(max(width, height)) + 13.5
    ax.set_yticks(middles[: int(height)], list(rows))
    ax.set_xticks(*([], []) if titles is None else (middles[: int(width)], titles))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def plot_codes(z, labels, ax=None):
    """Scatter codes, with each class's digit at its median, and return the Axes.

    Args:
        z: (n, 2), in prior standard deviations.
        labels: (n,), ints 0 to 9.
        ax: Axes, or None for a new figure.

    Source: built for lab 01.
    """
    z, labels, ax = np.asarray(z), np.asarray(labels), _plane(ax)
    for digit in np.unique(labels):
        members = z[labels == digit]
        ax.scatter(*members.T, s=6, color=f"C{digit}", alpha=0.6, linewidths=0)
    for digit in np.unique(labels):
        _write(ax, np.median(z[labels == digit], axis=0), digit, f"C{digit}")
    return ax


def plot_posteriors(z_mean, z_std, labels, ax=None):
    """Draw each q(z given x) as ellipses of 1 and 2 std, and return the Axes.

    Args:
        z_mean, z_std: (n, 2), in prior standard deviations.
        labels: (n,), ints 0 to 9, written above the ellipses.
        ax: Axes, or None for a new figure.

    Source: built for lab 02.
    """
    z_mean, z_std, ax = np.asarray(z_mean), np.asarray(z_std), _plane(ax)
    for row, (mean, std) in enumerate(zip(z_mean, z_std, strict=True)):
        for width in (2, 4):
            cloud = Ellipse(mean, *(width * std), color=f"C{labels[row]}", alpha=0.4)
            ax.add_patch(cloud)
        _write(ax, mean + [0, 3 * std[1] + 0.1], labels[row], f"C{labels[row]}")
    ax.update_datalim(np.concatenate([z_mean - 2.5 * z_std, z_mean + 2.5 * z_std]))
    ax.autoscale_view()
    return ax


def plot_manifold(canvas, low=0.05, high=0.95, ax=None):
    """Draw a canvas of decoded digits with ticks in z, and return the Axes.

    Args:
        canvas: (28 * grid_size, 28 * grid_size), in [0, 1].
        low, high: the quantiles of the prior at the grid's ends.
        ax: Axes, or None for a new figure.

    Source: built for lab 00.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.4, 6.6))
    grid_size = len(canvas) // 28
    quantiles = norm.ppf(np.linspace(low, high, grid_size)).round(2) + 0.0  # no -0.00
    ax.imshow(canvas, vmin=0, vmax=1)
    shown = np.arange(0, grid_size, max(1, (grid_size - 1) // 7))
    ticks = 28 * shown + 13.5
    ax.set_xticks(ticks, [f"{value:.2f}" for value in quantiles[shown]])
    ax.set_yticks(ticks, [f"{value:.2f}" for value in quantiles[::-1][shown]])
    ax.set(xlabel="z[0] (prior std)", ylabel="z[1] (prior std)")
    ax.set_title(f"frames {(high - low) ** 2:.0%} of the prior")
    return ax


def plot_history(history, part="loss", ax=None):
    """Draw a loss over the epochs, training and held out, and return the Axes.

    Args:
        history: dict, name -> one value an epoch, as in `fit(...).history`.
        part: "loss", "reconstruction_loss" or "kl_loss".
        ax: Axes, or None for a new figure.

    Source: built for lab 06.
    """
    if ax is None:
        _, ax = plt.subplots()
    curves = [(part, "training", "o--"), (f"val_{part}", "held out", "s-")]
    for key, name, style in curves:
        if key in history:
            epochs = np.arange(1, len(history[key]) + 1)
            ax.plot(epochs, history[key], style, color=CURVES[part], label=name)
    ax.set(title=part, xlabel="epoch", ylabel="loss (nats per image)")
    ax.xaxis.get_major_locator().set_params(integer=True)
    if ax.lines:
        ax.legend()
    return ax


def _write(ax, point, text, color):
    """Write at a point, readable on any background."""
    halo = [patheffects.withStroke(linewidth=3, foreground="white")]
    style = dict(ha="center", va="center", weight="bold", path_effects=halo)
    ax.text(*point, str(text), color=color, size=13, clip_on=True, **style)


def _plane(ax):
    """Return ax, or a new one, labeled as the latent plane."""
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 5.2))
    ax.set_aspect("equal")
    ax.set(xlabel="z[0] (prior std)", ylabel="z[1] (prior std)")
    return ax
