"""What the tests of the notebooks share: where they are, how to read them."""

import ast
import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell):
    return set(cell.metadata.get("tags", []))


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in tags(cell)]


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return "\n\n".join(texts)


def solutions(notebook):
    """The solutions that the lab prints: exercise cell's id -> code."""
    found = {}
    for cell in notebook.cells:
        if cell.id.startswith("solution-"):
            (code,) = re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL)
            found[cell.id.replace("solution-", "exercise-")] = code.strip()
    return found


def solve(notebook):
    """Replace every stub by the solution that its lab prints. Return the notebook."""
    answers = solutions(notebook)
    for cell in tagged(notebook, "exercise"):
        cell.source = answers.pop(cell.id)
    assert not answers, "a solution without an exercise"
    return notebook


def functions(source):
    """Functions and methods that a piece of code defines: dotted name -> dump.

    Docstrings are left out, so that only what is executed is compared.
    """
    found = {}

    def visit(body, prefix):
        for node in body:
            if isinstance(node, ast.ClassDef):
                visit(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.FunctionDef):
                if ast.get_docstring(node) is not None:
                    node.body = node.body[1:]
                found[prefix + node.name] = ast.dump(node)

    visit(ast.parse(source).body, "")
    return found
