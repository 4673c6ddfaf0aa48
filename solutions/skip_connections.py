"""Skip connections: one around a single convolution, a block of two, and a model of such blocks with three inputs.

Source: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), section 3 and figure 5 (left).
The lines between START CODE HERE and END CODE HERE are the gaps of assignment `02_skip_connections`; the docstrings
are what the student reads there.
"""

from keras import Input, KerasTensor, Model
from keras.layers import Activation, Add, BatchNormalization, Conv2D


def skip_add(X: KerasTensor) -> KerasTensor:
    """Add a convolution of X to X itself: relu(X + Conv 3x3(X)).

    The convolution has a bias, stride 1 and as many filters as X has channels; it keeps height and width.

    Args:
        X: input, shape (batch, height, width, channels); any number of channels.

    Returns:
        relu of the sum, shape (batch, height, width, channels): the shape of X.

    Source: He et al. 2015, section 3.2, equation 1, and figure 2.
    """
    ### START CODE HERE ###
    # As many filters as channels, so that each number of X has a partner
    convolved = Conv2D(X.shape[-1], (3, 3), padding="same")(X)

    # The sum, element by element, and only then the ReLU
    result = Add()([X, convolved])
    result = Activation("relu")(result)
    ### END CODE HERE ###

    return result


def res_block(
    inputs: KerasTensor, filters: int, kernel_size: int = 3, strides: int = 1, padding: str = "same"
) -> KerasTensor:
    """Residual block of two convolutions: relu(main_path(inputs) + shortcut(inputs)).

    main_path = Conv k x k (stride s) -> BN -> ReLU -> Conv k x k -> BN, both with the given number of filters

    shortcut = the inputs as they are, where the main path keeps their shape; where the stride or the number of channels
    changes it, the projection Conv 1x1 (stride s) -> BN, which has no ReLU of its own

    Every convolution has a bias; the batch normalisations have Keras's own settings.

    Args:
        inputs: input, shape (batch, height, width, channels); height and width may be unknown (None).
        filters: number of filters of every convolution, the channels of the output.
        kernel_size: side k of the main path's windows, in pixels.
        strides: stride s of the main path's first convolution and of the projection, in pixels.
        padding: padding of the main path's convolutions; only "same" lets the two paths meet.

    Returns:
        Output of the block, shape (batch, ceil(height / s), ceil(width / s), filters).

    Raises:
        ValueError: if the padding is another than "same".

    Source: He et al. 2015, section 3.3 (shortcuts, option B) and figure 5 (left).
    """
    if padding != "same":
        raise ValueError(f"res_block adds its two paths, but padding={padding!r} makes the main path's map smaller.")
    shortcut = inputs

    ### START CODE HERE ###
    # Main path: the stride stands in the first convolution; no ReLU at the end, negative values must reach the sum
    X = Conv2D(filters, kernel_size, strides=strides, padding=padding)(inputs)
    X = BatchNormalization()(X)
    X = Activation("relu")(X)
    X = Conv2D(filters, kernel_size, padding=padding)(X)
    X = BatchNormalization()(X)

    # Shortcut: a projection of the block's input, but only where the main path has changed the shape
    if strides != 1 or inputs.shape[-1] != filters:
        shortcut = Conv2D(filters, 1, strides=strides)(inputs)
        shortcut = BatchNormalization()(shortcut)

    # The sum, and only then the last ReLU
    X = Add()([X, shortcut])
    X = Activation("relu")(X)
    ### END CODE HERE ###

    return X


def three_input_model(input_shape: tuple[int | None, int | None, int] = (224, 224, 3), width: int = 64) -> Model:
    """Residual network with three inputs and three outputs, in which each input reaches each output.

    stem, one for each input: halve 7x7 (width filters)
    trunk: the sum of the three stems -> 2 blocks (width filters) -> stages of 2 width, 4 width, 8 width filters
    head, one for each output, each on the trunk: stages of 16 width and 32 width filters

    halve = Conv (stride 2) -> BN -> ReLU, as the given function makes it; a stage = halve 3x3 -> 2 blocks, all with the
    same number of filters. The blocks are made by calling `res_block(X, filters)`.

    Args:
        input_shape: height and width of each input, in pixels (None is any), and its channels.
        width: filters of each stem; the published 64 needs gigabytes, so the checks use small numbers.

    Returns:
        The model, not compiled: 3 inputs of the input shape, 3 outputs (batch, rows, columns, 32 width), where rows and
        columns are the height and width of an input, divided by 64 and rounded up.

    Source: a model from public teaching material, mended: as published, two of its inputs lead nowhere.
    """

    def halve(X: KerasTensor, filters: int, kernel_size: int = 3) -> KerasTensor:
        """Conv (stride 2) -> BN -> ReLU: half the height and width, rounded up."""
        X = Conv2D(filters, kernel_size, strides=2, padding="same")(X)
        return Activation("relu")(BatchNormalization()(X))

    inputs = [Input(input_shape) for _ in range(3)]
    outputs = []

    ### START CODE HERE ###
    # Each input has a stem of its own; the three maps have one shape and are added
    trunk = Add()([halve(image, width, 7) for image in inputs])
    trunk = res_block(res_block(trunk, width), width)
    for filters in (2 * width, 4 * width, 8 * width):
        trunk = halve(trunk, filters)
        trunk = res_block(res_block(trunk, filters), filters)

    # Each head starts from the trunk, not from the head before it
    for _ in range(3):
        head = trunk
        for filters in (16 * width, 32 * width):
            head = halve(head, filters)
            head = res_block(res_block(head, filters), filters)
        outputs.append(head)
    ### END CODE HERE ###

    return Model(inputs, outputs)
