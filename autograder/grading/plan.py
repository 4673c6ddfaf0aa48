"""From a notebook to a job: which cells are run, and where between them a student's function is used."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.reference import Expected
from autograder.course.references import PACKAGES
from autograder.grading.cells import grade_id, is_code
from autograder.grading.prepare import Prepared
from autograder.model import Assignment, Limits
from autograder.sandbox.job import Job, Step

BESIDE_STUDENTS = (
    *("atrous_parts", "calls", "depth_parts", "editions", "fault", "graph", "keras_parts", "keras_session", "limit"),
    *("observation", "packing", "rebuild", "skip_probes", "stand_in", "student"),
)
"""Modules of `checks` that run beside a student's code; a changed probe or check runs nobody's code again."""

SKIPPED = "skip-execution"
"""The tag of demonstrations; they are not run while grading."""


def make_job(
    assignment: Assignment,
    prepared: Prepared,
    release: NotebookNode,
    expected: Mapping[str, Sequence[Expected]],
    limits: Limits,
) -> Job:
    """Make the job of a submission.

    Args:
        assignment: its exercises.
        prepared: the mended submission.
        release: the assignment's release, by whose text demonstrations are known that lost their tag.
        expected: exercise to what the reference shows on each case; the student's function is used in the same ways.
        limits: what the submission may use.
    """
    demonstrations = {cell.source.strip() for cell in release.cells if SKIPPED in cell.metadata.get("tags", [])}
    checks = {check.name: exercise.name for exercise in assignment.exercises for check in exercise.checks}
    steps: list[Step] = []
    for number, cell in enumerate(prepared.notebook.cells):
        exercise = checks.get(grade_id(cell) or "", "")
        if exercise in expected and not any(step.exercise == exercise for step in steps):
            steps.append(Step(exercise=exercise, calls=tuple(c for case in expected[exercise] for c in case.calls)))
        if not exercise and is_code(cell) and cell.source.strip() and not _is_demonstration(cell, demonstrations):
            steps.append(Step(cell=number, source=cell.source))
    return Job(tuple(steps), prepared.files, limits)


def _is_demonstration(cell: NotebookNode, demonstrations: set[str]) -> bool:
    return SKIPPED in cell.metadata.get("tags", []) or cell.source.strip() in demonstrations


def key_of(student: str, job: Job) -> str:
    """Return the journal's key of a job: it changes with whatever could change what comes of it."""
    content = json.dumps([student, asdict(job), environment()], sort_keys=True)
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()


@cache
def environment() -> tuple[str, ...]:
    """Return the versions of what runs a notebook, our own part as a digest of its text."""
    package = Path(__file__).parents[1]
    ours = [*package.glob("sandbox/*.py"), *(package / "checks" / f"{name}.py" for name in BESIDE_STUDENTS)]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(ours))).hexdigest()[:16]
    return (*(f"{name} {version(name)}" for name in (*PACKAGES, "ipython")), digest)
