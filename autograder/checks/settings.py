"""What the values of a model show badly: which numbers a kernel starts from, and the epsilon of a normalisation.

Importing this module imports TensorFlow.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from autograder.checks.network import Network

SHRUNK = 1e-3
"""Factor that brings the variances of `perturb`, which are about 1, to Keras's epsilon of 0.001."""


def kernel_starts(network: Network, initializer: Any, words: str) -> tuple[str, ...]:
    """Return one line per kernel: which layer's it is, and whether it starts from what an initializer draws.

    The draws are made here and now, so that another version of TensorFlow, which may draw other numbers, changes
    nothing.

    Args:
        network: a network as initialised.
        initializer: an initializer with a seed.
        words: what the initializer is called.

    Returns:
        The lines, such as `Conv2D 2 on the longest path: other numbers than glorot_uniform(seed=0)`.
    """
    return tuple(
        sorted(
            f"{place.role}: {_start(network.values[id(weight)], weight, initializer, words)}"
            for place in network.places
            for weight in place.layer.weights
            if weight.name.endswith("kernel")
        )
    )


def _start(value: np.ndarray, weight: Any, initializer: Any, words: str) -> str:
    drawn = np.asarray(initializer(tuple(weight.shape), dtype=weight.dtype))
    if np.allclose(value, drawn, rtol=1e-5, atol=1e-7):  # numbers that crossed as text keep all digits
        return words
    return f"{'other numbers each time' if _is_unseeded(weight) else 'other numbers'}, not {words}"


def _is_unseeded(weight: Any) -> bool:
    """Tell whether each function call would draw other numbers."""
    if weight._value is not None or not isinstance(weight._initializer, keras.initializers.Initializer):
        return False
    return weight._initializer.get_config().get("seed", 0) is None


def shrink_variances(network: Network) -> None:
    """Bring all moving variances near to epsilon, and gamma down as much, so that the outputs keep their size.

    Beside a variance of 1 an epsilon of 0.001 or 0.00001 is hardly seen; beside one of 0.001 it makes a third.
    """
    for place in network.places:
        for weight in place.layer.weights:
            if weight.name in ("moving_variance", "gamma"):
                factor = SHRUNK if weight.name == "moving_variance" else SHRUNK**0.5
                network.values[id(weight)] = network.values[id(weight)] * np.float32(factor)
