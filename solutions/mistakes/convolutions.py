"""Mistakes in the four gaps of assignment 01.

Sources: public threads on output sizes and on code of Keras 1 (keras-team/keras#10300, #9259, #6006), false claims that
are often repeated ("same keeps the size", "FLOPs count twice"), and each sign and factor that can be forgotten.
"""

from autograder.course.mistakes import Mistake
from solutions.mistakes.convolution_calls import IN_FIX_CONVOLUTION2D
from solutions.mistakes.convolution_costs import IN_COUNT_MACS, IN_COUNT_PARAMS
from solutions.mistakes.convolution_sizes import IN_CONV_OUTPUT_SHAPE

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "conv_output_shape": IN_CONV_OUTPUT_SHAPE,
    "count_params": IN_COUNT_PARAMS,
    "count_macs": IN_COUNT_MACS,
    "fix_convolution2d": IN_FIX_CONVOLUTION2D,
}
"""Name of an exercise to its mistakes."""
