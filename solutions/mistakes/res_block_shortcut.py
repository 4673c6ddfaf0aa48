"""Mistakes in the shortcut of `res_block`: the sum, when to project, and the projection."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.res_block_lines import CONDITION, PROJECTION, PROJECTION_BN, RELU, SUM

THE_SUM_LINE = "Look at the line of the sum: what is in its list?"
THE_CONDITION = "Look at the condition of the projection, and try it on: same shape; other stride; other channels."
THE_PROJECTION = "Look at the projection: what it reads, its arguments, and what becomes of its result."
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

IN_THE_SHORTCUT = THE_SUM + THE_DECISION + THE_PROJECTED
