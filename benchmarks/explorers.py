"""How soon explore_latent_space shows a new digit, beside the obvious way to do it.

The obvious way is `ipywidgets.interact` over two sliders, `decoder.predict` and a new
Matplotlib figure for each position. Both run on the same two cores: first in a kernel
without a browser, then in JupyterLab in a headless Chromium.
"""

import importlib.metadata
import json
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = "tensorflow keras ipywidgets anywidget jupyterlab ipykernel matplotlib"
SETUP = """
import vae_lab as lab
lab.start(seed=0)
digits = lab.load_mnist()
vae = lab.load_pretrained()
z_mean, _ = vae.encoder.predict(digits.x_test, verbose=0)
"""
OURS = """
explorer = lab.explore_latent_space(vae.decoder, z_mean, digits.y_test)
explorer
"""
OBVIOUS = """
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

def show(x, y):
    digit = vae.decoder.predict(np.array([[x, y]]), verbose=0)[0]
    plt.figure(figsize=(3.36, 3.36))
    plt.imshow(digit, cmap="gray_r", vmin=0, vmax=1)
    plt.show()

ends = (-4.0, 4.0, 0.01)
_ = ipywidgets.interact(show, x=ends, y=ends)
"""
TIMED = """
import json, time
import matplotlib.pyplot as plt
import numpy as np
from IPython.core.pylabtools import print_figure

def ours(z):
    explorer.pad.xy = z
    return explorer.digit.value

def obvious(z):
    digit = vae.decoder.predict(np.array([z]), verbose=0)[0]
    figure = plt.figure(figsize=(3.36, 3.36))
    plt.imshow(digit, cmap="gray_r", vmin=0, vmax=1)
    image = print_figure(figure)  # what Jupyter's plt.show() does
    plt.close(figure)
    return image

turn = np.linspace(0, 40, {moves})
path = np.stack([2.5 * np.sin(turn), 2.5 * np.cos(1.3 * turn)], axis=1).tolist()
times = {{}}
for name, move in [("ours", ours), ("obvious", obvious)]:
    times[name], images = [], set()
    for z in [[0.1, 0.1]] * 5 + path:  # the first five warm up
        began = time.perf_counter()
        images.add(move(tuple(z)))
        times[name].append(1000 * (time.perf_counter() - began))
    assert len(images) > 0.9 * len(path)
print(json.dumps({{name: part[5:] for name, part in times.items()}}))
"""
# Notes in the page when the pointer moves, and when an output's image is on screen.
WATCH = """output => {
  window.watch?.abort();
  window.watch = new AbortController();
  const options = { capture: true, signal: window.watch.signal };
  const seen = (window.seen = { moves: [], images: [] });
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 28;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const note = () => seen.moves.push(performance.now());
  window.addEventListener("pointermove", note, options);
  output.addEventListener("load", ({ target }) => {
    context.drawImage(target, 0, 0, 28, 28);
    const pixels = context.getImageData(0, 0, 28, 28).data.join();
    requestAnimationFrame(() => setTimeout(() => {  // after the frame is painted
      if (seen.last !== pixels) seen.images.push(performance.now());
      seen.last = pixels;
    }));
  }, options);
}"""


def add_arguments(parser):
    parser.add_argument("--moves", type=int, default=300, help="moves in the kernel")
    parser.add_argument(
        "--drags", type=int, default=5, help="drags of 5 s in a browser"
    )


def run(arguments):
    if hasattr(os, "sched_setaffinity"):  # whatever starts from here inherits it
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    kernel = in_the_kernel(arguments.moves)
    browser, version = in_the_browser(arguments.drags)
    return table(kernel, browser, arguments, version)


def in_the_kernel(moves):
    """Return the milliseconds from each change of position to its image's bytes."""
    import nbclient

    book = notebook(SETUP, OURS, TIMED.format(moves=moves))
    nbclient.NotebookClient(book, timeout=600, kernel_name="python3").execute()
    return json.loads(book.cells[-1].outputs[-1]["text"])


def in_the_browser(drags):
    """Drag over both; return what the page noted of each drag, and the browser."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    import nbformat
    from jupyter_browser import OpenNotebook, serve, start_browser, what_is_missing

    if what_is_missing():
        raise SystemExit(what_is_missing())
    with tempfile.TemporaryDirectory() as folder:
        root, state = Path(folder, "root"), Path(folder, "state")
        root.mkdir()
        state.mkdir()
        nbformat.write(notebook(SETUP, OURS, OBVIOUS), root / "drag.ipynb")
        with serve(root, state) as address, start_browser() as context:
            opened = OpenNotebook(context, address, "drag.ipynb")
            opened.run_all()
            pad, handle, slider = ".vae-lab-movable", ".noUi-handle", ".noUi-base"
            found = {"ours": [], "obvious": []}
            for _ in range(drags):  # by turns, so that both meet the same machine
                found["ours"].append(drag(opened, 1, pad, pad, ellipse))
                found["obvious"].append(drag(opened, 2, handle, slider, sideways))
            assert not opened.errors, opened.errors
            version = context.browser.version
            opened.close()
    return found, version


def ellipse(turn):
    return 0.5 + 0.35 * math.cos(turn), 0.5 + 0.35 * math.sin(turn)


def sideways(turn):
    return 0.5 + 0.45 * math.cos(turn), 0.5


def drag(opened, cell, grip, control, path, seconds=5, rate=60):
    """Drag along a path; return moves and images a second, and the last one's delay."""
    page, mouse, cell = opened.page, opened.page.mouse, opened.cell(cell)
    cell.locator(".jp-InputPrompt").first.click()  # JupyterLab scrolls to it
    grip, control = cell.locator(grip).first, cell.locator(control).first
    control.scroll_into_view_if_needed()
    cell.locator(".jp-OutputArea").first.evaluate(WATCH)
    box = control.bounding_box()

    def move(turn):
        x, y = path(turn)
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])

    grip.hover()
    mouse.down()
    began = time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        move(1.1 * spent)
        time.sleep(max(0, spent + 1 / rate - (time.perf_counter() - began)))
    move(1.1 * seconds + 0.3)  # a jump, to a picture that is surely new
    spent = time.perf_counter() - began
    # The last picture is on screen when none has come for two seconds.
    quiet = "performance.now() - Math.max(...seen.moves, ...seen.images) > 2000"
    page.wait_for_function(quiet, timeout=120_000)
    opened.wait_until_idle()
    seen = page.evaluate("seen")
    mouse.up()
    last = seen["moves"][-1]
    during = [at for at in seen["images"] if seen["moves"][0] <= at <= last]
    delay = seen["images"][-1] - last
    assert delay > 0, "the last move brought no picture"
    return len(seen["moves"]) / spent, len(during) / spent, delay


def notebook(*sources):
    import nbformat.v4 as form

    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [form.new_code_cell(source.strip()) for source in sources]
    return form.new_notebook(cells=cells, metadata={"kernelspec": spec})


def table(kernel, browser, arguments, chromium):
    """Return the figures as Markdown."""
    rows = [
        "| | `explore_latent_space` | the obvious way | ratio | target |",
        "|---|---:|---:|---:|---:|",
    ]

    def row(words, unit, figures, target, better, digits=1):
        ours, obvious = figures
        ratio = max(ours, obvious) / max(1e-9, min(ours, obvious))
        met = "" if not target else ": met" if better(ours, target) else ": missed"
        sign = {float.__le__: "at most ", float.__ge__: "at least "}.get(better, "")
        goal = f"{sign}{target:g}{met}" if target else ""
        rows.append(
            f"| {words} ({unit}) | {ours:.{digits}f} | {obvious:.{digits}f} "
            f"| {ratio:.1f} | {goal} |"
        )

    def both(pick, found):
        return [pick(found[name]) for name in ("ours", "obvious")]

    below, above = float.__le__, float.__ge__
    tenths = both(lambda part: statistics.quantiles(part, n=10)[-1], kernel)
    row("in the kernel, from a move to its image: median", "ms",
        both(statistics.median, kernel), 10.0, below)  # fmt: skip
    row("the same: 90th percentile", "ms", tenths, None, below)
    moves, images, delays = (
        {name: [drag[place] for drag in drags] for name, drags in browser.items()}
        for place in range(3)
    )
    row("in the browser: images shown during a drag", "a second",
        both(statistics.median, images), 20.0, above)  # fmt: skip
    row("mouse moves meanwhile", "a second",
        both(statistics.median, moves), None, above, 0)  # fmt: skip
    row("from the last move to the last image on screen: median", "ms",
        both(statistics.median, delays), 200.0, below, 0)  # fmt: skip
    row("the same: longest", "ms", both(max, delays), None, below, 0)
    return "\n".join([*rows, "", machine(arguments, chromium)])


def machine(arguments, chromium):
    """Return a sentence on what the figures were measured with."""
    parts = [f"Python {platform.python_version()}"]
    for name in PACKAGES.split():
        parts.append(f"{name} {importlib.metadata.version(name)}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    return (
        f"Over {arguments.moves} moves in the kernel and {arguments.drags} drags of 5 "
        f"seconds each in the browser. {', '.join(parts)}, Chromium {chromium}; "
        f"{processor()}, {cores or os.cpu_count()} cores."
    )


def processor():
    """Return the processor's model name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.processor() or platform.machine()
