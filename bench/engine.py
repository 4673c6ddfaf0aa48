"""What `autograder grade` takes: in steady state, phase by phase, and as a whole command."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograder.course.folder import Course
from autograder.grading import judged
from autograder.grading.classroom import Classroom, find_submissions
from autograder.grading.session import Options, open_session
from autograder.model import Assignment, GradedSubmission

MEANWHILE = ("the executed notebook", "the gradebook")
"""Parts that one thread writes while the others go on with the next submissions."""


@dataclass(frozen=True)
class Steady:
    """One measured class.

    Args:
        seconds: per submission of its second half, when everything has started and the references are observed.
        graded: what came out.
        phases: seconds per submission spent waiting in each part; with one job those not in `MEANWHILE`, and what has
            no name, add up to `seconds`.
        remembered: share of the judgements for which an earlier submission had given the same answers.
    """

    seconds: float
    graded: Sequence[GradedSubmission]
    phases: dict[str, float]
    remembered: float


def steady(
    course: Course, assignment: Assignment, classroom: Classroom, options: Options, remember: bool = True
) -> Steady:
    """Grade a class in this process and measure its second half.

    Args:
        course: the course folder.
        assignment: what is graded.
        classroom: the class.
        options: how.
        remember: False to evaluate equal answers each time anew.
    """
    submissions = find_submissions(classroom, (assignment.name,))
    half, graded = len(submissions) // 2, []
    with (
        _remembering(remember),
        timed_phases() as phases,
        _counted_judgements() as judgements,
        open_session(course, classroom, {assignment.name: assignment}, options, lambda: None) as s,
    ):
        for one in s.grade(submissions):
            graded.append(one)
            if len(graded) == half:
                phases.clear()
                judgements.clear()
                start = time.perf_counter()
        taken = (time.perf_counter() - start) / (len(submissions) - half)
    spent = {name: seconds / (len(submissions) - half) for name, seconds in phases.items()}
    return Steady(taken, graded, spent, 1 - judgements["made"] / judgements["asked"])


@contextmanager
def _remembering(remember: bool) -> Iterator[None]:
    before = judged.REMEMBERED
    judged.REMEMBERED = before if remember else 0
    try:
        yield
    finally:
        judged.REMEMBERED = before


@contextmanager
def _counted_judgements() -> Iterator[Counter[str]]:
    """Count the judgements that were asked for and those that were made."""
    counts: Counter[str] = Counter()
    methods = {"verdicts": "asked", "_judged": "made"}
    before = {name: getattr(judged.Judge, name) for name in methods}

    def counted(name: str) -> Callable[..., Any]:
        def method(*args: Any) -> Any:
            counts[methods[name]] += 1
            return before[name](*args)

        return method

    for name in methods:
        setattr(judged.Judge, name, counted(name))
    try:
        yield counts
    finally:
        for name, method in before.items():
            setattr(judged.Judge, name, method)


@contextmanager
def timed_phases() -> Iterator[dict[str, float]]:
    """Add up the time that grading waits in each of its parts."""
    phases: dict[str, float] = {}
    from autograder.grading.gradebook import GradebookWriter
    from autograder.grading.grader import Grader
    from autograder.grading.journal import Journal
    from autograder.sandbox.station import Station

    parts = (
        (Station, "run", "the sandboxed process: start, confine, cells, calls"),
        (Station, "evaluate", "the evaluator: model, arithmetic, observation"),
        (Journal, "add", "the journal"),
        (Grader, "write", "the executed notebook"),
        (GradebookWriter, "enter", "the gradebook"),
    )
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in parts]
    for owner, name, label in parts:
        setattr(owner, name, _timed(getattr(owner, name), label, phases))
    try:
        yield phases
    finally:
        for owner, name, method in before:
            setattr(owner, name, method)


def _timed(method: Callable[..., Any], label: str, phases: dict[str, float]) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return method(*args, **kwargs)
        finally:
            phases[label] = phases.get(label, 0.0) + time.perf_counter() - start

    return timed


def whole_command(course: Course, classroom: Classroom) -> float:
    """Run `autograder grade` on a class; return its seconds."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "autograder", "grade", str(classroom.submitted)],
        cwd=course.root,
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - start
