"""Modes that are built into a model: how they cross, and how a model is computed as it was built."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import pytest

from autograder.checks import arithmetic, network
from autograder.checks.calls import Asked, answer
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.checks.registry import find_assignment
from autograder.checks.structure import Step

pytestmark = pytest.mark.tensorflow

L = keras.layers


def in_a_model(X: Any, training: bool) -> Any:
    """Tell a model inside the mode."""
    return keras.Sequential([L.Conv2D(2, 3), L.BatchNormalization()])(X, training=training)


def in_a_layer(X: Any, training: bool) -> Any:
    """Tell a layer the mode."""
    return L.BatchNormalization()(L.Conv2D(2, 3)(X), training=training)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("subject", [in_a_layer, in_a_model])
def test_a_mode_that_is_built_in_crosses(subject: Callable[..., Any], training: bool) -> None:
    """The layer is told the mode, whether by itself or through the model that it stands in."""
    with network.fresh_keras():
        asked = Asked(lambda call: answer(subject, call))
        model = network.build(lambda X: asked(X, training), (5, 5, 3))
        assert network.fixed_training(model) == (f"BatchNormalization 1 on the longest path: {training}",)


@pytest.mark.parametrize("asked_for", [True, False, None])
@pytest.mark.parametrize("built_in", [True, False])
def test_a_mode_that_is_built_in_is_computed_as_keras_does(
    built_in: bool, asked_for: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways agree in outputs and moving statistics; with None the layer keeps what it was built with."""
    x = network.normal(0, (4, 5, 5, 3))
    found = []
    with network.fresh_keras():
        for plan in (arithmetic.plan, lambda steps: None):
            monkeypatch.setattr(arithmetic, "plan", plan)
            model = network.build(lambda X: in_a_layer(X, built_in), x.shape[1:])
            network.perturb(model, 1)
            before = network.moving_statistics(model)
            y = network.run(model, x, training=asked_for)
            moved = not np.array_equal(before, network.moving_statistics(model))
            assert moved == (built_in if asked_for is None else asked_for)
            found.append((y, network.moving_statistics(model)))
    for mine, kerass in zip(*found, strict=True):
        np.testing.assert_allclose(mine, kerass, rtol=1e-5, atol=1e-5)


def test_a_model_that_came_with_its_weights_can_be_run_by_keras() -> None:
    """Its variables have their values once, also where Keras makes those that it still owes."""

    def same(model: keras.Model) -> keras.Model:
        return model

    with network.fresh_keras():
        start = keras.Input((3,))
        given = network.Network.of(keras.Model(start, L.LayerNormalization()(L.Dense(2)(start))))
        network.perturb(given, 1)
        back = network.Network.of(Asked(lambda call: answer(same, call))(given))
        x = network.normal(0, (4, 3))
        np.testing.assert_allclose(network.run(back, x, training=True), network.run(given, x, training=True), rtol=1e-5)


@pytest.mark.parametrize("name", ["identity_block", "convolutional_block"])
def test_a_mode_that_is_built_in_needs_no_keras(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The references of the training edition are computed in the quick way, in both modes."""
    from solutions import training_blocks

    exercise = next(one for one in find_assignment("04_batchnorm_modes").exercises if one.name == name)
    made: list[object] = []
    plan = arithmetic.plan

    def noted(steps: Sequence[Step]) -> object:
        made.append(plan(steps))
        return made[-1]

    monkeypatch.setattr(arithmetic, "plan", noted)
    observe(exercise.probe, getattr(training_blocks, name), exercise.draw(PUBLIC_SEED)[0])
    assert made
    assert None not in made
