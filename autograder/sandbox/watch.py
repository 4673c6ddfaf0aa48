"""What the guard looks at while a child runs, and how often."""

import contextlib
import os
import time

from autograder.model import Limits
from autograder.sandbox import folder as folders
from autograder.sandbox import meter, namespaces
from autograder.sandbox.level import Level

_FIRST = 0.05
"""Seconds until the first look: most submissions are over before it."""

_SHORTEST, _LONGEST = 0.02, 0.25
_BYTES_A_SECOND = 8 << 30
"""Faster than a few processors can fill fresh memory: so long the way to the limit takes at least."""

_LOOK_SHARE = 10
"""A look may cost this part of the guard's time."""

_SECONDS_BETWEEN_FOLDERS = 0.5
_BYTES_OF_A_SOCKET = 2 * 212992
"""What may wait in a Unix socket (net.core.wmem_default, both ways), in no process's memory."""

_LINE = 256
"""Longer than the first line of sockstat, `sockets: used 3`."""


class Watch:
    """The guard's view of one child.

    Args:
        level: how the child is confined.
        limits: what it may use.
        own_folder: where it writes, if not in a file system of its own.
        zygote: the number of the process that it is forked from.
    """

    def __init__(self, level: Level, limits: Limits, own_folder: str, zygote: int) -> None:
        """To be made before the guard enters the child's namespaces, where the zygote is not to be seen."""
        self._level, self._limits, self._folder = level, limits, own_folder
        self._meter = None
        if os.path.exists(f"/proc/{zygote}/smaps_rollup"):
            self._meter = meter.Meter(zygote, self._processes, self._files, limits.memory_bytes)
        self._child, self._next_folder = 0, 0.0
        self.pause = _FIRST
        """How many seconds may pass until the next look."""
        self.peak = 0
        self._sockets = -1

    def sees_sockets(self) -> bool:
        """Open the child's count of sockets, in its namespaces, for as long as it runs; say whether it was there."""
        with contextlib.suppress(OSError):
            self._sockets = os.open("/proc/1/net/sockstat", os.O_RDONLY | os.O_CLOEXEC)
        return self._sockets >= 0

    def begin(self, child: int) -> None:
        """Look at this process from now on."""
        self._child = child

    def close(self) -> None:
        """Let go of what was opened."""
        if self._meter is not None:
            self._meter.close()
        if self._sockets >= 0:
            os.close(self._sockets)

    def look(self) -> str:
        """Return what the submission uses too much of, as a sentence; empty if nothing."""
        begun = time.monotonic()
        complaint = self._complaint(begun)
        room = (self._limits.memory_bytes - self.peak) / _BYTES_A_SECOND
        cost = time.monotonic() - begun
        self.pause = max(min(max(room, _SHORTEST), _LONGEST), cost * _LOOK_SHARE)
        return complaint

    def _complaint(self, now: float) -> str:
        if self._meter is None:
            return ""
        reading = self._meter.read()
        self.peak = max(self.peak, reading.used)
        if reading.used > self._limits.memory_bytes:
            return f"It used more than {self._limits.memory_bytes / (1 << 20):.0f} MiB of memory."
        if reading.threads > self._limits.processes:
            return f"It ran more than {self._limits.processes} processes and threads at a time."
        if self._level is Level.NAMESPACES or now < self._next_folder:
            return ""
        self._next_folder = now + _SECONDS_BETWEEN_FOLDERS
        most = self._limits.folder_bytes
        if folders.size(self._folder, self._child, most) > most:
            return f"Its temporary folder grew beyond {most / (1 << 20):.0f} MiB, or cannot be looked through."
        return ""

    def _processes(self) -> list[int]:
        return meter.all_visible() if self._level is Level.NAMESPACES else meter.children_of(self._child)

    def _files(self) -> int:
        """Return what files in memory and sockets take, in bytes; the folder has a limit of its own elsewhere."""
        if self._level is not Level.NAMESPACES:
            return 0
        room = os.statvfs(namespaces.ROOM)
        # All that the namespace holds, those on their way from process to process included.
        sockets = int(os.pread(self._sockets, _LINE, 0).split()[2])
        return (room.f_blocks - room.f_bfree) * room.f_frsize + sockets * _BYTES_OF_A_SOCKET
