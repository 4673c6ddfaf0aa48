"""Right answers that use other layers, functions or arguments than the reference."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.lines import BN_B, BN_C, BN_P, CONV_B, CONV_C, CONV_P, INITIALIZER, RELU, SUM

PADDED_BY_HAND = """\
    from keras.layers import ZeroPadding2D
    before, after = (f - 1) // 2, f // 2
    X = ZeroPadding2D(((before, after), (before, after)))(X)
"""

UNPACKED = "F1, F2, F3 = filters\n"

SPELLED_OUT_CONV = (
    'strides=(1, 1), use_bias=True, bias_initializer="zeros", data_format="channels_last", dilation_rate=1, '
)
SPELLED_OUT_BN = "axis=3, momentum=0.99, epsilon=0.001, center=True, scale=True, trainable=True,"

THE_SUM = (
    Style("shortcut-first", "Add takes the shortcut first.", (Change("[X, X_shortcut]", "[X_shortcut, X]"),)),
    Style("plus", "The sum is X + X_shortcut.", (Change(SUM, "    X = X + X_shortcut\n"),)),
    Style(
        "add-function",
        "The sum is made by layers.add.",
        (Change(SUM, "    from keras import layers\n    X = layers.add([X, X_shortcut])\n"),),
    ),
    Style(
        "add-operation",
        "The sum is made by keras.ops.add.",
        (Change(SUM, "    import keras\n    X = keras.ops.add(X, X_shortcut)\n"),),
    ),
    Style("plus-in-place", "The sum is made by +=.", (Change(SUM, "    X += X_shortcut\n"),)),
    Style(
        "lambda",
        "The sum is made by a Lambda layer.",
        (
            Change(
                SUM,
                "    from keras.layers import Lambda\n    X = Lambda(lambda two: two[0] + two[1])([X, X_shortcut])\n",
            ),
        ),
    ),
)

THE_RELU = (
    Style(
        "relu-layer",
        "The ReLUs are ReLU layers.",
        (Change(RELU, "    from keras.layers import ReLU\n    X = ReLU()(X)\n", None),),
    ),
    Style(
        "relu-activation",
        "The ReLUs are made by keras.activations.relu.",
        (Change(RELU, "    import keras\n    X = keras.activations.relu(X)\n", None),),
    ),
    Style(
        "relu-operation",
        "The ReLUs are made by keras.ops: relu, and maximum with 0.",
        (
            Change(SUM + RELU, SUM + "    X = keras.ops.maximum(X, 0)\n"),
            Change(RELU, "    import keras\n    X = keras.ops.relu(X)\n", times=2),
        ),
    ),
    Style(
        "relu-function",
        "The ReLUs are Activation layers of a function: TensorFlow's, and Keras's.",
        (
            Change(SUM + RELU, SUM + "    X = Activation(keras.activations.relu)(X)\n"),
            Change(RELU, "    import keras, tensorflow\n    X = Activation(tensorflow.nn.relu)(X)\n", times=2),
        ),
    ),
    Style(
        "relu-once",
        "One Activation layer serves three times, and has a name.",
        (
            Change(UNPACKED, UNPACKED + '    relu = Activation("relu", name="relu")\n'),
            Change(RELU, "    X = relu(X)\n", None),
        ),
    ),
)

THE_CONVOLUTIONS = (
    Style(
        "positional",
        "Window, stride and padding are positional.",
        (
            Change('(f, f), padding="same"', '(f, f), (1, 1), "same"'),
            Change(CONV_C, CONV_C.replace('padding="valid"', '(1, 1), "valid"')),
        ),
    ),
    Style(
        "keywords",
        "Every argument of the layers is a keyword, and what Keras takes by itself is spelled out.",
        (
            Change("Conv2D(F2, (f, f), ", f"Conv2D(filters=F2, kernel_size=(f, f), {SPELLED_OUT_CONV}"),
            Change(
                'Conv2D(F3, (1, 1), padding="valid"',
                f'Conv2D(filters=F3, kernel_size=1, {SPELLED_OUT_CONV}padding="valid"',
            ),
            Change("axis=3,", SPELLED_OUT_BN, None),
        ),
    ),
    Style(
        "integers",
        "Windows are one integer, or a list.",
        (
            Change("(f, f)", "f"),
            Change('(1, 1), padding="valid", name=conv_name + "2c"', '[1, 1], name=conv_name + "2c"'),
        ),
    ),
    Style("capitals", "Padding is written 'SAME'.", (Change('padding="same"', 'padding="SAME"'),)),
    Style(
        "same-everywhere",
        "The third convolution has padding='same', which changes nothing at 1x1.",
        (Change(CONV_C, CONV_C.replace("valid", "same")),),
    ),
    Style(
        "convolution2d",
        "The convolutions are called Convolution2D, as in older code.",
        (Change("Conv2D(", "keras.layers.Convolution2D(", None), Change(UNPACKED, UNPACKED + "    import keras\n")),
    ),
    Style(
        "padded-by-hand",
        "The second convolution is padded by ZeroPadding2D.",
        (Change(CONV_B, PADDED_BY_HAND + CONV_B.replace("same", "valid")),),
    ),
)

THE_INITIALIZER = (
    Style(
        "glorot-class",
        "The initializer is the class GlorotUniform.",
        (
            Change("glorot_uniform(seed=0)", "keras.initializers.GlorotUniform(0)", None),
            Change(UNPACKED, UNPACKED + "    import keras\n"),
        ),
    ),
    Style(
        "glorot-config",
        "The initializer is given by its name and configuration.",
        (Change("glorot_uniform(seed=0)", '{"class_name": "glorot_uniform", "config": {"seed": 0}}', None),),
    ),
    Style(
        "variance-scaling",
        "The initializer is written as the VarianceScaling that it is.",
        (
            Change("glorot_uniform(seed=0)", 'scaled(mode="fan_avg", distribution="uniform", seed=0)', None),
            Change(UNPACKED, UNPACKED + "    from keras.initializers import VarianceScaling as scaled\n"),
        ),
    ),
    Style(
        "glorot-once",
        "One initializer serves all convolutions.",
        (
            Change(INITIALIZER, "kernel_initializer=glorot", None),
            Change(UNPACKED, UNPACKED + "    glorot = glorot_uniform(seed=0)\n"),
        ),
    ),
)

THE_BATCH_NORMALISATIONS = (
    Style("axis-minus-1", "The axis is -1.", (Change("axis=3", "axis=-1", None),)),
    Style("axis-left-out", "The axis is left out.", (Change("axis=3, ", "", None),)),
    Style("axis-positional", "The axis is positional.", (Change("axis=3", "3", None),)),
    Style(
        "training-none",
        "Batch normalisation is called with training=None.",
        tuple(Change(line, line.replace("(X)", "(X, training=None)")) for line in (BN_B, BN_C)),
    ),
)

IN_EITHER_BLOCK = THE_SUM + THE_RELU + THE_CONVOLUTIONS + THE_INITIALIZER + THE_BATCH_NORMALISATIONS

PROJECTION = CONV_P + BN_P

IN_CONVOLUTIONAL_BLOCK = (
    Style(
        "projection-first",
        "The shortcut is made before the main path.",
        (Change(PROJECTION, ""), Change("    X_shortcut = X\n", "    X_shortcut = X\n" + PROJECTION)),
    ),
    Style(
        "shortcut-line-by-line",
        "The shortcut's layers are called where they are made, one a line.",
        (
            Change(CONV_P, CONV_P.replace("projection =", "X_shortcut =").replace("=0))", "=0))(X_shortcut)")),
            Change("projection(X_shortcut)", "X_shortcut"),
        ),
    ),
    Style(
        "strides-as-integers",
        "Strides are one integer, or positional.",
        (
            Change("Conv2D(F1, (1, 1), strides=(s, s)", "Conv2D(F1, (1, 1), (s, s)"),
            Change("Conv2D(F3, (1, 1), strides=(s, s)", "Conv2D(F3, 1, strides=s"),
        ),
    ),
    Style(
        "strided-same",
        "The strided 1x1 convolutions have padding='same', which changes nothing.",
        (Change("strides=(s, s)", 'strides=(s, s), padding="same"', None),),
    ),
)
