"""Training killed in the middle of an epoch, and taken up again by a new process."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("resume_step.py")


def test_a_killed_training_goes_on_without_losing_a_finished_epoch(tmp_path):
    command = [sys.executable, str(SCRIPT)]
    place = dict(cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    with subprocess.Popen([*command, "3"], **place) as training:
        first = []
        for line in training.stdout:
            if line.startswith("{"):
                first.append(json.loads(line))
                if first[-1]["what"] == "hang":
                    training.kill()  # SIGKILL: nothing is tidied up
    assert [row["epoch"] for row in first if row["what"] == "end"] == [0, 1, 2]
    assert first[-1]["what"] == "hang" and first[-1]["epoch"] == 3

    done = subprocess.run(command, **place, check=True)
    second = [json.loads(line) for line in done.stdout.splitlines() if line[0] == "{"]
    assert [row["epoch"] for row in second if row["what"] == "end"] == [3, 4, 5]
    saved = next(row for row in first if row["what"] == "end" and row["epoch"] == 2)
    begun = second[0]
    assert (begun["what"], begun["epoch"]) == ("begin", 3)
    for what in ["weights", "steps"]:  # of the optimizer too
        assert begun[what] == saved[what]
    assert second[-1]["steps"] == 6 * saved["steps"] / 3
