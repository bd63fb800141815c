"""Processes that train, one a recipe, started and asked by `steps` and `train`."""

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys

ORIGINAL = "original_v1"  # needs an environment of its own
NAMES = {
    ORIGINAL: "the original, TensorFlow v1 mode",
    "original": "the original, Keras 3",
    "keras_io": "keras.io's example",
    "cvae": "TensorFlow's CVAE tutorial",
    "pytorch": "PyTorch, the original's architecture",
    "pytorch_channels_last": "the same, channels last",
    "pytorch_compiled": "the same, compiled",
    "lab06_jax": "lab 06 on JAX",
    "lab06": "lab 06",
    "full_set": "the same with its rates for the full set",
    "no_momentum": "the same without momentum",
    "muon": "the same with Muon",
}


def add_arguments(parser):
    parser.add_argument("--data", required=True, help="MNIST in Keras's layout, .npz")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument(
        "--original-python",
        metavar="PYTHON",
        help="an interpreter with tensorflow and tf_keras, for the original in v1 mode",
    )


def available(arguments):
    """Return the names of the recipes that can be run here, and say which cannot."""
    needs = {"pytorch": "torch", "lab06_jax": "jax"}
    found = []
    for name in arguments.only:
        module = needs.get("pytorch" if name.startswith("pytorch") else name)
        if name == ORIGINAL and not arguments.original_python:
            print(f"{NAMES[name]}: left out, --original-python is not given")
        elif module and not importlib.util.find_spec(module):
            print(f"{NAMES[name]}: left out, {module} is not installed")
        else:
            found.append(name)
    return found


class Worker:
    """A process that trains by one recipe, `benchmarks.recipes.__main__`."""

    def __init__(self, name, arguments):
        python = arguments.original_python if name == ORIGINAL else sys.executable
        # What `vae_lab.session` asks for is not for those who come without it.
        env = dict(os.environ)
        if name == ORIGINAL:
            env.pop("TF_ENABLE_ONEDNN_OPTS", None)
        backend = "jax" if name.endswith("_jax") else "tensorflow"
        self.process = subprocess.Popen(
            [python, "-m", "benchmarks.recipes", name, arguments.data],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**env, "KERAS_BACKEND": backend},
        )

    def ask(self, *words):
        """Send a line and return the answer, a dict."""
        print(*words, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(
                f"The worker {self.process.args} ended at {words}. Run it by hand: "
                "it reads these lines from standard input."
            )
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def versions():
    """Return the versions of what trains, where it is installed, on one line."""
    names = ["numpy", "tensorflow", "keras", "torch", "jax"]
    found = [name for name in names if importlib.util.find_spec(name)]
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in found)
