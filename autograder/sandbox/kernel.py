"""Calls to the Linux kernel that Python's standard library does not offer."""

import ctypes
import functools
import os

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
_CAPABILITY_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3: 64 bits, in two words
_CAPABILITIES = 64


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


@functools.cache
def _c_library() -> ctypes.CDLL:
    """Return the C library of this process; not at import, because Windows has none to give."""
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | ctypes.Structure | None) -> int:
    """Call a function of the C library.

    Args:
        name: of the function, such as `prctl`.
        arguments: numbers (passed as long: the variadic functions need the whole register), strings and structures.

    Returns:
        What the function returned.

    Raises:
        OSError: if it returned -1.
    """
    plain = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    by_address = (ctypes.byref(value) if isinstance(value, ctypes.Structure) else value for value in plain)
    result: int = getattr(_c_library(), name)(*by_address)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system, or change a mount.

    Raises:
        OSError: if the kernel refuses; it names the target.
    """
    try:
        call("mount", source.encode(), os.fsencode(target), kind.encode(), flags, options.encode() or None)
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} (mount of {kind or source})", target) from error


def drop_capabilities() -> None:
    """Give up every capability of this process, for good.

    Raises:
        OSError: if the kernel refuses.
    """
    for number in range(_CAPABILITIES):
        try:
            call("prctl", PR_CAPBSET_DROP, number, 0, 0, 0)
        except OSError:  # an ordinary user has none to drop, and the kernel knows fewer than 64
            break
    empty = ctypes.create_string_buffer(2 * 3 * 4)  # effective, permitted, inheritable, each in two words
    call("capset", _CapabilityHeader(_CAPABILITY_VERSION, 0), empty)


def forbid_new_privileges() -> None:
    """Make set-user-id programs powerless; Landlock and seccomp ask for it.

    Raises:
        OSError: if the kernel refuses.
    """
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_parent(signal_number: int) -> None:
    """Let the kernel send this process a signal when its parent ends.

    Raises:
        OSError: if the kernel refuses.
    """
    call("prctl", PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
