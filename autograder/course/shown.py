"""What known mistakes show on the cases of a seed; only the trusted side can make them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from autograder.checks import observation as codec
from autograder.checks.diagnose import JOINED, VARIES, Trace, same, traces_of
from autograder.checks.engine import observe
from autograder.course.folder import Course
from autograder.course.mistakes import Mistake, Variant, failed_checks, load_mistakes, make_subject, observe_variant
from autograder.course.reference import reference_observations
from autograder.errors import CourseError
from autograder.model import Exercise, Observation


@dataclass(frozen=True)
class Shown:
    """What an answer shows on the cases of a seed.

    Args:
        failed: names of the checks that fail.
        traces: how it departs from the reference, for each case.
    """

    failed: tuple[str, ...]
    traces: tuple[Trace, ...]

    def is_like(self, other: "Shown") -> bool:
        """Tell whether another answer fails the same checks and leaves the same traces."""
        return self.failed == other.failed and same(self.traces, other.traces)


def shown_by(course: Course, exercise: Exercise, called: str, seed: int) -> Shown | None:
    """Observe a mistake, or two in one answer, on the cases of a seed.

    Args:
        course: the course folder, with the mistakes' changes.
        exercise: the exercise.
        called: name of the mistake, or of the two as `Verdict.mistake` has it.
        seed: what the cases are drawn from.

    Returns:
        What it shows; None if two do not fit together, or if there is none of that name any more.
    """
    changes = {mistake.name: mistake for mistake in load_mistakes(course, exercise)}
    if not changes.keys() >= set(called.split(JOINED)):
        return None
    variant = together_in_one(course, exercise, [changes[name] for name in called.split(JOINED)])
    if variant is None:
        return None
    expected = references_on(course, exercise, seed)
    got = observe_variant(course, exercise, variant, seed)
    failed = failed_checks(exercise, exercise.checks, seed, expected, got)
    return Shown(failed, traces_of_variant(course, exercise, variant, expected, got, seed))


def together_in_one(course: Course, exercise: Exercise, mistakes: Sequence[Mistake]) -> Variant | None:
    """Return the variant with all of some mistakes, or None if they do not fit together."""
    for variant in in_any_order(mistakes):
        try:
            make_subject(course, exercise, variant)
        except CourseError:
            continue
        return variant
    return None


def in_any_order(mistakes: Sequence[Mistake]) -> Iterator[Variant]:
    """Yield the variants with all of some mistakes: one may only fit once another is made."""
    name = JOINED.join(mistake.name for mistake in mistakes)
    for ordered in permutations(mistakes):
        yield Variant(name, "", tuple(change for mistake in ordered for change in mistake.changes))


def traces_of_variant(
    course: Course,
    exercise: Exercise,
    variant: Variant,
    expected: Sequence[Observation],
    got: Sequence[bytes],
    seed: int,
) -> tuple[Trace, ...]:
    """Write down what a variant changes, with its first case observed again to see what comes otherwise each time.

    Args:
        course: the course folder.
        exercise: the exercise.
        variant: the variant.
        expected: the reference's observations on the cases of the seed.
        got: those of the variant.
        seed: what the cases are drawn from.
    """
    traces = traces_of(expected, list(map(codec.loads, got)))
    again = observe(exercise.probe, make_subject(course, exercise, variant), exercise.draw(seed)[0])
    (second,) = traces_of(expected[:1], [codec.loads(again)])
    varying = {field for field in traces[0] if not same([{field: traces[0][field]}], [{field: second.get(field)}])}
    return tuple(
        {field: VARIES if field in varying else departure for field, departure in trace.items()} for trace in traces
    )


@lru_cache(100)
def references_on(course: Course, exercise: Exercise, seed: int) -> tuple[Observation, ...]:
    """Observe a reference on the cases of a seed, once in each process."""
    return reference_observations(course, exercise, exercise.draw(seed))
