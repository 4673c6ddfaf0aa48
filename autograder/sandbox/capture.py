"""Where a cell's prints go, and what it and its subprocesses write to the descriptors 1 and 2."""

import codecs
import contextlib
import io
import os
import select
import sys
import threading

from autograder.sandbox.outputs import Outputs

CHUNK_BYTES, CHUNKS = 1 << 16, 16
"""How much is read from a descriptor at a time; the product is more than a pipe holds, and never without end."""


class OutStream(io.TextIOBase):
    """What stands for `sys.stdout` or `sys.stderr`; named as in ipykernel, since error messages say the name.

    Args:
        outputs: where the text goes.
        name: `stdout` or `stderr`.
        descriptor: what belongs to it.
    """

    encoding = "UTF-8"

    def __init__(self, outputs: Outputs, name: str, descriptor: int) -> None:
        self.name = name
        self._outputs = outputs
        self._descriptor = descriptor
        self._process = os.getpid()

    def fileno(self) -> int:
        """Return the descriptor, for `subprocess`."""
        return self._descriptor

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def flush(self) -> None:
        """Do nothing, also when closed: a student who closed it still prints in later cells."""

    def write(self, text: str) -> int:
        """Write text.

        Raises:
            TypeError: if it is no text.
        """
        if type(text) is not str:
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text)}")
            text = str.__str__(text)  # a copy without the methods that the student's class overrides
        if os.getpid() == self._process:
            self._outputs.write(self.name, text)
        else:  # a fork: its memory is of no use to us, and no thread will ever give back a lock that was held
            left = text.encode("utf-8", "replace")
            while left:
                left = left[os.write(self._descriptor, left) :]
        return len(text)


class Descriptors:
    """Brings what is written to the descriptors 1 and 2 to the outputs.

    A thread reads, so that a full pipe never blocks a writer. The thread that runs the cell reads too, before each
    output of its own: so `os.system("echo a"); print("b")` comes out in this order.

    Args:
        outputs: where the text goes.
    """

    def __init__(self, outputs: Outputs) -> None:
        self._outputs = outputs
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}
        self._pipes: dict[int, tuple[str, int, int]] = {}
        for descriptor, name in enumerate(self._decoders, start=1):
            reading, writing = os.pipe()
            os.set_blocking(reading, False)
            os.dup2(writing, descriptor)
            self._pipes[descriptor] = name, reading, writing
        self._filled = self._poll()
        outputs.before = self._bring
        threading.Thread(target=self._watch, name="outputs", daemon=True).start()

    def mend(self) -> None:
        """Open a descriptor again that the last cell closed."""
        for descriptor, (_, _, writing) in self._pipes.items():
            try:
                os.fstat(descriptor)
            except OSError:
                with contextlib.suppress(OSError):
                    os.dup2(writing, descriptor)

    def _poll(self) -> select.poll:
        # Never select(), which cannot watch a descriptor beyond 1023; and one for each thread.
        poll = select.poll()
        for _, reading, _ in self._pipes.values():
            poll.register(reading, select.POLLIN)
        return poll

    def _watch(self) -> None:
        filled = self._poll()
        with contextlib.suppress(OSError):  # a cell may close even our ends: then its outputs end here
            while True:
                filled.poll()
                with self._outputs.lock:
                    self._read()

    def _bring(self) -> None:
        if self._filled.poll(0):
            with contextlib.suppress(OSError):
                self._read()

    def _read(self) -> None:
        for name, reading, _ in self._pipes.values():
            for _ in range(CHUNKS):
                try:
                    chunk = os.read(reading, CHUNK_BYTES)
                except BlockingIOError:
                    break
                if not chunk:
                    raise BrokenPipeError  # a cell closed our ends
                self._outputs.append(name, self._decoders[name].decode(chunk))


def flush_buffers() -> None:
    """Write out what stands in the buffers of Python's first streams and of C."""
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):
            stream.flush()  # type: ignore[union-attr]  # None is suppressed too
    if "ctypes" in sys.modules:  # without it, hardly anything of a student's prints from C
        with contextlib.suppress(Exception):
            sys.modules["ctypes"].CDLL(None).fflush(None)
