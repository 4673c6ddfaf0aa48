"""Where a feedback page lies."""

from pathlib import Path

from autograder.errors import CannotWriteError
from autograder.grading.classroom import Classroom
from autograder.grading.files import write_whole
from autograder.model import Submission


def write_page(classroom: Classroom, submission: Submission, page: str) -> Path:
    """Write the feedback page of a submission, in place of an earlier one, and return its file.

    Raises:
        CannotWriteError: if it cannot be written.
    """
    name = submission.assignment
    path = classroom.feedback / submission.student / name / f"{name}.html"
    try:
        write_whole(path, page)
    except OSError as error:
        raise CannotWriteError(f"{path} cannot be written", error) from error
    return path
