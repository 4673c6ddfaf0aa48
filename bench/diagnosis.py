"""`python -m bench.diagnosis --write`: whether right is right and wrong is named, on cases that nobody has seen.

A mistake counts as caught if a check fails on fresh secret cases, and as named if what `grade` would say names it and
nothing else. Pairs are drawn from a named seed.
"""

import argparse
import os
import random
import secrets
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from multiprocessing import get_context
from pathlib import Path

from autograder.checks import observation as codec
from autograder.checks.catalogue import load_catalogue
from autograder.checks.diagnose import JOINED, diagnosed, traces_of
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.course.mistakes import (
    UNCHANGED,
    Mistake,
    Variant,
    failed_checks,
    load_mistakes,
    load_styles,
    make_subject,
    observe_variant,
)
from autograder.course.pairs import LONGEST, find_pair, pairs_like
from autograder.course.shown import Shown, shown_by, together_in_one
from autograder.model import RAISED, Exercise, Observation

COURSE = Course(Path(__file__).parents[1])
PAGE = COURSE.root / "docs" / "diagnosis.md"

PAIRS = 40
"""Pairs that are drawn for each exercise."""

PAIRS_SEED = 0

HEAD = """\
# Right is right, wrong is named

Every mistake of the catalogue and every right variant, judged on secret cases drawn for this page (seed {seed}). A
mistake is *caught* if a check fails there; it is *named* if what `autograder grade` says names it and nothing else.

Pairs are two mistakes in one answer, {pairs} drawn for each exercise. *Broken off*: the function raises, so that only
one of the two can show. *As one*: together they do what one known mistake does, and that one is named. *Alike*: two
others do the same on all public cases, as where both stand in a branch that is cut off, and none is named. The others
are two that can be seen, and of these the column *pairs* counts those that are named. Looking for two takes at most
{longest:g} seconds of computing, so a slower machine may name fewer.

| assignment | exercise | checks | mistakes | caught | named | pairs | as one | alike | broken off | accepted | s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass
class Measured:
    """What became of the mistakes and variants of an exercise."""

    assignment: str
    exercise: str
    checks: int
    mistakes: int = 0
    caught: int = 0
    named: int = 0
    pairs: int = 0
    pairs_named: int = 0
    as_one: int = 0
    alike: int = 0
    broken_off: int = 0
    variants: int = 0
    accepted: int = 0
    seconds: float = 0.0
    unlike: tuple[str, ...] = ()

    def row(self) -> str:
        """Return its line of the table."""
        cells = [
            *(self.assignment, f"`{self.exercise}`", self.checks, self.mistakes, self.caught, self.named),
            *(f"{self.pairs_named} of {self.pairs}", self.as_one, self.alike, self.broken_off),
            *(f"{self.accepted} of {self.variants}", f"{self.seconds:.2f}"),
        ]
        return "| " + " | ".join(map(str, cells)) + " |"


class Exam:
    """Judges variants of one exercise as `grade` does: points on secret cases, words on public ones."""

    def __init__(self, assignment: str, exercise: Exercise, seed: int) -> None:
        """Observe the reference."""
        self.exercise, self.seed = exercise, seed
        self.known = load_catalogue(assignment, exercise)
        start = time.perf_counter()
        self.public = self._observed(UNCHANGED, PUBLIC_SEED)
        self.seconds = time.perf_counter() - start
        self.secret = self._observed(UNCHANGED, seed)

    def _observed(self, variant: Variant, seed: int) -> tuple[Observation, ...]:
        return tuple(map(codec.loads, observe_variant(COURSE, self.exercise, variant, seed)))

    def failed(self, variant: Variant) -> tuple[str, ...]:
        """Return the checks that fail on the secret cases."""
        got = observe_variant(COURSE, self.exercise, variant, self.seed)
        return failed_checks(self.exercise, self.exercise.checks, self.seed, self.secret, got)

    def named(self, variant: Variant, failed: Sequence[str]) -> str:
        """Return the name that `grade` gives, or nothing."""
        got = observe_variant(COURSE, self.exercise, variant, PUBLIC_SEED)
        found = diagnosed(
            self.exercise,
            self.public,
            got,
            self.known,
            lambda traces: find_pair(COURSE, self.exercise, traces, self.known)[0],
        )
        called = str(found.get("mistake", ""))
        as_here = failed_checks(self.exercise, self.exercise.checks, PUBLIC_SEED, self.public, got) == tuple(failed)
        return called if as_here or (called and self._confirms(variant, failed, called)) else ""

    def _confirms(self, variant: Variant, failed: Sequence[str], called: str) -> bool:
        """Tell whether a variant is on the secret cases what the mistake shows there that it is called by."""
        known = shown_by(COURSE, self.exercise, called, self.seed)
        seen = Shown(tuple(failed), traces_of(self.secret, self._observed(variant, self.seed)))
        return known is not None and known.is_like(seen)

    def others_are_like(self, variant: Variant, names: Sequence[str]) -> bool:
        """Tell whether other pairs than these two leave the trace that these leave on the public cases."""
        traces = traces_of(self.public, self._observed(variant, PUBLIC_SEED))
        found, _ = pairs_like(COURSE, self.exercise, traces, self.known)
        pairs = [{mistake.name for mistake in pair} for pair in found]
        return len(pairs) > 1 and set(names) in pairs

    def breaks_off(self, variant: Variant) -> bool:
        """Tell whether a variant raises on the first public case."""
        subject, case = make_subject(COURSE, self.exercise, variant), self.exercise.draw(PUBLIC_SEED)[0]
        return RAISED in codec.loads(observe(self.exercise.probe, subject, case))


def measured(assignment: str, name: str, seed: int, pairs: int) -> Measured:
    """Measure one exercise."""
    exercise = next(one for one in find_assignment(assignment).exercises if one.name == name)
    exam = Exam(assignment, exercise, seed)
    found = Measured(assignment, name, len(exercise.checks), seconds=exam.seconds)
    mistakes, styles = load_mistakes(COURSE, exercise), load_styles(COURSE, exercise)
    unlike: list[str] = []
    for mistake in mistakes:
        failed = exam.failed(mistake)
        called = exam.named(mistake, failed)
        found.caught += bool(failed)
        found.named += called == mistake.name
        if called != mistake.name:
            unlike.append(f"`{mistake.name}` is called {called or 'nothing'}")
    for style in styles:
        failed = exam.failed(style)
        found.accepted += not failed
        unlike += [f"the right variant `{style.name}` fails {', '.join(failed)}"] if failed else []
    found.mistakes, found.variants = len(mistakes), len(styles)
    unlike += _measure_pairs(exam, found, mistakes, pairs)
    found.unlike = tuple(unlike)
    return found


def _measure_pairs(exam: Exam, found: Measured, mistakes: Sequence[Mistake], count: int) -> Iterable[str]:
    everything = list(combinations(mistakes, 2))
    single = {known.name for known in exam.known}
    for one, other in random.Random(PAIRS_SEED).sample(everything, min(count, len(everything))):
        variant = together_in_one(COURSE, exam.exercise, (one, other))
        if variant is None:
            continue
        if exam.breaks_off(variant):
            found.broken_off += 1
            continue
        called = exam.named(variant, exam.failed(variant))
        if called in single:
            found.as_one += 1
            continue
        if not called and exam.others_are_like(variant, (one.name, other.name)):
            found.alike += 1
            continue
        found.pairs += 1
        found.pairs_named += set(called.split(JOINED)) == {one.name, other.name}
        if set(called.split(JOINED)) != {one.name, other.name}:
            yield f"`{one.name}` with `{other.name}` is called {called or 'nothing'}"


def page(rows: Sequence[Measured], seed: int, pairs: int) -> str:
    """Return docs/diagnosis.md."""
    total = Measured("**together**", "all", 0)
    for row in rows:
        for key in vars(total).keys() - {"assignment", "exercise", "unlike"}:
            setattr(total, key, getattr(total, key) + getattr(row, key))
    unlike = [f"- {row.assignment}, {row.exercise}: {line}" for row in rows for line in row.unlike]
    parts = [
        HEAD.format(seed=seed, pairs=pairs, longest=LONGEST) + "\n".join(row.row() for row in (*rows, total)),
        "Accepted: variants at full marks. s: seconds to observe the reference on the public cases, in one process.",
        "What is not as wished:\n\n" + ("\n".join(unlike) or "nothing."),
        "Generated by `python -m bench.diagnosis --write`; do not edit.",
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Measure the exercises, in two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=sorted(MODULES))
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} as well")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--seed", type=int, help="of the secret cases; by default a fresh one")
    given = parser.parse_args()
    seed = secrets.randbelow(2**31) if given.seed is None else given.seed
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    exercises = [(name, exercise.name) for name in given.assignments for exercise in find_assignment(name).exercises]
    rows = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        asked = [pool.submit(measured, *one, seed, given.pairs) for one in exercises]
        for number, one in enumerate(asked, 1):
            rows.append(one.result())
            print(f"{number} of {len(asked)}: {rows[-1].row()}", file=sys.stderr, flush=True)
    text = page(rows, seed, given.pairs)
    print(text, end="")
    if given.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
