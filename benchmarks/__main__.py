"""Run one of the benchmarks: `python -m benchmarks NAME`."""

import argparse
import importlib
from pathlib import Path

NAMES = [
    "explorers",
    "explosions",
    "grid",
    "labs",
    "precision",
    "profile",
    "search",
    "session",
    "startup",
    "steps",
    "train",
]
BENCHMARKS = {name: importlib.import_module(f"benchmarks.{name}") for name in NAMES}
README = Path(__file__).with_name("README.md")


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    commands = parser.add_subparsers(dest="name", required=True)
    for name, module in BENCHMARKS.items():
        about = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=about, description=about)
        module.add_arguments(command)
        command.add_argument(
            "--write", action="store_true", help="write benchmarks/README.md"
        )
    arguments = parser.parse_args()
    report = BENCHMARKS[arguments.name].run(arguments)
    print(report)
    if arguments.write:
        write(arguments.name, report)


def write(name, report):
    """Put a benchmark's report in its place in the README."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    text = f"{before}{begin}\n\n{report}\n\n{end}{after}"
    README.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
