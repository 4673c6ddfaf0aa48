"""Recorded observations of the reference on the public cases: `data/expected/`, shipped inside the wheel."""

import json
import os
from pathlib import Path

from autograder.checks import observation as codec
from autograder.errors import CourseError
from autograder.model import Exercise, Observation

EXPECTED_VARIABLE = "AUTOGRADER_EXPECTED"
"""Environment variable that names another folder of recorded results; a build judges with what it just recorded."""

INSTALLED = Path(__file__).parents[1] / "expected"
IN_THE_COURSE = Path(__file__).parents[2] / "data" / "expected"


def expected_folder() -> Path:
    """Return where the recorded results lie: as the environment says, else in the installed package or the course."""
    if EXPECTED_VARIABLE in os.environ:
        return Path(os.environ[EXPECTED_VARIABLE])
    return INSTALLED if INSTALLED.is_dir() else IN_THE_COURSE


def record_path(folder: Path, assignment_name: str) -> Path:
    """Return the file of an assignment's recorded results."""
    return folder / f"{assignment_name}.json"


def load_expected(assignment_name: str, exercise: Exercise, folder: Path | None = None) -> tuple[Observation, ...]:
    """Read the reference's observations on the public cases of one exercise.

    Raises:
        CourseError: if they were never recorded.
    """
    path = record_path(folder or expected_folder(), assignment_name)
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))["exercises"][exercise.name]
    except (OSError, KeyError, ValueError):
        raise CourseError(
            f"No recorded results of {exercise.name} in {path.name}: the autograder is not installed completely."
        ) from None
    return tuple(codec.loads(json.dumps(fields).encode()) for fields in recorded)
