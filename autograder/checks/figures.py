"""Diagrams of residual blocks: as an assignment explains them, and as the student's function builds them.

A diagram is a list of `Node`, each behind what it reads. The longest way from the input to the output is drawn from
top to bottom; everything that passes beside it, such as the shortcut, runs in lanes to its left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch, Patch

SUM = "+"
"""The label of an addition, which is drawn as a circle."""

COLOURS = {
    "Conv2D": "#56B4E9",
    "BatchNormalization": "#E69F00",
    "ReLU": "#009E73",
    SUM: "#F0E442",
}
"""First word of a label to colour; everything else is grey. Source: Okabe and Ito, "Color Universal Design" (2008)."""

GREY, INK, PAPER = "#BBBBBB", "#000000", "#FFFFFF"
"""Other nodes; text and arrows; an opaque background, so that a diagram can be read on a dark page as well."""

BOX_WIDTH, BOX_HEIGHT, ROW = 2.4, 0.3, 0.5
"""Inches; `ROW` is the distance from one row to the next."""

NOTE_WIDTH, GAP, RADIUS = 1.5, 0.4, 0.16
"""Inches; room for the words beside a box, distance between lanes, size of a sum."""


@dataclass(frozen=True)
class Node:
    """One operation of a diagram.

    Args:
        label: what it does; the first word gives the colour, and the label "+" a circle.
        reads: indices of the nodes that it reads; they come before it.
        note: words beside the box, such as the layer's name and the shape of its output.
    """

    label: str
    reads: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Layout:
    """Where a diagram's nodes stand and how its arrows run.

    Args:
        rows: row of each node, from the top.
        lanes: lane of each node; lane 0 holds the longest way, the others lie to its left.
        arrows: (from, to, lane) for each reading; lane None is an arrow straight down.
        x: centre of each lane, in inches.
    """

    rows: list[int]
    lanes: list[int]
    arrows: list[tuple[int, int, int | None]]
    x: list[float]


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

    Args:
        function: the student's function; it is called as `function(X, *arguments)`.
        shape: height, width and channels of X.
        arguments: the function's other arguments.
    """
    name = getattr(function, "__name__", "the function")
    try:
        nodes = model_nodes(function, shape, *arguments)
    except NotImplementedError:
        print(f"{name}: the gap is still empty; this figure will show your own block when it is filled.")
    except Exception as error:
        why = (str(error).strip().splitlines() or ["no message"])[0]
        print(f"{name} stopped with {type(error).__name__} ({why}); this figure will show your own block when it runs.")
    else:
        draw(nodes, f"Your {name}")


def model_nodes(function: Callable[..., Any], shape: Sequence[int | None], *arguments: Any) -> list[Node]:
    """Call a function on a Keras tensor and describe each operation between its input and its output."""
    from autograder.checks import network

    with network.fresh_keras():
        steps = network.build(lambda X: function(X, *arguments), shape).steps
        return [_node(step.operation, step.feeds) for step in steps]


def _node(operation: Any, reads: tuple[int, ...]) -> Node:
    """Describe one operation of a model."""
    output = operation.output
    sides = getattr(output, "shape", ())[1:]  # without the batch
    size = " × ".join("any" if side is None else str(side) for side in sides)
    return Node(_label(operation) if reads else "X", reads, f"{operation.name}\n{size}" if reads else f"\n{size}")


def _label(operation: Any) -> str:
    """Say in a few words what an operation does."""
    kind = type(operation).__name__
    if kind == "Conv2D":
        window, strides = operation.kernel_size, operation.strides
        stride = "" if strides == (1, 1) else f", stride {_side(strides)}"
        rate = "" if operation.dilation_rate == (1, 1) else f", rate {_side(operation.dilation_rate)}"
        return f"Conv2D {_side(window, '×')}, {operation.filters} filters{stride}{rate}"
    if kind == "BatchNormalization":
        axis = operation.axis
        return kind if axis in (-1, 3) else f"{kind}, axis {axis}"
    if kind == "Activation":
        kind = getattr(operation.activation, "__name__", kind)
    return {"Add": SUM, "relu": "ReLU", "Relu": "ReLU"}.get(kind, kind)


def _side(sides: tuple[int, int], sign: str = "") -> str:
    """Write (2, 2) as 2, or as 2×2 with a sign; unequal sides are always written with a sign."""
    return f"{sides[0]}{sign or '×'}{sides[1]}" if sign or sides[0] != sides[1] else str(sides[0])


def draw(nodes: Sequence[Node], title: str = "") -> None:
    """Draw nodes with arrows from what is read to what reads it; Jupyter shows the figure below the cell."""
    layout = arrange(nodes)
    notes = any(node.note for node in nodes)
    side_notes = any(node.note and lane for node, lane in zip(nodes, layout.lanes, strict=True))
    left = layout.x[-1] - BOX_WIDTH / 2 * (len(layout.x) - 1 in layout.lanes) - NOTE_WIDTH * side_notes - GAP / 2
    right = BOX_WIDTH / 2 + NOTE_WIDTH * notes + GAP / 2
    bottom, top = -max(layout.rows) * ROW - ROW / 2, ROW / 2
    figure, axes = plt.subplots(figsize=(right - left, top - bottom + 0.4 * bool(title)), facecolor=PAPER)
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
    axes.axis("off")
    axes.set_title(title, fontsize=12, color=INK, loc="left")
    for start, end, lane in layout.arrows:
        _draw_arrow(axes, _way(nodes, layout, start, end, lane))
    for node, row, lane in zip(nodes, layout.rows, layout.lanes, strict=True):
        _draw_node(axes, node, layout.x[lane], -row * ROW, note_side=-1 if lane else 1)
    figure.tight_layout(pad=0.3)


def arrange(nodes: Sequence[Node]) -> Layout:
    """Find a place for each node and a way for each arrow."""
    rows: list[int] = []
    for node in nodes:
        rows.append(1 + max((rows[i] for i in node.reads), default=-1))
    longest = _longest_way(nodes, rows)
    lanes = [0] * len(nodes)
    taken = {(rows[i], 0) for i in longest}
    for i in sorted(set(range(len(nodes))) - set(longest)):
        wish = max(1, lanes[nodes[i].reads[0]] if nodes[i].reads else 1)
        lanes[i] = _first_free_lane(taken, wish, [rows[i]])
        taken.add((rows[i], lanes[i]))
    arrows: list[tuple[int, int, int | None]] = []
    for end, node in enumerate(nodes):
        for start in node.reads:
            arrows.append((start, end, _lane_of_arrow(start, end, rows, lanes, taken, arrows)))
    return Layout(rows, lanes, arrows, _centres(nodes, lanes, arrows))


def _longest_way(nodes: Sequence[Node], rows: list[int]) -> list[int]:
    """List the nodes on the longest way from an input to the last node."""
    way = [len(nodes) - 1]
    while nodes[way[-1]].reads:
        way.append(max(nodes[way[-1]].reads, key=lambda i: rows[i]))
    return way


def _lane_of_arrow(
    start: int, end: int, rows: list[int], lanes: list[int], taken: set[tuple[int, int]], arrows: list[Any]
) -> int | None:
    """Return the lane in which an arrow passes by the nodes between its ends, and keep that way free of others."""
    first, last = lanes[start], lanes[end]
    if first == last and rows[end] == rows[start] + 1 and (start, end, None) not in arrows:
        return None
    between = list(range(rows[start] + 1, rows[end]))
    lane = max(first, last)
    if first == last or any((row, lane) in taken for row in between):
        lane = _first_free_lane(taken, lane + 1, between or [rows[end]])
    taken.update((row, lane) for row in between or [rows[end]])
    return lane


def _first_free_lane(taken: set[tuple[int, int]], lane: int, rows: list[int]) -> int:
    """Return the first lane, from the given one on, that is free in all these rows."""
    while any((row, lane) in taken for row in rows):
        lane += 1
    return lane


def _centres(nodes: Sequence[Node], lanes: list[int], arrows: Sequence[tuple[int, int, int | None]]) -> list[float]:
    """Return the centre of each lane: lanes with boxes are wide, those with nothing but arrows are narrow."""
    centres, edge = [0.0], -BOX_WIDTH / 2
    for lane in range(1, 1 + max([*lanes, *(lane or 0 for *_, lane in arrows)])):
        half = BOX_WIDTH / 2 if lane in lanes else 0.0
        note = NOTE_WIDTH * any(node.note for node, its_lane in zip(nodes, lanes, strict=True) if its_lane == lane)
        centres.append(edge - GAP - half)
        edge = centres[-1] - half - note
    return centres


def _way(nodes: Sequence[Node], layout: Layout, start: int, end: int, lane: int | None) -> list[tuple[float, float]]:
    """Return the corners of an arrow; it goes between the rows where something stands in its way."""
    (x1, y1), (x2, y2) = ((layout.x[layout.lanes[i]], -layout.rows[i] * ROW) for i in (start, end))
    (width1, height1), (width2, height2) = (_half_size(nodes[i]) for i in (start, end))
    x = x1 if lane is None else layout.x[lane]
    if x == x1:
        leave = [(x, y1 - height1)]
    elif _is_blocked(layout, start, lane):
        leave = [(x1, y1 - ROW / 2), (x, y1 - ROW / 2)]
    else:
        leave = [(x1 - width1, y1), (x, y1)]
    if x == x2:
        return [*leave, (x, y2 + height2)]
    if _is_blocked(layout, end, lane):
        return [*leave, (x, y2 + ROW / 2), (x2, y2 + ROW / 2), (x2, y2 + height2)]
    return [*leave, (x, y2), (x2 - width2, y2)]


def _half_size(node: Node) -> tuple[float, float]:
    """Return half the width and half the height of a node, in inches."""
    return (RADIUS, RADIUS) if node.label == SUM else (BOX_WIDTH / 2, BOX_HEIGHT / 2)


def _is_blocked(layout: Layout, node: int, lane: int | None) -> bool:
    """Tell whether a box, or the words to the left of a box, stand in a node's row on the way from it to a lane."""
    lanes = [its_lane for its_lane, row in zip(layout.lanes, layout.rows, strict=True) if row == layout.rows[node]]
    return layout.lanes[node] > 0 or any(0 < its_lane <= (lane or 0) for its_lane in lanes)


def _draw_arrow(axes: Axes, way: list[tuple[float, float]]) -> None:
    """Draw a line along the corners with a head at its last piece."""
    axes.plot(*zip(*way, strict=True), color=INK, linewidth=1.3, solid_joinstyle="round", zorder=1)
    style = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", way[-1], way[-2], arrowprops=style)


def _draw_node(axes: Axes, node: Node, x: float, y: float, note_side: int) -> None:
    """Draw one node as a box, or as a circle if it is a sum, with its note to the right (1) or to the left (-1)."""
    colour = COLOURS.get(node.label.replace(",", " ").split()[0], GREY)
    half, _ = _half_size(node)
    shape: Patch = Circle((x, y), RADIUS)
    if node.label != SUM:
        corner = (x - half, y - BOX_HEIGHT / 2)
        shape = FancyBboxPatch(corner, BOX_WIDTH, BOX_HEIGHT, boxstyle="round,pad=0,rounding_size=0.06")
    shape.set(facecolor=colour, edgecolor=INK, linewidth=1, zorder=2)
    axes.add_patch(shape)
    size = 14 if node.label == SUM else 10
    axes.text(x, y, node.label, ha="center", va="center_baseline", fontsize=size, color=INK, zorder=3)
    align = "left" if note_side > 0 else "right"
    axes.text(x + note_side * (half + 0.1), y, node.note.strip(), ha=align, va="center", fontsize=9, color=INK)
