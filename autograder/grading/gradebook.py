"""nbgrader's gradebook; the only module that imports its database."""

from nbgrader.api import Gradebook, MissingEntry

from autograder.errors import CourseError
from autograder.model import Submission


def has_assignment(db_url: str, assignment_name: str) -> bool:
    """Tell whether a gradebook knows the cells of an assignment."""
    with Gradebook(db_url) as gradebook:
        try:
            return bool(gradebook.find_assignment(assignment_name).notebooks)
        except MissingEntry:
            return False


def cell_scores(db_url: str, submission: Submission) -> dict[str, float]:
    """Return the score of each grade cell of a submission, by `grade_id`, in points.

    Raises:
        CourseError: if the gradebook does not know the submission.
    """
    with Gradebook(db_url) as gradebook:
        try:
            found = gradebook.find_submission(submission.assignment, submission.student)
        except MissingEntry:
            who = f"{submission.student}'s {submission.assignment}"
            raise CourseError(f"The gradebook {db_url} does not know {who}: grade it first, or name another.") from None
        return {grade.name: float(grade.score) for notebook in found.notebooks for grade in notebook.grades}
