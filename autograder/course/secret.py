"""The secret seed: what hidden cases are drawn from, so that nobody can know them beforehand."""

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from autograder.course.folder import Course
from autograder.errors import CourseError

BYTES = 32


def secret_seed(course: Course) -> bytes:
    """Return the course's secret, made at the first call and readable by its owner only.

    Raises:
        CourseError: if it can neither be read nor made.
    """
    path = course.secret_seed
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _make(path)
        except OSError as error:
            raise CourseError(f"The secret seed {path} cannot be made: {error.strerror}.") from error
    return _read(course)


def _make(path: Path) -> None:
    """Make a secret, whole or not at all; of two processes that start at once only one makes it."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent)  # which is private to its owner
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        os.unlink(unfinished)


def _read(course: Course) -> bytes:
    path = course.secret_seed
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise CourseError(f"The secret seed {path} cannot be read: {error}.") from error
    if len(secret) != BYTES:
        raise CourseError(
            f"The secret seed {path} is not {BYTES} bytes long: restore it, or delete it to make a new one."
        )
    return secret


VARIANTS = 8
"""How many sets of secret cases there are; the reference is observed once on each, not once per student."""


def seed_for(secret: bytes, assignment: str, exercise: str, student: str) -> int:
    """Return the seed of a student's secret cases: one of a few sets, chosen by the secret and the student's name.

    Returns:
        A whole number in [0, 2**32), as RandomState takes it; it tells nothing about the secret.
    """
    variant = derived(secret, "variant", assignment, student) % VARIANTS
    return derived(secret, "cases", assignment, exercise, str(variant))


def derived(secret: bytes, *what_for: str) -> int:
    """Derive a number in [0, 2**32) for one purpose from the secret."""
    digest = hmac.new(secret, "\0".join(what_for).encode(errors="surrogateescape"), hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big")
