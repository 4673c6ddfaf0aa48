"""Diagrams of residual blocks: as an assignment explains them, and as the student's function builds them.

A diagram is a list of `Node`, each behind what it reads. The longest way from the input to the output is drawn from
top to bottom; everything that passes beside it, such as the shortcut, runs in lanes to its left.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from autograder.checks import student
from autograder.checks.demonstration import STILL_EMPTY
from autograder.checks.deviations import Deviation, deviations
from autograder.checks.diagram import SUM, Node
from autograder.checks.drawing import Panel, draw, draw_panels
from autograder.checks.engine import EMPTY_GAP, broken_off
from autograder.checks.expected import load_graph
from autograder.checks.fault import describe
from autograder.checks.undisturbed import undisturbed

MOST_DRAWN = 40
"""Nodes of a graph that still fits a page."""

WIDEST_LINE = 100
"""Characters of a line below a cell that JupyterLab shows without breaking it anew."""


def block_nodes(main: Sequence[str], shortcut: Sequence[str] = (), last: Sequence[str] = (SUM, "ReLU")) -> list[Node]:
    """Describe a residual block by what stands on its two ways.

    Args:
        main: labels along the main path.
        shortcut: labels along the shortcut; none is the identity.
        last: labels from where the two ways meet.
    """
    nodes = [Node("X")]
    ends = []
    for path in (main, shortcut):
        end = 0
        for label in path:
            nodes.append(Node(label, (end,)))
            end = len(nodes) - 1
        ends.append(end)
    for label in last:
        nodes.append(Node(label, tuple(ends)))
        ends = [len(nodes) - 1]
    return nodes


def draw_block(main: Sequence[str], shortcut: Sequence[str] = (), title: str = "") -> None:
    """Draw a residual block from the labels along its main path and along its shortcut."""
    draw(block_nodes(main, shortcut), title)


def draw_model(function: Callable[..., Any], shape: Sequence[int | None], *arguments: Any) -> None:
    """Draw what a function of a Keras tensor builds, or say in one sentence why there is nothing to draw.

    Where the course knows what the function should build of these arguments, and something else came, both are drawn;
    what differs is marked in the figure and listed above it.

    Args:
        function: the student's function; it is called as `function(X, *arguments)`.
        shape: height, width and channels of X.
        arguments: the function's other arguments.
    """
    from autograder.checks.nodes import model_nodes

    name = getattr(function, "__name__", "the function")
    try:
        with undisturbed():
            nodes = model_nodes(function, shape, *arguments)
    except Exception as error:
        print(_why_nothing_is_drawn(name, broken_off(name, describe(error))))
        return
    expected = load_graph(student.assignment_in_use(), name, shape, arguments)
    found = [] if expected is None else deviations(nodes, expected)
    if expected is not None:
        print(_in_words(name, found))
    if len(nodes) > MOST_DRAWN:
        print(f"{name} builds {len(nodes)} layers and operations, too many for a figure.")
    elif found and expected is not None:
        draw_panels([Panel(nodes, f"Your {name}", _marks(found, True)), _expected_panel(expected, found)])
    else:
        draw(nodes, name if expected is None else f"Your {name}")  # what the course does not know may be given


def _why_nothing_is_drawn(name: str, why: str) -> str:
    if why == EMPTY_GAP.format(name):
        return STILL_EMPTY.format(name)
    return f"This cell draws what {name} builds when it runs: {why}"


def _in_words(name: str, found: Sequence[Deviation]) -> str:
    """Say what the figure shows to those who do not see it."""
    if not found:
        return f"With these arguments {name} builds what is expected."
    count = "in one place" if len(found) == 1 else f"in {len(found)} places"
    lines = [
        textwrap.fill(f"  {number}. {one.sentence}", WIDEST_LINE, subsequent_indent="     ")
        for number, one in enumerate(found, 1)
    ]
    head = f"{name} builds something else than expected, {count}; the checks tell whether that is a mistake:"
    return "\n".join([head, *lines])


def _expected_panel(expected: Sequence[Node], found: Sequence[Deviation]) -> Panel:
    return Panel(expected, "Expected", _marks(found, False))


def _marks(found: Sequence[Deviation], mine: bool) -> dict[int, str]:
    """Return the words at each node that differs, with the number of its sentence."""
    marks: dict[int, str] = {}
    for number, one in enumerate(found, 1):
        for node in one.mine if mine else one.expected:
            marks[node] = f"{marks[node]}, {number} {one.kind}" if node in marks else f"{number} {one.kind}"
    return marks
