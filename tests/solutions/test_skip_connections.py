"""The reference skip connections: exact properties, shapes, and what reaches what."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.layers import Activation, BatchNormalization, Conv2D

from autograder.checks import network
from autograder.checks.skip_probes import let_everything_pass, reached
from solutions.skip_connections import res_block, skip_add, three_input_model

pytestmark = pytest.mark.tensorflow

PUBLISHED = {1: 163_080, 64: 651_355_776}
"""Weights of the published model at 1/64 of its width, and at its width."""


@pytest.fixture(autouse=True)
def fresh_session() -> None:
    """Layers count from 1 again, and draw the same numbers."""
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)


def noise(*shape: int) -> np.ndarray:
    """Draw standard normal numbers."""
    return np.random.RandomState(0).standard_normal(shape).astype(np.float32)


def skip(*size: int | None) -> keras.Model:
    """Build a model of one skip connection."""
    image = keras.Input(size)
    return keras.Model(image, skip_add(image))


def block(size: tuple[int | None, ...], filters: int, kernel_size: int = 3, strides: int = 1) -> keras.Model:
    """Build a model of one block."""
    image = keras.Input(size)
    return keras.Model(image, res_block(image, filters, kernel_size, strides))


def kinds(model: keras.Model) -> list[str]:
    """Return the kinds of the layers with weights, sorted."""
    return sorted(type(layer).__name__ for layer in model.layers if layer.weights)


def test_skip_add_of_a_picture() -> None:
    """256x256x3 stays 256x256x3, with the 84 weights of three filters of 3x3x3 and their biases."""
    model = skip(256, 256, 3)
    assert model.output_shape == (None, 256, 256, 3)
    assert model.count_params() == 3 * (3 * 3 * 3 + 1)


@pytest.mark.parametrize("channels", [1, 3, 7])
def test_skip_add_is_its_formula(channels: int) -> None:
    """The result is relu(x + conv(x)), for any number of channels and any size."""
    model, x = skip(None, None, channels), noise(2, 6, 5, channels)
    layer = next(layer for layer in model.layers if layer.weights)
    convolved = tf.nn.conv2d(x, layer.kernel.value, 1, "SAME") + layer.bias.value
    np.testing.assert_allclose(model(x), np.maximum(x + convolved, 0), rtol=1e-5, atol=1e-6)
    assert np.asarray(convolved).min() < 0  # so that negative values reach the sum


def test_skip_add_with_a_silent_convolution_is_relu() -> None:
    """With kernel and bias at zero the result is relu(x) exactly, and the gradient of its sum 1 where x > 0."""
    model, x = skip(6, 5, 4), tf.constant(noise(2, 6, 5, 4))
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    with tf.GradientTape() as tape:
        tape.watch(x)
        result = model(x)
        total = tf.reduce_sum(result)
    assert np.array_equal(result, np.maximum(x, 0))
    assert np.array_equal(tape.gradient(total, x), np.asarray(x) > 0)


@pytest.mark.parametrize(
    ("size", "arguments", "projects"),
    [
        ((6, 5, 4), (4,), False),
        ((6, 5, 4), (4, 5), False),
        ((6, 5, 4), (4, 3, 2), True),
        ((6, 5, 4), (7,), True),
        ((6, 5, 1), (7,), True),  # Keras would broadcast the one channel
        ((2, 2, 4), (4, 3, 2), True),  # Keras would broadcast the one pixel of the main path
        ((None, None, 4), (4, 3, 2), True),
        ((None, None, 4), (4,), False),
    ],
)
def test_res_block_projects_where_the_shape_changes(
    size: tuple[int | None, ...], arguments: tuple[int, ...], projects: bool
) -> None:
    """Stride or channels that change call for a projection and its batch normalisation; nothing else does."""
    count = 3 if projects else 2
    model = block(size, *arguments)
    assert kinds(model) == ["BatchNormalization"] * count + ["Conv2D"] * count
    filters, stride = arguments[0], arguments[2] if len(arguments) > 2 else 1
    sides = [side and -(-side // stride) for side in size[:2]]
    assert model.output_shape == (None, *sides, filters)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("filters", [4, 6])
def test_res_block_without_its_main_path(filters: int, stride: int) -> None:
    """With gamma and beta of the last batch normalisation at zero relu(shortcut) is left, exactly."""
    model, x = block((7, 5, 4), filters, 3, stride), noise(2, 7, 5, 4)
    (last,) = [one for one in model.layers if isinstance(one, BatchNormalization) and one.name.endswith("_1")]
    last.gamma.assign(np.zeros(filters))
    shortcut = x
    if (filters, stride) != (4, 1):
        (projection,) = [one for one in model.layers if isinstance(one, Conv2D) and one.kernel_size == (1, 1)]
        shortcut = np.asarray(tf.nn.conv2d(x, projection.kernel.value, stride, "VALID")) / np.sqrt(np.float32(1.001))
        np.testing.assert_allclose(model(x), np.maximum(shortcut, 0), rtol=1e-5, atol=1e-6)
    else:
        assert np.array_equal(model(x), np.maximum(x, 0))


def test_res_block_lets_negative_values_reach_the_sum() -> None:
    """The main path can be negative at its end, the output cannot."""
    model, x = block((6, 5, 4), 4), noise(2, 6, 5, 4)
    main_path = keras.Model(model.input, model.get_layer("batch_normalization_1").output)
    assert np.asarray(main_path(x)).min() < 0
    assert np.asarray(model(x)).min() >= 0


@pytest.mark.parametrize("padding", ["valid", "causal"])
def test_res_block_refuses_other_paddings(padding: str) -> None:
    """A main path that shrinks the map is refused, before Keras can broadcast a map of one pixel."""
    with pytest.raises(ValueError, match=f"padding='{padding}'"):
        res_block(keras.Input((3, 3, 4)), 4, padding=padding)


def published(width: int, size: tuple[int, int, int] = (224, 224, 3)) -> keras.Model:
    """Build the model with three inputs as it was published: two of them lead nowhere."""

    def halve(net: keras.KerasTensor, filters: int, window: int = 3) -> keras.KerasTensor:
        return Activation("relu")(BatchNormalization()(Conv2D(filters, window, strides=2, padding="same")(net)))

    inputs = [keras.Input(size) for _ in range(3)]
    net = halve(inputs[0], width, 7)
    net = res_block(res_block(net, width), width)
    for factor in (2, 4, 8):
        net = halve(net, factor * width)
        net = res_block(res_block(net, factor * width), factor * width)
    ends = []
    for _ in range(3):
        end = net
        for factor in (16, 32):
            end = halve(end, factor * width)
            end = res_block(res_block(end, factor * width), factor * width)
        ends.append(end)
    return keras.Model(inputs, ends)


def count(model: keras.Model) -> int:
    """Count a model's weights by their shapes; they need not have been drawn."""
    return sum(int(np.prod(variable.shape)) for variable in model.variables)


@pytest.mark.parametrize("width", [1, pytest.param(64, marks=pytest.mark.slow)])
def test_size_of_the_model(width: int) -> None:
    """The published model has the known number of weights; the mended one has two more stems, and nothing else."""
    with keras.StatelessScope(initialize_variables=False):
        before, after = published(width), three_input_model(width=width)
    stem = (7 * 7 * 3 + 1) * width + 4 * width
    assert count(before) == PUBLISHED[width]
    assert count(after) == PUBLISHED[width] + 2 * stem
    assert [tuple(output.shape) for output in after.outputs] == [(None, 4, 4, 32 * width)] * 3
    assert [tuple(one.shape) for one in after.inputs] == [(None, 224, 224, 3)] * 3
    assert len({layer.name for layer in after.layers}) == len(after.layers)


def ways(model: keras.Model) -> list[tuple[bool, ...]]:
    """Tell for each input which outputs change with it, when no ReLU is dead."""
    seen = network.Network.of(model)
    let_everything_pass(seen)
    found = reached(seen, [np.abs(noise(*shape[1:])) for shape in model.input_shape])
    return [tuple(f"input {i} reaches output {o}" in found for o in (1, 2, 3)) for i in (1, 2, 3)]


def test_each_input_reaches_each_output() -> None:
    """At width/64 a change of any input changes all three outputs; as published, only the first input does."""
    size = (70, 90, 3)
    assert ways(three_input_model(size, width=1)) == [(True,) * 3] * 3
    assert ways(published(1, size)) == [(True,) * 3, (False,) * 3, (False,) * 3]
