"""Grade one submission with the real nbgrader, and read back what became of it."""

import time
from dataclasses import replace

from autograder.course.folder import Course
from autograder.course.nbgrader import run_nbgrader
from autograder.errors import CourseError, NbgraderError
from autograder.grading.cells import NotANotebook
from autograder.grading.classroom import Classroom
from autograder.grading.outcome import keep_reason, read_back, ungraded
from autograder.grading.prepare import prepare
from autograder.model import Assignment, GradedSubmission, Outcome, Submission


def autograde(course: Course, classroom: Classroom, assignment: Assignment, submission: Submission) -> GradedSubmission:
    """Grade a submission with nbgrader, alone, so that whatever happens to it stops no other.

    Args:
        course: the course folder.
        classroom: where the submission lies and the results go.
        assignment: its checks.
        submission: what to grade.

    Returns:
        Scores as nbgrader entered them into the gradebook, with the verdict of each check. A notebook that cannot be
        read has failed; a grading that broke has the outcome ERROR and the reason.
    """
    start = time.monotonic()
    try:
        prepare(course, classroom, submission)
        _run_nbgrader(course, classroom, submission)
        graded = read_back(classroom, assignment, submission)
    except Exception as error:  # whatever it is, it must not end the run for the others
        graded = ungraded(assignment, submission, *_reason(error))
    keep_reason(classroom, submission, graded)
    return replace(graded, seconds=time.monotonic() - start)


def _reason(error: Exception) -> tuple[Outcome, str]:
    """Say why a submission was not graded, and whether that is the student's fault or ours."""
    if isinstance(error, NotANotebook):
        return Outcome.FAILED, str(error)
    if isinstance(error, CourseError):
        return Outcome.ERROR, str(error)
    return Outcome.ERROR, f"the grader itself failed ({type(error).__name__}: {error}): please report this"


def _run_nbgrader(course: Course, classroom: Classroom, submission: Submission) -> None:
    """Run `nbgrader autograde` on one prepared submission.

    Raises:
        NotANotebook: if the student's code ended the process that ran it.
        NbgraderError: if nbgrader failed for another reason.
    """
    who = f"--student={submission.student}"
    try:
        run_nbgrader(course, "autograde", submission.assignment, who, "--force", settings=classroom.settings())
    except NbgraderError as error:
        if "DeadKernelError" in error.log:
            raise NotANotebook("the code ended its own Python process, as os._exit does: nothing was judged") from error
        raise
