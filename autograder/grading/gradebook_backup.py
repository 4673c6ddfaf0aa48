"""Copies of the gradebook, made before it is changed. Each is a gradebook itself: a SQLite file that nbgrader opens."""

import contextlib
import os
import re
import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, text

from autograder.errors import CourseError
from autograder.grading.gradebook_open import Database
from autograder.grading.gradebook_tables import METADATA

KEPT = 10
"""How many copies are kept."""

NAME = re.compile(r"gradebook-\d{8}-\d{6}\.db")
UNFINISHED = ".part"

FORGOTTEN = 86_400  # seconds after which an unfinished copy is one that a killed program left

AT_ONCE = 1000  # rows to hold in memory


def back_up(db_url: str, folder: Path) -> Path | None:
    """Copy a gradebook as it is at this moment; formgrader and a writer may be using it.

    Args:
        db_url: the gradebook.
        folder: where the copies lie, as gradebook-YYYYmmdd-HHMMSS.db in local time, readable by their owner alone; the
            newest 10 are kept.

    Returns:
        The copy's file, or None if there is no gradebook yet.

    Raises:
        CourseError: if the gradebook cannot be read or the copy cannot be written.
    """
    with Database(db_url) as database:
        if not database.exists():
            return None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            copy = _free_name(folder)
            unfinished = copy.with_name(copy.name + UNFINISHED)
            unfinished.touch(mode=0o600, exist_ok=False)
            try:
                _copy(database, unfinished)
                _settle(unfinished)
                unfinished.replace(copy)
            finally:
                unfinished.unlink(missing_ok=True)
            _forget_old(folder)
        except OSError as error:
            raise CourseError(f"The gradebook cannot be copied into {folder}: {error.strerror}.") from error
    return copy


def _free_name(folder: Path) -> Path:
    """Return the file for this second, or for the next one that is free."""
    now = datetime.now()
    while True:
        path = folder / f"gradebook-{now:%Y%m%d-%H%M%S}.db"
        if not path.exists() and not path.with_name(path.name + UNFINISHED).exists():
            return path
        now += timedelta(seconds=1)


def _copy(database: Database, target: Path) -> None:
    if not database.is_sqlite:
        with Database(URL.create("sqlite", database=str(target))) as copy:
            copy.make(course_id="")
            copy.write(lambda connection: _copy_rows(database, connection))
        return
    with contextlib.closing(sqlite3.connect(target)) as file, database.reading() as connection:
        # It ends a wait for a writer with an error, where `backup` itself would wait for ever; then no writer comes
        # between the pages.
        connection.execute(text("SELECT count(*) FROM sqlite_master"))
        connection.connection.driver_connection.backup(file)  # type: ignore[union-attr]  # it is open


def _copy_rows(database: Database, target: Connection) -> None:
    """Copy every row of nbgrader's tables, all as they were at one moment."""
    with database.reading(isolation_level="REPEATABLE READ", yield_per=AT_ONCE) as source:
        for table in METADATA.sorted_tables:
            for rows in source.execute(table.select()).mappings().partitions():
                target.execute(table.insert(), [dict(row) for row in rows])


def _settle(file: Path) -> None:
    """Have a file's content on the disk before its name says that it is whole."""
    with file.open("r+b") as opened:
        os.fsync(opened.fileno())


def _forget_old(folder: Path) -> None:
    """Remove all but the newest copies, and what killed programs left."""
    for path in sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))[:-KEPT]:
        path.unlink(missing_ok=True)
    for path in folder.glob(f"gradebook-*{UNFINISHED}*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > FORGOTTEN:
                path.unlink()
