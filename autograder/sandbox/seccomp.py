"""A seccomp filter: the kernel refuses what a notebook never needs and an attack would like.

Refused are the ways out of the limits on memory, the ways to look at or disturb other processes, all that builds or
changes namespaces and mounts, and calls that have been a source of holes in the kernel.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.sandbox import syscalls
from autograder.sandbox.kernel import call
from autograder.sandbox.level import Level
from autograder.sandbox.syscalls import Fate

_NATIVE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_ of a machine's own, not its 32-bit, calls."""

_SET_FILTER = 1
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_GREATER, _IF_ANY_BIT = 0x15, 0x25, 0x45
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16  # in struct seccomp_data
_X32 = 0x40000000

_ERRORS = {Fate.NEVER: errno.EPERM, Fate.NEXT: errno.ENOSYS}
_ERRORS_BESIDE_OTHERS = {Fate.ALONE: errno.EPERM, Fate.ABSENT: errno.ENOTSUP, Fate.PRETEND: 0}
"""What the caller of a refused call is told; 0 is success."""

_Instruction = tuple[int, int, int, int]


@dataclass(frozen=True)
class _Test:
    """A call is refused by the value of one argument; all that are looked at here are 32 bits wide in the kernel.

    Args:
        argument: which, from 0.
        values: that are meant.
        mask: the bits that are looked at.
        wanted: whether only these values are let through, or all but these.
        error: what the refused caller is told.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    wanted: bool = True
    error: int = errno.EPERM

    def compiled(self) -> list[_Instruction]:
        """Return instructions that refuse the call, or fall through to what follows."""
        lines: list[_Instruction] = [(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * self.argument), (_AND, 0, 0, self.mask)]
        refusal = (_RETURN, 0, 0, _REFUSE | self.error)
        if not self.wanted:
            for value in self.values:
                lines += [(_IF_EQUAL, 0, 1, value), refusal]
            return lines
        count = len(self.values)
        lines += [(_IF_EQUAL, count - place, 0, value) for place, value in enumerate(self.values)]
        return [*lines, refusal]


_KILL_SIGNAL = 9
_TERMINAL_INPUT = (0x5412, 0x541C)  # TIOCSTI and TIOCLINUX: typing into the terminal of whoever started us
_FILE_FLAGS = (0x40086602, 0x401C5820)  # FS_IOC_SETFLAGS and FS_IOC_FSSETXATTR work on files opened for reading
_SIGNAL_OWNER = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP
_OWNER_AND_LEASE = (8, 15, 1024, 1026)  # F_SETOWN, F_SETOWN_EX, F_SETLEASE, F_NOTIFY
_DEATH_SIGNAL_AND_DUMPABLE = (1, 4)  # would cut the child loose from its zygote, and hide its memory from its guard
_NEW_NAMESPACES = 0x7E020000  # all CLONE_NEW* that fit clone(2)
_THREAD = 0x00010000  # CLONE_THREAD
_FAMILIES = (1, 2, 10)  # Unix, IPv4, IPv6: not the host's (vsock), and little of the kernel
_STREAM = 1
_SHARED_WITHOUT_FILE = 0x21  # MAP_SHARED | MAP_ANONYMOUS: memory that outlives being unmapped, where nobody counts it
_KIND_OF_MEMORY = 0x2F

_TESTS: Mapping[str, tuple[_Test, ...]] = {
    "clone": (_Test(0, (0,), _NEW_NAMESPACES),),
    "ioctl": (_Test(1, _TERMINAL_INPUT, wanted=False),),
    "mmap": (_Test(3, (_SHARED_WITHOUT_FILE,), _KIND_OF_MEMORY, wanted=False),),
    "prctl": (_Test(0, _DEATH_SIGNAL_AND_DUMPABLE, wanted=False),),
    "socket": (_Test(0, _FAMILIES, error=errno.EAFNOSUPPORT),),
}


def _tests_beside_others(own: int) -> dict[str, tuple[_Test, ...]]:
    """Return the tests of the level without namespaces: threads, but no processes, and no call that meets others."""
    myself = _Test(0, (0, own))
    only_me, not_kill = _Test(0, (own,)), _Test(1, (_KILL_SIGNAL,), wanted=False)
    return {
        "clone": (*_TESTS["clone"], _Test(0, (_THREAD,), _THREAD)),
        "ioctl": (_Test(1, (*_TERMINAL_INPUT, *_FILE_FLAGS, *_SIGNAL_OWNER), wanted=False),),
        "mmap": _TESTS["mmap"],
        "prctl": _TESTS["prctl"],
        # Event loops wake themselves through a pair of streams. A datagram socket could be turned to another address.
        "socketpair": (_Test(1, (_STREAM,), 0xF),),
        "fcntl": (_Test(1, _OWNER_AND_LEASE, wanted=False),),
        "kill": (only_me, not_kill),  # a SIGKILL then always comes from outside, as in a namespace of its own
        "tgkill": (only_me, _Test(2, (_KILL_SIGNAL,), wanted=False)),
        "rt_sigqueueinfo": (only_me, not_kill),
        "rt_tgsigqueueinfo": (only_me, _Test(2, (_KILL_SIGNAL,), wanted=False)),
        "prlimit64": (myself,),
        "sched_setaffinity": (myself,),
        "sched_setattr": (myself,),
        "sched_setparam": (myself,),
        "sched_setscheduler": (myself,),
        # Without times, as `Path.touch` calls it before it makes the file: to pretend would leave it unmade.
        "utimensat": (_Test(2, (0,), wanted=False),),
        "setpriority": (_Test(0, (0,)), _Test(1, (0, own))),
    }


def install(level: Level, landlock_truncates: bool = True) -> None:
    """Put the filter on this process and all that come from it, for good.

    Args:
        level: NAMESPACES lets a notebook start programs; LANDLOCK only threads.
        landlock_truncates: whether this kernel's Landlock minds truncate(2); else the filter does.

    Raises:
        OSError: if the kernel refuses, or the machine is of a kind that nobody has tried.
    """
    machine = platform.machine()
    if machine not in syscalls.MACHINES:
        raise OSError(errno.ENOSYS, f"no seccomp filter is written for {machine} yet")
    errors = dict(_ERRORS)
    tests = _TESTS
    if level is Level.LANDLOCK:
        errors |= _ERRORS_BESIDE_OTHERS | ({} if landlock_truncates else {Fate.BOUNDED: errno.EPERM})
        tests = _tests_beside_others(os.getpid())
    lines = list(_program(machine, errors, tests))
    code = b"".join(struct.pack("HBBI", *line) for line in lines)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("HP", len(lines), ctypes.addressof(buffer)))
    call("syscall", syscalls.SECCOMP[machine], _SET_FILTER, 0, program)


def _program(
    machine: str, errors: Mapping[Fate, int], tests: Mapping[str, tuple[_Test, ...]]
) -> Iterator[_Instruction]:
    """Yield the filter: classic BPF, whose jumps count from the next instruction."""
    yield _LOAD, 0, 0, _MACHINE_AT
    yield _IF_EQUAL, 1, 0, _NATIVE[machine]
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER_AT
    if machine == "x86_64":
        yield _IF_ANY_BIT, 0, 1, _X32  # a second door to the same calls
        yield _RETURN, 0, 0, _KILL
    yield _IF_GREATER, 0, 1, syscalls.LAST  # nobody has judged what comes later
    yield _RETURN, 0, 0, _REFUSE | errno.ENOSYS
    for name, (number, fate) in syscalls.calls(machine).items():
        if fate in errors or name in tests:
            end = _REFUSE | errors[fate] if fate in errors else _ALLOW
            lines = [*(line for test in tests.get(name, ()) for line in test.compiled()), (_RETURN, 0, 0, end)]
            yield _IF_EQUAL, 0, len(lines), number
            yield from lines
    yield _RETURN, 0, 0, _ALLOW
