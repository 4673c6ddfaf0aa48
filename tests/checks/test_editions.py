"""A block of the other edition is recognised by its signature, and told from a wrong block of the right one."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from autograder.checks import observation as codec
from autograder.checks.editions import EDITIONS, NAMED, TRAINING, refuse_other_editions
from autograder.checks.engine import PUBLIC_SEED, judge, observe
from autograder.checks.fault import SubjectFault
from autograder.checks.registry import find_assignment
from autograder.model import RAISED


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ["identity_block", "convolutional_block"])
@pytest.mark.parametrize(("wanted", "other"), [(NAMED, TRAINING), (TRAINING, NAMED)])
def test_the_other_edition_is_named_in_one_sentence(name: str, wanted: str, other: str) -> None:
    """A block that is right elsewhere is told which edition it is and which one is wanted."""
    from solutions import blocks, training_blocks

    subject = getattr({NAMED: blocks, TRAINING: training_blocks}[other], name)
    assignment = find_assignment(EDITIONS[wanted]["assignment"])
    exercise = next(one for one in assignment.exercises if one.name == name)
    case = exercise.draw(PUBLIC_SEED)[0]
    seen = observe(exercise.probe, subject, case)
    right = {field: 0 for check in exercise.checks for field in check.fields}
    verdict = judge(exercise, exercise.checks[0], [case], [right], [seen])
    assert verdict.message.startswith(f"this is {other} of the block")
    assert f"here {wanted} of the block" in verdict.message
    assert codec.loads(seen)[RAISED][0] == SubjectFault.__name__


def block_without_names(X: Any, f: int, filters: Any) -> Any:
    """Have the arguments of neither edition."""


def block_with_all(X: Any, f: int, filters: Any, stage: int, block: str, training: bool, initializer: Any) -> Any:
    """Have the arguments of both."""


def block_with_any(*args: Any, **kwargs: Any) -> Any:
    """Take whatever comes."""


@pytest.mark.parametrize(
    "subject", [block_without_names, block_with_all, block_with_any, partial(block_with_any), print, 3]
)
@pytest.mark.parametrize("wanted", [*EDITIONS, None])
def test_what_is_plainly_no_other_edition_is_left_to_be_tried(subject: Callable[..., Any], wanted: str | None) -> None:
    """Only a function with another edition's arguments and none of the wanted one's is refused."""
    refuse_other_editions(subject, wanted)
