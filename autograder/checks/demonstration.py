"""Cells that show what a student's functions do: while a gap is empty, they say so in one sentence."""

import contextlib
from collections.abc import Iterator

from autograder.checks.engine import STUB
from autograder.checks.fault import describe, student_function

STILL_EMPTY = "The gap of {} is still empty; this cell shows what it does when it is filled."
"""What stands below a cell that has nothing to show yet."""


@contextlib.contextmanager
def using_gaps() -> Iterator[None]:
    """Let a cell that uses the student's functions end in one sentence where one of them is empty or stops."""
    try:
        yield
    except NotImplementedError as error:
        message = str(error)
        print(STILL_EMPTY.format(_innermost(error)) if not message or message.startswith(STUB) else message)
    except Exception as error:
        print(_told(error))


def _told(error: Exception) -> str:
    """Say in a sentence or two why a cell stopped."""
    inside = student_function(error)
    if isinstance(error, NameError) and error.name and not inside:
        return f"This cell needs {error.name}, which a cell above makes: fill the gaps of that one and run it first."
    kind, message, line = describe(error)
    where = ", ".join(part for part in (inside, line) if part)
    return (
        f"This cell stopped with {kind} ({message or 'no message'}){' in ' * bool(where)}{where}. "
        "It uses your functions: see first what their checks say."
    )


def _innermost(error: BaseException) -> str:
    """Return the name of the function that raised, as far as Python code did."""
    name, trace = "a function", error.__traceback__
    while trace is not None:
        name, trace = trace.tb_frame.f_code.co_name, trace.tb_next
    return name
