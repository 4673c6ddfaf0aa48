"""Draw diagrams with Matplotlib: one, or two side by side with what differs marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch, Patch

from autograder.checks.diagram import (
    BOX_HEIGHT,
    BOX_WIDTH,
    GAP,
    NOTE_WIDTH,
    RADIUS,
    ROW,
    SUM,
    Layout,
    Node,
    arrange,
    half_size,
    way,
)

COLOURS = {
    "Conv2D": "#56B4E9",
    "BatchNormalization": "#E69F00",
    "ReLU": "#009E73",
    SUM: "#F0E442",
}
"""First word of a label to colour; everything else is grey. Source: Okabe and Ito, "Color Universal Design" (2008)."""

GREY, INK, PAPER = "#BBBBBB", "#000000", "#FFFFFF"
"""Other nodes; text and arrows; an opaque background, so that a diagram can be read on a dark page as well."""

TITLE_HEIGHT = 0.4
"""Inches."""

WIDEST = 10.0
"""Inches of a figure that a notebook shows without making its letters too small to read."""


@dataclass(frozen=True)
class Panel:
    """One diagram of a figure.

    Args:
        nodes: what is drawn.
        title: what stands above.
        marks: number of a node to a few words on it, such as "1 missing"; it gets them, a dashed frame and a badge.
    """

    nodes: Sequence[Node]
    title: str = ""
    marks: Mapping[int, str] = field(default_factory=dict)


def draw(nodes: Sequence[Node], title: str = "") -> None:
    """Draw nodes with arrows from what is read to what reads it; Jupyter shows the figure below the cell."""
    draw_panels([Panel(nodes, title)])


def draw_panels(panels: Sequence[Panel]) -> None:
    """Draw diagrams in one figure and in one scale: side by side, or where that is too wide one below the other."""
    layouts = [arrange(panel.nodes) for panel in panels]
    extents = [_extent(panel, layout) for panel, layout in zip(panels, layouts, strict=True)]
    widths, heights = [right - left for left, right, _ in extents], [ROW / 2 - bottom for *_, bottom in extents]
    beside = sum(widths) <= WIDEST
    width, height = (sum(widths), max(heights)) if beside else (max(widths), sum(heights))
    rows, columns = (1, len(panels)) if beside else (len(panels), 1)
    title = TITLE_HEIGHT * any(panel.title for panel in panels)
    figure, grid = plt.subplots(
        rows,
        columns,
        figsize=(width, height + title * rows),
        facecolor=PAPER,
        squeeze=False,
        width_ratios=widths if beside else None,
        height_ratios=None if beside else heights,
    )
    for panel, layout, (left, right, bottom), axes in zip(panels, layouts, extents, grid.flat, strict=True):
        axes.set(
            xlim=(left, right if beside else left + width),
            ylim=(ROW / 2 - height if beside else bottom, ROW / 2),
            aspect="equal",
        )
        axes.axis("off")
        axes.set_title(panel.title, fontsize=12, color=INK, loc="left")
        _draw_panel(axes, panel, layout)
    figure.tight_layout(pad=0.3)


def _extent(panel: Panel, layout: Layout) -> tuple[float, float, float]:
    """Return left, right and bottom of a diagram, in inches; its top is half a row above 0."""
    notes = any(node.note for node in panel.nodes)
    side_notes = any(node.note and lane for node, lane in zip(panel.nodes, layout.lanes, strict=True))
    left = layout.x[-1] - BOX_WIDTH / 2 * (len(layout.x) - 1 in layout.lanes) - NOTE_WIDTH * side_notes - GAP / 2
    return left, BOX_WIDTH / 2 + NOTE_WIDTH * notes + GAP / 2, -max(layout.rows) * ROW - ROW / 2


def _draw_panel(axes: Axes, panel: Panel, layout: Layout) -> None:
    for start, end, lane in layout.arrows:
        _draw_arrow(axes, way(panel.nodes, layout, start, end, lane))
    for number, (node, row, lane) in enumerate(zip(panel.nodes, layout.rows, layout.lanes, strict=True)):
        _draw_node(axes, node, (layout.x[lane], -row * ROW), -1 if lane else 1, panel.marks.get(number, ""))


def _draw_arrow(axes: Axes, corners: list[tuple[float, float]]) -> None:
    """Draw a line along the corners with a head at its last piece."""
    axes.plot(*zip(*corners, strict=True), color=INK, linewidth=1.3, solid_joinstyle="round", zorder=1)
    style = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", corners[-1], corners[-2], arrowprops=style)


def _draw_node(axes: Axes, node: Node, place: tuple[float, float], note_side: int, mark: str) -> None:
    """Draw one node as a box, or as a circle if it is a sum, with its note to the right (1) or to the left (-1)."""
    x, y = place
    colour = COLOURS.get(node.label.replace(",", " ").split()[0], GREY)
    half, half_height = half_size(node)
    shape: Patch = Circle((x, y), RADIUS)
    if node.label != SUM:
        corner = (x - half, y - BOX_HEIGHT / 2)
        shape = FancyBboxPatch(corner, BOX_WIDTH, BOX_HEIGHT, boxstyle="round,pad=0,rounding_size=0.06")
    shape.set(facecolor=colour, edgecolor=INK, linewidth=1, zorder=2)
    if mark:
        shape.set(linewidth=2.6, linestyle=(0, (2.5, 1.5)))
        _draw_badge(axes, (x - note_side * half, y + half_height), mark.split()[0])
    axes.add_patch(shape)
    size = 14 if node.label == SUM else 10
    axes.text(x, y, node.label, ha="center", va="center_baseline", fontsize=size, color=INK, zorder=3)
    align = "left" if note_side > 0 else "right"
    note: dict[str, Any] = {"ha": align, "fontsize": 9, "color": INK}
    beside = x + note_side * (half + 0.1)
    if mark:  # above the note, and set off from it
        axes.text(beside, y + 0.17 if node.note.strip() else y, mark, va="center", fontweight="bold", **note)
        y -= 0.07
    axes.text(beside, y, node.note.strip(), va="center", **note)


def _draw_badge(axes: Axes, place: tuple[float, float], number: str) -> None:
    axes.add_patch(Circle(place, 0.11, facecolor=INK, edgecolor=PAPER, linewidth=1, zorder=4))
    axes.text(*place, number, ha="center", va="center_baseline", fontsize=9, color=PAPER, fontweight="bold", zorder=5)
