"""What a student's code does wrong, in words: the exceptions of probes, and a description of any other."""

import linecache
import sysconfig
from pathlib import Path

NOT_A_STUDENTS = (str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"), "<frozen")
"""How the files begin that a student did not write; packages are told by the name of their folder."""

LONGEST_MESSAGE = 400
"""Keras explains an error in thousands of characters; the first sentences say what happened."""


class SubjectFault(Exception):
    """What a probe raises when the subject gave something that cannot be observed; the text is for the student."""


class Foreign:
    """Stands for an object of a student's that cannot cross to where it is judged, by the name of its type."""

    def __init__(self, kind: str) -> None:
        """Keep the name of the type."""
        self.kind = kind


def kind_of(value: object) -> str:
    """Return the name of a value's type, as the student knows it."""
    return value.kind if isinstance(value, Foreign) else type(value).__name__


def describe(error: BaseException) -> tuple[str, str, str]:
    """Return the type, the message and the student's line of an exception."""
    try:
        message = str(error)
    except Exception:  # a student's exception class may raise in turn
        message = "(its message cannot be read)"
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE].rstrip() + " …"
    return type(error).__name__, message, _student_line(error)


def _student_line(error: BaseException) -> str:
    """Return the innermost traceback line that lies in no installed package, not in Python's own and not in ours."""
    found, trace = "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith(NOT_A_STUDENTS) and "site-packages" not in file and "dist-packages" not in file:
            found = f"line {trace.tb_lineno}: {linecache.getline(file, trace.tb_lineno).strip()}"
        trace = trace.tb_next
    return found
