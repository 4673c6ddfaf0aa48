"""From a notebook to a job, and the key under which the journal keeps what came of it."""

import ast
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.course.reference import Expected
from autograder.grading import plan
from autograder.grading.plan import BESIDE_STUDENTS, key_of, make_job
from autograder.grading.prepare import Prepared
from autograder.model import Limits
from autograder.sandbox.job import Job, Step
from tests.checks.toy import TOY

EXPECTED = {"double": (Expected(("call 1", "call 2"), ""), Expected(("call 3",), ""))}


def cell(source: str, kind: str = "code", **metadata: object) -> nbformat.NotebookNode:
    """Return a cell."""
    made: nbformat.NotebookNode = nbformat.from_dict({"cell_type": kind, "source": source, "metadata": metadata})
    return made


def check(name: str) -> nbformat.NotebookNode:
    """Return the grade cell of a check."""
    return cell(f'check("{name}")', nbgrader={"grade_id": name, "grade": True})


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook."""
    made: nbformat.NotebookNode = nbformat.from_dict({"cells": list(cells), "metadata": {}})
    return made


RELEASE = notebook(cell("fit()", tags=["skip-execution"]), check("double-positive"), check("double-negative"))
SUBMITTED = notebook(
    cell("prose", kind="markdown"),
    cell("def double(n): return 2 * n"),
    cell("  "),
    cell("train()", tags=["skip-execution"]),
    cell(" fit()\n"),
    check("double-positive"),
    cell("double(1)"),
    check("double-negative"),
    check("of-another-course"),
)


def job(submitted: nbformat.NotebookNode = SUBMITTED) -> Job:
    """Return the job of a submission."""
    return make_job(TOY, Prepared(submitted, (), {"a.txt": "eA=="}), RELEASE, EXPECTED, Limits())


def test_cells_are_run_and_functions_used_where_their_checks_stand() -> None:
    """The function is used once, at its first check; prose, empty cells, checks and demonstrations are not run."""
    assert job().steps == (
        Step(cell=1, source="def double(n): return 2 * n"),
        Step(exercise="double", calls=("call 1", "call 2", "call 3")),
        Step(cell=6, source="double(1)"),
        Step(cell=8, source='check("of-another-course")'),
    )
    assert job().files == {"a.txt": "eA=="}


def test_demonstrations_are_known_by_tag_or_by_text() -> None:
    """A demonstration is not run, not even one that lost its tag and is known by the release's text."""
    assert {3, 4}.isdisjoint(step.cell for step in job().steps)


def test_the_job_says_nothing_of_checks() -> None:
    """What is told to the student's process holds no expected value and no name of a check that is ours."""
    assert "double-positive" not in repr(job())


@pytest.mark.parametrize(
    "other",
    [
        replace(job(), steps=job().steps[1:]),
        replace(job(), files={}),
        replace(job(), limits=replace(Limits(), call_seconds=1)),
        replace(job(), steps=(*job().steps[:1], replace(job().steps[1], calls=("call 4",)), *job().steps[2:])),
    ],
)
def test_the_key_changes_with_what_could_change_the_result(other: Job) -> None:
    """Other cells, files, limits or calls are another job."""
    assert key_of("ada", other) != key_of("ada", job()) == key_of("ada", job())


def test_the_key_changes_with_student_and_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two students' equal notebooks are two jobs, and another TensorFlow is another run."""
    before = key_of("ada", job())
    assert len({before, key_of("eve", job()), key_of("\udcff", job())}) == 3
    monkeypatch.setattr(plan, "environment", lambda: ("tensorflow 99",))
    assert key_of("ada", job()) != before


CHECKS = Path(plan.__file__).parents[1] / "checks"


def imported_by(module: str) -> set[str]:
    """Return the modules of `checks` that one of them imports, wherever in its text."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((CHECKS / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder.checks"):
            parts = (node.module or "").split(".")
            found |= {parts[2]} if len(parts) > 2 else {name.name for name in node.names}
    return found


def test_the_key_holds_all_that_runs_beside_students() -> None:
    """What answers calls, with all that it imports, and the stand-ins that a student's function is given."""
    beside, left = set[str](), {"calls"}
    while left:
        module = left.pop()
        beside.add(module)
        left |= imported_by(module) - beside
    texts = [file.read_text(encoding="utf-8") for file in CHECKS.glob("*.py")]
    stand_ins = {name for text in texts for name in re.findall(r'(?:PARTS = |with_stand_ins\(\w+=)"(\w+)"', text)}
    assert "packing" in beside
    assert {"depth_parts", "skip_probes"} <= stand_ins
    assert beside | stand_ins <= set(BESIDE_STUDENTS)
