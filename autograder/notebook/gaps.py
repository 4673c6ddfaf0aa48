"""The text of a gap: a reference function as it stands in its module, read without importing it."""

import ast
from dataclasses import dataclass

from autograder.course.folder import Course
from autograder.errors import BuildError
from autograder.model import Assignment

START, END = "START CODE HERE", "END CODE HERE"
"""The marker lines hold these; nbgrader clears what lies between them."""


@dataclass(frozen=True)
class Gap:
    """A function with a gap.

    Args:
        name: name of the function.
        source: its text, markers and solution included.
        given: the lines that a student is given.
        solution: the lines between the markers.
    """

    name: str
    source: str
    given: tuple[str, ...]
    solution: tuple[str, ...]


def read_gap(course: Course, module: str, name: str) -> Gap:
    """Read a function's text from `solutions/`.

    Args:
        course: the course folder.
        module: dotted name of the module, such as `solutions.blocks`.
        name: name of the function.

    Raises:
        BuildError: if there is no such function, or if it does not hold exactly one gap.
    """
    lines = read_function(course, module, name)
    starts, ends = ([i for i, line in enumerate(lines) if mark in line] for mark in (START, END))
    if len(starts) != 1 or len(ends) != 1 or ends[0] < starts[0]:
        raise BuildError(f"{module}.{name} needs one line with {START} and, below it, one with {END}.")
    first, last = starts[0], ends[0]
    return Gap(name, "\n".join(lines), tuple(lines[:first] + lines[last + 1 :]), tuple(lines[first + 1 : last]))


def read_function(course: Course, module: str, name: str) -> list[str]:
    """Read the lines of a function from `solutions/`, decorators included.

    Raises:
        BuildError: if there is no such function.
    """
    path = course.root.joinpath(*module.split(".")).with_suffix(".py")
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BuildError(f"The reference module {module} cannot be read: {error.strerror}.") from error
    found = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not found:
        raise BuildError(f"{module} defines no function {name}.")
    first = min([found[0].lineno, *(decorator.lineno for decorator in found[0].decorator_list)])
    return text.splitlines()[first - 1 : found[0].end_lineno]


def gaps_of(course: Course, assignment: Assignment) -> tuple[Gap, ...]:
    """Return the gaps of an assignment."""
    return tuple(read_gap(course, *exercise.reference.split(":")) for exercise in assignment.exercises)
