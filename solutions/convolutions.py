"""Size and cost of convolutions, and a call of Keras 1 in the form of Keras 3.

Sources: Dumoulin, Visin, "A guide to convolution arithmetic for deep learning" (2016), for sizes; He, Zhang, Ren, Sun,
"Deep Residual Learning for Image Recognition" (2015), section 3.3 and table 1, for costs. The lines between START CODE
HERE and END CODE HERE are the gaps of assignment `01_convolutions`.
"""

import math
from collections.abc import Sequence

from keras import KerasTensor
from keras.layers import Conv2D


def conv_output_shape(
    size: tuple[int, int],
    k: int,
    s: int = 1,
    p: int | str = "valid",
    d: int = 1,
) -> tuple[int, int]:
    """Height and width of what a convolution makes: how many places its window finds along each side.

    Along each side the first window begins at the first pixel (of the padding, where there is any) and each next one s
    pixels further on, as long as the whole window fits. Height and width are counted in the same way.

    Args:
        size: height and width of the input, in pixels.
        k: taps of the window along each side; the window is k x k.
        s: stride, in pixels.
        p: padding, the same at all four edges: a number of pixels, or "valid" for none; or "same" for as much as makes
            the output as large as the input divided by s, rounded up, whatever the window.
        d: dilation, the distance from one tap to the next, in pixels; 1 is an ordinary window without holes.

    Returns:
        Height and width of the output, in pixels.

    Raises:
        ValueError: if the window does not fit even once.

    Source: Dumoulin and Visin 2016, section 2.4 (stride and padding) and section 5.1 (dilation).
    """
    ### START CODE HERE ###
    reach = d * (k - 1) + 1  # pixels from the first tap of a window to its last, both included
    padding = p if isinstance(p, int) else 0
    sides = []
    for n in size:
        if p == "same":
            sides.append(math.ceil(n / s))
        else:
            sides.append((n + 2 * padding - reach) // s + 1)
    height, width = sides
    ### END CODE HERE ###

    if min(height, width) < 1:
        raise ValueError(f"A window of {k}x{k} taps with dilation {d} does not fit into {size} with padding {p}.")
    return height, width


def count_params(k: int, channels: int, filters: int, bias: bool = True, bn: bool = False) -> tuple[int, int]:
    """Weights of a convolution, and of the batch normalisation behind it: all of them, and those that are trained.

    Each filter has one weight per tap of its k x k window and per channel of the input, and one bias if there are
    biases. Batch normalisation has four numbers for each channel that it normalises: gamma and beta, which are trained,
    and a moving mean and a moving variance, which are not.

    Args:
        k: side of the window, in pixels.
        channels: channels of the input.
        filters: filters of the convolution, which are the channels of its output.
        bias: whether the convolution has biases.
        bn: whether a batch normalisation follows.

    Returns:
        The number of all weights, and the number of those that are trained.

    Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithms 1 and 2.
    """
    ### START CODE HERE ###
    trainable = k * k * channels * filters
    if bias:
        trainable += filters
    if bn:
        trainable += 2 * filters  # gamma and beta
    params = trainable
    if bn:
        params += 2 * filters  # moving mean and moving variance
    ### END CODE HERE ###

    return params, trainable


def count_macs(shape: tuple[int, int, int], layers: Sequence[tuple[int, int, int]]) -> int:
    """Multiply-adds of convolutions that follow one another, all with padding "same".

    Every number of an output, at each pixel and for each filter, is a sum over the taps of the window and the channels
    of the input: one multiply-add each. What one convolution makes is the input of the next one. Biases are not
    counted, as is usual.

    Args:
        shape: height, width and channels of the first convolution's input, in pixels and numbers.
        layers: (k, filters, s) of each convolution: side of its window, filters, stride.

    Returns:
        The multiply-adds of all of them together, for one picture.

    Source: He et al. 2015, table 1, last line: there they are called FLOPs.
    """
    height, width, channels = shape
    macs = 0
    for k, filters, s in layers:
        height_out, width_out = math.ceil(height / s), math.ceil(width / s)  # what padding "same" leaves
        ### START CODE HERE ###
        macs += height_out * width_out * filters * k * k * channels
        height, width, channels = height_out, width_out, filters  # the input of the next convolution
        ### END CODE HERE ###

    return macs


def fix_convolution2d(X: KerasTensor) -> KerasTensor:
    """The Keras 1 call below in a form that means the same in Keras 3.

    Convolution2D(32, 3, 3, activation='relu', padding='same', name='block1_conv1')(X)

    Its author asked for 32 filters with a window of 3 rows and 3 columns. Everything else of the call still means what
    it did: ReLU, padding "same", the layer's name, stride 1 because none is given, a bias because none is refused.

    Args:
        X: input, shape (batch, height, width, channels).

    Returns:
        Output of the layer, shape (batch, height, width, 32).

    Source: documentation of Keras 1, Convolution2D(nb_filter, nb_row, nb_col, ...), and of Keras 3,
    Conv2D(filters, kernel_size, strides, padding, ...).
    """
    ### START CODE HERE ###
    X = Conv2D(32, (3, 3), activation="relu", padding="same", name="block1_conv1")(X)
    ### END CODE HERE ###

    return X
