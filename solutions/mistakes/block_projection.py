"""Mistakes in the projection of the convolutional block and in its strides."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import BN_C, BN_P, CONV_B, CONV_C, CONV_P, edit

READS = "The shortcut does not carry the block's input, projected, to the sum."
USED = "What the projection makes does not reach the sum as it should."
ORDER = "The shortcut has too few layers, one too many, or has them in another order."
WINDOW = "A convolution has a window of another size than the formula says."
FILTERS = "A convolution has another number of filters than the formula says."
STRIDE = "The map does not get smaller where the docstring says."
PROJECTION_LINE = "The line of the projection."
SHORTCUT_BN_LINE = "The line of the shortcut's batch normalisation."
STRIDES = "Every strides= of the block."

NORMALISED = BN_P.removeprefix("    X_shortcut = ").removesuffix("\n")

WHAT_IS_READ = (
    Mistake(
        "projection-reads-the-main-path",
        "The projection reads the main path; it has to read the block's input, which now never reaches the sum.",
        (edit(BN_P, "projection(X_shortcut)", "projection(X)"),),
        READS,
        "The projection: which tensor is it called on?",
    ),
    Mistake(
        "projection-reads-the-main-path-unstrided",
        "The projection reads the main path, with stride 1 to make the shapes fit; it has to read the block's input.",
        (edit(BN_P, "projection(X_shortcut)", "projection(X)"), edit(CONV_P, "strides=(s, s)", "strides=(1, 1)")),
        READS,
        "The projection: which tensor is it called on?",
    ),
    Mistake(
        "projection-thrown-away",
        "The shortcut's batch normalisation reads the main path, so that the projection is thrown away.",
        (edit(BN_P, "(projection(X_shortcut))", "(X)"),),
        READS,
        "The shortcut's batch normalisation: which tensor is it called on?",
    ),
    Mistake(
        "projection-bn-on-the-main-path",
        "The shortcut's batch normalisation stands on the main path, so that the projection has none.",
        (
            Change(
                BN_P,
                "    X_shortcut = projection(X_shortcut)\n"
                f"    X = {NORMALISED.replace('projection(X_shortcut)', 'X')}\n",
            ),
        ),
        READS,
        "The shortcut's batch normalisation: what does it read, and where does its result go?",
    ),
    Mistake(
        "projection-not-used",
        "The projection is left out, or its result is not used: the sum reads the block's input as it came.",
        (edit(BN_P, "X_shortcut = ", "projected = "),),
        USED,
        "Where the projection's result goes.",
    ),
    Mistake(
        "projection-goes-on-in-the-main-path",
        "The projection's result takes the place of the main path, and the sum reads the block's input as it came.",
        (edit(BN_P, "X_shortcut = ", "X = "),),
        USED,
        "Where the projection's result goes.",
    ),
    Mistake(
        "bn-without-projection",
        "The shortcut has a batch normalisation and no convolution.",
        (edit(BN_P, "(projection(X_shortcut))", "(X_shortcut)"),),
        ORDER,
        "The layers of the shortcut.",
    ),
)

THE_LAYERS = (
    Mistake(
        "projection-without-bn",
        "The projection has no batch normalisation, or that one's result is not used.",
        (Change(BN_P, "    X_shortcut = projection(X_shortcut)\n"),),
        ORDER,
        "The layers of the shortcut.",
    ),
    Mistake(
        "shortcut-bn-before-the-projection",
        "The shortcut's batch normalisation stands before the projection; it belongs after it.",
        (
            Change(
                BN_P,
                f"    X_shortcut = projection({NORMALISED.replace('projection(X_shortcut)', 'X_shortcut')})\n",
            ),
        ),
        ORDER,
        "The layers of the shortcut.",
    ),
    Mistake(
        "relu-in-projection",
        "Between the projection and its batch normalisation stands a ReLU, perhaps as activation= of the convolution.",
        (edit(CONV_P, "strides", 'activation="relu", strides'),),
        ORDER,
        PROJECTION_LINE,
    ),
    Mistake(
        "shared-bn",
        "One batch normalisation serves the main path and the shortcut; each needs its own.",
        (
            Change(BN_C, BN_C.replace("X =", "normalise =").replace("(X)", "\n    X = normalise(X)")),
            Change(NORMALISED, "normalise(projection(X_shortcut))"),
        ),
        "Two layers that should learn apart are one.",
        SHORTCUT_BN_LINE,
    ),
    Mistake(
        "projection-with-F1",
        "The projection has F1 filters instead of F3.",
        (edit(CONV_P, "F3", "F1"),),
        FILTERS,
        PROJECTION_LINE,
    ),
    Mistake(
        "projection-with-F2",
        "The projection has F2 filters instead of F3.",
        (edit(CONV_P, "F3", "F2"),),
        FILTERS,
        PROJECTION_LINE,
    ),
    Mistake(
        "projection-3x3",
        "The projection's window is 3x3; it has to be 1x1.",
        (edit(CONV_P, "(1, 1)", '(3, 3), padding="same"'),),
        WINDOW,
        PROJECTION_LINE,
    ),
    Mistake(
        "projection-fxf",
        "The projection's window is f x f; it has to be 1x1.",
        (edit(CONV_P, "(1, 1)", '(f, f), padding="same"'),),
        WINDOW,
        PROJECTION_LINE,
    ),
    Mistake(
        "projection-not-called",
        "The projection is made but not called, so that its batch normalisation is given a layer.",
        (edit(BN_P, "(projection(X_shortcut))", "(projection)"),),
        "A layer stands where its result is needed.",
        "The layers of the shortcut.",
    ),
)

NO_STRIDE_IN_FIRST = Change("Conv2D(F1, (1, 1), strides=(s, s)", "Conv2D(F1, (1, 1)")

THE_STRIDE = (
    Mistake(
        "stride-in-the-main-path-only",
        "The projection has no stride, so that the two branches differ in size.",
        (edit(CONV_P, ", strides=(s, s)", ""),),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "stride-in-the-shortcut-only",
        "The main path has no stride, so that the two branches differ in size.",
        (NO_STRIDE_IN_FIRST,),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "no-stride",
        "Neither branch has a stride.",
        (NO_STRIDE_IN_FIRST, edit(CONV_P, ", strides=(s, s)", "")),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "stride-twice",
        "The main path has the stride twice, in its first and in its second convolution.",
        (edit(CONV_B, "(f, f)", "(f, f), strides=(s, s)"),),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "stride-twice-in-the-third",
        "The main path has the stride twice, in its first and in its third convolution.",
        (edit(CONV_C, "(1, 1)", "(1, 1), strides=(s, s)"),),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "stride-in-the-middle",
        "The stride stands in the second convolution; this block has it in the first.",
        (NO_STRIDE_IN_FIRST, edit(CONV_B, "(f, f)", "(f, f), strides=(s, s)")),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "stride-at-the-end",
        "The stride stands in the third convolution; this block has it in the first.",
        (NO_STRIDE_IN_FIRST, edit(CONV_C, "(1, 1)", "(1, 1), strides=(s, s)")),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "fixed-s-in-projection",
        "The projection's stride is always 2; it has to be s.",
        (edit(CONV_P, "(s, s)", "(2, 2)"),),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "fixed-s",
        "The stride of both branches is always 2; it has to be s.",
        (Change("strides=(s, s)", "strides=(2, 2)", times=2),),
        STRIDE,
        STRIDES,
    ),
    Mistake(
        "stride-by-pooling",
        "The shortcut is made smaller by a mean over s x s numbers before the projection, which has no stride.",
        (
            edit(CONV_P, ", strides=(s, s)", ""),
            edit(
                BN_P,
                "    X_shortcut = BatchNormalization",
                "    from keras.layers import AveragePooling2D\n"
                '    X_shortcut = AveragePooling2D(s, padding="same")(X_shortcut)\n'
                "    X_shortcut = BatchNormalization",
            ),
        ),
        STRIDE,
        "The layers of the shortcut.",
    ),
)

THE_NAMES = (
    Mistake(
        "shortcut-called-2d",
        "The layers of the shortcut are called 2d, as if they were a fourth component of the main path.",
        (edit(CONV_P, '"1"', '"2d"'), edit(BN_P, '"1"', '"2d"')),
        "A layer is not called what the docstring says.",
        "The names of the shortcut's two layers.",
    ),
)

THE_SHORTCUT = WHAT_IS_READ + THE_LAYERS + THE_STRIDE + THE_NAMES

NO_BN_IN_PROJECTION = Change(BN_P, "    X_shortcut = projection(X_shortcut)\n")
