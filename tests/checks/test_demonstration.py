"""Demonstration cells that use a student's functions."""

import pytest

from autograder.checks.demonstration import using_gaps


def test_an_empty_gap_is_named_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The function whose gap is empty is named, also when another one calls it."""

    def count() -> None:
        raise NotImplementedError("This gap is still empty")

    with using_gaps():
        count()
    assert (
        capsys.readouterr().out == "The gap of count is still empty; this cell shows what it does when it is filled.\n"
    )


def test_a_function_that_stops_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Another exception is named with its first line and where it came from."""

    def count() -> None:
        raise ValueError("no good\nand more")

    with using_gaps():
        count()
    out = capsys.readouterr().out
    assert out.startswith("This cell stopped in count with ValueError (no good); ")
    assert out.count("\n") == 1


def test_what_follows_from_an_empty_gap_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that an earlier cell would have made is told as such."""
    with using_gaps():
        _ = not_made_yet  # type: ignore[name-defined]  # noqa: F821
    assert capsys.readouterr().out.startswith("This cell uses not_made_yet, which a cell above makes")
