"""The Colab edition: made from the labs, and run on a stand-in of Colab."""

import os
import re
import shutil
import subprocess
import sys

import IPython
import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from notebook_files import NAMES, NOTEBOOKS, ROOT, code_cells, read
from test_packaging import PROJECT, repository_files

sys.path.insert(0, str(ROOT / "tools"))

import notebooks as tool

EDITIONS = sorted((ROOT / "colab").glob("*.ipynb"))
ADDED = {"install", "device", "leave"}
ADDRESS = PROJECT["urls"]["Repository"]

on_colab_stack = pytest.mark.skipif(
    IPython.version_info >= (8,),
    reason="runs on Colab's versions: .ci/run makes that environment",
)


# Its form


def test_each_lab_has_its_edition():
    assert [path.stem for path in EDITIONS] == NAMES


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_the_edition_is_what_the_tool_makes(path):
    made = tool.colab_edition(read(path), *tool.project())
    nbformat.validate(made)
    stored = (ROOT / "colab" / path.name).read_text(encoding="utf-8")
    assert nbformat.writes(made) + "\n" == stored, "run tools/notebooks.py colab"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_the_edition_has_the_lab_s_code_and_no_outputs(path):
    lab = {cell.id: cell.source for cell in code_cells(read(path))}
    edition = {cell.id: cell.source for cell in code_cells(read(edition_of(path)))}
    assert set(edition) - set(lab) == ADDED
    assert {name: edition[name] for name in lab} == lab
    cells = code_cells(read(edition_of(path)))
    assert not [cell.id for cell in cells if cell.outputs or cell.execution_count]


@pytest.mark.parametrize("path", EDITIONS, ids=NAMES)
def test_the_edition_asks_for_a_t4(path):
    metadata = read(path).metadata
    assert metadata.accelerator == "GPU"
    assert metadata.colab == {"gpuType": "T4", "provenance": [], "toc_visible": True}


def edition_of(path):
    return ROOT / "colab" / path.name


def colab_links(text):
    return re.findall(r"https://colab\.research\.google\.com/github/([^)\s]+)", text)


def test_every_badge_leads_to_a_file_of_this_repository():
    slug = ADDRESS.removeprefix("https://github.com/")
    for path in NOTEBOOKS:
        (link,) = colab_links(read(path).cells[0].source)
        assert link == f"{slug}/blob/main/colab/{path.name}"
    links = colab_links((ROOT / "README.md").read_text(encoding="utf-8"))
    assert links == [f"{slug}/blob/main/colab/{path.name}" for path in EDITIONS]


def test_links_between_editions_stay_on_colab():
    for path in EDITIONS:
        text = "\n".join(c.source for c in read(path).cells if c.cell_type[0] == "m")
        assert not re.findall(r"\]\(\w+\.ipynb\)", text)
        for link in colab_links(text):
            assert (ROOT / link.split("/blob/main/")[1]).is_file()


def test_a_fork_changes_every_address_by_one_command(tmp_path, monkeypatch):
    for name in ["pyproject.toml", "README.md"]:
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS[0], tmp_path / "notebooks")
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    tool.write_colab("https://github.com/someone/fork")
    texts = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    slug = ADDRESS.removeprefix("https://github.com/")
    assert len(texts) == 4
    for old in (slug, slug.replace("/", "%2F")):
        assert not [text[:80] for text in texts if old in text]
    assert all("someone/fork" in text for text in texts)
    with pytest.raises(SystemExit, match="https://github.com/OWNER/NAME"):
        tool.write_colab("https://example.org/x")


# On a stand-in of Colab

STAND_IN = """
import sys, types
import google
colab = types.ModuleType("google.colab")
colab.runtime = types.SimpleNamespace(unassign=lambda: print("VM given back"))
sys.modules["google.colab"] = google.colab = colab
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Serve this checkout at the repository's address, from a local bare one."""
    work, bare = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("bare")
    for path in repository_files():
        target = work / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in [
        ["init", "-q", "-b", "main"],
        ["add", "--all", "--force"],
        [*who, "commit", "-q", "-m", "all"],
        ["tag", f"v{PROJECT['version']}"],
        ["clone", "-q", "--bare", ".", str(bare)],
    ]:
        subprocess.run(["git", *command], cwd=work, check=True, capture_output=True)
    return bare.as_uri()


@pytest.fixture
def colab(tmp_path, monkeypatch, published):
    """An empty machine: a kernel without vae_lab, where google.colab is loaded."""
    site, content = tmp_path / "site", tmp_path / "content"
    site.mkdir()
    content.mkdir()
    (site / "sitecustomize.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.setenv("PIP_TARGET", str(site))
    monkeypatch.setenv("PIP_NO_BUILD_ISOLATION", "0")  # pip builds with no target only
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{published}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", ADDRESS)
    return content


def run(name, folder, cells=None, **changes):
    """Run a Colab lab in a fresh kernel; return what each code cell wrote."""
    notebook = read(ROOT / "colab" / f"{name}.ipynb")
    for cell in notebook.cells:
        cell.source = changes.get(cell.id, cell.source)
    if cells:
        notebook.cells = [by_id(notebook, cell) for cell in cells]
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=900, resources=resources).execute()
    cells = code_cells(notebook)
    errors = [o for cell in cells for o in cell.outputs if o.get("name") == "stderr"]
    assert not errors
    return {
        cell.id: "".join(output.get("text", "") for output in cell.outputs)
        for cell in cells
    }


def by_id(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name).copy()


@on_colab_stack
@pytest.mark.parametrize("name", ["00_tour", "03_sampler", "06_training"])
def test_a_lab_runs_whole(name, colab):
    said = run(name, colab)
    assert re.match(r"CPU, \d+ cores, tensorflow \S+\nNo GPU: choose", said["device"])
    assert not said["install"] and not said["leave"]
    assert [text for text in said.values() if text.startswith("○ Exercise")]


@on_colab_stack
def test_installing_twice_does_nothing_the_second_time(colab, monkeypatch):
    assert run("00_tour", colab, ["install", "setup"])
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://nowhere.invalid")
    said = run("00_tour", colab, ["install", "install", "setup", "device"])
    assert said["device"].startswith("CPU")


@on_colab_stack
def test_an_unreachable_repository_is_explained(colab, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "url.file:///nowhere.insteadOf")
    with pytest.raises(CellExecutionError) as refused:
        run("00_tour", colab, ["install"])
    assert "upload it with the Files panel" in str(refused.value)
    assert re.search("pip says: .*fatal: .*nowhere", str(refused.value))


@on_colab_stack
def test_with_a_gpu_but_no_full_set_the_sample_is_taken(colab, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(colab))
    for name in ["http_proxy", "https_proxy"]:
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # where nobody answers
    gpu = "import vae_lab.hardware as at\nat.accelerators = lambda: ['gpu:0']\n"
    setup = gpu + by_id(read(ROOT / "colab" / "06_training.ipynb"), "setup").source
    said = run("06_training", colab, ["install", "setup", "device"], setup=setup)
    assert "The full set cannot be reached: going on with the sample." in said["setup"]
    assert said["device"].startswith("gpu:0, tensorflow")


@on_colab_stack
def test_an_uploaded_wheel_is_taken(colab, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "url.file:///nowhere.insteadOf")
    build = "from setuptools.build_meta import build_wheel; build_wheel(r'{}')"
    source = colab.parent / "source"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "vae_lab", source / "vae_lab", ignore=unwanted)
    for file in ["pyproject.toml", PROJECT["readme"], *PROJECT["license-files"]]:
        shutil.copy(ROOT / file, source)
    command = [sys.executable, "-c", build.format(colab)]
    plain = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    subprocess.run(command, cwd=source, env=plain, check=True, capture_output=True)
    said = run("00_tour", colab, ["install", "setup", "device"])
    assert said["device"].startswith("CPU")


@on_colab_stack
def test_leaving_gives_the_machine_back_when_asked(colab):
    leave = tool.LEAVE.replace("False", "True")
    said = run("00_tour", colab, ["install", "leave"], leave=leave)
    assert said["leave"] == "VM given back\n"
