"""Where the nodes of a diagram stand and how its arrows run; nothing is drawn here.

The longest way from the input to the output goes from top to bottom; everything that passes beside it, such as the
shortcut, runs in lanes to its left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SUM = "+"
"""The label of an addition, which is drawn as a circle."""

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
        settings: what else is chosen, each as `key=value`; a name among them only if somebody gave it.
    """

    label: str
    reads: tuple[int, ...] = ()
    note: str = ""
    settings: tuple[str, ...] = ()


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


def way(nodes: Sequence[Node], layout: Layout, start: int, end: int, lane: int | None) -> list[tuple[float, float]]:
    """Return the corners of an arrow; it goes between the rows where something stands in its way."""
    (x1, y1), (x2, y2) = ((layout.x[layout.lanes[i]], -layout.rows[i] * ROW) for i in (start, end))
    (width1, height1), (width2, height2) = (half_size(nodes[i]) for i in (start, end))
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


def half_size(node: Node) -> tuple[float, float]:
    """Return half the width and half the height of a node, in inches."""
    return (RADIUS, RADIUS) if node.label == SUM else (BOX_WIDTH / 2, BOX_HEIGHT / 2)


def _is_blocked(layout: Layout, node: int, lane: int | None) -> bool:
    """Tell whether a box, or the words to the left of a box, stand in a node's row on the way from it to a lane."""
    lanes = [its_lane for its_lane, row in zip(layout.lanes, layout.rows, strict=True) if row == layout.rows[node]]
    return layout.lanes[node] > 0 or any(0 < its_lane <= (lane or 0) for its_lane in lanes)
