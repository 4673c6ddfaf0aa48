"""Runs notebooks as plain nbgrader and a student's own `validate` do: all in one process, with the answers in reach.

Started by `shown.py` as `python -m tests.attacks.plain`; it reads orders from its standard input, one a line, and
answers each with a line. It shows that attacks are no duds; nothing here protects anything but the machine.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from autograder.checks import student
from autograder.checks.quiet import quiet
from autograder.sandbox.kernel import call
from autograder.sandbox.meter import children_of
from autograder.sandbox.shell import Shell
from autograder.sandbox.worker import preload

_ADOPT = 36
"""PR_SET_CHILD_SUBREAPER, as in `machine.adopting`."""

_MEMORY, _FILE = 4 << 30, 64 << 20
"""Bytes beyond those of the imports, and of one file: what uses up everything is shown on this small scale."""


def main() -> None:
    """Answer orders: {"notebook", "folder", "naive", "seconds", "into"}."""
    orders, answers = sys.stdin, os.fdopen(os.dup(1), "w")
    with quiet():
        preload()
    call("prctl", _ADOPT, 1, 0, 0, 0)
    for line in orders:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_the_kernel(order)
        _answer(answers, {"ended": _wait(child, order["seconds"]), "left": _end_what_is_left()})


def _answer(answers: TextIO, said: dict[str, Any]) -> None:
    answers.write(json.dumps(said) + "\n")
    answers.flush()


def _be_the_kernel(order: dict[str, Any]) -> None:
    """Run the cells of a notebook and write their outputs; never returns."""
    code = 1
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        os.closerange(3, 4096)
        _be_small()
        notebook = json.loads(Path(order["notebook"]).read_text())
        os.chdir(order["folder"])
        student.STARTED_IN = Path.cwd()
        kernel, write = os.getpid(), json.dumps
        shell = Shell()
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and "skip-execution" not in cell["metadata"].get("tags", []):
                cell["outputs"] = shell.run_cell("".join(cell["source"]), 3600).outputs
        passed = bool(order["naive"]) and not shell.run_cell(order["naive"], 3600).failed
        if os.getpid() == kernel:
            Path(order["into"]).write_text(write({"cells": notebook["cells"], "naive": passed}))
        code = 0
        sys.exit = lambda *_: None  # type: ignore[assignment]  # it returns
    finally:
        with contextlib.suppress(BaseException):
            _as_python_ends()
        os._exit(code)


def _as_python_ends() -> None:
    """Run what was registered for the end of the process."""
    import atexit

    atexit._run_exitfuncs()


def _be_small() -> None:
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for kind, most in (
        (resource.RLIMIT_AS, held + _MEMORY),
        (resource.RLIMIT_FSIZE, _FILE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 1024),
    ):
        resource.setrlimit(kind, (most, most))


def _wait(child: int, seconds: float) -> str:
    """Wait for a process; say how it ended, or end it after a time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        number, status = os.waitpid(child, os.WNOHANG)
        if number:
            return f"code {os.waitstatus_to_exitcode(status)}"
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "late"


def _end_what_is_left() -> list[str]:
    """End what lost its parent and became ours; return the names."""
    left = []
    for number in children_of(os.getpid())[1:]:
        with contextlib.suppress(OSError):
            if os.waitpid(number, os.WNOHANG) == (0, 0):
                left.append(Path(f"/proc/{number}/comm").read_text().strip())
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
    return left


if __name__ == "__main__":
    main()
