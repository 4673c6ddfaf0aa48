"""Mistakes in the residual block of two convolutions that projects when needed."""

from autograder.course.mistakes import Change, Mistake

CONV_1 = "    X = Conv2D(filters, kernel_size, strides=strides, padding=padding)(inputs)\n"
CONV_2 = "    X = Conv2D(filters, kernel_size, padding=padding)(X)\n"
BN = "    X = BatchNormalization()(X)\n"
RELU = '    X = Activation("relu")(X)\n'
CONDITION = "    if strides != 1 or inputs.shape[-1] != filters:\n"
PROJECTION = "        shortcut = Conv2D(filters, 1, strides=strides)(inputs)\n"
PROJECTION_BN = "        shortcut = BatchNormalization()(shortcut)\n"
SUM = "    X = Add()([X, shortcut])\n"

THE_SUM_LINE = "Look at the line of the sum: what is in its list?"
THE_CONDITION = "Look at the condition of the projection, and try it on: same shape; other stride; other channels."
THE_PROJECTION = "Look at the projection: what it reads, its arguments, and what becomes of its result."
THE_FIRST, THE_SECOND = "Look at the first convolution.", "Look at the second convolution."
THE_BN = "Look at the batch normalisations and at what stands in their brackets."
PASSING = "The block's input does not come through to the sum as it should."
WHEN = "It does not project exactly where the shape changes."

THE_SUM = (
    Mistake(
        "shortcut-never-added",
        "The shortcut is never added: only the main path reaches the output.",
        (Change(SUM, ""),),
        PASSING,
        THE_SUM_LINE,
    ),
    Mistake(
        "shortcut-added-twice",
        "The shortcut is added twice.",
        (Change("[X, shortcut]", "[X, shortcut, shortcut]"),),
        PASSING,
        THE_SUM_LINE,
    ),
    Mistake(
        "concatenated",
        "The shortcut is concatenated with the main path; it has to be added, number by number.",
        (Change(SUM, "    from keras.layers import Concatenate\n    X = Concatenate()([X, shortcut])\n"),),
        "The output has too many channels.",
        "Look at the layer that joins the two paths.",
    ),
    Mistake(
        "relu-before-the-sum",
        "The last ReLU stands before the sum; it belongs after it.",
        (Change(SUM + RELU, RELU + SUM),),
        "The output can be negative, and negative values of the main path never reach the sum.",
        "Look at the order of the last two lines.",
    ),
    Mistake(
        "no-last-relu",
        "There is no ReLU after the sum.",
        (Change(SUM + RELU, SUM),),
        "The output can be negative.",
        "Compare the last line with the formula.",
    ),
    Mistake(
        "relu-on-the-main-path",
        "The main path has a ReLU before the sum as well, so that its negative values never reach the sum.",
        (Change(SUM, RELU + SUM),),
        "Negative values of the main path do not reach the sum.",
        "Count the ReLUs on the main path.",
    ),
    Mistake(
        "relu-on-the-shortcut",
        "The shortcut has a ReLU of its own.",
        (Change(SUM, '    shortcut = Activation("relu")(shortcut)\n' + SUM),),
        "Negative values of the shortcut do not reach the sum.",
        "Count the ReLUs on the shortcut.",
    ),
)

THE_DECISION = (
    Mistake(
        "never-projects",
        "There is no projection, or it is not what is added: with another stride or other channels the paths do not "
        "fit.",
        (Change(CONDITION + PROJECTION + PROJECTION_BN, ""),),
        WHEN,
        "Which lines give the shortcut another shape?",
    ),
    Mistake(
        "always-projects",
        "The shortcut is projected even where the shape stays, so that the input never passes unchanged.",
        (Change(CONDITION, "    if True:\n"),),
        WHEN,
        THE_CONDITION,
    ),
    Mistake(
        "projects-for-the-stride-only",
        "The projection is made only for a stride; other channels need it as well, and one channel is added "
        "to all without an error.",
        (Change(CONDITION, "    if strides != 1:\n"),),
        WHEN,
        THE_CONDITION,
    ),
    Mistake(
        "projects-for-the-channels-only",
        "The projection is made only for other channels; a stride needs it as well.",
        (Change(CONDITION, "    if inputs.shape[-1] != filters:\n"),),
        WHEN,
        THE_CONDITION,
    ),
    Mistake(
        "projects-if-both-change",
        "The projection is made only if stride and channels change together; one of them is enough.",
        (Change("1 or inputs", "1 and inputs"),),
        WHEN,
        THE_CONDITION,
    ),
    Mistake(
        "projects-where-nothing-changes",
        "The condition is the wrong way round: it projects where the shape stays.",
        (Change(CONDITION, "    if strides == 1 and inputs.shape[-1] == filters:\n"),),
        WHEN,
        THE_CONDITION,
    ),
    Mistake(
        "compares-shapes-that-may-be-unknown",
        "Whether to project is decided by comparing whole shapes; where height and width are None, they look equal.",
        (Change(CONDITION, "    if X.shape[1:] != inputs.shape[1:]:\n"),),
        "It goes wrong where height and width are not known.",
        "Which of the things that you compare can be None, and what is known for certain instead?",
    ),
)

THE_PROJECTED = (
    Mistake(
        "projection-reads-the-main-path",
        "The projection reads the main path; it has to read the block's input, which now never reaches the sum.",
        (Change(PROJECTION, PROJECTION.replace(", strides=strides)(inputs)", ")(X)")),),
        PASSING,
        THE_PROJECTION,
    ),
    Mistake(
        "projection-thrown-away",
        "The shortcut's batch normalisation reads the main path, so that the projection is thrown away.",
        (Change(PROJECTION_BN, PROJECTION_BN.replace("(shortcut)", "(X)")),),
        PASSING,
        THE_PROJECTION,
    ),
    Mistake(
        "projection-bn-reads-the-inputs",
        "The shortcut's batch normalisation reads the block's input, so that the projection is thrown away.",
        (Change(PROJECTION_BN, PROJECTION_BN.replace("(shortcut)", "(inputs)")),),
        PASSING,
        THE_PROJECTION,
    ),
    Mistake(
        "projection-without-bn",
        "The projection has no batch normalisation.",
        (Change(PROJECTION_BN, ""),),
        "A layer with weights is missing where the block projects.",
        THE_PROJECTION,
    ),
    Mistake(
        "projection-with-the-main-window",
        "The projection has the window of the main path; it has to be 1x1.",
        (Change(PROJECTION, PROJECTION.replace("filters, 1,", 'filters, kernel_size, padding="same",')),),
        "A layer has another window than it should.",
        THE_PROJECTION,
    ),
    Mistake(
        "projection-without-stride",
        "The projection has no stride, so that the two paths differ in size.",
        (Change(PROJECTION, PROJECTION.replace(", strides=strides", "")),),
        "The two paths differ in height and width.",
        THE_PROJECTION,
    ),
)

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

MISTAKES = THE_SUM + THE_DECISION + THE_PROJECTED + THE_MAIN_PATH + THE_BATCH_NORMALISATIONS + THE_PYTHON
