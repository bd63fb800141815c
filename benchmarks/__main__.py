"""Run one of the benchmarks: `python -m benchmarks NAME`."""

import argparse

from benchmarks import explorers, precision

BENCHMARKS = {"explorers": explorers, "precision": precision}


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    commands = parser.add_subparsers(required=True)
    for name, module in BENCHMARKS.items():
        about = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=about, description=about)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
