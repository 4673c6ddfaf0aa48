"""Whatever is killed, and when: the same gradebook and results as without, and nothing is run twice."""

import os
import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.course.folder import Course
from tests.faults import school
from tests.faults.command import ROLES, Command, find

pytestmark = pytest.mark.tensorflow

PATIENCE = 2.0
"""Seconds after which a role that nobody has just now is given up for another."""

APART = 4.0
"""Seconds between two kills of children: a code that is killed thrice is held to be the reason itself."""


class Killer:
    """Kills what belongs to a command that grades, and starts the command again when it was the command itself."""

    def __init__(self, command: Command, course: Course, folder: Path, seed: int) -> None:
        self._command, self._folder, self._random = command, folder, random.Random(seed)
        paths = (folder / "submitted", "--results", folder / "results.json")
        self._arguments = ("--course", course.root, "grade", *paths)
        self._last_child = 0.0
        self._kept = b""
        self.killed = dict.fromkeys((*ROLES, "command"), 0)
        command.start(*self._arguments)

    def kill(self, number: int, weights: dict[str, int]) -> None:
        """Kill so many processes at random moments; how often which role is chosen hangs on its weight."""
        wanted = sum(self.killed.values()) + number
        while sum(self.killed.values()) < wanted and self._goes_on():
            (role,) = self._random.choices(list(weights), list(weights.values()))
            time.sleep(self._random.uniform(0.05, 0.8))
            if role == "command":
                self.begin_again()
            elif role != "child" or time.monotonic() > self._last_child + APART:
                self.kill_one(role)

    def _goes_on(self) -> bool:
        return Path(f"/proc/{self._command.number}/stat").exists()

    def kill_one(self, role: str, patience: float = PATIENCE) -> None:
        """Kill a process that has a role, as soon as there is one."""
        until = time.monotonic() + patience
        while time.monotonic() < until and self._goes_on():
            for process in find(self._command.number, role):
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:  # it has just ended by itself
                    continue
                self._last_child = time.monotonic() if role == "child" else self._last_child
                self.killed[role] += 1
                return
            time.sleep(0.005)

    def begin_again(self) -> None:
        """Kill the command; what it left ends by itself, and what it had written stays as it was."""
        ended = self._command.kill()
        self.killed["command"] += ended.code == -signal.SIGKILL
        assert "Traceback" not in ended.err
        self._command.wait_until_alone()
        kept = school.whole_lines(self._folder)
        assert kept.startswith(self._kept)
        self._kept = kept
        self._command.start(*self._arguments)

    def finish(self) -> None:
        """Let the command come to its end, and give it again: what was our fault is then tried once more."""
        ended = self._command.finish()
        assert ended.code == 0, ended.err
        assert "Traceback" not in ended.err
        assert school.whole_lines(self._folder).startswith(self._kept)
        assert self._command.run(*self._arguments).code == 0


def assert_same(folder: Path, undisturbed: Path) -> None:
    """Compare all that grading leaves; each submission's cells were run as often as without a disturbance."""
    assert school.results(folder / "results.json") == school.results(undisturbed / "results.json")
    assert school.entered(folder) == school.entered(undisturbed)
    assert len(school.runs(folder)) == len(set(school.runs(folder)))
    assert set(school.runs(folder)) == set(school.runs(undisturbed))


def test_one_of_each_is_killed(command: Command, course: Course, folder: Path, undisturbed: Path) -> None:
    """A child, a guard, an evaluator, the zygote, the worker and the command are killed while a class is graded."""
    killer = Killer(command, course, folder, seed=1)
    for role in ("child", "worker", "zygote", "guard", "evaluator"):
        killer.kill_one(role, patience=20)
    killer.begin_again()
    killer.finish()
    print("killed:", killer.killed)
    assert sum(killer.killed.values()) >= 4
    assert_same(folder, undisturbed)


WEIGHTS = {"child": 6, "guard": 4, "zygote": 2, "worker": 2, "evaluator": 4, "observer": 2, "command": 3}


@pytest.mark.slow
def test_fifty_kills_while_two_hundred_are_graded(
    command: Command, course: Course, notebooks: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """Fifty processes are killed at random moments, the references not yet known."""
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    school.fill(undisturbed / "submitted", course, notebooks, 200, sets=2)
    shutil.copytree(undisturbed / "submitted", disturbed / "submitted")
    fresh = Course(tmp_path / "course")
    shutil.copytree(course.root, fresh.root, ignore=shutil.ignore_patterns("references"))

    killer = Killer(command, fresh, disturbed, seed=2)
    killer.kill_one("observer", patience=30)
    killer.kill(49, WEIGHTS)
    killer.finish()
    print("killed:", killer.killed)
    assert sum(killer.killed.values()) >= 50
    assert command.run("grade", undisturbed / "submitted", "--results", undisturbed / "results.json").code == 0
    assert_same(disturbed, undisturbed)
