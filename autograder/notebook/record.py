"""The recorded results: the reference's observations on the public cases, as text that can be reviewed."""

import json
from collections.abc import Mapping
from pathlib import Path

from autograder.checks import observation as codec
from autograder.checks.compare import close
from autograder.checks.engine import PUBLIC_SEED
from autograder.checks.expected import load_expected, record_path
from autograder.course.folder import Course
from autograder.course.reference import reference_observations
from autograder.errors import CourseError
from autograder.model import Assignment, Observation

Recorded = Mapping[str, tuple[Observation, ...]]
"""Exercise name to the observations on its public cases."""

SAME = close(relative=1e-4, absolute=1e-5)
"""Another processor or TensorFlow gives other last digits; a record is rewritten only beyond that."""


def observe_references(course: Course, assignment: Assignment) -> Recorded:
    """Observe the reference of each exercise on its public cases."""
    return {
        exercise.name: reference_observations(course, exercise, exercise.draw(PUBLIC_SEED))
        for exercise in assignment.exercises
    }


def is_recorded(assignment: Assignment, now: Recorded, folder: Path) -> bool:
    """Tell whether a folder holds these results, but for the last digits of numbers."""
    try:
        before = {exercise.name: load_expected(assignment.name, exercise, folder) for exercise in assignment.exercises}
    except (CourseError, codec.BadObservation):
        return False
    return all(len(before[name]) == len(cases) and all(map(_same, before[name], cases)) for name, cases in now.items())


def _same(before: Observation, now: Observation) -> bool:
    return before.keys() == now.keys() and all(SAME(before[field], now[field]) is None for field in now)


def write_record(assignment: Assignment, recorded: Recorded, folder: Path) -> None:
    """Write the results of an assignment, one field a line."""
    exercises = [
        f" {json.dumps(name)}: [\n" + ",\n".join(_lines(case) for case in cases) + "\n ]"
        for name, cases in recorded.items()
    ]
    head = f'{{"assignment": {json.dumps(assignment.name)}, "by": "autograder build", "exercises": {{\n'
    folder.mkdir(parents=True, exist_ok=True)
    record_path(folder, assignment.name).write_text(head + ",\n".join(exercises) + "\n}}\n", encoding="utf-8")


def _lines(case: Observation) -> str:
    fields = (f"   {json.dumps(name)}: {json.dumps(codec.plain(value))}" for name, value in case.items())
    return "  {\n" + ",\n".join(fields) + "\n  }"
