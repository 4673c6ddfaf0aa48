"""ResNet-50 from its two blocks, labels as vectors, and what a trained network says of a picture.

Source: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition" (2015), table 1 (50-layer) and section 3.4.
The lines between START CODE HERE and END CODE HERE are the gaps of assignment `05_resnet50`; the docstrings are what
the student reads there.
"""

import keras
import numpy as np
from keras import Input, Model
from keras.initializers import glorot_uniform
from keras.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    ZeroPadding2D,
)

from solutions.blocks import convolutional_block, identity_block


def ResNet50(input_shape: tuple[int, int, int] = (64, 64, 3), classes: int = 6) -> keras.Model:
    """ResNet-50: a stem, four stages of residual blocks, and a classifier.

    | part    | what it holds                                                                    |
    | ------- | -------------------------------------------------------------------------------- |
    | stem    | ZeroPadding 3 -> Conv 7x7, 64 filters, stride 2 -> BN -> ReLU -> MaxPool 3x3, stride 2 |
    | stage 2 | 1 convolutional block, s=1, and 2 identity blocks, filters [64, 64, 256]         |
    | stage 3 | 1 convolutional block, s=2, and 3 identity blocks, filters [128, 128, 512]       |
    | stage 4 | 1 convolutional block, s=2, and 5 identity blocks, filters [256, 256, 1024]      |
    | stage 5 | 1 convolutional block, s=2, and 2 identity blocks, filters [512, 512, 2048]      |
    | head    | AveragePooling 2x2 -> Flatten -> Dense with one softmax output per class          |

    In every block f = 3, and the blocks of a stage have the letters "a", "b", "c" and so on. Neither the stem's
    convolution nor a pooling pads by itself. The convolution is named conv1, its batch normalisation (axis 3) bn_conv1,
    the dense layer fc and the number of classes, such as fc6. Both layers with a kernel start from
    glorot_uniform(seed=0), as those in the blocks do.

    Args:
        input_shape: height and width in pixels, and channels, of one picture.
        classes: how many classes there are.

    Returns:
        A model that takes pictures, shape (batch, height, width, channels), and returns the probability of each class,
        shape (batch, classes).

    Source: He et al. 2015, table 1 (50-layer), for pictures of 64x64 instead of 224x224.
    """
    X_input = Input(input_shape)

    ### START CODE HERE ###
    # Stem: 3 pixels of zeros on each side, then everything that comes in is halved twice
    X = ZeroPadding2D((3, 3))(X_input)
    X = Conv2D(64, (7, 7), strides=(2, 2), name="conv1", kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name="bn_conv1")(X)
    X = Activation("relu")(X)
    X = MaxPooling2D((3, 3), strides=(2, 2))(X)

    # Stage 2: the pooling has halved the map already, so s=1
    X = convolutional_block(X, 3, [64, 64, 256], stage=2, block="a", s=1)
    X = identity_block(X, 3, [64, 64, 256], stage=2, block="b")
    X = identity_block(X, 3, [64, 64, 256], stage=2, block="c")

    # Stage 3
    X = convolutional_block(X, 3, [128, 128, 512], stage=3, block="a", s=2)
    X = identity_block(X, 3, [128, 128, 512], stage=3, block="b")
    X = identity_block(X, 3, [128, 128, 512], stage=3, block="c")
    X = identity_block(X, 3, [128, 128, 512], stage=3, block="d")

    # Stage 4
    X = convolutional_block(X, 3, [256, 256, 1024], stage=4, block="a", s=2)
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="b")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="c")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="d")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="e")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="f")

    # Stage 5
    X = convolutional_block(X, 3, [512, 512, 2048], stage=5, block="a", s=2)
    X = identity_block(X, 3, [512, 512, 2048], stage=5, block="b")
    X = identity_block(X, 3, [512, 512, 2048], stage=5, block="c")

    # Head
    X = AveragePooling2D((2, 2))(X)
    X = Flatten()(X)
    X = Dense(classes, activation="softmax", name=f"fc{classes}", kernel_initializer=glorot_uniform(seed=0))(X)
    ### END CODE HERE ###

    return Model(X_input, X, name="ResNet50")


def one_hot(labels: np.ndarray, classes: int) -> np.ndarray:
    """Turn labels into vectors: 1 at the place of the class, 0 elsewhere.

    The vector of class 2 of four classes is [0, 0, 1, 0]. This is what the network's output is compared with.

    Args:
        labels: the class of each picture, integers from 0 to classes - 1, shape (pictures,).
        classes: how many classes there are.

    Returns:
        One row per picture, shape (pictures, classes), of type float32. A class that no picture has keeps its column.

    Source: Goodfellow, Bengio, Courville, "Deep Learning" (2016), section 6.2.2.3.
    """
    ### START CODE HERE ###
    rows = np.zeros((len(labels), classes), dtype="float32")
    rows[np.arange(len(labels)), labels] = 1
    ### END CODE HERE ###

    return rows


def predict_class(model: keras.Model, picture: np.ndarray) -> tuple[int, float]:
    """Ask a trained network for the class of a single picture.

    The network was trained on pictures whose values lie between 0 and 1, and it takes a batch of them.

    Args:
        model: takes (batch, height, width, channels), returns the probability of each class, shape (batch, classes).
        picture: one picture, integers from 0 to 255, shape (height, width, channels).

    Returns:
        The most probable class, and its probability, between 0 and 1.
    """
    ### START CODE HERE ###
    batch = picture[np.newaxis] / 255
    probabilities = np.asarray(model(batch, training=False))[0]
    best = int(np.argmax(probabilities))
    probability = float(probabilities[best])
    ### END CODE HERE ###

    return best, probability
