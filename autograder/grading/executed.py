"""Verdicts read from an executed notebook: what each grade cell displayed or raised."""

import os
import re
from collections.abc import Mapping
from typing import Any

import nbformat

from autograder.checks.card import VERDICT_MIME
from autograder.checks.student import CheckFailed
from autograder.errors import CourseError
from autograder.model import Assignment, Check, Exercise, Outcome, Verdict

CALL = re.compile(r"""\s*check\(["']([\w-]+)["']\)""")
"""The line of a grade cell that students see."""

WORDS = ("message", "tried", "expected", "got", "look_at", "named", "hint", "where")
"""The texts of a verdict."""

OUR_FAULTS = (CourseError.__name__, *(fault.__name__ for fault in CourseError.__subclasses__()))
"""Exceptions of a grade cell that are the course's or the machine's fault."""


def read_verdicts(path: os.PathLike[str] | str, assignment: Assignment) -> dict[str, Verdict]:
    """Return the verdict of each check of an executed notebook, by name; a check whose cell is gone has failed."""
    notebook = nbformat.read(path, as_version=4)
    cells = {_check_of(cell): cell for cell in notebook.cells if cell.cell_type == "code"}
    setup = _why_setup_failed(notebook)
    return {
        check.name: _without_card(exercise, check, Outcome.ERROR, setup)
        if setup
        else _verdict(exercise, check, cells.get(check.name))
        for exercise in assignment.exercises
        for check in exercise.checks
    }


def _check_of(cell: Any) -> str | None:
    """Return the check that a code cell runs: by its mark, or where marks were lost by its first line."""
    marks = cell.metadata.get("nbgrader")
    if marks is not None:
        return str(marks["grade_id"]) if marks.get("grade") else None
    call = CALL.match(cell.source)
    return call[1] if call else None


def _why_setup_failed(notebook: nbformat.NotebookNode) -> str:
    """Return what the setup cell raised; it is ours, so then no check can be held against the student."""
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and marks.get("locked") and not marks.get("grade"):
            for output in cell.outputs:
                if output.output_type == "error":
                    return f"the first code cell failed ({output.ename}: {output.evalue}): is the course installed?"
    return ""


def _verdict(exercise: Exercise, check: Check, cell: Any) -> Verdict:
    if cell is None:
        return _without_card(exercise, check, Outcome.FAILED, "the grade cell is missing from the notebook")
    shown = [output["data"][VERDICT_MIME] for output in cell.outputs if VERDICT_MIME in output.get("data", {})]
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if errors and errors[0].ename != CheckFailed.__name__:
        return _broken_off(exercise, check, errors[0])
    if not shown:
        return _without_card(exercise, check, Outcome.FAILED, "the grade cell did not run")
    return _from_card(exercise, check, shown[-1], failed=bool(errors))


def _broken_off(exercise: Exercise, check: Check, error: Any) -> Verdict:
    if error.ename in OUR_FAULTS:
        return _without_card(exercise, check, Outcome.ERROR, str(error.evalue))
    if error.ename in ("TimeoutError", "CellTimeoutError", "DeadKernelError"):
        return _without_card(exercise, check, Outcome.TIMEOUT, f"{exercise.name} did not come to an end")
    message = f"the check could not run ({error.ename}: {error.evalue}); was the first code cell run unchanged?"
    return _without_card(exercise, check, Outcome.FAILED, message)


def _without_card(exercise: Exercise, check: Check, outcome: Outcome, message: str) -> Verdict:
    return Verdict(check.name, exercise.name, outcome, 0.0, check.points, check.sentence, message)


def _from_card(exercise: Exercise, check: Check, values: Mapping[str, Any], failed: bool) -> Verdict:
    """Rebuild a verdict from what the cell displayed; whether it failed is told by the error, not by the card."""
    words = {field: str(values.get(field, "")) for field in WORDS}
    mistake = values.get("mistake")
    if failed:
        outcome = Outcome.TIMEOUT if values.get("outcome") == Outcome.TIMEOUT.value else Outcome.FAILED
    else:
        outcome = Outcome.SKIPPED if values.get("outcome") == Outcome.SKIPPED.value else Outcome.PASSED
    points = check.points if outcome is Outcome.PASSED else 0.0
    named = str(mistake) if mistake is not None else None
    return Verdict(check.name, exercise.name, outcome, points, check.points, check.sentence, mistake=named, **words)
