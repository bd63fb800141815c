"""The encoder's work by hand: fit q(z given x) to the true posterior. Lab 09."""

import numpy as np
from scipy.ndimage import map_coordinates, spline_filter
from scipy.special import logsumexp

from vae_lab.widgets.explorer import (
    Explorer,
    painted_pad,
    plane_codes,
    says_what_is_wrong,
)
from vae_lab.widgets.parts import Slider

NODES, SHARES = np.polynomial.hermite_e.hermegauss(15)
DRAWS = np.stack(np.meshgrid(NODES, NODES), axis=-1).reshape(-1, 2)  # (225, 2)
SHARES = np.outer(SHARES, SHARES).ravel() / SHARES.sum() ** 2
TURN = np.linspace(0, 2 * np.pi, 60)
CIRCLE = np.stack([np.cos(TURN), np.sin(TURN)], axis=1)
FINE = 241  # points along each axis of the window


@says_what_is_wrong
def fit_posterior(log_joint, axis, z_mean, z_log_var):
    """Return a widget: move, stretch and tilt q over one image's true posterior.

    The pad shows p(z given x), the darker the more probable, and the outline of q at
    2 standard deviations; the dashed one is the encoder's. The sentence tells how far
    the ELBO of this q lies below log p(x): KL(q, p(z given x)).

    Args:
        log_joint: (side, side), log p(x, z) in nats on a square grid: rows along z[1],
            upward, columns along z[0].
        axis: (side,), the grid's coordinates on each axis, rising in equal steps.
        z_mean, z_log_var: (2,) each, the encoder's q of this image.

    Source: the gap of lab 09.
    """
    log_joint, axis = _grid_of(log_joint, axis)
    encoders = np.concatenate([plane_codes([z_mean], None)[0][0], _pair(z_log_var)])
    step = axis[1] - axis[0]
    table = spline_filter(log_joint)

    def at(z):
        """Return log p(x, z) at points (n, 2), between the grid's by a cubic spline."""
        place = (np.asarray(z)[:, ::-1].T - axis[0]) / step
        return map_coordinates(table, place, mode="nearest", prefilter=False)

    low, high = _window(log_joint, axis, encoders)
    across, upward = (np.linspace(low[i], high[i], FINE) for i in range(2))
    points = np.stack(np.meshgrid(across, upward), axis=-1).reshape(-1, 2)
    cell = (across[1] - across[0]) * (upward[1] - upward[0])
    fine = at(points)
    evidence = float(logsumexp(fine) + np.log(cell))
    posterior = np.exp(fine - fine.max()).reshape(FINE, FINE)

    def outline(mean, z_std, tilt):
        """Return q's ellipse of 2 standard deviations and its nodes, both (n, 2)."""
        factor = np.array([[1, 0], [tilt, np.sqrt(1 - tilt**2)]]) * z_std[:, None]
        return (mean + 2 * CIRCLE @ factor.T).tolist(), mean + DRAWS @ factor.T

    def gap(mean, log_var, tilt):
        """Return KL(q, p(z given x)) in nats: log p(x) minus the ELBO."""
        _, nodes = outline(mean, np.exp(0.5 * log_var), tilt)
        entropy = 1 + np.log(2 * np.pi) + 0.5 * log_var.sum()
        entropy += 0.5 * np.log(1 - tilt**2)
        return max(0.0, float(evidence - SHARES @ at(nodes) - entropy))

    def draw(ax):
        edges = [low[0], high[0], low[1], high[1]]
        shown = np.ma.masked_less(posterior, 0.01)
        ax.imshow(shown, extent=edges, origin="lower", cmap="viridis_r", vmin=0)

    home = tuple(encoders[:2].tolist())
    pad = painted_pad(
        "the true posterior, and the mean of your q",
        draw,
        ends=(low, high),
        axes=("z[0]", "z[1]"),
        xy=home,
        home=home,
    )
    widths = [
        Slider(label=f"z_log_var[{i}]", value=float(v), low=-10, high=0, step=0.05)
        for i, v in enumerate(np.clip(encoders[2:], -10, 0))
    ]
    tilt = Slider(label="correlation", value=0, low=-0.95, high=0.95, step=0.05)
    dashed, _ = outline(encoders[:2], np.exp(0.5 * encoders[2:]), 0)
    theirs = gap(encoders[:2], encoders[2:], 0)

    def update():
        log_var = np.array([width.value for width in widths])
        solid, _ = outline(np.array(pad.xy), np.exp(0.5 * log_var), tilt.value)
        pad.lines = [("dashed", dashed), ("solid", solid)]
        yours = gap(np.array(pad.xy), log_var, tilt.value)
        return (
            f"log p(x) {evidence:.1f} nats. Your ELBO lies {yours:.2f} below it, the "
            f"encoder's {theirs:.2f}. Your z_mean ({pad.xy[0]:.2f}, {pad.xy[1]:.2f}), "
            f"z_log_var ({log_var[0]:.2f}, {log_var[1]:.2f}), "
            f"correlation {tilt.value:.2f}."
        )

    parts = dict(pad=pad, first=widths[0], second=widths[1], tilt=tilt)
    caption = "A true posterior, and a q to lay over it."
    return Explorer([[pad], widths, [tilt]], update, caption, **parts)


def _grid_of(log_joint, axis):
    log_joint, axis = (np.asarray(a, "float64") for a in (log_joint, axis))
    if axis.ndim != 1 or len(axis) < 5 or log_joint.shape != 2 * axis.shape:
        raise ValueError(
            "log_joint must be (side, side) and axis (side,), side >= 5. Received: "
            f"{log_joint.shape} and {axis.shape}."
        )
    if not (np.isfinite(log_joint).all() and np.isfinite(axis).all()):
        raise ValueError("there are numbers in log_joint or axis that are not finite.")
    steps = np.diff(axis)
    if steps[0] <= 0 or not np.allclose(steps, steps[0], rtol=1e-2):
        raise ValueError("axis must rise in equal steps.")
    return log_joint, axis


def _pair(z_log_var):
    z_log_var = np.asarray(z_log_var, "float64")
    if z_log_var.shape != (2,) or not np.isfinite(z_log_var).all():
        raise ValueError(
            f"z_log_var must be two finite numbers. Received: {z_log_var}."
        )
    return z_log_var


def _window(log_joint, axis, encoders):
    """Return the corners of a square around both posteriors, on the grid."""
    rows, columns = np.where(log_joint > log_joint.max() - 8)
    mean, reach = encoders[:2], 3 * np.exp(0.5 * encoders[2:])
    first = np.minimum([axis[columns.min()], axis[rows.min()]], mean - reach)
    last = np.maximum([axis[columns.max()], axis[rows.max()]], mean + reach)
    middle, half = (first + last) / 2, max(0.3, 0.6 * (last - first).max())
    return middle - half, middle + half
