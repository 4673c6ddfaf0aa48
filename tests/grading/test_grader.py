"""What is lost while a submission is graded costs no points."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from nbformat.v4 import new_notebook

from autograder.checks.calls import refused
from autograder.grading import grader
from autograder.grading.grader import Grader
from autograder.grading.prepare import Prepared
from autograder.model import Assignment, Outcome, Submission, Verdict
from autograder.sandbox.launch import WorkerLost
from tests.checks.toy import TOY

SEEDS = {exercise.name: 1 for exercise in TOY.exercises}


class Losing(Grader):
    """Judges without a sandbox; every run on public cases is lost.

    Args:
        outcome: of the first check.
        answered: what the student's function answered.
    """

    def __init__(self, outcome: Outcome = Outcome.FAILED, answered: str = "") -> None:
        """Grade one assignment, and keep what is observed."""
        self.kept: dict[str, Any] = {}
        self._outcome, self._answered = outcome, answered
        self._assignments, self._journal = {TOY.name: TOY}, self  # type: ignore[assignment]  # it stands for a journal
        self._course, self._secret = None, b""  # type: ignore[assignment]  # what reads them is replaced

    def get(self, key: str) -> Any:
        """Return what was kept."""
        return self.kept.get(key)

    def add(self, key: str, data: Any, sync: bool = True) -> None:
        """Keep."""
        self.kept[key] = data

    def _run(
        self, assignment: Assignment, submission: Submission, prepared: Prepared, seeds: Mapping[str, int]
    ) -> tuple[str, dict[str, list[str]], dict[int, list[Any]]]:
        if seeds != SEEDS:
            raise WorkerLost("killed")
        return "key", {TOY.exercises[0].name: [self._answered]}, {}

    def _judged(
        self, assignment: Assignment, seeds: Mapping[str, int], answers: Mapping[str, Sequence[str]]
    ) -> list[Verdict]:
        first, *others = assignment.checks
        (exercise,) = assignment.exercises
        passed = [Verdict(one.name, exercise.name, Outcome.PASSED, one.points, one.points, "") for one in others]
        return [Verdict(first.name, exercise.name, self._outcome, 0, first.points, "", "a secret"), *passed]


@pytest.fixture(autouse=True)
def no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be read."""
    monkeypatch.setattr(grader, "prepare", lambda *_: Prepared(new_notebook(), (), {}))
    monkeypatch.setattr(grader, "fingerprint", lambda *_: "")
    monkeypatch.setattr(grader, "submitted_at", lambda *_: "")
    monkeypatch.setattr(grader, "seed_for", lambda *_: 1)


def test_words_that_are_lost_cost_no_points() -> None:
    """Where the run for the words is lost each time, the points count, and the next run looks for the words again."""
    losing = Losing()
    graded = losing.grade(Submission("ada", TOY.name, "nowhere"))
    assert graded.result.outcome is Outcome.FAILED
    assert graded.result.score == sum(check.points for check in TOY.checks[1:])
    assert losing.kept == {}


@pytest.mark.parametrize(("answered", "kept"), [(refused(("TimeUp", "longer than 30 seconds", "")), True), ("", False)])
def test_what_comes_late_here_is_judged_again(answered: str, kept: bool) -> None:
    """An exercise that ran out of time is kept if the student's function did so, and not if we did."""
    losing = Losing(Outcome.TIMEOUT, answered)
    assert losing.grade(Submission("ada", TOY.name, "nowhere")).result.outcome is Outcome.TIMEOUT
    assert bool(losing.kept) is kept
