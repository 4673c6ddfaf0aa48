"""Merged tensors and activations: computed here, or left to Keras, they are what Keras makes of them."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from autograder.checks import network

pytestmark = pytest.mark.tensorflow

L, ops, relu = keras.layers, keras.ops, keras.activations.relu


def mean(X: Any) -> Any:
    """Return one number per image and channel."""
    return L.AveragePooling2D((5, 4))(X)


def vector(X: Any) -> Any:
    """Return a tensor of another rank."""
    return L.Flatten()(mean(X))


def half(X: Any) -> Any:
    """Return a tensor that differs from X."""
    return L.ReLU()(X)


COMPUTED_HERE: dict[str, Callable[[Any], Any]] = {
    "Add": lambda X: L.Add()([X, half(X), X]),
    "Subtract": lambda X: L.Subtract()([X, half(X)]),
    "Subtract the other way": lambda X: L.Subtract()([half(X), X]),
    "Multiply": lambda X: L.Multiply()([X, half(X), X]),
    "Maximum": lambda X: L.Maximum()([X, half(X), mean(X)]),
    "Average": lambda X: L.Average()([X, half(X), X]),
    "Average of one": lambda X: L.Average()([X]),
    "Multiply a whole image": lambda X: L.Multiply()([mean(X), X]),
    "add": lambda X: ops.add(X, half(X)),
    "subtract": lambda X: ops.subtract(X, half(X)),
    "minus itself": lambda X: X - X,
    "multiply": lambda X: ops.multiply(X, half(X)),
    "squared": lambda X: X * X,
    "maximum": lambda X: ops.maximum(mean(X), X),
    "maximum with 0": lambda X: ops.maximum(X, 0),
    "0 with maximum": lambda X: ops.maximum(0.0, X),
    "maximum with a half": lambda X: ops.maximum(X, 0.5),
    "relu": lambda X: relu(X),
    "sigmoid": lambda X: L.Activation("sigmoid")(X),
    "convolution with sigmoid": lambda X: L.Conv2D(2, 1, activation="sigmoid", kernel_initializer="ones")(X),
}

LEFT_TO_KERAS: dict[str, Callable[[Any], Any]] = {
    "ranks": lambda X: L.Add()([X, vector(X)]),
    "ranks, subtracted": lambda X: L.Subtract()([X, vector(X)]),
    "ranks, averaged": lambda X: L.Average()([X, vector(X)]),
    "a constant": lambda X: X - 1,
    "a constant before": lambda X: 2 * X,
    "an array": lambda X: ops.maximum(X, np.zeros(3, np.float32)),
    "True": lambda X: ops.maximum(X, True),
    "half precision": lambda X: L.Average(dtype="float16")([X, X]),
    "a slope": lambda X: relu(X, negative_slope=0.1),
    "no slope": lambda X: relu(X, negative_slope=None),
    "a largest value": lambda X: relu(X, max_value=1.0),
    "a threshold": lambda X: relu(X, threshold=-1.0),
    "no threshold": lambda X: relu(X, threshold=None),
}


def subtracted_again(count: int) -> Callable[[Any], Any]:
    """Call one Subtract twice, the second time with so many tensors, of which Keras's `build` then sees nothing."""

    def block(X: Any) -> Any:
        subtract, other = L.Subtract(), half(X)
        return subtract([subtract([X, other]), X, other][:count])

    return block


@pytest.mark.parametrize("name", [*COMPUTED_HERE, *LEFT_TO_KERAS])
def test_as_keras_makes_it(name: str) -> None:
    """Output and gradient are Keras's, or what Keras raises is raised."""
    computed_here = name in COMPUTED_HERE
    with network.fresh_keras():
        model = network.build({**COMPUTED_HERE, **LEFT_TO_KERAS}[name], (5, 4, 3))
        assert (model._plan is not None) is computed_here
        mine = observed(model)
        model.__dict__["_plan"] = None
        kerass = observed(model)
    if isinstance(kerass, str):
        assert mine == kerass
    else:
        for one, other in zip(mine, kerass, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("count", [1, 3])
def test_a_difference_is_of_two(count: int) -> None:
    """Where Keras raises only once it computes, so it does here."""
    with network.fresh_keras():
        model = network.build(subtracted_again(count), (5, 4, 3))
        assert "exactly 2" in observed(model)


def observed(model: network.Network) -> Any:
    """Return the output and the gradient, or what was raised."""
    x = network.normal(1, (2, 5, 4, 3))
    try:
        return network.run(model, x, False), network.input_gradient(model, x, 1)
    except Exception as error:
        return f"{type(error).__name__} {error}"
