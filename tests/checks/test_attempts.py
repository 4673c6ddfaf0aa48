"""Demonstrations of what a student builds say in one sentence why there is nothing to show yet."""

import pytest

from autograder.checks.attempts import attempt


def inner() -> int:
    """Stand for a gap that is empty."""
    raise NotImplementedError("This gap is still empty.")


def outer() -> int:
    """Stand for a filled gap that calls an empty one."""
    return inner()


def test_what_runs_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    """A function that works is used, and nothing is said."""
    assert attempt(divmod, 7, 2) == (3, 1)
    assert attempt(sorted, [1, 2], reverse=True) == [2, 1]
    assert capsys.readouterr().out == ""


def test_the_empty_gap_is_named_and_not_its_caller(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence names the function whose gap is empty."""
    assert attempt(outer) is None
    assert capsys.readouterr().out.startswith("inner: the gap is still empty")


def test_what_raises_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Any other exception is told by type and first line."""

    def broken() -> None:
        raise ValueError("first line\nsecond line")

    assert attempt(broken) is None
    assert (
        capsys.readouterr().out
        == "broken stopped with ValueError (first line); this cell shows something when it runs.\n"
    )
