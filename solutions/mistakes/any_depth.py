"""Mistakes in the functions of `solutions/any_depth.py`.

Sources: public threads on residual networks, and each argument, layer and connection that a learner may get wrong.
"""

from autograder.course.mistakes import Mistake
from solutions.mistakes.depth_copying import IN_COPY_WEIGHTS
from solutions.mistakes.depth_ends import THE_HEAD, THE_STEM
from solutions.mistakes.depth_layers import LAYERS
from solutions.mistakes.depth_paths import PATHS
from solutions.mistakes.depth_settings import SETTINGS
from solutions.mistakes.depth_stack import IN_STACK1
from solutions.mistakes.depth_stages import THE_DEPTHS, THE_STAGES

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "block1": PATHS + LAYERS + SETTINGS,
    "stack1": IN_STACK1,
    "resnet": THE_DEPTHS + THE_STEM + THE_STAGES + THE_HEAD,
    "copy_weights": IN_COPY_WEIGHTS,
}
"""Name of an exercise to its mistakes."""
