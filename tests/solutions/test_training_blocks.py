"""The reference blocks of the training edition against numbers that follow from their formulas, and against 03's."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.initializers import Ones, glorot_uniform, random_uniform

from solutions import blocks
from solutions.training_blocks import convolutional_block, identity_block

pytestmark = pytest.mark.tensorflow

S = 1.001**-0.5
"""What a fresh batch normalisation multiplies with in inference: variance 1, epsilon 0.001."""


def ones(seed: int) -> Ones:
    """Make every kernel 1."""
    return Ones()


def constant_images() -> np.ndarray:
    """Return three 4x4x3 images filled with -1, 1 and 3."""
    return np.stack([np.full((4, 4, 3), value, np.float32) for value in (-1, 1, 3)])


def on_an_array(block: Callable[..., Any], x: np.ndarray, *given: Any, **arguments: Any) -> np.ndarray:
    """Use a block on an array."""
    return np.asarray(block(x, *given, **arguments))


def on_an_input(block: Callable[..., Any], x: np.ndarray, *given: Any, **arguments: Any) -> np.ndarray:
    """Use a block on `keras.Input`, and its model on an array."""
    start = keras.Input(x.shape[1:])
    return np.asarray(keras.Model(start, block(start, *given, **arguments))(x))


EITHER_WAY = pytest.mark.parametrize("use", [on_an_array, on_an_input])


@EITHER_WAY
def test_identity_block_with_kernels_of_one_in_inference(use: Callable[..., np.ndarray]) -> None:
    """Each pixel of the image of ones is k * s**3 + 1, where k counts the products that reach it."""
    y = use(identity_block, constant_images(), 2, [4, 4, 3], training=False, initializer=ones)
    negative, one, three = y.mean(axis=-1)
    k = np.full((4, 4), 192.0)
    k[3, :] = k[:, 3] = 96.0
    k[3, 3] = 48.0
    np.testing.assert_allclose(one, k * S**3 + 1, rtol=1e-6)
    np.testing.assert_allclose(one[[0, 0, 3], [0, 3, 3]], [192.712359580, 96.856179790, 48.928089895], rtol=1e-6)
    np.testing.assert_allclose(three, 3 * one, rtol=1e-6)
    assert not negative.any()


@EITHER_WAY
def test_identity_block_with_kernels_of_one_in_training(use: Callable[..., np.ndarray]) -> None:
    """In training the batch's own statistics take the constants away."""
    _, one, three = use(identity_block, constant_images(), 3, [3, 3, 3], initializer=ones).mean(axis=-1)
    np.testing.assert_allclose(one[0, 0], 0.373943, atol=1e-5)
    np.testing.assert_allclose(three[0], [3.237901, 4.139424, 4.139424, 3.237901], atol=1e-5)


@EITHER_WAY
def test_convolutional_block_with_kernels_of_one(use: Callable[..., np.ndarray]) -> None:
    """With stride 2 the four output pixels of the image of ones follow from counting products."""
    y = use(convolutional_block, constant_images(), 2, [2, 4, 6], training=False, initializer=ones)
    np.testing.assert_allclose(y[1].mean(axis=-1), [[98.85469, 50.926598], [50.926598, 26.96255]], rtol=1e-5)


@pytest.mark.parametrize("initializer", [glorot_uniform, random_uniform])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("block", [identity_block, convolutional_block])
def test_an_array_and_an_input_give_the_same(block: Callable[..., Any], training: bool, initializer: Any) -> None:
    """A block computes the same at once and as a model, in both modes and from any initializer."""
    x = np.random.RandomState(0).randn(3, 5, 6, 4).astype(np.float32)
    given = x, 3, [2, 3, 4]
    here = on_an_array(block, *given, training=training, initializer=initializer)
    np.testing.assert_allclose(
        on_an_input(block, *given, training=training, initializer=initializer), here, rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("training", [True, False])
def test_both_editions_compute_the_same(training: bool) -> None:
    """With glorot_uniform this block is that of assignment 03, in the mode that is asked for."""
    keras.utils.clear_session(free_memory=False)
    x = np.random.RandomState(1).randn(3, 4, 4, 6).astype(np.float32)
    start = keras.Input((4, 4, 6))
    named = keras.Model(start, blocks.identity_block(start, 2, [2, 4, 6], 1, "a"))(x, training=training)
    here = on_an_array(identity_block, x, 2, [2, 4, 6], training=training, initializer=glorot_uniform)
    np.testing.assert_allclose(here, named, rtol=1e-5, atol=1e-6)


def test_silent_main_path_leaves_relu_of_the_input() -> None:
    """With gamma and beta of the last batch normalisation at zero the identity block is relu, exactly."""
    start = keras.Input((6, 7, 5))
    model = keras.Model(start, identity_block(start, 3, [2, 4, 5], training=False))
    last = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)][-1]
    last.gamma.assign(np.zeros(5))
    x = tf.constant(np.random.RandomState(0).randn(2, 6, 7, 5).astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = model(x)
        total = tf.reduce_sum(output)
    assert np.array_equal(output, np.maximum(x, 0))
    assert np.array_equal(np.asarray(tape.gradient(total, x)) == 1, np.asarray(x) > 0)


def test_layers_of_equal_shape_start_with_equal_kernels() -> None:
    """The same seed everywhere makes kernels of equal shape identical, whatever the initializer."""
    for initializer in (glorot_uniform, random_uniform):
        start = keras.Input((6, 6, 4))
        model = keras.Model(start, identity_block(start, 1, [4, 4, 4], initializer=initializer))
        first, *others = (layer.kernel for layer in model.layers if isinstance(layer, keras.layers.Conv2D))
        assert all(np.array_equal(first, other) for other in others)


def test_other_channels_raise() -> None:
    """An input whose channels differ from F3 is refused, where Keras's Add might broadcast it silently."""
    with pytest.raises(ValueError, match="X has 1 channels, F3 is 6"):
        identity_block(np.zeros((1, 4, 4, 1), np.float32), 2, [2, 4, 6])
    assert identity_block(np.zeros((1, 4, 4, 1), np.float32), 2, [2, 4, 1]).shape == (1, 4, 4, 1)
