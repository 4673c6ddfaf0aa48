"""Submissions as they arrive in a folder, each once it is whole."""

import time
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import UsageError
from autograder.grading.classroom import Classroom, find_submissions
from autograder.model import Submission

SECONDS = 1.0
"""How often the folder is looked at; a submission is taken when it is the same at two looks."""


def arriving(
    classroom: Classroom, assignments: tuple[str, ...], seconds: float = SECONDS
) -> Iterator[Submission | None]:
    """Yield each submission that is there or arrives or changes, and None while nothing does; comes to no end.

    Args:
        classroom: the class.
        assignments: names of the assignments.
        seconds: between two looks.
    """
    taken: dict[Submission, object] = {}
    before: dict[Submission, object] = {}
    while True:
        try:
            now = {one: _state(Path(one.path)) for one in find_submissions(classroom, assignments)}
        except UsageError:  # nothing yet
            now = {}
        for submission, state in now.items():
            if before.get(submission) == state and taken.get(submission) != state:
                taken[submission] = state
                yield submission
        before = now
        yield None
        time.sleep(seconds)


def _state(folder: Path) -> object:
    """Return what changes when a file of a submission does, in whatever folder below."""
    try:
        files = [(str(path), path.lstat()) for path in sorted(folder.rglob("*"))]
    except OSError:
        return None
    return tuple((name, status.st_mtime_ns, status.st_size) for name, status in files)
