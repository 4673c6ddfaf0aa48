"""A small worker, started as an ordinary user, in which tests let code run."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox import folder, landlock
from autograder.sandbox.container import worker_command
from autograder.sandbox.descriptors import allow_more_than_a_child
from autograder.sandbox.level import Level
from autograder.sandbox.meter import children_of
from autograder.sandbox.paths import PACKAGE, open_to_all, readable_paths

NOBODY = 65534
SECONDS = 20
"""After this a test that hangs is given up."""

WORKER = '''
import ctypes, errno, json, os, resource, signal, socket, sys, threading, time
sys.path.insert(0, sys.argv[1])
from autograder.model import Limits
from autograder.sandbox import zygote
from autograder.sandbox.descriptors import allow_more_than_a_child
from autograder.sandbox.guard import guard
from autograder.sandbox.level import Level

level, readable, control = Level(sys.argv[2]), json.loads(sys.argv[3]), socket.socket(fileno=int(sys.argv[4]))
resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))  # as after a login

def outcome(function, *arguments):
    """Return "done", or the name of the error that the system refused it with."""
    try:
        function(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"

def system_call(number, *arguments):
    ctypes.set_errno(0)
    if ctypes.CDLL(None, use_errno=True).syscall(*map(ctypes.c_long, (number, *arguments))) == -1:
        raise OSError(ctypes.get_errno(), "")

def only_this_thread_ends():
    system_call({"x86_64": 60}.get(os.uname().machine, 93))  # exit, not exit_group

def prepare():
    global ballast
    ballast = b"worker" * 1_000_000

def work(order, descriptors, folder):
    (answers,) = descriptors
    def answer(value):
        os.write(answers, json.dumps(value).encode() + b"\\n")
    try:
        own = {"__name__": "__main__", "folder": folder, "answer": answer, "answers": answers}
        exec(order["code"], globals() | own)
    except Exception as error:
        answer(f"{type(error).__name__}: {error}")
        raise

allow_more_than_a_child()
forked_from = zygote.start(level, readable, prepare, work)
if code := forked_from.wait_until_ready():
    sys.exit(code)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
control.send(b"ready")
while True:
    message, descriptors, _, _ = socket.recv_fds(control, 1 << 20, 2)
    if not message:
        break
    answers, guarded = descriptors
    if os.fork() == 0:
        order = json.loads(message)
        guard(level, Limits(**order["limits"]), order, socket.socket(fileno=guarded), forked_from, [answers])
        os._exit(0)
    os.close(answers)
    os.close(guarded)
'''


@dataclass(frozen=True)
class Run:
    """What the guard said of a run, and what its code answered."""

    ended: str
    code: int
    peak_bytes: int
    seconds: float
    message: str
    answers: tuple[Any, ...]


@dataclass
class Started:
    """A run that is on its way."""

    guard: socket.socket
    answers: int

    def first_answer(self) -> Any:
        """Wait for an answer."""
        return json.loads(os.read(self.answers, 1 << 16).splitlines()[0])

    def finish(self) -> Run:
        """Wait for the end."""
        self.guard.settimeout(SECONDS)
        with self.guard:
            report = b"".join(iter(lambda: self.guard.recv(1 << 16), b""))
        with os.fdopen(self.answers, "rb") as answers:
            said = tuple(json.loads(line) for line in answers.read().splitlines())
        return Run(**json.loads(report), answers=said)


class Ward:
    """A worker at one level."""

    def __init__(self, level: Level, user: int, process: "subprocess.Popen[bytes]", control: socket.socket) -> None:
        """Take over a worker that was started."""
        self.level, self.user, self.process, self._control = level, user, process, control
        assert control.recv(9) == b"ready"
        self._processes = children_of(process.pid)  # the last two: the worker and its zygote

    def start(self, code: str, **limits: float) -> Started:
        """Let code run; it calls `answer` with what JSON can hold, and finds its `folder`."""
        read, write = os.pipe()
        ours, theirs = socket.socketpair()
        message = json.dumps({"code": textwrap.dedent(code), "limits": {"submission_seconds": 10} | limits}).encode()
        socket.send_fds(self._control, [message], [write, theirs.fileno()])
        os.close(write)
        theirs.close()
        return Started(ours, read)

    def run(self, code: str, **limits: float) -> Run:
        """Let code run to its end."""
        return self.start(code, **limits).finish()

    def answer(self, code: str, **limits: float) -> Any:
        """Let code run, which must come to its own end, and return its one answer."""
        run = self.run(code, **limits)
        assert (run.ended, run.code, len(run.answers)) == ("exit", 0, 1), run
        return run.answers[0]

    def wait_until_alone(self) -> None:
        """Wait a moment for the last guard to leave; nothing else may be there."""
        until = time.monotonic() + 3
        while children_of(self.process.pid) != self._processes:
            assert time.monotonic() < until
            time.sleep(0.002)

    def guard(self) -> int:
        """Return the process that watches over the one run that is on its way."""
        (found,) = set(children_of(self._processes[-2])) - set(children_of(self._processes[-1])) - {self._processes[-2]}
        return found


def ordinary_python() -> tuple[str, int | None]:
    """Return a Python for the worker, and the user to run it as; None is the one who runs the tests."""
    if os.geteuid() != 0:
        return sys.executable, None
    for candidate in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin")):
        if candidate and all(map(open_to_all, [Path(candidate), PACKAGE])):
            found = subprocess.run(
                [candidate, "-c", "import sys; print(sys.version_info >= (3, 11))"], capture_output=True
            )
            if found.stdout == b"True\n":
                return candidate, NOBODY
    return sys.executable, None  # then as root, who drops what makes him root


def missing(level: Level) -> str:
    """Return why a level cannot be had on this machine; empty if it can."""
    if level is Level.LANDLOCK:
        try:
            landlock.version()
        except OSError as error:
            return f"this kernel has no Landlock: {error.strerror}"
        return ""
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return "bubblewrap is not installed"
    return tried.stderr


def start_ward(level: Level, python: str, user: int | None) -> Iterator[Ward]:
    """Start a worker and end it again."""
    readable = readable_paths() if python == sys.executable else [PACKAGE]
    allow_more_than_a_child()
    room = tempfile.mkdtemp()  # for the folders of submissions; a guard that is killed leaves its own behind
    os.chmod(room, 0o1777)
    variables = {"PATH": os.defpath, "LANG": "C.UTF-8"} | ({"TMPDIR": room} if level is Level.LANDLOCK else {})
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    argv = [python, "-c", WORKER, str(PACKAGE.parent), level, json.dumps([str(path) for path in readable])]
    with pytest.MonkeyPatch.context() as patch:
        if user is not None:
            patch.setattr(os, "geteuid", lambda: user)
        command = worker_command(level, [*argv, str(theirs.fileno())], readable, variables)
    process = subprocess.Popen(
        command, pass_fds=[theirs.fileno()], cwd="/", user=user, group=user, extra_groups=None if user is None else []
    )
    theirs.close()
    with ours:
        yield Ward(level, os.geteuid() if user is None else user, process, ours)
    process.terminate()
    process.wait()
    folder.remove(room)


def only(ward: Ward, level: Level, reason: str) -> None:
    """Skip a test that has a meaning at one level only."""
    if ward.level is not level:
        pytest.skip(reason)
