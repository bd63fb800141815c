"""Keep the notebooks: execute them and store what they show.

usage: python tools/notebooks.py run [NOTEBOOK ...]      (default: all of notebooks/)

`run` executes each notebook from top to bottom in a fresh kernel and, if every cell
succeeds and none writes to stderr, stores its outputs with normalized metadata. A
notebook that fails is left as it was.
"""

import argparse
import base64
import io
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

VIEW = "application/vnd.jupyter.widget-view+json"
ROOT = Path(__file__).resolve().parent.parent
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"file_extension": ".py", "name": "python"},
}


def execute(notebook, folder=ROOT / "notebooks", timeout=900):
    """Run every cell in a fresh kernel; raise at the first error or stderr text."""
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    client = NotebookClient(
        notebook,
        timeout=timeout,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RuntimeError(f"cell {cell.id} wrote to stderr: {output.text}")
    return notebook


def normalize(notebook):
    """Keep the language and the cells' tags; drop what differs between machines."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
            output.get("data", {}).pop(VIEW, None)  # a picture stands beside it
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = smaller(output.data["image/png"])
    return notebook


def smaller(png):
    """Store a picture, base64, without alpha, and a gray one in a single channel.

    No pixel changes: the figures are opaque. One with a palette stays as it is.
    """
    picture = Image.open(io.BytesIO(base64.b64decode(png)))
    if picture.mode == "P":
        return png
    picture = picture.convert("RGB")
    red, green, blue = picture.split()
    gray = red.tobytes() == green.tobytes() == blue.tobytes()
    stored = io.BytesIO()
    (red if gray else picture).save(stored, "png", optimize=True)
    return base64.b64encode(stored.getvalue()).decode()


def run(paths):
    for path in paths:
        began = time.monotonic()
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(normalize(execute(notebook)), path)
        print(f"{path.name}: {time.monotonic() - began:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["run"])
    parser.add_argument("notebook", nargs="*", type=Path)
    args = parser.parse_args()
    run(args.notebook or sorted((ROOT / "notebooks").glob("*.ipynb")))


if __name__ == "__main__":
    sys.exit(main())
