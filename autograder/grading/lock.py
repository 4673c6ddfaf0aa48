"""One command at a time grades a class."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import UsageError

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Make sure that one command at a time grades a class; the system takes the lock back when the command ends.

    Raises:
        UsageError: if another one does, or if the folder cannot be made.
    """
    path = folder / "lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): grading keeps its journal there.") from error
    with file:
        try:
            _take(file.fileno())
        except OSError:
            raise UsageError(
                f"Another command is grading this class (it holds {path}): wait until it is done."
            ) from None
        yield
