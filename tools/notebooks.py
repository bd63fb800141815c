"""Keep the notebooks: execute them, store what they show, make their Colab edition.

usage: python tools/notebooks.py run [NOTEBOOK ...]      (default: all of notebooks/)
       python tools/notebooks.py colab [--repository https://github.com/OWNER/NAME]

`run` executes each notebook from top to bottom in a fresh kernel and, if every cell
succeeds and none writes to stderr, stores its outputs with normalized metadata. A
notebook that fails is left as it was.

`colab` writes colab/*.ipynb from notebooks/*.ipynb: the same labs with a cell that
installs vae_lab, a GPU asked for, and no outputs. It also writes the repository's
address, which stands in pyproject.toml, into every badge; `--repository` changes it
there first, for a fork.
"""

import argparse
import base64
import copy
import io
import os
import re
import sys
import time
import tomllib
from pathlib import Path
from urllib.parse import quote

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
COLAB = "https://colab.research.google.com"
BADGE = "[![Open in Colab]({colab}/assets/colab-badge.svg)]({address})"
INSTALL_TEXT = """\
This is the lab's Colab edition: the next cell installs the course's package. Colab's \
own TensorFlow, Keras and NumPy stay as they are, and nothing has to be restarted."""
INSTALL = """\
import importlib.util
import subprocess
import sys
from pathlib import Path

REPOSITORY = "git+{address}@v{version}"
if "google.colab" in sys.modules and not importlib.util.find_spec("vae_lab"):
    wheels = sorted(Path.cwd().glob("vae_lab-*.whl"))  # if you uploaded one
    source = str(wheels[-1]) if wheels else f"vae-lab @ {{REPOSITORY}}"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", source]
    done = subprocess.run(pip, capture_output=True, text=True)
    importlib.invalidate_caches()
    said = done.stderr.splitlines()
    why = [x for x in said if "error" in x.lower() or "fatal" in x]
    assert done.returncode == 0, (
        f"{{source}} cannot be installed. Make the package's wheel elsewhere (in a "
        "checkout: python -m build), upload it with the Files panel on the left, "
        f"and run this cell again. pip says: {{'; '.join(why[:3])}}"
    )"""
DEVICE = "print(lab.device())"
LEAVE_TEXT = """\
**Leaving.** When you are done, give the GPU back, so that your free quota lasts: set \
`DONE` to True and run the next cell. *Runtime > Disconnect and delete runtime* does \
the same."""
LEAVE = """\
DONE = False
if DONE and "google.colab" in sys.modules:
    from google.colab import runtime

    runtime.unassign()"""


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


def project():
    """Return the repository's address and the version, from pyproject.toml."""
    with open(ROOT / "pyproject.toml", "rb") as file:
        found = tomllib.load(file)["project"]
    return found["urls"]["Repository"].rstrip("/"), found["version"]


def colab_address(address, name):
    """Return where Colab opens the edition of a lab, by the lab's file name."""
    slug = address.removeprefix("https://github.com/")
    return f"{COLAB}/github/{slug}/blob/main/colab/{name}"


def with_badges(text, address):
    """Return text with every badge of a lab leading to its Colab edition."""
    lab = rf"{re.escape(COLAB)}/github/[^)\s]*?/colab/(\w+\.ipynb)"
    return re.sub(lab, lambda found: colab_address(address, found[1]), text)


def colab_edition(notebook, address, version):
    """Return a lab's Colab edition.

    It differs from the lab in its metadata, in the cells around the setup cell and at
    the end (install, device, leave), in where its links lead, and in having no
    outputs.
    """
    edition = copy.deepcopy(notebook)
    colab = {"gpuType": "T4", "provenance": [], "toc_visible": True}
    edition.metadata = nbformat.from_dict(
        {**METADATA, "accelerator": "GPU", "colab": colab}
    )
    cells = []
    for cell in edition.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r"\]\((\w+\.ipynb)\)",
                lambda link: f"]({colab_address(address, link[1])})",
                cell.source,
            )
            cells.append(cell)
            continue
        cell.outputs, cell.execution_count = [], None
        cell.metadata.tags = cell.metadata.get("tags", [])
        if "setup" not in cell.metadata.tags:
            cells.append(cell)
            continue
        install = INSTALL.format(address=address, version=version)
        new = [
            nbformat.v4.new_markdown_cell(INSTALL_TEXT, id="install-text"),
            nbformat.v4.new_code_cell(install, id="install"),
            cell,
            nbformat.v4.new_code_cell(DEVICE, id="device"),
        ]
        cells += new
    cells.append(nbformat.v4.new_markdown_cell(LEAVE_TEXT, id="leave-text"))
    cells.append(nbformat.v4.new_code_cell(LEAVE, id="leave"))
    edition.cells = cells
    return edition


def write_colab(repository=None):
    """Write every badge and every Colab edition."""
    if repository:
        if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", repository):
            raise SystemExit(
                "--repository must be https://github.com/OWNER/NAME, since Colab opens "
                f"notebooks from there. Received: {repository}"
            )
        old, _ = project()
        for path in [ROOT / "pyproject.toml", ROOT / "README.md"]:
            text = path.read_text(encoding="utf-8").replace(old, repository)
            text = text.replace(quote(old, safe=""), quote(repository, safe=""))
            path.write_text(text, encoding="utf-8")
    address, version = project()
    readme = ROOT / "README.md"
    text = with_badges(readme.read_text(encoding="utf-8"), address)
    readme.write_text(text, encoding="utf-8")
    (ROOT / "colab").mkdir(exist_ok=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        title = notebook.cells[0]
        title.source = with_badges(title.source, address)
        nbformat.write(notebook, path)
        edition = colab_edition(notebook, address, version)
        nbformat.write(edition, ROOT / "colab" / path.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run", help="execute notebooks and store their outputs")
    runs.add_argument("notebook", nargs="*", type=Path)
    makes = commands.add_parser("colab", help="write the badges and the Colab edition")
    makes.add_argument("--repository", help="https://github.com/OWNER/NAME of a fork")
    args = parser.parse_args()
    if args.command == "run":
        run(args.notebook or sorted((ROOT / "notebooks").glob("*.ipynb")))
    else:
        write_colab(args.repository)


if __name__ == "__main__":
    sys.exit(main())
