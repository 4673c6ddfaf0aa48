"""What became of a submission: read from the executed notebook and the gradebook, or kept when there is neither."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import nbformat

from autograder.grading.classroom import Classroom
from autograder.grading.executed import read_verdicts
from autograder.grading.files import write_whole
from autograder.grading.gradebook import cell_scores
from autograder.grading.prepare import REPAIRS
from autograder.model import Assignment, GradedSubmission, Outcome, Submission, Verdict


def graded_again(classroom: Classroom, assignment: Assignment, submission: Submission) -> GradedSubmission | None:
    """Return what an earlier grading found, without running anything, or None if there was no grading.

    Raises:
        CourseError: if the gradebook does not know the submission.
    """
    note = _note(classroom, submission)
    if note.is_file():
        kept = json.loads(note.read_text(encoding="utf-8"))
        return ungraded(assignment, submission, Outcome(kept["outcome"]), kept["message"])
    return read_back(classroom, assignment, submission) if classroom.executed(submission).is_file() else None


def read_back(classroom: Classroom, assignment: Assignment, submission: Submission) -> GradedSubmission:
    """Return the points that nbgrader entered, with the verdict of each check and what had been repaired.

    Raises:
        CourseError: if the gradebook does not know the submission.
    """
    verdicts = read_verdicts(classroom.executed(submission), assignment)
    scores = cell_scores(classroom.db_url, submission)
    final = tuple(_scored(verdicts[check.name], scores.get(check.name, 0.0)) for check in assignment.checks)
    outcomes = {verdict.outcome for verdict in final}
    worst = [o for o in (Outcome.ERROR, Outcome.TIMEOUT, Outcome.FAILED, Outcome.SKIPPED) if o in outcomes]
    return GradedSubmission(
        student=submission.student,
        assignment=submission.assignment,
        outcome=worst[0] if worst else Outcome.PASSED,
        score=sum(scores.values()),
        max_score=sum(check.points for check in assignment.checks),
        seconds=0.0,
        verdicts=final,
        repairs=_repairs(executed_notebook(classroom, submission).metadata),
    )


def ungraded(assignment: Assignment, submission: Submission, outcome: Outcome, message: str) -> GradedSubmission:
    """Return a submission of which nothing could be judged, for the reason that the message gives."""
    return GradedSubmission(
        student=submission.student,
        assignment=submission.assignment,
        outcome=outcome,
        score=0.0,
        max_score=sum(check.points for check in assignment.checks),
        seconds=0.0,
        message=message,
    )


def keep_reason(classroom: Classroom, submission: Submission, graded: GradedSubmission) -> None:
    """Keep for the feedback page why nothing could be judged, or forget an earlier reason."""
    note = _note(classroom, submission)
    with contextlib.suppress(OSError):  # without it there is no page, and the grading itself goes on
        if graded.verdicts:
            note.unlink(missing_ok=True)
        else:
            write_whole(note, json.dumps({"outcome": graded.outcome.value, "message": graded.message}))


def executed_notebook(classroom: Classroom, submission: Submission) -> nbformat.NotebookNode:
    """Return the notebook of a submission as it was run."""
    notebook: nbformat.NotebookNode = nbformat.read(classroom.executed(submission), as_version=4)
    return notebook


def _note(classroom: Classroom, submission: Submission) -> Path:
    """Return where a reason is kept."""
    return classroom.private / "ungraded" / submission.student / f"{submission.assignment}.json"


def _repairs(metadata: Mapping[str, object]) -> tuple[str, ...]:
    course = metadata.get("residual_course")
    sentences = course.get(REPAIRS) if isinstance(course, dict) else None
    return tuple(map(str, sentences)) if isinstance(sentences, list) else ()


def _scored(verdict: Verdict, score: float) -> Verdict:
    """Give a verdict the points that nbgrader entered; where the two disagree the gradebook counts and it is said."""
    if score == verdict.points:
        return verdict
    message = f"the gradebook has {score:g} points for this cell" + (f"; {verdict.message}" if verdict.message else "")
    outcome = Outcome.PASSED if score >= verdict.max_points else Outcome.FAILED
    return replace(verdict, points=score, outcome=outcome, message=message)
