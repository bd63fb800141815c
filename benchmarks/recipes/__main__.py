"""Train by one of the recipes, as told line by line on standard input.

`python -m benchmarks.recipes NAME DATA` is what the benchmarks `steps` and `train` run
in a process of its own for each recipe. It answers each line with one of JSON:

- `own`: the recipe's own `{"batch_size": ..., "epochs": ...}`;
- `build STEPS BATCH_SIZE`: make the model and train two batches, `{}`;
- `fit N`: train on the next N images, `{"seconds": ...}`;
- `losses`: `{"reconstruction_loss": ..., "kl_loss": ...}` of the test images;
- `matmul`: `{"gflops": ...}`, NumPy's rate for matrices of 2,048 by 2,048;
- `memory`: `{"megabytes": ...}`, the most that this process has held.
"""

import functools
import importlib
import json
import os
import sys
import time

import numpy as np

OPTIONS = {
    "pytorch_compiled": ("pytorch", {"compiled": True}),
    "pytorch_channels_last": ("pytorch", {"channels_last": True}),
    "lab06_jax": ("lab06", {}),
    "full_set": ("lab06", {"peak": 5e-3, "warm_up": 0.1}),
    "no_momentum": ("lab06", {"momentum": 0.0}),
    "muon": ("lab06", {"optimizer": "Muon", "peak": 5e-3, "momentum": 0.95}),
}


def load(name):
    """Return a recipe's module, and its `build` with the options of its name."""
    module, options = OPTIONS.get(name, (name, {}))
    recipe = importlib.import_module(f"benchmarks.recipes.{module}")
    return recipe, functools.partial(recipe.build, **options)


def main(name, data):
    answers = os.fdopen(os.dup(1), "w")  # ours alone: libraries print to 1
    os.dup2(2, 1)
    recipe, build = load(name)
    with np.load(data) as arrays:
        x_train, x_test = (
            arrays[key][..., None].astype("float32") / 255
            for key in ("x_train", "x_test")
        )
    rng = np.random.default_rng(0)
    order = np.array([], int)
    for line in sys.stdin:
        what, *numbers = line.split()
        numbers = [int(number) for number in numbers]
        answer = {}
        if what == "own":
            answer = {"batch_size": recipe.OWN_BATCH_SIZE, "epochs": recipe.EPOCHS}
        elif what == "build":
            steps, batch_size = numbers
            fit, losses = build(steps, batch_size)
            fit(x_train[: 2 * batch_size])
        elif what == "fit":
            while len(order) < numbers[0]:
                order = np.append(order, rng.permutation(len(x_train)))
            images, order = x_train[order[: numbers[0]]], order[numbers[0] :]
            began = time.perf_counter()
            fit(images)
            answer = {"seconds": time.perf_counter() - began}
        elif what == "losses":
            parts = [float(part) for part in losses(x_test)]
            answer = dict(zip(("reconstruction_loss", "kl_loss"), parts))
        elif what == "matmul":
            answer = {"gflops": matmul(np.ones((2048, 2048), "float32"))}
        elif what == "memory":
            answer = {"megabytes": memory()}
        print(json.dumps(answer), file=answers, flush=True)


def matmul(a):
    """Return the fastest of five products by NumPy, in 1e9 operations a second."""
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - began)
    return 2 * len(a) ** 3 / min(seconds) / 1e9


def memory():
    import resource  # not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
