"""Figures of windows and of costs: what is drawn is what is counted."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from autograder.checks.network_costs import BLOCKS, count_stages, draw_costs, resnet_stages, total
from autograder.checks.window_figures import TAP, Windows, draw_windows
from solutions.convolutions import conv_output_shape, count_macs, count_params

pytestmark = pytest.mark.tensorflow  # the references import Keras


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    """Draw into memory, and leave no figure open."""
    plt.switch_backend("agg")
    yield
    plt.close("all")


@given(
    st.integers(1, 30),
    st.integers(1, 6),
    st.integers(1, 4),
    st.one_of(st.integers(0, 4), st.sampled_from(["same", "valid"])),
    st.integers(1, 3),
)
def test_as_many_windows_are_laid_down_as_the_reference_counts(n: int, k: int, s: int, p: int | str, d: int) -> None:
    """Windows that are laid down one by one are as many as the formula says; stride and dilation may both be large."""
    windows = Windows(n, k, s, p, d)
    assume(windows.taps())
    assert conv_output_shape((n, n), k, s, p, d) == (len(windows.taps()),) * 2


def test_the_odd_pixel_of_same_stands_behind() -> None:
    """Keras pads 224 pixels for a 7x7 window of stride 2 by 2 before and 3 behind; a fixed padding of 3 differs."""
    assert Windows(224, 7, 2, "same").padding == (2, 3)
    assert Windows(224, 7, 2, 3).padding == (3, 3)


def test_every_tap_is_drawn_once() -> None:
    """The filled squares of a panel are the taps of its windows, and its title says their number."""
    drawn = Windows(9, 3, 2, 1)
    draw_windows([drawn], columns=1)
    axes = plt.gca()
    filled = [patch for patch in axes.patches if patch.get_facecolor() == to_rgba(TAP)]
    assert len(filled) == sum(map(len, drawn.taps()))
    assert axes.get_title(loc="left").endswith("9 → 5")


def test_bars_are_as_high_as_the_costs() -> None:
    """The bars of a network add up to its multiply-adds, and to its weights."""
    networks = {str(depth): count_stages(resnet_stages(depth), count_params, count_macs) for depth in BLOCKS}
    draw_costs(networks)
    left, right = plt.gcf().axes
    for place, stages in enumerate(networks.values()):
        drawn = [[bar for bar in axes.patches if isinstance(bar, Rectangle)] for axes in (left, right)]
        bars = [[bar for bar in group if round(bar.get_x() + 0.35) == place] for group in drawn]
        work, weights = (sum(bar.get_height() for bar in group) for group in bars)
        assert work == pytest.approx(total(stages).macs / 1e9)
        assert weights == pytest.approx(total(stages).params / 1e6)
