"""Where the time of lab 06's training step goes, on TensorFlow.

First the parts of a step, each a part of the next; they take turns over the same
batches. Then each convolution: what share of the machine's own rate of multiplying
matrices the step reaches in it.
"""

import functools
import statistics
import time

import keras
import numpy as np
from keras import ops

import vae_lab as lab
from benchmarks.explorers import processor
from benchmarks.recipes.__main__ import matmul
from benchmarks.workers import versions

IMAGES, BATCH = 1024, 32


def add_arguments(parser):
    parser.add_argument("--rounds", type=int, default=15)


def run(arguments):
    if keras.backend.backend() != "tensorflow":
        raise SystemExit(
            "The benchmark `profile` takes TensorFlow's step apart. Received: "
            f"KERAS_BACKEND={keras.backend.backend()}. Unset it."
        )
    lab.start(seed=0)
    images = lab.load_mnist("sample").x_train[:IMAGES]
    vae = lab.VAE(lab.build_encoder(), lab.build_decoder(), seed=0)
    vae.compile(keras.optimizers.RMSprop(lab.schedule(10_000), momentum=0.5))
    parts = stages(vae, images)
    seconds = {name: [] for name in parts}
    for part in parts.values():  # compiled before any is timed
        part()
    for _ in range(arguments.rounds):
        for name, part in parts.items():
            began = time.perf_counter()
            part()
            seconds[name].append(time.perf_counter() - began)
    lines = [*table(seconds, arguments.rounds), ""]
    return "\n".join([*lines, *convolutions(vae, arguments.rounds)])


def stages(vae, images):
    """Return a function for each line, that goes once through the images."""
    import tensorflow as tf

    batches = [tf.constant(images[i : i + BATCH]) for i in range(0, IMAGES, BATCH)]
    points = tf.random.normal((BATCH, 2))

    def loss(batch):
        return vae.compute_loss(batch, None, vae(batch, training=True))

    def gradient(batch):
        with tf.GradientTape() as tape:
            value = loss(batch)
        return tape.gradient(value, vae.trainable_variables)

    compiled = {
        "the decoder, forward": lambda batch: vae.decoder(points, training=True),
        "the encoder, forward": lambda batch: vae.encoder(batch, training=True),
        "both, the sampler and the loss": loss,
        "the same and its gradient": gradient,
        "the same and the optimizer's step": lambda batch: vae.train_step((batch,)),
    }

    def over_batches(function):
        function = tf.function(function)
        return lambda: [function(batch) for batch in batches]

    found = {name: over_batches(function) for name, function in compiled.items()}
    fit = {"batch_size": BATCH, "verbose": 0}
    found["`fit`, as in lab 06"] = lambda: vae.fit(images, **fit)
    return found


def convolutions(vae, rounds):
    """Return the lines of a table: each convolution's rate, forward and backward."""
    kinds = keras.layers.Conv2D, keras.layers.Conv2DTranspose
    lines = [
        "| convolution | forward | gradient by its input | by its weights |",
        "|---|---:|---:|---:|",
    ]
    for layer in vae.encoder.layers + vae.decoder.layers:
        if isinstance(layer, kinds):
            shares = [f"{share:.0%}" for share in rates(layer, rounds)]
            name = f"{layer.name}, {layer.input.shape[-1]} to {layer.filters} channels"
            lines.append(f"| {name} | {' | '.join(shares)} |")
    about = "Shares of the rate at which NumPy multiplies matrices of 2,048 by 2,048."
    return [*lines, "", about]


def rates(layer, rounds):
    """Return three shares of the peak: forward, by the input, by the weights."""
    import tensorflow as tf

    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    convolve = ops.conv_transpose if transposed else ops.conv

    def forward(x, kernel, y):
        return convolve(x, kernel, strides=layer.strides[0], padding=layer.padding)

    def gradient(x, kernel, y, place):
        with tf.GradientTape() as tape:
            tape.watch([x, kernel])
            found = forward(x, kernel, y)
        return tape.gradient(found, [x, kernel][place], y)

    parts = [forward, *(functools.partial(gradient, place=place) for place in (0, 1))]
    parts = [tf.function(part) for part in parts]
    ends = layer.input, layer.output
    x, y = (tf.random.normal((BATCH, *end.shape[1:])) for end in ends)
    kernel = tf.convert_to_tensor(layer.kernel)
    places = np.prod((x if transposed else y).shape[1:3])  # where a kernel is laid
    operations = 2 * BATCH * places * np.prod(kernel.shape)
    peak = 1e9 * matmul(np.ones((2048, 2048), "float32"))
    for part in parts:
        part(x, kernel, y)  # compiled before it is timed
        seconds = []
        for _ in range(2 * rounds):
            began = time.perf_counter()
            part(x, kernel, y)
            seconds.append(time.perf_counter() - began)
        yield operations / statistics.median(seconds) / peak


def table(seconds, rounds):
    medians = {name: statistics.median(found) for name, found in seconds.items()}
    whole = list(medians.values())[-1]
    lines = ["| what is run | of `fit`'s time | from | to |", "|---|---:|---:|---:|"]
    for name, found in seconds.items():
        cells = [
            f"{part / whole:.0%}" for part in (medians[name], min(found), max(found))
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    each = whole / (IMAGES // BATCH)
    about = f"Medians of {rounds} rounds, {IMAGES:,} images, in batches of {BATCH}; "
    about += f"from fastest to slowest. `fit` takes {each * 1e3:.0f} ms a batch."
    return [*lines, "", f"{about} {processor()}, {versions()}."]
