"""Single-use processes, seen from the trusted side: forked by a preloaded worker."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder.errors import CourseError
from autograder.model import Limits
from autograder.sandbox.container import readable_paths, user_of_worker, worker_command
from autograder.sandbox.frames import Connection
from autograder.sandbox.level import Level

if TYPE_CHECKING:
    from autograder.sandbox.room import Room

START_SECONDS = 180
"""How long a worker may take to import TensorFlow on a busy machine."""

END_SECONDS = 5
"""How long a process may take to end after it closed its channel."""

KILLED = 9
"""The signal that a process cannot send to itself in its own namespace: it came from outside."""

STOPPED = (1, 2, KILLED, 15)
"""Signals by which somebody ends a process, as where the machine is shut down; a crash has others. Where a student's
code runs only the one counts that it cannot send to itself."""


def from_outside(work: str) -> tuple[int, ...]:
    """Return the signals that a process with this work, see `Launcher.launch`, can only have from somebody else."""
    return (KILLED,) if work == "child" else STOPPED


class WorkerLost(CourseError):
    """A process of ours ended while something ran in it; nobody's fault but ours, and it can be run again."""


class Process(Protocol):
    """A single-use process."""

    connection: Connection

    def end(self) -> str:
        """Return how it ended: exit, signal, killed (from outside), time, memory or stopped.

        Raises:
            WorkerLost: if that cannot be told any more.
            CourseError: if it could not be confined.
        """

    def close(self) -> None:
        """End it, if it has not ended."""


class Launcher(Protocol):
    """Starts single-use processes; safe to use from several threads."""

    def start(self) -> None:
        """Prepare for the first process; done by itself otherwise."""

    def launch(self, work: str, limits: Limits, most: int | None) -> Process:
        """Start a process that does some work, `child` or `evaluator`, and may send so many bytes.

        Raises:
            WorkerLost: if it cannot be started now.
        """

    def close(self) -> None:
        """End whatever was started."""


class Forked:
    """A process that a worker forked, and its guard."""

    def __init__(self, connection: Connection, guard: socket.socket, from_outside: tuple[int, ...]) -> None:
        """Keep the connections, and by which signals only somebody else can have ended it."""
        self.connection, self._guard, self._from_outside = connection, guard, from_outside

    def end(self) -> str:
        """Ask the guard; see `Process`."""
        data = b""
        self._guard.settimeout(END_SECONDS)
        with contextlib.suppress(OSError):
            try:
                data = self._guard.recv(65536)
            except TimeoutError:  # it closed the channel and goes on: the guard ends it when nobody listens any more
                self._guard.shutdown(socket.SHUT_WR)
                data = self._guard.recv(65536)
        try:
            report = json.loads(data)
        except ValueError:
            raise WorkerLost("The worker ended while a submission ran.") from None
        if report["ended"] == "lost":
            raise WorkerLost("The worker ended while a submission ran.")
        if report["ended"] == "fault":
            raise CourseError(f"A process could not be confined: {report['message']}. See `autograder doctor`.")
        if report["ended"] == "signal" and report["code"] in self._from_outside:
            return "killed"
        return str(report["ended"])

    def close(self) -> None:
        """Hang up, upon which the guard ends the process."""
        self.connection.close()
        self._guard.close()


class ForkLauncher:
    """Has a preloaded worker, started when it is needed and again when it was lost, fork each process.

    Args:
        level: how processes are confined.
    """

    def __init__(self, level: Level) -> None:
        """Start nothing yet."""
        self._level = level
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        # Workers are to end with this process, but what the kernel watches is the thread that started them: one thread
        # starts them all, and lives as long as this object.
        self._starter = ThreadPoolExecutor(1)
        self._room: Room | None = None
        self._closed = False

    def start(self) -> None:
        """Start the worker and wait until it has imported TensorFlow.

        Raises:
            CourseError: if it does not start.
        """
        with self._lock:
            self._started()

    def close(self) -> None:
        """End the worker, and with it whatever it forked; nothing is started any more."""
        self._closed = True
        process = self._process
        if process is not None:  # without the lock: another thread may hold it until TensorFlow is imported
            process.terminate()
        with self._lock:
            self._stop()
            self._starter.shutdown()
            if self._room is not None:
                self._room.close()
                self._room = None

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _started(self) -> socket.socket:
        if self._closed:
            raise WorkerLost("The run was stopped.")
        if self._control is not None:
            return self._control
        from autograder.sandbox.descriptors import allow_more_than_a_child  # not everywhere are such limits

        allow_more_than_a_child()
        self._stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        readable = readable_paths()
        variables = environment() | self._temporary(readable)
        inner = [sys.executable, "-m", "autograder.sandbox.worker", str(theirs.fileno()), self._level.value]
        command = worker_command(self._level, [*inner, json.dumps(list(map(str, readable)))], readable, variables)
        with theirs, tempfile.TemporaryFile() as log, contextlib.ExitStack() as stack:
            stack.callback(ours.close)
            self._process = self._starter.submit(
                subprocess.Popen[bytes],
                command,
                pass_fds=[theirs.fileno()],
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd="/",
            ).result()
            theirs.close()
            _wait_until_ready(ours, self._process, log.fileno())
            stack.pop_all()
        self._control = ours
        return ours

    def _temporary(self, readable: list[Path]) -> dict[str, str]:
        """Return where the worker's processes make their folders, as a variable."""
        if self._level is Level.NAMESPACES:  # there they have a file system of their own
            return {}
        from autograder.sandbox.room import Room  # not everywhere are the locks that it uses

        if self._room is None:
            self._room = Room(user_of_worker(self._level, readable))
        return {"TMPDIR": self._room.path}

    def launch(self, work: str, limits: Limits, most: int | None) -> Forked:
        """Have a process forked; see `Launcher`."""
        ours, theirs = socket.socketpair()
        guard, guarded = socket.socketpair()
        message = json.dumps({"work": work, "limits": asdict(limits)}).encode()
        descriptor = ours.detach()
        forked = Forked(Connection(descriptor, descriptor, most), guard, from_outside(work))
        with contextlib.ExitStack() as stack, theirs, guarded, self._lock:
            stack.callback(forked.close)
            for _ in range(2):  # the worker may have been lost since the last launch
                try:
                    socket.send_fds(self._started(), [message], [theirs.fileno(), guarded.fileno()])
                    stack.pop_all()
                    return forked
                except OSError:
                    self._stop()
        raise WorkerLost("The worker ends as soon as it is started: see `autograder doctor`.")


def _wait_until_ready(control: socket.socket, process: subprocess.Popen[bytes], log: int) -> None:
    """Wait for a worker's first message.

    Raises:
        WorkerLost: if somebody killed it.
        CourseError: if it does not come.
    """
    control.settimeout(START_SECONDS)
    try:
        ready = control.recv(64)
    except OSError:
        ready = b""
    if not ready:
        with contextlib.suppress(subprocess.TimeoutExpired):
            if process.wait(END_SECONDS) in (-KILLED, 128 + KILLED):  # the second as bubblewrap tells it
                raise WorkerLost("The worker was killed while it started.")
        process.kill()
        process.wait()
        end = os.pread(log, 10_000, 0).decode(errors="replace").strip().splitlines()[-1:]
        why = " ".join(end) or "no reason given"
        raise CourseError(f"The worker did not start ({why}): see `autograder doctor`.")
    control.settimeout(None)


def environment() -> dict[str, str]:
    """Return all that a process beside a student's code is told of this machine."""
    return {
        "PATH": os.defpath,
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
    } | {name: os.environ[name] for name in ("TF_ENABLE_ONEDNN_OPTS", "OMP_NUM_THREADS") if name in os.environ}
