"""Mistakes in the main path of `res_block`, and in its Python."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.res_block_lines import BN, CONV_1, CONV_2, RELU, SUM

THE_FIRST, THE_SECOND = "Look at the first convolution.", "Look at the second convolution."
THE_BN = "Look at the batch normalisations and at what stands in their brackets."

THE_MAIN_PATH = (
    Mistake(
        "one-convolution",
        "The main path has one convolution only; it has two.",
        (Change(BN + RELU + CONV_2, ""),),
        "Layers with weights are missing.",
        "Compare the main path with the docstring, layer by layer.",
    ),
    Mistake(
        "no-relu-between",
        "There is no ReLU between the two convolutions, or nothing reads its result.",
        (Change(BN + RELU + CONV_2, BN + CONV_2),),
        "The values differ though every weight is there.",
        "Compare the main path with the docstring, layer by layer.",
    ),
    Mistake(
        "relu-before-bn",
        "After the first convolution the ReLU stands before the batch normalisation.",
        (Change(BN + RELU + CONV_2, RELU + BN + CONV_2),),
        "Two layers of the main path stand in the wrong order.",
        "Compare the main path with the docstring, layer by layer.",
    ),
    Mistake(
        "pre-activation",
        "Batch normalisation and ReLU stand before each convolution, as in the pre-activation block of 2016.",
        (
            Change(
                CONV_1 + BN + RELU + CONV_2 + BN,
                f"    X = inputs\n{BN}{RELU}{CONV_1.replace('(inputs)', '(X)')}{BN}{RELU}{CONV_2}",
            ),
            Change(SUM + RELU, SUM),
        ),
        "The layers of the main path stand in the order of another block.",
        "Compare the main path with the docstring, layer by layer.",
    ),
    Mistake(
        "second-convolution-reads-the-inputs",
        "The second convolution reads the block's input; it has to read what the first one made.",
        (Change(CONV_2, CONV_2.replace("(X)", "(inputs)")),),
        "A part of the main path leads nowhere.",
        THE_SECOND,
    ),
    Mistake(
        "stride-twice",
        "Both convolutions of the main path have the stride.",
        (Change(CONV_2, CONV_2.replace("padding=", "strides=strides, padding=")),),
        "The two paths differ in height and width.",
        THE_SECOND,
    ),
    Mistake(
        "stride-in-the-second",
        "The stride stands in the second convolution; it belongs into the first.",
        (
            Change(CONV_1, CONV_1.replace("strides=strides, ", "")),
            Change(CONV_2, CONV_2.replace("padding=", "strides=strides, padding=")),
        ),
        "The shapes are right and the values are not: something is made smaller in another place.",
        "Which of the two convolutions has the stride?",
    ),
    Mistake(
        "no-stride-in-the-main-path",
        "The main path has no stride, so that the two paths differ in size.",
        (Change(CONV_1, CONV_1.replace("strides=strides, ", "")),),
        "The two paths differ in height and width.",
        THE_FIRST,
    ),
    Mistake(
        "fixed-stride",
        "Wherever there is a stride it is 2; it has to be the argument.",
        (Change("strides=strides", "strides=2 if strides > 1 else 1", times=2),),
        "It is right for a stride of 1 or 2 only.",
        "Where does each stride come from?",
    ),
    Mistake(
        "fixed-window",
        "The windows of the main path are always 3x3; they have to be kernel_size x kernel_size.",
        (Change("kernel_size, ", "3, ", times=2),),
        "It is right for one kernel_size only.",
        "Where does the side of each window come from?",
    ),
    Mistake(
        "second-window-1x1",
        "The second convolution's window is 1x1; it has to be kernel_size x kernel_size.",
        (Change(CONV_2, CONV_2.replace("kernel_size", "1")),),
        "A layer has another window than it should.",
        THE_SECOND,
    ),
    Mistake(
        "first-convolution-keeps-the-channels",
        "The first convolution has as many filters as the input has channels; it has to have the given number.",
        (Change(CONV_1, CONV_1.replace("filters", "inputs.shape[-1]")),),
        "A layer has another number of filters than it should.",
        THE_FIRST,
    ),
    Mistake(
        "second-convolution-without-padding",
        'The second convolution has no padding="same", so that it makes the map smaller.',
        (Change(CONV_2, CONV_2.replace(", padding=padding", "")),),
        "The two paths differ in height and width.",
        THE_SECOND,
    ),
    Mistake(
        "no-bias",
        "The convolutions have no bias.",
        (
            Change("padding=padding", "padding=padding, use_bias=False", times=2),
            Change("filters, 1,", "filters, 1, use_bias=False,"),
        ),
        "Weights are missing.",
        "Look at the arguments of the convolutions.",
    ),
)

THE_BATCH_NORMALISATIONS = (
    Mistake(
        "no-bn",
        "There is no batch normalisation on the main path.",
        (Change(BN, "", times=2),),
        "Layers with weights are missing.",
        THE_BN,
    ),
    Mistake(
        "no-last-bn",
        "The second convolution has no batch normalisation.",
        (Change(CONV_2 + BN, CONV_2),),
        "A layer with weights is missing.",
        THE_BN,
    ),
    Mistake(
        "shared-bn",
        "One batch normalisation serves both convolutions of the main path; each needs its own.",
        (
            Change(CONV_1 + BN, CONV_1 + "    normalise = BatchNormalization()\n    X = normalise(X)\n"),
            Change(CONV_2 + BN, CONV_2 + "    X = normalise(X)\n"),
        ),
        "A layer with weights is missing.",
        "A layer that is called twice has one set of weights.",
    ),
    Mistake(
        "bn-axis-1",
        "The batch normalisations normalise axis 1, the rows; the channels are the last axis.",
        (Change("BatchNormalization()", "BatchNormalization(axis=1)", times=3),),
        "The batch normalisations normalise along another axis than the channels.",
        THE_BN,
    ),
    Mistake(
        "training-true",
        "Batch normalisation is called with training=True; the mode is chosen by who uses the model, not by the block.",
        (Change(BN, BN.replace("(X)", "(X, training=True)"), times=2),),
        "The mode, training or inference, is fixed inside the block.",
        THE_BN,
    ),
    Mistake(
        "training-false",
        "Batch normalisation is called with training=False; the mode is chosen by who uses the model, not by the "
        "block.",
        (Change(BN, BN.replace("(X)", "(X, training=False)"), times=2),),
        "The mode, training or inference, is fixed inside the block.",
        THE_BN,
    ),
    Mistake(
        "other-epsilon",
        "The batch normalisations have another epsilon than Keras's own.",
        (Change("BatchNormalization()", "BatchNormalization(epsilon=1e-5)", times=3),),
        "A setting of the batch normalisations is not Keras's own.",
        THE_BN,
    ),
    Mistake(
        "other-momentum",
        "The batch normalisations have another momentum than Keras's own.",
        (Change("BatchNormalization()", "BatchNormalization(momentum=0.9)", times=3),),
        "A setting of the batch normalisations is not Keras's own.",
        THE_BN,
    ),
)

THE_PYTHON = (
    Mistake(
        "layer-not-called",
        "A layer is made but not called, so that the next one is given the layer itself.",
        (Change(CONV_2, CONV_2.replace("(X)", "")),),
        "A layer stands where a tensor is needed.",
        "A layer is made in the first pair of brackets, and called in a second one.",
    ),
    Mistake(
        "gap-left-as-none",
        "Lines of the gap still say None.",
        (Change(CONV_2 + BN, "    X = None\n"),),
        "A name has no tensor yet.",
        "Which line gives X its value?",
    ),
    Mistake(
        "keyword-misspelled",
        "A keyword of Conv2D is misspelled.",
        (Change(CONV_2, CONV_2.replace("kernel_size", "kerenl_size=kernel_size")),),
        "Keras does not know an argument.",
        THE_SECOND,
    ),
)

IN_THE_MAIN_PATH = THE_MAIN_PATH + THE_BATCH_NORMALISATIONS + THE_PYTHON
