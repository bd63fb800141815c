"""The stored notebooks: one clean run, whole, in the course's form."""

import re

import nbformat
import pytest
from notebook_files import (
    NAMES,
    NOTEBOOKS,
    ROOT,
    code_cells,
    functions,
    prose,
    read,
    solutions,
    tagged,
    tags,
)

from vae_lab.checks import EXERCISES

TITLES = dict(
    enumerate(
        "tour autoencoder encoder sampler decoder loss training manifold "
        "latent_space likelihood beta conditional then_and_now".split()
    )
)
TAGS = {"setup", "predict", "build", "exercise", "check", "play"}
IGNORE = "nbval-ignore-output"


@pytest.fixture(params=NOTEBOOKS, ids=NAMES)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return read(path)


def printed(cell):
    """What a cell shows as text."""
    shown = [output.get("text", "") for output in cell.outputs]
    shown += [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return "".join(shown)


def test_the_course_has_its_labs():
    assert NAMES == [f"{number:02}_{noun}" for number, noun in TITLES.items()]


def test_it_is_a_valid_notebook_with_its_language(notebook):
    nbformat.validate(notebook)
    assert notebook.metadata.language_info.name == "python"
    assert notebook.metadata.kernelspec.language == "python"
    assert "widgets" not in notebook.metadata


def test_outputs_come_from_one_clean_run(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_nothing_red_is_stored(notebook):
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert outputs
    assert not [o for o in outputs if o.output_type == "error"]
    assert not [o for o in outputs if o.get("name") == "stderr"]


def test_no_path_and_no_address_is_stored(notebook):
    places = "|".join(["root", "home", "tmp", "work", "Users"])
    pattern = rf"/({places})/|0x[0-9a-f]{{8,}}|[A-Z]:\\"
    for cell in notebook.cells:
        text = cell.source + (printed(cell) if cell.cell_type == "code" else "")
        assert not re.search(pattern, text), cell.id


def test_one_title_and_few_headings(path, notebook):
    text = re.sub(r"```.*?```", "", prose(notebook), flags=re.DOTALL)
    number = int(path.stem[:2])
    assert re.findall(r"(?m)^# (.*)", text)[0].startswith(f"{number} · ")
    assert len(re.findall(r"(?m)^# ", text)) == 1
    assert 4 <= len(re.findall(r"(?m)^## ", text)) <= 9
    assert not re.findall(r"(?m)^#### ", text)


def test_the_anatomy_of_a_lab_is_complete_and_in_order(notebook):
    ids = [cell.id for cell in notebook.cells]
    parts = ["title", "goals", "where", "setup", "summary", "next", "sources"]
    assert [part for part in ids if part in parts] == parts
    goals, summary = (
        next(cell.source for cell in notebook.cells if cell.id == name)
        for name in ("goals", "summary")
    )
    assert 3 <= len(re.findall(r"(?m)^- ", goals)) <= 5
    assert len(re.findall(r"(?m)^- ", goals)) == len(re.findall(r"(?m)^- ", summary))
    assert len(tagged(notebook, "predict")) >= 3


def test_setup_is_short_and_alike(notebook):
    (setup,) = tagged(notebook, "setup")
    lines = [line for line in setup.source.splitlines() if line.strip()]
    assert lines[0] == "import vae_lab as lab"
    assert len(lines) <= 12
    assert [line for line in lines if line.startswith("lab.start(seed=")]


def test_only_known_tags_are_used(notebook):
    used = set().union(*(tags(cell) for cell in notebook.cells))
    assert used <= TAGS | {IGNORE}


def test_each_question_comes_before_code(notebook):
    cells = notebook.cells
    for at, cell in enumerate(cells):
        if "predict" in tags(cell):
            assert cell.source.startswith("**Predict.**"), cell.id
            later = [c.cell_type for c in cells[at + 1 : at + 3]]
            assert "code" in later, cell.id


def test_each_exercise_has_stub_check_hint_and_solution(path, notebook):
    by_id = {cell.id: cell for cell in notebook.cells}
    numbers = [n for n in EXERCISES if n.startswith(f"{int(path.stem[:2])}.")]
    stubs = [cell.id for cell in tagged(notebook, "exercise")]
    assert stubs == [f"exercise-{number.replace('.', '-')}" for number in numbers]
    assert 2 <= len(stubs) <= 3
    for number, stub in zip(numbers, stubs, strict=True):
        name = EXERCISES[number].name
        tail = stub.removeprefix("exercise-")
        text = by_id[f"{stub}-text"]
        check = by_id[f"check-{tail}"]
        assert f"### Exercise {number}" in text.source
        assert "worked value" in text.source
        assert by_id[stub].source.startswith(f"def {name}(")
        assert by_id[stub].source.endswith("    ...")
        assert check.source == f'{name} = lab.check("{number}", {name})'
        folded = by_id[f"solution-{tail}"].source
        assert folded.count("<details>") == folded.count("</details>") == 2
        assert "<b>Hint</b>" in folded and "<b>Solution</b>" in folded


def test_the_stored_run_is_the_unsolved_one(notebook):
    for cell in tagged(notebook, "check"):
        assert printed(cell).startswith("○ Exercise"), cell.id


def test_each_lab_has_a_widget_and_two_things_to_try(notebook):
    played = [at for at, cell in enumerate(notebook.cells) if "play" in tags(cell)]
    assert played
    for at in played:
        (shown, *_) = notebook.cells[at].outputs
        assert {"text/plain", "image/png"} == set(shown.data), notebook.cells[at].id
        assert "<" not in shown.data["text/plain"]  # a sentence and no address
        assert "**Two things to try" in notebook.cells[at + 1].source


def test_most_printing_cells_are_compared(notebook):
    speaking = [cell for cell in code_cells(notebook) if printed(cell)]
    ignored = [cell for cell in speaking if IGNORE in tags(cell)]
    assert len(ignored) <= len(speaking) / 5


def test_an_ignored_output_is_followed_by_an_assertion(notebook):
    cells = code_cells(notebook)
    for cell, after in zip(cells, cells[1:], strict=False):
        if IGNORE in tags(cell):
            assert "assert " in after.source and "✓" in printed(after), cell.id


def test_sizes_stay_readable(path, notebook):
    words = len(re.findall(r"\w+", re.sub(r"\$[^$]*\$|`[^`]*`", " ", prose(notebook))))
    assert words <= 2500
    assert len(notebook.cells) <= 60 and len(code_cells(notebook)) <= 25
    assert path.stat().st_size <= 500 * 1024
    for cell in code_cells(notebook):
        assert len([x for x in cell.source.splitlines() if x.strip()]) <= 30, cell.id


def test_never_three_code_cells_without_a_word(notebook):
    kinds = "".join(cell.cell_type[0] for cell in notebook.cells)
    assert "cccc" not in kinds


def test_no_filler_words_and_no_image_without_alt_text(notebook):
    text = prose(notebook)
    assert not re.findall(r"(?i)\b(?:just|simply|obviously|easily|easy)\b", text)
    assert not re.findall(r"!\[\]\(|<img (?![^>]*\balt=\"[^\"])", text)


def test_lesson_code_is_keras_and_touches_no_network(notebook):
    code = "\n".join(cell.source for cell in code_cells(notebook))
    assert not re.search(r"(?m)^\s*[!%]", code)
    assert not re.search(r"\btf\.|import tensorflow|import torch|import jax", code)
    assert not re.search(r"import \*|keras\.backend\b|urllib|requests", code)


def test_links_between_labs_lead_somewhere(path, notebook):
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", prose(notebook))
    assert links
    for link in links:
        assert (path.parent / link).exists(), link


def test_no_lab_imports_what_it_teaches(path, notebook):
    built = set().union(
        *(functions(cell.source) for cell in tagged(notebook, "build")),
        (
            e.name
            for n, e in EXERCISES.items()
            if int(n.split(".")[0]) == int(path.stem[:2])
        ),
    )
    taught = {name.split(".")[0] for name in built}
    code = "\n".join(cell.source for cell in code_cells(notebook))
    imported = re.findall(r"from vae_lab import (.*)", code)
    imported = {name for line in imported for name in re.split(r",\s*", line)}
    assert not taught & imported
    called = set(re.findall(r"\blab\.(\w+)\(", code))
    assert not (taught & called) - {"latent_grid"}  # lab 07 shows that it refuses


def test_build_cells_equal_the_package():
    package = functions((ROOT / "vae_lab" / "model.py").read_text(encoding="utf-8"))
    cells = [cell for path in NOTEBOOKS for cell in tagged(read(path), "build")]
    built = {}
    for cell in cells:
        built |= functions(cell.source)
    assert {"build_encoder", "build_decoder", "Sampling.call", "VAE.call"} <= set(built)
    for name, code in built.items():
        assert package[name] == code, f"{name} differs between lab and package"


@pytest.mark.parametrize(
    "name",
    ["reconstruction_loss", "kl_loss", "latent_grid", "log_weights", "log_mean_exp"],
)
def test_printed_solutions_equal_the_package(name):
    package = {}
    for module in ("model", "evaluate"):
        source = (ROOT / "vae_lab" / f"{module}.py").read_text(encoding="utf-8")
        package |= functions(source)
    printed_code = {}
    for path in NOTEBOOKS:
        for code in solutions(read(path)).values():
            printed_code |= functions(code)
    if name == "latent_grid":  # the package adds defaults and refuses bad input
        body = printed_code[name].split("body=")[1].split("decorator_list")[0]
        assert body.strip("[], ") in package[name]
    else:
        assert printed_code[name] == package[name]


def test_no_function_stands_in_two_notebooks():
    homes = {}
    for path in NOTEBOOKS:
        for cell in code_cells(read(path)):
            for dump in functions(cell.source).values():
                if "Constant(value=Ellipsis)" not in dump:
                    homes.setdefault(dump, set()).add(path.stem)
    assert not [places for places in homes.values() if len(places) > 1]
