"""Right answers to the gaps of assignment 05, written differently."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.resnet50_stages import first, further
from solutions.mistakes.resnet50_stem import AVERAGE, BN, CONV1, DENSE, FLATTEN, PADDING, POOL, RELU
from solutions.styles.resnet50_whole import WHOLE_NETWORK

RETURN = '    return Model(X_input, X, name="ResNet50")\n'

IN_RESNET50 = (
    Style(
        "plain-arguments",
        "The blocks' arguments are positional.",
        (
            Change(first(2), '    X = convolutional_block(X, 3, [64, 64, 256], 2, "a", 1)\n'),
            Change(first(3), '    X = convolutional_block(X, 3, [128, 128, 512], 3, "a")\n'),
            Change(further(5, "c"), '    X = identity_block(X, 3, [512, 512, 2048], 5, "c")\n'),
        ),
    ),
    Style(
        "named-arguments",
        "Every argument of a block is named, the filters are a tuple.",
        (
            Change(first(2), '    X = convolutional_block(X=X, s=1, f=3, filters=(64, 64, 256), stage=2, block="a")\n'),
            Change(further(2, "b"), '    X = identity_block(X=X, f=3, filters=(64, 64, 256), block="b", stage=2)\n'),
        ),
    ),
    Style("default-stride", "The stride 2 is left to the block's default.", (Change(", s=2)", ")", times=3),)),
    Style(
        "integers",
        "Windows, strides and paddings are one integer.",
        (
            Change(PADDING, "    X = ZeroPadding2D(3)(X_input)\n"),
            Change("(7, 7), strides=(2, 2)", "7, 2"),
            Change(POOL, "    X = MaxPooling2D(3, 2)(X)\n"),
            Change(AVERAGE, "    X = AveragePooling2D(2)(X)\n"),
        ),
    ),
    Style(
        "spelled-out",
        "What Keras takes by itself is spelled out.",
        (
            Change(PADDING, "    X = ZeroPadding2D(padding=((3, 3), (3, 3)))(X_input)\n"),
            Change('strides=(2, 2), name="conv1"', 'strides=(2, 2), padding="valid", use_bias=True, name="conv1"'),
            Change("axis=3,", "axis=3, momentum=0.99, epsilon=0.001,"),
            Change(POOL, '    X = MaxPooling2D(pool_size=(3, 3), strides=(2, 2), padding="valid")(X)\n'),
            Change(AVERAGE, '    X = AveragePooling2D(pool_size=(2, 2), strides=2, name="avg_pool")(X)\n'),
        ),
    ),
    Style(
        "relu-layer",
        "The ReLU is a ReLU layer, and the axis is -1.",
        (Change(RELU, "    from keras.layers import ReLU\n    X = ReLU()(X)\n"), Change("axis=3", "axis=-1")),
    ),
    Style(
        "operations",
        "Padding, ReLU, flattening and softmax are operations of keras.ops.",
        (
            Change(PADDING, "    X = keras.ops.pad(X_input, [[0, 0], [3, 3], [3, 3], [0, 0]])\n"),
            Change(RELU, "    X = keras.ops.relu(X)\n"),
            Change(FLATTEN, "    X = keras.ops.reshape(X, (-1, X.shape[1] * X.shape[2] * X.shape[3]))\n"),
            Change(DENSE, DENSE.replace('activation="softmax", ', "") + "    X = keras.ops.softmax(X)\n"),
        ),
    ),
    Style(
        "softmax-apart",
        "The softmax is a layer of its own.",
        (Change(DENSE, DENSE.replace('activation="softmax", ', "") + '    X = Activation("softmax")(X)\n'),),
    ),
    Style(
        "layers-first",
        "Stem layers are made first and called in one line.",
        (
            Change(
                CONV1 + BN + RELU,
                CONV1.replace("X = ", "convolve = ").replace(")(X)\n", ")\n")
                + BN.replace("X = ", "normalise = ").replace(")(X)\n", ")\n")
                + '    X = Activation("relu")(normalise(convolve(X)))\n',
            ),
        ),
    ),
    Style(
        "reshape", "A Reshape stands for the Flatten.", (Change(FLATTEN, "    X = keras.layers.Reshape((-1,))(X)\n"),)
    ),
    Style(
        "summary",
        "The model is printed, and named otherwise.",
        (Change(RETURN, "    model = Model(inputs=X_input, outputs=X)\n    model.summary()\n    return model\n"),),
    ),
    *WHOLE_NETWORK,
)

ZEROS = '    rows = np.zeros((len(labels), classes), dtype="float32")\n'
ONES = "    rows[np.arange(len(labels)), labels] = 1\n"


def rows(text: str) -> tuple[Change, ...]:
    """Put other lines in the place of the gap of `one_hot`."""
    return Change(ZEROS, ""), Change(ONES, text)


IN_ONE_HOT = (
    Style(
        "rows-of-the-identity",
        "Rows of the identity matrix.",
        rows('    rows = np.eye(classes, dtype="float32")[labels]\n'),
    ),
    Style(
        "comparison",
        "Labels are compared with all classes.",
        rows("    rows = (labels[:, np.newaxis] == np.arange(classes)).astype(np.float32)\n"),
    ),
    Style(
        "keras-categorical",
        "Keras's to_categorical.",
        rows('    rows = keras.utils.to_categorical(labels, classes).astype("float32")\n'),
    ),
    Style(
        "keras-operation",
        "Keras's own operation, which returns a tensor.",
        rows("    rows = keras.ops.one_hot(labels, classes)\n"),
    ),
    Style(
        "loop",
        "A loop over the labels.",
        (Change(ONES, "    for row, label in enumerate(labels):\n        rows[row, label] = 1.0\n"),),
    ),
    Style(
        "lists",
        "A list of lists.",
        rows(
            "    rows = np.array([[float(label == one) for one in range(classes)] for label in labels], np.float32)\n"
        ),
    ),
)

BATCH = "    batch = picture[np.newaxis] / 255\n"
PROBABILITIES = "    probabilities = np.asarray(model(batch, training=False))[0]\n"
BEST = "    best = int(np.argmax(probabilities))\n"
PROBABILITY = "    probability = float(probabilities[best])\n"

IN_PREDICT_CLASS = (
    Style(
        "predict",
        "model.predict, with its progress bar.",
        (Change(PROBABILITIES, "    probabilities = model.predict(batch)[0]\n"),),
    ),
    Style(
        "call-without-mode",
        "The model is called without a mode, which is inference.",
        (Change(PROBABILITIES, "    probabilities = np.asarray(model(batch))[0]\n"),),
    ),
    Style(
        "expand-dims",
        "np.expand_dims makes the batch.",
        (Change(BATCH, "    batch = np.expand_dims(picture / 255.0, 0)\n"),),
    ),
    Style(
        "list-of-one",
        "A list of one picture makes the batch.",
        (Change(BATCH, "    batch = np.array([picture], dtype=np.float32) / 255\n"),),
    ),
    Style(
        "reshape",
        "A reshape makes the batch.",
        (Change(BATCH, '    batch = picture.astype("float32").reshape((1,) + picture.shape) / 255\n'),),
    ),
    Style(
        "numpy-numbers",
        "The numbers are NumPy's own, the class comes from the batch.",
        (
            Change(PROBABILITIES, "    probabilities = model.predict_on_batch(batch)\n"),
            Change(BEST, "    best = np.argmax(probabilities, axis=1)[0]\n"),
            Change(PROBABILITY, "    probability = probabilities.max()\n"),
        ),
    ),
    Style(
        "keras-operations",
        "Everything is done by keras.ops.",
        (
            Change(PROBABILITIES, '    probabilities = model(keras.ops.convert_to_tensor(batch, "float32"))[0]\n'),
            Change(BEST, "    best = int(keras.ops.argmax(probabilities))\n"),
            Change(PROBABILITY, "    probability = float(keras.ops.max(probabilities))\n"),
        ),
    ),
)

STYLES: dict[str, tuple[Style, ...]] = {
    "ResNet50": IN_RESNET50,
    "one_hot": IN_ONE_HOT,
    "predict_class": IN_PREDICT_CLASS,
}
"""Name of an exercise to its styles."""
