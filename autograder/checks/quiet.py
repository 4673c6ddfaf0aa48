"""Keep log lines and prints out of a notebook's cells.

TensorFlow writes to file descriptor 2 from C++, students print to a `stderr` they imported earlier, and nbgrader takes
every stderr output of a grade cell for a failure. So both levels are closed: Python's streams and the descriptors.
"""

import contextlib
import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any

STDOUT, STDERR = 1, 2


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Throw away all that is written to standard output and standard error inside the block.

    Source: nbgrader 0.9.6, `nbgrader.utils.determine_grade`, scores a cell with stderr output as failed.
    """
    with contextlib.ExitStack() as stack:
        for stream in {sys.stdout, sys.stderr}:
            stack.enter_context(_deaf(stream))
        stack.enter_context(contextlib.redirect_stdout(_Nowhere()))
        stack.enter_context(contextlib.redirect_stderr(_Nowhere()))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(_no_logging())
        stack.enter_context(_closed_descriptors())
        yield


def start_keras() -> None:
    """Import Keras and start TensorFlow, whose first operation writes lines that are of no use in a notebook."""
    from autograder.checks import student

    with quiet():
        import keras

        if not student.is_judged_elsewhere():
            keras.ops.zeros(1)


class _Nowhere(io.TextIOBase):
    """A stream that keeps nothing, however much is printed."""

    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


@contextlib.contextmanager
def _deaf(stream: Any) -> Iterator[None]:
    """Make one stream object drop what is written to it, also through names that were bound to it earlier."""
    with contextlib.suppress(AttributeError, ValueError):
        stream.flush()
    try:
        stream.write = len
    except AttributeError:  # a stream of C: the closed descriptors are enough
        yield
        return
    try:
        yield
    finally:
        del stream.write


@contextlib.contextmanager
def _no_logging() -> Iterator[None]:
    """Switch logging off: handlers hold streams of their own."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _closed_descriptors() -> Iterator[None]:
    """Point the descriptors 1 and 2 of the process to nowhere, and back."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    kept = {number: os.dup(number) for number in (STDOUT, STDERR)}
    try:
        for number in kept:
            os.dup2(nowhere, number)
        yield
    finally:
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)
        os.close(nowhere)
