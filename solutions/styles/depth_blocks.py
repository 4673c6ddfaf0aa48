"""Right answers to `block1` and `stack1`, written differently."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.depth_lines import (
    BN_1,
    BN_2,
    BN_3,
    CONV_1,
    CONV_2,
    CONV_3,
    EPSILON,
    FIRST_BLOCK,
    LOOP,
    OTHER_BLOCK,
    PROJECTION,
    PROJECTION_BN,
    RELU_1,
    RELU_2,
    SHORTCUT,
    SUM,
)

MAIN_PATH = f"""\
{CONV_1}{BN_1}{RELU_1}
    # The only window that sees neighbours
{CONV_2}{BN_2}{RELU_2}
    # Wide again: no ReLU before the sum
{CONV_3}{BN_3}"""

MAIN_LOOP = """\
    for part, count, window, step in ((1, filters, 1, stride), (2, filters, kernel_size, 1), (3, 4 * filters, 1, 1)):
        x = Conv2D(count, window, strides=step, padding="same", name=f"{name}_{part}_conv")(x)
        x = BatchNormalization(epsilon=1.001e-5, name=f"{name}_{part}_bn")(x)
        if part < 3:
            x = Activation("relu", name=f"{name}_{part}_relu")(x)
"""

HELPER = """\
def convolve(x, count, window, name, **settings):
    x = Conv2D(count, window, name=name + "_conv", **settings)(x)
    return BatchNormalization(axis=3, epsilon=1.001e-5, name=name + "_bn")(x)


def """

WITH_HELPER = """\
    y = Activation("relu", name=name + "_1_relu")(convolve(x, filters, 1, name + "_1", strides=stride))
    y = Activation("relu", name=name + "_2_relu")(convolve(y, filters, kernel_size, name + "_2", padding="same"))
    x = convolve(y, filters * 4, 1, name + "_3")
"""

SEQUENTIAL = """\
    path = [
        Conv2D(filters, 1, strides=stride, name=f"{name}_1_conv"),
        BatchNormalization(epsilon=1.001e-5, name=f"{name}_1_bn"),
        Activation("relu", name=f"{name}_1_relu"),
        Conv2D(filters, kernel_size, padding="same", name=f"{name}_2_conv"),
        BatchNormalization(epsilon=1.001e-5, name=f"{name}_2_bn"),
        Activation("relu", name=f"{name}_2_relu"),
        Conv2D(4 * filters, 1, name=f"{name}_3_conv"),
        BatchNormalization(epsilon=1.001e-5, name=f"{name}_3_bn"),
    ]
    x = keras.Sequential(path)(x)
"""

IN_BLOCK1 = (
    Style("main-path-first", "Add takes the main path first.", (Change("[shortcut, x]", "[x, shortcut]"),)),
    Style(
        "add-function",
        "The sum is made by layers.add.",
        (Change(SUM, '    x = keras.layers.add([shortcut, x], name=f"{name}_add")\n'),),
    ),
    Style(
        "relu-layer",
        "The ReLUs are ReLU layers.",
        (Change('Activation("relu", ', "keras.layers.ReLU(", 3),),
    ),
    Style(
        "relu-function",
        "The activation is given as a function.",
        (Change('Activation("relu"', "Activation(keras.activations.relu", 3),),
    ),
    Style(
        "loop",
        "A loop makes the three components, and every convolution is padded, which changes nothing at 1x1.",
        (Change(MAIN_PATH, MAIN_LOOP),),
    ),
    Style("helper", "A function outside makes a component.", (Change("def ", HELPER), Change(MAIN_PATH, WITH_HELPER))),
    Style("sequential", "A Sequential holds the main path.", (Change(MAIN_PATH, SEQUENTIAL),)),
    Style(
        "projection-last",
        "The shortcut is made after the main path, from the input that was kept.",
        (
            Change(SHORTCUT, "    start = x\n"),
            Change(SUM, SHORTCUT.replace("shortcut = x", "shortcut = start").replace("(x)", "(start)") + SUM),
        ),
    ),
    Style(
        "shortcut-in-one-line",
        "The choice is one expression, and the projection is made by nested calls.",
        (
            Change(
                SHORTCUT,
                "    bn = BatchNormalization(epsilon=1.001e-5, name=name + '_0_bn')\n"
                "    conv = Conv2D(filters * 4, 1, strides=stride, name=name + '_0_conv')\n"
                "    shortcut = bn(conv(x)) if conv_shortcut else x\n",
            ),
        ),
    ),
    Style(
        "axis-written-out",
        "The axis of the batch normalisations is written out.",
        (Change(EPSILON, "axis=3, " + EPSILON, 4),),
    ),
    Style(
        "epsilon-in-another-form",
        "The epsilon is written as 0.00001001, and the windows and strides as tuples.",
        (
            Change("epsilon=1.001e-5", "epsilon=0.00001001", 4),
            Change("filters, 1, ", "filters, (1, 1), ", 3),
            Change("kernel_size, padding", "(kernel_size, kernel_size), padding"),
            Change("strides=stride", "strides=(stride, stride)", 2),
        ),
    ),
    Style(
        "capitals-and-positions",
        "Padding is written 'SAME', and strides are positional.",
        (Change('"same"', '"SAME"'), Change("1, strides=stride", "1, stride", 2)),
    ),
    Style(
        "names-by-plus",
        "Names are put together with +, and variables have other names.",
        (
            Change('name=f"{name}_0', 'name=name + "_0', 2),
            Change('name=f"{name}_1', 'name=name + "_1', 3),
            Change("shortcut = ", "residual = ", 4),
            Change("(shortcut)", "(residual)"),
            Change("[shortcut, x]", "[residual, x]"),
        ),
    ),
    Style(
        "imports-of-tensorflow",
        "The layers are imported inside, from tensorflow.keras.",
        (
            Change("    shortcut = x\n", "    from tensorflow.keras import layers\n    shortcut = x\n"),
            Change("Conv2D(", "layers.Conv2D(", 4),
            Change("BatchNormalization(", "layers.BatchNormalization(", 4),
            Change("Activation(", "layers.Activation(", 3),
            Change("Add(", "layers.Add("),
        ),
    ),
    Style("forgotten-print", "A print was forgotten.", (Change(SUM, "    print(x.shape, shortcut.shape)\n" + SUM),)),
    Style(
        "projection-padded",
        "The projection is padded, which changes nothing at 1x1.",
        (Change(PROJECTION, PROJECTION.replace("1, ", '1, padding="same", ', 1)), Change(PROJECTION_BN, PROJECTION_BN)),
    ),
)

IN_STACK1 = (
    Style(
        "one-loop",
        "One loop makes all blocks, and its number decides on stride and shortcut.",
        (
            Change(FIRST_BLOCK, ""),
            Change(LOOP, "    for number in range(1, blocks + 1):\n"),
            Change(
                OTHER_BLOCK,
                "        first = number == 1\n"
                "        x = block1(\n"
                "            x, filters, stride=stride1 if first else 1, conv_shortcut=first,"
                ' name=f"{name}_block{number}"\n'
                "        )\n",
            ),
        ),
    ),
    Style(
        "everything-spelled-out",
        "All arguments are keywords, x included, and what block1 takes by itself is spelled out.",
        (
            Change("block1(x, filters, stride=stride1,", "block1(x=x, filters=filters, kernel_size=3, stride=stride1,"),
            Change(
                "block1(x, filters, conv_shortcut=False,", "block1(x=x, filters=filters, stride=1, conv_shortcut=False,"
            ),
        ),
    ),
    Style(
        "positional",
        "All arguments are positional.",
        (
            Change('filters, stride=stride1, name=f"{name}_block1"', 'filters, 3, stride1, True, f"{name}_block1"'),
            Change('conv_shortcut=False, name=f"{name}_block{number}"', '3, 1, False, name + "_block" + str(number)'),
        ),
    ),
    Style(
        "while",
        "A while loop counts down what is left.",
        (
            Change(LOOP, "    number = 1\n    while number < blocks:\n        number += 1\n"),
            Change(FIRST_BLOCK, FIRST_BLOCK.replace("stride=stride1", "conv_shortcut=True, stride=stride1")),
        ),
    ),
    Style(
        "counted-from-0",
        "The loop counts from 0 and adds when it names.",
        (Change("range(2, blocks + 1)", "range(blocks - 1)"), Change("{number}", "{number + 2}")),
    ),
    Style(
        "names-first",
        "The names are listed first.",
        (
            Change(
                FIRST_BLOCK,
                '    names = [f"{name}_block{i + 1}" for i in range(blocks)]\n'
                + FIRST_BLOCK.replace('f"{name}_block1"', "names[0]"),
            ),
            Change(LOOP, "    for label in names[1:]:\n"),
            Change('f"{name}_block{number}"', "label"),
        ),
    ),
)
