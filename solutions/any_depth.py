"""ResNets of any depth of the paper, built as `keras.applications` builds them, and weights copied by name.

Source: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), table 1 and figure 5. Layer names,
biases, epsilon and the place of the stride are those of `keras.applications.resnet`, which follows the model that the
authors published, so that weights can be copied by name between the two.
The lines between START CODE HERE and END CODE HERE are the gaps of assignment `06_any_depth`; the docstrings are what
the student reads there.
"""

import keras
from keras import KerasTensor
from keras.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    Dense,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ZeroPadding2D,
)


def block1(
    x: KerasTensor,
    filters: int,
    kernel_size: int = 3,
    stride: int = 1,
    conv_shortcut: bool = True,
    name: str | None = None,
) -> KerasTensor:
    """Bottleneck block of ResNet-50, 101 and 152: relu(main_path(x) + shortcut(x)).

    main_path = Conv 1x1 (filters, stride) -> BN -> ReLU -> Conv kernel_size (filters, same) -> BN -> ReLU
                -> Conv 1x1 (4 * filters) -> BN

    shortcut = Conv 1x1 (4 * filters, stride) -> BN if conv_shortcut, else x itself.

    Every convolution has a bias, every batch normalisation the epsilon 1.001e-5. The layers are named, in the order of
    the main path, {name}_1_conv, {name}_1_bn, {name}_1_relu, {name}_2_conv, {name}_2_bn, {name}_2_relu, {name}_3_conv,
    {name}_3_bn; those of the shortcut {name}_0_conv, {name}_0_bn; the sum {name}_add and the last ReLU {name}_out.

    Args:
        x: input, shape (batch, height, width, channels).
        filters: filters of the two narrow convolutions; the block has four times as many output channels.
        kernel_size: side of the middle convolution's window, in pixels.
        stride: stride of the main path's first convolution and of the projection, in pixels.
        conv_shortcut: whether the shortcut is a projection; if not, stride is 1 and x has 4 * filters channels.
        name: what the names of all layers begin with.

    Returns:
        Output of the block, shape (batch, ceil(height / stride), ceil(width / stride), 4 * filters).

    Raises:
        ValueError: if x is to be added as it is, and has not 4 * filters channels.

    Source: He et al. 2015, section 3.3 and figure 5 (right).
    """
    if not conv_shortcut and x.shape[-1] != 4 * filters:
        raise ValueError(f"{name} adds x to its main path: x has {x.shape[-1]} channels, 4 * filters is {4 * filters}.")

    ### START CODE HERE ###
    shortcut = x
    if conv_shortcut:  # the projection: no ReLU
        shortcut = Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(x)
        shortcut = BatchNormalization(epsilon=1.001e-5, name=f"{name}_0_bn")(shortcut)

    # Narrow: the stride stands here, in the first 1x1
    x = Conv2D(filters, 1, strides=stride, name=f"{name}_1_conv")(x)
    x = BatchNormalization(epsilon=1.001e-5, name=f"{name}_1_bn")(x)
    x = Activation("relu", name=f"{name}_1_relu")(x)

    # The only window that sees neighbours
    x = Conv2D(filters, kernel_size, padding="same", name=f"{name}_2_conv")(x)
    x = BatchNormalization(epsilon=1.001e-5, name=f"{name}_2_bn")(x)
    x = Activation("relu", name=f"{name}_2_relu")(x)

    # Wide again: no ReLU before the sum
    x = Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
    x = BatchNormalization(epsilon=1.001e-5, name=f"{name}_3_bn")(x)

    x = Add(name=f"{name}_add")([shortcut, x])
    x = Activation("relu", name=f"{name}_out")(x)
    ### END CODE HERE ###

    return x


def stack1(x: KerasTensor, filters: int, blocks: int, stride1: int = 2, name: str | None = None) -> KerasTensor:
    """One stage of ResNet-50, 101 or 152: blocks of `block1`, each reading what the one before it made.

    The first block has a projection and the stride stride1; all others have the identity as their shortcut and
    stride 1. They are named {name}_block1, {name}_block2, and so on.

    Args:
        x: input, shape (batch, height, width, channels).
        filters: filters of the narrow convolutions of each block.
        blocks: number of blocks, at least one.
        stride1: stride of the first block, in pixels.
        name: what the names of the blocks begin with, such as "conv3".

    Returns:
        Output of the last block, shape (batch, ceil(height / stride1), ceil(width / stride1), 4 * filters).

    Source: He et al. 2015, table 1.
    """
    ### START CODE HERE ###
    x = block1(x, filters, stride=stride1, name=f"{name}_block1")
    for number in range(2, blocks + 1):
        x = block1(x, filters, conv_shortcut=False, name=f"{name}_block{number}")
    ### END CODE HERE ###

    return x


def block0(x: KerasTensor, filters: int, stride: int = 1, name: str | None = None) -> KerasTensor:
    """Basic block of ResNet-18 and 34: relu(main_path(x) + shortcut(x)).

    main_path = Conv 3x3 (filters, stride) -> BN -> ReLU -> Conv 3x3 (filters) -> BN

    The shortcut is a projection, Conv 1x1 (filters, stride) -> BN, only where the shape changes: the convention for
    these two depths. `keras.applications` has no such block; biases, epsilon and names are as in block1.

    Args:
        x: input, shape (batch, height, width, channels).
        filters: filters of both convolutions, and output channels.
        stride: stride of the first convolution and of the projection, in pixels.
        name: what the names of all layers begin with.

    Returns:
        Output of the block, shape (batch, ceil(height / stride), ceil(width / stride), filters).

    Source: He et al. 2015, section 3.3, options A and B (B is taken here), and figure 5 (left).
    """

    def convolve(y: KerasTensor, window: int, step: int, part: str) -> KerasTensor:
        convolution = Conv2D(filters, window, strides=step, padding="same", name=f"{name}_{part}_conv")
        return BatchNormalization(epsilon=1.001e-5, name=f"{name}_{part}_bn")(convolution(y))

    changes_shape = stride != 1 or x.shape[-1] != filters
    beside = convolve(x, 1, stride, "0") if changes_shape else x
    inner = Activation("relu", name=f"{name}_1_relu")(convolve(x, 3, stride, "1"))
    total = Add(name=f"{name}_add")([beside, convolve(inner, 3, 1, "2")])
    return Activation("relu", name=f"{name}_out")(total)


def stack0(x: KerasTensor, filters: int, blocks: int, stride1: int = 2, name: str | None = None) -> KerasTensor:
    """One stage of ResNet-18 or 34: blocks of `block0`, of which only the first has the stride stride1.

    Args:
        x: input, shape (batch, height, width, channels).
        filters: filters of the convolutions, and output channels.
        blocks: number of blocks, at least one.
        stride1: stride of the first block, in pixels.
        name: what the names of the blocks begin with, such as "conv3".

    Returns:
        Output of the last block, shape (batch, ceil(height / stride1), ceil(width / stride1), filters).

    Source: He et al. 2015, table 1.
    """
    for index in range(blocks):
        x = block0(x, filters, stride=stride1 if index == 0 else 1, name=f"{name}_block{index + 1}")
    return x


def resnet(
    depth: int, input_shape: tuple[int, int, int] = (224, 224, 3), classes: int = 1000, divisor: int = 1
) -> keras.Model:
    """ResNet-18, 34, 50, 101 or 152 for pictures, as in table 1 of the paper.

    stem:   zero padding of 3 pixels (conv1_pad) -> Conv 7x7, 64 filters, stride 2 (conv1_conv) -> BN (conv1_bn)
            -> ReLU (conv1_relu) -> zero padding of 1 pixel (pool1_pad) -> max pooling 3x3, stride 2 (pool1_pool)
    stages: conv2, conv3, conv4, conv5 with 64, 128, 256, 512 filters and the numbers of blocks of table 1; made by
            stack0 for depths 18 and 34 and by stack1 for the others; conv2 has stride1 1, the others 2
    head:   mean over height and width (avg_pool) -> dense layer with softmax (predictions)

    The stem's convolution has a bias and its batch normalisation the epsilon 1.001e-5, as in the blocks. The names in
    brackets are those of the layers; the stages are named conv2 to conv5.

    Args:
        depth: layers with weights on the longest path, the shortcuts' projections and the batch normalisations not
            counted: 18, 34, 50, 101 or 152.
        input_shape: height, width and channels of the pictures.
        classes: number of classes.
        divisor: every number of filters is divided by it, so that a network can be tried out quickly; it divides 64.

    Returns:
        The model, from (batch, *input_shape) to probabilities of shape (batch, classes).

    Raises:
        ValueError: if the depth is another one.

    Source: He et al. 2015, table 1.
    """
    ### START CODE HERE ###
    table = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
    if depth not in table:
        raise ValueError(f"depth is {depth}; it must be one of {sorted(table)}.")
    stack = stack0 if depth in (18, 34) else stack1
    image = keras.Input(input_shape)

    # The stem: a quarter of the height and width
    x = ZeroPadding2D(3, name="conv1_pad")(image)
    x = Conv2D(64 // divisor, 7, strides=2, name="conv1_conv")(x)
    x = BatchNormalization(epsilon=1.001e-5, name="conv1_bn")(x)
    x = Activation("relu", name="conv1_relu")(x)
    x = ZeroPadding2D(1, name="pool1_pad")(x)
    x = MaxPooling2D(3, strides=2, name="pool1_pool")(x)

    # Four stages: the pool has halved the map for the first, each other one halves it and doubles the filters
    for stage, blocks in enumerate(table[depth]):
        x = stack(x, 64 * 2**stage // divisor, blocks, stride1=1 if stage == 0 else 2, name=f"conv{stage + 2}")

    # The head
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    x = Dense(classes, activation="softmax", name="predictions")(x)
    model = keras.Model(image, x, name=f"resnet{depth}")
    ### END CODE HERE ###

    return model


def copy_weights(source: keras.Model, target: keras.Model) -> tuple[list[str], list[str]]:
    """Copy the weights of each layer of source into the layer of target that has the same name.

    All weights of a layer are copied, those that training does not learn included: without its moving mean and moving
    variance a batch normalisation computes something else in inference. A layer is copied whole or not at all: if the
    shapes of its weights differ from those of its namesake, it keeps its own weights, and no error is raised.

    Args:
        source: model whose weights are read; it is not changed.
        target: model whose weights are set, in place.

    Returns:
        kept: names of the layers of target with weights that kept their own, in the order of target.layers.
        unused: names of the layers of source with weights that went nowhere, in the order of source.layers.
    """
    ### START CODE HERE ###
    given = {layer.name: layer for layer in source.layers}
    kept, copied = [], set()
    for layer in target.layers:
        if not layer.weights:
            continue
        weights = given[layer.name].get_weights() if layer.name in given else []
        if [weight.shape for weight in weights] == [tuple(weight.shape) for weight in layer.weights]:
            layer.set_weights(weights)
            copied.add(layer.name)
            continue
        kept.append(layer.name)
    unused = [layer.name for layer in source.layers if layer.weights and layer.name not in copied]
    ### END CODE HERE ###

    return kept, unused
