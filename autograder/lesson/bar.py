"""How far a training is, with an estimate of the time that is left.

Importing this module imports TensorFlow.
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

EVERY = 0.5
"""Seconds between two changes of the bar: each one is a message to the browser."""


class Bar:
    """Shows steps and epochs in one place: a bar in Jupyter, one line per epoch elsewhere.

    Args:
        steps: of one epoch.
        done: epochs that are finished.
        epochs: epochs altogether.
        clock: returns seconds.
    """

    def __init__(self, steps: int, done: int, epochs: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start the clock."""
        self.steps, self.epochs, self._clock = steps, epochs, clock
        self.first = self.step = done * steps
        self._start = self._shown = clock()
        self._handle: Any = None

    def watch(self) -> keras.callbacks.Callback:
        """Return what Keras calls after each step."""
        return keras.callbacks.LambdaCallback(on_train_batch_end=lambda number, logs: self.one_more(logs or {}))

    def one_more(self, logs: Mapping[str, float]) -> None:
        """Count a step."""
        self.step += 1
        now = self._clock()
        if now - self._shown >= EVERY:
            self._shown = now
            self._show(self.text(logs))

    def text(self, logs: Mapping[str, float]) -> str:
        """Say in a line how far the training is."""
        epoch, step = divmod(self.step - 1, self.steps)
        accuracy = f", accuracy {logs['accuracy']:.2f}" if "accuracy" in logs else ""
        return f"epoch {epoch + 1} of {self.epochs}, step {step + 1} of {self.steps}{accuracy}, {self._left()}"

    def _left(self) -> str:
        seconds = (self._clock() - self._start) / (self.step - self.first) * (self.epochs * self.steps - self.step)
        return f"about {seconds:.0f} s left" if seconds < 90 else f"about {seconds / 60:.0f} min left"

    def finish(self, curves: Mapping[str, Sequence[float]]) -> None:
        """Show what came out."""
        if not curves["loss"]:
            return
        seconds = self._clock() - self._start
        accuracy, test = curves["accuracy"][-1], curves["test_accuracy"][-1]
        spent = f" ({seconds:.0f} s)" if self.step > self.first else ""
        self._show(
            f"{len(curves['loss'])} of {max(self.epochs, len(curves['loss']))} epochs{spent}: accuracy {accuracy:.3f} "
            f"on the training pictures, {test:.3f} on the test pictures",
            last=True,
        )

    def _show(self, text: str, last: bool = False) -> None:
        ipython = sys.modules.get("IPython")
        if ipython is None or ipython.get_ipython() is None:
            if last:
                print(text)
            return
        from IPython.display import HTML, display

        total = self.epochs * self.steps
        bar = HTML(f'<progress value="{self.step}" max="{total}" style="width: 20em"></progress> {text}')
        shown = {"text/plain": text, "text/html": bar.data}
        if self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)
