"""Watch over one submission: have the child forked in which its code runs, end it at its limits, say how it ended.

The guard outlives the code. It is not confined; nothing of the code's reaches it: they share no descriptor, and where
the child could see it, the filter keeps the child from disturbing it.
"""

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autograder.model import Limits
from autograder.sandbox import folder as folders
from autograder.sandbox import landlock, namespaces
from autograder.sandbox.descriptors import close_all_but
from autograder.sandbox.level import Level
from autograder.sandbox.watch import Watch
from autograder.sandbox.zygote import Child, Lost, Zygote

_GRACE = 0.2
"""Seconds in which a child that is just ending may come to its own end after the trusted side hung up."""


@dataclass(frozen=True)
class End:
    """How a submission ended, as the guard reports it.

    Args:
        ended: `exit` and `signal` (by itself: see `code`), `time` and `memory` (beyond its limits), `stopped` (the
            trusted side hung up), `lost` (the worker ended) or `fault` (ours: it could not be confined, and no line of
            it was run).
        code: the exit code or the signal.
        peak_bytes: the most memory that the guard saw, beyond the zygote's.
        seconds: of real time.
        message: what happened, unless it simply ended.
    """

    ended: str
    code: int = 0
    peak_bytes: int = 0
    seconds: float = 0.0
    message: str = ""


def guard(
    level: Level,
    limits: Limits,
    order: Mapping[str, Any],
    control: socket.socket,
    zygote: Zygote,
    keep: Sequence[int] = (),
) -> None:
    """Have a confined child forked, and write one line of JSON on `control`: the fields of `End`.

    To be called in a process that was just forked, has one thread, and has nothing else to do: its descriptors are not
    what they were when this returns.

    Args:
        level: how the child is confined.
        limits: what it may use.
        order: what its work is told.
        control: connected to the trusted side; the child is ended when that hangs up.
        zygote: forks it.
        keep: descriptors that the child keeps; the guard closes its own copies.
    """
    own_folder = ""
    try:
        close_all_but({control.fileno(), zygote.channel.fileno(), *keep})
        own_folder = "" if level is Level.NAMESPACES else folders.make()
        with _pinned([] if level is not Level.LANDLOCK else landlock.PROCESS_FILES):
            end = _run(level, limits, order, control, own_folder, zygote, keep)
    except (Lost, ProcessLookupError) as error:  # the second: no such process as the zygote
        end = End("lost", message=f"The worker ended. {error}".strip())
    except Exception as error:
        end = End("fault", message=f"{type(error).__name__}: {error}")
    if own_folder:
        try:
            folders.remove(own_folder)
        except OSError as error:
            if end.ended != "lost":  # else the child may be just ending, and the folder goes with the run's others
                end = End("fault", message=f"The folder {own_folder} could not be removed: {error}")
    with contextlib.suppress(OSError):  # nobody is there any more
        control.sendall(json.dumps(asdict(end)).encode() + b"\n")


def _run(
    level: Level,
    limits: Limits,
    order: Mapping[str, Any],
    control: socket.socket,
    own_folder: str,
    zygote: Zygote,
    keep: Sequence[int],
) -> End:
    """Have the child forked, watch it to its end, and leave nothing of it behind."""
    with contextlib.closing(Watch(level, limits, own_folder, zygote.process)) as watch:
        told, tell = os.pipe()
        started = time.monotonic()
        child = zygote.fork(order, limits, own_folder, tell, keep)
        try:
            for descriptor in (tell, *keep):
                os.close(descriptor)
            message = _read_all(told)
            os.close(told)
            if message:
                return End("fault", message=message)
            sys.meta_path.clear()  # what were imported from now on might come from the child's files
            if level is Level.NAMESPACES and not (namespaces.visit(child.number) and watch.sees_sockets()):
                return _unseen(child, started)
            with _pinned([] if level is not Level.LANDLOCK else [f"/proc/{child.number}"]):
                watch.begin(child.number)
                return _watched(watch, limits, control, child, started)
        finally:
            child.end(level)


def _unseen(child: Child, started: float) -> End:
    """Wait for a child that has ended already; what only hides is not let run, since it could not be watched."""
    child.wait(_GRACE)
    seconds = time.monotonic() - started
    return End("stopped", 0, 0, seconds) if child.code is None else _as_it_ended(child.code, 0, seconds)


def _watched(watch: Watch, limits: Limits, control: socket.socket, child: Child, started: float) -> End:
    """Wait until the child ends, or until there is a reason to end it."""
    poll = select.poll()
    poll.register(control, select.POLLRDHUP if hasattr(select, "POLLRDHUP") else 0)
    poll.register(child.link, select.POLLIN)
    deadline = started + limits.submission_seconds
    while True:
        wait = 0.0 if child.code is not None else min(watch.pause, deadline - time.monotonic())
        ready = {descriptor for descriptor, _ in poll.poll(max(0.0, wait) * 1000)}
        hung_up = control.fileno() in ready
        child.wait(_GRACE if hung_up else 0)
        seconds = time.monotonic() - started
        if child.code is not None:
            return _as_it_ended(child.code, watch.peak, seconds)
        if hung_up:
            return End("stopped", 0, watch.peak, seconds, "The run was stopped.")
        if time.monotonic() >= deadline:
            return End("time", 0, watch.peak, seconds, f"It took longer than {limits.submission_seconds:g} seconds.")
        if complaint := watch.look():
            return End("memory", 0, watch.peak, seconds, complaint)


def _as_it_ended(code: int, peak: int, seconds: float) -> End:
    """Return the end of a child that ended by itself."""
    if code >= 0:
        return End("exit", code, peak, seconds)
    if -code == signal.SIGXCPU:
        return End("time", -code, peak, seconds, "It used more time of the processor than it may.")
    return End("signal", -code, peak, seconds, signal.strsignal(-code) or "")


def _read_all(descriptor: int) -> str:
    """Return what was written into a pipe until it was closed."""
    parts = []
    while part := os.read(descriptor, select.PIPE_BUF):
        parts.append(part)
    return b"".join(parts).decode(errors="replace")


@contextlib.contextmanager
def _pinned(paths: Iterable[str]) -> Iterator[None]:
    """Keep the kernel's own copies of these files of /proc as they are: a Landlock rule belongs to one copy."""
    opened = []
    for path in paths:
        with contextlib.suppress(OSError):
            opened.append(os.open(path, os.O_PATH | os.O_CLOEXEC))
    try:
        yield
    finally:
        for descriptor in opened:
            os.close(descriptor)
