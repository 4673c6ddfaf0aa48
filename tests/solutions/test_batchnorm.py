"""Batch normalisation by hand against Keras and against its formulas; freezing against what `fit` does."""

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras.layers import BatchNormalization, Dense

from solutions.batchnorm import batchnorm_forward, freeze_batchnorm

pytestmark = pytest.mark.tensorflow

SHAPES = st.lists(st.integers(2, 4), min_size=2, max_size=4).map(tuple)


def drawn(shape: tuple[int, ...], seed: int) -> list[Any]:
    """Draw x, gamma, beta, running mean and running variance."""
    random = np.random.RandomState(seed)
    channels = shape[-1]
    x = random.normal(2, 3, shape)
    return [x, *random.normal(1, 1, (3, channels)), random.uniform(0.5, 2, channels)]


def fresh(channels: int) -> list[Any]:
    """Return gamma, beta and the running statistics of a fresh layer."""
    return [np.ones(channels), np.zeros(channels), np.zeros(channels), np.ones(channels)]


def forward(given_arrays: list[Any], training: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Use the reference with Keras's own settings."""
    x, gamma, beta, mean, variance = given_arrays
    return batchnorm_forward(x, gamma, beta, mean, variance, training=training)


@given(SHAPES, st.integers(0, 99))
def test_training_mode_gives_each_channel_mean_beta_and_nearly_the_variance_gamma_squared(
    shape: tuple[int, ...], seed: int
) -> None:
    """The batch's variance v becomes gamma**2 v / (v + eps), exactly."""
    x, gamma, beta, mean, variance = drawn(shape, seed)
    y, *_ = batchnorm_forward(x, gamma, beta, mean, variance, training=True)
    axes = tuple(range(x.ndim - 1))
    v = x.var(axis=axes)
    np.testing.assert_allclose(y.mean(axis=axes), beta, atol=1e-9)
    np.testing.assert_allclose(y.var(axis=axes), gamma**2 * v / (v + 0.001), rtol=1e-9)


@given(SHAPES, st.integers(0, 99), st.integers(0, 20), st.floats(0.1, 0.99))
def test_running_statistics_after_k_steps(shape: tuple[int, ...], seed: int, k: int, momentum: float) -> None:
    """On one batch, k steps leave momentum**k of the start, and the rest is the batch's."""
    x, gamma, beta, mean, variance = drawn(shape, seed)
    axes, left = tuple(range(x.ndim - 1)), momentum**k
    expected = left * mean + (1 - left) * x.mean(axis=axes), left * variance + (1 - left) * x.var(axis=axes)
    for _ in range(k):
        _, mean, variance = batchnorm_forward(x, gamma, beta, mean, variance, momentum, training=True)
    np.testing.assert_allclose((mean, variance), expected, rtol=1e-9, atol=1e-12)


@given(SHAPES, st.integers(0, 99))
def test_in_inference_mode_an_example_is_alone(shape: tuple[int, ...], seed: int) -> None:
    """An example by itself has the output that it has in the batch, and nothing moves."""
    x, *others = drawn(shape, seed)
    y, mean, variance = batchnorm_forward(x, *others)
    np.testing.assert_allclose(y[:1], batchnorm_forward(x[:1], *others)[0], rtol=1e-12)
    assert np.array_equal((mean, variance), others[2:])


@given(SHAPES, st.integers(0, 99), st.booleans())
def test_the_arguments_are_left_as_they_are(shape: tuple[int, ...], seed: int, training: bool) -> None:
    """No array that was given is written to."""
    given_arrays = drawn(shape, seed)
    before = [array.copy() for array in given_arrays]
    forward(given_arrays, training)
    assert all(map(np.array_equal, before, given_arrays))


@pytest.mark.parametrize("shape", [(6, 3), (4, 5, 3), (2, 4, 5, 3)])
def test_as_keras_does_it(shape: tuple[int, ...]) -> None:
    """Outputs in both modes and moving statistics after five steps are those of Keras's layer."""
    layer = BatchNormalization(momentum=0.8)
    gamma, beta, mean, variance = fresh(3)
    for step in range(6):
        x = np.random.RandomState(step).normal(2, 3, shape).astype(np.float32)
        y, mean, variance = batchnorm_forward(x, gamma, beta, mean, variance, momentum=0.8, training=step < 5)
        np.testing.assert_allclose(y, layer(x, training=step < 5), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose((mean, variance), (layer.moving_mean, layer.moving_variance), rtol=1e-4)


def test_numeric_gradient_in_training_mode() -> None:
    """Finite differences through the function give (delta_ij - 1/N - x_i x_j / N) / s, with x normalised."""
    x, step = np.random.RandomState(0).normal(2, 3, (5, 1)), 1e-5
    slopes = np.empty((5, 5))
    for j in range(5):
        move = np.zeros_like(x)
        move[j] = step
        up, down = (forward([x + sign * move, *fresh(1)], True)[0] for sign in (1, -1))
        slopes[:, j] = (up - down)[:, 0] / (2 * step)
    s = np.sqrt(x.var() + 0.001)
    z = (x - x.mean()) / s
    np.testing.assert_allclose(slopes, (np.eye(5) - 1 / 5 - z @ z.T / 5) / s, atol=1e-8)


def test_of_a_batch_of_two_only_the_order_is_left() -> None:
    """Two numbers far apart become -1 and 1, however far."""
    for distance in (10, 1000):
        y, *_ = forward([np.array([[0.0], [distance]]), *fresh(1)], True)
        np.testing.assert_allclose(y, [[-1], [1]], atol=1e-4)


def nested() -> keras.Model:
    """Build a model with a batch normalisation at each of three depths, and one dense layer frozen before."""
    inner = keras.Sequential([keras.Input((3,)), Dense(3, trainable=False), BatchNormalization()])
    x = keras.Input((3,))
    middle = keras.Model(x, BatchNormalization()(inner(x)))
    x = keras.Input((3,))
    return keras.Model(x, Dense(1)(BatchNormalization()(middle(x))))


def test_freezing_reaches_every_depth_and_nothing_else() -> None:
    """All three batch normalisations are frozen; of the dense layers each is as it was."""
    model = nested()
    assert freeze_batchnorm(model) is model
    layers = [layer for layer in model._flatten_layers() if layer.weights and not hasattr(layer, "layers")]
    frozen = [layer.trainable for layer in layers if isinstance(layer, BatchNormalization)]
    dense = [layer.trainable for layer in layers if isinstance(layer, Dense)]
    assert frozen == [False] * 3
    assert sorted(dense) == [False, True]


def statistics(model: keras.Model) -> np.ndarray:
    """Return the moving statistics of a model."""
    return np.concatenate([np.ravel(weight) for weight in model.weights if "moving" in weight.path])


@pytest.mark.parametrize("frozen", [False, True])
def test_fit_moves_the_statistics_of_what_is_not_frozen(frozen: bool) -> None:
    """`fit` leaves frozen batch normalisations as they are, and moves others."""
    model = nested()
    if frozen:
        freeze_batchnorm(model)
    model.compile(optimizer="sgd", loss="mse")
    before = statistics(model)
    model.fit(np.random.RandomState(0).normal(5, 3, (8, 3)), np.zeros((8, 1)), verbose=0)
    assert np.array_equal(before, statistics(model)) == frozen


@pytest.mark.parametrize("built_in", [True, False])
def test_fit_and_predict_override_a_mode_that_is_built_in(built_in: bool) -> None:
    """A fixed `training` decides when a model is called; `predict` infers and `fit` trains (keras-team/keras#20285)."""
    x = np.random.RandomState(0).normal(5, 3, (8, 3)).astype(np.float32)
    start = keras.Input((3,))
    model = keras.Model(start, BatchNormalization()(start, training=built_in))
    by_moving = x * 1.001**-0.5
    np.testing.assert_allclose(model.predict(x, verbose=0), by_moving, rtol=1e-5)
    assert np.allclose(model(x), by_moving, rtol=1e-5) == (not built_in)
    before = statistics(model)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, np.zeros((8, 3)), verbose=0)
    assert not np.array_equal(before, statistics(model))
