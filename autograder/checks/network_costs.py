"""What the networks of He et al. 2015 consist of, and what their stages cost, counted with functions that are given.

Source: K. He, X. Zhang, S. Ren, J. Sun, "Deep Residual Learning for Image Recognition" (2015), table 1, and section 3.3
for the projections (option B); K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks" (2014), table 1, for VGG.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

Layer = tuple[int, int, int]
"""Side of the window in pixels, filters, stride in pixels."""

BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
"""Depth of a ResNet to the number of blocks in conv2_x, conv3_x, conv4_x and conv5_x."""

BOTTLENECKS_FROM = 50
"""Networks of at least this depth have blocks of three convolutions and four times the channels between them."""

VGG_CONVOLUTIONS = {16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
"""Depth of a VGG net to the number of convolutions on 224, 112, 56, 28 and 14 pixels."""

CLASSES = 1000
"""Classes of ImageNet."""

COLOURS = {
    "conv1": "#F0E442",
    "conv2_x": "#E69F00",
    "conv3_x": "#56B4E9",
    "conv4_x": "#009E73",
    "conv5_x": "#CC79A7",
    "classifier": "#999999",
}
HATCHES = {"conv1": "", "conv2_x": "//", "conv3_x": "", "conv4_x": "..", "conv5_x": "", "classifier": "xx"}
"""Stage to colour and pattern, so that print without colour will do. Source: Okabe and Ito (2008)."""


@dataclass(frozen=True)
class Path:
    """Convolutions that follow one another.

    Args:
        shape: height, width and channels of the first one's input.
        layers: (k, filters, s) of each.
        bn: whether a batch normalisation follows each of them.
    """

    shape: tuple[int, int, int]
    layers: tuple[Layer, ...]
    bn: bool = True


@dataclass(frozen=True)
class Cost:
    """What a stage or a network costs: multiply-adds for one picture, all weights, those that are trained."""

    macs: int = 0
    params: int = 0
    trainable: int = 0

    def __add__(self, other: Cost) -> Cost:
        """Return the cost of both."""
        return Cost(self.macs + other.macs, self.params + other.params, self.trainable + other.trainable)


def resnet_stages(depth: int) -> dict[str, list[Path]]:
    """List the main paths and the projections of a ResNet for pictures of 224 x 224 x 3, by stage.

    The stride of a bottleneck stands in its first 1x1 convolution. The dense layer at the end is a 1x1 convolution of a
    map of one pixel. Poolings, sums and ReLUs have no weights and are not counted.

    Args:
        depth: 18, 34, 50, 101 or 152.

    Returns:
        Name of each stage, as in table 1 of the paper, to its paths.
    """
    stages = {"conv1": [Path((224, 224, 3), ((7, 64, 2),))]}
    side, channels = 56, 64  # behind the pooling
    for stage, blocks in enumerate(BLOCKS[depth]):
        filters, paths = 64 * 2**stage, []
        for block in range(blocks):
            s = 2 if stage > 0 and block == 0 else 1
            main: tuple[Layer, ...] = ((3, filters, s), (3, filters, 1))
            if depth >= BOTTLENECKS_FROM:
                main = ((1, filters, s), (3, filters, 1), (1, 4 * filters, 1))
            made = main[-1][1]
            paths.append(Path((side, side, channels), main))
            if made != channels:  # the shortcut needs a projection
                paths.append(Path((side, side, channels), ((1, made, s),)))
            side, channels = side // s, made
        stages[f"conv{stage + 2}_x"] = paths
    stages["classifier"] = [Path((1, 1, channels), ((1, CLASSES, 1),), bn=False)]
    return stages


def vgg_stages(depth: int) -> dict[str, list[Path]]:
    """List the convolutions and dense layers of a VGG net, which has no batch normalisation, by stage.

    Args:
        depth: 16 or 19.
    """
    stages, channels = {}, 3
    for stage, convolutions in enumerate(VGG_CONVOLUTIONS[depth]):
        side, filters = 224 // 2**stage, min(512, 64 * 2**stage)
        stages[f"stage {stage + 1}"] = [Path((side, side, channels), ((3, filters, 1),) * convolutions, bn=False)]
        channels = filters
    stages["classifier"] = [Path((1, 1, 7 * 7 * 512), ((1, 4096, 1), (1, 4096, 1), (1, CLASSES, 1)), bn=False)]
    return stages


def count_stages(
    stages: Mapping[str, Sequence[Path]],
    count_params: Callable[..., tuple[int, int]],
    count_macs: Callable[..., int],
) -> dict[str, Cost]:
    """Count what each stage costs.

    Args:
        stages: name of each stage to its paths.
        count_params: (k, channels, filters, bias, bn) to the number of all weights and of those that are trained.
        count_macs: (shape, layers) to the number of multiply-adds.

    Returns:
        Name of each stage to its cost.
    """
    return {
        name: sum((_count_path(path, count_params, count_macs) for path in paths), Cost())
        for name, paths in stages.items()
    }


def _count_path(path: Path, count_params: Callable[..., tuple[int, int]], count_macs: Callable[..., int]) -> Cost:
    cost, channels = Cost(macs=count_macs(path.shape, path.layers)), path.shape[2]
    for k, filters, _ in path.layers:
        params, trainable = count_params(k, channels, filters, True, path.bn)
        cost, channels = cost + Cost(0, params, trainable), filters
    return cost


def total(stages: Mapping[str, Cost]) -> Cost:
    """Return the cost of all stages together."""
    return sum(stages.values(), Cost())


def draw_costs(networks: Mapping[str, Mapping[str, Cost]]) -> None:
    """Draw what each network costs, as bars that are divided by stage: multiply-adds on the left, weights on the right.

    Args:
        networks: name of each network to the costs of its stages.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6), facecolor="white")
    _draw_bars(left, {name: {key: one.macs / 1e9 for key, one in stages.items()} for name, stages in networks.items()})
    _draw_bars(
        right, {name: {key: one.params / 1e6 for key, one in stages.items()} for name, stages in networks.items()}
    )
    left.set(ylabel="multiply-adds for one picture, in billions", title="work")
    right.set(ylabel="weights, in millions", title="weights")
    handles, labels = left.get_legend_handles_labels()
    right.legend(handles[::-1], labels[::-1], loc="upper left", frameon=False)
    figure.tight_layout()


def _draw_bars(axes: Axes, heights: Mapping[str, Mapping[str, float]]) -> None:
    """Draw one bar per network, divided by stage, with its height written above it."""
    for place, stages in enumerate(heights.values()):
        bottom = 0.0
        for stage, height in stages.items():
            label = stage if place == 0 else None
            bars = axes.bar(place, height, 0.7, bottom, color=COLOURS[stage], edgecolor="black", label=label)
            bars[0].set(hatch=HATCHES[stage], linewidth=0.6)
            bottom += height
        axes.annotate(f"{bottom:.1f}", (place, bottom), (0, 3), textcoords="offset points", ha="center")
        axes.margins(y=0.12)
    axes.set_xticks(range(len(heights)), list(heights))
    axes.set_xlabel("network")
    axes.spines[["top", "right"]].set_visible(False)
