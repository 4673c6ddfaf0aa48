"""What was observed of each submission, written down before anything follows from it.

One line a record, only ever added to, and on disk before the next step. After a crash at any moment the journal tells
what was run; scores follow from it without running a student's code again.
"""

import base64
import contextlib
import fcntl
import json
import os
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.errors import CourseError, UsageError


class Journal:
    """The records of one class, by key; only their places in the file are kept in memory.

    Args:
        path: the file; it is made if there is none.

    Raises:
        CourseError: if it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        """Read the keys."""
        self._lock = threading.Lock()
        self._places: dict[str, int] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        except OSError as error:
            raise CourseError(f"The journal {path} cannot be opened: {error.strerror}.") from error
        self._read_keys()

    def _read_keys(self) -> None:
        """Find the records; what a crash left half written is cut off, so that the next record begins a line."""
        end = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            record = _record(line)
            if record is not None:
                self._places[record["key"]] = end
            end += len(line)
        self._file.truncate(end)

    def get(self, key: str) -> Any:
        """Return the newest record of a key, or None."""
        with self._lock:
            if key not in self._places:
                return None
            self._file.seek(self._places[key])
            record = _record(self._file.readline())
        return None if record is None else json.loads(zlib.decompress(base64.b64decode(record["data"])))

    def add(self, key: str, data: Any, sync: bool = True) -> None:
        """Write a record, and return when it is on disk.

        Args:
            key: under which it is found again.
            data: what JSON can hold.
            sync: False for what follows from other records and may be lost.

        Raises:
            CourseError: if it cannot be written, as when the disk is full; the journal is as before.
        """
        packed = base64.b64encode(zlib.compress(json.dumps(data).encode(), 1)).decode()
        line = json.dumps({"key": key, "sum": zlib.crc32(packed.encode()), "data": packed}).encode() + b"\n"
        with self._lock:
            place = self._file.seek(0, os.SEEK_END)
            try:
                self._file.write(line)
                self._file.flush()
                if sync:
                    os.fsync(self._file.fileno())
            except OSError as error:
                with contextlib.suppress(OSError):
                    self._file.truncate(place)
                raise CourseError(f"The journal cannot be written: {error.strerror}.") from error
            self._places[key] = place

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _record(line: bytes) -> dict[str, Any] | None:
    """Return a record, or None if the line is damaged."""
    try:
        record: dict[str, Any] = json.loads(line)
        return record if zlib.crc32(record["data"].encode()) == record["sum"] else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Make sure that one command at a time grades a class.

    Raises:
        UsageError: if another one does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UsageError(
                f"Another command is grading this class (it holds {folder / 'lock'}): wait until it is done."
            ) from None
        yield
