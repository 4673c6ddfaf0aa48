"""A limit of time for code that may never come to an end."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class TimeUp(BaseException):
    """The time is used up; not an Exception, so that a student's `except Exception` does not swallow it."""


AGAIN = 1.0
"""Seconds after which the alarm rings again, for code that swallowed it all the same."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeUp inside the block when it takes longer.

    Only the main thread of a system with alarms (not Windows) can be interrupted; elsewhere there is no limit, and
    Jupyter's stop button or nbgrader's own time-out remain.

    Args:
        seconds: of real time.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeUp(f"longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
