"""A feedback page per student, made by nbgrader from the executed notebook."""

from pathlib import Path

from autograder.course.folder import Course
from autograder.course.nbgrader import run_nbgrader
from autograder.grading.classroom import Classroom
from autograder.model import Submission


def generate_feedback(course: Course, classroom: Classroom, submission: Submission) -> Path | None:
    """Make the feedback page of one submission.

    Returns:
        The page's file, or None if the submission has no executed notebook to show.
    """
    if not classroom.executed(submission).is_file():
        return None
    run_nbgrader(
        course,
        "generate_feedback",
        submission.assignment,
        f"--student={submission.student}",
        "--force",
        settings=classroom.settings(),
    )
    return classroom.feedback / submission.student / submission.assignment / f"{submission.assignment}.html"
