"""Models are seen by structure: names, order of creation and Keras's global state do not matter."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from autograder.checks import network
from autograder.checks.fault import SubjectFault

pytestmark = pytest.mark.tensorflow

Layers = keras.layers


def branches(X: Any) -> Any:
    """Add two convolutions of equal shape, one behind another and one alone."""
    main = Layers.Conv2D(3, 1)(Layers.Conv2D(3, 1)(X))
    return Layers.Add()([main, Layers.Conv2D(3, 1)(X)])


def branches_in_another_order(X: Any) -> Any:
    """Do the same with the layers made, named, called and added in another order."""
    alone, second, first = (Layers.Conv2D(3, 1, name=name) for name in "cab")
    shortcut = alone(X)
    return shortcut + second(first(X))


def branches_in_a_sequential(X: Any) -> Any:
    """Do the same with a model inside."""
    main = keras.Sequential([Layers.Conv2D(3, 1), Layers.Conv2D(3, 1)])
    return Layers.Add()([Layers.Conv2D(3, 1)(X), main(X)])


def perturbed_output(call: Callable[..., Any]) -> np.ndarray:
    """Return the output of a perturbed model."""
    with network.fresh_keras():
        model = network.build(call, (4, 4, 3))
        network.perturb(model, 7)
        return network.run(model, network.normal(1, (2, 4, 4, 3)), training=False)


@pytest.mark.parametrize("other", [branches_in_another_order, branches_in_a_sequential])
def test_weights_follow_the_place(other: Callable[..., Any]) -> None:
    """Perturbed weights depend on the place along the graph, not on names, order or nesting."""
    np.testing.assert_array_equal(perturbed_output(branches), perturbed_output(other))


def test_layers_of_equal_shape_differ_by_place() -> None:
    """Two convolutions of one shape get different weights, so that swapping them is seen."""
    with network.fresh_keras():
        model = network.build(branches, (4, 4, 3))
        network.perturb(model, 7)
        kernels = [np.asarray(model.values[id(place.layer.kernel)]) for place in model.places]
    assert len(kernels) == 3
    assert not any(np.array_equal(kernels[i], kernels[j]) for i, j in [(0, 1), (0, 2), (1, 2)])


def test_a_shared_layer_is_one_place() -> None:
    """A layer that is used twice has its weights once, which the list of layers shows."""

    def shared(X: Any) -> Any:
        layer = Layers.Conv2D(3, 1)
        return layer(layer(X))

    with network.fresh_keras():
        assert len(network.layers_by_weights(network.build(shared, (4, 4, 3)))) == 1


def test_sources_tell_inputs_apart() -> None:
    """Layers that stand alike behind different inputs get different weights."""
    with network.fresh_keras():
        model = network.build(lambda a, b: Layers.Add()([Layers.Dense(2)(a), Layers.Dense(2)(b)]), (3,), (3,))
        network.perturb(model, 7)
        first, second = (np.asarray(model.values[id(place.layer.kernel)]) for place in model.places)
    assert not np.array_equal(first, second)


def test_a_deep_network_fits() -> None:
    """A network of 600 layers is walked without a deep recursion."""

    def deep(X: Any) -> Any:
        for _ in range(600):
            X = Layers.Activation("relu")(X)
        return Layers.Dense(1)(X)

    with network.fresh_keras():
        assert len(network.build(deep, (2,)).steps) == 602


@pytest.mark.parametrize(
    ("returned", "word"),
    [(None, "None"), (3, "int"), ("X", "str"), (np.zeros(2), "ndarray"), (Layers.ReLU, "type"), ([], "list")],
)
def test_what_is_no_tensor(returned: object, word: str) -> None:
    """A function that returns something else than a Keras tensor is told what it returned."""
    with network.fresh_keras(), pytest.raises(SubjectFault, match=f"returned .*{word} where a Keras tensor"):
        network.build(lambda X: returned, (2,))


def test_a_layer_instead_of_its_output() -> None:
    """A layer that was not called is told to be one."""
    with network.fresh_keras(), pytest.raises(SubjectFault, match="object of type ReLU"):
        network.build(lambda X: Layers.ReLU(), (2,))


def test_global_state_is_fresh_and_given_back() -> None:
    """What a student's code set for all of Keras does not reach a check, and the check gives it back."""
    keras.config.set_floatx("float64")
    keras.config.set_image_data_format("channels_first")
    try:
        with network.fresh_keras():
            assert keras.config.floatx() == "float32"
            assert keras.config.image_data_format() == "channels_last"
            keras.config.set_epsilon(0.5)
        assert keras.config.floatx() == "float64"
        assert keras.config.image_data_format() == "channels_first"
        assert keras.config.epsilon() == 1e-7
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_image_data_format("channels_last")


def test_canary_is_drawn_as_recorded() -> None:
    """The canary is the generator's own: the same draws as any kernel of that shape with this seed."""
    layer = Layers.Dense(3, kernel_initializer=keras.initializers.glorot_uniform(seed=0))
    layer.build((None, 2))
    np.testing.assert_array_equal(network.canary(), layer.kernel)
