"""Right blocks of the training edition written differently."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.training_lines import (
    BN,
    CONV_B,
    CONV_C,
    INITIALIZER,
    PROJECTION,
    PROJECTION_BN,
    RELU,
    SECOND,
    SUM,
    THIRD,
    UNPACKED,
)

LOOP = f"""\
    for count, window, last in ((F2, f, False), (F3, 1, True)):
        X = Conv2D(count, window, padding="same", {INITIALIZER})(X)
        X = BatchNormalization(axis=3)(X, training=training)
        if not last:
            X = Activation("relu")(X)
"""

INNER_FUNCTION = f"""\
    def component(X, count, window):
        X = Conv2D(count, window, padding="same", {INITIALIZER})(X)
        return BatchNormalization(axis=3)(X, training=training)

    X = component(Activation("relu")(component(X, F2, f)), F3, 1)
"""

HELPER = """\
def convolve(X, count, window, training, initializer):
    X = Conv2D(count, window, padding="same", kernel_initializer=initializer(seed=0))(X)
    return BatchNormalization(axis=3)(X, training=training)


def """

SEQUENTIAL = f"""\
    from keras import Sequential
    branch = Sequential([
        Conv2D(F2, (f, f), padding="same", {INITIALIZER}),
        BatchNormalization(axis=3),
        Activation("relu"),
        Conv2D(F3, (1, 1), padding="valid", {INITIALIZER}),
        BatchNormalization(axis=3),
    ])
    X = branch(X, training=training)
"""

LAYERS_FIRST = f"""\
    third_bn = BatchNormalization(axis=3)
    third = Conv2D(F3, (1, 1), {INITIALIZER})
    second_bn = BatchNormalization(axis=3)
    second = Conv2D(F2, (f, f), padding="same", {INITIALIZER})
    X = Activation("relu")(second_bn(second(X), training=training))
    X = third_bn(third(X), training=training)
"""

EITHER_MODE = """\
    X = BatchNormalization(axis=3)(X, training=True) if training else BatchNormalization(axis=3)(X, training=False)
"""

IN_EITHER_BLOCK = (
    Style("shortcut-first", "Add takes the shortcut first.", (Change("[X, X_shortcut]", "[X_shortcut, X]"),)),
    Style("plus", "The sum is X + X_shortcut.", (Change(SUM, "    X = X + X_shortcut\n"),)),
    Style(
        "add-function",
        "The sum is made by layers.add.",
        (Change(SUM, "    from keras import layers\n    X = layers.add([X, X_shortcut])\n"),),
    ),
    Style(
        "relu-layer",
        "The ReLUs are ReLU layers.",
        (Change(RELU, "    from keras.layers import ReLU\n    X = ReLU()(X)\n", None),),
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
        "positional",
        "Window, stride and padding are positional.",
        (Change('(f, f), padding="same"', '(f, f), (1, 1), "same"'), Change(CONV_C, CONV_C.replace("padding=", "1, "))),
    ),
    Style(
        "integers",
        "Windows are integers, and padding is left out where it changes nothing.",
        (Change("(f, f)", "f"), Change(CONV_C, CONV_C.replace('(1, 1), padding="valid"', "1"))),
    ),
    Style("axis-minus-1", "The axis is -1.", (Change("(axis=3)", "(axis=-1)", None),)),
    Style(
        "no-axis",
        "The axis is left out: Keras takes the last one.",
        (Change("BatchNormalization(axis=3)", "BatchNormalization()", None),),
    ),
    Style(
        "training-as-a-truth-value",
        "The mode is made a truth value.",
        (Change(", training=training)", ", training=bool(training))", None),),
    ),
    Style(
        "either-mode",
        "A condition chooses between two calls.",
        (Change(SECOND, CONV_B + EITHER_MODE + RELU),),
    ),
    Style(
        "initializer-once",
        "One initializer serves all convolutions.",
        (
            Change(INITIALIZER, "kernel_initializer=start", None),
            Change(UNPACKED, UNPACKED + "    start = initializer(seed=0)\n"),
        ),
    ),
    Style(
        "bias-spelled-out",
        "The bias's initializer is spelled out.",
        (Change(INITIALIZER, INITIALIZER + ', bias_initializer="zeros"', None),),
    ),
    Style("loop", "A loop makes the second and the third component.", (Change(SECOND, LOOP), Change(THIRD, ""))),
    Style(
        "inner-function", "A function inside makes a component.", (Change(SECOND, INNER_FUNCTION), Change(THIRD, ""))
    ),
    Style(
        "helper",
        "A function outside makes a component.",
        (
            Change("def ", HELPER),
            Change(CONV_B + BN, "    X = convolve(X, F2, f, training, initializer)\n"),
            Change(THIRD, "    X = convolve(X, F3, 1, training, initializer)\n"),
        ),
    ),
    Style("sequential", "A Sequential holds a part.", (Change(SECOND, SEQUENTIAL), Change(THIRD, ""))),
    Style(
        "layers-first",
        "The layers are made in another order, and before they are called.",
        (Change(SECOND, LAYERS_FIRST), Change(THIRD, "")),
    ),
    Style(
        "no-type-hints",
        "The signature has no type hints.",
        (
            Change("X: KerasTensor | np.ndarray", "X"),
            Change("f: int", "f"),
            Change("filters: Sequence[int]", "filters"),
            Change("training: bool", "training"),
            Change("initializer: Callable[..., Initializer]", "initializer"),
            Change(" -> KerasTensor | np.ndarray", ""),
        ),
    ),
    Style(
        "named-layers",
        "The layers of the gap have names, which nobody asked for.",
        (
            Change(CONV_B, CONV_B.replace(INITIALIZER, INITIALIZER + ', name="second"')),
            Change(CONV_C, CONV_C.replace(INITIALIZER, INITIALIZER + ', name="third"')),
        ),
    ),
    Style("forgotten-print", "A print was forgotten.", (Change(SUM, "    print(X.shape, training)\n" + SUM),)),
)

IN_CONVOLUTIONAL_BLOCK = (
    Style(
        "projection-first",
        "The shortcut is made before the main path.",
        (
            Change(PROJECTION + f"    X_shortcut = {PROJECTION_BN}\n", ""),
            Change("    X_shortcut = X\n", f"    X_shortcut = X\n{PROJECTION}    X_shortcut = {PROJECTION_BN}\n"),
        ),
    ),
    Style(
        "strides-as-integers",
        "Strides are one integer.",
        (Change(PROJECTION, PROJECTION.replace("strides=(s, s)", "strides=s")),),
    ),
    Style(
        "strided-same",
        "The strided 1x1 convolutions have padding='same', which changes nothing.",
        (Change("strides=(s, s)", 'strides=(s, s), padding="same"', None),),
    ),
)

STYLES: dict[str, tuple[Style, ...]] = {
    "identity_block": IN_EITHER_BLOCK,
    "convolutional_block": IN_EITHER_BLOCK + IN_CONVOLUTIONAL_BLOCK,
}
"""Name of an exercise to its styles."""
