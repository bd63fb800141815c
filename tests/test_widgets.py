"""The widgets by their traits, with anywidget and without it; no browser."""

import base64
import functools
import gc
import importlib
import io
import os
import re
import signal
import sys
import weakref
from types import SimpleNamespace

import IPython
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image
from test_model import tiny_vae

import vae_lab
from vae_lab.session import keras, ops

nan, inf = np.nan, np.inf
POINT, SEVEN = (1.5, -2.0), [[(8.0, 6.0), (19.0, 6.0), (13.0, 23.0)]]
MOVES = {  # builder -> control -> where to move it
    "explore_latent_space": {"pad": POINT},
    "explore_codes": {"pad": (0.2, -0.1)},
    "inspect_posterior": {"count": 4, "first": 17, "chosen": 7},
    "reparameterize": {"log_var": -2.0, "mean": 1.5, "fault": True},
    "trace_decoder": {"pad": POINT},
    "balance_losses": {"pad": (0.5, -3.0), "beta": 4.0},
    "fit_posterior": {"pad": (0.1, 0.2), "first": -3.0, "second": -1.0, "tilt": 0.5},
    "morph": {"start": 3, "end": 8, "share": 0.1},
    "draw_digit": {"sketch": SEVEN},
    "write_digits": {"number": "1984", "pad": POINT},
    "edit_digit": {"change_0": 40.0, "change_1": -0.4, "chosen": 7},
    "explore_beta": {"chosen": 2},
}
ENDS = dict(toggle=[True, False], sketch=[SEVEN, []], entry=["0", "9876543210"])
VALUE = dict(pad="xy", slider="value", toggle="value", sketch="strokes", entry="value")
SHOWN = dict(picture=["value"], pad=["background", "points", "lines", "ellipses"])
mnist = functools.cache(vae_lab.load_mnist)
trainee = functools.cache(tiny_vae)
interrupt = functools.partial(os.kill, os.getpid(), signal.SIGINT)


def small_vae(encoder=1.0, decoder=20.0):
    """A fast VAE with narrow posteriors, the weights of its parts scaled."""
    vae = tiny_vae()
    vae.encoder.get_layer("z_log_var").bias.assign([-6, -7])
    for part, factor in [(vae.encoder, encoder), (vae.decoder, decoder)]:
        part.set_weights([factor * weight for weight in part.get_weights()])
    return vae


def deep_vae():
    return vae_lab.VAE(vae_lab.build_encoder(3), vae_lab.build_decoder(3))


def conditional(decoder):
    """A decoder of [z, labels]: each label moves z to a place of its own."""
    z = keras.Input((decoder.input_shape[1],), name="z")
    labels = keras.Input((), dtype="int32", name="labels")
    places = np.random.default_rng(10).normal(0, 2, (10, z.shape[1]))
    places = keras.initializers.Constant(places)
    place = keras.layers.Embedding(10, z.shape[1], embeddings_initializer=places)
    return keras.Model([z, labels], decoder(z + place(labels)))


def sample_z(z_mean, z_log_var, epsilon):
    return z_mean + ops.exp(0.5 * z_log_var) * epsilon


AXIS = np.linspace(-4, 4, 41, dtype="float32")  # of the grid of fit_posterior


def log_joint(decoder, image):
    """log p(x, z) of an image on the grid, (41, 41); zeros without a plane."""
    z = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)
    if decoder.input_shape[-1] != 2:
        return np.zeros((41, 41))
    p = np.clip(decoder.predict(z, batch_size=2000, verbose=0), 1e-7, 1 - 1e-7)
    cost = np.sum(image * np.log(p) + (1 - image) * np.log1p(-p), axis=(1, 2, 3))
    return (cost - 0.5 * np.sum(z**2, axis=1) - np.log(2 * np.pi)).reshape(41, 41)


def ink(images):
    return images.sum(axis=(1, 2, 3))


def middle(images):
    """The column of the center of mass."""
    columns = (images * np.arange(28)[:, None]).sum(axis=(1, 2, 3))
    return columns / np.maximum(ink(images), 1e-9)


def inputs(vae, maps):
    """The arguments of each builder."""
    images, labels = mnist().x_test[:40], mnist().y_test[:40]
    z, z_log_var = vae.encoder.predict(images, verbose=0)
    table = log_joint(vae.decoder, images[0])
    attributes = {"ink (pixels)": (ink, [0.02, 0.0])}
    attributes["middle (columns)"] = (middle, [-0.3, 0.9])
    return {
        "explore_latent_space": (vae.decoder, z, labels),
        "explore_codes": (vae.decoder, z, labels),
        "inspect_posterior": (vae.encoder, images, labels),
        "reparameterize": (sample_z, np.random.default_rng(1).normal(size=z.shape)),
        "trace_decoder": (maps,),
        "balance_losses": (vae, images[0]),
        "fit_posterior": (table, AXIS, z[0], z_log_var[0]),
        "morph": (vae, images, labels),
        "draw_digit": (vae, images, labels),
        "write_digits": (conditional(vae.decoder),),
        "edit_digit": (vae, images, attributes, labels),
        "explore_beta": (),
    }


@functools.cache
def usual():
    return inputs(small_vae(), vae_lab.load_pretrained().decoder)


def build(name, package=vae_lab, **moves):
    explorer = getattr(package, name)(*usual()[name])
    return move(explorer, **moves)


def move(explorer, **moves):
    for name, value in moves.items():
        part = getattr(explorer, name)
        setattr(part, VALUE[part.kind], value)
    return explorer


def value_of(explorer, name):
    part = getattr(explorer, name)
    return getattr(part, VALUE[part.kind])


def looks(explorer):
    """What a widget shows: name of the part -> the traits that are drawn."""
    parts = explorer.parts.items()
    shown = {
        name: [getattr(p, at) for at in SHOWN.get(p.kind, [])] for name, p in parts
    }
    return {**shown, "line": explorer.line.value}


def gray(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def registry():
    """The widgets that ipywidgets keeps alive, in its versions 8 and 7."""
    module = ipywidgets.widgets.widget
    new = hasattr(module, "_instances")
    return set(module._instances if new else ipywidgets.Widget.widgets)


@pytest.fixture(scope="module", autouse=True)
def awake():
    """TensorFlow writes its first lines now, held back, and not into a test."""
    vae_lab.start()


@pytest.fixture(scope="module", params=["live", "plain"])
def widgets(request):
    """The package of the widgets, with anywidget and without it."""
    if request.param == "live":
        return vae_lab.widgets
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vae_lab, "widgets", vae_lab.widgets)  # to have it put back
        for name in [name for name in sys.modules if name.startswith("vae_lab.wid")]:
            patch.delitem(sys.modules, name)
        patch.setitem(sys.modules, "anywidget", None)
        return importlib.import_module("vae_lab.widgets")


@pytest.fixture(scope="module", params=MOVES)
def built(request, widgets):
    explorer, moves = build(request.param, widgets), MOVES[request.param]
    yield explorer, moves, {name: value_of(explorer, name) for name in moves}
    explorer.close()


@pytest.fixture
def stage(built):
    """A widget whose controls are where they were at first, and moves for them."""
    explorer, moves, home = built
    yield explorer, moves
    move(explorer, **home)


# Every widget


def test_control_goes_from_end_to_end_no_further_and_back(stage):
    explorer, moves = stage
    for name, middle in moves.items():
        part, before = getattr(explorer, name), looks(explorer)
        home, ends = value_of(explorer, name), ENDS.get(part.kind)
        for far, value in zip([-1e30, 1e30], ends or [part.low, part.high]):
            text = move(explorer, **{name: value}).line.value
            assert value_of(explorer, name) == value
            assert not re.search("nan|inf|outside|finite", text)
            if not ends:
                move(explorer, **{name: (far, far) if part.kind == "pad" else far})
                assert value_of(explorer, name) == value
                assert re.match(r"-?1\d+\.00 is outside -?\d", explorer.line.value)
        after = looks(move(explorer, **{name: middle}))
        changed = {at for at in after if after[at] != before[at]}
        assert "line" in changed and len(changed) > 1
        assert looks(move(explorer, **{name: home})) == before
        move(explorer, **{name: middle})


@pytest.mark.parametrize("bad", [nan, inf, -inf])
def test_number_that_is_not_finite_leaves_the_control_as_it_was(stage, bad):
    explorer, moves = stage
    before = looks(move(explorer, **moves))
    for name in moves.keys() - {"fault", "number"}:
        good, kind = value_of(explorer, name), getattr(explorer, name).kind
        wrong = [[(1.0, bad)]] if kind == "sketch" else bad
        wrong = (good[0], bad) if kind == "pad" else wrong
        after = looks(move(explorer, **{name: wrong}))
        assert value_of(explorer, name) == good
        assert re.match("A .* must be .*finite number", after["line"])
        assert after["line"].endswith(before["line"])
        assert {**after, "line": before["line"]} == before
        assert looks(move(explorer, **{name: good})) == before


def test_output_without_a_kernel_is_a_picture(stage):
    explorer, moves = stage
    bundle = explorer._repr_mimebundle_()
    move(explorer, **moves)
    moved, _ = IPython.core.formatters.DisplayFormatter().format(explorer)
    assert sorted(moved) == sorted(bundle) and len(bundle) == 3
    assert moved["text/plain"] == bundle["text/plain"] == explorer.caption
    assert moved["image/png"] != bundle["image/png"]
    assert np.ptp(gray(base64.b64decode(moved["image/png"]))) > 100
    view = moved["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == explorer.model_id in registry()


def test_widget_disturbs_no_other_and_leaves_nothing(stage, request, capfd, recwarn):
    (other, moves), params = stage, request.node.callspec.params
    seen, before = looks(other), registry()
    explorer = build(params["built"], request.getfixturevalue("widgets"), **moves)
    explorer._repr_mimebundle_()
    assert registry() > before
    gone = weakref.ref(explorer)
    explorer.close()
    del explorer
    gc.collect()
    assert gone() is None
    assert registry() <= before
    assert looks(other) == seen
    assert capfd.readouterr() == ("", "")
    assert {at.category for at in recwarn} <= {DeprecationWarning}


def test_thousand_moves_leave_nothing_behind(widgets):
    explorer = build("explore_latent_space", widgets)

    def wander(moves):
        for turn in range(moves):
            move(explorer, pad=(np.cos(turn), np.sin(turn)))
        gc.collect()
        return len(gc.get_objects()), registry()

    wander(40)
    live = widgets is vae_lab.widgets  # the plain pad takes 15 ms a move
    before, after = wander(10), wander(1000 if live else 60)
    assert after[0] - before[0] < 40
    assert after[1] == before[1]


@pytest.mark.parametrize("widgets", ["plain"], indirect=True)
def test_sliders_of_the_plain_parts_move_them(widgets):
    explorer = build("explore_latent_space", widgets)
    [image, *sliders] = explorer.pad.children
    before = bytes(image.value)
    sliders[0].value = 1.5
    assert explorer.pad.xy == (1.5, 0.0) and bytes(image.value) != before
    shown = Image.open(io.BytesIO(explorer.digit.children[0].value))
    stored = Image.open(io.BytesIO(explorer.digit.value))
    assert shown.size == (12 * 28, 12 * 28) and stored.size == (28, 28)
    np.testing.assert_array_equal(np.asarray(shown)[6::12, 6::12], np.asarray(stored))
    assert explorer.line.children[0].value == explorer.line.value
    explorer.pad.xy = 0.0, -1.0
    assert [slider.value for slider in sliders] == [0.0, -1.0]
    explorer = build("morph", widgets, share=7)
    assert explorer.line.value.startswith("7.00 is outside 0.00 to 1.00.")
    assert len(explorer.pad.children) == 1  # its sliders would move nothing


# Bad input

numbers = st.sampled_from([nan, inf, -inf]) | st.floats() | st.floats(-4, 32)
points = st.tuples(numbers, numbers)
ways = st.sampled_from([setattr, lambda part, name, to: part.set_state({name: to})])


@settings(max_examples=100, deadline=None)
@given(st.lists(points, min_size=1, max_size=4), ways)
def test_point_of_a_pad_is_always_inside(points, put):
    pad = vae_lab.widgets.parts.Pad(low=(-3.0, 0.0), high=(3.0, 2.0))
    for point in points:
        before, nearest = pad.xy, tuple(np.clip(point, [-3, 0], [3, 2]).tolist())
        put(pad, "xy", point)
        assert pad.xy == (nearest if np.isfinite(point).all() else before)
        if nearest != point or pad.xy != before:
            assert bool(pad.problem) == (nearest != point)
    pad.close()


drawing = functools.cache(lambda: build("draw_digit"))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(points, max_size=4)), ways)
def test_any_drawing_gets_an_answer_and_can_be_cleared(strokes, put):
    explorer, sketch = drawing(), drawing().sketch
    put(sketch, "strokes", strokes)
    assert np.isfinite([at for stroke in sketch.strokes for at in stroke]).all()
    text = r"Negative ELBO \d+ nats" if sketch.strokes else "the area is empty"
    assert re.search(text, explorer.line.value)
    explorer.clear.clicks += 1
    assert sketch.strokes == explorer.plane.points == []
    assert explorer.line.value.startswith("Draw a digit: the area is empty.")


@pytest.mark.parametrize(
    "typed, text",
    [
        ("19x84", "'x' is no digit: type 0 to 9 and nothing else."),
        ("-7", "'-' is no digit: type 0 to 9 and nothing else."),
        ("\u0663", "'\u0663' is no digit: type 0 to 9 and nothing else."),
        ("1 000", "' ' is no digit: type 0 to 9 and nothing else."),
        ("01234567890", "There is room for 10 digits, no more."),
    ],
)
def test_what_is_no_number_is_refused_and_the_last_one_stays(widgets, typed, text):
    explorer = build("write_digits", widgets, number="42")
    before = looks(explorer)
    for _ in range(2):
        explorer.number.value = typed
        after = looks(explorer)
        assert explorer.number.value == "42"
        assert after.pop("line") == f"{text} {before['line']}"
        assert after.items() <= before.items()
        move(explorer, pad=POINT, number="42")
        assert looks(move(explorer, pad=(0.0, 0.0))) == before
    explorer.number.value = ""
    assert explorer.line.value == "Type a number. z = (0.00, 0.00)."
    assert looks(move(explorer, number="42")) == before
    explorer.close()


def test_digits_are_refused_by_a_decoder_that_knows_no_labels(widgets):
    (decoder,) = usual()["write_digits"]
    explorer = widgets.write_digits(small_vae().decoder)
    assert "it needs a decoder of [z, labels]" in explorer.line.value
    text = widgets.write_digits(decoder, "4x").line.value
    assert text == "write_digits: 'x' is no digit: type 0 to 9 and nothing else."
    assert widgets.write_digits(decoder, 42).line.value.startswith("42, all at z")
    decoder = keras.Model(decoder.inputs, decoder.layers[-1](decoder.inputs[0]))
    text = widgets.write_digits(decoder).line.value
    assert text.endswith("It draws the same whatever the label.")


@pytest.mark.parametrize(
    "factors, text, silent",
    [
        (None, r"needs .*\b3[.)]+$", ""),
        ((1, 0), "is it trained", "inspect_posterior reparameterize fit_posterior"),
        ((1, nan), "not finite", "inspect_posterior reparameterize trace_decoder"),
        ((nan, 20), "not finite", "reparameterize trace_decoder write_digits"),
    ],
)
def test_model_with_nothing_to_show_gets_a_sentence(factors, text, silent):
    vae = small_vae(*factors) if factors else deep_vae()
    maps = vae_lab.build_decoder(2 if factors else 3)
    for name, args in inputs(vae, maps).items():
        explorer = getattr(vae_lab, name)(*args)
        talks = name not in silent and name != "explore_beta"  # it shows stored results
        assert bool(re.search(text, explorer.line.value)) == talks
        assert np.ptp(np.asarray(explorer.snapshot())) > 100


unlabeled = ["explore_codes", "inspect_posterior", "morph", "edit_digit"]


@pytest.mark.parametrize("name", unlabeled)
def test_labels_may_be_missing(name):
    explorer = getattr(vae_lab, name)(*usual()[name][: 3 if name[:2] == "ed" else 2])
    assert not re.search(r"^\w+: |\ba \d", explorer.line.value)


# A digit in MNIST's form


def test_center_digit_gives_back_the_digits_of_mnist_of_any_size():
    digits, factor = mnist().x_test, np.ones((3, 3))
    again = np.stack([vae_lab.center_digit(digit[..., 0]) for digit in digits])
    np.testing.assert_array_equal(again, digits)
    for digit, expected in zip(digits[:50, ..., 0], again):
        ink = np.pad(np.kron(digit, factor), [(3, 50), (20, 0)])
        np.testing.assert_allclose(vae_lab.center_digit(ink), expected, atol=1e-6)


drawings = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=40))


@settings(deadline=None)
@given(drawings.filter(np.any))
def test_center_digit_fits_20_pixels_and_centers_the_mass(ink):
    digit = vae_lab.center_digit(ink)
    assert (digit.shape, digit.dtype) == ((28, 28, 1), np.float32)
    assert 0 <= digit.min() and 0 < digit.max() <= 1
    for axis in (0, 1):
        mass = digit.sum(axis=(1 - axis, 2))
        taken = np.flatnonzero(mass)
        assert np.ptp(taken) < 20
        off = np.arange(28) @ mass / mass.sum() - 14  # where MNIST's own centers lie
        assert abs(off) < 0.501 or (taken[0] == 0 if off > 0 else taken[-1] == 27)


@pytest.mark.parametrize("value, text", [(0, "draw a digit"), (nan, "must be finite")])
def test_center_digit_says_what_is_wrong(value, text):
    with pytest.raises(ValueError, match=text):
        vae_lab.center_digit(np.full((28, 28), value))


# Training, watched


def fit(watch, model, ask=lambda: None, **more):
    """Train for 2 epochs of 3 batches; return the losses and how many batches ran."""
    seen, images, callback = [], mnist().x_test[:24], keras.callbacks.LambdaCallback
    count = callback(on_train_batch_end=lambda batch, logs: seen.append(batch))
    begin = callback(on_train_batch_begin=lambda batch, logs: ask())
    settings = dict(epochs=2, batch_size=8, verbose=0, callbacks=[begin, watch, count])
    return model.fit(images, **settings | more).history["loss"], len(seen)


@pytest.fixture
def display(monkeypatch):
    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    return shown


def test_watch_draws_each_epoch_and_prints_nothing(widgets, display, capfd, recwarn):
    before, watch, figures = registry(), widgets.watch_training(), plt.get_fignums()
    figure, picture, pictures = watch.figure, watch.picture, []
    [*_, loss], _ = fit(watch, trainee(), lambda: pictures.append(picture.value))
    pictures.append(picture.value)
    assert len(set(pictures)) == 3 and np.ptp(gray(pictures[-1])) > 100
    assert watch.bar.value == watch.bar.high == 2
    assert watch.line.value.startswith("Done after epoch 2 of 2.")
    assert f"loss {loss:.1f} nats per image" in watch.line.value
    assert watch.figure is figure and len(figure.axes) == 3
    assert (plt.get_fignums(), display) == (figures, [])
    assert watch._repr_mimebundle_()["text/plain"] == watch.panel.caption
    gone = weakref.ref(watch.panel)
    watch.panel.close()
    del watch
    gc.collect()
    assert gone() is None and registry() <= before
    assert capfd.readouterr() == ("", "")
    assert {at.category for at in recwarn} <= {DeprecationWarning}


@pytest.mark.parametrize("way", ["button", "signal"])
def test_watch_stops_after_the_batch_in_progress(display, monkeypatch, way):
    features = {"supported_features": ["kernel subshells"] if way == "button" else []}
    shell = SimpleNamespace(kernel=SimpleNamespace(kernel_info=features))
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    watch, before = vae_lab.watch_training(), signal.getsignal(signal.SIGINT)
    enabled = []

    def ask():
        enabled.append(watch.stop.enabled)
        if len(enabled) == 2:
            watch.stop.clicks += way == "button"
            interrupt() if way == "signal" else None

    losses, batches = fit(watch, trainee(), ask)
    assert (len(losses), batches) == (1, 2)
    assert re.match("Stopped .*epoch 1 of 2", watch.line.value)
    assert enabled == 2 * [way == "button"] and not watch.stop.enabled
    assert display == [watch.panel]
    assert signal.getsignal(signal.SIGINT) is before
    assert len(fit(watch, trainee(), epochs=5, initial_epoch=3)[0]) == 2
    text = watch.line.value
    assert text.startswith("Done after epoch 5 of 5.")
    assert watch.bar.value == watch.bar.high == 5
    watch.stop.clicks += 1  # too late
    assert watch.line.value == text


def test_signals_interrupt_as_ever_at_the_second_and_after_an_error(request):
    watch, usual = vae_lab.watch_training(), signal.default_int_handler
    before = signal.signal(signal.SIGINT, usual)  # a job in the background ignores it
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with pytest.raises(KeyboardInterrupt):
        fit(watch, trainee(), lambda: [interrupt(), interrupt()])
    assert signal.getsignal(signal.SIGINT) is usual
    broken = small_vae(encoder=nan)
    for _ in range(2):
        with pytest.raises(FloatingPointError):
            fit(watch, broken)
    with pytest.raises(KeyboardInterrupt):
        interrupt()


@pytest.mark.parametrize("axes", [1, 2])
def test_watch_draws_no_manifold_where_there_is_none(axes):
    watch, model, more = vae_lab.watch_training(), deep_vae(), {}
    if axes == 1:
        model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
        more["y"] = np.ones(24)
    model.compile("sgd", "mse" if more else None)
    assert len(fit(watch, model, epochs=1, **more)[0]) == 1
    assert len(watch.figure.axes) == axes
