"""The two building blocks of ResNet-50: identity block and convolutional block.

Source: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), section 3 and figure 5 (right).
The lines between START CODE HERE and END CODE HERE are the gap of assignment `03_residual_blocks`; the docstrings are
what the student reads there.
"""

from collections.abc import Sequence

from keras import KerasTensor
from keras.initializers import glorot_uniform
from keras.layers import Activation, Add, BatchNormalization, Conv2D


def identity_block(X: KerasTensor, f: int, filters: Sequence[int], stage: int, block: str) -> KerasTensor:
    """Residual block whose shortcut is the identity: relu(main_path(X) + X).

    main_path = Conv 1x1 (F1) -> BN -> ReLU -> Conv f x f (F2) -> BN -> ReLU -> Conv 1x1 (F3) -> BN

    Every convolution has stride 1 and starts from glorot_uniform(seed=0). The layers are named
    res{stage}{block}_branch2a, 2b, 2c (convolutions) and bn{stage}{block}_branch2a, 2b, 2c (batch normalisations).

    Args:
        X: input, shape (batch, height, width, channels); channels must equal F3.
        f: side of the middle convolution's window, in pixels.
        filters: the numbers of filters (F1, F2, F3) of the three convolutions.
        stage: number of the stage, used in the layer names.
        block: letter of the block within its stage, used in the layer names.

    Returns:
        Output of the block, shape (batch, height, width, F3): the shape of X.

    Raises:
        ValueError: if the channels of X differ from F3, so that the two cannot be added element by element.

    Source: He et al. 2015, section 3.2, equation 1, and figure 5 (right).
    """
    conv_name = f"res{stage}{block}_branch"
    bn_name = f"bn{stage}{block}_branch"
    F1, F2, F3 = filters
    if X.shape[-1] != F3:
        raise ValueError(f"identity_block adds X to its main path: X has {X.shape[-1]} channels, F3 is {F3}.")
    X_shortcut = X

    # First component of the main path (given)
    X = Conv2D(F1, (1, 1), padding="valid", name=conv_name + "2a", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name + "2a")(X)
    X = Activation("relu")(X)

    ### START CODE HERE ###
    # Second component of the main path: f x f, "same" keeps height and width
    X = Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name + "2b")(X)
    X = Activation("relu")(X)

    # Third component of the main path: no ReLU yet, negative values must reach the sum
    X = Conv2D(F3, (1, 1), padding="valid", name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name + "2c")(X)

    # The sum, and only then the last ReLU
    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END CODE HERE ###

    return X


def convolutional_block(
    X: KerasTensor, f: int, filters: Sequence[int], stage: int, block: str, s: int = 2
) -> KerasTensor:
    """Residual block whose shortcut is a projection: relu(main_path(X) + BN(Conv 1x1 (F3, stride s)(X))).

    main_path = Conv 1x1 (F1, stride s) -> BN -> ReLU -> Conv f x f (F2) -> BN -> ReLU -> Conv 1x1 (F3) -> BN

    The projection has no ReLU of its own. Every convolution starts from glorot_uniform(seed=0). The layers are named
    res{stage}{block}_branch2a, 2b, 2c and, on the shortcut, res{stage}{block}_branch1; their batch normalisations
    bn{stage}{block}_branch2a, 2b, 2c and bn{stage}{block}_branch1.

    Args:
        X: input, shape (batch, height, width, channels).
        f: side of the middle convolution's window, in pixels.
        filters: the numbers of filters (F1, F2, F3) of the main path's convolutions; the projection has F3.
        stage: number of the stage, used in the layer names.
        block: letter of the block within its stage, used in the layer names.
        s: stride of the main path's first convolution and of the projection, in pixels.

    Returns:
        Output of the block, shape (batch, ceil(height / s), ceil(width / s), F3).

    Source: He et al. 2015, section 3.3, option B, and equation 2.
    """
    conv_name = f"res{stage}{block}_branch"
    bn_name = f"bn{stage}{block}_branch"
    F1, F2, F3 = filters
    X_shortcut = X

    # First component of the main path (given): its stride makes the map smaller
    X = Conv2D(F1, (1, 1), strides=(s, s), name=conv_name + "2a", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name + "2a")(X)
    X = Activation("relu")(X)

    ### START CODE HERE ###
    # Second component of the main path: f x f, "same" keeps height and width
    X = Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name + "2b")(X)
    X = Activation("relu")(X)

    # Third component of the main path: no ReLU yet, negative values must reach the sum
    X = Conv2D(F3, (1, 1), padding="valid", name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name + "2c")(X)

    # The shortcut reads the block's input and gives it the shape of the main path; no ReLU here
    projection = Conv2D(F3, (1, 1), strides=(s, s), name=conv_name + "1", kernel_initializer=glorot_uniform(seed=0))
    X_shortcut = BatchNormalization(axis=3, name=bn_name + "1")(projection(X_shortcut))

    # The sum, and only then the last ReLU
    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END CODE HERE ###

    return X
