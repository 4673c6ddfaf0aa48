"""Name two mistakes in one answer by making both in the reference; only the trusted side can."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, groupby
from typing import Any

import numpy as np

from autograder.checks import observation as codec
from autograder.checks.diagnose import Known, Trace, is_list, same, traces_of
from autograder.checks.engine import CANARY, PUBLIC_SEED, observe
from autograder.course.folder import Course
from autograder.course.mistakes import Mistake, load_mistakes, make_subject
from autograder.course.shown import references_on, together_in_one
from autograder.model import Case, Exercise, Probe, Value

LONGEST = 3.0
"""Seconds of computing for one answer; observing a block on one case takes a tenth, a formula a thousandth. What was
made stays with the process, so that another answer gets further."""

SURE = 1.0
"""Seconds of these that are spent on looking for a second pair once one is found."""

Pair = tuple[Known, Known]


def find_pair(
    course: Course, exercise: Exercise, traces: Sequence[Trace], known: Sequence[Known]
) -> tuple[tuple[Known, ...], bool]:
    """Find the two mistakes that leave a trace together.

    Args:
        course: the course folder, with the mistakes' changes.
        exercise: the exercise.
        traces: how an answer departs from the reference on the public cases.
        known: the exercise's mistakes.

    Returns:
        The two, or nothing if no pair does or several do; and whether that is final: time did not run out before.
    """
    found, in_time = pairs_like(course, exercise, traces, known)
    pair = found[0] if len(found) == 1 else ()
    return pair, in_time or bool(pair)


def pairs_like(
    course: Course, exercise: Exercise, traces: Sequence[Trace], known: Sequence[Known]
) -> tuple[list[Pair], bool]:
    """Return the likeliest two mistakes that leave a trace together, and others that do, as far as there is time.

    Args:
        course: the course folder, with the mistakes' changes.
        exercise: the exercise.
        traces: how an answer departs from the reference on the public cases.
        known: the exercise's mistakes.

    Returns:
        The pairs, one only if all that are as likely were made and none of them leaves the same trace; and whether
        there was time for all.
    """
    changes = {mistake.name: mistake for mistake in load_mistakes(course, exercise)} if known else {}
    known = [one for one in known if one.name in changes]  # a catalogue may be older than the mistakes
    until = time.process_time() + LONGEST
    found: list[Pair] = []
    settled = False  # once all that are as likely as the one that is found were made
    for _, equally_likely in groupby(_ranked(traces, known), key=lambda one: one[0]):
        for _, pair in equally_likely:
            if time.process_time() > until:
                return found if settled else [], False
            if _is_like(course, exercise, tuple(changes[one.name] for one in pair), traces):
                found.append(pair)
        if len(found) > 1:
            return found, True
        if found and not settled:
            settled, until = True, min(until, time.process_time() + SURE)
    return found, True


def _ranked(traces: Sequence[Trace], known: Sequence[Known]) -> list[tuple[int, Pair]]:
    """Return all pairs, with how much of a trace each leaves unexplained, least first."""
    return sorted(((_unexplained(pair, traces), pair) for pair in combinations(known, 2)), key=lambda one: one[0])


def _unexplained(pair: Pair, traces: Sequence[Trace]) -> int:
    """Count fields that neither changes, lists that are not what the two take out and put in, and others not as told.

    Each of the first is as unlikely as two of the next, and each of those as two of the last.
    """
    neither = lists = others = 0
    for one, other, trace in zip(pair[0].traces, pair[1].traces, traces, strict=True):
        neither += len(trace.keys() - one.keys() - other.keys())
        for field in one.keys() | other.keys():
            mine = [side[field] for side in (one, other) if field in side]
            if any(map(is_list, (*mine, trace.get(field)))):
                lists += _change(mine) != _change([trace.get(field)])
            elif len(mine) == 1:
                others += not same([{field: mine[0]}], [{field: trace.get(field)}])
    return 4 * neither + 2 * lists + others


def _change(departures: Sequence[Any]) -> Mapping[str, int]:
    """Return how often each item of a list comes more often than in the reference, or less often."""
    total: Counter[str] = Counter()
    for departure in filter(is_list, departures):
        total.update(departure["more"])
        total.subtract(departure["less"])
    return {item: count for item, count in total.items() if count}


def _is_like(course: Course, exercise: Exercise, pair: tuple[Mistake, ...], traces: Sequence[Trace]) -> bool:
    """Tell whether two mistakes leave these traces together; most do not already by the first fields."""
    for number, trace in enumerate(traces):
        for begun in (True, False):
            fields, made = _trace_of_both(course, exercise, pair, number, begun)
            if not same([made], [{field: trace[field] for field in fields if field in trace} if begun else trace]):
                return False
    return True


@lru_cache(100_000)
def _trace_of_both(
    course: Course, exercise: Exercise, pair: tuple[Mistake, ...], number: int, begun: bool
) -> tuple[frozenset[str], Trace]:
    """Observe a reference with two mistakes on one public case, wholly or only until there is an array.

    Returns:
        The fields that were observed, and how these depart from the reference; a trace of its own if the two mistakes
        do not fit together.
    """
    variant = together_in_one(course, exercise, pair)
    if variant is None:
        return frozenset(), UNFIT
    probe = _beginning_of(exercise.probe) if begun else exercise.probe
    seen = codec.loads(observe(probe, make_subject(course, exercise, variant), exercise.draw(PUBLIC_SEED)[number]))
    right = references_on(course, exercise, PUBLIC_SEED)[number]
    (trace,) = traces_of([{field: right[field] for field in right if field in seen or not begun}], [seen])
    return frozenset(seen), trace


def _beginning_of(probe: Probe) -> Probe:
    """Return a probe that sees only the first array and what comes before it."""

    def begun(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
        for field, value in probe(subject, case):
            yield field, value
            if isinstance(value, np.ndarray) and field != CANARY:
                return

    return begun


UNFIT: Trace = {"": "the two do not fit together"}
"""No answer leaves this trace."""
