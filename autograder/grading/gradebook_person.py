"""What a person entered in formgrader, for the feedback page."""

from collections.abc import Iterator

from sqlalchemy import or_

from autograder.grading.gradebook_comment import storable
from autograder.grading.gradebook_open import Database
from autograder.grading.gradebook_tables import ASSIGNMENT, BASE_CELL, COMMENT, GRADE, SUBMISSION, rows_of
from autograder.model import Submission


def from_person(db_url: str, submission: Submission) -> tuple[tuple[str, str], ...]:
    """Return what a person entered for a submission: the cell's `grade_id`, and a comment, or points in words.

    Raises:
        CourseError: if the gradebook cannot be read.
    """
    grades = rows_of(GRADE, BASE_CELL.c.name, GRADE.c.manual_score, GRADE.c.extra_credit).where(
        or_(GRADE.c.manual_score.is_not(None), GRADE.c.extra_credit != 0)
    )
    comments = rows_of(COMMENT, BASE_CELL.c.name, COMMENT.c.manual_comment).where(COMMENT.c.manual_comment.is_not(None))
    own = ASSIGNMENT.c.name == submission.assignment, SUBMISSION.c.student_id == storable(submission.student)
    with Database(db_url) as database:
        if not database.exists():
            return ()
        with database.reading() as connection:
            said = [(str(name), str(comment)) for name, comment in connection.execute(comments.where(*own))]
            given = [
                (str(name), words)
                for name, score, extra in connection.execute(grades.where(*own))
                for words in _in_words(score, extra)
            ]
    return tuple(sorted([*said, *given]))


def _in_words(score: float | None, extra: float | None) -> Iterator[str]:
    if score is not None:
        yield f"points given by hand: {score:g}"
    if extra:
        yield f"extra points: {extra:g}"
