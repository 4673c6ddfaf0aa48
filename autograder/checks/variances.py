"""Weights with which the epsilon of a normalisation shows.

Importing this module imports TensorFlow.
"""

import numpy as np

from autograder.checks.network import Network

SHRUNK = 1e-3
"""Factor that brings the variances of `network.perturb`, which are about 1, to Keras's epsilon of 0.001."""


def shrink_variances(network: Network) -> None:
    """Bring all moving variances near to epsilon, and gamma down as much, so that the outputs keep their size.

    Beside a variance of 1 it is hardly seen whether epsilon is 0.001 or 0.00001; beside one of 0.001 it makes a third.
    """
    for place in network.places:
        for weight in place.layer.weights:
            if weight.name in ("moving_variance", "gamma"):
                factor = SHRUNK if weight.name == "moving_variance" else SHRUNK**0.5
                network.values[id(weight)] = network.values[id(weight)] * np.float32(factor)
