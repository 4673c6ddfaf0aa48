"""Mistakes in the wiring of the training edition: those of assignment 03 that are made most, and some of arrays."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.training_lines import (
    BN,
    CONV_B,
    CONV_C,
    INITIALIZER,
    RELU,
    SECOND,
    SUM,
    THIRD,
    UNPACKED,
)

SHORTCUT = "The block's input does not reach the sum as it should."
THE_SHORTCUT = "The lines of the shortcut, and what the sum reads."
LAST = "Between the last batch normalisation and the output something is missing or too much."
THE_LAST_LINES = "The sum and the lines around it."
ORDER = "The layers stand in another order than in the formula, or one does not read what the one before it made."
LINE_BY_LINE = "The second and the third component, line by line: what does each read, and where does its result go?"
SHAPES = "A convolution has weights of another shape."
THE_ARGUMENTS = "The arguments of the convolutions of the gap."

SHORTCUT_RELU = '    X_shortcut = Activation("relu")(X_shortcut)\n'

THE_SUM = (
    Mistake(
        "shortcut-never-added",
        "The shortcut is never added: only the main path reaches the output.",
        (Change(SUM, ""),),
        SHORTCUT,
        THE_SHORTCUT,
    ),
    Mistake(
        "shortcut-added-twice",
        "The shortcut is added twice.",
        (Change("[X, X_shortcut]", "[X, X_shortcut, X_shortcut]"),),
        SHORTCUT,
        THE_SHORTCUT,
    ),
    Mistake(
        "shortcut-concatenated",
        "The shortcut is concatenated with the main path; it has to be added, number by number.",
        (Change(SUM, "    from keras.layers import Concatenate\n    X = Concatenate()([X, X_shortcut])\n"),),
        SHORTCUT,
        THE_SHORTCUT,
    ),
    Mistake(
        "no-last-relu",
        "There is no ReLU after the sum.",
        (Change(SUM + RELU, SUM),),
        LAST,
        THE_LAST_LINES,
    ),
    Mistake(
        "relu-before-the-sum",
        "The last ReLU stands before the sum; it belongs after it.",
        (Change(SUM + RELU, RELU + SUM),),
        LAST,
        THE_LAST_LINES,
    ),
    Mistake(
        "relu-on-the-main-path",
        "The main path has a ReLU before the sum as well, so that its negative values never reach the sum.",
        (Change(SUM, RELU + SUM),),
        LAST,
        THE_LAST_LINES,
    ),
    Mistake(
        "relu-on-the-shortcut",
        "The shortcut has a ReLU of its own.",
        (Change(SUM, SHORTCUT_RELU + SUM),),
        SHORTCUT,
        THE_SHORTCUT,
    ),
)

THE_WAY = (
    Mistake(
        "relu-not-used",
        "The second ReLU's result goes into a new variable that nothing reads, or there is no second ReLU.",
        (Change(SECOND, CONV_B + BN + '    activated = Activation("relu")(X)\n'),),
        ORDER,
        LINE_BY_LINE,
    ),
    Mistake(
        "relu-before-bn",
        "In the second component the ReLU stands before the batch normalisation.",
        (Change(SECOND, CONV_B + RELU + BN),),
        ORDER,
        LINE_BY_LINE,
    ),
    Mistake(
        "no-second-bn",
        "The second component has no batch normalisation, or its result is not used.",
        (Change(SECOND, CONV_B + RELU),),
        ORDER,
        LINE_BY_LINE,
    ),
    Mistake(
        "no-third-bn",
        "The third component has no batch normalisation, or its result is not used.",
        (Change(THIRD, CONV_C),),
        ORDER,
        LINE_BY_LINE,
    ),
    Mistake(
        "no-third-component",
        "The third component is left out.",
        (Change(THIRD, ""),),
        ORDER,
        LINE_BY_LINE,
    ),
    Mistake(
        "second-convolution-reads-the-input",
        "The second convolution reads the block's input; it has to read what the first component made.",
        (Change(CONV_B, CONV_B.replace(")(X)", ")(X_shortcut)")),),
        ORDER,
        LINE_BY_LINE,
    ),
    Mistake(
        "third-convolution-reads-the-input",
        "The third convolution reads the block's input; it has to read what the second component made.",
        (Change(CONV_C, CONV_C.replace(")(X)", ")(X_shortcut)")),),
        ORDER,
        LINE_BY_LINE,
    ),
)

THE_CONVOLUTIONS = (
    Mistake(
        "middle-kernel-1x1",
        "The second convolution's window is 1x1; it has to be f x f.",
        (Change("(f, f)", "(1, 1)"),),
        SHAPES,
        THE_ARGUMENTS,
    ),
    Mistake(
        "fixed-f",
        "The second convolution's window is always 3x3; it has to be f x f.",
        (Change("(f, f)", "(3, 3)"),),
        SHAPES,
        THE_ARGUMENTS,
    ),
    Mistake(
        "middle-padding-valid",
        'The second convolution has no padding="same", so that height and width shrink.',
        (Change('(f, f), padding="same"', "(f, f)"),),
        "The two branches differ in size.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "second-convolution-with-F1",
        "The second convolution has F1 filters instead of F2.",
        (Change("Conv2D(F2,", "Conv2D(F1,"),),
        SHAPES,
        THE_ARGUMENTS,
    ),
    Mistake(
        "third-convolution-with-F2",
        "The third convolution has F2 filters instead of F3.",
        (Change(CONV_C, CONV_C.replace("F3", "F2")),),
        SHAPES,
        THE_ARGUMENTS,
    ),
    Mistake(
        "F1-and-F2-swapped",
        "F1 and F2 are swapped.",
        (Change(UNPACKED, "    F2, F1, F3 = filters\n"),),
        SHAPES,
        "The line that takes the three numbers out of filters.",
    ),
    Mistake(
        "no-bias",
        "The second and third convolution have no bias.",
        tuple(Change(line, line.replace(INITIALIZER, "use_bias=False, " + INITIALIZER)) for line in (CONV_B, CONV_C)),
        "A layer has weights too few.",
        THE_ARGUMENTS,
    ),
)

THE_PYTHON = (
    Mistake(
        "gap-left-as-none",
        "Lines of the gap still say None.",
        (Change(SECOND, "    X = None\n"), Change(THIRD, "    X = None\n"), Change(SUM + RELU, "    X = None\n")),
        "A line of the gap is not written yet.",
        "The lines that set X to None.",
    ),
    Mistake(
        "layer-not-called",
        "A layer is made but not called on X, so that X becomes the layer.",
        (Change(CONV_B, CONV_B.replace(")(X)", ")")),),
        "A variable holds a layer where a tensor is expected.",
        LINE_BY_LINE,
    ),
    Mistake(
        "keyword-misspelled",
        "A keyword of Conv2D is misspelled.",
        (Change("(f, f)", "kerenl_size=(f, f)"),),
        "A line of the gap is no right call.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "training-given-to-the-layer",
        "training is given where the batch normalisation is made; it belongs where it is called.",
        (Change(THIRD, CONV_C + "    X = BatchNormalization(axis=3, training=training)(X)\n"),),
        "A line of the gap is no right call.",
        "The batch normalisations: which brackets hold what?",
    ),
    Mistake(
        "arrays-only",
        "A function of NumPy or TensorFlow is used that takes arrays and no Keras tensors.",
        (Change(SUM + RELU, SUM + "    X = np.maximum(X, 0)\n"),),
        "The block works on arrays only.",
        THE_LAST_LINES,
    ),
    Mistake(
        "keras-tensors-only",
        "The block is wrapped into a model, which takes Keras tensors and no arrays.",
        (Change(SUM + RELU, SUM + RELU + "    X = X._keras_history.operation.output\n"),),
        "The block works on Keras tensors only.",
        "The lines that use something which an array does not have.",
    ),
)

IN_EITHER_BLOCK = THE_SUM + THE_WAY + THE_CONVOLUTIONS + THE_PYTHON

IN_IDENTITY_BLOCK = (
    Mistake(
        "projection-added",
        "The shortcut has a convolution; in the identity block X itself is added.",
        (Change(SUM, f"    X_shortcut = Conv2D(F3, (1, 1), {INITIALIZER})(X_shortcut)\n{SUM}"),),
        SHORTCUT,
        THE_SHORTCUT,
    ),
)
