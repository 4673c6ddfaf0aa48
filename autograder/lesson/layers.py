"""A student's network beside the right one, layer by layer."""

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.demonstration import STILL_EMPTY
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.checks.expected import load_expected
from autograder.checks.registry import find_assignment
from autograder.model import RAISED


def compare_layers(network: Callable[..., Any], assignment: str = "05_resnet50") -> None:
    """Print the rows of a student's network, with the first one marked that differs from the right network's.

    Args:
        network: the student's function, called without arguments; its blocks are stand-ins.
        assignment: where its checks stand.
    """
    exercise = next(one for one in find_assignment(assignment).exercises if one.name == network.__name__)
    right = load_expected(assignment, exercise)[0]["table"]
    seen = codec.loads(observe(exercise.probe, network, exercise.draw(PUBLIC_SEED)[0]))
    if "table" in seen:
        print("\n".join(beside(right, seen["table"])))
        return
    kind, message, line = seen[RAISED]
    if kind == NotImplementedError.__name__:
        print(STILL_EMPTY.format(network.__name__))
    else:
        print(f"{network.__name__} stopped with {kind} ({message}) {line}; the table will stand here when it runs.")


def beside(right: Sequence[str], seen: Sequence[str]) -> list[str]:
    """Return the rows of a table, and at the first one that differs from the right table what belongs there."""
    lines, differs = [], False
    for number, (wanted, row) in enumerate(zip_longest(right, seen), start=1):
        if wanted != row and not differs:
            differs = True
            lines.append(
                f"{number:3}  {row or 'nothing more'}   <-- the first difference; here belongs: {wanted or 'nothing'}"
            )
        elif row is not None:
            lines.append(f"{number:3}  {row}")
    return [*lines, "" if differs else f"All {len(right)} rows are those of the right network."]
