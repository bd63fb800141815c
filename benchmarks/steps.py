"""How fast each recipe's training step is: images a second, memory, share of the peak.

One process for each recipe. They take turns, so that whatever else the machine does
hits all of them; all ratios are between medians of the same run.
"""

import statistics

from benchmarks import workers
from benchmarks.explorers import processor

BASE = "lab06"
EQUAL = 32  # the batch size at which all are compared
# Multiply-adds of one image through the original's architecture: convolutions of 3 by 3
# (two at 28 by 28, four at 14 by 14), then the Dense layers.
FORWARD = 9 * (784 * 32 + 196 * 64 * (32 + 64 + 64) + 196 * 64 * 32 + 784 * 32)
FORWARD += 196 * 64 * 32 + 4 * 32 + 2 * 196 * 64
OPERATIONS = 3 * 2 * FORWARD  # backward costs twice the forward pass


def add_arguments(parser):
    workers.add_arguments(parser)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=1024, help="in a round")


def run(arguments):
    names = workers.available(arguments)
    own, equal, batch, memory, gflops = {}, {}, {}, {}, []
    for size, speeds in ((None, own), (EQUAL, equal)):
        running = {name: workers.Worker(name, arguments) for name in names}
        for name, worker in running.items():
            batch[name] = worker.ask("own")["batch_size"]
            worker.ask("build", 10_000, size or batch[name])
            speeds[name] = []
        for _ in range(arguments.rounds):
            gflops.append(running[names[-1]].ask("matmul")["gflops"])
            for name, worker in running.items():
                seconds = worker.ask("fit", arguments.images)["seconds"]
                speeds[name].append(arguments.images / seconds)
        for name, worker in running.items():
            memory[name] = worker.ask("memory")["megabytes"]
            worker.close()
    return table(own, equal, batch, memory, statistics.median(gflops), arguments)


def table(own, equal, batch, memory, gflops, arguments):
    base = statistics.median(equal.get(BASE, list(equal.values())[-1]))
    rows = [
        "| recipe | own batch | images a second at it "
        f"| the same at batch {EQUAL} | spread | ratio to lab 06, batch {EQUAL} "
        "| share of the peak | memory (MB) |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name in equal:
        speed = statistics.median(equal[name])
        spread = (max(equal[name]) - min(equal[name])) / speed
        small = name in ("keras_io", "cvae")  # another architecture
        share = "" if small else f"{speed * OPERATIONS / gflops / 1e9:.0%}"
        rows.append(
            f"| {workers.NAMES[name]} | {batch[name]} "
            f"| {statistics.median(own[name]):,.0f} | {speed:,.0f} | {spread:.0%} "
            f"| {speed / base:.2f} | {share} | {memory[name]:,.0f} |"
        )
    rows += [
        "",
        f"Medians of {arguments.rounds} rounds of {arguments.images:,} images; spread: "
        "from the slowest to the fastest round. The peak is NumPy's matrix product, "
        f"{gflops:,.0f} billion operations a second in the same run; a training step "
        f"of the original's architecture needs {OPERATIONS / 1e6:,.0f} million an "
        f"image. {processor()}, {workers.versions()}.",
    ]
    return "\n".join(rows)
