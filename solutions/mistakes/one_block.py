"""Mistakes whose change fits one of the two blocks only."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import BN_A, BN_B, BN_C, CONV_B, SUM

PROJECTION_BN = 'BatchNormalization(axis=3, name=bn_name + "1")(projection(X_shortcut))'

FIRST_KERNEL = "The first convolution's window is 3x3; it has to be 1x1."
TRAINING_TRUE = (
    "Batch normalisation is called with training=True; the mode is chosen by who uses the model, not by the block."
)
TRAINING_FALSE = (
    "Batch normalisation is called with training=False; the mode is chosen by who uses the model, not by the block."
)
NO_BN = "There is no batch normalisation at all."


def with_training(value: str) -> tuple[Change, ...]:
    """Fix `training` in the calls of the main path's batch normalisations."""
    return tuple(Change(line, line.replace("(X)", f"(X, training={value})")) for line in (BN_A, BN_B, BN_C))


WITHOUT_BN = tuple(Change(line, "") for line in (BN_A, BN_B, BN_C))

IN_IDENTITY_BLOCK = (
    Mistake(
        "projection-added",
        "The shortcut has a convolution; in the identity block X itself is added.",
        (
            Change(
                SUM,
                '    X_shortcut = Conv2D(F3, (1, 1), name=conv_name + "1")(X_shortcut)\n'
                '    X_shortcut = BatchNormalization(axis=3, name=bn_name + "1")(X_shortcut)\n' + SUM,
            ),
        ),
    ),
    Mistake(
        "first-kernel-3x3",
        FIRST_KERNEL,
        (Change('Conv2D(F1, (1, 1), padding="valid"', 'Conv2D(F1, (3, 3), padding="same"'),),
    ),
    Mistake("training-true", TRAINING_TRUE, with_training("True")),
    Mistake("training-false", TRAINING_FALSE, with_training("False")),
    Mistake("no-bn", NO_BN, WITHOUT_BN),
)

THE_PROJECTION = (
    Mistake(
        "projection-reads-the-main-path",
        "The projection reads the main path; it has to read the block's input, which now never reaches the sum.",
        (Change("projection(X_shortcut)", "projection(X)"),),
    ),
    Mistake(
        "projection-reads-the-main-path-unstrided",
        "The projection reads the main path, with stride 1 to make the shapes fit; it has to read the block's input.",
        (
            Change("projection(X_shortcut)", "projection(X)"),
            Change("Conv2D(F3, (1, 1), strides=(s, s)", "Conv2D(F3, (1, 1), strides=(1, 1)"),
        ),
    ),
    Mistake(
        "projection-thrown-away",
        "The shortcut's batch normalisation reads the main path, so that the projection is thrown away.",
        (Change("(projection(X_shortcut))", "(X)"),),
    ),
    Mistake(
        "projection-bn-on-the-main-path",
        "The shortcut's batch normalisation stands on the main path, so that the projection has none.",
        (
            Change(
                f"X_shortcut = {PROJECTION_BN}",
                f"X_shortcut = projection(X_shortcut)\n    X = {PROJECTION_BN.replace('projection(X_shortcut)', 'X')}",
            ),
        ),
    ),
    Mistake(
        "projection-without-bn",
        "The projection has no batch normalisation.",
        (Change(PROJECTION_BN, "projection(X_shortcut)"),),
    ),
    Mistake(
        "projection-not-used",
        "The projection's result goes into a new variable, and the sum reads the block's input as it came.",
        (Change(f"X_shortcut = {PROJECTION_BN}", f"projected = {PROJECTION_BN}"),),
    ),
    Mistake(
        "projection-with-F1",
        "The projection has F1 filters instead of F3.",
        (Change("projection = Conv2D(F3", "projection = Conv2D(F1"),),
    ),
    Mistake(
        "projection-3x3",
        "The projection's window is 3x3; it has to be 1x1.",
        (Change("Conv2D(F3, (1, 1), strides=(s, s)", 'Conv2D(F3, (3, 3), padding="same", strides=(s, s)'),),
    ),
    Mistake(
        "shared-bn",
        "One batch normalisation serves the main path and the shortcut; each needs its own.",
        (
            Change(BN_C, BN_C.replace("X =", "normalise =").replace("(X)", "\n    X = normalise(X)")),
            Change(PROJECTION_BN, "normalise(projection(X_shortcut))"),
        ),
    ),
)

THE_STRIDE = (
    Mistake(
        "stride-in-the-main-path-only",
        "The projection has no stride, so that the two branches differ in size.",
        (Change("Conv2D(F3, (1, 1), strides=(s, s)", "Conv2D(F3, (1, 1)"),),
    ),
    Mistake(
        "stride-in-the-shortcut-only",
        "The main path has no stride, so that the two branches differ in size.",
        (Change("Conv2D(F1, (1, 1), strides=(s, s)", "Conv2D(F1, (1, 1)"),),
    ),
    Mistake(
        "stride-twice",
        "The main path has the stride twice, in its first and in its second convolution.",
        (Change(CONV_B, CONV_B.replace("(f, f)", "(f, f), strides=(s, s)")),),
    ),
    Mistake(
        "stride-in-the-middle",
        "The stride stands in the second convolution; this block has it in the first.",
        (
            Change("Conv2D(F1, (1, 1), strides=(s, s)", "Conv2D(F1, (1, 1)"),
            Change(CONV_B, CONV_B.replace("(f, f)", "(f, f), strides=(s, s)")),
        ),
    ),
    Mistake(
        "fixed-s",
        "The stride is always 2; it has to be s.",
        (Change("strides=(s, s)", "strides=(2, 2)", times=2),),
    ),
)

IN_CONVOLUTIONAL_BLOCK = (
    *THE_PROJECTION,
    *THE_STRIDE,
    Mistake(
        "first-kernel-3x3",
        FIRST_KERNEL,
        (Change("Conv2D(F1, (1, 1), strides=(s, s)", 'Conv2D(F1, (3, 3), padding="same", strides=(s, s)'),),
    ),
    Mistake(
        "training-true",
        TRAINING_TRUE,
        (*with_training("True"), Change("projection(X_shortcut))", "projection(X_shortcut), training=True)")),
    ),
    Mistake(
        "training-false",
        TRAINING_FALSE,
        (*with_training("False"), Change("projection(X_shortcut))", "projection(X_shortcut), training=False)")),
    ),
    Mistake("no-bn", NO_BN, (*WITHOUT_BN, Change(PROJECTION_BN, "projection(X_shortcut)"))),
)
