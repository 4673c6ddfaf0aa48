"""One graded submission as rows of the gradebook, the same rows that `nbgrader autograde` leaves for its scores.

Source: nbgrader 0.9.6, `Gradebook.add_submission`, `Autograde.init_assignment` and `SaveAutoGrades`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.api import new_uuid
from nbgrader.utils import parse_utc
from sqlalchemy import Boolean, Connection, Insert, Update, bindparam, case, or_, select, update

from autograder.errors import CourseError
from autograder.grading.gradebook_comment import NOT_JUDGED, auto_comments
from autograder.grading.gradebook_tables import (
    ASSIGNMENT,
    BASE_CELL,
    COMMENT,
    COMMENTED_KINDS,
    GRADE,
    GRADE_CELL,
    GRADE_KIND,
    GRADED_KINDS,
    NOTEBOOK,
    STUDENT,
    SUBMISSION,
    SUBMITTED_NOTEBOOK,
)
from autograder.model import GradedSubmission


class Cell(NamedTuple):
    """A cell of the assignment; `max_score` is None where it is no grade cell."""

    assignment_id: str
    notebook_id: str
    cell_id: str
    name: str
    type: str
    max_score: float | None


CELLS = (  # in the order of `Cell`
    select(
        ASSIGNMENT.c.id,
        NOTEBOOK.c.id,
        BASE_CELL.c.id,
        BASE_CELL.c.name,
        BASE_CELL.c.type,
        GRADE_CELL.c.max_score,
    )
    .join_from(ASSIGNMENT, NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
    .join(BASE_CELL, BASE_CELL.c.notebook_id == NOTEBOOK.c.id)
    .outerjoin(GRADE_CELL, GRADE_CELL.c.id == BASE_CELL.c.id)
    .where(ASSIGNMENT.c.name == bindparam("assignment"))
)

ADD_SCORE = GRADE.insert().values(
    cell_id=bindparam("cell"),
    notebook_id=bindparam("notebook"),
    auto_score=bindparam("score"),
    needs_manual_grade=bindparam("is_open"),
)

# Told by the statement, not before it: a person may be entering a score in formgrader at the same time.
SET_SCORE = (
    update(GRADE)
    .where(GRADE.c.cell_id == bindparam("cell"), GRADE.c.notebook_id == bindparam("notebook"))
    .values(
        auto_score=bindparam("score"),
        needs_manual_grade=case(
            (or_(GRADE.c.manual_score.is_not(None), bindparam("is_open", type_=Boolean)), True), else_=False
        ),
    )
)

ADD_COMMENT = COMMENT.insert().values(
    cell_id=bindparam("cell"), notebook_id=bindparam("notebook"), auto_comment=bindparam("text")
)

SET_COMMENT = (
    update(COMMENT)
    .where(COMMENT.c.cell_id == bindparam("cell"), COMMENT.c.notebook_id == bindparam("notebook"))
    .values(auto_comment=bindparam("text"))
)

SET_MAX_SCORE = update(GRADE_CELL).where(GRADE_CELL.c.id == bindparam("row")).values(max_score=bindparam("points"))

SET_TIME = update(SUBMISSION).where(SUBMISSION.c.id == bindparam("row")).values(timestamp=bindparam("time"))


def is_judged(graded: GradedSubmission) -> bool:
    """Tell whether anything was judged; where the fault is ours nothing was, and the gradebook stays as it is."""
    outcomes = {verdict.outcome for verdict in graded.verdicts} or {graded.outcome}
    return not outcomes.issubset(NOT_JUDGED)


def submitted_at(folder: Path) -> datetime | None:
    """Return when a submission was handed in, as nbgrader notes it in `timestamp.txt`; None if that is not known.

    Formgrader takes a submission for graded only if its gradebook has the same time.
    """
    file = folder / "timestamp.txt"
    try:
        if not file.is_file():  # what came with a submission may be a device, which would be read for ever
            return None
        with file.open(encoding="utf-8", errors="replace") as opened:
            found: datetime = parse_utc(opened.read(100).strip())
            return found
    except (OSError, ValueError, OverflowError):
        return None


def enter(connection: Connection, graded: GradedSubmission, student: str, submitted: datetime | None) -> None:
    """Enter a submission of which something was judged.

    Args:
        connection: within a transaction.
        graded: the submission with its verdicts.
        student: its student's id.
        submitted: when it was handed in, in UTC if it has no time zone; None leaves what is there.

    Raises:
        CourseError: if the gradebook does not know the assignment or one of its checks.
    """
    cells = [Cell(*row) for row in connection.execute(CELLS, {"assignment": graded.assignment})]
    if not cells:
        raise CourseError(f"The gradebook does not know the assignment {graded.assignment}: build it first.")
    unknown = {one.check for one in graded.verdicts} - {cell.name for cell in cells if cell.type == GRADE_KIND}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise CourseError(f"The gradebook has no cell for {names} of {graded.assignment}: bring its cells up to date.")
    if connection.execute(select(STUDENT.c.id).where(STUDENT.c.id == student)).first() is None:
        connection.execute(STUDENT.insert(), {"id": student})
    notebooks = _submitted_notebooks(connection, cells, student, submitted)
    _enter_scores(connection, graded, cells, notebooks)
    _enter_comments(connection, graded, cells, notebooks)


def _submitted_notebooks(
    connection: Connection, cells: Sequence[Cell], student: str, submitted: datetime | None
) -> dict[str, str]:
    """Return the submitted notebook of each notebook of the assignment; those that are missing are made."""
    time = _as_utc(submitted)
    key = {"assignment_id": cells[0].assignment_id, "student_id": student}
    submission = connection.execute(select(SUBMISSION.c.id).filter_by(**key)).scalar()
    if submission is None:
        submission = new_uuid()
        connection.execute(SUBMISSION.insert(), {**key, "id": submission, "timestamp": time})
    elif time is not None:
        connection.execute(SET_TIME, {"row": submission, "time": time})
    wanted = list(dict.fromkeys(cell.notebook_id for cell in cells))
    there = select(SUBMITTED_NOTEBOOK.c.notebook_id, SUBMITTED_NOTEBOOK.c.id).where(
        SUBMITTED_NOTEBOOK.c.notebook_id.in_(wanted), SUBMITTED_NOTEBOOK.c.assignment_id == submission
    )
    found: dict[str, str] = {row.notebook_id: row.id for row in connection.execute(there)}
    missing = {notebook: new_uuid() for notebook in wanted if notebook not in found}
    if missing:
        rows = [{"id": row, "notebook_id": one, "assignment_id": submission} for one, row in missing.items()]
        connection.execute(SUBMITTED_NOTEBOOK.insert(), rows)
    return found | missing


def _as_utc(time: datetime | None) -> datetime | None:
    """Return a time as nbgrader stores it: in UTC, without saying so."""
    return time.astimezone(UTC).replace(tzinfo=None) if time is not None and time.tzinfo else time


def _enter_scores(
    connection: Connection, graded: GradedSubmission, cells: Sequence[Cell], notebooks: Mapping[str, str]
) -> None:
    # Without verdicts there was no notebook: zero, nbgrader's rule for a missing one. A cell that has no check, as a
    # text to be read, is for a person.
    scores = dict.fromkeys((cell.name for cell in cells), None if graded.verdicts else 0.0)
    scores |= {one.check: None if one.outcome in NOT_JUDGED else float(one.points) for one in graded.verdicts}
    rows = [
        {**_place(cell, notebooks), "score": scores[cell.name], "is_open": scores[cell.name] is None}
        for cell in cells
        if cell.type in GRADED_KINDS
    ]
    _put(connection, SET_SCORE, ADD_SCORE, rows)
    points = {one.check: float(one.max_points) for one in graded.verdicts}
    changed = [
        {"row": cell.cell_id, "points": points[cell.name]}
        for cell in cells
        if cell.type == GRADE_KIND and points.get(cell.name, cell.max_score) != cell.max_score
    ]
    if changed:
        connection.execute(SET_MAX_SCORE, changed)


def _enter_comments(
    connection: Connection, graded: GradedSubmission, cells: Sequence[Cell], notebooks: Mapping[str, str]
) -> None:
    commented = [cell for cell in cells if cell.type in COMMENTED_KINDS]
    texts = auto_comments(graded, [cell.name for cell in commented])
    rows = [{**_place(cell, notebooks), "text": texts[cell.name]} for cell in commented]
    _put(connection, SET_COMMENT, ADD_COMMENT, rows)


def _place(cell: Cell, notebooks: Mapping[str, str]) -> dict[str, Any]:
    return {"cell": cell.cell_id, "notebook": notebooks[cell.notebook_id]}


def _put(connection: Connection, change: Update, addition: Insert, rows: list[dict[str, Any]]) -> None:
    """Change rows, and add those that are missing.

    Not the other way round, after a look at what is there: PostgreSQL reads the whole table for that until it has
    gathered its statistics, a minute or so into the first run.
    """
    changed = connection.execute(change, rows).rowcount if rows else 0
    if changed == len(rows):
        return
    there = _there(connection, change.table, rows) if changed else set()
    missing = [row for row in rows if (row["cell"], row["notebook"]) not in there]
    if missing:
        connection.execute(addition, missing)


def _there(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
    query = select(table.c.cell_id, table.c.notebook_id).where(
        table.c.cell_id.in_([row["cell"] for row in rows]), table.c.notebook_id.in_({row["notebook"] for row in rows})
    )
    return {(row.cell_id, row.notebook_id) for row in connection.execute(query)}
