"""How long the first cell takes: what `import vae_lab` adds to `import keras`.

Fresh processes, by turns. The first cell of lab 06 imports, seeds and reads the digits.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.explorers import processor
from benchmarks.grid import verdict
from benchmarks.workers import versions

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "06_training.ipynb"


def add_arguments(parser):
    parser.add_argument("--rounds", type=int, default=7)


def run(arguments):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (setup,) = [c for c in cells if "setup" in c["metadata"].get("tags", [])]
    programs = {
        "keras": "import keras, matplotlib.pyplot, scipy.stats",
        "vae_lab": "import vae_lab, keras, matplotlib.pyplot, scipy.stats",
        "first cell": "".join(setup["source"]),
    }
    seconds = {name: [] for name in programs}
    for turn in range(arguments.rounds + 1):
        for name, program in programs.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True, stderr=-3)
            if turn:  # the first fills the disk's cache
                seconds[name].append(time.perf_counter() - began)
    keras, ours, first = (statistics.median(seconds[name]) for name in programs)
    added = statistics.median(
        b - a for a, b in zip(seconds["keras"], seconds["vae_lab"])
    )
    return "\n".join(
        [
            "| | seconds | relative | target |",
            "|---|---:|---:|---|",
            f"| `import keras`, Matplotlib and SciPy | {keras:.1f} | 1.00 | |",
            f"| the same and `import vae_lab` | {ours:.1f} | {ours / keras:.2f} "
            f"| adds at most 0.3 s: {added:.2f} s, {verdict(added <= 0.3)} |",
            f"| lab 06's first cell, process and all | {first:.1f} "
            f"| {first / keras:.2f} | under 10 s: {verdict(first < 10)} |",
            "",
            f"Medians of {arguments.rounds}. {processor()}, {versions()}.",
        ]
    )
