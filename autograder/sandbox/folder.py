"""A submission's own folder where it has no file system of its own: made, measured and removed by the guard.

Nothing in it is trusted: it may be deeper than paths can be long, hold more files than memory, or deny its owner.
"""

import contextlib
import os
import re
import secrets
import stat
import tempfile
from pathlib import Path

from autograder.sandbox.meter import threads_of

_MOST_FILES = 50_000
_DEEPEST = 64
_BLOCK = 512
_DELETED = re.compile(rb"^\S+ \S+ \S+ \S+ (\d+) +(/.*) \(deleted\)$", re.MULTILINE)

BEYOND_MEASURE = 1 << 62
"""The size of a folder that is too deep or too full to look through, or that cannot be looked into."""


def make() -> str:
    """Return a fresh, empty folder."""
    return tempfile.mkdtemp(prefix="submission-")


def size(folder: str, process: int, most_of_one: int) -> int:
    """Return what a folder takes on the disk, in bytes.

    Args:
        folder: the folder.
        process: the only one that writes there; files that it deleted and still holds count.
        most_of_one: what a single file may take.
    """
    entries: list[tuple[str, int]] = [(folder, 0)]
    total, files = 0, 0
    while entries:
        path, depth = entries.pop()
        try:
            with os.scandir(path) as found:
                for entry in found:
                    files += 1
                    if files > _MOST_FILES or depth > _DEEPEST:
                        return BEYOND_MEASURE
                    total += entry.stat(follow_symlinks=False).st_blocks * _BLOCK
                    if entry.is_dir(follow_symlinks=False):
                        entries.append((entry.path, depth + 1))
        except FileNotFoundError:  # just removed
            continue
        except OSError:
            return BEYOND_MEASURE
    return total + _held(folder, process, most_of_one)


def _held(folder: str, process: int, most_of_one: int) -> int:
    """Return what deleted files take that a process still has open or mapped."""
    sizes: dict[int, int] = {}
    maps = b""
    for thread in threads_of(process):  # each may have descriptors of its own, and the first may end before others
        with contextlib.suppress(OSError):  # it has ended
            maps = maps or Path(f"{thread}/maps").read_bytes()
            for name in os.listdir(f"{thread}/fd"):
                with contextlib.suppress(OSError):  # closed just now
                    found = os.stat(f"{thread}/fd/{name}")
                    if stat.S_ISREG(found.st_mode) and found.st_nlink == 0:
                        sizes[found.st_ino] = found.st_blocks * _BLOCK
    for inode, path in _DELETED.findall(maps):
        if path.startswith(os.fsencode(folder)):
            sizes.setdefault(int(inode), most_of_one)  # mapped only: how much the rest takes cannot be seen
    return sum(sizes.values())


def remove(folder: str) -> None:
    """Remove a folder with all that is in it; nothing may be running there any more.

    What lies deep is first moved to the top, so that no path gets long, however deep it was nested.
    """
    moved, unknown = 0, secrets.token_hex(8)  # a name that nobody can have put there
    while names := os.listdir(folder):
        for name in names:
            top = os.path.join(folder, name)
            if not _is_folder(top):
                os.unlink(top)
                continue
            os.chmod(top, 0o700)
            for inner in os.listdir(top):
                path = os.path.join(top, inner)
                if _is_folder(path):
                    os.chmod(path, 0o700)  # to move a folder is to write its ".."
                    os.rename(path, os.path.join(folder, f"{unknown}-{moved}"))
                    moved += 1
                else:
                    os.unlink(path)
            os.rmdir(top)
    os.rmdir(folder)


def _is_folder(path: str) -> bool:
    return stat.S_ISDIR(os.lstat(path).st_mode)
