"""A toy assignment, its results, and looks into a gradebook, for the gradebook's tests."""

from datetime import datetime
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.grading.gradebook import GradebookWriter
from autograder.grading.gradebook_open import Database, settled_url
from autograder.grading.gradebook_tables import METADATA
from autograder.model import GradedSubmission, Outcome, Verdict

NAME = "00_toy"
POSITIVE, NEGATIVE = "double-positive", "double-negative"
POINTS = {POSITIVE: 1.0, NEGATIVE: 2.0}


def marked(name: str, source: str, **marks: Any) -> nbformat.NotebookNode:
    """Return a code cell with nbgrader's marks, a checksum among them."""
    given = {"grade": False, "solution": False, "locked": False, "task": False, "checksum": source} | marks
    cell: nbformat.NotebookNode = new_code_cell(
        source, metadata={"nbgrader": {"schema_version": 3, "grade_id": name, **given}}
    )
    return cell


def notebook(**points: float) -> nbformat.NotebookNode:
    """Return the toy assignment's notebook, by default with its two checks."""
    worth = points or POINTS
    cells = [
        marked("setup", "import math", locked=True),
        marked("double", "def double(n): ...", solution=True),
        *(marked(name, f"check('{name}')", grade=True, locked=True, points=one) for name, one in worth.items()),
        new_markdown_cell("The end."),
    ]
    kernel = {"name": "python3", "display_name": "Python 3"}
    made: nbformat.NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return made


def graded(student: str = "ada", message: str = "expected 4, got 2", **outcomes: Outcome) -> GradedSubmission:
    """Return a graded submission; the checks pass unless another outcome is given for `positive` or `negative`."""
    verdicts = tuple(
        Verdict(name, "double", outcome, most if outcome is Outcome.PASSED else 0, most, "It doubles.", message)
        for name, most in POINTS.items()
        for outcome in [outcomes.get(name.removeprefix("double-"), Outcome.PASSED)]
    )
    worst = next((one.outcome for one in verdicts if one.outcome is not Outcome.PASSED), Outcome.PASSED)
    return GradedSubmission(student, NAME, worst, sum(one.points for one in verdicts), 3, 0.1, verdicts)


def without_notebook(outcome: Outcome) -> GradedSubmission:
    """Return a submission of which nothing could be judged."""
    return GradedSubmission("ada", NAME, outcome, 0, 3, 0.1, message="not a notebook: {")


def nbgrader_url(db_url: str) -> str:
    """Return an address in the form that nbgrader's own programs understand, whatever folder they run in."""
    return settled_url(db_url).render_as_string(hide_password=False)


def total_scores(db_url: str) -> dict[str, float]:
    """Return the score of each student as nbgrader itself adds it up."""
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        return {found.student.id: found.score for found in gradebook.assignment_submissions(NAME)}


def row(db_url: str, check: str = POSITIVE) -> tuple[Any, ...]:
    """Return (automatic score, manual score, extra credit, needs a person) of a check of ada's."""
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        grade = gradebook.find_grade(check, NAME, NAME, "ada")
        return grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade


def set_by_hand(db_url: str, score: float, extra: float | None = None, comment: str = "Nearly.") -> None:
    """Do what formgrader does when a person enters a score and a comment."""
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        grade = gradebook.find_grade(POSITIVE, NAME, NAME, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
        gradebook.find_comment("double", NAME, NAME, "ada").manual_comment = comment
        gradebook.db.commit()


def comment(db_url: str, student: str = "ada") -> tuple[Any, Any]:
    """Return the automatic and the manual comment on a student's gap."""
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        found = gradebook.find_comment("double", NAME, NAME, student)
        return found.auto_comment, found.manual_comment


def all_rows(db_url: str) -> dict[str, list[Any]]:
    """Return every row of every table of nbgrader."""
    with Database(db_url) as database, database.reading() as connection:
        return {
            name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for name, table in METADATA.tables.items()
        }


def enter(db_url: str, *submissions: GradedSubmission, submitted: datetime | None = None) -> None:
    """Enter results."""
    with GradebookWriter(db_url) as writer:
        for one in submissions:
            writer.enter(one, submitted)
