"""How long each lab takes from top to bottom, and which of its cells takes longest.

The labs run one after another, unsolved, as `pytest --nbval` runs them.
"""

from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from benchmarks.explorers import processor
from benchmarks.workers import versions

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def add_arguments(parser):
    parser.add_argument("--only", nargs="+", help="the labs' numbers", metavar="NN")


def run(arguments):
    rows = [
        "| lab | seconds | longest cell | its seconds | the next | its seconds |",
        "|---|---:|---|---:|---|---:|",
    ]
    whole = 0
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if arguments.only and path.name[:2] not in arguments.only:
            continue
        took = seconds_of_cells(path)
        whole += sum(took.values())
        (first, most), (second, less) = sorted(
            took.items(), key=lambda item: item[1], reverse=True
        )[:2]
        rows.append(
            f"| {path.stem} | {sum(took.values()):.0f} | `{first}` | {most:.0f} "
            f"| `{second}` | {less:.0f} |"
        )
    rows.append(f"| all | {whole:.0f} | | | | |")
    return "\n".join([*rows, "", f"{processor()}, {versions()}."])


def seconds_of_cells(path):
    """Run a notebook and return the seconds that each of its code cells took."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        record_timing=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    took = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            times = cell.metadata["execution"]
            begin, end = (
                datetime.fromisoformat(times[key].replace("Z", "+00:00"))
                for key in ("iopub.execute_input", "shell.execute_reply")
            )
            took[cell.id] = (end - begin).total_seconds()
    return took
