"""The results format of `grade --results`: documented in docs/results.md, one object per graded notebook."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.model import GradedSubmission, Verdict


class Results:
    """A results file that is written while a class is graded, and takes its name when it is whole.

    Args:
        path: the file; None writes nothing.

    Raises:
        UsageError: if it cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        """Make sure, before the work begins, that the file can be written."""
        self._path = path
        self._count = 0
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            self._unfinished = path.with_name(f"{path.name}.unfinished")
            self._file = self._unfinished.open("w", encoding="utf-8", errors="replace")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from error

    def add(self, graded: GradedSubmission) -> None:
        """Write one submission."""
        if self._path is not None:
            self._file.write(("[" if not self._count else ",") + f"\n{_text(graded)}")
            self._count += 1

    def close(self) -> None:
        """End the file and give it its name."""
        if self._path is not None:
            self._file.write("\n]\n" if self._count else "[]\n")
            self._file.close()
            self._unfinished.replace(self._path)


def results_json(graded: Sequence[GradedSubmission]) -> str:
    """Return the results of a grading as JSON text."""
    return "[" + ",".join(f"\n{_text(one)}" for one in graded) + "\n]\n"


def _text(graded: GradedSubmission) -> str:
    return json.dumps(_submission(graded), indent=1, ensure_ascii=False)


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
