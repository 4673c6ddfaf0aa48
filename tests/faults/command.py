"""The command `autograder`, started again and again: forked from a process that has imported everything but TensorFlow.

Whatever a command leaves behind when it is killed becomes a child of that process, so that nothing goes unseen.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.meter import children_of

STARTER = """
import ctypes, json, os, resource, sys
from autograder.checks.registry import MODULES, find_assignment
from autograder.cli import main
import autograder.grading.replay, autograder.grading.session, autograder.grading.watch, autograder.notebook.register
[*map(find_assignment, MODULES)]
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    begun, beginning = os.pipe()
    process = os.fork()
    if process == 0:
        os.setsid()
        os.chdir(order["folder"])
        if order["largest_file"]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], order["largest_file"]))
        for number, path in enumerate((os.devnull, order["out"], order["err"])):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
        os.close(begun), os.close(beginning)
        main([*map(os.fsdecode, order["arguments"])], prog_name="autograder")
    os.close(beginning)
    os.read(begun, 1)  # nothing comes: the command is about to begin
    os.close(begun)
    print(process, flush=True)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    print(code, flush=True)
"""

SECONDS = 15
"""How long what a killed command leaves behind may take to end."""


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The last line of what went wrong."""
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


class Command:
    """Starts commands, one at a time, in a course folder; `room` is where they may leave temporary files."""

    def __init__(self, course: Path, prefix: Sequence[str] = ()) -> None:
        """Import what commands import; `prefix` is a command that runs another in some other way."""
        self._course = course
        self.room = Path(tempfile.mkdtemp(prefix="faults-"))
        self.room.chmod(0o711)  # a worker may be another user's
        self._logs = Path(tempfile.mkdtemp(prefix="faults-logs-"))
        signal.signal(signal.SIGINT, signal.default_int_handler)  # else ignored where tests run in the background
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-c", STARTER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(self.room), "PYTHONUNBUFFERED": "1"},
        )
        self._count = 0
        self.number = 0

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self, *arguments: object, largest_file: int = 0) -> int:
        """Start a command, and return its number."""
        if not self._count:
            assert self._line() == "ready"
        self._count += 1
        order = {
            "folder": str(self._course),
            "largest_file": largest_file,
            "out": str(self._logs / f"{self._count}.out"),
            "err": str(self._logs / f"{self._count}.err"),
            "arguments": list(map(str, arguments)),
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self.number = int(self._line())
        return self.number

    def finish(self) -> Ended:
        """Wait for the end of the command."""
        code = int(self._line())
        texts = [
            (self._logs / f"{self._count}.{kind}").read_text(encoding="utf-8", errors="replace")
            for kind in ("out", "err")
        ]
        return Ended(code, *texts)

    def run(self, *arguments: object, largest_file: int = 0) -> Ended:
        """Run a command to its end."""
        self.start(*arguments, largest_file=largest_file)
        return self.finish()

    def kill(self) -> Ended:
        """Kill the command with a signal that it cannot catch."""
        with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
            os.kill(self.number, signal.SIGKILL)
        return self.finish()

    def wait_until_alone(self) -> None:
        """Wait until no process is left of the command, which must not take long."""
        until = time.monotonic() + SECONDS
        while left := [one for one in children_of(self._process.pid)[1:] if alive(one)]:
            assert time.monotonic() < until, [shown(one) for one in left]
            time.sleep(0.05)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        for folder in (self.room, self._logs):
            shutil.rmtree(folder)


def alive(process: int) -> bool:
    """Tell whether a process is more than an entry that waits for its parent."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def shown(process: int) -> Sequence[str]:
    """Return the command line of a process."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []


def parent_of(process: int) -> int:
    """Return the parent of a process."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def age(process: int) -> float:
    """Return for how many seconds a process has been there; 0 if it has just gone."""
    try:
        ticks = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return 0.0
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


ROLES = ("child", "guard", "zygote", "worker", "evaluator", "observer")


def find(command: int, role: str) -> Iterator[int]:
    """Yield the processes of a command that have a role: a child runs a submission, an observer runs references."""
    ours = children_of(command)[1:]
    lines = {process: shown(process) for process in ours}
    if role == "observer":
        yield from (process for process in ours if "--multiprocessing-fork" in lines[process])
        return
    forked = {process: parent_of(process) for process in ours if "autograder.sandbox.worker" in lines[process][1:3]}
    workers = [process for process, parent in forked.items() if parent not in forked]
    below = [process for process, parent in forked.items() if parent in workers and alive(process)]
    zygotes = sorted(below, key=age)[-1:]  # what a worker forks first; all others are guards
    leaves = [process for process, parent in forked.items() if parent in zygotes]
    named = {"worker": workers, "zygote": zygotes, "guard": [process for process in below if process not in zygotes]}
    if role in named:
        yield from named[role]
    else:  # an evaluator outlives submissions, which are over in a second
        yield from (process for process in leaves if alive(process) and (age(process) > 2) == (role == "evaluator"))
