"""Answers as learners type them, right and wrong, a module a lab.

They are written apart from the tables in `vae_lab/checks`, in other spellings, so that
a table is not compared with itself.
"""

import importlib
from pathlib import Path

RIGHT = []  # (exercise, function): each must be accepted
WRONG = []  # (exercise, words of the sentence it must get, function)


def right(number):
    """Keep the function below as a right answer."""

    def keep(function):
        RIGHT.append((number, function))
        return function

    return keep


def wrong(number, words):
    """Keep the function below as a wrong answer."""

    def keep(function):
        WRONG.append((number, words, function))
        return function

    return keep


for path in sorted(Path(__file__).parent.glob("lab*.py")):
    importlib.import_module(f"answers.{path.stem}")
