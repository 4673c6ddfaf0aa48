"""How far a long command is, with an estimate of the time that is left."""

import time
from collections.abc import Callable
from typing import TextIO

from autograder.report.printable import printable

QUIET_SECONDS = 15.0
"""How often a line is written where nobody watches, as into a file."""


class Progress:
    """Tells a stream after each item how many are done.

    Args:
        label: what is being done, such as `grading`.
        total: how many items there are.
        stream: where to write; on a terminal one line is written over again.
        clock: returns seconds.
    """

    def __init__(self, label: str, total: int, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        """Start the clock."""
        self._label, self._total, self._stream, self._clock = label, total, stream, clock
        self._start = self._told = clock()
        self.done = 0

    def one_more(self, what: str) -> None:
        """Count an item."""
        self.done += 1
        now = self._clock()
        line = f"{self._label}: {self.done} of {self._total}, {self._left(now)}"
        if self._stream.isatty():
            clean = printable(what)[:30]
            end = "\n" if self.done == self._total else ""
            self._stream.write(f"\r{f'{line} ({clean})':<78}{end}")
            self._stream.flush()
        elif now - self._told >= QUIET_SECONDS or self.done == self._total:
            self._told = now
            self._stream.write(f"{line}\n")
            self._stream.flush()

    def _left(self, now: float) -> str:
        if self.done == self._total:
            return f"{now - self._start:.0f} s"
        seconds = (now - self._start) / self.done * (self._total - self.done)
        return f"about {seconds:.0f} s left" if seconds < 90 else f"about {seconds / 60:.0f} min left"
