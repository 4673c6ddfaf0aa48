"""The one gap of assignment `00_start_here`: what is left to add."""

import numpy as np


def residual(target: float | np.ndarray, x: float | np.ndarray) -> float | np.ndarray:
    """What has to be added to x to get target: the sum of x and the residual is the target.

    Args:
        target: a number, or an array of any shape.
        x: a number, or an array of the same shape.

    Returns:
        A number, or an array of the same shape; target and x stay as they are.

    Source: He et al. 2015, section 3.1: F(x) = H(x) - x, the residual function.
    """
    ### START CODE HERE ###
    difference = target - x
    ### END CODE HERE ###

    return difference
