"""The secret seed: what hidden cases are drawn from, so that nobody can know them beforehand."""

import hashlib
import hmac
import os
import secrets

from autograder.course.folder import Course
from autograder.errors import CourseError

BYTES = 32


def secret_seed(course: Course) -> bytes:
    """Return the course's secret, made at the first call and readable by its owner only.

    Raises:
        CourseError: if it can neither be read nor made.
    """
    path = course.secret_seed
    try:
        path.parent.mkdir(exist_ok=True)
        # O_EXCL: of two processes that start at once only one makes the secret, the other reads it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(course)
    except OSError as error:
        raise CourseError(f"The secret seed {path} cannot be made: {error.strerror}.") from error
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(BYTES))
    return _read(course)


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


def seed_of(secret: bytes, *what_for: str) -> int:
    """Derive a seed for one purpose, such as (assignment, exercise, student), from the secret.

    Returns:
        A whole number in [0, 2**32), as RandomState takes it; it tells nothing about the secret.
    """
    digest = hmac.new(secret, "\0".join(what_for).encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big")
