"""What a student's function changes beside its result is changed back, so that no later check sees it.

Keras's own settings are looked after in `keras_session.py`, streams and warnings in `quiet.py`.
"""

import contextlib
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

DEEP_ENOUGH = 1000
"""Python's own recursion limit: Keras needs a few hundred calls."""

Undo = Callable[[], object]


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Run a student's code with Python's, NumPy's and Matplotlib's settings as they are at the start of a program.

    Afterwards everything is as the student's own cells had left it.
    """
    undo = [*_of_python(), *_of_numpy(), *_of_keras(), *_of_matplotlib()]
    if sys.getrecursionlimit() < DEEP_ENOUGH:
        sys.setrecursionlimit(DEEP_ENOUGH)
    np.seterr(all="warn", under="ignore")
    try:
        yield
    finally:
        for back in undo:
            with contextlib.suppress(OSError, RecursionError, ValueError):  # such as a folder that is gone
                back()


def _of_python() -> Iterator[Undo]:
    limit, drawn = sys.getrecursionlimit(), random.getstate()
    path, environment = [*sys.path], dict(os.environ)
    yield lambda: sys.setrecursionlimit(limit)
    yield lambda: random.setstate(drawn)
    yield lambda: sys.path.__setitem__(slice(None), path)
    yield lambda: _set_environment(environment)
    with contextlib.suppress(OSError):
        folder = os.getcwd()
        yield lambda: os.chdir(folder)
    if hasattr(signal, "getitimer") and threading.current_thread() is threading.main_thread():
        ring = signal.getsignal(signal.SIGALRM)
        yield lambda: signal.signal(signal.SIGALRM, ring)


def _set_environment(before: dict[str, str]) -> None:
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)


def _of_numpy() -> Iterator[Undo]:
    errors, printed, drawn = np.geterr(), np.get_printoptions(), np.random.get_state()
    yield lambda: np.seterr(**errors)
    yield lambda: np.set_printoptions(**printed)
    yield lambda: np.random.set_state(drawn)


def _of_keras() -> Iterator[Undo]:
    """Put Keras's modules back: another backend loads all of them anew, and what was made before is of no use then."""
    if "keras" in sys.modules:
        modules = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "keras"}
        yield lambda: sys.modules.update(modules)


def _of_matplotlib() -> Iterator[Undo]:
    """Close the figures that were opened, which Jupyter would show below the check, and keep backend and style."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    import matplotlib

    figures = set(pyplot.get_fignums())
    settings: dict[Any, Any] = dict.copy(matplotlib.rcParams)  # not asking for a backend
    yield lambda: [pyplot.close(number) for number in set(pyplot.get_fignums()) - figures]
    yield lambda: _set_matplotlib(settings)


def _set_matplotlib(before: dict[Any, Any]) -> None:
    import matplotlib

    now: dict[Any, Any] = matplotlib.rcParams
    backend = before["backend"]
    if isinstance(backend, str) and dict.__getitem__(now, "backend") != backend:
        sys.modules["matplotlib.pyplot"].switch_backend(backend)
    dict.update(now, before)
