"""One sentence for whatever a database raises."""

import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from autograder.errors import CourseError, UsageError

LONGEST = 300  # characters of the database's own words

LOCKED = "is being written by another program, and stayed so for half a minute: end that program, then go on"

SQLITE: tuple[tuple[str, type[CourseError], str], ...] = (
    ("is locked", CourseError, LOCKED),
    ("readonly database", UsageError, "may not be written: change the permissions of the file and of its folder"),
    ("file is not a database", UsageError, "is no SQLite database: name another file"),
    ("unable to open", UsageError, "cannot be opened: its folder must be there, and you need the right to write in it"),
    ("disk is full", CourseError, "cannot grow: the disk is full"),
    ("malformed", CourseError, "is damaged: put its newest backup in its place"),
)
"""What SQLite says, and what that means. Source: sqlite3ErrStr in main.c of SQLite 3.40."""

LOCK_NOT_AVAILABLE, INSUFFICIENT_PRIVILEGE, READ_ONLY = "55P03", "42501", "25006"
"""PostgreSQL's codes. Source: PostgreSQL 15, appendix A "Error Codes"."""


def sentence_for(url: URL, shown: str, error: Exception) -> CourseError:
    """Return what a database raised as one sentence.

    Args:
        url: its address.
        shown: the address for people.
        error: what SQLAlchemy or sqlite3 raised.

    Returns:
        An error to raise; its message holds no password.
    """
    words = _words(url, error)
    if url.get_backend_name() == "sqlite":
        for said, kind, meaning in SQLITE:
            if said in words:
                return kind(f"The gradebook {shown} {meaning}.")
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if code == LOCK_NOT_AVAILABLE:
        return CourseError(f"The gradebook {shown} {LOCKED}.")
    if code in (INSUFFICIENT_PRIVILEGE, READ_ONLY):
        return UsageError(f"The gradebook {shown} may not be written by this user: {words}.")
    if isinstance(error, OperationalError) and not isinstance(cause, sqlite3.Error) and error.statement is None:
        return CourseError(f"The gradebook {shown} cannot be reached: {words}.")
    return CourseError(f"The gradebook {shown} cannot be used: {words}.")


def _words(url: URL, error: Exception) -> str:
    """Return the database's own words on one line; SQLAlchemy would add the statement, with the grades in it."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    words = " ".join(str(cause.args[0] if cause.args else "").split())
    for secret in (url.password, url.query.get("password")):
        if secret:
            words = words.replace(str(secret), "***")
    return words.rstrip(".")[:LONGEST] or type(cause).__name__
