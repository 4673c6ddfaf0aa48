"""The references of assignment 01 against Keras, and against the numbers of the paper."""

import math

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras.layers import BatchNormalization, Conv2D, Convolution2D, ZeroPadding2D

from autograder.checks.network_costs import BLOCKS, count_stages, resnet_stages, total, vgg_stages
from solutions.convolutions import conv_output_shape, count_macs, count_params, fix_convolution2d

pytestmark = pytest.mark.tensorflow

SIDES = st.tuples(st.integers(1, 40), st.integers(1, 40))
STRIDE_OR_DILATION = st.one_of(
    st.tuples(st.integers(1, 5), st.just(1)), st.tuples(st.just(1), st.integers(1, 4))
)  # Keras refuses both above 1
PADDINGS = st.one_of(st.integers(0, 4), st.sampled_from(["same", "valid"]))


@pytest.fixture(autouse=True, scope="module")
def _fresh_session() -> None:
    keras.utils.clear_session(free_memory=False)


def keras_shape(size: tuple[int, int], k: int, s: int, p: int | str, d: int) -> tuple[int, int]:
    """Ask Keras what a convolution makes."""
    shape: tuple[int | None, ...] = (None, *size, 1)
    if isinstance(p, int):
        shape, p = ZeroPadding2D(p).compute_output_shape(shape), "valid"
    made = Conv2D(1, k, strides=s, padding=p, dilation_rate=d).compute_output_shape(shape)
    return made[1], made[2]


@settings(max_examples=200)
@given(SIDES, st.integers(1, 7), STRIDE_OR_DILATION, PADDINGS)
def test_sizes_are_those_of_keras(size: tuple[int, int], k: int, steps: tuple[int, int], p: int | str) -> None:
    """Keras gives the same height and width for any setting that it takes, and refuses what the reference refuses."""
    s, d = steps
    try:
        expected = keras_shape(size, k, s, p, d)
    except ValueError:
        with pytest.raises(ValueError, match="does not fit into"):
            conv_output_shape(size, k, s, p, d)
    else:
        assert conv_output_shape(size, k, s, p, d) == expected


@given(st.integers(1, 3000), st.integers(1, 9), st.integers(1, 9), st.integers(1, 5))
def test_same_does_not_hang_on_the_window(n: int, k: int, s: int, d: int) -> None:
    """With "same" the size is divided by the stride and rounded up; with stride 1 it is kept."""
    assert conv_output_shape((n, n + 1), k, s, "same", d) == (math.ceil(n / s), math.ceil((n + 1) / s))


@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("bn", [True, False])
def test_weights_are_those_of_keras(k: int, bias: bool, bn: bool) -> None:
    """Keras's layers hold as many weights, and as many of them are trained."""
    X = keras.Input((8, 8, 5))
    output = Conv2D(7, k, use_bias=bias)(X)
    model = keras.Model(X, BatchNormalization()(output) if bn else output)
    trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    assert count_params(k, 5, 7, bias, bn) == (model.count_params(), trained)


@settings(max_examples=25)
@given(st.tuples(st.integers(5, 12), st.integers(5, 12), st.integers(1, 4)), st.data())
def test_multiply_adds_are_uses_of_weights(shape: tuple[int, int, int], data: st.DataObject) -> None:
    """Each weight of a kernel is used once per pixel of the output that Keras's layer makes."""
    one = st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 3))
    layers = data.draw(st.lists(one, max_size=3))
    X, uses = keras.Input(shape), 0
    for k, filters, s in layers:
        layer = Conv2D(filters, k, strides=s, padding="same", use_bias=False)
        X = layer(X)
        uses += layer.count_params() * X.shape[1] * X.shape[2]
    assert count_macs(shape, layers) == uses


IN_KERAS_CONVENTIONS = {
    18: (11703912, 11694312, 1.814),
    34: (21823208, 21806184, 3.664),
    50: (25636712, 25583592, 3.858),
    101: (44707176, 44601832, 7.570),
    152: (60419944, 60268520, 11.282),
}
"""Depth to all weights, trained ones, and multiply-adds in billions, with biases and batch normalisation."""

IN_THE_PAPER = {18: 1.8, 34: 3.6, 50: 3.8, 101: 7.6, 152: 11.3}
"""Depth to billions of multiply-adds. Source: He et al. 2015, table 1, last line."""


@pytest.mark.parametrize("depth", BLOCKS)
def test_costs_of_the_resnets(depth: int) -> None:
    """The counts of the five networks are Keras's, and the paper's but for its rounding."""
    cost = total(count_stages(resnet_stages(depth), count_params, count_macs))
    params, trainable, billions = IN_KERAS_CONVENTIONS[depth]
    assert (cost.params, cost.trainable) == (params, trainable)
    assert round(cost.macs / 1e9, 3) == billions
    assert abs(cost.macs / 1e9 - IN_THE_PAPER[depth]) < 0.1


def test_costs_of_the_vgg_nets() -> None:
    """VGG-16 has 138 and VGG-19 144 million weights, as in table 2 of its paper; He et al. give 19.6 billion."""
    sixteen, nineteen = (total(count_stages(vgg_stages(depth), count_params, count_macs)) for depth in (16, 19))
    assert [round(one.params / 1e6) for one in (sixteen, nineteen)] == [138, 144]
    assert round(nineteen.macs / 1e9, 1) == 19.6


def test_the_call_of_keras_1_makes_75_of_224() -> None:
    """In Keras 3 the third positional argument is the stride; the reference keeps the 224 pixels."""
    X = keras.Input((224, 224, 3))
    old = Convolution2D(32, 3, 3, activation="relu", padding="same")(X)
    assert old.shape == (None, 75, 75, 32)
    assert conv_output_shape((224, 224), 3, 3, "same") == (75, 75)
    new = fix_convolution2d(X)
    assert new.shape == (None, 224, 224, 32)
    layer = keras.Model(X, new).layers[-1]
    assert (layer.name, layer.activation.__name__, layer.kernel.shape) == ("block1_conv1", "relu", (3, 3, 3, 32))
