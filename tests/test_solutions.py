"""The solved course: every stub replaced by the solution that its lab prints.

Where a browser is, `test_browser.py` runs the solved labs in it, and they are not run
a second time.
"""

import sys

import pytest
from jupyter_browser import what_is_missing
from notebook_files import NAMES, NOTEBOOKS, ROOT, read, solve, tagged

sys.path.insert(0, str(ROOT / "tools"))

from notebooks import execute

pytestmark = pytest.mark.skipif(
    not what_is_missing(), reason="the solved labs are run by tests/test_browser.py"
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_every_solution_is_correct_and_the_lab_goes_on(path):
    notebook = execute(solve(read(path)))
    for cell in tagged(notebook, "check"):
        said = "".join(output.get("text", "") for output in cell.outputs)
        assert said.startswith("✓ Exercise"), said
