"""Grade one submission with the real nbgrader, and read back what became of it."""

import time
from dataclasses import replace

from autograder.course.folder import Course
from autograder.course.nbgrader import run_nbgrader
from autograder.errors import CourseError
from autograder.grading.cells import NotANotebook
from autograder.grading.classroom import Classroom
from autograder.grading.executed import read_verdicts
from autograder.grading.gradebook import cell_scores
from autograder.grading.prepare import prepare
from autograder.model import Assignment, GradedSubmission, Outcome, Submission, Verdict


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
        repairs = prepare(course, classroom, submission)
        _run_nbgrader(course, classroom, submission)
        verdicts = read_verdicts(classroom.executed(submission), assignment)
        scores = cell_scores(classroom.db_url, submission)
    except NotANotebook as fault:
        return _ungraded(assignment, submission, Outcome.FAILED, str(fault), start)
    except CourseError as error:
        return _ungraded(assignment, submission, Outcome.ERROR, str(error), start)
    except Exception as error:  # a fault of ours, whatever it is, must not end the run for the others
        message = f"the grader itself failed ({type(error).__name__}: {error}): please report this"
        return _ungraded(assignment, submission, Outcome.ERROR, message, start)
    return _graded(assignment, submission, verdicts, scores, repairs, start)


def _run_nbgrader(course: Course, classroom: Classroom, submission: Submission) -> None:
    """Run `nbgrader autograde` on one prepared submission.

    Raises:
        NotANotebook: if the student's code ended the process that ran it.
        CourseError: if nbgrader failed for another reason.
    """
    who = f"--student={submission.student}"
    try:
        run_nbgrader(course, "autograde", submission.assignment, who, "--force", settings=classroom.settings())
    except CourseError as error:
        if "DeadKernelError" in str(error) or "Kernel died" in str(error):
            raise NotANotebook("the code ended its own Python process, as os._exit does: nothing was judged") from error
        raise


def _ungraded(
    assignment: Assignment, submission: Submission, outcome: Outcome, message: str, start: float
) -> GradedSubmission:
    return GradedSubmission(
        student=submission.student,
        assignment=submission.assignment,
        outcome=outcome,
        score=0.0,
        max_score=sum(check.points for check in assignment.checks),
        seconds=time.monotonic() - start,
        message=message,
    )


def _graded(
    assignment: Assignment,
    submission: Submission,
    verdicts: dict[str, Verdict],
    scores: dict[str, float],
    repairs: tuple[str, ...],
    start: float,
) -> GradedSubmission:
    final = tuple(_scored(verdicts[check.name], scores.get(check.name, 0.0)) for check in assignment.checks)
    outcomes = {verdict.outcome for verdict in final}
    worst = [o for o in (Outcome.ERROR, Outcome.TIMEOUT, Outcome.FAILED, Outcome.SKIPPED) if o in outcomes]
    return GradedSubmission(
        student=submission.student,
        assignment=submission.assignment,
        outcome=worst[0] if worst else Outcome.PASSED,
        score=sum(scores.values()),
        max_score=sum(check.points for check in assignment.checks),
        seconds=time.monotonic() - start,
        verdicts=final,
        repairs=repairs,
    )


def _scored(verdict: Verdict, score: float) -> Verdict:
    """Give a verdict the points that nbgrader entered; where the two disagree the gradebook counts and it is said."""
    if score == verdict.points:
        return verdict
    message = f"nbgrader entered {score:g} points for this cell" + (f"; {verdict.message}" if verdict.message else "")
    outcome = Outcome.PASSED if score >= verdict.max_points else Outcome.FAILED
    return replace(verdict, points=score, outcome=outcome, message=message)
