"""What opens a notebook in a real JupyterLab and a real browser, and runs it."""

import contextlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "chrome"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DIRECTORIES = [
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
]
SETTINGS = {  # by the network or by chance something would pop up over the page
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
RAN = """() => {  // each cell has its count, or an error has stopped the run
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
  const texts = prompts.map((prompt) => prompt.textContent);
  const red = document.querySelector("[data-mime-type$=stderr]");
  return texts.every((text) => /^\\[\\d+\\]/.test(text))
    || (red && !texts.some((text) => text.startsWith("[*]")));
}"""
BADGE = '<svg xmlns="http://www.w3.org/2000/svg" width="117" height="20"/>'


def find_chromium():
    """Return the path of Chromium or Chrome, or None."""
    named = os.environ.get("VAE_LAB_CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else CHROMIUM)), None)


def what_is_missing():
    """Return how to get what is not installed, or an empty string."""
    for module in ["playwright", "jupyterlab"]:
        if not importlib.util.find_spec(module):
            return f"{module} is not installed: python -m pip install {module}"
    if not find_chromium():
        return (
            "no Chromium found. Debian or Ubuntu: apt-get install chromium; elsewhere: "
            "install Chromium or Chrome and name it in VAE_LAB_CHROMIUM"
        )
    return ""


@contextlib.contextmanager
def serve(root, state, **environment):
    """Run JupyterLab on the folder `root` and yield its address.

    Nothing of the user's own settings is read or written: whatever Jupyter keeps goes
    into the folder `state`. `environment` is added to the server's and its kernels'.
    """
    state = Path(state)
    variables = {**os.environ, **environment}
    for name in ["JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "PYTEST_CURRENT_TEST"]:
        variables.pop(name, None)
    variables |= {name: str(state / name.lower()) for name in DIRECTORIES}
    for name, settings in SETTINGS.items():
        place = Path(variables["JUPYTERLAB_SETTINGS_DIR"], "@jupyterlab", name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place = place.with_suffix(".jupyterlab-settings")
        place.write_text(json.dumps(settings), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={root}"]
    command += ["--LabApp.extension_manager=readonly"]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        command.append("--allow-root")
    with open(state / "jupyter.log", "w+", encoding="utf-8") as log:
        server = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(300):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/api/status", timeout=2).close()
                    break
                if server.poll() is not None:
                    break
                time.sleep(0.2)
            else:
                raise TimeoutError("JupyterLab does not answer.")
            yield address
        finally:
            server.terminate()  # it shuts its kernels down first
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(30)
            server.kill()


@contextlib.contextmanager
def start_browser(**screen):
    """Start a headless browser and yield its context."""
    from playwright.sync_api import sync_playwright

    screen = {"viewport": {"width": 1300, "height": 1000}, **screen}
    with sync_playwright() as playwright:
        path = find_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser.new_context(**screen)
        browser.close()


def wait_for(page, condition, seconds=30):
    """Wait until a function returns something true, and return that."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} seconds")
        page.wait_for_timeout(20)  # not time.sleep: the page's events come in here
    return found


def choose(page, menu, *entries):
    """Choose an entry of JupyterLab's menu."""
    page.locator(".lm-MenuBar-itemLabel").get_by_text(menu, exact=True).click()
    for entry in entries:
        page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()


class OpenNotebook:
    """A notebook in JupyterLab: its `page`, and the `errors` that the browser met."""

    def __init__(self, context, address, name):
        self.page, self.errors = context.new_page(), []
        self.page.route(lambda url: not url.startswith(address), self._answer)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{address}/lab/tree/{name}?reset")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.wait_until_idle()  # before that, Run All Cells would be lost

    def _answer(self, route):
        """Answer what is asked of the network: the badge is all that may be."""
        if not route.request.url.endswith("/colab-badge.svg"):
            self.errors.append(f"asked for {route.request.url}")
        route.fulfill(content_type="image/svg+xml", body=BADGE)

    def _console(self, message):
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    def cell(self, index):
        """Return a cell, scrolled into view."""
        cell = self.page.locator(".jp-Notebook .jp-Cell").nth(index)
        cell.scroll_into_view_if_needed()
        return cell

    def wait_until_idle(self, seconds=60):
        status = self.page.locator("#jp-main-statusbar", has_text="| Idle")
        status.wait_for(timeout=1000 * seconds)

    def run_all(self, seconds=600):
        """Run all cells, and wait until that is done."""
        choose(self.page, "Run", "Run All Cells")
        self.wait_until_run(seconds)

    def wait_until_run(self, seconds):
        """Wait until the cells have run, or one has failed."""
        self.page.wait_for_function(RAN, timeout=1000 * seconds)
        self.wait_until_idle()

    def close(self):
        choose(self.page, "Kernel", "Shut Down Kernel")
        self.page.locator("#jp-main-statusbar", has_text="No Kernel").wait_for()
        self.page.close()
