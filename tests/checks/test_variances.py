"""Weights with which epsilon shows."""

import keras
import numpy as np
import pytest

from autograder.checks import network
from autograder.checks.compare import close, distance
from autograder.checks.variances import shrink_kernels, shrink_variances

pytestmark = pytest.mark.tensorflow

RULE = close(relative=1e-4, absolute=1e-5)
SEED = 7


def output(epsilon: float, training: bool, shrunk: bool) -> np.ndarray:
    """Return what a convolution and its batch normalisation make of noise, with perturbed weights."""
    with network.fresh_keras():
        layers = keras.layers.Conv2D(3, 2), keras.layers.BatchNormalization(epsilon=epsilon)
        model = network.build(lambda x: layers[1](layers[0](x)), (4, 5, 3))
        network.perturb(model, SEED)
        if shrunk:
            (shrink_kernels if training else shrink_variances)(model)
        return network.run(model, network.normal(SEED, (2, 4, 5, 3)), training=training)


@pytest.mark.parametrize("training", [False, True])
def test_another_epsilon_is_a_thousand_tolerances_away(training: bool) -> None:
    """Beside variances of one it is a few."""
    assert distance(RULE, output(1e-3, training, shrunk=True), output(1e-5, training, shrunk=True)) > 1000
    assert distance(RULE, output(1e-3, training, shrunk=False), output(1e-5, training, shrunk=False)) < 100


@pytest.mark.parametrize("training", [False, True])
def test_outputs_keep_their_size(training: bool) -> None:
    """Small gammas make up for small variances, and a batch is normalised whatever its kernels are."""
    sizes = [np.std(output(1e-3, training, shrunk)) for shrunk in (True, False)]
    assert 1 / 3 < sizes[0] / sizes[1] < 3
