"""nbgrader's gradebook: what is read there, and the one writer of results.

`gradebook*.py` are the only modules that import nbgrader's database.
"""

import sys
from datetime import datetime
from types import TracebackType
from typing import Self

from nbgrader.api import Grade
from sqlalchemy import func, select

from autograder.errors import CourseError, UsageError
from autograder.grading.gradebook_backup import back_up
from autograder.grading.gradebook_cells import saved_cells, update_cells
from autograder.grading.gradebook_comment import storable
from autograder.grading.gradebook_entry import enter, is_judged, submitted_at
from autograder.grading.gradebook_open import Database, shown_url
from autograder.grading.gradebook_tables import (
    ASSIGNMENT,
    BASE_CELL,
    GRADE,
    GRADE_KIND,
    NOTEBOOK,
    SUBMISSION,
    rows_of,
)
from autograder.model import GradedSubmission, Submission

__all__ = [
    "GradebookWriter",
    "back_up",
    "cell_scores",
    "has_assignment",
    "saved_cells",
    "student_id",
    "submitted_at",
    "update_cells",
]

LONGEST_NAME = 128  # characters of a student's id; SQLite alone does not count them

AT_ONCE = 1000  # rows to hold in memory while reading

SCORE = Grade.score
"""nbgrader's own rule: a manual score goes before the automatic one, and extra credit is added."""


def student_id(student: str) -> str:
    """Return the id under which the gradebook keeps a student: the folder's name, spelled out where it is no UTF-8."""
    return storable(student)


def has_assignment(db_url: str, assignment_name: str) -> bool:
    """Tell whether a gradebook knows the cells of an assignment.

    Raises:
        CourseError: if the gradebook cannot be read.
    """
    with Database(db_url) as database:
        if not database.exists():
            return False
        query = select(NOTEBOOK.c.id).join(ASSIGNMENT, ASSIGNMENT.c.id == NOTEBOOK.c.assignment_id)
        with database.reading() as connection:
            return connection.execute(query.where(ASSIGNMENT.c.name == assignment_name)).first() is not None


def cell_scores(db_url: str, submission: Submission) -> dict[str, float]:
    """Return the score of each grade cell of a submission, by `grade_id`, in points; manual scores count.

    Raises:
        CourseError: if the gradebook does not know the submission, or cannot be read.
    """
    query = rows_of(GRADE, BASE_CELL.c.name, SCORE).where(
        ASSIGNMENT.c.name == submission.assignment, SUBMISSION.c.student_id == student_id(submission.student)
    )
    with Database(db_url) as database:
        found: dict[str, float] = {}
        if database.exists():
            with database.reading() as connection:
                found = {name: float(score) for name, score in connection.execute(query)}
        if not found:
            who = f"{submission.student}'s {submission.assignment}"
            place = shown_url(database.url)
            raise CourseError(f"The gradebook {place} does not know {who}: grade it first, or name another.")
        return found


class GradebookWriter:
    """Enters results, each in a transaction of its own: whatever ends the program, whole submissions are there.

    Formgrader may be open at the same time. One writer is used by one thread at a time.

    Args:
        db_url: the gradebook; it is made if it is new.

    Raises:
        UsageError: if the address is none.
        CourseError: if the gradebook cannot be opened.
    """

    def __init__(self, db_url: str) -> None:
        self._database = Database(db_url)
        try:
            if not self._database.exists():
                self._database.make()
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; what was entered stays."""
        self._database.close()

    def enter(self, graded: GradedSubmission, submitted: datetime | None = None) -> None:
        """Enter what became of a submission, in place of an earlier result; what a person entered stays.

        Where nothing was judged, through our fault, nothing changes. A check that was not judged has no score and asks
        for a person; a submission without a notebook has score 0.

        Args:
            graded: the submission with its verdicts.
            submitted: when it was handed in, as `submitted_at` has it, in UTC if it has no time zone; None leaves what
                is there.

        Raises:
            CourseError: if the gradebook does not know the assignment or one of the checks, or cannot be written.
        """
        if not is_judged(graded):
            return
        student = student_id(graded.student)
        if len(student) > LONGEST_NAME and not self._database.is_sqlite:
            raise UsageError(
                f"The name {student!r} is longer than the gradebook's {LONGEST_NAME} characters: rename it."
            )
        self._database.write(lambda connection: enter(connection, graded, student, submitted))

    def by_hand(self, assignment: str, student: str) -> float | None:
        """Return the score of a submission to which a person has given points, as nbgrader adds it up; else None.

        Raises:
            CourseError: if the gradebook cannot be read.
        """
        by_person = func.count(GRADE.c.manual_score) + func.count(func.nullif(GRADE.c.extra_credit, 0))
        query = rows_of(GRADE, func.sum(SCORE), by_person).where(
            ASSIGNMENT.c.name == assignment,
            SUBMISSION.c.student_id == student_id(student),
            BASE_CELL.c.type == GRADE_KIND,
        )
        with self._database.reading() as connection:
            score, count = connection.execute(query).one()
        return float(score) if count else None

    def scores(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """Return the automatic scores of an assignment, in one query.

        Args:
            assignment: its name.

        Returns:
            For each `student_id` the score of each grade cell in points, by `grade_id`; None if it was not judged.

        Raises:
            CourseError: if the gradebook cannot be read.
        """
        query = rows_of(GRADE, SUBMISSION.c.student_id, BASE_CELL.c.name, GRADE.c.auto_score).where(
            ASSIGNMENT.c.name == assignment, BASE_CELL.c.type == GRADE_KIND
        )
        found: dict[str, dict[str, float | None]] = {}
        with self._database.reading(yield_per=AT_ONCE) as connection:
            for student, name, score in connection.execute(query):
                found.setdefault(student, {})[sys.intern(name)] = score  # one string for all students
        return found
