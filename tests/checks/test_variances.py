"""Weights with which epsilon shows."""

import keras
import numpy as np
import pytest

from autograder.checks import network
from autograder.checks.compare import close, distance
from autograder.checks.variances import shrink_variances

pytestmark = pytest.mark.tensorflow

RULE = close(relative=1e-4, absolute=1e-5)
SEED = 7


def output(epsilon: float, shrunk: bool) -> np.ndarray:
    """Return what a batch normalisation makes of noise, with perturbed weights."""
    with network.fresh_keras():
        model = network.build(keras.layers.BatchNormalization(epsilon=epsilon), (4, 5, 3))
        network.perturb(model, SEED)
        if shrunk:
            shrink_variances(model)
        return network.run(model, network.normal(SEED, (2, 4, 5, 3)), training=False)


def test_another_epsilon_is_a_thousand_tolerances_away() -> None:
    """Beside variances of one it is a few."""
    assert distance(RULE, output(1e-3, shrunk=True), output(1e-5, shrunk=True)) > 1000
    assert distance(RULE, output(1e-3, shrunk=False), output(1e-5, shrunk=False)) < 100


def test_outputs_keep_their_size() -> None:
    """What is scaled up by small variances is scaled down by small gammas."""
    sizes = [np.std(output(1e-3, shrunk)) for shrunk in (True, False)]
    assert 1 / 3 < sizes[0] / sizes[1] < 3
