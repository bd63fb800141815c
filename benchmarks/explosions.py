"""How often the original's loss explodes in its first epoch, and how far it flatters.

Lab 12's own cells, run with one seed after another.
"""

import contextlib
import io
import re

import nbformat
import numpy as np

from benchmarks.explorers import processor
from benchmarks.labs import NOTEBOOKS
from benchmarks.workers import versions

BOUNDS = (1.0, 10.0, 1e6)


def add_arguments(parser):
    parser.add_argument("--seeds", type=int, default=20, help="0, 1, 2 and so on")


def run(arguments):
    notebook = nbformat.read(NOTEBOOKS / "12_then_and_now.ipynb", as_version=4)
    cells = {cell.id: cell.source for cell in notebook.cells}
    names = {}
    exec(cells["setup"], names)
    largest, gaps = [], []
    for seed in range(arguments.seeds):
        with contextlib.redirect_stdout(io.StringIO()):
            exec(seeded(cells["recipe"], seed), names)
            exec(cells["train"], names)
            exec(cells["worth"], names)
        largest.append(max(names["losses"]))
        gaps.append(names["worth"] - names["reported"])
    rows = [
        "| largest loss of a batch | seeds | nats by which the loss flatters |",
        "|---|---:|---:|",
    ]
    edges = [0.0, *BOUNDS, np.inf]
    for low, high in zip(edges, edges[1:]):
        some = [gap for most, gap in zip(largest, gaps) if low <= most < high]
        span = f"{min(some):,.0f} to {max(some):,.0f}" if some else ""
        rows.append(f"| {low:,.0f} to {high:,.0f} | {len(some)} | {span} |")
    about = f"Seeds 0 to {arguments.seeds - 1}, an epoch of the sample each."
    return "\n".join([*rows, "", f"{about} {processor()}, {versions()}."])


def seeded(source, seed):
    """Return the cell that builds the model, with another seed."""
    changed, count = re.subn(r"(seed\(|seed=)0\b", rf"\g<1>{seed}", source)
    if count != 2:
        raise ValueError("Lab 12's cell `recipe` no longer sets its two seeds to 0.")
    return changed
