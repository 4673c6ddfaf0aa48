"""Landlock: a process forbids itself all files except some, and needs no privilege for it.

Source: https://docs.kernel.org/userspace-api/landlock.html (ABI 7, Linux 6.15).
"""

import ctypes
import os
import stat
from collections.abc import Iterable

from autograder.sandbox.kernel import call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every machine
_ASK_VERSION, _PATH_BENEATH = 1, 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_RENAME_ACROSS_FOLDERS, _TRUNCATE, _DEVICE_IOCTL = 1 << 13, 1 << 14, 1 << 15
_FIRST_VERSION = (1 << 13) - 1  # execute, write, read, list, remove (2), make (7)
_SINCE = {2: _RENAME_ACROSS_FOLDERS, 3: _TRUNCATE, 5: _DEVICE_IOCTL}
_OF_A_FILE = _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_IOCTL
_EXECUTE, _MAKE_DEVICES = 1, 1 << 6 | 1 << 11

_READ = _READ_FILE | _READ_DIR
_NO_TCP = 1 << 0 | 1 << 1  # bind and connect, since ABI 4
_SCOPES = 1 << 0 | 1 << 1  # abstract Unix sockets and signals, since ABI 6

_PROCESS_FOLDER = "/proc/self"
PROCESS_FILES = tuple(
    f"/proc/{name}"
    for name in ("cpuinfo", "meminfo", "stat", "version", "filesystems", "uptime", "sys/vm/overcommit_memory")
)
_DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
"""Not /dev/zero: mapped, it is shared memory that nobody counts."""

TRUNCATES_SINCE = 3
"""The ABI from which on Landlock also stops truncate(2)."""


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Return the ABI of this kernel's Landlock.

    Raises:
        OSError: if there is none (ENOSYS), or if it is switched off (EOPNOTSUPP).
    """
    return call("syscall", _CREATE_RULESET, None, 0, _ASK_VERSION)


def restrict(readable: Iterable[str], folder: str) -> None:
    """Forbid this process, for good, every file except some.

    What it may never do: start programs, make devices, see other processes, use TCP, signal processes outside.

    Args:
        readable: files and folders that it may read; those that do not exist are passed over.
        folder: where it may also write.

    Raises:
        OSError: if the kernel has no Landlock, or refuses.
    """
    found = version()
    handled = _FIRST_VERSION
    for since, right in _SINCE.items():
        handled |= right if found >= since else 0
    rules = _Rules(handled, _NO_TCP if found >= 4 else 0, _SCOPES if found >= 6 else 0)
    size = 24 if found >= 6 else 16 if found >= 4 else 8  # an older kernel refuses fields that it does not know
    ruleset = call("syscall", _CREATE_RULESET, rules, size, 0)
    try:
        for path in (*readable, _PROCESS_FOLDER, *PROCESS_FILES):
            _allow(ruleset, path, _READ & handled)
        for path in _DEVICES:
            _allow(ruleset, path, (_READ_FILE | _WRITE_FILE) & handled)
        if not _allow(ruleset, folder, handled & ~(_EXECUTE | _MAKE_DEVICES)):
            raise FileNotFoundError(folder)
        call("syscall", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> bool:
    """Add one rule; say whether the path exists."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_A_FILE
        call("syscall", _ADD_RULE, ruleset, _PATH_BENEATH, _Beneath(rights, opened), 0)
    finally:
        os.close(opened)
    return True
