"""The reference functions of assignment 07 against numbers that follow from their formulas."""

import keras
import numpy as np
import pytest

from solutions.atrous import (
    Block,
    atrous_resnet,
    bottleneck,
    conv2d_same,
    resnet_v1_block,
    stack_blocks_dense,
    subsample,
)

pytestmark = pytest.mark.tensorflow

SAME_STRIDE_1 = {
    4: [[14, 28, 43, 26], [28, 48, 66, 37], [43, 66, 84, 46], [26, 37, 46, 22]],
    5: [
        [14, 28, 43, 58, 34],
        [28, 48, 66, 84, 46],
        [43, 66, 84, 102, 55],
        [58, 84, 102, 120, 64],
        [34, 46, 55, 64, 30],
    ],
}
"""A mesh i + j of that side, convolved with the mesh of side 3."""

STRIDE_2 = {4: [[14, 43], [43, 84]], 5: [[14, 43, 34], [43, 84, 55], [34, 55, 30]]}
"""Every second of these numbers."""

PLAIN_SAME_STRIDE_2 = {4: [[48, 37], [37, 22]], 5: STRIDE_2[5]}
"""What padding="same" makes of it."""


@pytest.fixture(autouse=True)
def fresh_session() -> None:
    """Layer names are free again."""
    keras.utils.clear_session(free_memory=False)


def mesh(side: int) -> np.ndarray:
    """Return the numbers i + j."""
    return np.add.outer(np.arange(side), np.arange(side)).astype(np.float32)


def on_a_mesh(side: int, stride: int) -> np.ndarray:
    """Convolve the mesh of a side with the mesh of side 3."""
    inputs = keras.Input((side, side, 1))
    model = keras.Model(inputs, conv2d_same(inputs, 1, 3, stride))
    model.set_weights([mesh(3)[:, :, None, None]])
    return np.asarray(model(mesh(side)[None, :, :, None]))[0, :, :, 0]


@pytest.mark.parametrize(("side", "kept"), [(3, [0, 2, 6, 8]), (4, [0, 2, 8, 10])])
def test_subsample(side: int, kept: list[int]) -> None:
    """Factor 2 keeps the first pixel and every second one, whether the side is even or odd."""
    inputs = keras.Input((side, side, 1))
    counted = np.arange(side**2, dtype=np.float32).reshape(1, side, side, 1)
    assert np.asarray(keras.Model(inputs, subsample(inputs, 2))(counted)).flatten().tolist() == kept
    assert subsample(inputs, 1) is inputs


@pytest.mark.parametrize("side", [4, 5])
def test_conv2d_same_on_a_mesh(side: int) -> None:
    """Stride 2 takes every second number of stride 1, which padding="same" does for odd sides alone."""
    assert on_a_mesh(side, 1).tolist() == SAME_STRIDE_1[side]
    assert on_a_mesh(side, 2).tolist() == STRIDE_2[side]
    plain = keras.ops.conv(mesh(side)[None, :, :, None], mesh(3)[:, :, None, None], 2, padding="same")
    assert np.asarray(plain)[0, :, :, 0].tolist() == PLAIN_SAME_STRIDE_2[side]


@pytest.mark.parametrize("rate", [1, 2, 3])
@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4, 5])
def test_conv2d_same_with_stride_1_is_padding_same(kernel_size: int, rate: int) -> None:
    """With stride 1 the explicit zeros are those of padding="same", for windows of even size as well."""
    inputs = keras.Input((9, 8, 2))
    x = np.random.RandomState(0).randn(1, 9, 8, 2).astype(np.float32)
    model = keras.Model(inputs, conv2d_same(inputs, 3, kernel_size, 1, rate))
    expected = keras.ops.conv(x, model.get_weights()[0], padding="same", dilation_rate=rate)
    np.testing.assert_allclose(model(x), expected, rtol=1e-5, atol=1e-5)


def test_conv2d_same_refuses_a_stride_with_a_rate() -> None:
    """Keras has no such convolution; the message names both numbers."""
    with pytest.raises(ValueError, match="not both: 2 and 3"):
        conv2d_same(keras.Input((9, 9, 1)), 1, 3, 2, 3)


@pytest.mark.parametrize(("stride", "rate"), [(1, 1), (1, 3), (2, 1), (3, 1)])
@pytest.mark.parametrize("depth", [4, 6])
def test_silent_main_path_leaves_the_subsampled_input(depth: int, stride: int, rate: int) -> None:
    """With gamma 0 in the last batch normalisation a unit that keeps the channels is relu(subsample(x)), exactly."""
    inputs = keras.Input((7, 8, depth))
    model = keras.Model(inputs, bottleneck(inputs, depth, 2, stride, rate))
    model.get_layer("bottleneck.conv3.bn").gamma.assign(np.zeros(depth))
    x = np.random.RandomState(1).randn(2, 7, 8, depth).astype(np.float32)
    assert np.array_equal(model(x), np.maximum(x, 0)[:, ::stride, ::stride])


def test_a_block_has_its_stride_in_the_last_unit() -> None:
    """The dictionaries of the units are their own: changing one changes no other."""
    block = resnet_v1_block("block1", 64, 3, 2)
    assert block == Block("block1", bottleneck, block.args)
    assert [unit["stride"] for unit in block.args] == [1, 1, 2]
    assert {(unit["depth"], unit["depth_bottleneck"]) for unit in block.args} == {(256, 64)}
    assert len({id(unit) for unit in block.args}) == 3


def four_blocks() -> list[Block]:
    """Return blocks of base depth 1, 2, 4, 8, two units each, strides 2, 2, 2, 1."""
    return [resnet_v1_block(f"block{i + 1}", 2**i, 2, stride) for i, stride in enumerate((2, 2, 2, 1))]


def stacked(output_stride: int | None) -> keras.Model:
    """Return the network of the four blocks for inputs of 30x31x3."""
    keras.utils.clear_session(free_memory=False)
    inputs = keras.Input((30, 31, 3))
    return keras.Model(inputs, stack_blocks_dense(inputs, four_blocks(), output_stride)[0])


@pytest.mark.parametrize("output_stride", [1, *(pytest.param(one, marks=pytest.mark.slow) for one in (2, 4, 8))])
def test_dense_features_subsampled_are_the_nominal_ones(output_stride: int) -> None:
    """The same weights give the same features at the pixels that both maps have."""
    keras.utils.set_random_seed(0)
    nominal, dense = stacked(None), stacked(output_stride)
    random = np.random.RandomState(2)
    weights = [weight + random.uniform(0, 0.3, weight.shape) for weight in nominal.get_weights()]
    nominal.set_weights(weights)
    dense.set_weights(weights)
    x = random.randn(2, 30, 31, 3).astype(np.float32)
    step = 8 // output_stride
    found = np.asarray(dense(x))
    assert found.shape[1:3] == (-(-30 // output_stride), -(-31 // output_stride))
    np.testing.assert_allclose(found[:, ::step, ::step], nominal(x), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("output_stride", [3, 16])
def test_an_output_stride_that_cannot_be_reached_is_refused(output_stride: int) -> None:
    """3 is passed over, 16 is beyond all strides."""
    with pytest.raises(ValueError, match=f"{output_stride} cannot be reached: the units lead to 8"):
        stacked(output_stride)


def test_end_points() -> None:
    """Two blocks of two units have fourteen: three convolutions in each, and a projection in each block's first."""
    inputs = keras.Input((32, 16, 3))
    blocks = [resnet_v1_block("block1", 1, 2, 2), resnet_v1_block("block2", 2, 2, 1)]
    outputs, points = stack_blocks_dense(inputs, blocks)
    model = keras.Model(inputs, outputs)
    assert len(points) == 14
    assert set(points) == {layer.name for layer in model.layers if isinstance(layer, keras.layers.Conv2D)}
    assert points["block1.unit_2.conv2"].shape == (None, 16, 8, 1)


def test_the_network_at_full_width() -> None:
    """The four blocks of ResNet-50 without stem and head: the number of parameters, and an output stride of 4."""
    model = atrous_resnet()
    assert model.output_shape == (None, 56, 56, 2048)
    assert model.count_params() == 23_531_968


@pytest.mark.slow
@pytest.mark.parametrize("output_stride", [1, 4])
def test_the_network_takes_images_of_any_size(output_stride: int) -> None:
    """Nothing depends on height and width, and the rates cost no parameters."""
    model = atrous_resnet((None, None, 1), width=1, output_stride=output_stride)
    assert model.count_params() == atrous_resnet((8, 8, 1), width=1).count_params()
    assert model(np.zeros((1, 9, 12, 1), np.float32)).shape == (1, -(-9 // output_stride), 12 // output_stride, 32)
