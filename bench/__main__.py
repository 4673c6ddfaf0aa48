"""`make bench`: how fast grading is, beside plain nbgrader and beside the limit; every ratio is from this one run.

`python -m bench --write` writes docs/bench.md as well; memory is measured by `python -m bench.memory`.
"""

import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.checks.registry import find_assignment
from autograder.checks.student import CheckFailed, checks_for
from autograder.course.folder import Course
from autograder.course.mistakes import UNCHANGED, Variant, load_mistakes, make_subject
from autograder.course.nbgrader import run_nbgrader
from autograder.grading.session import Options
from autograder.sandbox.doctor import find_level
from autograder.sandbox.station import processors
from bench.classes import ASSIGNMENT, make_class
from bench.cluster import two_workers
from bench.engine import Steady, steady, whole_command
from bench.page import Figures, page

STEADY, SMALL, LARGE, PEER = 120, 30, 100, 8
"""Sizes of the measured classes; the last is nbgrader's in each turn."""

TURNS = 3
"""How often what is set beside one another is measured, in turns, since a machine's speed changes; medians count."""

BUSY = "sum(n * n for n in range(30_000_000))"
"""Some seconds of Python."""

CALLS = 6
"""How often a check is called for one figure, and of how many mistakes."""


def told(what: str, action: Callable[[], Any]) -> Any:
    """Measure something, and say on stderr what is being measured and how long that took."""
    start = time.perf_counter()
    print(f"bench: {what} ...", end=" ", file=sys.stderr, flush=True)
    found = action()
    print(f"{time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return found


def median_of(turns: list[Steady]) -> Steady:
    """Return the turn whose seconds are the median."""
    return sorted(turns, key=lambda one: one.seconds)[len(turns) // 2]


class Bench:
    """Measures one assignment in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Find how code is confined here."""
        self.course, self.assignment = Course(Path(__file__).parents[1]), find_assignment(ASSIGNMENT)
        self.folder, self.level, self.classes = folder, find_level()[0], 0

    def new_class(self, size: int, alike: bool = False) -> Any:
        """Write a class that nothing knows yet; classes of one size are the same."""
        self.classes += 1
        return make_class(self.course, self.assignment, self.folder / str(self.classes), size, alike)

    def steady(self, jobs: int, alike: bool = False, cluster: str | None = None, remember: bool = False) -> Steady:
        """Measure the engine."""
        options = Options(self.level, jobs=jobs, cluster=cluster)
        return steady(self.course, self.assignment, self.new_class(STEADY, alike), options, remember)

    def nbgrader(self, size: int) -> float:
        """Grade a class with plain nbgrader, in one command; return the seconds."""
        classroom = self.new_class(size)
        start = time.perf_counter()
        run_nbgrader(self.course, "autograde", ASSIGNMENT, settings=classroom.settings())
        return time.perf_counter() - start

    def nbgrader_each(self) -> float:
        """Return what a submission more takes plain nbgrader, in seconds."""
        one = self.nbgrader(1)
        return (self.nbgrader(PEER) - one) / (PEER - 1)

    def limit(self) -> float:
        """Measure the limit, see `bench.limit`."""
        return float(self.script("limit", str(self.new_class(STEADY).submitted)))

    def script(self, name: str, *arguments: str) -> Any:
        """Run a module of this package by itself; return what it prints."""
        command = [sys.executable, "-m", f"bench.{name}", *arguments]
        printed = subprocess.run(command, cwd=self.course.root, check=True, stdout=subprocess.PIPE, text=True).stdout
        return json.loads(printed.splitlines()[-1])

    def machine(self) -> float:
        """Return how many times as fast two processes that share nothing are here as one: what two jobs can reach."""

        def taken(processes: int) -> float:
            start = time.perf_counter()
            for one in [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]:
                one.wait()
            return time.perf_counter() - start

        return 2 * taken(1) / taken(2)

    def check_call(self, variant: Variant = UNCHANGED) -> float:
        """Measure a check call of a notebook from the second on, up to the verdict's text; nothing is remembered."""
        exercise, taken = self.assignment.exercises[-1], []
        check = checks_for(ASSIGNMENT, {exercise.name: make_subject(self.course, exercise, variant)})
        for _ in range(CALLS):
            start = time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(CheckFailed):
                check(exercise.checks[0].name)
            taken.append(time.perf_counter() - start)
        return statistics.median(taken[1:])

    def check_call_on_mistakes(self) -> float:
        """Measure the same on the first mistakes of the catalogue, which are also named then."""
        mistakes = load_mistakes(self.course, self.assignment.exercises[-1])
        return statistics.median(self.check_call(mistake) for mistake in mistakes[:CALLS])

    def in_turns(self) -> dict[str, list[Any]]:
        """Measure what is set beside one another, again and again; return what each turn gave, by name."""
        with two_workers() as address:
            ways: dict[str, Callable[[], Any]] = {
                "cluster": lambda: self.steady(2, cluster=address),
                "two": lambda: self.steady(2),
                "one": lambda: self.steady(1),
                "limit": self.limit,
                "usual": lambda: self.steady(2, remember=True),
                "nbgrader": self.nbgrader_each,
                "two processes that share nothing": self.machine,
            }
            taken: dict[str, list[Any]] = {name: [] for name in ways}
            for turn in range(1, TURNS + 1):
                for name, measure in ways.items():
                    taken[name].append(told(f"{name}, turn {turn} of {TURNS}", measure))
        return taken

    def figures(self) -> Figures:
        """Measure everything."""
        told("observing the references", lambda: self.steady(processors()))
        told("nbgrader autograde, 1, cold", lambda: self.nbgrader(1))
        ways = self.in_turns()
        return Figures(
            **{name: median_of(ways[name]) for name in ("cluster", "two", "one", "usual")},
            limit=statistics.median(ways["limit"]),
            nbgrader_each=statistics.median(ways["nbgrader"]),
            turns=TURNS,
            machine=statistics.median(ways["two processes that share nothing"]),
            alike=told("all hand in the reference", lambda: self.steady(2, alike=True, remember=True)),
            small=told(f"grade, {SMALL}", lambda: whole_command(self.course, self.new_class(SMALL))),
            large=told(f"grade, {LARGE}", lambda: whole_command(self.course, self.new_class(LARGE))),
            nbgrader=told(f"nbgrader autograde, {SMALL}", lambda: self.nbgrader(SMALL)),
            check_call=told("a check call", self.check_call),
            check_call_wrong=told("a check call on mistakes", self.check_call_on_mistakes),
            sizes=(STEADY, SMALL, LARGE, PEER),
        )


def main() -> None:
    """Measure, print, and write if asked to."""
    # nbgrader starts Python anew for each notebook: without compiled files it would pay for a setting of the shell.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        text = page(bench.figures(), bench.level.value, processors())
    print(text)
    if "--write" in sys.argv:
        (bench.course.root / "docs" / "bench.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
