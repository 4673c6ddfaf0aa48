"""What becomes of root's powers when root grades."""

import os
import pwd
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import container
from autograder.sandbox.container import user_of_worker, worker_command
from autograder.sandbox.level import Level
from autograder.sandbox.meter import children_of
from autograder.sandbox.paths import PACKAGE, open_to_all
from tests.sandbox.ward import NOBODY, Ward, missing, start_ward

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can try what becomes of root")

ROOTS_HOME = Path(pwd.getpwuid(0).pw_dir)


@pytest.fixture(scope="module", params=[Level.NAMESPACES, Level.LANDLOCK])
def roots_ward(request: pytest.FixtureRequest) -> Iterator[Ward]:
    """Return a worker that root started with the Python of the tests, wherever that lies."""
    if reason := missing(request.param):
        pytest.skip(reason)
    yield from start_ward(request.param, sys.executable, None)


def test_what_belongs_to_root_stays_closed(roots_ward: Ward, tmp_path: Path) -> None:
    """Neither root's files nor the settings of the kernel can be opened."""
    files = [
        "/etc/shadow",
        str(ROOTS_HOME / ".bashrc"),
        "/proc/sys/kernel/core_pattern",
        "/proc/sysrq-trigger",
        "/dev/mem",
    ]
    outcomes = roots_ward.answer(f"answer([outcome(open, path, 'r+') for path in {files}])")
    assert set(outcomes) <= {"ENOENT", "EACCES", "EROFS", "EPERM"}


def test_the_child_is_nobody(roots_ward: Ward) -> None:
    """The process has no capability, and outside it is nobody's, unless only root can read this Python."""
    run = roots_ward.start("answer(open('/proc/self/status').read()); signal.pause()")
    status = run.first_answer()
    user = max(children_users(roots_ward.process.pid))
    run.guard.close()
    os.close(run.answers)
    assert "CapEff:\t0000000000000000" in status
    readable = roots_ward.level is Level.NAMESPACES or open_to_all(Path(sys.executable))
    assert user == (NOBODY if readable else 0)


def children_users(process: int) -> list[int]:
    """Return the users, as seen from outside, of all that came from a process."""
    return [os.stat(f"/proc/{number}").st_uid for number in children_of(process)]


def test_a_python_of_roots_own_is_not_given_away() -> None:
    """At LANDLOCK the worker becomes nobody only if nobody can read all that it needs."""
    closed = worker_command(Level.LANDLOCK, ["x"], [ROOTS_HOME / ".hidden"], {})
    opened = worker_command(Level.LANDLOCK, ["x"], [PACKAGE] if open_to_all(PACKAGE) else [Path("/usr")], {})
    assert "--reuid" not in closed
    assert "--reuid" in opened


def test_a_root_who_may_not_change_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a container took that from root, the worker stays who started it, and gives up what is left."""
    monkeypatch.setattr(container, "_CHANGING_USER", 1 << 63)  # no process has it
    assert user_of_worker(Level.LANDLOCK, [Path("/usr")]) is None
    assert "--reuid" not in worker_command(Level.LANDLOCK, ["x"], [Path("/usr")], {})
