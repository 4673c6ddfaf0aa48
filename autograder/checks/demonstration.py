"""Cells that show what a student's functions do: while a gap is empty, they say so in one sentence."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def using_gaps() -> Iterator[None]:
    """Let a cell that uses the student's functions end in one sentence where one of them is empty or stops."""
    try:
        yield
    except NotImplementedError as error:
        print(f"The gap of {_innermost(error)} is still empty; this cell shows what it does when it is filled.")
    except NameError as error:
        print(f"This cell uses {error.name}, which a cell above makes: run that one first, when its gaps are filled.")
    except Exception as error:
        why = (str(error).strip().splitlines() or ["no message"])[0]
        print(
            f"This cell stopped in {_innermost(error)} with {type(error).__name__} ({why}); "
            "it uses your functions: see first what their checks say."
        )


def _innermost(error: BaseException) -> str:
    """Return the name of the function that raised, as far as Python code did."""
    name, trace = "a function", error.__traceback__
    while trace is not None:
        name, trace = trace.tb_frame.f_code.co_name, trace.tb_next
    return name
