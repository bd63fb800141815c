"""What the two settings that `vae_lab.session` makes for TensorFlow are worth.

Each combination trains the labs' VAE on the sample in a process of its own; they take
turns. An epoch is timed as a learner waits for it: from one `fit` to the next.
"""

import json
import os
import statistics
import subprocess
import sys

from benchmarks.explorers import processor
from benchmarks.workers import versions

PROCESS = """
import json, sys, time
import tensorflow as tf
plain = tf.data.Dataset.__iter__
import keras
import vae_lab as lab

if sys.argv[1] == "tuned":
    tf.data.Dataset.__iter__ = plain
lab.start(seed=0)
images = lab.load_mnist("sample").x_train
vae = lab.VAE(lab.build_encoder(), lab.build_decoder(), seed=0)
vae.compile(keras.optimizers.RMSprop(1e-3))
vae.fit(images[:64], batch_size=32, verbose=0)
seconds = []
for _ in range(2):
    began = time.perf_counter()
    vae.fit(images, batch_size=32, verbose=0)
    seconds.append(time.perf_counter() - began)
print(json.dumps(seconds))
"""
SETTINGS = {
    ("0", "tuned"): "neither, as TensorFlow and Keras come",
    ("1", "tuned"): "oneDNN's kernels",
    ("0", "not tuned"): "pipelines are not tuned",
    ("1", "not tuned"): "both, as in the labs",
}


def add_arguments(parser):
    parser.add_argument("--rounds", type=int, default=4, help="of two epochs each")


def run(arguments):
    seconds = {key: [] for key in SETTINGS}
    for _ in range(arguments.rounds):
        for kernels, tuning in SETTINGS:
            seconds[kernels, tuning] += measure(kernels, tuning)
    base = statistics.median(seconds["0", "tuned"])
    rows = ["| what is set | an epoch | from | to |", "|---|---:|---:|---:|"]
    for key, name in SETTINGS.items():
        found = [statistics.median(seconds[key]), min(seconds[key]), max(seconds[key])]
        cells = [f"{number / base:.2f}" for number in found]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    about = f"Epochs of 4,000 images, {2 * arguments.rounds} each: the median"
    about += f" beside that of the first line ({base:.1f} s), the fastest, the slowest."
    return "\n".join([*rows, "", f"{about} {processor()}, {versions()}."])


def measure(kernels, tuning):
    """Return the seconds of two epochs, trained in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROCESS, tuning],
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": kernels},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
