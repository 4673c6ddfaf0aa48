"""Demonstrations that use a student's functions: shown when these are written, explained in one sentence until then."""

from collections.abc import Callable
from typing import Any


def demonstrate(show: Callable[..., Any], function: Callable[..., Any]) -> None:
    """Show something with a student's function, or say in one sentence why there is nothing to show.

    Args:
        show: prints or draws; it is called as `show(function)`.
        function: the student's function.
    """
    name = getattr(function, "__name__", "the function")
    try:
        show(function)
    except NotImplementedError as error:
        empty = _innermost(error) or name
        print(f"{empty}: the gap is still empty; run this cell again when it is filled, and it shows what comes out.")
    except Exception as error:
        why = (str(error).strip().splitlines() or ["no message"])[0]
        print(f"This stopped with {type(error).__name__} ({why}). Run it again when the checks of {name} pass.")


def _innermost(error: BaseException) -> str:
    """Return the name of the function that raised: a gap may be reached through another function."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_name if trace else ""
