"""A notebook's demonstrations of what the student builds: where that cannot be used yet, one sentence says why."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any


def attempt(build: Callable[..., Any], *arguments: Any, **settings: Any) -> Any:
    """Use a student's function, or say in one sentence why there is nothing to show yet.

    Args:
        build: the function.
        arguments: its arguments.
        settings: its arguments by name.

    Returns:
        What it returns; None if it raised.
    """
    try:
        return build(*arguments, **settings)
    except NotImplementedError as error:
        name = _raised_in(error.__traceback__) or getattr(build, "__name__", "the function")
        print(f"{name}: the gap is still empty; this cell shows something when it is filled.")
    except Exception as error:
        why = (str(error).strip().splitlines() or ["no message"])[0]
        name = getattr(build, "__name__", "the function")
        print(f"{name} stopped with {type(error).__name__} ({why}); this cell shows something when it runs.")
    return None


def _raised_in(trace: TracebackType | None) -> str:
    """Return the name of the function in which an exception was raised."""
    name = ""
    while trace is not None:
        name, trace = trace.tb_frame.f_code.co_name, trace.tb_next
    return name
