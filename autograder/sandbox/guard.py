"""Watch over one submission: fork the child in which its code runs, end it at its limits, and say how it ended.

The guard is the only process that outlives the code. It is not confined; nothing of the code's reaches it: they share
no descriptor, and where the child could see it, the filter keeps the child from disturbing it.
"""

import contextlib
import json
import os
import select
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from autograder.model import Limits
from autograder.sandbox import folder as folders
from autograder.sandbox import landlock, namespaces
from autograder.sandbox.level import Level
from autograder.sandbox.linux import confine
from autograder.sandbox.watch import Watch

_FAILED = 70
"""The child's exit code when `work` raised: EX_SOFTWARE of sysexits.h."""

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
        peak_bytes: the most memory that the guard saw, beyond the worker's.
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
    work: Callable[[str], None],
    control: socket.socket,
    readable: Sequence[str],
    keep: Sequence[int] = (),
) -> None:
    """Run `work` in a confined child, and write one line of JSON on `control`: the fields of `End`.

    To be called in a process that was just forked, has one thread, and has nothing else to do: its descriptors and
    signal handlers are not what they were when this returns.

    Args:
        level: how the child is confined.
        limits: what it may use.
        work: called in the child with its working folder; when it returns the child exits with 0, when it raises
            with 70.
        control: connected to the trusted side; the child is ended when that hangs up.
        readable: files and folders that the child may read beside the system, as in `container.worker_command`.
        keep: descriptors that the child keeps; the guard closes its own copies.
    """
    own_folder = ""
    try:
        _close_all_but({control.fileno(), *keep})
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the trusted side's, which then hangs up
        own_folder = "" if level is Level.NAMESPACES else folders.make()
        with _pinned([] if level is not Level.LANDLOCK else landlock.PROCESS_FILES):
            end = _run(level, limits, work, control, own_folder, readable, keep)
    except Exception as error:
        end = End("fault", message=f"{type(error).__name__}: {error}")
    if own_folder:
        try:
            folders.remove(own_folder)
        except OSError as error:
            end = End("fault", message=f"The folder {own_folder} could not be removed: {error}")
    with contextlib.suppress(OSError):  # nobody is there any more
        control.sendall(json.dumps(asdict(end)).encode() + b"\n")


def _run(
    level: Level,
    limits: Limits,
    work: Callable[[str], None],
    control: socket.socket,
    own_folder: str,
    readable: Sequence[str],
    keep: Sequence[int],
) -> End:
    """Fork the child, watch it to its end, and leave nothing of it behind."""
    parent = _handle_of(os.getppid())
    if level is Level.NAMESPACES:
        namespaces.enter()
    with contextlib.closing(Watch(level, limits, own_folder)) as watch:
        told, tell = os.pipe()
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            _be_the_child(level, limits, work, own_folder, readable, tell, keep)
        try:
            for descriptor in (tell, *keep):
                os.close(descriptor)
            message = _read_all(told)
            os.close(told)
            if message:
                return End("fault", message=message)
            with _pinned([f"/proc/{child}"]):
                watch.begin(child, _handle_of(child))
                return _watched(watch, limits, control, parent, started)
        finally:
            _end(child, level)


def _be_the_child(
    level: Level,
    limits: Limits,
    work: Callable[[str], None],
    own_folder: str,
    readable: Sequence[str],
    tell: int,
    keep: Sequence[int],
) -> None:
    """Confine this process and do the work; never returns."""
    code = _FAILED
    try:
        try:
            _close_all_but({tell, *keep})
            _reset_signals()
            folder = confine(level, limits, own_folder, readable)
            os.chdir(folder)
            os.environ.update(HOME=folder, TMPDIR=namespaces.ROOM if level is Level.NAMESPACES else folder)
            tempfile.tempdir = None  # it remembers where the guard's were
        except BaseException as error:
            os.write(tell, f"{type(error).__name__}: {error}".encode()[: select.PIPE_BUF])
            return
        os.close(tell)
        work(folder)
        code = 0
    finally:
        os._exit(code)


def _watched(watch: Watch, limits: Limits, control: socket.socket, parent: int | None, started: float) -> End:
    """Wait until the child ends, or until there is a reason to end it."""
    poll = select.poll()
    poll.register(control, select.POLLRDHUP if hasattr(select, "POLLRDHUP") else 0)
    for handle in (watch.handle, parent):
        if handle is not None:
            poll.register(handle, select.POLLIN)
    deadline = started + limits.submission_seconds
    while True:
        wait = min(watch.pause(), deadline - time.monotonic())
        hung_up = {descriptor for descriptor, _ in poll.poll(max(0.0, wait) * 1000)} - {watch.handle}
        seconds = time.monotonic() - started
        if hung_up:
            watch.wait_for_end(_GRACE)
        if (code := watch.code()) is not None:
            return _as_it_ended(code, watch.peak, seconds)
        if parent in hung_up:
            return End("lost", 0, watch.peak, seconds, "The worker ended.")
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


def _end(child: int, level: Level) -> None:
    """Kill the child and all that came from it; return when they are gone."""
    if level is Level.NONE:  # without a namespace: at least what did not leave its session
        with contextlib.suppress(OSError):  # it did not even make one
            os.killpg(child, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)  # the first of a namespace: the kernel ends all others before


def _reset_signals() -> None:
    """Give every signal the handler that a fresh Python has."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):  # kept by the C library for itself
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _close_all_but(kept: Iterable[int]) -> None:
    """Close all descriptors except these; standard input, output and error lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    last = 2
    for number in sorted({*kept} - {0, 1, 2}):
        os.closerange(last + 1, number)
        last = number
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))


def _handle_of(process: int) -> int | None:
    """Return a descriptor that becomes readable when a process ends; None where there is none."""
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(process)
    except OSError:  # of another namespace, or it has ended
        return None


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
