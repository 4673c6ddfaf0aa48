"""Mistakes in the shortcut and the strides of the convolutional block of the training edition."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.training_lines import CONV_B, PROJECTION, PROJECTION_BN
from solutions.mistakes.training_wiring import SHAPES, SHORTCUT, THE_SHORTCUT

SIZES = "A stride is missing, or stands where none belongs."
THE_STRIDES = "The strides: which convolutions have one, and which number is it?"

STRIDED = "(1, 1), strides=(s, s)"

IN_CONVOLUTIONAL_BLOCK = (
    Mistake(
        "projection-reads-the-main-path",
        "The projection reads the main path; it has to read the block's input, which now never reaches the sum.",
        (
            Change("projection(X_shortcut)", "projection(X)"),
            Change(PROJECTION, PROJECTION.replace("(s, s)", "(1, 1)")),
        ),
        SHORTCUT,
        THE_SHORTCUT,
    ),
    Mistake(
        "projection-thrown-away",
        "The shortcut's batch normalisation reads the main path, so that the projection is thrown away.",
        (Change("(projection(X_shortcut), ", "(X, "),),
        SHORTCUT,
        THE_SHORTCUT,
    ),
    Mistake(
        "projection-without-bn",
        "The projection has no batch normalisation.",
        (Change(PROJECTION_BN, "projection(X_shortcut)"),),
        SHORTCUT,
        THE_SHORTCUT,
    ),
    Mistake(
        "projection-with-F1",
        "The projection has F1 filters instead of F3.",
        (Change(PROJECTION, PROJECTION.replace("F3", "F1")),),
        SHAPES,
        THE_SHORTCUT,
    ),
    Mistake(
        "projection-3x3",
        "The projection's window is 3x3; it has to be 1x1.",
        (Change(PROJECTION, PROJECTION.replace("(1, 1),", '(3, 3), padding="same",')),),
        SHAPES,
        THE_SHORTCUT,
    ),
    Mistake(
        "stride-in-the-main-path-only",
        "The projection has no stride, so that the two branches differ in size.",
        (Change(PROJECTION, PROJECTION.replace(" strides=(s, s),", "")),),
        SIZES,
        THE_STRIDES,
    ),
    Mistake(
        "stride-in-the-middle",
        "The stride stands in the second convolution; this block has it in the first.",
        (
            Change(f"Conv2D(F1, {STRIDED}", "Conv2D(F1, (1, 1)"),
            Change(CONV_B, CONV_B.replace("(f, f)", "(f, f), strides=(s, s)")),
        ),
        SIZES,
        THE_STRIDES,
    ),
    Mistake(
        "fixed-s",
        "The stride is always 2; it has to be s.",
        (Change("strides=(s, s)", "strides=(2, 2)", times=2),),
        SIZES,
        THE_STRIDES,
    ),
)
