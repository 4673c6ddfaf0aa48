"""Demonstration cells that use a student's functions."""

import linecache
from typing import Any

import pytest

from autograder.checks.demonstration import using_gaps

EMPTY = """\
def inner():
    raise NotImplementedError("This gap is still empty.")


def outer():
    return inner()
"""

LAST = "It uses your functions: see first what their checks say.\n"


def run_cell(text: str, namespace: dict[str, Any], number: int = 1) -> None:
    """Run a cell of a notebook, whose text can be looked up as IPython makes it."""
    file = f"/tmp/cells/{number}.py"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), namespace)


def told(text: str, namespace: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a demonstration cell and return what it says."""
    capsys.readouterr()
    run_cell(f"with using_gaps():\n    {text}", namespace | {"using_gaps": using_gaps}, 2)
    return capsys.readouterr().out


@pytest.fixture
def notebook() -> dict[str, Any]:
    """Return the namespace of a notebook with an empty gap, and a function that calls it."""
    namespace: dict[str, Any] = {}
    run_cell(EMPTY, namespace)
    return namespace


def test_what_runs_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A cell whose functions work prints what it prints, and no more."""
    assert told("print(max(1, 2))", {}, capsys) == "2\n"


@pytest.mark.parametrize("call", ["inner()", "outer()"])
def test_an_empty_gap_is_named_in_one_line(
    call: str, notebook: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """The function whose gap is empty is named, and not the one that calls it."""
    sentence = "The gap of inner is still empty; this cell shows what it does when it is filled.\n"
    assert told(call, notebook, capsys) == sentence


def test_what_was_not_taken_over_says_so_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """A function that stands for a missing one has a sentence of its own."""
    namespace: dict[str, Any] = {}
    run_cell("def block():\n    raise NotImplementedError('Look above.')\n", namespace)
    assert told("block()", namespace, capsys) == "Look above.\n"


def test_a_function_that_stops_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Another exception is named with its message and where in the student's function it came from."""
    namespace: dict[str, Any] = {}
    run_cell("def count(text):\n    return int(text)\n", namespace)
    assert told("count('no\\ngood')", namespace, capsys) == (
        "This cell stopped with ValueError (invalid literal for int() with base 10: 'no\\ngood') "
        f"in count, line 2: return int(text). {LAST}"
    )


def test_what_stops_in_the_cell_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """What is raised outside of any function is told by its line."""
    assert (
        told("assert []", {}, capsys)
        == f"This cell stopped with AssertionError (no message) in line 2: assert []. {LAST}"
    )


def test_what_follows_from_an_empty_gap_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that an earlier cell would have made is told as such."""
    said = told("print(not_made_yet)", {}, capsys)
    assert (
        said == "This cell needs not_made_yet, which a cell above makes: fill the gaps of that one and run it first.\n"
    )


def test_a_name_that_the_students_function_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that a student's own function reads too early is no cell's above."""
    namespace: dict[str, Any] = {}
    run_cell("def count():\n    print(late)\n    late = 1\n", namespace)
    assert told("count()", namespace, capsys).startswith("This cell stopped with UnboundLocalError (")
