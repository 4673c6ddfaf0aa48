"""Figures of a convolution's windows along one side of a picture: which pixels each of them reads.

Windows are laid down one after the other and never computed: a figure shows how many fit, and no formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

TAP, PADDED, PIXEL, INK, PAPER = "#0072B2", "#D55E00", "#DDDDDD", "#000000", "#FFFFFF"
"""Colours of what is read, of padding, of the input's pixels, of lines; an opaque background for dark pages."""

CELL = 0.30
"""Inches for one pixel."""


@dataclass(frozen=True)
class Windows:
    """One side of a picture and the windows along it.

    Args:
        n: pixels of the side.
        k: taps of a window.
        s: stride, in pixels.
        p: padding at each end in pixels, "valid" or "same".
        d: dilation, in pixels.
    """

    n: int
    k: int
    s: int = 1
    p: int | str = "valid"
    d: int = 1

    @property
    def padding(self) -> tuple[int, int]:
        """Pixels added before and after; of "same" the odd one comes after. Source: Keras's `padding` of Conv2D."""
        if isinstance(self.p, int):
            return self.p, self.p
        if self.p == "valid":
            return 0, 0
        last_start = range(0, self.n, self.s)[-1]
        missing = max(0, last_start + range(0, self.k * self.d, self.d)[-1] + 1 - self.n)
        return missing // 2, missing - missing // 2

    def taps(self) -> list[list[int]]:
        """Return the places that each window reads; place 0 is the first pixel, padding comes before and after."""
        before, after = self.padding
        found: list[list[int]] = []
        for start in range(-before, self.n + after, self.s):
            taps = [start + self.d * tap for tap in range(self.k)]
            if taps[-1] >= self.n + after:
                break
            found.append(taps)
        return found

    @property
    def title(self) -> str:
        """What is drawn, in words."""
        padding = f"p={self.p}" if isinstance(self.p, int) else f'"{self.p}"'
        return f"k={self.k}, s={self.s}, {padding}, d={self.d}:  {self.n} → {len(self.taps())}"


def draw_windows(drawn: Sequence[Windows], columns: int = 2) -> None:
    """Draw the windows along one side, a panel for each setting; every row is one window and makes one output pixel.

    Args:
        drawn: what to draw.
        columns: panels side by side.
    """
    rows = [drawn[start : start + columns] for start in range(0, len(drawn), columns)]
    highs = [1 + max(len(one.taps()) for one in row) for row in rows]
    sides = min(-one.padding[0] for one in drawn), max(one.n + one.padding[1] for one in drawn)  # one scale for all
    size = columns * (CELL * (sides[1] - sides[0]) + 0.8), sum(CELL * high + 0.8 for high in highs)
    _, grid = plt.subplots(
        len(rows), columns, figsize=size, facecolor=PAPER, squeeze=False, layout="constrained", height_ratios=highs
    )
    for axes in grid.flat[len(drawn) :]:
        axes.axis("off")
    for row, high, panels in zip(rows, highs, grid, strict=True):
        for one, axes in zip(row, panels, strict=False):
            _draw_panel(axes, one)
            axes.set(xlim=(sides[0] - 0.6, sides[1] - 0.4), ylim=(high - 0.4, -0.6), aspect="equal", anchor="NW")


def _draw_panel(axes: Axes, one: Windows) -> None:
    """Draw the input as a strip, and below it one strip for each window with its taps filled."""
    (before, after), taps = one.padding, one.taps()
    for row, filled in enumerate([None, *taps]):
        for place in range(-before, one.n + after):
            _draw_pixel(axes, place, row, inside=0 <= place < one.n, read=filled is not None and place in filled)
    axes.set_xticks(range(0, one.n, 2 if one.n > 8 else 1))
    axes.set_yticks(range(len(taps) + 1), ["input", *map(str, range(1, len(taps) + 1))])
    axes.set_xlabel("place along one side, in pixels")
    axes.set_ylabel("window")
    axes.set_title(one.title, loc="left", fontsize=10, color=INK)
    axes.tick_params(length=0, labelsize=8)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_pixel(axes: Axes, place: int, row: int, inside: bool, read: bool) -> None:
    """Draw one pixel: read ones are filled, those of the padding hatched, so that no colour is needed."""
    colour = TAP if read else PIXEL if inside and row == 0 else PAPER
    edge, hatch = (INK, "") if inside else (PADDED, "////" if not read else "")
    axes.add_patch(
        Rectangle((place - 0.45, row - 0.4), 0.9, 0.8, facecolor=colour, edgecolor=edge, hatch=hatch, linewidth=0.7)
    )
