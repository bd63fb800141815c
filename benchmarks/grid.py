"""How soon the manifold of 15 by 15 digits is decoded, beside the original's loop.

The loop, carried over to Keras 3, tiles each point to a batch of 16 and calls
`decoder.predict` on it. The bare forward pass is one call of the decoder on all points.
"""

import statistics
import time

from benchmarks.explorers import processor
from benchmarks.workers import versions

SIZES = (8, 15, 30)  # digits along each side


def add_arguments(parser):
    parser.add_argument("--rounds", type=int, default=7, help="one of the loop")


def run(arguments):
    import keras
    import numpy as np

    import vae_lab as lab

    decoder = lab.load_pretrained().decoder

    def loop():
        canvas = np.zeros((28 * 15, 28 * 15))
        for at, z in enumerate(lab.latent_grid(15)):
            digits = decoder.predict(np.tile(z, (16, 1)), batch_size=16, verbose=0)
            row, column = divmod(at, 15)
            tile = slice(28 * row, 28 * row + 28), slice(28 * column, 28 * column + 28)
            canvas[tile] = digits[0, ..., 0]
        return canvas

    def bare(size):
        return keras.ops.convert_to_numpy(decoder(lab.latent_grid(size)))

    ways = {"loop": loop}
    for size in SIZES:
        ways[f"grid {size}"] = lambda size=size: lab.decode_grid(decoder, size)
        ways[f"bare {size}"] = lambda size=size: bare(size)
    assert np.allclose(loop(), lab.decode_grid(decoder), atol=1e-5)
    seconds = {name: [] for name in ways}
    for turn in range(arguments.rounds):
        for name, way in ways.items():
            if name == "loop" and turn:
                continue  # minutes in all
            began = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - began)
    return table({name: statistics.median(all_) for name, all_ in seconds.items()})


def table(seconds):
    ours = seconds["grid 15"]
    per_tile = ours / 15**2
    rows = [
        "| | relative to `decode_grid`, 15 by 15 | target |",
        "|---|---:|---|",
        f"| the original's loop on Keras 3 | {seconds['loop'] / ours:.0f} "
        f"| at least 100: {verdict(seconds['loop'] / ours >= 100)} |",
        f"| `decode_grid` | 1.00 ({1000 * ours:.0f} ms) | |",
        f"| the bare forward pass | {seconds['bare 15'] / ours:.2f} "
        f"| at least {1 / 1.3:.2f}: {verdict(ours <= 1.3 * seconds['bare 15'])} |",
    ]
    for size in SIZES:
        ratio = seconds[f"grid {size}"] / size**2 / per_tile
        rows.append(
            f"| a tile of {size} by {size}, beside one of 15 by 15 "
            f"| {ratio:.2f} | about 1 |"
        )
    return "\n".join([*rows, "", f"{processor()}, {versions()}."])


def verdict(met):
    return "met" if met else "missed"
