"""Confine the process that a student's code will run in."""

import os
import platform
import resource
import signal
from collections.abc import Sequence
from pathlib import Path

from autograder.model import Limits
from autograder.sandbox import kernel, landlock, namespaces, seccomp
from autograder.sandbox.level import Level
from autograder.sandbox.paths import SYSTEM

_SPARE_ADDRESSES = 8 << 30
_SPARE_ADDRESSES_PER_CPU = 1 << 30
"""Addresses are not memory: the C library reserves 8 x 64 MiB a processor for its arenas, and TensorFlow stacks."""

_THREADS_OF_THE_USER = 16384
"""Without a namespace the kernel counts all that the user runs; this keeps some for him until the guard looks."""

_COUNTED_PER_NAMESPACE = (5, 14)
"""The first Linux that counts processes per user namespace."""


def confine(level: Level, limits: Limits, folder: str, readable: Sequence[str]) -> str:
    """Shut this process in, for good.

    Args:
        level: how; NONE sets the limits only.
        limits: what it may use.
        folder: where it may write; at NAMESPACES it is made here instead.
        readable: files and folders that it may read beside the system.

    Returns:
        The working folder.

    Raises:
        OSError: if any part cannot be had.
    """
    os.setsid()
    if level is not Level.NONE:
        _be_the_first_to_go()
    if level is Level.NAMESPACES:
        folder = namespaces.lay_out(limits.folder_bytes, readable)
    elif level is Level.LANDLOCK:
        kernel.forbid_new_privileges()
        landlock.restrict([*map(str, SYSTEM), *readable], folder)
    set_limits(level, limits)
    if level is Level.NONE:
        return folder
    kernel.drop_capabilities()
    kernel.forbid_new_privileges()
    kernel.die_with_parent(signal.SIGKILL)
    seccomp.install(level, level is not Level.LANDLOCK or landlock.version() >= landlock.TRUNCATES_SINCE)
    return folder


def _be_the_first_to_go() -> None:
    """Tell the kernel which process to end when the machine runs out of memory."""
    Path("/proc/self/oom_score_adj").write_text("1000")


def set_limits(level: Level, limits: Limits) -> None:
    """Set the limits that the kernel keeps for each process.

    Args:
        level: at NONE only the portable ones are set.
        limits: what the submission may use.

    Raises:
        OSError: if the kernel refuses.
    """
    processors = os.cpu_count() or 1
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, min(limits.open_files, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2))
    _limit(resource.RLIMIT_FSIZE, limits.folder_bytes)
    # The guard looks at the clock; this is for what the guard cannot end, and never before it.
    _limit(resource.RLIMIT_CPU, int(limits.submission_seconds * processors) + 60)
    if level is Level.NONE:
        return
    addresses = _addresses_now() + limits.memory_bytes + _SPARE_ADDRESSES + processors * _SPARE_ADDRESSES_PER_CPU
    _limit(resource.RLIMIT_AS, addresses)
    _limit(resource.RLIMIT_MSGQUEUE, 0)
    own_count = level is Level.NAMESPACES and _release() >= _COUNTED_PER_NAMESPACE
    _limit(resource.RLIMIT_NPROC, limits.processes if own_count else _THREADS_OF_THE_USER)


def _limit(kind: int, most: int) -> None:
    """Lower one limit; never raise it, which an ordinary user may not."""
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, least))


def _addresses_now() -> int:
    """Return the size of this process's address space in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _release() -> tuple[int, ...]:
    """Return the version of Linux, such as (6, 8)."""
    return tuple(int(word) for word in platform.release().replace("-", ".").split(".")[:2])
