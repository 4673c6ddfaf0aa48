"""Weights with which the epsilon of a normalisation shows, in inference and in training mode.

Beside a variance of 1 it is hardly seen whether epsilon is 0.001 or 0.00001, and whether a check sees it hangs on the
draw; beside a variance of 0.001 it makes a third.

Importing this module imports TensorFlow.
"""

import numpy as np

from autograder.checks.network import Network

SHRUNK = 1e-3
"""Factor that brings variances, which are about 1 after `network.perturb`, to Keras's epsilon of 0.001."""


def shrink_variances(network: Network) -> None:
    """Bring all moving variances near to epsilon, and gamma down as much: outputs in inference keep their size."""
    _multiply(network, {"moving_variance": SHRUNK, "gamma": SHRUNK**0.5})


def shrink_kernels(network: Network) -> None:
    """Bring what convolutions make down, so that a batch's variance is near to epsilon in training mode."""
    _multiply(network, {"kernel": SHRUNK**0.5})


def _multiply(network: Network, factors: dict[str, float]) -> None:
    for place in network.places:
        for weight in place.layer.weights:
            if weight.name in factors:
                network.values[id(weight)] = network.values[id(weight)] * np.float32(factors[weight.name])
