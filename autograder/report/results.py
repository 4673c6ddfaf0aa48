"""The results format of `grade --results`: documented in docs/results.md, one object per graded notebook."""

import json
from collections.abc import Sequence
from typing import Any

from autograder.model import GradedSubmission, Verdict


def results_json(graded: Sequence[GradedSubmission]) -> str:
    """Return the results of a grading as JSON text."""
    return json.dumps([_submission(submission) for submission in graded], indent=1, ensure_ascii=False) + "\n"


def _submission(graded: GradedSubmission) -> dict[str, Any]:
    return {
        "student": graded.student,
        "assignment": graded.assignment,
        "outcome": graded.outcome.value,
        "score": float(graded.score),
        "max_score": float(graded.max_score),
        "seconds": round(graded.seconds, 3),
        "repairs": list(graded.repairs),
        "message": graded.message,
        "checks": [_check(verdict) for verdict in graded.verdicts],
    }


def _check(verdict: Verdict) -> dict[str, Any]:
    return {
        "check": verdict.check,
        "exercise": verdict.exercise,
        "outcome": verdict.outcome.value,
        "points": float(verdict.points),
        "max_points": float(verdict.max_points),
        "message": verdict.message,
        "mistake": verdict.mistake,
    }
