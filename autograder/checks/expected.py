"""Recorded observations of the reference on the public cases: `data/expected/`, shipped inside the wheel."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.diagram import Node
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


def graphs_path(folder: Path, assignment_name: str) -> Path:
    """Return the file of the graphs that an assignment's figures compare with."""
    return folder / f"{assignment_name}.graphs.json"


def graph_key(name: str, shape: Sequence[int | None], arguments: Sequence[Any]) -> str:
    """Write a call of `draw_model` as text, by which its graph is found.

    Raises:
        TypeError: if an argument is more than numbers, texts, lists and dictionaries.
    """
    return f"{name} {json.dumps([shape, arguments])}"


def load_graph(
    assignment_name: str | None, name: str, shape: Sequence[int | None], arguments: Sequence[Any]
) -> list[Node] | None:
    """Read what the reference builds of these arguments; None if nobody recorded it."""
    if assignment_name is None:
        return None
    try:
        recorded = json.loads(graphs_path(expected_folder(), assignment_name).read_text(encoding="utf-8"))
        nodes = recorded["graphs"][graph_key(name, shape, arguments)]
    except (OSError, KeyError, TypeError, ValueError):
        return None
    return [Node(one["label"], tuple(one["reads"]), one["note"], tuple(one["settings"])) for one in nodes]
