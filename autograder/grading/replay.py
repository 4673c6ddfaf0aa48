"""Grade one submission again on the same cases, without entering anything: for an appeal."""

from collections.abc import Mapping

from autograder.course.folder import Course
from autograder.course.references import References
from autograder.grading.classroom import Classroom
from autograder.grading.grader import Grader
from autograder.grading.outcome import graded_again
from autograder.model import Assignment, GradedSubmission, Limits, Submission
from autograder.sandbox.level import Level
from autograder.sandbox.station import Station


def replayed(
    course: Course,
    classroom: Classroom,
    assignments: Mapping[str, Assignment],
    submission: Submission,
    level: Level,
) -> tuple[GradedSubmission | None, GradedSubmission]:
    """Run a submission again.

    Args:
        course: the course folder, with the secret that it was graded with.
        classroom: where it lies.
        assignments: by name.
        submission: whose.
        level: how its code is confined.

    Returns:
        What an earlier grading left, or None, and what comes out now.
    """
    before = graded_again(classroom, assignments[submission.assignment], submission)
    with Station(level) as station, References(course) as references:
        grader = Grader(course, classroom, assignments, station, references, None, Limits())
        return before, grader.grade(submission).result
