"""The checks: every mistake is named, every outcome is a sentence, nothing leaks."""

import ast
import copy
import inspect
import linecache
import random
import re
import textwrap
import warnings

import numpy as np
import pytest
from answers import RIGHT, WRONG

from vae_lab.checks import EXERCISES, LABS, check
from vae_lab.session import keras, layers, ops, start

NUMBERS = list(EXERCISES)
TABLES = [(number, words) for number in NUMBERS for words in EXERCISES[number].mistakes]
SIGNATURES = """
0.1 scale_pixels(raw)
0.2 halfway(z_a, z_b)
1.1 emptiest_point(codes, candidates)
1.2 interpolate(z_a, z_b, steps)
2.1 conv_facts(size, channels, filters, kernel_size, strides)
2.2 z_std_of(z_log_var)
3.1 sample_z(z_mean, z_log_var, epsilon)
3.2 pathwise_gradient(z_mean, z_std, epsilon)
4.1 transposed_size(size, kernel_size, strides, padding)
4.2 decoder_head(features)
5.1 reconstruction_loss(images, reconstruction)
5.2 kl_loss(z_mean, z_log_var)
5.3 effective_beta(reconstruction_weight, kl_weight, pixels, units)
6.1 vae_loss(images, outputs, beta)
6.2 read_curve(training, validation)
7.1 latent_grid(grid_size, low, high)
7.2 make_canvas(digits, grid_size)
7.3 quantile_path(z_a, z_b, steps)
8.1 slant(images)
8.2 attribute_vector(z, values)
8.3 plane_coordinates(z, origin, across, up)
9.1 log_weights(reconstruction_part, z, z_mean, z_log_var)
9.2 log_mean_exp(log_w)
10.1 kl_per_unit(z_mean, z_log_var)
10.2 active_units(z_mean)
10.3 free_bits(per_unit, free)
11.1 join(features, labels)
11.2 write_sheet(decoder, z)
11.3 label_probabilities(elbo)
12.1 test_sampler(sampler)
12.2 test_loss(loss)
12.3 test_split(split)
"""
each_exercise = pytest.mark.parametrize("number", NUMBERS)


@pytest.fixture(autouse=True, scope="module")
def session():
    start()  # or else TensorFlow's first operation logs to stderr


@pytest.fixture
def outcome(capfd):
    """Run a check; return what it printed, one outcome, and what it returned."""

    def run(number, attempt):
        returned = check(number, attempt)
        printed, errors = capfd.readouterr()
        assert errors == ""
        title = rf"^[○✗✓] Exercise {re.escape(number)}, {EXERCISES[number].name}: "
        assert len(re.findall(title, printed, re.M)) == 1
        assert re.match(title, printed)
        assert "Traceback" not in printed
        goes_on = "The lab goes on with the reference.\n"
        if printed[0] == "✓":
            assert returned is attempt and goes_on not in printed
        else:
            assert returned is EXERCISES[number].solution and goes_on in printed
        return printed

    return run


def answers(rows):
    """Parametrize by answers, named by the exercise and their line in the file."""
    names = [f"{number}-line{row[-1].__code__.co_firstlineno}" for number, *row in rows]
    return pytest.mark.parametrize("row", rows, ids=names)


# The tables


def test_exercises_are_those_of_the_notebooks():
    rows = [
        f"{number} {exercise.name}{inspect.signature(exercise.solution)}"
        for number, exercise in EXERCISES.items()
    ]
    bare = [re.sub(r"=[^,)]*", "", row) for row in rows]  # 7.1 has default values
    assert bare == SIGNATURES.strip().splitlines()


@each_exercise
def test_reference_passes_and_is_returned(number, outcome):
    printed = outcome(number, EXERCISES[number].solution)
    assert printed.startswith("✓") and EXERCISES[number].fact in printed


@pytest.mark.parametrize(("number", "words"), TABLES)
def test_each_mistake_of_the_tables_gets_its_own_words(number, words, outcome):
    printed = outcome(number, EXERCISES[number].mistakes[words])
    assert printed.startswith("✗") and f"not yet: {words}\n" in printed
    assert "yours" in printed and "expected" in printed


@each_exercise
def test_at_least_four_mistakes_in_a_table_and_four_beside_it(number):
    beside = {words for n, words, _ in WRONG if n == number}
    assert len(EXERCISES[number].mistakes) >= 4 and len(beside) >= 4
    assert sum(n == number for n, _ in RIGHT) >= 2


@each_exercise
def test_each_sentence_is_told_apart_and_plain(number):
    texts = [*EXERCISES[number].mistakes, EXERCISES[number].fact]
    assert len({text.lower() for text in texts}) == len(texts)
    for text in texts:
        assert text.endswith(".") and "  " not in text
        assert not re.search(r"\b(just|simply|obvious|obviously|easy|easily)\b", text)


@pytest.mark.parametrize("lab", LABS)
def test_no_table_repeats_a_sentence(lab):
    """Python would keep the last of two mistakes with one sentence, without a word."""
    tree = ast.parse(inspect.getsource(lab))
    tables = [node.keys for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    for keys in tables:
        sentences = [key.value for key in keys if isinstance(key, ast.Constant)]
        assert len(set(sentences)) == len(sentences)


@each_exercise
def test_expected_result_is_found_without_the_reference(number):
    exercise = EXERCISES[number]
    assert exercise.expected is not exercise.solution
    used = set(exercise.expected.__code__.co_names)
    assert not used & {exercise.name, exercise.solution.__name__, "model"}


# Answers beside the tables


@answers(WRONG)
def test_wrong_answer_gets_the_words_of_its_mistake(row, outcome):
    number, words, attempt = row
    printed = outcome(number, attempt)
    assert printed.startswith("✗") and words in printed
    assert sum(words in known for known in EXERCISES[number].mistakes) <= 1


@each_exercise
def test_each_sentence_of_a_table_is_earned_by_an_answer_beside_it(number):
    beside = [words for n, words, _ in WRONG if n == number]
    silent = [
        sentence
        for sentence in EXERCISES[number].mistakes
        if not any(words in sentence for words in beside)
    ]
    assert silent == []


@answers(RIGHT)
def test_right_answer_in_another_way_is_accepted_and_returned(row, outcome):
    number, attempt = row
    assert outcome(number, attempt).startswith("✓")


@pytest.mark.parametrize("number", ["0.1", "0.2", "1.1", "2.1", "5.3", "7.1", "7.3"])
def test_right_values_as_a_tensor_are_accepted(number, outcome):
    exercise = EXERCISES[number]

    def attempt(*args):
        values = np.asarray(exercise.expected(*args))
        return ops.convert_to_tensor(values.astype(exercise.dtype or values.dtype))

    assert outcome(number, attempt).startswith("✓")


# Answers that are none


def blank():
    """Return nothing; the shapes are those of the exercise."""
    ...


def passing(*args):
    pass


def half_filled(*args):
    value = ...
    return value


def prepared(*args):
    first = args[0]
    del first
    ...


def prepared_and_used(*args):
    value = ...
    return value + 1


@pytest.mark.parametrize("attempt", [blank, passing, half_filled, prepared, ...])
@each_exercise
def test_stub_is_not_attempted(number, attempt, outcome):
    assert outcome(number, attempt).startswith("○")


def test_stub_with_dots_that_are_used_is_told_so(outcome):
    assert "a `...` is still left in it" in outcome("5.3", prepared_and_used)


def raising(*args):
    raise RuntimeError("two\nlines, of which the first is told")


def recursing(*args):
    return recursing(*args)


class Odd:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")


class Silent(Exception):
    def __str__(self):
        return ""


def silent(*args):
    raise Silent


ODD_RESULTS = {
    "none": None,
    "nan": np.nan,
    "infinity": np.inf,
    "string": "0.5",
    "list": [1.0, 2.0, 3.0, 4.0],
    "empty list": [],
    "ragged list": [[1.0], [2.0, 3.0]],
    "list of none": [None, None],
    "tuple of one": (1.0,),
    "dict": {"z": 1.0},
    "set": {1.0},
    "complex": 1 + 2j,
    "complex array": np.ones((3, 2), complex),
    "object": object(),
    "odd object": Odd(),
    "class": Odd,
    "function": len,
    "bool": True,
    "scalar": -7.5,
    "huge int": 10**30,
    "wrong shape": np.ones((2, 3, 4, 5)),
    "empty array": np.empty((0, 2)),
    "array of strings": np.array(["a", "b"]),
    "array of objects": np.array([None, ...]),
    "all nan": np.full((6, 2), np.nan),
}


@pytest.mark.parametrize("kind", ODD_RESULTS)
@each_exercise
def test_odd_result_gets_a_sentence(number, kind, outcome):
    printed = outcome(number, lambda *args: ODD_RESULTS[kind])
    assert printed.startswith("✗") and re.search(r"not yet: \w.*[.?]$", printed, re.M)


@each_exercise
def test_odd_tensor_gets_a_sentence(number, outcome):
    assert outcome(number, lambda *args: ops.ones((2, 5))).startswith("✗")


@each_exercise
def test_nan_of_the_right_shape_is_told_and_no_other_mistake(number, outcome):
    exercise = EXERCISES[number]

    def attempt(*args):
        arrays = [np.asarray(x) if ops.is_tensor(x) else x for x in args]
        is_test = number.startswith("12.")  # its result is a verdict, no array
        shape = () if is_test else np.shape(exercise.expected(*arrays))
        values = np.full(shape, np.nan)
        return ops.convert_to_tensor(values) if exercise.tensors else values

    words = "return the output of a layer" if number == "4.2" else "there are NaN"
    words = "a test speaks by" if number.startswith("12.") else words
    assert words in outcome(number, attempt)


@pytest.mark.parametrize("attempt", [raising, recursing, silent])
@each_exercise
def test_answer_that_raises_gets_one_line(number, attempt, outcome):
    printed = outcome(number, attempt)
    assert re.search(r"it raised \w+ at the line `(raise|return) .*`[.:]", printed)
    assert printed.count("\n") == 2


@each_exercise
def test_wrong_number_of_arguments_names_the_right_ones(number, outcome):
    names = inspect.signature(EXERCISES[number].solution).parameters
    printed = outcome(number, lambda: 0)
    assert f"argument{'s' * (len(names) > 1)}: {', '.join(names)}." in printed
    assert "it must take" in outcome(number, lambda *args, more: 0)


@pytest.mark.parametrize("attempt", [None, 3.0, "sample_z", np.ones(3), [check]])
def test_what_is_no_function_is_told_so(attempt, outcome):
    printed = outcome("3.1", attempt)
    assert "a function named sample_z" in printed and "without calling it" in printed


@pytest.mark.parametrize("attempt", [Odd, len, np.exp, "".join, layers.Dense(1)])
@each_exercise
def test_other_callables_get_a_sentence(number, attempt, outcome):
    assert outcome(number, attempt).startswith("✗")


def test_error_text_of_the_backend_is_cleaned(outcome):
    def attempt(z_mean, z_log_var, epsilon):
        return z_mean + ops.reshape(z_log_var, (4, 3))

    printed = outcome("3.1", attempt)
    assert not re.search(r"\{\{|\[Op:|__wrapped__|\x1b", printed)


def test_error_inside_a_layer_is_told_by_its_cause(outcome):
    def attempt(features):
        return layers.Conv2D(1, 40, padding="valid")(features)

    printed = outcome("4.2", attempt)
    assert "it raised ValueError at the line `return layers.Conv2D(1, 40" in printed
    assert "Exception encountered" not in printed


# Where the error is


def define(source, filename):
    """Define a function as a notebook's cell does."""
    source = textwrap.dedent(source)
    lines = source.splitlines(keepends=True)
    linecache.cache[filename] = (len(source), None, lines, filename)
    cell = {"np": np, "ops": ops}
    exec(compile(source, filename, "exec"), cell)
    return cell


def test_line_of_the_error_is_named_in_a_cell(outcome):
    cell = define(
        """
        def halfway(z_a, z_b):
            total = z_a + z_b
            return totl / 2
        """,
        "/tmp/ipykernel_7/1.py",
    )
    printed = outcome("0.2", cell["halfway"])
    line = "at the line `return totl / 2`: name 'totl' is not defined"
    assert f"it raised NameError {line}" in printed


def test_line_of_the_answer_is_named_where_a_helper_of_another_cell_fails(outcome):
    helper = define("def half(x): return x / 'two'", "/tmp/ipykernel_7/2.py")["half"]
    cell = define(
        """
        def halfway(z_a, z_b):
            total = z_a + z_b
            return half(total)
        """,
        "/tmp/ipykernel_7/3.py",
    )
    cell["half"] = helper
    assert "at the line `return half(total)`:" in outcome("0.2", cell["halfway"])


def test_error_without_a_source_gets_a_sentence(outcome):
    cell = {}
    exec("def halfway(z_a, z_b): return z_c", cell)
    printed = outcome("0.2", cell["halfway"])
    assert "it raised NameError: name 'z_c' is not defined" in printed


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "pass",
        "return",
        "return None",
        "return ...",
        '"""Say what it does."""',
        '"""Say what it does."""\n    ...',
        "x = z_a  # given\n    ...",
        "x = ...\n    return x",
    ],
)
def test_cell_with_a_blank_is_not_attempted(body, outcome):
    cell = define(f"def halfway(z_a, z_b):\n    {body}\n", "/tmp/ipykernel_7/4.py")
    assert outcome("0.2", cell["halfway"]).startswith("○")


def test_indexing_with_dots_is_no_blank(outcome):
    cell = define(
        "def scale_pixels(raw):\n    x = raw[..., None] / 255\n    print(x.shape)\n",
        "/tmp/ipykernel_7/5.py",
    )
    returned = check("0.1", cell["scale_pixels"])
    assert returned is EXERCISES["0.1"].solution


def test_none_for_numbers_names_the_call(outcome):
    printed = outcome("4.1", lambda *args: None if args[3] == "valid" else 28)
    assert "None for transposed_size(3, 3, 2, 'valid')" in printed


# What a check leaves as it was


def spoil(value):
    """Change an argument in place, as far as it can be."""
    if isinstance(value, np.ndarray):
        value[...] = 0
    elif isinstance(value, list):
        value.clear()
    elif isinstance(value, tuple):
        for part in value:
            spoil(part)


@each_exercise
def test_answer_that_changes_its_arguments_spoils_nothing(number, outcome):
    exercise = EXERCISES[number]
    before = copy.deepcopy(exercise.cases)

    def attempt(*args):
        result = exercise.solution(*args)
        result = result.copy() if isinstance(result, np.ndarray) else result
        spoil(args)
        return result

    assert outcome(number, attempt).startswith("✓")
    np.testing.assert_equal(exercise.cases, before)
    assert outcome(number, exercise.solution).startswith("✓")


def draw(*args):
    """Draw from every global generator, and build a layer."""
    random.random()
    np.random.normal(size=3)  # noqa: NPY002
    keras.random.normal((3,))
    layers.Dense(1).build((None, 2))
    return args[0]


def next_draws():
    numbers = [random.random(), *np.random.normal(size=2)]  # noqa: NPY002
    dense = layers.Dense(1)
    dense.build((None, 2))
    return numbers + [float(keras.random.normal(())), float(ops.sum(dense.kernel))]


@pytest.mark.parametrize("attempt", [None, draw, passing])
@pytest.mark.parametrize("number", ["0.1", "2.1", "3.1", "3.2", "4.2", "6.1"])
def test_global_generators_go_on_as_without_a_check(number, attempt, outcome):
    def seeded(between):
        keras.utils.set_random_seed(11)
        first = next_draws()
        between()
        return first + next_draws()

    wanted = seeded(lambda: None)
    attempt = attempt or EXERCISES[number].solution
    assert seeded(lambda: outcome(number, attempt)) == wanted


def test_layers_built_in_a_check_take_no_names(outcome):
    def number_of(layer):
        return int(re.sub(r"\D", "", layer.name.removeprefix("conv2d")) or 0)

    before = number_of(layers.Conv2D(1, 3))
    for number in ("2.1", "4.1", "4.2"):
        outcome(number, EXERCISES[number].solution)
    assert number_of(layers.Conv2D(1, 3)) == before + 1


def test_check_works_without_the_private_parts_of_keras(monkeypatch, outcome):
    monkeypatch.setattr("vae_lab.checks.judging.global_state", None)
    assert outcome("2.1", EXERCISES["2.1"].solution).startswith("✓")


@pytest.mark.filterwarnings("error")
def test_warnings_of_an_answer_stay_silent(outcome):
    def attempt(z_a, z_b):
        warnings.warn("a learner's own", stacklevel=1)
        return np.log(-np.abs(z_a)) / np.zeros(2)

    assert "there are NaN" in outcome("0.2", attempt)


@pytest.mark.parametrize("number", ["3.3", "8.9", 3.1, None, check])
def test_unknown_exercise_lists_the_known_ones(number):
    with pytest.raises(KeyError, match=re.escape(", ".join(NUMBERS))):
        check(number, blank)
