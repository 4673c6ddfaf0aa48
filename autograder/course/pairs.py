"""Name two mistakes in one answer by making both in the reference; only the trusted side can."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, permutations
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.diagnose import Known, Trace, is_list, same, traces_of
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.course.folder import Course
from autograder.course.mistakes import Mistake, Variant, load_mistakes, make_subject
from autograder.course.reference import reference_observations
from autograder.errors import CourseError
from autograder.model import RAISED, Exercise, Observation

MOST_TRIED = 60
"""Pairs that are made for one answer; observing a block on one case takes a twentieth of a second."""


def find_pair(course: Course, exercise: Exercise, traces: Sequence[Trace], known: Sequence[Known]) -> tuple[Known, ...]:
    """Return the two mistakes that leave a trace together, or nothing if no pair does, or several do.

    Args:
        course: the course folder, with the mistakes' changes.
        exercise: the exercise.
        traces: how an answer departs from the reference on the public cases.
        known: the exercise's mistakes.
    """
    if any(RAISED in trace for trace in traces):
        return ()  # one of the two may never have come into play
    changes = {mistake.name: mistake for mistake in load_mistakes(course, exercise)}
    for likely in _likely(traces, known):
        found = [
            pair
            for pair in likely
            if all(
                same([made], [trace])
                for trace, made in zip(
                    traces, traces_of_both(course, exercise, *(changes[one.name] for one in pair)), strict=False
                )
            )
        ]
        if found:
            return found[0] if len(found) == 1 else ()
    return ()


def _likely(traces: Sequence[Trace], known: Sequence[Known]) -> list[list[tuple[Known, Known]]]:
    """Group the pairs whose fields could make up a trace; those come first that explain most lists item by item."""
    whole = [one for one in known if not any(RAISED in trace for trace in one.traces)]
    groups: dict[int, list[tuple[Known, Known]]] = {}
    for pair in combinations(whole, 2):
        score = _unexplained(pair, traces[0])
        if score is not None:
            groups.setdefault(score, []).append(pair)
    left = MOST_TRIED
    found = []
    for _, pairs in sorted(groups.items(), key=lambda one: one[0]):
        if len(pairs) > left:
            break
        left -= len(pairs)
        found.append(pairs)
    return found


def _unexplained(pair: tuple[Known, Known], trace: Trace) -> int | None:
    """Count the lists that are not what the two take out and put in; None if a field differs that neither changes."""
    one, other = pair[0].traces[0], pair[1].traces[0]
    if trace.keys() - one.keys() - other.keys():
        return None
    lists = [field for field in {**one, **other, **trace} if any(is_list(t.get(field)) for t in (one, other, trace))]
    return sum(_items(one, field) + _items(other, field) != _items(trace, field) for field in lists)


def _items(trace: Trace, field: str) -> Counter[tuple[str, str]]:
    """Return what a trace takes out of a list and puts in, each item as often."""
    found: Any = trace.get(field)
    return Counter((key, item) for key in ("less", "more") for item in found[key]) if is_list(found) else Counter()


def both(one: Mistake, other: Mistake) -> Iterator[Variant]:
    """Yield the variants with both mistakes: the second may only fit once the first is made."""
    for first, second in permutations((one, other)):
        yield Variant(f"{one.name} + {other.name}", "", first.changes + second.changes)


def traces_of_both(course: Course, exercise: Exercise, one: Mistake, other: Mistake) -> Iterator[Trace]:
    """Observe a reference with two mistakes on one public case after the other; a trace of its own if they do not fit.

    Yields:
        How it departs from the reference.
    """
    for number, _ in enumerate(exercise.draw(PUBLIC_SEED)):
        yield _trace_of_both(course, exercise, one, other, number)


@lru_cache(50_000)
def _trace_of_both(course: Course, exercise: Exercise, one: Mistake, other: Mistake, number: int) -> Trace:
    case = exercise.draw(PUBLIC_SEED)[number]
    for variant in both(one, other):
        try:
            subject = make_subject(course, exercise, variant)
        except CourseError:
            continue
        seen = codec.loads(observe(exercise.probe, subject, case))
        return traces_of(_reference(course, exercise)[number : number + 1], [seen])[0]
    return UNFIT


UNFIT: Trace = {"": "the two do not fit together"}
"""No answer leaves this trace."""


@lru_cache(100)
def _reference(course: Course, exercise: Exercise) -> tuple[Observation, ...]:
    return reference_observations(course, exercise, exercise.draw(PUBLIC_SEED))
