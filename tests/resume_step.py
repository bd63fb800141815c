"""Lab 06 as it trains on Colab, on few digits, told line by line; see test_resume.

usage: python tests/resume_step.py [EPOCH]     (an epoch to hang in, counted from 0)

Each line is JSON: what happened, the epoch, the optimizer's steps, and a hash of all
weights.
"""

import hashlib
import json
import sys
import time
from types import ModuleType

import keras
from notebook_files import ROOT, code_cells, read

import vae_lab as lab

HANG = int(sys.argv[1]) if len(sys.argv) > 1 else None
sys.modules["google.colab"] = ModuleType("google.colab")


class Tell(keras.callbacks.Callback):
    def tell(self, what, epoch, **more):
        weights = hashlib.sha256(
            b"".join(w.tobytes() for w in self.model.get_weights())
        )
        steps = int(self.model.optimizer.iterations)
        line = dict(what=what, epoch=epoch, steps=steps, weights=weights.hexdigest())
        print(json.dumps(line | more), flush=True)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self.tell("begin", epoch)

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == HANG and batch == 1:
            self.tell("hang", self.epoch)
            time.sleep(600)  # until someone kills it

    def on_epoch_end(self, epoch, logs=None):
        self.tell("end", epoch, loss=logs["loss"])


cells = {
    cell.id: cell.source for cell in code_cells(read(ROOT / "colab/06_training.ipynb"))
}
lab.watch_training = Tell
names = {}
exec(cells["setup"], names)
names["digits"] = names["digits"]._replace(
    x_train=names["digits"].x_train[:128], x_test=names["digits"].x_test[:32]
)
for name in ["vae", "first-batch", "schedule", "train-function", "train"]:
    exec(cells[name], names)
