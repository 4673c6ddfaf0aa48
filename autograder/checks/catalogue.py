"""The mistakes of an exercise as students' machines know them: `data/expected/`, shipped inside the wheel."""

import json
from functools import cache
from pathlib import Path

from autograder.checks.diagnose import Known
from autograder.checks.expected import expected_folder
from autograder.model import Exercise


def catalogue_path(folder: Path, assignment_name: str) -> Path:
    """Return the file of an assignment's mistakes."""
    return folder / f"{assignment_name}.mistakes.json"


def load_catalogue(assignment_name: str, exercise: Exercise) -> tuple[Known, ...]:
    """Read the known mistakes of an exercise; none where none were recorded, and wrong answers then stay unnamed."""
    return _kept(catalogue_path(expected_folder(), assignment_name)).get(exercise.name, ())


def read_catalogue(path: Path) -> dict[str, tuple[Known, ...]]:
    """Read what was recorded: name of an exercise to its mistakes."""
    if not path.is_file():
        return {}
    recorded = json.loads(path.read_text(encoding="utf-8"))["exercises"]
    return {
        exercise: tuple(Known(**one | {"traces": tuple(one["traces"])}) for one in mistakes)
        for exercise, mistakes in recorded.items()
    }


_kept = cache(read_catalogue)
