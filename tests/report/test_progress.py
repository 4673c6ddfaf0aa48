"""How far a command is."""

import io
from collections.abc import Iterator

import pytest

from autograder.report.progress import Progress


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def clock(step: float) -> Iterator[float]:
    """Yield times that are so many seconds apart."""
    now = 0.0
    while True:
        yield now
        now += step


@pytest.mark.parametrize(("step", "left"), [(1.0, "about 3 s left"), (40.0, "about 2 min left")])
def test_a_terminal_has_one_line(step: float, left: str) -> None:
    """On a terminal one line is written over; it says how long it will take, and ends when all is done."""
    stream, times = Terminal(), clock(step)
    progress = Progress("grading", 4, stream, lambda: next(times))
    progress.one_more("a\x1b[31m\nb" + "c" * 50)
    first = stream.getvalue()
    assert first.startswith(f"\rgrading: 1 of 4, {left} (a?[31m?b")
    assert len(first) == 79
    for _ in range(3):
        progress.one_more("x")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().rstrip().endswith(f"grading: 4 of 4, {4 * step:.0f} s (x)")


def test_a_file_has_a_line_now_and_then() -> None:
    """Where nobody watches there is a line every quarter of a minute, and one at the end."""
    stream, times = io.StringIO(), clock(4.0)
    progress = Progress("feedback", 10, stream, lambda: next(times))
    for _ in range(10):
        progress.one_more("ada")
    lines = stream.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [f"feedback: {n} of 10" for n in (4, 8, 10)]
