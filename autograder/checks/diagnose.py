"""Name the mistake behind a wrong answer, from how its observation departs from the reference's.

What a mistake changes is kept as a *trace*: for each public case the fields that differ from the reference's, an array
as its shape and three projections, a list as what is missing and what is too many. A wrong answer that leaves the trace
of one mistake and of no other is called by that mistake's name; one that leaves the traces of two, by both.
"""

import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from autograder.checks import observation as codec
from autograder.checks.engine import CANARY, close_draws
from autograder.model import RAISED, Exercise, Observation, Value

Trace = Mapping[str, Any]
"""Fields of one case to how they differ, as JSON holds it: an array as a list of its shape and numbers.

The field `raised` tells what an answer broke off with."""

PROJECTIONS = 3
"""Numbers that stand for an array: each is its product with an array of random signs, over the root of its size."""

RELATIVE, ABSOLUTE = 1e-3, 1e-4
"""Arrays are the same if their projections differ by less than this, as a share of their root mean square and in their
own unit; right answers differ by a hundredth of it, see docs/margins.md."""

VARIES = "varies"
"""Stands for a field that differs from the reference's, and in another way each time, as where no seed is given."""

SETTINGS = "settings"
"""The field that lists settings which say nothing about the wiring: initializers, epsilon, momentum."""

MISSING = "missing"
"""Stands for a field that was never observed."""

JOINED = " + "
"""Stands between the names of two mistakes in one answer."""


@dataclass(frozen=True)
class Known:
    """A mistake as it is known where no solutions are.

    Args:
        name: words joined by hyphens.
        sentence: what is wrong, said to a student.
        hint: which property is wrong.
        where: the line or layer to look at.
        traces: what it changes, for each public case.
    """

    name: str
    sentence: str
    hint: str
    where: str
    traces: tuple[Trace, ...]


def traces_of(expected: Sequence[Observation], got: Sequence[Observation]) -> tuple[Trace, ...]:
    """Write down how observations depart from the reference's, for each case."""
    return tuple(_trace(right, seen) for right, seen in zip(expected, got, strict=True))


def _trace(right: Observation, seen: Observation) -> Trace:
    found: dict[str, Any] = {
        field: _departure(value, seen[field]) if field in seen else MISSING for field, value in right.items()
    }
    if RAISED in seen:
        kind, message = what_was_raised(seen[RAISED])
        found[RAISED] = f"{kind}: {_digest(message)}"
    return {field: departure for field, departure in found.items() if departure is not None}


def what_was_raised(value: Value) -> tuple[str, str]:
    """Return type and message of what an observation was broken off with, as every answer has them that raises it.

    The line is each student's own, layers without a name are counted, and addresses are nobody's choice.
    """
    kind, message, *_ = (*map(str, value if isinstance(value, tuple) else ()), "", "")
    return kind, re.sub(r"0x[0-9a-f]+|(?<=[a-z0-9])_[0-9]+", "", message)


def _departure(right: Value, seen: Value) -> Any:
    """Return how a field differs, or None."""
    if isinstance(right, np.ndarray) and isinstance(seen, np.ndarray):
        projected = _projections(seen)
        return None if _near(_projections(right), projected) else projected
    if type(right) is type(seen) and not isinstance(right, np.ndarray) and right == seen:
        return None
    if isinstance(right, tuple) and isinstance(seen, tuple):
        wanted, found = Counter(map(json.dumps, right)), Counter(map(json.dumps, seen))
        less, more = wanted - found, found - wanted
        if less or more:
            return {"less": sorted(map(_digest, less.elements())), "more": sorted(map(_digest, more.elements()))}
    return _digest(json.dumps(codec.plain(seen)))  # the same items in another order are another answer as well


def _projections(array: np.ndarray) -> list[Any]:
    """Return the shape of an array, its root mean square and its projections; nan where it holds a nan."""
    flat = array.astype(np.float64).reshape(-1)
    signs = np.random.RandomState(zlib.crc32(repr(array.shape).encode())).choice([-1.0, 1.0], (PROJECTIONS, flat.size))
    with np.errstate(all="ignore"):
        size = np.sqrt(max(1, flat.size))
        numbers = [np.linalg.norm(flat) / size, *(signs @ flat / size)]
    return [list(array.shape), *map(_short, numbers)]


def _short(number: float) -> float | str:
    """Leave out digits that are far below what counts, since the numbers of all mistakes are kept."""
    return round(float(f"{number:.5g}"), 6) if np.isfinite(number) else str(number)


def _near(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Tell whether two projected arrays are the same."""
    if one[0] != other[0] or len(one) != len(other):
        return False
    if not all(isinstance(number, (int, float)) for number in (*one[1:], *other[1:])):
        return bool(one[1:] == other[1:])
    return all(abs(a - b) <= ABSOLUTE + RELATIVE * one[1] for a, b in zip(one[1:], other[1:], strict=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


def same(one: Sequence[Trace], other: Sequence[Trace]) -> bool:
    """Tell whether two traces are the same on every case."""
    return len(one) == len(other) and all(
        a.keys() == b.keys() and all(_same(a[field], b[field]) for field in a) for a, b in zip(one, other, strict=True)
    )


def _same(one: Any, other: Any) -> bool:
    if VARIES in (one, other):
        return True
    if isinstance(one, list) and isinstance(other, list):
        return _near(one, other)
    return bool(one == other)


def is_list(departure: Any) -> bool:
    """Tell whether a field of a trace says which items of a list differ."""
    return isinstance(departure, dict) and "less" in departure


def together(one: Sequence[Trace], other: Sequence[Trace]) -> tuple[Trace, ...] | None:
    """Return the trace of two mistakes in one answer, or None if it does not follow from their own.

    Of a field that both change nothing is known but that it differs; so each must show in some field of its own, or
    in items that it takes out of a list or puts in.
    """
    found, alone = [], [False, False]
    for a, b in zip(one, other, strict=True):
        if RAISED in a or RAISED in b:
            return None  # the answer broke off, and what would have come is not known
        merged = {**a, **b}
        alone = [alone[0] or bool(a.keys() - b.keys()), alone[1] or bool(b.keys() - a.keys())]
        for field in a.keys() & b.keys():
            merged[field] = VARIES
            if is_list(a[field]) and is_list(b[field]):
                merged[field] = {key: sorted([*a[field][key], *b[field][key]]) for key in ("less", "more")}
                alone = [True, True]
        found.append(merged)
    return tuple(found) if all(alone) else None


def name_mistakes(traces: Sequence[Trace], known: Sequence[Known]) -> tuple[Known, ...]:
    """Return the mistake that left a trace, or the two, or nothing if that cannot be told for certain."""
    single = [one for one in known if same(one.traces, traces)]
    if single:
        return tuple(single) if len(single) == 1 else ()
    touched = [set(trace) for trace in traces]
    within = [one for one in known if all(set(own) <= fields for own, fields in zip(one.traces, touched, strict=True))]
    pairs = [
        pair
        for pair in combinations(within, 2)
        if (both := together(pair[0].traces, pair[1].traces)) is not None and same(both, traces)
    ]
    return pairs[0] if len(pairs) == 1 else ()


def diagnosed(
    exercise: Exercise,
    expected: Sequence[Observation],
    got: Sequence[bytes],
    known: Sequence[Known],
    find_pair: Callable[[Sequence[Trace]], Sequence[Known]] | None = None,
) -> dict[str, Any]:
    """Say what is known of a wrong answer from bytes that nobody vouches for.

    Args:
        exercise: the exercise.
        expected: the reference's observations on the public cases.
        got: those of the answer.
        known: the exercise's mistakes.
        find_pair: looks for two mistakes whose common trace does not follow from their own.

    Returns:
        Fields of `Verdict`; none if nothing is certain.
    """
    try:
        seen = [codec.loads(data) for data in got]
    except codec.BadObservation:
        return {}
    if any(CANARY in one and not close_draws(right, one) for right, one in zip(expected, seen, strict=True)):
        return {}  # with other random numbers a right answer leaves a trace as well
    traces = traces_of(expected, seen)
    named = name_mistakes(traces, known) or (find_pair(traces) if find_pair and any(traces) else ())
    if named:
        return {
            "mistake": JOINED.join(one.name for one in named),
            "named": " ".join(one.sentence for one in named),
            "hint": " ".join(one.hint for one in named),
            "where": " ".join(one.where for one in named),
        }
    nearest = _other_settings(expected, seen, traces) or _nearest(exercise, traces)
    return {"hint": nearest} if nearest else {}


def _nearest(exercise: Exercise, traces: Sequence[Trace]) -> str:
    """Return the exercise's first statement that holds for what is wrong and what is right."""
    wrong = {field for trace in traces for field in trace}
    if not wrong or RAISED in wrong:  # what was raised says more
        return ""
    return next((one.sentence for one in exercise.nearest if one.fits(wrong)), "")


def _other_settings(expected: Sequence[Observation], seen: Sequence[Observation], traces: Sequence[Trace]) -> str:
    """Say which settings of layers differ, if the layers themselves are the right ones."""
    for right, one, trace in zip(expected, seen, traces, strict=True):
        if SETTINGS in trace and not trace.keys() & {RAISED, "layers"} and isinstance(one[SETTINGS], tuple):
            wanted, found = Counter(map(str, right[SETTINGS])), Counter(map(str, one[SETTINGS]))
            less, more = wanted - found, found - wanted
            return f"Settings of the layers differ. Expected: {'; '.join(less)}. Yours: {'; '.join(more)}."
    return ""
