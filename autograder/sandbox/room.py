"""A temporary folder for all that one worker's processes write, where they have no file system of their own.

A guard removes the folder of its submission. If the guard is killed that folder stays, and is then removed with the
room: by the command that made it, or if that was killed as well, by the next one that makes a room.
"""

import contextlib
import errno
import fcntl
import os
import stat
import tempfile
import time
from pathlib import Path

from autograder.sandbox import folder as folders

PREFIX = "autograder-"

_SECONDS = 3
"""How long guards may take to remove what they made, once their worker has ended."""


class Room:
    """A fresh folder; whoever holds its lock may remove it, and the system takes the lock from a killed program.

    Args:
        user: who writes there, if not who runs this.
    """

    def __init__(self, user: int | None = None) -> None:
        """Remove what killed programs left, and make a new one."""
        _remove_abandoned(Path(tempfile.gettempdir()))
        self._handle = -1
        while self._handle < 0:
            self._own = tempfile.mkdtemp(prefix=PREFIX)
            self._handle = _locked(self._own, wait=True)
        os.chmod(self._own, 0o711)  # the room is in it, so that what is removed by its name is always ours
        self.path = os.path.join(self._own, "room")
        os.mkdir(self.path, 0o700)
        if user is not None:
            os.chown(self.path, user, -1)

    def close(self) -> None:
        """Remove it with all that is in it; what cannot be removed now is left to the next program."""
        until = time.monotonic() + _SECONDS
        while not _removed(self._own) and time.monotonic() < until:
            time.sleep(0.05)  # a guard is just removing the same files
        os.close(self._handle)


def _locked(path: str, wait: bool = False) -> int:
    """Return a descriptor that holds the lock of a folder; -1 if it is held, or if the folder is gone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return -1
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        if os.path.samestat(os.fstat(handle), os.lstat(path)):
            return handle
    except OSError:
        pass
    os.close(handle)
    return -1


def _remove_abandoned(parent: Path) -> None:
    """Remove the rooms whose makers were killed; only our own, since another user could lead us astray."""
    for path in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
                continue
            handle = _locked(str(path))
            if handle >= 0:
                _removed(str(path))
                os.close(handle)


def _removed(path: str) -> bool:
    try:
        folders.remove(path)
    except OSError as error:
        return error.errno == errno.ENOENT and not os.path.lexists(path)
    return True
