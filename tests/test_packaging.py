"""The files that install, describe and check the project agree with each other."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = CONFIG["project"]
EXTRAS = PROJECT["optional-dependencies"]
START = 'pip install -e ".[lab]" && jupyter lab notebooks/00_tour.ipynb'
TEST = 'pip install -e ".[test]" && pytest --nbval'

# What belongs to one machine, and not into the repository. The brackets keep the
# patterns from finding themselves here.
FOREIGN = {
    "home folder": r"/(?:root|home|Users)/[\w.]|[A-Za-z]:\\{1,2}Users\\",
    "package index": r"(?i)index[-_]url|find[-_]links|trusted[-_]host|//\S+/simpl[e]/",
    "registry": r"(?i)pypi[.]org|python[h]osted|registry[.]npmjs|[.]debian[.]org",
}
NOT_SOURCE = {"build", "dist", "venv", "__pycache__"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def is_source(path):
    """Tell whether a file is neither hidden nor built; used where there is no git."""
    folders = path.relative_to(ROOT).parts[:-1]
    hidden = {name for name in folders if name.startswith(".")} - {".ci", ".github"}
    built = {name for name in folders if name.endswith(".egg-info")}
    return not (hidden or built or NOT_SOURCE & set(folders))


def repository_files():
    """List what git holds or would hold, or without git all that is_source."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = []
    if shutil.which("git"):
        done = subprocess.run(command, cwd=ROOT, capture_output=True)
        names = done.stdout.decode().split("\0") if done.returncode == 0 else []
    if "pyproject.toml" in names:
        paths = [ROOT / name for name in names]
    else:
        paths = [path for path in ROOT.rglob("*") if is_source(path)]
    return sorted(path for path in paths if path.is_file())


def texts():
    """Yield the name and the text of every file of the repository that is text."""
    for path in repository_files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def required(*extras):
    groups = [PROJECT["dependencies"], *(EXTRAS[extra] for extra in extras)]
    return [Requirement(text) for group in groups for text in group]


# Versions


def test_environment_yml_installs_what_pyproject_asks_for():
    environment = yaml.safe_load(read("environment.yml"))
    assert environment["channels"][0] == "conda-forge"
    *conda, pip = environment["dependencies"]
    python, other = conda
    assert other == "pip"
    version = re.fullmatch(r"python=(\d+\.\d+)", python)[1]
    assert version in SpecifierSet(PROJECT["requires-python"])
    # The checkout itself with every extra: so all that pyproject.toml asks for.
    assert pip == {"pip": [f"-e .[{','.join(sorted(EXTRAS))}]"]}


def pins():
    lines = [line for line in read("constraints.txt").splitlines() if line.strip()]
    found = [Requirement(line) for line in lines if not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in found}, len(found)


def test_constraints_are_pins_of_different_packages():
    by_name, lines = pins()
    assert len(by_name) == lines
    for pin in by_name.values():
        assert re.fullmatch(r"==[^*,=]+", str(pin.specifier)), pin


def test_constraints_satisfy_every_requirement():
    by_name, _ = pins()
    for requirement in required(*EXTRAS):
        pin = by_name[canonicalize_name(requirement.name)]
        version = str(pin.specifier).removeprefix("==")
        assert version in requirement.specifier, f"{pin} is not {requirement}"


def test_python_versions_agree_in_metadata_workflow_and_ci():
    allowed = SpecifierSet(PROJECT["requires-python"])
    named = [
        line.rsplit(" ", 1)[1]
        for line in PROJECT["classifiers"]
        if re.search(r":: 3\.\d+$", line)
    ]
    assert named == [f"3.{n}" for n in range(30) if f"3.{n}" in allowed]
    workflow = yaml.safe_load(read(".github/workflows/ci.yml"))
    matrix = workflow["jobs"]["readme"]["strategy"]["matrix"]
    assert matrix["python"] == named
    low, high = (tuple(map(int, name.split("."))) for name in (named[0], named[-1]))
    assert f"{low} <= sys.version_info[:2] <= {high}" in read(".ci/run")


def test_citation_has_the_version_of_the_package():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["version"] == PROJECT["version"]
    assert f'__version__ = "{PROJECT["version"]}"' in read("vae_lab/__init__.py")


# The README


def test_readme_opens_with_its_two_commands():
    commands = [line for line in read("README.md").splitlines() if " && " in line]
    lines = [line for line in commands if line.startswith("pip ")]
    assert lines == [START, TEST]
    assert all(line in read("README.md").splitlines()[:20] for line in lines)


def test_commands_name_what_exists():
    for command in (START, TEST):
        assert set(re.search(r"\.\[(.*?)\]", command)[1].split(",")) <= set(EXTRAS)
    assert (ROOT / START.split()[-1]).is_file()


def test_ci_reads_its_command_from_the_readme():
    script = read(".ci/run")
    assert "README.md" in script
    pattern = re.search(r"grep -E '(.+?)'", script)[1]
    found = re.findall(pattern, read("README.md"), flags=re.MULTILINE)
    assert found == [TEST]
    assert script.count('eval "$command"\n') == 1
    lists = re.findall(r"install --quiet -r (tests/\S+)", script)
    assert lists == ["tests/colab-stack.txt", "tests/backends.txt"]
    assert all((ROOT / name).is_file() for name in lists)


def test_workflow_runs_the_ci_script_and_nothing_else():
    workflow = yaml.safe_load(read(".github/workflows/ci.yml"))
    assert workflow["permissions"] == {"contents": "read"}
    runs = [
        step["run"]
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    assert "bash .ci/run" in runs
    assert not any("pip install" in run or "pytest" in run for run in runs)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(document):
    text = read(document)
    targets = re.findall(r"\]\(([^)#]+)", text)
    local = [target for target in targets if "://" not in target]
    missing = [target for target in local if not (ROOT / target).exists()]
    assert not missing
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}
    assert set(re.findall(r"\]\(#(.+?)\)", text)) <= anchors


def test_readme_lists_every_lab():
    listed = re.findall(r"\(notebooks/(\d\d_\w+\.ipynb)\)", read("README.md"))
    assert listed == sorted(path.name for path in ROOT.glob("notebooks/*.ipynb"))


# The wheel


def test_wheel_holds_the_package_with_its_data(tmp_path):
    pytest.importorskip("setuptools", "77", 'comes with pip install -e ".[test]"')
    source = tmp_path / "source"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "vae_lab", source / "vae_lab", ignore=unwanted)
    for name in ["pyproject.toml", PROJECT["readme"], *PROJECT["license-files"]]:
        shutil.copy(ROOT / name, source)
    # The backend itself and not pip: no isolated environment, so no download.
    build = "from setuptools.build_meta import build_wheel; build_wheel('..')"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=source, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = set(wheel.namelist())
        (metadata,) = (name for name in names if name.endswith("/METADATA"))
        fields = HeaderParser().parsestr(wheel.read(metadata).decode())
    files = (ROOT / "vae_lab").rglob("*")
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"vae_lab/lab.mplstyle", "vae_lab/checks/__init__.py"} <= wanted
    assert any(name.endswith(".weights.h5") for name in wanted)
    assert {name for name in names if name.startswith("vae_lab/")} == wanted
    assert fields["License-Expression"] == PROJECT["license"]
    assert set(fields.get_all("License-File")) == set(PROJECT["license-files"])


# The repository


def test_repository_address_stands_in_one_place():
    address = PROJECT["urls"]["Repository"].removeprefix("https://")
    found = [name for name, text in texts() if address in text]
    badges = re.compile(r"README\.md|(notebooks|colab)/.+\.ipynb")
    assert [name for name in found if not badges.fullmatch(name)] == ["pyproject.toml"]
    assert read("pyproject.toml").count(address) == 1


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names_a(what):
    found = [
        f"{name}: {match[0]!r}"
        for name, text in texts()
        for match in re.finditer(FOREIGN[what], text)
    ]
    assert not found


def test_ruff_can_read_every_notebook():
    # It skips, without a word, a notebook that does not tell its language.
    for path in ROOT.glob("notebooks/*.ipynb"):
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        assert metadata["language_info"]["name"] == "python", path.name


@pytest.mark.parametrize("task", ["check --output-format=concise", "format --check"])
def test_ruff_finds_nothing_to(task):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *task.split(), "--no-cache", "--quiet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_stays_thin():
    """What the labs stand on stays under 1,000 lines, and every module readable."""
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ["vae_lab", "vae_lab/widgets"]
        for path in (ROOT / folder).glob("*.py")
    }
    lines = {
        name: len([line for line in text.splitlines() if line.strip()])
        for name, text in texts.items()
    }
    assert sum(n for name, n in lines.items() if "widgets" not in name) < 1000
    assert not {name: n for name, n in lines.items() if n > 260}


def test_the_numbers_of_the_readme_are_those_of_the_card():
    card = json.loads((ROOT / "vae_lab/weights/mnist_2d.json").read_text("utf-8"))
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    found = card["test"]
    assert f"{found['negative_elbo']} nats per image" in readme
    parts = f"{found['reconstruction_loss']} reconstruction + {found['kl_loss']} KL"
    assert parts in readme
