"""Exercises on plain values: a case is one call of the student's function, and says which check judges its result.

A field that belongs to the cases of another check holds `ELSEWHERE`, so that a call which raises costs no other check.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checks.fault import SubjectFault, kind_of
from autograder.model import Case, Value

ELSEWHERE = "judged in another case"
"""What a field holds in the cases that are not about it."""


def one_call(number: int, field: str, arguments: Mapping[str, Any]) -> Case:
    """Make the case of one call.

    Args:
        number: of the case within its exercise, from 1.
        field: the field of the observation that its result goes into.
        arguments: the call's arguments in their order, by name.
    """
    return Case(f"case {number}", 0, {"field": field, "arguments": dict(arguments)})


def elsewhere(case: Case, fields: Sequence[str]) -> Iterator[tuple[str, Value]]:
    """Yield the fields that a case is not about; they come first, since a call that raises ends the observation."""
    yield from ((field, ELSEWHERE) for field in fields if field != case["field"])


def arguments(case: Case) -> list[Any]:
    """Return the arguments of a case's call in their order."""
    return list(case["arguments"].values())


def in_words(function: str, case: Case) -> str:
    """Return a case's call as the student would write it, such as `count_params(k=3, channels=5, filters=2)`."""
    given = ", ".join(f"{name}={value!r}" for name, value in case["arguments"].items())
    return f"{function}({given})"


def number(value: Any, meaning: str) -> int | float:
    """Return a result that has to be a number; an array without sides counts as its number.

    Args:
        value: what the function returned.
        meaning: what was expected, such as "a number of weights".

    Raises:
        SubjectFault: if it is no number.
    """
    plain = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
    if type(plain) not in (int, float):
        raise SubjectFault(f"the function returned {_shown(value)} where {meaning} is expected")
    found: int | float = plain
    return found


def pair(value: Any, meaning: str) -> tuple[int | float, int | float]:
    """Return a result that has to be two numbers: a tuple, a list or an array.

    Args:
        value: what the function returned.
        meaning: what was expected, such as "a pair of height and width".

    Raises:
        SubjectFault: if it is anything else.
    """
    items = value.tolist() if isinstance(value, np.ndarray) and value.ndim == 1 else value
    if not isinstance(items, (tuple, list)) or len(items) != 2:
        raise SubjectFault(f"the function returned {_shown(value)} where {meaning} is expected")
    first, second = (number(item, meaning) for item in items)
    return first, second


def _shown(value: Any) -> str:
    """Name a result: what it is, and its value where that is short."""
    if value is None:
        return "None"
    if type(value) in (bool, int, float):
        return f"one number, {value}"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"an object of type {kind_of(value)}"
