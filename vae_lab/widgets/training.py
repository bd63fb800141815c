"""Training, watched. Labs 01 and 06."""

import io
import signal
import threading
import time

import numpy as np

from vae_lab.figures import plot_history, plot_manifold
from vae_lab.model import decode_grid
from vae_lab.session import keras
from vae_lab.widgets.explorer import Explorer
from vae_lab.widgets.parts import Bar, Button, Picture


def watch_training():
    """Return a callback for `fit` that shows its progress.

    In a notebook it shows a bar with the time left, the loss curves, and, if the
    model has a `decoder` of latent_dim 2, a small manifold, drawn anew after each
    epoch. Its Stop button and the kernel's own stop button (■) end the training after
    the batch in progress, and `fit` returns what it has. (Where a kernel hears no
    clicks while a cell runs, as on Colab, Stop is dim and ■ works.) It prints nothing,
    and outside a notebook it shows nothing.

    Source: built for labs 01 and 06.
    """
    return Watch()


class Watch(keras.callbacks.Callback):
    """What `watch_training` returns; the parts of its `panel` are attributes."""

    def __init__(self):
        super().__init__()
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(9, 2.9), layout="constrained")
        self.history, self.running, self.stopping = {}, False, False
        self.handler = None  # of SIGINT, outside of training
        self.text = "Training has not begun."
        self.bar = Bar(label="training")
        self.stop = Button(label="Stop")
        self.picture = Picture(label="loss curves and manifold")
        self._draw()
        self.panel = Explorer(
            [[self.bar, self.stop], [self.picture]],
            self._update,
            "Training, watched: a bar, and curves that grow with every epoch.",
            bar=self.bar,
            stop=self.stop,
            picture=self.picture,
        )
        self.line = self.panel.line

    def _repr_mimebundle_(self, **kwargs):
        return self.panel._repr_mimebundle_(**kwargs)

    def _update(self):
        if self.stop.clicks and self.running and not self.stopping:
            self._ask_to_stop()
        return self.text

    def _ask_to_stop(self):
        self.stopping, self.text = True, "Stopping after this batch."

    def on_train_begin(self, logs=None):
        self.history, self.running, self.stopping = {}, True, False
        self.stop.clicks, self.stop.enabled = 0, _clicks_arrive()
        self.began, self.shown, self.first = time.monotonic(), 0.0, None
        self.bar.value, self.bar.high = 0.0, float(self.params["epochs"])
        self._draw()
        self._say("Training begins.")
        # The kernel's stop button sends SIGINT: the first one asks, a second one
        # interrupts as ever.
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGINT, self._interrupted)
            self.handler = self.handler if before == self._interrupted else before
        _show(self.panel)
        _hear(self.stop)

    def _interrupted(self, number, frame):
        signal.signal(signal.SIGINT, self.handler)
        at = frame
        while at is not None and at.f_locals.get("self") is not self.model:
            at = at.f_back
        if at is None:  # an error has ended the training
            self.handler(number, frame)
        else:
            self._ask_to_stop()

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self.first = epoch if self.first is None else self.first  # not 0 if resumed

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training |= self.stopping
        if time.monotonic() - self.shown > 0.25:
            self.shown = time.monotonic()
            steps = self.params.get("steps") or 0
            self._progress(self.epoch + (batch + 1) / steps if steps else self.epoch)

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self._progress(epoch + 1)
        self._draw()

    def on_train_end(self, logs=None):
        if self.handler is not None:
            signal.signal(signal.SIGINT, self.handler)
            self.handler = None
        self.running = self.stop.enabled = False
        words = "Stopped in" if self.stopping else "Done after"
        of = self.params["epochs"]
        if self.first is None:  # a backup was complete; it is gone now
            return self._say("Nothing was left to train. Run again to train anew.")
        self._say(f"{words} epoch {self.epoch + 1} of {of}. {self._losses()}")

    def _progress(self, done):
        """Move the bar to `done` epochs, a float, and say how long is left."""
        self.bar.value = float(done)
        if self.stopping:
            return self._say(self.text)
        fresh = max(1e-6, done - self.first)
        seconds = (time.monotonic() - self.began) / fresh * (self.bar.high - done)
        told = f"epoch {min(int(done) + 1, int(self.bar.high))} of {self.bar.high:.0f}"
        told = ", ".join(filter(None, [told, self._losses()]))
        self._say(f"{told}, {seconds:.0f} s left" if done < self.bar.high else told)

    def _losses(self):
        """Say the last epoch's losses, "" before there is one."""
        named = [("loss", "loss"), ("val_loss", "held out")]
        return ", ".join(
            f"{words} {self.history[name][-1]:.1f} nats per image"
            for name, words in named
            if name in self.history
        )

    def _say(self, text):
        self.text = text
        self.panel.refresh()

    def _draw(self):
        """Draw the curves and the manifold anew, in the one figure."""
        self.figure.clear()
        parts = ["reconstruction_loss", "kl_loss"]
        if parts[0] not in self.history:
            parts = ["loss"]
        decoder = getattr(getattr(self, "model", None), "decoder", None)
        flat = decoder is not None and decoder.input_shape[-1] == 2
        axes = self.figure.subplots(1, len(parts) + flat, squeeze=False)[0]
        for part, ax in zip(parts, axes):
            plot_history(self.history, part, ax=ax)
            if not self.history:
                note = dict(ha="center", transform=ax.transAxes)
                ax.text(0.5, 0.5, "drawn after each epoch", **note)
        if flat:
            canvas = np.nan_to_num(decode_grid(decoder, 9))
            ax = plot_manifold(canvas, ax=axes[-1])
            for axis in (ax.xaxis, ax.yaxis):  # first, middle, last
                labels = [label.get_text() for label in axis.get_ticklabels()]
                axis.set_ticks(axis.get_ticklocs()[::4], labels[::4])
        stored = io.BytesIO()
        self.figure.savefig(stored, format="png", dpi=80)
        self.picture.value = stored.getvalue()


def _kernel():
    """Return the notebook's kernel that runs this, or None."""
    from IPython import get_ipython

    shell = get_ipython()
    return getattr(shell, "kernel", None)


def _clicks_arrive():
    """Tell whether the kernel hears widgets while a cell runs."""
    features = getattr(_kernel(), "kernel_info", {}).get("supported_features", [])
    return "kernel subshells" in features


def _hear(part):
    """Let a part's messages reach the kernel while a cell runs.

    ipykernel 7 answers a part in the thread that last wrote to it; for a part that a
    cell writes to, that is the busy one. Forgetting it lets JupyterLab choose.
    """
    getattr(part.comm, "__dict__", {}).pop("_reply_subshell_id", None)


def _show(panel):
    """Display a widget if a notebook's kernel runs this."""
    from IPython import display

    if _kernel() is not None:
        display.display(panel)
