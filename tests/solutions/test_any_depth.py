"""The reference networks of any depth against the counts of the paper and against `keras.applications`."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from autograder.checks.side_by_side import comparison, cost, rows, without_weights
from solutions.any_depth import block1, copy_weights, resnet, stack1

pytestmark = pytest.mark.tensorflow

COUNTS = {
    18: (11703912, 11694312, 1.814),
    34: (21823208, 21806184, 3.664),
    50: (25636712, 25583592, 3.858),
    101: (44707176, 44601832, 7.570),
    152: (60419944, 60268520, 11.282),
}
"""Depth to parameters, trainable parameters and 1e9 multiply-adds at 224x224x3 with 1000 classes."""

PAPER = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}
"""Table 1 of He et al. 2015: multiply-adds, there called FLOPs, in 1e9."""

BLOCKS = {18: 8, 34: 16, 50: 16, 101: 33, 152: 50}

KERAS: dict[int, Callable[..., keras.Model]] = {
    50: keras.applications.ResNet50,
    101: keras.applications.ResNet101,
    152: keras.applications.ResNet152,
}

EVERY_DEPTH = pytest.mark.parametrize(
    "depth", [18, 34, 50, pytest.param(101, marks=pytest.mark.slow), pytest.param(152, marks=pytest.mark.slow)]
)


@pytest.fixture(autouse=True)
def fresh_session() -> None:
    """Layer names are free again."""
    keras.utils.clear_session(free_memory=False)


@EVERY_DEPTH
def test_counts(depth: int) -> None:
    """Parameters are those of the conventions, multiply-adds those of the paper, and the depth is what it says."""
    with without_weights():
        model = resnet(depth)
    parameters, trainable, billions = COUNTS[depth]
    found = cost(model)
    assert (found.parameters, found.trainable, found.depth) == (parameters, trainable, depth)
    assert found.multiply_adds / 1e9 == pytest.approx(billions, abs=5e-4)
    assert found.multiply_adds / 1e9 == pytest.approx(PAPER[depth], abs=0.07)
    assert sum(isinstance(layer, keras.layers.Add) for layer in model.layers) == BLOCKS[depth]


@pytest.mark.parametrize(
    "depth", [50, pytest.param(101, marks=pytest.mark.slow), pytest.param(152, marks=pytest.mark.slow)]
)
def test_layers_are_those_of_keras(depth: int) -> None:
    """Names, settings, wiring, shapes and parameters of all layers agree with keras.applications."""
    with without_weights():
        mine, theirs = rows(resnet(depth)), rows(KERAS[depth](weights=None))
    assert f"All {len(theirs) - 1} layers agree" in comparison(mine, theirs)
    assert len(mine) == len(theirs)


def test_a_difference_is_marked() -> None:
    """A stride in another place is found, and said to be the first of the differences."""
    with without_weights():
        theirs = rows(KERAS[50](weights=None))
        mine = rows(resnet(50, classes=10))
    table = comparison(mine, theirs)
    assert "The first of 1 differences" in table
    assert "->" in next(line for line in table.splitlines() if "predictions" in line)


def randomise(model: keras.Model, seed: int) -> None:
    """Set all weights and statistics at random; what a block adds is small, so that the softmax does not saturate."""
    random = np.random.default_rng(seed)
    for layer in model.layers:
        for weight in layer.weights:
            shape = tuple(weight.shape)
            if weight.name == "kernel":
                drawn = random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[:-1]))
            elif weight.name in ("gamma", "moving_variance"):
                last = weight.name == "gamma" and layer.name.endswith("_3_bn")
                drawn = random.uniform(0.5, 1.5, shape) * (0.05 if last else 1)
            else:
                drawn = random.standard_normal(shape) / 10
            weight.assign(drawn)


@pytest.mark.slow
@pytest.mark.parametrize("depth", KERAS)
def test_outputs_are_those_of_keras(depth: int) -> None:
    """With all weights and statistics copied by name the outputs agree to 1e-5, and they are no constant."""
    theirs = KERAS[depth](weights=None, input_shape=(64, 64, 3), classes=10)
    mine = resnet(depth, input_shape=(64, 64, 3), classes=10)
    randomise(theirs, 0)
    assert copy_weights(theirs, mine) == ([], [])
    pictures = np.random.default_rng(1).standard_normal((2, 64, 64, 3)).astype(np.float32)
    for training in (False, True):
        expected = np.asarray(theirs(pictures, training=training))
        np.testing.assert_allclose(mine(pictures, training=training), expected, atol=1e-5)
        assert 0.01 < expected.max() < 0.999
        assert not np.allclose(expected[0], expected[1], atol=1e-3)


@pytest.mark.parametrize("depth", [0, 20, 51, 151, "50"])
def test_other_depths_raise(depth: Any) -> None:
    """A depth that the paper does not have is refused, and named."""
    with pytest.raises(ValueError, match=f"depth is {depth}; it must be one of"):
        resnet(depth)


@pytest.mark.parametrize("divisor", [4, 16])
def test_divisor_divides_every_number_of_filters(divisor: int) -> None:
    """A narrow network has the same layers with fewer filters."""
    with without_weights():
        narrow, wide = (rows(resnet(50, (32, 32, 3), classes=4, divisor=one)) for one in (divisor, 1))
    filters = [(a.shape[-1], b.shape[-1]) for a, b in zip(narrow[:-1], wide[:-1], strict=True) if a.parameters]
    assert all((a or 0) * divisor == b for a, b in filters)


def test_identity_needs_equal_channels() -> None:
    """Without a projection other channels are refused, where Keras's Add would broadcast a single one silently."""
    with pytest.raises(ValueError, match="x has 1 channels, 4 \\* filters is 8"):
        block1(keras.Input((4, 4, 1)), 2, conv_shortcut=False, name="b")


def test_a_silent_main_path_leaves_relu_of_the_input() -> None:
    """With gamma and beta of the last batch normalisation at zero the identity block is relu, exactly."""
    inputs = keras.Input((5, 6, 8))
    model = keras.Model(inputs, block1(inputs, 2, conv_shortcut=False, name="b"))
    model.get_layer("b_3_bn").gamma.assign(np.zeros(8))
    x = np.random.default_rng(0).standard_normal((2, 5, 6, 8)).astype(np.float32)
    np.testing.assert_array_equal(model(x, training=False), np.maximum(x, 0))


@pytest.mark.parametrize(("blocks", "stride"), [(1, 2), (3, 1), (2, 3)])
def test_a_stack_has_its_blocks(blocks: int, stride: int) -> None:
    """Only the first block has a projection, and only it divides the sides."""
    inputs = keras.Input((11, 7, 5))
    model = keras.Model(inputs, stack1(inputs, 2, blocks, stride1=stride, name="s"))
    assert model.output.shape == (None, -(-11 // stride), -(-7 // stride), 8)
    projections = [layer.name for layer in model.layers if layer.name.endswith("_0_conv")]
    assert projections == ["s_block1_0_conv"]
    assert sum(layer.name.endswith("_out") for layer in model.layers) == blocks


def test_weights_that_do_not_fit_are_reported_and_left_alone() -> None:
    """The head of another number of classes keeps its weights, and all else is copied, statistics included."""
    source, target = resnet(18, (32, 32, 3), classes=5, divisor=16), resnet(18, (32, 32, 3), classes=4, divisor=16)
    randomise(source, 0)
    before = target.get_layer("predictions").get_weights()
    assert copy_weights(source, target) == (["predictions"], ["predictions"])
    for old, now in zip(before, target.get_layer("predictions").get_weights(), strict=True):
        np.testing.assert_array_equal(old, now)
    for layer in target.layers[1:-1]:  # the input has a name of its own
        for mine, theirs in zip(layer.get_weights(), source.get_layer(layer.name).get_weights(), strict=True):
            np.testing.assert_array_equal(mine, theirs)
