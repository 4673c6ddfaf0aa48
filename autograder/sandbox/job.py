"""What is to be run of one submission, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.model import Limits


@dataclass(frozen=True)
class Step:
    """One step of a job: a cell to run, or a subject to be used.

    Args:
        cell: number of the cell in the notebook, or None.
        source: its text.
        exercise: name of the function, where no cell is run.
        calls: how the function is used, as `checks.calls` writes calls.
    """

    cell: int | None = None
    source: str = ""
    exercise: str = ""
    calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A notebook to be run; it says nothing of who wrote it, of what is expected, or of any other.

    Args:
        steps: cells and uses, in the order of the notebook.
        files: what lies beside the notebook, name to content in base64.
        limits: what it may use.
    """

    steps: tuple[Step, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


@dataclass
class Ran:
    """What came of a job; all of it was written by a process in which a student's code ran.

    Args:
        answers: exercise to the answers of its calls.
        outputs: number of the cell to its outputs, as nbformat writes them.
        starts: how many processes it took; more than one if the code ended its process.
        bytes: of the messages that brought outputs.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    starts: int = 0
    bytes: int = 0
