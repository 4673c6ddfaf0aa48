"""Functions that stand in two assignments under one name: which edition one is, told by its signature."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.checks.fault import SubjectFault

NAMED, TRAINING = "the named edition", "the training edition"

EDITIONS: Mapping[str, Mapping[str, Any]] = {
    NAMED: {"assignment": "03_residual_blocks", "arguments": ("stage", "block")},
    TRAINING: {"assignment": "04_batchnorm_modes", "arguments": ("training", "initializer")},
}
"""Name of an edition to the assignment that it belongs to, and to the arguments that no other edition has."""


def refuse_other_editions(subject: Callable[..., Any], wanted: str | None) -> None:
    """Raise if a function is plainly of another edition; what it is plainly none of, is left to be tried.

    Args:
        subject: the student's function.
        wanted: name of the edition that is asked for; None where there is only one.

    Raises:
        SubjectFault: if it has the arguments of another edition and not those of the wanted one.
    """
    if wanted is None:
        return
    try:
        taken = inspect.signature(subject).parameters
    except (TypeError, ValueError):  # it has no signature
        return
    if any(name in taken for name in EDITIONS[wanted]["arguments"]):
        return
    for edition, one in EDITIONS.items():
        if edition != wanted and all(name in taken for name in one["arguments"]):
            raise SubjectFault(
                f"this is {_in_words(edition)}; here {_in_words(wanted)} is wanted, so keep the signature that the "
                "notebook gives"
            )


def _in_words(edition: str) -> str:
    arguments: Sequence[str] = EDITIONS[edition]["arguments"]
    return f"{edition} of the block, with {' and '.join(arguments)} (assignment {EDITIONS[edition]['assignment']})"
