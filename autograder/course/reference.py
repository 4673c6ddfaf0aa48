"""The reference functions of `solutions/`, found by name in the course folder; only the trusted side calls this."""

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.calls import answer
from autograder.checks.engine import observe_from_afar
from autograder.checks.quiet import quiet
from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.model import RAISED, Case, Exercise, Observation


def load_reference(course: Course, exercise: Exercise) -> Callable[..., Any]:
    """Return the reference function of an exercise.

    Raises:
        CourseError: if the course folder holds no such function.
    """
    module, _, function = exercise.reference.partition(":")
    if str(course.root) not in sys.path:
        sys.path.insert(0, str(course.root))
    try:
        with quiet():  # TensorFlow greets when it is imported
            imported = importlib.import_module(module)
        found: Callable[..., Any] = getattr(imported, function)
    except (ImportError, AttributeError) as error:
        raise CourseError(
            f"The reference {exercise.reference} cannot be loaded from {course.root}: {error}."
        ) from error
    return found


@dataclass(frozen=True)
class Expected:
    """What the reference shows on one case.

    Args:
        calls: how the probe used it; a student's function is used in the same way.
        observation: what the probe saw, as text.
    """

    calls: tuple[str, ...]
    observation: str


def observe_reference(course: Course, exercise: Exercise, case: Case) -> Expected:
    """Observe the reference on a case.

    Raises:
        CourseError: if the reference raises; a fault of the course, not of a student.
    """
    reference = load_reference(course, exercise)
    calls: list[str] = []

    def ask(call: str) -> str:
        calls.append(call)
        return answer(reference, call)

    observation = observe_from_afar(exercise.probe, ask, case)
    fields = codec.loads(observation)
    if RAISED in fields:
        raise CourseError(f"The reference of {exercise.name} fails on {case.name}: {fields[RAISED]}.")
    return Expected(tuple(calls), observation.decode())


def reference_observations(course: Course, exercise: Exercise, cases: Sequence[Case]) -> tuple[Observation, ...]:
    """Observe the reference on each case.

    Raises:
        CourseError: if the reference raises; a fault of the course, not of a student.
    """
    return tuple(codec.loads(observe_reference(course, exercise, case).observation.encode()) for case in cases)
