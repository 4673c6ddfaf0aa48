"""The two blocks of ResNet-50 once more, in the *training edition*: mode and initializer are arguments.

These blocks work on arrays, at once, and on `keras.Input`. Their layers have no names. `blocks.py` holds the other
edition, with stage and block. The lines between START CODE HERE and END CODE HERE are the gaps of assignment
`04_batchnorm_modes`; the docstrings are what the student reads there.

Source: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), section 3 and figure 5 (right).
"""

from collections.abc import Callable, Sequence

import numpy as np
from keras import KerasTensor
from keras.initializers import Initializer, glorot_uniform, random_uniform
from keras.layers import Activation, Add, BatchNormalization, Conv2D


def identity_block(
    X: KerasTensor | np.ndarray,
    f: int,
    filters: Sequence[int],
    training: bool = True,
    initializer: Callable[..., Initializer] = random_uniform,
) -> KerasTensor | np.ndarray:
    """Residual block whose shortcut is the identity: relu(main_path(X) + X).

    main_path = Conv 1x1 (F1) -> BN -> ReLU -> Conv f x f (F2) -> BN -> ReLU -> Conv 1x1 (F3) -> BN

    Every convolution has stride 1 and starts from initializer(seed=0). Every batch normalisation (axis 3) is told the
    mode: it is called on its input with training=training. The layers have no names of their own.

    Args:
        X: input, shape (batch, height, width, channels): an array or a Keras tensor; channels must equal F3.
        f: side of the middle convolution's window, in pixels.
        filters: the numbers of filters (F1, F2, F3) of the three convolutions.
        training: whether the batch normalisations use the batch's statistics (True) or their moving ones (False).
        initializer: makes the kernels' initializer; it is called as initializer(seed=0).

    Returns:
        Output of the block, shape (batch, height, width, F3): the shape of X.

    Raises:
        ValueError: if the channels of X differ from F3, so that the two cannot be added element by element.

    Source: He et al. 2015, section 3.2, equation 1, and figure 5 (right).
    """
    F1, F2, F3 = filters
    if X.shape[-1] != F3:
        raise ValueError(f"identity_block adds X to its main path: X has {X.shape[-1]} channels, F3 is {F3}.")
    X_shortcut = X

    # First component of the main path (given)
    X = Conv2D(F1, (1, 1), padding="valid", kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    ### START CODE HERE ###
    # Second component of the main path: f x f, "same" keeps height and width
    X = Conv2D(F2, (f, f), padding="same", kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    # Third component of the main path: no ReLU yet, negative values must reach the sum
    X = Conv2D(F3, (1, 1), padding="valid", kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)

    # The sum, and only then the last ReLU
    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END CODE HERE ###

    return X


def convolutional_block(
    X: KerasTensor | np.ndarray,
    f: int,
    filters: Sequence[int],
    s: int = 2,
    training: bool = True,
    initializer: Callable[..., Initializer] = glorot_uniform,
) -> KerasTensor | np.ndarray:
    """Residual block whose shortcut is a projection: relu(main_path(X) + BN(Conv 1x1 (F3, stride s)(X))).

    main_path = Conv 1x1 (F1, stride s) -> BN -> ReLU -> Conv f x f (F2) -> BN -> ReLU -> Conv 1x1 (F3) -> BN

    The projection has no ReLU of its own. Every convolution starts from initializer(seed=0). Every batch normalisation
    (axis 3), the projection's included, is called on its input with training=training. The layers have no names.

    Args:
        X: input, shape (batch, height, width, channels): an array or a Keras tensor.
        f: side of the middle convolution's window, in pixels.
        filters: the numbers of filters (F1, F2, F3) of the main path's convolutions; the projection has F3.
        s: stride of the main path's first convolution and of the projection, in pixels.
        training: whether the batch normalisations use the batch's statistics (True) or their moving ones (False).
        initializer: makes the kernels' initializer; it is called as initializer(seed=0).

    Returns:
        Output of the block, shape (batch, ceil(height / s), ceil(width / s), F3).

    Source: He et al. 2015, section 3.3, option B, and equation 2.
    """
    F1, F2, F3 = filters
    X_shortcut = X

    # First component of the main path (given): its stride makes the map smaller
    X = Conv2D(F1, (1, 1), strides=(s, s), kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    ### START CODE HERE ###
    # Second component of the main path: f x f, "same" keeps height and width
    X = Conv2D(F2, (f, f), padding="same", kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    # Third component of the main path: no ReLU yet, negative values must reach the sum
    X = Conv2D(F3, (1, 1), padding="valid", kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)

    # The shortcut reads the block's input and gives it the shape of the main path; no ReLU here
    projection = Conv2D(F3, (1, 1), strides=(s, s), kernel_initializer=initializer(seed=0))
    X_shortcut = BatchNormalization(axis=3)(projection(X_shortcut), training=training)

    # The sum, and only then the last ReLU
    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END CODE HERE ###

    return X
