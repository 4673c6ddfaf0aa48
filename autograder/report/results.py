"""The results format of `grade --results`: documented in docs/results.md, one object per graded notebook."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from autograder.errors import CannotWriteError, UsageError
from autograder.model import GradedSubmission, Verdict


class Results:
    """A results file that is written while a class is graded, and takes its name when it is whole.

    Until then it has no name at all, so that nothing is left of it if the program is killed, and two programs that
    were given the same name do not write into each other's.

    Args:
        path: the file; None writes nothing.

    Raises:
        UsageError: if it cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        """Make sure, before the work begins, that the file can be written."""
        self._path = path
        self._count = 0
        self._open = contextlib.ExitStack()
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.ExitStack() as stack:
                self._file = stack.enter_context(
                    tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", dir=path.parent)
                )
                self._open = stack.pop_all()
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from error

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file; without `finish` nothing of it stays."""
        with contextlib.suppress(OSError):  # it tries once more to write what did not fit
            self._open.close()

    def add(self, graded: GradedSubmission) -> None:
        """Write one submission.

        Raises:
            CannotWriteError: if it cannot be written, as when the disk is full.
        """
        if self._path is not None:
            with _saying(self._path):
                self._file.write(("[" if not self._count else ",") + f"\n{_text(graded)}")
            self._count += 1

    def finish(self) -> None:
        """End the file and give it its name.

        Raises:
            CannotWriteError: if it cannot be written; an earlier file of that name stays.
        """
        if self._path is None:
            return
        unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with _saying(self._path):
            try:
                self._file.write("\n]\n" if self._count else "[]\n")
                self._file.seek(0)
                with unfinished.open("w", encoding="utf-8") as named:
                    shutil.copyfileobj(self._file, named)
                unfinished.replace(self._path)
            finally:
                unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def _saying(path: Path) -> Iterator[None]:
    """Turn what the system refuses into one sentence."""
    try:
        yield
    except OSError as error:
        raise CannotWriteError(f"The results {path} cannot be written", error) from error


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
