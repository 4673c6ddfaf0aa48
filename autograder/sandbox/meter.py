"""How much memory a submission has added to what its zygote already held, over all its processes.

The cheap sum counts every page that a process holds for itself. Processes that forked from each other hold pages
together, so when the cheap sum is beyond the limit the kernel is asked for each one's share (slower: it walks all
pages). Shared memory is not in either: the filter leaves it no form but files in memory, which `files` counts.
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_KIB = 1024
_FIELD = re.compile(rb"^(RssAnon|VmSwap|VmPTE|HugetlbPages|Threads|Pss_Anon|SwapPss):\s*(\d+)", re.MULTILINE)
_PRIVATE = ("RssAnon", "VmSwap", "HugetlbPages", "VmPTE")  # page tables: to read untouched memory costs only these
_MOST_BYTES = 1 << 14


@dataclass(frozen=True)
class Reading:
    """What was found.

    Args:
        used: memory beyond the zygote's, in bytes.
        threads: of all processes together, each process being one at least.
    """

    used: int
    threads: int


class Meter:
    """Reads the memory of a submission, whose first process began with the memory of its zygote.

    Args:
        zygote: that process's number.
        processes: lists the submission's processes, as /proc numbers them.
        files: tells how many bytes its files in memory take.
        most: the limit, in bytes, up to which the cheap sum is enough.
    """

    def __init__(
        self, zygote: int, processes: Callable[[], Iterable[int]], files: Callable[[], int], most: int
    ) -> None:
        """Note what the zygote holds; to be called where its number is known.

        Raises:
            ProcessLookupError: if it has ended.
        """
        self._processes, self._files, self._most = processes, files, most
        try:
            self._held = _private(_status(f"/proc/{zygote}"))
            # Kept open, because the guard loses sight of that number when /proc becomes the child's.
            self._zygote_shares = os.open(f"/proc/{zygote}/smaps_rollup", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise ProcessLookupError("The process to fork from has ended.") from None

    def close(self) -> None:
        """Let go of the zygote's figures."""
        os.close(self._zygote_shares)

    def read(self) -> Reading:
        """Return what the submission uses now; processes that end meanwhile count for nothing."""
        found = {}
        for number in self._processes():
            try:
                place = _place(number)
                found[place] = _status(place)
            except OSError:
                continue
        files = self._files()
        threads = sum(status.get("Threads", 0) // _KIB for status in found.values())
        used = sum(map(_private, found.values())) - self._held + files
        if used > self._most:
            # Subtracted once: however many processes hold a page of the zygote's, their shares are one page at most.
            held = _fields(os.pread(self._zygote_shares, _MOST_BYTES, 0)).get("Pss_Anon", 0)
            used = sum(_share(place, status) for place, status in found.items()) - held + files
        return Reading(max(0, used), threads)


def _private(status: dict[str, int]) -> int:
    return sum(status.get(name, 0) for name in _PRIVATE)


def _fields(text: bytes) -> dict[str, int]:
    """Return the figures of a file of /proc, in bytes (for Threads: 1024 each)."""
    return {name.decode(): int(value) * _KIB for name, value in _FIELD.findall(text)}


def _place(number: int) -> str:
    """Return where /proc shows what a process holds: with a thread, if the first one ended before others."""
    place = f"/proc/{number}"
    if "RssAnon" not in (status := _status(place)) and status.get("Threads", 0) > _KIB:
        for thread in threads_of(number):
            with contextlib.suppress(OSError):  # it has ended as well
                if "RssAnon" in _status(thread):
                    return thread
    return place


def threads_of(number: int) -> list[str]:
    """Return where /proc shows the threads of a process; nothing if it has ended."""
    try:
        return [f"/proc/{number}/task/{thread}" for thread in os.listdir(f"/proc/{number}/task")]
    except OSError:
        return []


def _status(place: str) -> dict[str, int]:
    descriptor = os.open(f"{place}/status", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _fields(os.read(descriptor, _MOST_BYTES))
    finally:
        os.close(descriptor)


def _share(place: str, status: dict[str, int]) -> int:
    """Return a process's share of the pages that it holds; all of them, if it hides them from the guard."""
    try:
        shares = _fields(Path(f"{place}/smaps_rollup").read_bytes())
    except (FileNotFoundError, ProcessLookupError):  # it has just let go of them all, to end
        return 0
    except OSError:
        shares = {}
    if "Pss_Anon" not in shares:
        return _private(status)
    return shares["Pss_Anon"] + shares.get("SwapPss", 0) + status.get("HugetlbPages", 0) + status.get("VmPTE", 0)


def children_of(first: int) -> list[int]:
    """Return a process and all that came from it and are still its descendants."""
    found, left = [], [first]
    while left:
        number = left.pop()
        found.append(number)
        for thread in threads_of(number):  # each has children of its own
            with contextlib.suppress(OSError):
                left += map(int, Path(f"{thread}/children").read_text().split())
    return found


def all_visible() -> list[int]:
    """Return every process in the namespace whose /proc this is."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]
