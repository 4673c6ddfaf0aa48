"""Mistakes in `block1`: the sum, the shortcut, the stride, and the way of the tensor."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.depth_lines import CONV_1, CONV_2, CONV_3, OUT, PROJECTION, PROJECTION_BN, SHORTCUT, SUM

THE_SUM_HINT = "What reaches the sum is not right."
SHORTCUT_HINT = "The shortcut is not right."
WINDOW_HINT = "A window is not right."
STRIDE_HINT = "A stride is not right."
FILTERS_HINT = "A number of filters is not right."

THE_SUM = (
    Mistake(
        "shortcut-never-added",
        "The shortcut is never added: only the main path reaches the output.",
        (Change(SUM, ""),),
        THE_SUM_HINT,
        "Between the main path's last batch normalisation and the last ReLU: which tensors are added?",
    ),
    Mistake(
        "shortcut-added-twice",
        "The shortcut is added twice.",
        (Change("[shortcut, x]", "[shortcut, x, shortcut]"),),
        THE_SUM_HINT,
        "How often does each tensor stand in the list that Add takes?",
    ),
    Mistake(
        "shortcut-concatenated",
        "The shortcut is concatenated with the main path; it has to be added, number by number.",
        (Change(SUM, '    x = keras.layers.Concatenate(name=f"{name}_add")([shortcut, x])\n'),),
        THE_SUM_HINT,
        "How many channels come out of the layer in which the two ways meet?",
    ),
    Mistake(
        "relu-before-the-sum",
        "The last ReLU stands before the sum; it belongs after it.",
        (Change(SUM + OUT, OUT + SUM),),
        "A ReLU stands in the wrong place.",
        "Look at the last two lines and their order.",
    ),
    Mistake(
        "no-last-relu",
        "There is no ReLU after the sum.",
        (Change(OUT, ""),),
        "A layer is missing.",
        "What comes after the sum?",
    ),
    Mistake(
        "relu-on-the-main-path",
        "The main path has a ReLU before the sum as well, so that its negative values never reach the sum.",
        (Change(SUM, '    x = Activation("relu", name=f"{name}_3_relu")(x)\n' + SUM),),
        "There is a ReLU too many.",
        "What stands between the main path's last batch normalisation and the sum?",
    ),
    Mistake(
        "relu-on-the-shortcut",
        "The projection has a ReLU of its own.",
        (
            Change(
                PROJECTION_BN,
                PROJECTION_BN + '        shortcut = Activation("relu", name=f"{name}_0_relu")(shortcut)\n',
            ),
        ),
        "There is a ReLU too many.",
        "What stands between the projection's batch normalisation and the sum?",
    ),
)

THE_SHORTCUT = (
    Mistake(
        "always-a-projection",
        "The shortcut is always a projection; with conv_shortcut=False it has to be x itself.",
        (Change("    if conv_shortcut:  #", "    if True:  #"),),
        SHORTCUT_HINT,
        "Which argument decides what the shortcut is?",
    ),
    Mistake(
        "never-a-projection",
        "The shortcut is never a projection; with conv_shortcut=True it has to be one.",
        (Change(SHORTCUT, "    shortcut = x\n"),),
        SHORTCUT_HINT,
        "Which argument decides what the shortcut is?",
    ),
    Mistake(
        "choice-turned-round",
        "The shortcut is a projection where conv_shortcut is False, and x itself where it is True.",
        (Change("    if conv_shortcut:  #", "    if not conv_shortcut:  #"),),
        SHORTCUT_HINT,
        "Look at the line that reads conv_shortcut.",
    ),
    Mistake(
        "projection-where-channels-differ",
        "The shortcut is a projection only where the channels differ; conv_shortcut has to decide it.",
        (Change("    if conv_shortcut:  #", "    if x.shape[-1] != 4 * filters:  #"),),
        SHORTCUT_HINT,
        "Which argument decides what the shortcut is, and does the line of the `if` read it?",
    ),
    Mistake(
        "projection-where-the-stride-is-not-1",
        "The shortcut is a projection only where the stride is not 1; conv_shortcut has to decide it.",
        (Change("    if conv_shortcut:  #", "    if stride != 1:  #"),),
        SHORTCUT_HINT,
        "Which argument decides what the shortcut is, and does the line of the `if` read it?",
    ),
    Mistake(
        "projection-reads-the-main-path",
        "The projection reads the main path; it has to read the block's input, which now never reaches the sum.",
        (
            Change(SHORTCUT, ""),
            Change(
                SUM,
                SHORTCUT.replace("    shortcut = x\n    if", "    shortcut = shortcut\n    if").replace(
                    "strides=stride, ", ""
                )
                + SUM,
            ),
            Change(CONV_1, "    shortcut = x\n" + CONV_1),
        ),
        "The block's input does not reach the sum where the shortcut is a projection.",
        "Which tensor does the projection read?",
    ),
    Mistake(
        "projection-without-bn",
        "The projection has no batch normalisation.",
        (Change(PROJECTION_BN, ""),),
        "A layer is missing.",
        "Count the layers of the shortcut.",
    ),
    Mistake(
        "projection-thrown-away",
        "The shortcut's batch normalisation does not read the projection, which is thrown away.",
        (
            Change(PROJECTION, PROJECTION.replace("shortcut = ", "projected = ")),
            Change(PROJECTION_BN, ""),
            Change(SUM, SUM.replace("shortcut", "shortcut_of(x) if conv_shortcut else shortcut")),
            Change(
                "    shortcut = x\n",
                '    shortcut = x\n    shortcut_of = BatchNormalization(epsilon=1.001e-5, name=f"{name}_0_bn")\n',
            ),
        ),
        SHORTCUT_HINT,
        "Which tensor does the shortcut's batch normalisation read?",
    ),
    Mistake(
        "projection-3x3",
        "The projection has the window of the middle convolution; it has to be 1x1.",
        (
            Change(
                "        shortcut = Conv2D(4 * filters, 1,",
                '        shortcut = Conv2D(4 * filters, kernel_size, padding="same",',
            ),
        ),
        WINDOW_HINT,
        "Look at the projection.",
    ),
    Mistake(
        "projection-not-expanded",
        "The projection has as many filters as the narrow convolutions; it needs four times as many.",
        (Change("        shortcut = Conv2D(4 * filters", "        shortcut = Conv2D(filters"),),
        FILTERS_HINT,
        "Look at the projection: with what is its result added?",
    ),
)

THE_STRIDE = (
    Mistake(
        "stride-in-the-middle",
        "The main path's stride stands in the second convolution, as in ResNet v1.5; this block has it in the first.",
        (
            Change(CONV_1, CONV_1.replace("strides=stride, ", "")),
            Change(CONV_2, CONV_2.replace("kernel_size, ", "kernel_size, strides=stride, ")),
        ),
        STRIDE_HINT,
        "Which of the main path's convolutions has the stride?",
    ),
    Mistake(
        "stride-at-the-end",
        "The main path's stride stands in the third convolution; this block has it in the first.",
        (
            Change(CONV_1, CONV_1.replace("strides=stride, ", "")),
            Change(CONV_3, CONV_3.replace(" 1, ", " 1, strides=stride, ")),
        ),
        STRIDE_HINT,
        "Which of the main path's convolutions has the stride?",
    ),
    Mistake(
        "stride-in-the-main-path-only",
        "The projection has no stride, so that the two ways differ in size.",
        (Change(PROJECTION, PROJECTION.replace("strides=stride, ", "")),),
        STRIDE_HINT,
        "What height and width does each of the two ways have where they meet?",
    ),
    Mistake(
        "stride-in-the-shortcut-only",
        "The main path has no stride, so that the two ways differ in size.",
        (Change(CONV_1, CONV_1.replace("strides=stride, ", "")),),
        STRIDE_HINT,
        "What height and width does each of the two ways have where they meet?",
    ),
    Mistake(
        "stride-twice",
        "The main path has the stride twice, in its first and in its second convolution.",
        (Change(CONV_2, CONV_2.replace("kernel_size, ", "kernel_size, strides=stride, ")),),
        STRIDE_HINT,
        "How often does the main path make the map smaller?",
    ),
    Mistake(
        "no-stride-at-all",
        "The argument stride is never used.",
        (Change("strides=stride, ", "", times=2),),
        STRIDE_HINT,
        "Which lines read the argument stride?",
    ),
    Mistake(
        "fixed-stride",
        "The stride is always 2 where there is a projection; it has to be the argument.",
        (Change("strides=stride", "strides=2 if conv_shortcut else 1", times=2),),
        STRIDE_HINT,
        "Which lines read the argument stride?",
    ),
)

PATHS = (*THE_SUM, *THE_SHORTCUT, *THE_STRIDE)
