"""Whole networks that are organised in another way than the reference."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.resnet50_stages import STAGES, first, further
from solutions.mistakes.resnet50_stem import BN, CONV1, PADDING, POOL, RELU

LOOP = """\
    for stage, (width, count, s) in enumerate([(64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)], start=2):
        filters = [width, width, 4 * width]
        X = convolutional_block(X, 3, filters, stage=stage, block="a", s=s)
        for letter in "bcdefghij"[: count - 1]:
            X = identity_block(X, 3, filters, stage=stage, block=letter)
"""

INNER_FUNCTION = """\
    def stack(X, stage, filters, letters, s):
        X = convolutional_block(X, 3, filters, stage, letters[0], s)
        for letter in letters[1:]:
            X = identity_block(X, 3, filters, stage, letter)
        return X

    X = stack(X, 2, [64, 64, 256], "abc", 1)
    X = stack(X, 3, [128, 128, 512], "abcd", 2)
    X = stack(X, 4, [256, 256, 1024], "abcdef", 2)
    X = stack(X, 5, [512, 512, 2048], "abc", 2)
"""

HELPER = """\
def stack(X, stage, filters, letters, s):
    X = convolutional_block(X, 3, filters, stage, letters[0], s)
    for letter in letters[1:]:
        X = identity_block(X, 3, filters, stage, letter)
    return X


def ResNet50("""

CALLS_OF_HELPER = """\
    X = stack(X, 2, [64, 64, 256], "abc", 1)
    X = stack(X, 3, [128, 128, 512], "abcd", 2)
    X = stack(X, 4, [256, 256, 1024], "abcdef", 2)
    X = stack(X, 5, [512, 512, 2048], "abc", 2)
"""

SEQUENTIAL = """\
    stem = keras.Sequential([
        ZeroPadding2D((3, 3)),
        Conv2D(64, (7, 7), strides=(2, 2), name="conv1", kernel_initializer=glorot_uniform(seed=0)),
        BatchNormalization(axis=3, name="bn_conv1"),
        Activation("relu"),
        MaxPooling2D((3, 3), strides=(2, 2)),
    ])
    X = stem(X_input)
"""

STEM = PADDING + CONV1 + BN + RELU + POOL


def stages_as(text: str) -> tuple[Change, ...]:
    """Put another text in the place of the lines of all blocks; the reference's comments stay."""
    lines = [first(stage) + "".join(further(stage, letter) for letter in letters[1:]) for stage, letters in STAGES]
    return tuple(Change(line, text if number == 0 else "") for number, line in enumerate(lines))


WHOLE_NETWORK = (
    Style("loop", "Loops make stages and blocks.", stages_as(LOOP)),
    Style("inner-function", "A function inside makes a stage.", stages_as(INNER_FUNCTION)),
    Style(
        "helper",
        "A function outside makes a stage.",
        (Change("def ResNet50(", HELPER), *stages_as(CALLS_OF_HELPER)),
    ),
    Style("sequential-stem", "A Sequential holds the stem.", (Change(STEM, SEQUENTIAL),)),
    Style(
        "imports-of-tensorflow",
        "The layers are imported inside, from tensorflow.keras.",
        (
            Change("    X_input", "    import tensorflow as tf\n    from tensorflow.keras import layers\n    X_input"),
            Change("Conv2D(64", "layers.Conv2D(64"),
            Change("BatchNormalization(axis", "tf.keras.layers.BatchNormalization(axis"),
            Change("= MaxPooling2D(", "= layers.MaxPool2D("),
            Change("Model(X_input", "tf.keras.Model(X_input"),
        ),
    ),
    Style(
        "renamed",
        "The tensor has another name.",
        (
            Change("X = ", "net = ", None),
            Change("(X)", "(net)", None),
            Change("(X,", "(net,", None),
            Change("Model(X_input, X,", "Model(X_input, net,"),
        ),
    ),
)
