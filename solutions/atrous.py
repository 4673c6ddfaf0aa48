"""Residual networks whose output stride can be chosen: atrous convolution, bottleneck units, blocks of units.

Sources: L.-C. Chen et al., "DeepLab" (2016, arXiv:1606.00915), section 3.1, and "Rethinking Atrous Convolution" (2017,
arXiv:1706.05587), section 3.1; the division into functions is that of TF-Slim's `resnet_utils` and `resnet_v1`, which
need TensorFlow 1. The lines between START CODE HERE and END CODE HERE are the gaps of assignment `07_atrous`.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras
from keras import KerasTensor
from keras.layers import Activation, Add, BatchNormalization, Conv2D, MaxPooling2D, ZeroPadding2D


class Block(NamedTuple):
    """Description of a block: units of one kind, one after the other; nothing is built yet.

    Args:
        scope: what the names of its layers begin with.
        unit_fn: the function that builds one unit, such as `bottleneck`.
        args: the arguments depth, depth_bottleneck and stride of each unit, as dictionaries.
    """

    scope: str
    unit_fn: Callable[..., KerasTensor]
    args: list[dict[str, int]]


def subsample(inputs: KerasTensor, factor: int) -> KerasTensor:
    """Keep every factor-th pixel in height and width, beginning with the first: a 1x1 max-pool with a stride.

    No weights, nothing is averaged, and the other pixels have no influence. With factor 1 the input comes back.

    Args:
        inputs: shape (batch, height, width, channels); height and width may be unknown (None).
        factor: distance of the pixels that are kept, in pixels; at least 1.

    Returns:
        Shape (batch, ceil(height / factor), ceil(width / factor), channels).

    Source: TF-Slim, resnet_utils, subsample.
    """
    ### START CODE HERE ###
    outputs = inputs if factor == 1 else MaxPooling2D(pool_size=1, strides=factor)(inputs)
    ### END CODE HERE ###

    return outputs


def conv2d_same(
    inputs: KerasTensor, num_outputs: int, kernel_size: int, stride: int, rate: int = 1, scope: str | None = None
) -> KerasTensor:
    """Convolution whose zeros do not depend on the size of the input: pad explicitly, then convolve without padding.

    A window of k taps that lie `rate` pixels apart reaches over k_eff = k + (k - 1)(rate - 1) pixels. Height and width
    each get k_eff - 1 zeros: half of them before and half behind; if their number is odd, the extra one comes behind.
    The convolution has no bias and no activation. It has the stride itself: nothing is computed and thrown away.

    With stride 1 this is padding="same". With any other stride it is what stride 1 gives, subsampled; padding="same"
    is not.

    Args:
        inputs: shape (batch, height, width, channels); height and width may be unknown (None).
        num_outputs: number of filters.
        kernel_size: k, side of the window, in taps.
        stride: distance of two windows, in pixels.
        rate: distance of two taps of a window, in pixels.
        scope: name of the convolution layer; None leaves the name to Keras.

    Returns:
        Shape (batch, ceil(height / stride), ceil(width / stride), num_outputs).

    Raises:
        ValueError: if stride and rate are both larger than 1; Keras has no such convolution, and none is ever needed.

    Source: Chen et al. 2016, section 3.1 (k_eff); TF-Slim, resnet_utils, conv2d_same.
    """
    if stride > 1 and rate > 1:
        raise ValueError(f"conv2d_same takes a stride or a rate larger than 1, not both: {stride} and {rate}.")

    ### START CODE HERE ###
    # How far the taps reach, from the first pixel to the last
    effective = kernel_size + (kernel_size - 1) * (rate - 1)

    # The same zeros for every size of the input
    before = (effective - 1) // 2
    after = effective - 1 - before
    padded = ZeroPadding2D(((before, after), (before, after)))(inputs)

    convolve = Conv2D(num_outputs, kernel_size, strides=stride, dilation_rate=rate, use_bias=False, name=scope)
    outputs = convolve(padded)
    ### END CODE HERE ###

    return outputs


def bottleneck(
    inputs: KerasTensor,
    depth: int,
    depth_bottleneck: int,
    stride: int,
    rate: int = 1,
    outputs_collections: dict[str, KerasTensor] | None = None,
    scope: str = "bottleneck",
) -> KerasTensor:
    """Bottleneck unit with stride and rate: relu(main_path(inputs) + shortcut(inputs)).

    main_path = Conv 1x1 -> BN -> ReLU -> conv2d_same 3x3 (stride, rate) -> BN -> ReLU -> Conv 1x1 -> BN

    The first two convolutions have depth_bottleneck filters, the last one has depth. The shortcut is `subsample` where
    the input already has `depth` channels, else a projection: Conv 1x1 (depth filters, stride) -> BN. No convolution
    has a bias; batch normalisations keep Keras's own settings.

    The convolutions are named {scope}.conv1, {scope}.conv2, {scope}.conv3 and {scope}.shortcut, their batch
    normalisations {scope}.conv1.bn and so on. Each convolution is an end point: what it has made, after its batch
    normalisation and, where it has one, its ReLU, goes into outputs_collections under the convolution's name.

    Args:
        inputs: shape (batch, height, width, channels).
        depth: channels of the output.
        depth_bottleneck: channels of the 3x3 convolution.
        stride: stride of the 3x3 convolution and of the shortcut, in pixels.
        rate: distance of the taps of the 3x3 convolution, in pixels.
        outputs_collections: takes the end points, by name; None if nobody wants them.
        scope: what the names begin with.

    Returns:
        Shape (batch, ceil(height / stride), ceil(width / stride), depth).

    Source: He et al. 2015, figure 5 (right); TF-Slim, resnet_v1, bottleneck: the stride sits in the 3x3 convolution.
    """
    end_points = {} if outputs_collections is None else outputs_collections

    # First convolution (given): down to depth_bottleneck channels
    residual = Conv2D(depth_bottleneck, 1, use_bias=False, name=scope + ".conv1")(inputs)
    residual = BatchNormalization(name=scope + ".conv1.bn")(residual)
    residual = Activation("relu")(residual)
    end_points[scope + ".conv1"] = residual

    ### START CODE HERE ###
    # Second convolution: the only one that looks at other pixels
    residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate, scope + ".conv2")
    residual = BatchNormalization(name=scope + ".conv2.bn")(residual)
    residual = Activation("relu")(residual)
    end_points[scope + ".conv2"] = residual

    # Third convolution: up to depth channels; no ReLU yet
    residual = Conv2D(depth, 1, use_bias=False, name=scope + ".conv3")(residual)
    residual = BatchNormalization(name=scope + ".conv3.bn")(residual)
    end_points[scope + ".conv3"] = residual

    # The shortcut reads the unit's input and gives it the shape of the main path
    if inputs.shape[-1] == depth:
        shortcut = subsample(inputs, stride)
    else:
        shortcut = Conv2D(depth, 1, strides=stride, use_bias=False, name=scope + ".shortcut")(inputs)
        shortcut = BatchNormalization(name=scope + ".shortcut.bn")(shortcut)
        end_points[scope + ".shortcut"] = shortcut

    # The sum, and only then the last ReLU
    outputs = Add()([residual, shortcut])
    outputs = Activation("relu")(outputs)
    ### END CODE HERE ###

    return outputs


def resnet_v1_block(scope: str, base_depth: int, num_units: int, stride: int) -> Block:
    """Describe a block of bottleneck units whose stride sits in the last unit.

    Every unit has depth 4 * base_depth and depth_bottleneck base_depth. All units but the last have stride 1.

    Args:
        scope: what the names of the block's layers begin with.
        base_depth: channels of the 3x3 convolutions.
        num_units: number of units, at least 1.
        stride: stride of the whole block, in pixels.

    Returns:
        Block(scope, bottleneck, args), where args has num_units dictionaries with the keys depth, depth_bottleneck and
        stride.

    Source: TF-Slim, resnet_v1, resnet_v1_block.
    """
    ### START CODE HERE ###
    strides = [1] * (num_units - 1) + [stride]
    args = [{"depth": 4 * base_depth, "depth_bottleneck": base_depth, "stride": one} for one in strides]
    block = Block(scope, bottleneck, args)
    ### END CODE HERE ###

    return block


def stack_blocks_dense(
    net: KerasTensor, blocks: Sequence[Block], output_stride: int | None = None
) -> tuple[KerasTensor, dict[str, KerasTensor]]:
    """Build the units of all blocks one after the other, so that the result has the output stride that is asked for.

    As long as the strides of the units so far multiply to less than output_stride, units are built as their args say,
    with rate 1. Once the product *equals* output_stride, every further unit is built with stride 1 and with the current
    rate, and the stride that it would have had multiplies the rate: for the units behind it, not for itself.

    Unit number n of a block is called as unit_fn(net, ..., rate=..., outputs_collections=..., scope=...), where ... are
    its own args, and scope is "{block.scope}.unit_{n}", counted from 1. The blocks and their args are left as they are.

    Args:
        net: shape (batch, height, width, channels).
        blocks: the descriptions of the blocks.
        output_stride: sides of the input over sides of the result; None keeps the strides of all units.

    Returns:
        What the last unit made, and the end points of all units, by name.

    Raises:
        ValueError: if no unit's stride leads to output_stride exactly.

    Source: Chen et al. 2017, section 3.1; TF-Slim, resnet_utils, stack_blocks_dense.
    """
    end_points: dict[str, KerasTensor] = {}
    current_stride = 1  # of the units so far
    rate = 1  # of the next unit

    ### START CODE HERE ###
    for block in blocks:
        for number, unit in enumerate(block.args, start=1):
            given: dict[str, Any] = dict(unit, outputs_collections=end_points, scope=f"{block.scope}.unit_{number}")
            if current_stride == output_stride:
                given["stride"] = 1
                net = block.unit_fn(net, rate=rate, **given)
                rate *= unit["stride"]
            else:
                net = block.unit_fn(net, rate=1, **given)
                current_stride *= unit["stride"]
    if output_stride is not None and current_stride != output_stride:
        raise ValueError(f"The output stride {output_stride} cannot be reached: the units lead to {current_stride}.")
    ### END CODE HERE ###

    return net, end_points


def atrous_resnet(
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3), width: int = 64, output_stride: int | None = None
) -> keras.Model:
    """Residual network of four blocks, without stem and head.

    | scope  | base depth | units | stride |
    | ------ | ---------- | ----- | ------ |
    | block1 | width      | 3     | 2      |
    | block2 | 2 width    | 4     | 2      |
    | block3 | 4 width    | 6     | 1      |
    | block4 | 8 width    | 3     | 1      |

    Args:
        input_shape: (height, width, channels) of an image; height and width may be unknown (None).
        width: base depth of the first block; 64 is that of ResNet-50.
        output_stride: sides of the image over sides of the result; None keeps the strides of the table.

    Returns:
        Model from a batch of images to the map of the last unit, which has 32 * width channels.

    Source: He et al. 2015, table 1 (numbers of units); TF-Slim, resnet_v1.
    """
    inputs = keras.Input(input_shape)

    ### START CODE HERE ###
    blocks = [
        resnet_v1_block("block1", width, 3, 2),
        resnet_v1_block("block2", 2 * width, 4, 2),
        resnet_v1_block("block3", 4 * width, 6, 1),
        resnet_v1_block("block4", 8 * width, 3, 1),
    ]
    outputs, _ = stack_blocks_dense(inputs, blocks, output_stride)
    ### END CODE HERE ###

    return keras.Model(inputs, outputs)
