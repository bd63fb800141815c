"""How soon each recipe reaches a given test negative ELBO on full MNIST.

The recipes take turns: half an epoch each, then the 10,000 test images with one sampled
z an image, whose time is not counted. A recipe ends when it has met the last target or
has trained for its own number of epochs. Hours on two cores: every line is kept in a
log, from which `--log` goes on and `--only` adds recipes.
"""

import json
from pathlib import Path

from benchmarks import workers
from benchmarks.explorers import processor

TARGETS = (160.0, 152.0, 147.9)  # nats per image; the last: the original elsewhere
LOG = Path(__file__).with_name("train.jsonl")
SLICE = 30_000


def add_arguments(parser):
    workers.add_arguments(parser)
    parser.add_argument(
        "--epochs", type=float, help="at most; each recipe's own if not"
    )
    parser.add_argument("--log", type=Path, default=LOG)


def run(arguments):
    running = {}
    for name in workers.available(arguments):
        worker = workers.Worker(name, arguments)
        own = worker.ask("own")
        epochs = min(own["epochs"], arguments.epochs or own["epochs"])
        steps = int(epochs * 60_000) // own["batch_size"]
        worker.ask("build", steps, own["batch_size"])
        running[name] = worker, epochs
    done = {name: [] for name in running}
    while running:
        for name, (worker, epochs) in list(running.items()):
            seconds = worker.ask("fit", SLICE)["seconds"]
            losses = worker.ask("losses")
            done[name].append(seconds)
            elbo = losses["reconstruction_loss"] + losses["kl_loss"]
            images = SLICE * len(done[name])
            row = {"recipe": name, "images": images, "seconds": sum(done[name])}
            row |= {"negative_elbo": elbo, **losses, "epochs": epochs}
            with arguments.log.open("a", encoding="utf-8") as log:
                print(json.dumps(row), file=log)
            if elbo <= TARGETS[-1] or images >= 60_000 * epochs:
                worker.close()
                del running[name]
    return table(arguments.log)


def table(path):
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines = [
        "| recipe | "
        + " | ".join(f"to {target}: images (s)" for target in TARGETS)
        + " | at its end |",
        "|---|" + "---:|" * (len(TARGETS) + 1),
    ]
    for name, title in workers.NAMES.items():
        mine = [row for row in rows if row["recipe"] == name]
        if not mine:
            continue
        cells = []
        for target in TARGETS:
            met = [row for row in mine if row["negative_elbo"] <= target]
            cells.append(
                f"{met[0]['images']:,} ({met[0]['seconds']:,.0f})" if met else "never"
            )
        last = mine[-1]
        end = f"{last['negative_elbo']:.1f} after {last['images'] / 60_000:g} epochs"
        lines.append(f"| {title} | {' | '.join(cells)} | {end} |")
    return "\n".join([*lines, "", f"{processor()}, {workers.versions()}."])
