"""Right answers to assignment 02 written differently.

Sources: how right blocks of about 70 authors vary, and what graders are known to stumble over.
"""

from autograder.course.mistakes import Change, Style
from solutions.mistakes import res_block_lines as block
from solutions.mistakes import skip_add as skip
from solutions.styles.three_inputs import IN_THREE_INPUT_MODEL

SEQUENTIAL_SKIP = """\
    from keras import Sequential
    convolved = Sequential([Conv2D(X.shape[-1], (3, 3), padding="same")])(X)
"""
PADDED_BY_HAND = """\
    from keras.layers import ZeroPadding2D
    convolved = Conv2D(X.shape[-1], (3, 3))(ZeroPadding2D(1)(X))
"""
HELPER = """\
def convolve(X, count):
    return Conv2D(count, 3, padding="same")(X)


def """

SKIP_ADD = (
    Style("shortcut-last", "Add takes the shortcut last.", (Change("[X, convolved]", "[convolved, X]"),)),
    Style("plus", "The sum is X + convolved.", (Change(skip.SUM, "    result = X + convolved\n"),)),
    Style(
        "add-function",
        "The sum is made by layers.add.",
        (Change(skip.SUM, "    from keras import layers\n    result = layers.add([X, convolved])\n"),),
    ),
    Style(
        "operations",
        "Sum and ReLU are made by keras.ops.",
        (
            Change(skip.SUM, "    import keras\n    result = keras.ops.add(X, convolved)\n"),
            Change(skip.RELU, "    result = keras.ops.maximum(result, 0)\n"),
        ),
    ),
    Style(
        "relu-layer",
        "The ReLU is a ReLU layer.",
        (Change(skip.RELU, "    from keras.layers import ReLU\n    result = ReLU()(result)\n"),),
    ),
    Style(
        "relu-activation",
        "The ReLU is keras.activations.relu.",
        (Change(skip.RELU, "    import keras\n    result = keras.activations.relu(result)\n"),),
    ),
    Style(
        "integers",
        "The window is one integer, and padding is written 'SAME'.",
        (Change('(3, 3), padding="same"', '3, padding="SAME"'),),
    ),
    Style(
        "keywords",
        "Every argument is a keyword, and what Keras takes by itself is spelled out.",
        (
            Change(
                'X.shape[-1], (3, 3), padding="same"',
                'filters=X.shape[3], kernel_size=(3, 3), strides=1, padding="same", activation=None, use_bias=True',
            ),
        ),
    ),
    Style(
        "one-line",
        "Everything stands in one expression.",
        (
            Change(skip.CONV, ""),
            Change(skip.SUM, ""),
            Change(
                skip.RELU,
                '    result = Activation("relu")(Add()([X, Conv2D(X.shape[-1], (3, 3), padding="same")(X)]))\n',
            ),
        ),
    ),
    Style(
        "other-initializer",
        "The convolution starts from other weights; the docstring asks for none in particular.",
        (Change('padding="same"', 'padding="same", kernel_initializer="he_normal"'),),
    ),
    Style("sequential", "The convolution stands in a Sequential.", (Change(skip.CONV, SEQUENTIAL_SKIP),)),
    Style("padded-by-hand", "The convolution is padded by ZeroPadding2D.", (Change(skip.CONV, PADDED_BY_HAND),)),
    Style(
        "helper",
        "A function outside makes the convolution.",
        (Change("def ", HELPER), Change(skip.CONV, "    convolved = convolve(X, X.shape[-1])\n")),
    ),
    Style(
        "imports-of-tensorflow",
        "The layers come from tensorflow.keras.",
        (
            Change("Conv2D(", "tf.keras.layers.Conv2D("),
            Change("Add(", "tf.keras.layers.Add("),
            Change(skip.CONV.partition("Conv2D")[0] + "tf", "    import tensorflow as tf\n    convolved = tf"),
        ),
    ),
    Style("named", "The layers have names.", (Change("Add()", 'Add(name="sum")'),)),
    Style(
        "forgotten-print", "A print was forgotten.", (Change(skip.SUM, "    print(X, convolved.shape)\n" + skip.SUM),)
    ),
)

LOOP = """\
    X = inputs
    for number, stride in enumerate((strides, 1)):
        X = Conv2D(filters, kernel_size, strides=stride, padding="same")(X)
        X = BatchNormalization()(X)
        if number == 0:
            X = Activation("relu")(X)
"""
INNER_FUNCTION = """\
    def convolve(X, window, stride):
        X = Conv2D(filters, window, strides=stride, padding="same")(X)
        return BatchNormalization()(X)

    X = convolve(Activation("relu")(convolve(inputs, kernel_size, strides)), kernel_size, 1)
    if strides != 1 or inputs.shape[-1] != filters:
        shortcut = convolve(inputs, 1, strides)
"""
SEQUENTIAL = """\
    from keras import Sequential
    X = Sequential([
        Conv2D(filters, kernel_size, strides=strides, padding="same"),
        BatchNormalization(),
        Activation("relu"),
        Conv2D(filters, kernel_size, padding="same"),
        BatchNormalization(),
    ])(inputs)
"""
MAIN_PATH = block.CONV_1 + block.BN + block.RELU + block.CONV_2 + block.BN
SHORTCUT = block.CONDITION + block.PROJECTION + block.PROJECTION_BN
EARLY_RETURN = """\
    same_shape = strides == 1 and inputs.shape[-1] == filters
    if same_shape:
        return Activation("relu")(Add()([X, inputs]))
    shortcut = BatchNormalization()(Conv2D(filters, (1, 1), (strides, strides))(inputs))
"""

RES_BLOCK = (
    Style("shortcut-first", "Add takes the shortcut first.", (Change("[X, shortcut]", "[shortcut, X]"),)),
    Style("plus", "The sum is X + shortcut.", (Change(block.SUM, "    X = X + shortcut\n"),)),
    Style(
        "add-function",
        "The sum is made by layers.add.",
        (Change(block.SUM, "    from keras import layers\n    X = layers.add([X, shortcut])\n"),),
    ),
    Style(
        "operations",
        "Sum and ReLUs are made by keras.ops.",
        (
            Change(block.SUM, "    X = keras.ops.add(X, shortcut)\n"),
            Change(block.RELU, "    import keras\n    X = keras.ops.relu(X)\n", times=2),
        ),
    ),
    Style(
        "relu-layer",
        "The ReLUs are ReLU layers.",
        (Change(block.RELU, "    from keras.layers import ReLU\n    X = ReLU()(X)\n", times=2),),
    ),
    Style(
        "keywords",
        "Every argument is a keyword, and what Keras takes by itself is spelled out.",
        (
            Change("filters, kernel_size,", "filters=filters, kernel_size=(kernel_size, kernel_size),", times=2),
            Change(
                "filters, 1, strides=strides",
                'filters=filters, kernel_size=(1, 1), strides=[strides] * 2, padding="valid"',
            ),
            Change("BatchNormalization()", "BatchNormalization(axis=-1, momentum=0.99, epsilon=0.001)", times=3),
        ),
    ),
    Style(
        "positional",
        "Window, stride and padding are positional, the axis is 3.",
        (
            Change("kernel_size, strides=strides, padding=padding", "kernel_size, strides, padding"),
            Change("kernel_size, padding=padding", 'kernel_size, 1, "same"'),
            Change("filters, 1, strides=strides", "filters, 1, strides"),
            Change("BatchNormalization()", "BatchNormalization(3)", times=3),
        ),
    ),
    Style(
        "projection-first",
        "The shortcut is made before the main path.",
        (Change(SHORTCUT, ""), Change(block.CONV_1, SHORTCUT + block.CONV_1)),
    ),
    Style(
        "projection-padded-same",
        "The projection has padding='same', which changes nothing at 1x1.",
        (Change("filters, 1, strides=strides", "filters, 1, strides=strides, padding=padding"),),
    ),
    Style(
        "condition-turned-round",
        "The condition is written the other way round, with the main path's channels.",
        (Change(block.CONDITION, "    if not (strides == 1 and X.shape[-1] == inputs.shape[-1]):\n"),),
    ),
    Style("early-return", "The identity returns early.", (Change(SHORTCUT, EARLY_RETURN),)),
    Style("loop", "A loop makes the main path.", (Change(MAIN_PATH, LOOP),)),
    Style(
        "inner-function",
        "A function inside makes convolution and batch normalisation, on both paths.",
        (Change(MAIN_PATH, INNER_FUNCTION), Change(SHORTCUT, "")),
    ),
    Style("sequential", "A Sequential holds the main path.", (Change(MAIN_PATH, SEQUENTIAL),)),
    Style(
        "training-none",
        "Batch normalisation is called with training=None.",
        (Change(block.BN, block.BN.replace("(X)", "(X, training=None)"), times=2),),
    ),
    Style(
        "no-type-hints",
        "The signature has no type hints.",
        (
            Change(
                "inputs: KerasTensor, filters: int, kernel_size: int = 3, strides: int = 1, padding: str = ",
                "inputs, filters, kernel_size=3, strides=1, padding=",
            ),
            Change(" -> KerasTensor", ""),
        ),
    ),
    Style(
        "forgotten-print", "A print was forgotten.", (Change(block.SUM, "    print(X, shortcut.shape)\n" + block.SUM),)
    ),
)

STYLES: dict[str, tuple[Style, ...]] = {
    "skip_add": SKIP_ADD,
    "res_block": RES_BLOCK,
    "three_input_model": IN_THREE_INPUT_MODEL,
}
"""Name of an exercise to its styles."""
