"""Mistakes as changes to the reference, and which checks catch each of them; only the trusted side calls this."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.engine import PUBLIC_SEED, judge, observe
from autograder.course.folder import Course
from autograder.course.reference import load_reference
from autograder.errors import CourseError
from autograder.model import Check, Exercise, Observation, Outcome

MISTAKES, STYLES = "solutions.mistakes.{}:MISTAKES", "solutions.styles.{}:STYLES"
"""Where a course keeps those of one module of references, as `module:mapping`; the keys are names of exercises."""

OTHER_SEED = 1
"""A mistake must be caught on the public cases and on those of this seed, which stand for the secret ones."""

SEEDED_VALUE = "seeded_inference"
"""The field that an ordinary test of a seeded model looks at: its output in inference, as initialised."""


@dataclass(frozen=True)
class Change:
    """A text of the reference and what stands in its place.

    Args:
        old: the text; it must stand in the reference.
        new: what replaces it.
        times: how often `old` must stand there; None is at least once.
    """

    old: str
    new: str
    times: int | None = 1


@dataclass(frozen=True)
class Variant:
    """A reference written differently.

    Args:
        name: words joined by hyphens.
        sentence: what is different.
        changes: what makes it from the reference's text, one after the other.
    """

    name: str
    sentence: str
    changes: tuple[Change, ...]


UNCHANGED = Variant("reference", "The reference as it stands.", ())


@dataclass(frozen=True)
class Mistake(Variant):
    """A wrong answer, as learners write it; the sentence is said to a student.

    Args:
        hint: which property is wrong, without saying how: what a student is told first.
        where: the line or layer to look at: what a student is told next.
    """

    hint: str = ""
    where: str = ""


class Style(Variant):
    """A right answer that differs from the reference, as learners write it."""


@dataclass(frozen=True)
class Caught:
    """What became of a mistake.

    Args:
        exercise: name of the exercise.
        mistake: the mistake.
        checks: names of the checks that fail on the public cases and on the other seed's.
        by_seeded_value: whether one seeded output in inference is enough to notice it.
        by_seeded_check: whether the check of the seeded outputs, in inference and training, is.
    """

    exercise: str
    mistake: Mistake
    checks: tuple[str, ...]
    by_seeded_value: bool
    by_seeded_check: bool


def load_mistakes(course: Course, exercise: Exercise) -> tuple[Mistake, ...]:
    """Return the mistakes of an exercise.

    Raises:
        CourseError: if the course folder holds none for it.
    """
    found: tuple[Mistake, ...] = _load(course, exercise, MISTAKES)
    return found


def load_styles(course: Course, exercise: Exercise) -> tuple[Style, ...]:
    """Return the styles of an exercise.

    Raises:
        CourseError: if the course folder holds none for it.
    """
    found: tuple[Style, ...] = _load(course, exercise, STYLES)
    return found


def _load(course: Course, exercise: Exercise, where: str) -> Any:
    load_reference(course, exercise)  # finds the course folder
    where = where.format(exercise.reference.partition(":")[0].rpartition(".")[2])
    module, _, mapping = where.partition(":")
    try:
        return getattr(import_module(module), mapping)[exercise.name]
    except KeyError:
        raise CourseError(f'{where} has no entry for {exercise.name} yet: add "{exercise.name}": ().') from None
    except (ImportError, AttributeError) as error:
        raise CourseError(f"{where} of {exercise.name} cannot be loaded from {course.root}: {error}.") from error


def changed(source: str, variant: Variant) -> str:
    """Return a reference's text with the changes of a variant.

    Raises:
        CourseError: if a change does not fit the reference as often as it says.
    """
    for change in variant.changes:
        count = source.count(change.old)
        if count != change.times and not (change.times is None and count):
            wanted = "at least once" if change.times is None else f"{change.times} time(s)"
            raise CourseError(
                f"{variant.name} replaces {change.old!r}, which must stand in the reference {wanted} and stands there "
                f"{count} time(s): change the variant as the reference was changed."
            )
        source = source.replace(change.old, change.new)
    return source


def make_subject(course: Course, exercise: Exercise, variant: Variant) -> Callable[..., Any]:
    """Return the function that a variant makes of the reference.

    Raises:
        CourseError: if a change does not fit, or if what it makes is no Python.
    """
    reference = load_reference(course, exercise)
    source = changed(inspect.getsource(reference), variant)
    namespace = dict(reference.__globals__)
    try:
        exec(compile(source, f"<{exercise.name}: {variant.name}>", "exec"), namespace)
    except SyntaxError as error:
        raise CourseError(f"{variant.name} makes no Python of {exercise.name}: {error}.") from error
    subject: Callable[..., Any] = namespace[exercise.name]
    return subject


def observe_variant(course: Course, exercise: Exercise, variant: Variant, seed: int) -> tuple[bytes, ...]:
    """Observe a variant on the cases of a seed."""
    subject = make_subject(course, exercise, variant)
    return tuple(observe(exercise.probe, subject, case) for case in exercise.draw(seed))


def failed_checks(
    exercise: Exercise, checks: Sequence[Check], seed: int, expected: Sequence[Observation], got: Sequence[bytes]
) -> tuple[str, ...]:
    """Return the names of the checks that do not pass on the cases of a seed."""
    cases = exercise.draw(seed)
    verdicts = (judge(exercise, check, cases, expected, got) for check in checks)
    return tuple(verdict.check for verdict in verdicts if verdict.outcome is not Outcome.PASSED)


def what_catches(
    exercise: Exercise,
    mistake: Mistake,
    expected: Mapping[int, Sequence[Observation]],
    got: Mapping[int, Sequence[bytes]],
) -> Caught:
    """Judge what was observed of a mistake.

    Args:
        exercise: the exercise.
        mistake: the mistake.
        expected: seed to the reference's observations.
        got: seed to the mistake's observations, for the same seeds.
    """
    seeded = tuple(check for check in exercise.checks if SEEDED_VALUE in check.fields)
    value = tuple(replace(check, name=SEEDED_VALUE, fields=(SEEDED_VALUE,)) for check in seeded)
    failed = [set(failed_checks(exercise, exercise.checks + value, seed, expected[seed], got[seed])) for seed in got]
    always = set.intersection(*failed)
    return Caught(
        exercise.name,
        mistake,
        tuple(check.name for check in exercise.checks if check.name in always),
        SEEDED_VALUE in always,
        any(check.name in always for check in seeded),
    )


def kill_matrix(
    course: Course, exercise: Exercise, seeds: Sequence[int] = (PUBLIC_SEED, OTHER_SEED)
) -> tuple[Caught, ...]:
    """Observe and judge every mistake of an exercise, on the cases of each seed."""
    expected = {seed: tuple(map(codec.loads, observe_variant(course, exercise, UNCHANGED, seed))) for seed in seeds}
    return tuple(
        what_catches(
            exercise, mistake, expected, {seed: observe_variant(course, exercise, mistake, seed) for seed in seeds}
        )
        for mistake in load_mistakes(course, exercise)
    )
