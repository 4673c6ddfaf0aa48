"""nbgrader's gradebook; the only module that imports its database."""

import os

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from autograder.course.nbgrader import with_our_programs
from autograder.errors import CourseError, UsageError
from autograder.model import Submission


def _open(db_url: str) -> Gradebook:
    """Open a gradebook, and make it if it is new.

    Raises:
        UsageError: if the address is none.
    """
    os.environ["PATH"] = with_our_programs(os.environ.get("PATH", os.defpath))
    try:
        return Gradebook(db_url)
    except (ArgumentError, NoSuchModuleError):
        raise UsageError(f"{db_url!r} is no address of a gradebook, as sqlite:////folder/gradebook.db is.") from None


def has_assignment(db_url: str, assignment_name: str) -> bool:
    """Tell whether a gradebook knows the cells of an assignment."""
    with _open(db_url) as gradebook:
        try:
            return bool(gradebook.find_assignment(assignment_name).notebooks)
        except MissingEntry:
            return False


def cell_scores(db_url: str, submission: Submission) -> dict[str, float]:
    """Return the score of each grade cell of a submission, by `grade_id`, in points.

    Raises:
        CourseError: if the gradebook does not know the submission.
    """
    with _open(db_url) as gradebook:
        try:
            found = gradebook.find_submission(submission.assignment, submission.student)
        except MissingEntry:
            who = f"{submission.student}'s {submission.assignment}"
            raise CourseError(f"The gradebook {db_url} does not know {who}: grade it first, or name another.") from None
        return {grade.name: float(grade.score) for notebook in found.notebooks for grade in notebook.grades}
