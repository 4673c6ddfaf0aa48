"""Right answers to the gaps of `solutions/any_depth.py`, written differently."""

from autograder.course.mistakes import Style
from solutions.styles.depth_blocks import IN_BLOCK1, IN_STACK1
from solutions.styles.depth_networks import IN_COPY_WEIGHTS, IN_RESNET

STYLES: dict[str, tuple[Style, ...]] = {
    "block1": IN_BLOCK1,
    "stack1": IN_STACK1,
    "resnet": IN_RESNET,
    "copy_weights": IN_COPY_WEIGHTS,
}
"""Name of an exercise to its styles."""
