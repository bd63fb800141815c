"""Figures that several labs draw: digits, codes, posteriors, the manifold, curves."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import patheffects
from matplotlib.patches import Ellipse
from scipy.stats import norm

COLORS = {
    "reconstruction": "tab:blue",
    "kl": "tab:orange",
    "total": "black",
    "prior": "gray",
}
HALO = [patheffects.withStroke(linewidth=3, foreground="white")]
DIGITS = plt.get_cmap("tab10")


def plot_images(rows, titles=None, ax=None):
    """Draw rows of digits, each row with its name.

    Args:
        rows: dict, name -> images (n, 28, 28, 1) in [0, 1]; the same n in each row.
        titles: n strings to stand above the columns.
        ax: Axes, or None for a new figure.

    Returns:
        The Axes.

    Source: built for lab 00.
    """
    rows = {name: np.asarray(images)[..., 0] for name, images in rows.items()}
    count = len(next(iter(rows.values())))
    if ax is None:
        inches = 0.72
        size = (inches * count + 1.2, inches * len(rows) + 0.4)
        _, ax = plt.subplots(figsize=size)
    canvas = np.vstack([np.hstack(list(images)) for images in rows.values()])
    ax.imshow(canvas, vmin=0, vmax=1)
    middles = 28 * np.arange(max(count, len(rows))) + 13.5
    ax.set_yticks(middles[: len(rows)], list(rows))
    ax.set_xticks(middles[:count], titles if titles is not None else [""] * count)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def plot_codes(z, labels, ax=None):
    """Scatter codes on the plane, each class with its digit written at its median.

    Args:
        z: (n, 2), in prior standard deviations.
        labels: (n,), ints 0 to 9.
        ax: Axes, or None for a new figure.

    Returns:
        The Axes.

    Source: built for lab 01.
    """
    z, labels = np.asarray(z), np.asarray(labels)
    ax = _plane(ax)
    for digit in np.unique(labels):
        color, members = DIGITS(int(digit)), z[labels == digit]
        ax.scatter(*members.T, s=6, color=color, alpha=0.6, linewidths=0)
        label_point(ax, np.median(members, axis=0), str(digit), color)
    return ax


def plot_posteriors(z_mean, z_std, labels=None, ax=None):
    """Draw each q(z given x) as an ellipse of one and of two standard deviations.

    Args:
        z_mean, z_std: (n, 2), in prior standard deviations.
        labels: n strings or ints to write at the means.
        ax: Axes, or None for a new figure.

    Returns:
        The Axes.

    Source: built for lab 02.
    """
    ax = _plane(ax)
    z_mean, z_std = np.asarray(z_mean), np.asarray(z_std)
    for row, (mean, std) in enumerate(zip(z_mean, z_std, strict=True)):
        color = DIGITS(row % 10)
        for width in (2, 4):
            ax.add_patch(Ellipse(mean, *(width * std), color=color, fill=False))
        if labels is not None:
            label_point(ax, mean, str(labels[row]), color)
    ax.update_datalim(np.concatenate([z_mean - 2.5 * z_std, z_mean + 2.5 * z_std]))
    ax.autoscale_view()
    return ax


def plot_manifold(canvas, low=0.05, high=0.95, ax=None):
    """Draw a canvas of decoded digits with ticks at the values of z they come from.

    Args:
        canvas: (28 * grid_size, 28 * grid_size), in [0, 1].
        low, high: the quantiles of the prior at the grid's ends.
        ax: Axes, or None for a new figure.

    Returns:
        The Axes.

    Source: built for lab 00.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(6.4, 6.6))
    grid_size = len(canvas) // 28
    quantiles = norm.ppf(np.linspace(low, high, grid_size))
    ax.imshow(canvas, vmin=0, vmax=1)
    shown = np.arange(0, grid_size, max(1, (grid_size - 1) // 7))
    middles = 28 * shown + 13.5
    ax.set_xticks(middles, [f"{value:.2f}" for value in quantiles[shown]])
    ax.set_yticks(middles, [f"{value:.2f}" for value in quantiles[::-1][shown]])
    ax.set_xlabel("z[0] (prior std)")
    ax.set_ylabel("z[1] (prior std)")
    ax.set_title(f"frames {(high - low) ** 2:.0%} of the prior")
    return ax


def plot_history(history, part="loss", ax=None):
    """Draw one part of the loss over the epochs, training and held out.

    Args:
        history: dict, name -> one value an epoch, as in `fit(...).history`.
        part: "loss", "reconstruction_loss" or "kl_loss".
        ax: Axes, or None for a new figure.

    Returns:
        The Axes.

    Source: built for lab 06.
    """
    if ax is None:
        _, ax = plt.subplots()
    color = COLORS["total" if part == "loss" else part.removesuffix("_loss")]
    curves = [(part, "training", "--", "o"), (f"val_{part}", "held out", "-", "s")]
    for key, name, style, marker in curves:
        if key in history:
            epochs = np.arange(1, len(history[key]) + 1)
            ax.plot(epochs, history[key], style, marker=marker, color=color, label=name)
    ax.set_title(part)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss (nats per image)")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()
    return ax


def label_point(ax, point, text, color="black"):
    """Write a text at a point, readable on any background."""
    style = dict(ha="center", va="center", weight="bold", path_effects=HALO)
    ax.text(*point, text, color=color, size=13, **style)


def _plane(ax):
    """Return ax, or a new one, labeled as the latent plane."""
    if ax is None:
        _, ax = plt.subplots(figsize=(5.2, 5.2))
    ax.set_aspect("equal")
    ax.set_xlabel("z[0] (prior std)")
    ax.set_ylabel("z[1] (prior std)")
    return ax
