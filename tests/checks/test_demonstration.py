"""What a demonstration says as long as there is nothing to show."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.checks.demonstration import demonstrate


def written() -> int:
    """Be filled."""
    return 3


def empty() -> int:
    """Be a gap."""
    raise NotImplementedError


def broken() -> int:
    """Be wrong."""
    raise ValueError("first line\nsecond line")


def through_another() -> int:
    """Reach a gap through another function."""
    return empty()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (written, "3\n"),
        (empty, "empty: the gap is still empty; run this cell again when it is filled"),
        (through_another, "empty: the gap is still empty"),
        (broken, "This stopped with ValueError (first line). Run it again when the checks of broken pass.\n"),
    ],
)
def test_a_demonstration_never_raises(
    function: Callable[[], Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It shows what there is to show, or says in one sentence why there is nothing."""
    demonstrate(lambda one: print(one()), function)
    assert capsys.readouterr().out.startswith(said)
