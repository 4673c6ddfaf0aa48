"""What a student's code does wrong, in words: the exceptions of probes, and a description of any other."""

import linecache
import re
import sysconfig
from pathlib import Path
from types import TracebackType

NOT_A_STUDENTS = (str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"), "<frozen")
"""How the files begin that a student did not write; packages are told by the name of their folder."""

LONGEST_MESSAGE = 400
"""Keras explains an error in thousands of characters; the first sentences say what happened."""


LONGEST_READ = 50 * LONGEST_MESSAGE
"""Characters of a message that are looked at."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")

IN_A_LAYER = re.compile(r"Exception encountered when calling .*?\n\n\x1b\[1m(?P<message>.*?)\x1b\[0m\n.*", re.DOTALL)
"""How Keras writes what was raised inside a layer."""


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
        message = _tidy(str.__getitem__(str(error), slice(LONGEST_READ)))  # a class derived from str may lie
    except Exception:  # a student's exception class may raise in turn
        message = "(its message cannot be read)"
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE].rstrip() + " …"
    return type.__dict__["__name__"].__get__(type(error)), message, _student_line(error)


def _tidy(message: str) -> str:
    """Return a message on one line, without what Keras wraps around it: where it was called, and with what."""
    found = IN_A_LAYER.fullmatch(message)
    return " ".join(COLOUR.sub("", found["message"] if found else message).split())


def _student_line(error: BaseException) -> str:
    trace = _student_trace(error)
    if trace is None:
        return ""
    return f"line {trace.tb_lineno}: {linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip()}"


def student_function(error: BaseException) -> str:
    """Return the name of the student's function that an exception came from; of a cell itself, or of none, ""."""
    trace = _student_trace(error)
    name = "" if trace is None else trace.tb_frame.f_code.co_name
    return "" if name.startswith("<") else name


def _student_trace(error: BaseException) -> TracebackType | None:
    """Return the innermost traceback entry that lies in no installed package, not in Python's own and not in ours."""
    found, trace = None, BaseException.__dict__["__traceback__"].__get__(error)
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith(NOT_A_STUDENTS) and "site-packages" not in file and "dist-packages" not in file:
            found = trace
        trace = trace.tb_next
    return found
