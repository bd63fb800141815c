"""How fast and how right a training step is with 16 bits, beside 32, on this device.

Each precision runs with and without XLA, by turns, on the same images and from the same
weights. "Gradient kept" compares the first step's change of each weight array with that
of float32: 1 where 16 bits change it as much and in the same direction.
"""

import re
import statistics
import time

from benchmarks.explorers import processor

POLICIES = ["float32", "mixed_float16", "mixed_bfloat16"]


def add_arguments(parser):
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5, help="of 10 steps each")


def run(arguments):
    import keras

    import vae_lab as lab

    lab.start(seed=0)
    images = lab.load_mnist().x_train[: 10 * arguments.batch_size]
    whole = {xla: first_step("float32", xla, images[:16]) for xla in (False, True)}
    models, kept, speeds = {}, {}, {}
    for policy in POLICIES:
        for xla in (False, True):
            key = policy, xla
            kept[key] = compare(whole[xla], first_step(policy, xla, images[:16]))
            models[key], speeds[key] = build(policy, xla), []
            models[key].fit(images, batch_size=arguments.batch_size, verbose=0)
    for _ in range(arguments.rounds):
        for key, model in models.items():
            began = time.perf_counter()
            model.fit(images, batch_size=arguments.batch_size, verbose=0)
            speeds[key].append(len(images) / (time.perf_counter() - began))
    base = statistics.median(speeds["float32", False])
    rows = [
        "| precision | XLA | speed, float32 without XLA = 1 | least gradient kept |",
        "|---|---|---:|---|",
    ]
    for (policy, xla), found in speeds.items():
        share, name = kept[policy, xla]
        rows.append(
            f"| {policy} | {'on' if xla else 'off'} "
            f"| {statistics.median(found) / base:.2f} | {share:.2f} ({name}) |"
        )
    rows += ["", f"{lab.device()}, Keras {keras.__version__}, {processor()}."]
    return "\n".join(rows)


def build(policy, xla):
    import keras

    import vae_lab as lab

    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(0)
    vae = lab.VAE(lab.build_encoder(), lab.build_decoder(), seed=0)
    sgd = keras.optimizers.SGD(1e-4)
    if policy == "mixed_float16":  # from a scale at which no step is skipped
        sgd = keras.optimizers.LossScaleOptimizer(sgd, initial_scale=128.0)
    vae.compile(sgd, jit_compile=xla, auto_scale_loss=False)
    keras.config.set_dtype_policy("float32")
    return vae


def first_step(policy, xla, images):
    """Return each weight array's name and what the first step changes in it."""
    import numpy as np

    vae = build(policy, xla)
    vae(images[:1])
    before = [np.array(weight) for weight in vae.trainable_weights]
    vae.train_on_batch(images)
    arrays = zip(vae.trainable_weights, before)
    return [(weight.path, np.array(weight) - old) for weight, old in arrays]


def compare(whole, half):
    """Return the lowest share of a weight's change that is kept, and the weight."""
    import numpy as np

    return min(
        (float(np.vdot(one, two) / np.vdot(one, one)), re.sub(r"_\d+/", "/", name))
        for (name, one), (_, two) in zip(whole, half)
    )
