"""Name two mistakes in one answer by making both in the reference; only the trusted side can."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, groupby
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.diagnose import Known, Trace, is_list, same, traces_of
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.course.folder import Course
from autograder.course.mistakes import Mistake, load_mistakes, make_subject
from autograder.course.shown import references_on, together_in_one
from autograder.model import Exercise

LONGEST = 10.0
"""Seconds for one answer; observing a block on one case takes a twentieth, a formula a thousandth. What was made is
kept, so that the next answer gets further."""

SURE = 1.0
"""Seconds of these that are spent on looking for a second pair once one is found."""

Pair = tuple[Known, Known]


def find_pair(course: Course, exercise: Exercise, traces: Sequence[Trace], known: Sequence[Known]) -> tuple[Known, ...]:
    """Return the two mistakes that leave a trace together, or nothing if no pair does, or several do.

    Args:
        course: the course folder, with the mistakes' changes.
        exercise: the exercise.
        traces: how an answer departs from the reference on the public cases.
        known: the exercise's mistakes.
    """
    changes = {mistake.name: mistake for mistake in load_mistakes(course, exercise)} if known else {}
    until = time.monotonic() + LONGEST
    found: list[Pair] = []
    for _, equally_likely in groupby(_ranked(traces, known), key=lambda one: one[0]):
        group: list[Pair] = []
        for _, pair in equally_likely:
            if time.monotonic() > until:
                return found[0] if len(found) == 1 else ()
            made = traces_of_both(course, exercise, [changes[one.name] for one in pair])
            if all(same([one], [trace]) for trace, one in zip(traces, made, strict=True)):
                group.append(pair)
        if group and not found:
            until = min(until, time.monotonic() + SURE)
        found += group
        if len(found) > 1:
            return ()
    return found[0] if len(found) == 1 else ()


def _ranked(traces: Sequence[Trace], known: Sequence[Known]) -> list[tuple[tuple[int, ...], Pair]]:
    """Return all pairs, with how much of a trace each leaves unexplained, least first."""
    return sorted(((_unexplained(pair, traces), pair) for pair in combinations(known, 2)), key=lambda one: one[0])


def _unexplained(pair: Pair, traces: Sequence[Trace]) -> tuple[int, ...]:
    """Count the fields that neither changes, the lists that are not what the two take out and put in, and the rest."""
    neither = lists = others = 0
    for one, other, trace in zip(pair[0].traces, pair[1].traces, traces, strict=True):
        neither += len(trace.keys() - one.keys() - other.keys())
        for field in one.keys() | other.keys():
            mine = [side[field] for side in (one, other) if field in side]
            if any(map(is_list, (*mine, trace.get(field)))):
                lists += _change(mine) != _change([trace.get(field)])
            elif len(mine) == 1:
                others += not same([{field: mine[0]}], [{field: trace.get(field)}])
    return neither, lists, others


def _change(departures: Sequence[Any]) -> Mapping[str, int]:
    """Return how often each item of a list comes more often than in the reference, or less often."""
    total: Counter[str] = Counter()
    for departure in filter(is_list, departures):
        total.update(departure["more"])
        total.subtract(departure["less"])
    return {item: count for item, count in total.items() if count}


def traces_of_both(course: Course, exercise: Exercise, pair: Sequence[Mistake]) -> Iterator[Trace]:
    """Observe a reference with two mistakes on one public case after the other; a trace of its own if they do not fit.

    Yields:
        How it departs from the reference.
    """
    for number, _ in enumerate(exercise.draw(PUBLIC_SEED)):
        yield _trace_of_both(course, exercise, tuple(pair), number)


@lru_cache(50_000)
def _trace_of_both(course: Course, exercise: Exercise, pair: tuple[Mistake, ...], number: int) -> Trace:
    variant = together_in_one(course, exercise, pair)
    if variant is None:
        return UNFIT
    seen = observe(exercise.probe, make_subject(course, exercise, variant), exercise.draw(PUBLIC_SEED)[number])
    right = references_on(course, exercise, PUBLIC_SEED)[number]
    return traces_of([right], [codec.loads(seen)])[0]


UNFIT: Trace = {"": "the two do not fit together"}
"""No answer leaves this trace."""
