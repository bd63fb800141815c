"""The solved course: every stub replaced by the solution that its lab prints."""

import sys

import pytest
from notebook_files import NAMES, NOTEBOOKS, ROOT, read, solutions, tagged

sys.path.insert(0, str(ROOT / "tools"))

from notebooks import execute


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_every_solution_is_correct_and_the_lab_goes_on(path):
    notebook = read(path)
    answers = solutions(notebook)
    for cell in tagged(notebook, "exercise"):
        cell.source = answers.pop(cell.id)
    assert not answers, "a solution without an exercise"
    execute(notebook)
    for cell in tagged(notebook, "check"):
        said = "".join(output.get("text", "") for output in cell.outputs)
        assert said.startswith("✓ Exercise"), said
