"""Which training is best for its time: variations of lab 06's recipe, side by side.

All see equally many images. They are judged on digits held out of the training set; the
test set is not read.
"""

import json
import statistics
import time
from pathlib import Path

import keras
from keras import ops

import vae_lab as lab
from benchmarks.explorers import processor
from benchmarks.workers import versions

LOG = Path(__file__).with_name("search.jsonl")
RMSPROP, ADAM = keras.optimizers.RMSprop, keras.optimizers.Adam
MUON = keras.optimizers.Muon
# What differs from: RMSprop without momentum, batch 32, rate up to 3e-3 in a twentieth
# of the steps and down along a cosine, beta 1.
VARIATIONS = {
    "lab 06's recipe": {"momentum": 0.5},
    "no momentum": {},
    "momentum 0.5, warm-up over a tenth": {"momentum": 0.5, "warm_up": 0.1},
    "momentum 0.5, rate 5e-3, warm-up over a tenth": {
        "momentum": 0.5,
        "peak": 5e-3,
        "warm_up": 0.1,
    },
    "momentum 0.9, rate 1e-3": {"momentum": 0.9, "peak": 1e-3},
    "log variance starts at -4": {"log_variance": -4.0},
    "Muon, rate 5e-3": {"optimizer": MUON, "peak": 5e-3},
    "Muon, rate 1e-2": {"optimizer": MUON, "peak": 1e-2},
    "beta from 0.1 to 1 in the first half": {"beta": 0.1},
    "Muon, rate 5e-3, beta from 0.3": {"optimizer": MUON, "peak": 5e-3, "beta": 0.3},
    "Muon, rate 5e-3, beta 0.3 in the first third": {
        "optimizer": MUON,
        "peak": 5e-3,
        "beta": 0.3,
        "jump": True,
    },
    "Muon, rate 7e-3, beta from 0.3": {"optimizer": MUON, "peak": 7e-3, "beta": 0.3},
    "beta 0.2 in the first third": {"beta": 0.2, "jump": True},
    "Adam, rate 1e-3": {"optimizer": ADAM, "peak": 1e-3},
    "Adam, rate 3e-3": {"optimizer": ADAM},
    "Muon, rate 5e-3, batch 16": {"optimizer": MUON, "peak": 5e-3, "batch_size": 16},
    "batch 16, rate 2e-3": {"batch_size": 16, "peak": 2e-3},
    "batch 16, rate 2e-3, beta from 0.1": {
        "batch_size": 16,
        "peak": 2e-3,
        "beta": 0.1,
    },
    "batch 64, rate 4e-3": {"batch_size": 64, "peak": 4e-3},
    "rate 1.5e-3": {"peak": 1.5e-3},
    "rate 5e-3": {"peak": 5e-3},
    "constant rate 1e-3": {"peak": 1e-3, "constant": True},
    "Nadam, rate 2e-3": {"optimizer": keras.optimizers.Nadam, "peak": 2e-3},
    "Lion, rate 3e-4": {"optimizer": keras.optimizers.Lion, "peak": 3e-4},
    "decoder starts at the mean ink": {"mean_ink": True},
    "He's initialization": {"initializer": "he_normal"},
}


def add_arguments(parser):
    parser.add_argument("--data", default="sample", help="as load_mnist takes it")
    parser.add_argument("--images", type=int, default=24_000, help="seen in training")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--only", nargs="+", choices=VARIATIONS, default=VARIATIONS)
    parser.add_argument("--log", type=Path, default=LOG)


def run(arguments):
    digits = lab.load_mnist(arguments.data)
    x_train, held_out = digits.x_train, digits.x_test
    if arguments.data != "sample":  # the test set is not for choosing
        x_train, held_out = digits.x_train[:-5000], digits.x_train[-5000:]
    for seed in arguments.seeds:
        for name in arguments.only:
            row = train(x_train, held_out, arguments.images, seed, **VARIATIONS[name])
            row |= {"variation": name, "seed": seed, "data": Path(arguments.data).stem}
            row |= {"images": arguments.images}
            with arguments.log.open("a", encoding="utf-8") as log:
                print(json.dumps(row), file=log)
    return table(arguments.log)


def train(
    x_train,
    held_out,
    images,
    seed,
    optimizer=RMSPROP,
    peak=3e-3,
    batch_size=32,
    beta=1.0,
    jump=False,
    constant=False,
    mean_ink=False,
    initializer=None,
    log_variance=0.0,
    warm_up=0.05,
    **options,
):
    lab.start(seed)
    vae = Weighted(lab.build_encoder(), lab.build_decoder(), seed=seed)
    layers = vae.encoder.layers + vae.decoder.layers
    if initializer:
        for layer in layers:
            if hasattr(layer, "kernel"):
                draw = keras.initializers.get(initializer)
                layer.kernel.assign(draw(layer.kernel.shape))
    if mean_ink:
        ink = x_train.mean()
        layers[-1].bias.assign([ops.log(ink / (1 - ink))])
    vae.encoder.get_layer("z_log_var").bias.assign([log_variance] * 2)
    steps = images // batch_size
    rate = peak if constant else lab.schedule(steps, peak, warm_up)
    vae.compile(optimizer(rate, **options))
    raise_weight = RaiseWeight(beta, steps, jump)
    began = time.perf_counter()
    for _ in range(steps * batch_size // len(x_train)):
        vae.fit(x_train, batch_size=batch_size, verbose=0, callbacks=[raise_weight])
    rest = steps * batch_size % len(x_train)
    if rest:
        some = x_train[:rest]
        vae.fit(some, batch_size=batch_size, verbose=0, callbacks=[raise_weight])
    seconds = time.perf_counter() - began
    vae.weight.assign(1.0)
    logs = vae.evaluate(held_out, batch_size=500, verbose=0, return_dict=True)
    return {"negative_elbo": logs["loss"], "kl_loss": logs["kl_loss"], "s": seconds}


class Weighted(lab.VAE):
    """A VAE whose weight on the KL may change in every step."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.weight = keras.Variable(1.0, trainable=False, name="weight")

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        super().compute_loss(x, y, y_pred)  # for the logs
        reconstruction, z_mean, z_log_var = y_pred
        kl = self.weight * lab.kl_loss(z_mean, z_log_var)
        return ops.mean(lab.reconstruction_loss(x, reconstruction) + kl)


class RaiseWeight(keras.callbacks.Callback):
    """Raise the weight from `start` to 1: to the middle, or at once after a third."""

    def __init__(self, start, steps, jump):
        super().__init__()
        self.start, self.steps, self.jump, self.step = start, steps, jump, 0

    def on_train_batch_begin(self, batch, logs=None):
        share = min(1.0, 2 * self.step / self.steps)
        if self.jump:
            share = float(self.step >= self.steps // 3)
        self.model.weight.assign(self.start + (1 - self.start) * share)
        self.step += 1


def table(path):
    found = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        key = row["data"], row["images"], row["variation"]
        found.setdefault(key, {})[row["seed"]] = row
    lines = [
        "| digits | images seen | variation | negative ELBO, held out (nats) | KL "
        "| seeds |",
        "|---|---:|---|---:|---:|---:|",
    ]
    for data, images, name in sorted(found, key=lambda key: key[:2], reverse=True):
        rows = found[data, images, name].values()
        values = [row["negative_elbo"] for row in rows]
        kl = statistics.mean(row["kl_loss"] for row in rows)
        spread = f" ({min(values):.1f} to {max(values):.1f})" if values[1:] else ""
        lines.append(
            f"| {data} | {images:,} | {name} "
            f"| {statistics.mean(values):.1f}{spread} | {kl:.1f} | {len(values)} |"
        )
    return "\n".join([*lines, "", f"{processor()}, {versions()}."])
