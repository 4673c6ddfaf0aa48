"""Namespaces of its own for one submission, inside the worker's container.

The worker has a user namespace of its own and so may make others; its zygote is the first in one of processes, where
the guards are too. The child, the first process of its own namespaces, lays out the files and then gives its
capabilities up. Its guard looks in, unseen.
"""

import os
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.kernel import call, mount
from autograder.sandbox.paths import routes

ROOM = "/tmp"
"""The sized file system: all that a submission can write to."""

FOLDER = f"{ROOM}/submission"
"""Where its code runs."""

_SHARED_MEMORY, _SHARED_MEMORY_IN_ROOM = "/dev/shm", f"{ROOM}/.shared-memory"

_NEW_MOUNTS, _NEW_CGROUPS, _NEW_NAMES, _NEW_IPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_NEW_USERS, _NEW_PROCESSES, _NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
_ALL_BUT_PROCESSES = _NEW_MOUNTS | _NEW_CGROUPS | _NEW_NAMES | _NEW_IPC | _NEW_USERS | _NEW_NETWORK

_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 1, 1 << 5, 1 << 12, 1 << 14, 1 << 18
_NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 2, 4, 8
_FLAGS = {  # of an inherited mount, as mountinfo spells them: a change must repeat them, or the kernel refuses it
    "ro": _READ_ONLY,
    "nosuid": _NO_SETUID,
    "nodev": _NO_DEVICES,
    "noexec": _NO_PROGRAMS,
    "noatime": 1 << 10,
    "nodiratime": 1 << 11,
    "relatime": 1 << 21,
}
_BYTES_PER_FILE = 4096


@dataclass(frozen=True)
class _Mount:
    place: str
    flags: int


def prepare_to_fork() -> None:
    """Give this process a user namespace of its own, and the next that it forks one of processes: `be_the_zygote`.

    Raises:
        OSError: if the kernel refuses.
    """
    _unshare(_NEW_USERS | _NEW_MOUNTS | _NEW_PROCESSES)


def be_the_zygote() -> None:
    """Show in /proc the processes of the namespace whose first this process is.

    Raises:
        OSError: if the kernel refuses.
    """
    mount("none", "/", "", _RECURSIVE | _PRIVATE)
    _mount_proc()


def _mount_proc() -> None:
    mount("proc", "/proc", "proc", _NO_SETUID | _NO_DEVICES | _NO_PROGRAMS)


def fork_the_first() -> int:
    """Fork as `os.fork` does, but a process that is the first of a namespace of processes.

    Raises:
        OSError: if the kernel refuses.
    """
    here = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    child = -1
    try:
        call("unshare", _NEW_PROCESSES)
        child = os.fork()
    finally:
        if child != 0:
            _return_to(here)
    return child


def _return_to(here: int) -> None:
    """Have the next process forked here, or there could be no second namespace."""
    try:
        call("setns", here, _NEW_PROCESSES)
    except OSError as error:  # who forks cannot go on
        raise RuntimeError("There is no way back from a namespace of processes.") from error
    finally:
        os.close(here)


def visit(process: int) -> bool:
    """See files, and processes in /proc, as another process does; say whether it was there, and let itself be seen."""
    try:
        descriptor = os.open(f"/proc/{process}/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return False
    try:
        call("setns", descriptor, _NEW_MOUNTS)
    finally:
        os.close(descriptor)
    return True


def _enter() -> None:
    """Put this process, the first of a namespace of processes, into namespaces of its own for all else.

    Its /proc comes first: that belongs to who made the namespace of processes, whose rights end with the new user.
    """
    call("unshare", _NEW_MOUNTS)
    _mount_proc()
    _unshare(_ALL_BUT_PROCESSES)
    socket.sethostname("sandbox")


def _unshare(namespaces: int) -> None:
    """Enter new namespaces, one of users among them, in which this process stays who it is."""
    user, group = os.geteuid(), os.getegid()
    call("unshare", namespaces)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def lay_out(size: int, readable: Iterable[str]) -> str:
    """Put the process into namespaces of its own, with one small place to write; make all else read-only.

    Args:
        size: what the place holds, in bytes.
        readable: what must stay visible; only what lies below the place to write is laid there again.

    Returns:
        The fresh, empty working folder.

    Raises:
        OSError: if the kernel refuses.
    """
    _enter()
    for one in _mounts():
        covered = one.place.startswith("/proc/")  # by the new /proc
        if not one.flags & _READ_ONLY and not covered:
            mount("none", one.place, "", _REMOUNT | _BIND | _READ_ONLY | one.flags)
    options = f"size={size},nr_inodes={max(1024, size // _BYTES_PER_FILE)},mode=0755"
    # Built where shared memory belongs, because what is still visible below ROOM is to be taken over.
    mount("tmpfs", _SHARED_MEMORY, "tmpfs", _NO_SETUID | _NO_DEVICES, options)
    ways = routes(path for path in map(Path, readable) if _in_room(path))
    for end in filter(_in_room, ways.ends):
        _bind(str(end), _while_built(end))
    for link, said in ways.links.items():
        if _in_room(link):
            Path(_while_built(link)).parent.mkdir(parents=True, exist_ok=True)
            os.symlink(said, _while_built(link))
    mount(_SHARED_MEMORY, ROOM, "", _BIND | _RECURSIVE)
    for place in (FOLDER, _SHARED_MEMORY_IN_ROOM):
        os.mkdir(place, 0o700)
    mount(_SHARED_MEMORY_IN_ROOM, _SHARED_MEMORY, "", _BIND)
    mount("/dev/full", "/dev/zero", "", _BIND)  # reads the same; mapped, it would be memory that nobody counts
    return FOLDER


def _in_room(path: Path) -> bool:
    return Path(ROOM) in path.parents


def _while_built(path: Path) -> str:
    return _SHARED_MEMORY + str(path).removeprefix(ROOM)


def _bind(source: str, target: str) -> None:
    """Show a file or a folder at a second place, with the flags of the first."""
    place = Path(target)
    place.parent.mkdir(parents=True, exist_ok=True)
    if os.path.isdir(source):
        place.mkdir(exist_ok=True)
    else:
        place.touch()
    mount(source, target, "", _BIND | _RECURSIVE)


def _mounts() -> Iterator[_Mount]:
    """Yield what is mounted now, the later above the earlier."""
    for line in Path("/proc/self/mountinfo").read_bytes().splitlines():
        fields = line.split(b" ")
        place = os.fsdecode(fields[4].decode("unicode_escape").encode("latin-1"))  # a blank is written \040
        flags = sum(_FLAGS.get(word, 0) for word in fields[5].decode().split(","))
        yield _Mount(place, flags)
