"""Models, and what stands beside a student's function, cross in both directions as plain data."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from autograder.checks import network
from autograder.checks.calls import Asked, SubjectRaised, answer
from autograder.checks.packing import ByName

pytestmark = pytest.mark.tensorflow

L = keras.layers


def asked(subject: Callable[..., Any]) -> Asked:
    """Use a function of this module from afar."""
    return Asked(lambda call: answer(subject, call))


def small(width: int) -> keras.Model:
    """Build a model of its own."""
    image = keras.Input((4, 4, 3), name="image")
    X = L.BatchNormalization(name="bn")(L.Conv2D(width, 3, name="conv", kernel_initializer="ones")(image))
    return keras.Model(image, [L.GlobalAveragePooling2D()(X), X], name="small")


def perturbed(model: keras.Model, seed: int = 1) -> network.Network:
    """Give a model's weights values that are kept beside it."""
    found = network.Network.of(model)
    network.perturb(found, seed)
    return found


def nested() -> keras.Model:
    """Build a model with a model inside."""
    image = keras.Input((4, 4, 3))
    return keras.Model(image, L.BatchNormalization(name="outer")(small(2)(image)[1]))


def test_a_model_that_a_function_returns_computes_the_same() -> None:
    """A returned model is built again with its name, its inputs and outputs, and computes the same values."""
    with network.fresh_keras():
        here, there = perturbed(small(5)), perturbed(asked(small)(5))
        x = network.normal(3, (2, 4, 4, 3))
        assert there.model.name == "small"
        for one, other in zip(
            network.outputs(here, [x], training=False), network.outputs(there, [x], training=False), strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=1e-6)


def test_no_weight_is_drawn_for_a_model_that_is_only_looked_at() -> None:
    """Of a returned model the weights are known by their initializers, however many there are."""
    with network.fresh_keras():
        assert all(variable._value is None for variable in asked(small)(5).variables)


def test_a_model_is_given_with_its_weights_and_changed_in_place() -> None:
    """A function gets two models with the probe's weights, and what it makes of one of them comes back."""

    def copy_weights(source: keras.Model, target: keras.Model) -> None:
        target.get_layer("conv").set_weights(source.get_layer("conv").get_weights())

    with network.fresh_keras():
        source, target = perturbed(small(3)), perturbed(small(3), 2)
        changed = network.Network.of(asked(copy_weights).giving_back(1)(source, target))
        values = [one.values[id(one.model.get_layer("conv").kernel)] for one in (source, target, changed)]
        assert np.array_equal(values[0], values[2])
        assert not np.array_equal(values[1], values[2])


def test_a_model_inside_a_model_stays_one_where_a_student_is_given_it() -> None:
    """A function sees the model inside; what it froze there is seen here."""

    def freeze(model: keras.Model) -> keras.Model:
        inner = [layer for layer in model.layers if isinstance(layer, keras.Model)]
        for layer in inner[0].layers:
            layer.trainable = False
        return model

    with network.fresh_keras():
        given = perturbed(nested())
        frozen = asked(freeze)(given)
        assert {layer.name for layer in frozen.layers if layer.variables and not layer.trainable} == {"conv", "bn"}
        x = network.normal(3, (2, 4, 4, 3))
        one, other = (network.outputs(net, [x], training=False)[0] for net in (given, network.Network.of(frozen)))
        np.testing.assert_allclose(one, other, rtol=1e-5)


def unit(x: Any, depth: int) -> Any:
    """Stand for a student's unit."""
    raise ValueError("the student's own unit is wrong")


class Pair(tuple[Any, ...]):
    """Stand for a namedtuple of a student's."""

    def __new__(cls, *items: Any) -> "Pair":
        """Keep the items."""
        return super().__new__(cls, items)


def stack(x: Any, pair: Any) -> Any:
    """Use what is beside this function."""
    function, options = pair
    return function(x, **options)


def test_what_stands_beside_the_function_is_found_by_name() -> None:
    """A name is looked up beside the student's function, where a stand-in counts; a missing one is told."""
    with network.fresh_keras():
        x = keras.Input((4, 4, 3))
        pair = ByName("Pair", [ByName("unit"), {"filters": [4]}])
        found = asked(stack).with_stand_ins(unit={"filters": None})(x, pair)
        assert found.shape == (None, 4, 4, 4)
        with pytest.raises(SubjectRaised, match="missing is not defined"):
            asked(stack)(x, ByName("missing"))


def test_a_model_of_a_students_own_class_is_refused_in_one_sentence() -> None:
    """A subclassed model has no layers that could cross."""

    class Own(keras.Model):
        """A model without a graph."""

    with network.fresh_keras(), pytest.raises(Exception, match="whose layers cannot be seen"):
        asked(lambda: Own())()
