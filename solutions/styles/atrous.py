"""Right atrous residual networks written differently."""

from autograder.course.mistakes import Style
from solutions.styles.atrous_blocks import IN_BLOCK, IN_NETWORK, IN_STACK
from solutions.styles.atrous_units import IN_BOTTLENECK, IN_CONV2D_SAME, IN_SUBSAMPLE

STYLES: dict[str, tuple[Style, ...]] = {
    "subsample": IN_SUBSAMPLE,
    "conv2d_same": IN_CONV2D_SAME,
    "bottleneck": IN_BOTTLENECK,
    "resnet_v1_block": IN_BLOCK,
    "stack_blocks_dense": IN_STACK,
    "atrous_resnet": IN_NETWORK,
}
"""Name of an exercise to its styles."""
