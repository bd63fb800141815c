"""The solved labs in a real JupyterLab; their widgets by mouse, keyboard and finger.

Without Chromium these tests are skipped; their message says how to get it. Where the
environment variable VAE_LAB_SCREENSHOTS names a folder, each widget is photographed
into it: as stored, as run and as used, in the dark and in the light theme.
"""

import base64
import io
import os
import re
import shutil
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest
from jupyter_browser import (
    OpenNotebook,
    choose,
    serve,
    start_browser,
    wait_for,
    what_is_missing,
)
from notebook_files import NAMES, ROOT, read, solve, tags
from PIL import Image

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing()),
]

# The controls of each widget, in the order in which Tab reaches them: role and name.
WIDGETS = {
    "00_tour": {
        "explore": ["slider latent plane"],
        "draw": ["application drawing area: draw a digit", "button Clear"],
    },
    "01_autoencoder": {"train": [], "explore": ["slider latent plane"]},
    "02_encoder": {"rows": ["slider digit", "slider rows off", "slider first row off"]},
    "03_sampler": {
        "play": [
            "slider z_mean[0]",
            "slider z_log_var[0]",
            "checkbox leave out the 0.5, as the original does",
        ]
    },
    "04_decoder": {"trace": ["slider z"]},
    "05_loss": {
        "play": ["slider beta", "slider the posterior: its mean and its log variance"]
    },
    "06_training": {"train": []},
    "07_manifold": {
        "explore": ["slider latent plane"],
        "morph": ["slider from", "slider to", "slider share of the way"],
    },
    "08_latent_space": {
        "edit-play": [
            "slider digit",
            "slider change of slant (degrees)",
            "slider change of stroke width (pixels)",
            "slider change of loop area (pixels)",
            "button Undo all changes",
        ]
    },
    "09_likelihood": {
        "play": [
            "slider the true posterior, and the mean of your q",
            "slider z_log_var[0]",
            "slider z_log_var[1]",
            "slider correlation",
        ]
    },
    "10_beta": {"play": ["slider trained with beta"]},
    "11_conditional": {
        "train": [],
        "train-twin": [],
        "write": ["textbox number to write", "slider handwriting"],
    },
    "12_then_and_now": {
        "play": ["slider beta", "slider the posterior: its mean and its log variance"]
    },
}
SAYS = {  # what the line says of a slider's value
    "share of the way": "{:.0%} of the way",
    "beta": "+ {:.1f} * kl_loss",
    "z_log_var[0]": "{:.2f}",
}
CONTROLS = ".vae-lab [tabindex='0'], .vae-lab input, .vae-lab button:enabled"
OUTPUT = ".jp-OutputArea-output:has(.vae-lab)"
RED = "[data-mime-type$=stderr]"  # of JupyterLab's errors too
BROKEN = re.compile("Click to show javascript error|Error displaying|Loading widget")
FOCUSED = "control => control === document.activeElement"
DARK, LIGHT = "JupyterLab Dark", "JupyterLab Light"

# A widget's sentence, and all pixels and shapes that it shows but for the marker.
SEEN = """cell => {
  const canvases = [...cell.querySelectorAll(".vae-lab canvas:not([tabindex])")];
  const pixels = canvases.map((canvas) => canvas.toDataURL());
  const shapes = [...cell.querySelectorAll(".vae-lab svg > *")];
  const line = cell.querySelector(".vae-lab-line output").textContent;
  return [line, pixels.concat(shapes.map((shape) => shape.outerHTML)).join()];
}"""
# Each text of a widget, its color, and the colors behind it from the front to the back.
TEXTS = """cell => [...cell.querySelectorAll(".vae-lab *")].flatMap((element) => {
  const owned = [...element.childNodes].some((node) => node.nodeValue?.trim());
  const colors = [getComputedStyle(element).color];
  for (let back = element; back; back = back.parentElement) {
    colors.push(getComputedStyle(back).backgroundColor);
  }
  return owned ? [[element.textContent, colors]] : [];
})"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The labs, solved; tests put notebooks of their own beside them."""
    folder = tmp_path_factory.mktemp("root")
    shutil.copytree(ROOT / "notebooks", folder, dirs_exist_ok=True)
    for path in folder.glob("*.ipynb"):
        nbformat.write(solve(read(path)), path)
    return folder


@pytest.fixture(scope="module")
def opened(root, tmp_path_factory):
    """A function that opens a notebook, on a screen that fingers can touch."""
    with serve(root, tmp_path_factory.mktemp("jupyter")) as address:
        with start_browser(has_touch=True) as screen:
            yield lambda name: OpenNotebook(screen, address, f"{name}.ipynb")


@pytest.fixture(scope="module", params=WIDGETS)
def lab(request, opened):
    """A lab with widgets, open and not yet run."""
    lab = opened(request.param)
    lab.name, lab.widgets = request.param, WIDGETS[request.param]
    lab.cells = read(ROOT / "notebooks" / f"{lab.name}.ipynb").cells
    lab.stored = {name: stored(lab, name) for name in lab.widgets}
    yield lab
    lab.close()


@pytest.fixture(scope="module")
def ran(lab):
    """The lab after Run All Cells."""
    lab.run_all()
    for name in lab.widgets:
        rest(lab, widget(lab, name))
    photograph(lab, "run")
    yield lab
    photograph(lab, "used")


def write(path, *sources):
    """Write a notebook of code cells."""
    form = nbformat.v4
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [form.new_code_cell(dedent(source).strip()) for source in sources]
    nbformat.write(form.new_notebook(cells=cells, metadata={"kernelspec": spec}), path)


@pytest.fixture(scope="module")
def twins(root, opened):
    """A notebook with two widgets of a kind, and others."""
    setup = """
        import vae_lab as lab
        lab.start(seed=0)
        digits = lab.load_mnist()
        vae = lab.load_pretrained()
        z_mean, _ = vae.encoder.predict(digits.x_test, verbose=0)
        """
    explore = "lab.explore_latent_space(vae.decoder, z_mean, digits.y_test)"
    others = "lab.morph(vae, digits.x_test)", "lab.draw_digit(vae, digits.x_test)"
    write(root / "twins.ipynb", setup, explore, explore, *others)
    twins = opened("twins")
    twins.run_all()
    yield twins
    twins.close()


def widget(lab, name):
    return lab.cell([cell.id for cell in lab.cells].index(name))


def stored(lab, name):
    """What a cell shows before a run: its text, and each picture's width and bytes."""
    outputs = widget(lab, name).locator(".jp-OutputArea")
    if folder := os.environ.get("VAE_LAB_SCREENSHOTS"):
        outputs.screenshot(path=Path(folder, f"{lab.name}-{name}-stored.png"))
    ask = "images => images.map((image) => [image.naturalWidth, image.src])"
    return outputs.inner_text(), outputs.locator("img").evaluate_all(ask)


def set_theme(page, theme):
    choose(page, "Settings", "Theme", theme)
    page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")


def photograph(lab, moment):
    folder = os.environ.get("VAE_LAB_SCREENSHOTS")
    for theme in (DARK, LIGHT) if folder else ():
        set_theme(lab.page, theme)
        for name in lab.widgets:
            path = f"{lab.name}-{name}-{moment}-{theme.split()[1].lower()}.png"
            widget(lab, name).locator(OUTPUT).screenshot(path=Path(folder, path))


def seen(cell):
    return cell.evaluate(SEEN)


def rest(lab, cell):
    """Wait until a widget is at rest: then its line is read aloud."""
    cell.locator("output[aria-live=polite]").wait_for()
    lab.wait_until_idle()


def use(lab, cell, act, *arguments):
    """Do something to a widget: its line and what it shows change. Return the line."""
    before = seen(cell)
    act(*arguments)
    wait_for(lab.page, lambda: all(map(str.__ne__, seen(cell), before)))
    rest(lab, cell)
    return seen(cell)[0]


def drag(page, control, start, end):
    """Drag over a control; the places are shares of its width and height."""
    box = control.bounding_box()
    for at, act in [(start, page.mouse.down), (end, page.mouse.up)]:
        x, y = box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"]
        page.mouse.move(x, y, steps=8)
        act()


def told(control):
    return control.get_attribute("aria-valuetext")


def point(pad):
    """Where a pad says its point is."""
    return [float(number) for number in re.findall(r" (-?\d+\.\d+)", told(pad))]


def ends(pad):
    """The lowest and the highest value across a pad."""
    return [float(pad.get_attribute(f"aria-value{end}")) for end in ("min", "max")]


def pad_says(pad, line):
    """The line names the place of the pad's point."""
    said = [float(number) for number in re.findall(r"-?\d+\.\d+", line)]
    assert all(any(abs(x - y) < 0.011 for y in said) for x in point(pad)), line


def slider_says(slider, before, line):
    """A slider's value is new, stands beside it, and the line names it."""
    part = slider.locator("xpath=ancestor::*[contains(@class, 'vae-lab-slider')]")
    assert told(slider) != before
    assert part.locator(".vae-lab-value").inner_text() == told(slider)
    says = SAYS.get(part.locator("span").first.inner_text(), "")
    assert says.format(float(slider.input_value())) in line


def controls(cell):
    """The controls of a widget, each with its kind."""
    for control in cell.locator(CONTROLS).all():
        tag = control.evaluate("control => control.localName")
        yield control, control.get_attribute("type") or tag


def active_cell(page):
    """The place of JupyterLab's active cell, and the number of cells."""
    ask = "cells => cells.map((cell) => cell.matches('.jp-mod-active'))"
    active = page.locator(".jp-Notebook .jp-Cell").evaluate_all(ask)
    return active.index(True), len(active)


def contrast(colors):
    """The contrast ratio of the first color on all others, after WCAG 2."""
    mixed = [1.0, 1.0, 1.0]  # the page's paper
    lights = []
    for color in reversed(colors):
        *rgb, alpha = map(float, [*re.findall(r"[\d.]+", color), 1][:4])
        mixed = [alpha * x / 255 + (1 - alpha) * y for x, y in zip(rgb, mixed)]
        linear = [
            x / 12.92 if x < 0.04 else ((x + 0.055) / 1.055) ** 2.4 for x in mixed
        ]
        lights.append(sum(map(float.__mul__, (0.2126, 0.7152, 0.0722), linear)) + 0.05)
    return max(lights[-2:]) / min(lights[-2:])


@pytest.mark.parametrize("name", NAMES)
def test_the_table_names_every_widget(name):
    cells = read(ROOT / "notebooks" / f"{name}.ipynb").cells
    watching = [cell for cell in cells if "watch_training()" in cell.source]
    watched = [cell.id for cell in watching if not cell.source.startswith("def ")]
    played = [cell.id for cell in cells if "play" in tags(cell)]
    assert set(WIDGETS.get(name, [])) == {*watched, *played}


def test_before_a_run_each_widget_is_a_picture(lab):
    for text, pictures in lab.stored.values():
        assert not BROKEN.search(text)
        ((width, source),) = pictures
        start, data = source.split(",")
        image = Image.open(io.BytesIO(base64.b64decode(data)))
        assert start == "data:image/png;base64"
        assert width == image.width > 200
        assert len(image.convert("L").getcolors()) > 10


def test_a_run_leaves_nothing_red(ran):
    outputs = ran.page.locator(".jp-OutputArea-output")
    assert not ran.page.locator(RED).all_inner_texts()
    assert not BROKEN.search(" ".join(outputs.all_text_contents()))
    assert ran.page.locator(OUTPUT).count() == len(ran.widgets)
    assert not ran.errors


def test_every_solution_is_correct(ran):
    for place, cell in enumerate(ran.cells):
        if "check" in tags(cell):
            said = ran.cell(place).locator(".jp-OutputArea-output").all_text_contents()
            assert "".join(said).startswith("✓ Exercise"), said


def test_every_part_has_its_name_and_the_line_is_read_aloud(ran):
    roles = "slider", "checkbox", "application", "button", "textbox"
    for name, expected in ran.widgets.items():
        cell = widget(ran, name)
        tree = cell.locator(OUTPUT).aria_snapshot()
        parts = re.findall(r"""(?m)^\s*- '?(\w+)(?: "(.*?)")?""", tree)
        names = [f"{role} {words}" for role, words in parts if role in roles]
        assert [words for words in names if words != "button Stop"] == expected
        assert all(words for role, words in parts if role in (*roles, "img"))
        assert cell.get_by_role("status").get_attribute("aria-live") == "polite"


def test_the_mouse_works_every_control(ran):
    for name in ran.widgets:
        cell = widget(ran, name)
        others = [widget(ran, other) for other in ran.widgets if other != name]
        before = [seen(other) for other in others]
        for place, (control, kind) in enumerate(controls(cell)):
            control.scroll_into_view_if_needed()
            BY_MOUSE[kind](ran, cell, control, place)
        assert [seen(other) for other in others] == before
    assert not ran.errors


def draw_by_mouse(lab, cell, canvas, place):
    line = use(lab, cell, drag, lab.page, canvas, (0.5, 0.2), (0.5, 0.8))
    assert "z_mean" in line


def drag_pad(lab, cell, pad, place):
    pad_says(pad, use(lab, cell, drag, lab.page, pad, (0.5, 0.5), (0.7, 0.3)))
    low, high = ends(pad)
    assert abs(point(pad)[0] - (low + 0.7 * (high - low))) < 0.01 * (high - low)


def click_slider(lab, cell, slider, place):
    before, width = told(slider), slider.bounding_box()["width"]
    at = {"x": (0.3 + 0.15 * place) * width, "y": 8}
    slider_says(slider, before, use(lab, cell, lambda: slider.click(position=at)))


def click_toggle(lab, cell, toggle, place):
    use(lab, cell, toggle.click)
    assert toggle.is_checked()
    use(lab, cell, toggle.locator("xpath=..").locator("span").click)
    assert not toggle.is_checked()


def type_number(lab, cell, entry, place=0):
    line = use(lab, cell, entry.fill, "206")
    assert line.startswith("206, all at z = (0.00, 0.00). The plane shows the 2s.")
    use(lab, cell, entry.press_sequentially, "8")
    assert "room for 10" in said(lab, cell, entry.press_sequentially, "1234567")


def type_by_keys(lab, cell, entry):
    press = lab.page.keyboard.press
    press("Control+A")
    assert use(lab, cell, press, "Delete").startswith("Type a number.")
    assert use(lab, cell, press, "6").startswith("6, all at z")
    assert said(lab, cell, press, "x").startswith("'x' is no digit: type 0 to 9")


def said(lab, cell, act, *arguments):
    """Do something to a widget of which its line alone tells. Return the line."""
    before = seen(cell)
    act(*arguments)
    wait_for(lab.page, lambda: seen(cell)[0] != before[0])
    rest(lab, cell)
    return seen(cell)[0]


def click_clear(lab, cell, button, place):
    line = use(lab, cell, button.click)
    asked = re.findall(r"(\S+), asked for (\S+),", line)
    assert "empty" in line or (asked and all(was == to for was, to in asked))


def test_the_keyboard_works_every_control(ran):
    press = ran.page.keyboard.press
    for name in ran.widgets:
        cell = widget(ran, name)
        cell.focus()  # as in command mode: there Tab leads on into the output
        for place, (control, kind) in enumerate(controls(cell)):
            press("Tab")
            if place == 0 and not control.evaluate(FOCUSED):
                press("Tab")  # JupyterLab's own buttons on the cell came first
            assert control.evaluate(FOCUSED)
            outline = control.evaluate("control => getComputedStyle(control).outline")
            assert "none" not in outline and float(re.search(r"([\d.]+)px", outline)[1])
            before = active_cell(ran.page)
            BY_KEYS[kind](ran, cell, control)
            press("b")  # JupyterLab's key for a new cell
            assert active_cell(ran.page) == before
    assert not ran.errors


def draw_by_keys(lab, cell, canvas):
    press = lab.page.keyboard.press
    assert "z_mean" in use(lab, cell, press, "Space")
    use(lab, cell, press, "ArrowDown")
    assert "empty" in use(lab, cell, press, "Delete")
    for key in ["Space", "ArrowUp", "ArrowUp"]:
        use(lab, cell, press, key)
    before = seen(cell)
    for key in ["Space", "ArrowLeft", "ArrowLeft"]:  # the pen is up: nothing is drawn
        press(key)
    rest(lab, cell)
    assert seen(cell) == before and "z_mean" in before[0]


def step_pad(lab, cell, pad):
    low, high = ends(pad)
    start = point(pad)
    for key in ["ArrowRight", "ArrowDown", "Shift+ArrowLeft", "ArrowUp"]:
        pad_says(pad, use(lab, cell, lab.page.keyboard.press, key))
    moved = start[0] - 4 / 60 * (high - low), start[1]
    assert point(pad) == pytest.approx(moved, abs=0.011)
    pad_says(pad, use(lab, cell, lab.page.keyboard.press, "Home"))
    elsewhere = "01_autoencoder", "09_likelihood"  # home is a code, not the origin
    if told(pad).startswith("z[0]") and lab.name not in elsewhere:
        assert point(pad) == [0, 0]


def step_slider(lab, cell, slider):
    for key in ["ArrowRight", "ArrowLeft", "ArrowUp"]:
        before = told(slider)
        slider_says(slider, before, use(lab, cell, lab.page.keyboard.press, key))


def press_space(lab, cell, control):
    use(lab, cell, lab.page.keyboard.press, "Space")


BY_MOUSE = dict(canvas=draw_by_mouse, div=drag_pad, range=click_slider)
BY_MOUSE |= dict(checkbox=click_toggle, button=click_clear, text=type_number)
BY_KEYS = dict(canvas=draw_by_keys, div=step_pad, range=step_slider)
BY_KEYS |= dict(checkbox=press_space, button=press_space, text=type_by_keys)


def test_a_finger_drags_the_point_and_not_the_page(twins):
    cell = twins.cell(1)
    pad = cell.get_by_role("slider")
    box, session = pad.bounding_box(), twins.page.context.new_cdp_session(twins.page)

    def touch(kind, *at):
        place = dict(zip("xy", at))
        message = {"type": kind, "touchPoints": [place] if at else []}
        session.send("Input.dispatchTouchEvent", message)

    def swipe():
        x, y = box["x"] + 168, box["y"] + 168
        touch("touchStart", x, y)
        for step in range(1, 11):
            touch("touchMove", x + 7 * step, y - 10 * step)
        touch("touchEnd")

    pad_says(pad, use(twins, cell, swipe))
    assert point(pad) == pytest.approx([70 / 42, 100 / 42], abs=0.05)
    assert pad.bounding_box() == box


def test_two_widgets_of_a_kind_leave_each_other_alone(twins):
    for place, other in [(1, 2), (2, 1)]:
        cell, before = twins.cell(place), seen(twins.cell(other))
        pad = cell.get_by_role("slider")
        pad.scroll_into_view_if_needed()
        pad_says(pad, use(twins, cell, drag, twins.page, pad, (0.6, 0.6), (0.3, 0.8)))
        assert seen(twins.cell(other)) == before
        assert "z = (0.00, 0.00)" in use(twins, cell, pad.press, "Home")


def test_text_contrasts_with_the_dark_theme(twins):
    set_theme(twins.page, DARK)
    texts = [
        text for place in range(1, 5) for text in twins.cell(place).evaluate(TEXTS)
    ]
    set_theme(twins.page, LIGHT)
    assert len(texts) > 8
    assert not [words for words, colors in texts if contrast(colors) < 4.5]


def test_stop_ends_a_training_in_progress(root, opened):
    train = """
        vae = lab.VAE(lab.build_encoder(), lab.build_decoder())
        vae.compile("rmsprop")
        few = lab.load_mnist().x_train[:256]
        watch = [lab.watch_training()]
        history = vae.fit(few, epochs=900, verbose=0, callbacks=watch).history
        print("epochs:", len(history["loss"]))
        """
    write(root / "stop.ipynb", "import vae_lab as lab\nlab.start()", train)
    lab = opened("stop")
    choose(lab.page, "Run", "Run All Cells")
    cell = lab.cell(1)
    cell.get_by_role("status").filter(has_text="epoch 2 of 900").wait_for()
    cell.get_by_role("button", name="Stop").click()
    lab.wait_until_run(seconds=30)
    line = cell.get_by_role("status").inner_text()
    done = re.match(r"Stopped in epoch (\d+) of 900\b", line)[1]
    assert f"epochs: {done}\n" in f"{cell.locator('.jp-OutputArea').inner_text()}\n"
    assert cell.get_by_role("button", name="Stop").is_disabled()
    assert not lab.page.locator(RED).count() and not lab.errors
    lab.close()
