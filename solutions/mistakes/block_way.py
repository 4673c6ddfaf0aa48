"""Mistakes on the main path of a residual block: what each layer reads, and in which order they stand."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import (
    BN_B,
    BN_C,
    CONV_B,
    CONV_C,
    CONVOLUTIONS,
    RELU,
    SECOND,
    SUM,
    THIRD,
    Layer,
    each,
    edit,
)

LEFT_OUT = "A layer of the main path is missing, or nothing reads its result."
READS_THE_INPUT = "A layer of the main path does not read what the line before it made."
ORDER = "The layers of the main path stand in another order than in the formula."
RELUS = "Between the layers of the main path a ReLU is missing, stands elsewhere, or is one too many."

LAYERS = (
    Layer("second-convolution", "second convolution", CONV_B),
    Layer("second-bn", "second batch normalisation", BN_B),
    Layer("third-convolution", "third convolution", CONV_C),
    Layer("third-bn", "third batch normalisation", BN_C),
)

LEFT_OUT_OR_UNUSED = (
    Mistake(
        "second-convolution-not-used",
        "The second convolution is left out, or its result is not used.",
        (edit(CONV_B, "X =", "convolved ="),),
        LEFT_OUT,
        "The second component.",
    ),
    Mistake(
        "second-bn-not-used",
        "The second batch normalisation is left out, or its result is not used.",
        (edit(BN_B, "X =", "normalised ="),),
        LEFT_OUT,
        "The second component.",
    ),
    Mistake(
        "relu-not-used",
        "The second ReLU is left out, or its result is not used.",
        (Change(BN_B + RELU, BN_B + RELU.replace("X =", "activated =")),),
        RELUS,
        "The second component.",
    ),
    Mistake(
        "third-convolution-not-used",
        "The third convolution is left out, or its result is not used.",
        (edit(CONV_C, "X =", "convolved ="),),
        LEFT_OUT,
        "The third component.",
    ),
    Mistake(
        "last-bn-not-used",
        "The third batch normalisation is left out, or its result is not used.",
        (edit(BN_C, "X =", "normalised ="),),
        LEFT_OUT,
        "The third component.",
    ),
    Mistake(
        "no-second-component",
        "The second component is left out, or its result is not used.",
        (Change(SECOND, ""),),
        LEFT_OUT,
        "The second component.",
    ),
    Mistake(
        "no-third-component",
        "The third component is left out, or its result is not used.",
        (Change(THIRD, ""),),
        LEFT_OUT,
        "The third component.",
    ),
    Mistake(
        "first-component-only",
        "The main path has its first component only.",
        (Change(SECOND, ""), Change(THIRD, "")),
        LEFT_OUT,
        "Count the components.",
    ),
)

WHAT_IS_READ = (
    *each(
        LAYERS,
        "{}-reads-the-input",
        "The {} reads the block's input; it has to read what the line before it made.",
        "(X)",
        "(X_shortcut)",
        READS_THE_INPUT,
        "The {}: which tensor is it called on?",
    ),
    Mistake(
        "second-relu-reads-the-input",
        "The second ReLU reads the block's input; it has to read what the second batch normalisation made.",
        (Change(BN_B + RELU, BN_B + RELU.replace("(X)", "(X_shortcut)")),),
        READS_THE_INPUT,
        "The second ReLU: which tensor is it called on?",
    ),
)

THE_ORDER = (
    Mistake(
        "pre-activation",
        "Batch normalisation and ReLU stand before each convolution, as in the pre-activation block of 2016.",
        (
            Change(SECOND, BN_B + RELU + CONV_B),
            Change(THIRD, BN_C + RELU + CONV_C),
            Change(SUM + RELU, SUM),
        ),
        ORDER,
        "The order within each component, and what stands after the sum.",
    ),
    Mistake(
        "two-convolutions",
        "The block is the one of two convolutions; this one has three, a bottleneck.",
        (Change("F1, F2, F3 = filters", "F1, F2 = filters"), Change(THIRD, "")),
        "The block has another form than the formula's.",
        "Count the components.",
    ),
    Mistake(
        "relu-before-bn",
        "In the second component the ReLU stands before the batch normalisation, and none after it.",
        (Change(BN_B + RELU, RELU + BN_B),),
        ORDER,
        "The order within the second component.",
    ),
    Mistake(
        "second-bn-before-its-convolution",
        "The second batch normalisation stands before its convolution; it belongs after it.",
        (Change(CONV_B + BN_B, BN_B + CONV_B),),
        ORDER,
        "The order within the second component.",
    ),
    Mistake(
        "third-bn-before-its-convolution",
        "The third batch normalisation stands before its convolution; it belongs after it.",
        (Change(THIRD, BN_C + CONV_C),),
        ORDER,
        "The order within the third component.",
    ),
    *each(
        CONVOLUTIONS,
        "relu-in-{}",
        "Between the {} and its batch normalisation stands a ReLU, perhaps as activation= of the convolution.",
        ', name=conv_name + "2',
        ', activation="relu", name=conv_name + "2',
        RELUS,
    ),
    Mistake(
        "second-activation-sigmoid",
        "The activation of the second component is a sigmoid; it has to be a ReLU.",
        (Change(BN_B + RELU, BN_B + RELU.replace("relu", "sigmoid")),),
        "An activation on the main path is no ReLU.",
        "The second component.",
    ),
)

THE_WAY = LEFT_OUT_OR_UNUSED + WHAT_IS_READ + THE_ORDER
