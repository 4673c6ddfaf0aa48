"""Record the mistakes of an assignment for places where no solutions are: what each changes on the public cases."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from autograder.checks.catalogue import catalogue_path, read_catalogue
from autograder.checks.diagnose import Known, same
from autograder.checks.engine import PUBLIC_SEED
from autograder.course.folder import Course
from autograder.course.mistakes import Mistake, load_mistakes, observe_variant
from autograder.course.shown import traces_of_variant
from autograder.errors import BuildError
from autograder.model import Assignment, Exercise, Observation
from autograder.notebook.record import Recorded

Catalogue = Mapping[str, tuple[Known, ...]]
"""Exercise name to its mistakes."""


def observe_mistakes(course: Course, assignment: Assignment, recorded: Recorded) -> Catalogue:
    """Observe every mistake of an assignment on the public cases.

    Raises:
        BuildError: if a mistake changes nothing that is observed, or the same as another.
    """
    found = {
        exercise.name: tuple(
            known_as(course, exercise, mistake, recorded[exercise.name]) for mistake in load_mistakes(course, exercise)
        )
        for exercise in assignment.exercises
    }
    for name, known in found.items():
        _tell_apart(name, known)
    return found


def known_as(course: Course, exercise: Exercise, mistake: Mistake, expected: tuple[Observation, ...]) -> Known:
    """Observe a mistake on the public cases."""
    got = observe_variant(course, exercise, mistake, PUBLIC_SEED)
    traces = traces_of_variant(course, exercise, mistake, expected, got, PUBLIC_SEED)
    return Known(mistake.name, mistake.sentence, mistake.hint, mistake.where, traces)


def _tell_apart(exercise: str, known: tuple[Known, ...]) -> None:
    for one in known:
        if not any(one.traces):
            raise BuildError(f"{exercise}: the mistake {one.name} changes nothing that the probe observes.")
    for one, other in combinations(known, 2):
        if same(one.traces, other.traces):
            raise BuildError(
                f"{exercise}: {one.name} and {other.name} cannot be told apart: make them one mistake with a sentence "
                "that is true of both, or let the probe observe what differs."
            )


def write_catalogue(assignment: Assignment, catalogue: Catalogue, folder: Path) -> None:
    """Write the mistakes of an assignment, one case a line."""
    exercises = [
        f" {json.dumps(name)}: [\n" + ",\n".join(map(_lines, known)) + "\n ]" for name, known in catalogue.items()
    ]
    head = f'{{"assignment": {json.dumps(assignment.name)}, "by": "autograder build", "exercises": {{\n'
    folder.mkdir(parents=True, exist_ok=True)
    catalogue_path(folder, assignment.name).write_text(head + ",\n".join(exercises) + "\n}}\n", encoding="utf-8")


def _lines(known: Known) -> str:
    texts = [
        f'   "{key}": {json.dumps(getattr(known, key), ensure_ascii=False)},'
        for key in ("name", "sentence", "hint", "where")
    ]
    traces = ",\n".join(f"    {json.dumps(trace, separators=(',', ':'))}" for trace in known.traces)
    return "\n".join(["  {", *texts, f'   "traces": [\n{traces}\n   ]', "  }"])


def is_catalogued(course: Course, assignment: Assignment, now: Catalogue | None) -> bool:
    """Tell whether the course's file holds these mistakes, but for the last digits of numbers.

    Args:
        course: the course folder.
        assignment: whose mistakes.
        now: as they were just observed; None compares only what is said of them.
    """
    before = read_catalogue(catalogue_path(course.expected, assignment.name))
    for exercise in assignment.exercises:
        known, wanted = before.get(exercise.name, ()), load_mistakes(course, exercise)
        if tuple(map(texts_of, known)) != tuple(map(texts_of, wanted)):
            return False
        if now and not all(same(a.traces, b.traces) for a, b in zip(known, now[exercise.name], strict=True)):
            return False
    return True


def texts_of(known: Known | Mistake) -> tuple[str, ...]:
    """Return what is said of a mistake."""
    return known.name, known.sentence, known.hint, known.where
