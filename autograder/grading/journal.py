"""What was observed of each submission, written down before anything follows from it.

One line a record, only ever added to, and on disk before the next step. After a crash at any moment the journal tells
what was run; scores follow from it without running a student's code again.
"""

import base64
import contextlib
import json
import os
import threading
import zlib
from pathlib import Path
from typing import Any

from autograder.errors import CannotWriteError, CourseError


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
        self._places: dict[str, tuple[int, int]] = {}
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what could not be written must not be tried again behind our back.
            self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
            self._read_keys()
        except OSError as error:
            raise CourseError(f"The journal {path} cannot be opened: {error.strerror}.") from error

    def _read_keys(self) -> None:
        """Find the records; what a crash left half written is cut off, so that the next record begins a line."""
        end = 0
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                record = _record(line)
                if record is not None:
                    self._places[record["key"]] = end, len(line)
                end += len(line)
        self._file.truncate(end)

    def get(self, key: str) -> Any:
        """Return the newest record of a key, or None."""
        with self._lock:
            if key not in self._places:
                return None
            place, length = self._places[key]
            self._file.seek(place)
            record = _record(self._file.read(length))
        return None if record is None else json.loads(zlib.decompress(base64.b64decode(record["data"])))

    def add(self, key: str, data: Any, sync: bool = True) -> None:
        """Write a record, and return when it is on disk.

        Args:
            key: under which it is found again.
            data: what JSON can hold.
            sync: False for what follows from other records and may be lost.

        Raises:
            CannotWriteError: if it cannot be written, as when the disk is full; the journal is as before.
        """
        packed = base64.b64encode(zlib.compress(json.dumps(data).encode(), 1)).decode()
        line = json.dumps({"key": key, "sum": zlib.crc32(packed.encode()), "data": packed}).encode() + b"\n"
        with self._lock:
            place = self._file.seek(0, os.SEEK_END)
            try:
                left = memoryview(line)
                while left:
                    left = left[self._file.write(left) :]
                if sync:
                    os.fsync(self._file.fileno())
            except OSError as error:
                with contextlib.suppress(OSError):
                    self._file.truncate(place)
                raise CannotWriteError(f"The journal {self._path} cannot be written", error) from error
            self._places[key] = place, len(line)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _record(line: bytes) -> dict[str, Any] | None:
    """Return a record, or None if the line is damaged."""
    try:
        record: dict[str, Any] = json.loads(line)
        whole = zlib.crc32(record["data"].encode()) == record["sum"] and isinstance(record["key"], str)
        return record if whole else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
