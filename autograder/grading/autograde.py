"""Grade one submission with the real nbgrader, and read back what became of it."""

import json
import time
from dataclasses import replace
from pathlib import Path

import nbformat

from autograder.course.folder import Course
from autograder.course.nbgrader import run_nbgrader
from autograder.errors import CourseError
from autograder.grading.classroom import Classroom
from autograder.grading.executed import read_verdicts
from autograder.grading.gradebook import cell_scores
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
    unreadable = _why_unreadable(Path(submission.path))
    if unreadable:
        return _ungraded(assignment, submission, Outcome.FAILED, unreadable, start)
    try:
        run_nbgrader(
            course,
            "autograde",
            submission.assignment,
            f"--student={submission.student}",
            "--force",
            settings=classroom.settings(),
        )
        verdicts = read_verdicts(classroom.executed(submission), assignment)
        scores = cell_scores(classroom.db_url, submission)
    except (CourseError, OSError) as error:
        return _ungraded(assignment, submission, Outcome.ERROR, str(error), start)
    return _graded(assignment, submission, verdicts, scores, start)


def _why_unreadable(path: Path) -> str:
    """Say in one sentence why a submission is no notebook, or return an empty string."""
    if not path.is_file():
        return f"there is no {path.name} in the submission's folder"
    try:
        nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (ValueError, json.JSONDecodeError, nbformat.ValidationError, AttributeError, KeyError, TypeError):
        return f"{path.name} is not a notebook"
    return ""


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
    assignment: Assignment, submission: Submission, verdicts: dict[str, Verdict], scores: dict[str, float], start: float
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
    )


def _scored(verdict: Verdict, score: float) -> Verdict:
    """Give a verdict the points that nbgrader entered; where the two disagree the gradebook counts and it is said."""
    if score == verdict.points:
        return verdict
    message = f"nbgrader entered {score:g} points for this cell" + (f"; {verdict.message}" if verdict.message else "")
    outcome = Outcome.PASSED if score >= verdict.max_points else Outcome.FAILED
    return replace(verdict, points=score, outcome=outcome, message=message)
