"""Mistakes in the atrous residual network."""

from autograder.course.mistakes import Mistake
from solutions.mistakes.atrous_conv2d_same import IN_CONV2D_SAME
from solutions.mistakes.atrous_network import IN_BLOCK, IN_NETWORK
from solutions.mistakes.atrous_stack import IN_STACK
from solutions.mistakes.atrous_subsample import IN_SUBSAMPLE
from solutions.mistakes.atrous_unit_path import ON_THE_MAIN_PATH
from solutions.mistakes.atrous_unit_sum import IN_SHORTCUT_AND_SUM

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "subsample": IN_SUBSAMPLE,
    "conv2d_same": IN_CONV2D_SAME,
    "bottleneck": ON_THE_MAIN_PATH + IN_SHORTCUT_AND_SUM,
    "resnet_v1_block": IN_BLOCK,
    "stack_blocks_dense": IN_STACK,
    "atrous_resnet": IN_NETWORK,
}
"""Name of an exercise to its mistakes."""
