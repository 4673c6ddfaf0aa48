"""Right `subsample`, `conv2d_same` and `bottleneck` written differently."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.atrous_conv2d_same import CONVOLVE, EFFECTIVE, PADDING
from solutions.mistakes.atrous_subsample import GAP, POOL
from solutions.mistakes.atrous_unit_lines import (
    BN2,
    BN3,
    BN_SHORTCUT,
    CONV2,
    CONV3,
    LAST_RELU,
    POINT2,
    POINT3,
    POINT_SHORTCUT,
    PROJECTED,
    RELU,
    SUBSAMPLED,
    SUM,
)

IN_SUBSAMPLE = (
    Style("no-condition", "Factor 1 is no special case.", (Change(GAP, f"    outputs = {POOL}\n"),)),
    Style("slices", "The pixels are taken by slices.", (Change(POOL, "inputs[:, ::factor, ::factor, :]"),)),
    Style(
        "slices-without-condition",
        "The pixels are taken by slices of two axes, also for factor 1.",
        (Change(GAP, "    outputs = inputs[:, ::factor, ::factor]\n"),),
    ),
    Style(
        "positional",
        "Window and stride are pairs, and positional.",
        (Change("pool_size=1, strides=factor", "(1, 1), (factor, factor)"),),
    ),
    Style("padding-same", "The pool is padded, which changes nothing.", (Change("pool_size=1", '1, padding="same"'),)),
    Style(
        "average-of-one",
        "The average of one pixel is taken.",
        (Change(POOL, "keras.layers.AveragePooling2D(1, strides=factor)(inputs)"),),
    ),
    Style("operation", "The pool is an operation.", (Change(POOL, "keras.ops.max_pool(inputs, 1, factor)"),)),
    Style(
        "returns",
        "It returns early.",
        (Change(GAP, f"    if factor == 1:\n        return inputs\n    outputs = {POOL}\n"),),
    ),
)

BY_HAND = """\
    if stride == 1:
        outputs = Conv2D(
            num_outputs, kernel_size, padding="same", dilation_rate=rate, use_bias=False, name=scope
        )(inputs)
    else:
        zeros = kernel_size - 1
        begin = zeros // 2
        padded = ZeroPadding2D(((begin, zeros - begin), (begin, zeros - begin)))(inputs)
        outputs = Conv2D(
            num_outputs, kernel_size, strides=stride, padding="valid", use_bias=False, name=scope
        )(padded)
"""

IN_CONV2D_SAME = (
    Style(
        "reach-as-product",
        "k_eff is (k - 1) rate + 1.",
        (Change(EFFECTIVE, "effective = (kernel_size - 1) * rate + 1"),),
    ),
    Style(
        "as-in-slim",
        "Only a stride needs zeros of its own; else padding='same' does.",
        (
            Change("    # How far the taps reach, from the first pixel to the last\n    " + EFFECTIVE + "\n", BY_HAND),
            Change("    # The same zeros for every size of the input\n" + PADDING, ""),
            Change(f"    convolve = {CONVOLVE}\n    outputs = convolve(padded)\n", ""),
        ),
    ),
    Style(
        "pad-operation",
        "The zeros come from keras.ops.pad.",
        (
            Change(
                "ZeroPadding2D(((before, after), (before, after)))(inputs)",
                "keras.ops.pad(inputs, [[0, 0], [before, after], [before, after], [0, 0]])",
            ),
        ),
    ),
    Style(
        "no-zeros-no-layer",
        "Where no zeros are needed no layer adds any.",
        (Change("    convolve =", "    padded = padded if effective > 1 else inputs\n    convolve ="),),
    ),
    Style(
        "from-behind",
        "The zeros behind are counted first.",
        (
            Change("before = (effective - 1) // 2", "after = effective // 2"),
            Change("after = effective - 1 - before", "before = effective - 1 - after"),
        ),
    ),
    Style(
        "divmod",
        "The zeros are divided by divmod.",
        (
            Change("before = (effective - 1) // 2", "before, odd = divmod(effective - 1, 2)"),
            Change("after = effective - 1 - before", "after = before + odd"),
        ),
    ),
    Style(
        "pairs",
        "Window, stride and rate are pairs; padding is spelled out.",
        (
            Change(
                "kernel_size, strides=stride, dilation_rate=rate,",
                '(kernel_size, kernel_size), (stride, stride), "valid", dilation_rate=(rate, rate),',
            ),
        ),
    ),
    Style(
        "sequential",
        "A Sequential holds both layers.",
        (
            Change("(before, after)))(inputs)", "(before, after)))"),
            Change("outputs = convolve(padded)", "outputs = keras.Sequential([padded, convolve])(inputs)"),
        ),
    ),
    Style(
        "forgotten-print", "A print was forgotten.", (Change("    convolve =", "    print(effective)\n    convolve ="),)
    ),
)

ORDINARY = """\
    residual = ZeroPadding2D(rate)(residual)
    residual = Conv2D(
        depth_bottleneck, 3, strides=stride, dilation_rate=rate, use_bias=False, name=scope + ".conv2"
    )(residual)
"""

HELPER = """\
def normalised(tensor, name):
    return BatchNormalization(name=f"{name}.bn")(tensor)


def """

SHORTCUT = (
    "    if inputs.shape[-1] == depth:\n" + SUBSAMPLED + "    else:\n" + PROJECTED + BN_SHORTCUT + POINT_SHORTCUT + "\n"
)

IN_BOTTLENECK = (
    Style("shortcut-first", "Add takes the shortcut first.", (Change("[residual, shortcut]", "[shortcut, residual]"),)),
    Style("plus", "The sum is residual + shortcut.", (Change(SUM, "    outputs = residual + shortcut\n"),)),
    Style(
        "relu-operation",
        "The ReLUs are made by keras.ops and keras.activations.",
        (
            Change(BN2 + RELU, BN2 + "    residual = keras.ops.relu(residual)\n"),
            Change(LAST_RELU, "    outputs = keras.activations.relu(outputs)\n"),
        ),
    ),
    Style(
        "relu-layer",
        "The ReLUs are ReLU layers.",
        (
            Change(BN2 + RELU, BN2 + "    residual = keras.layers.ReLU()(residual)\n"),
            Change(LAST_RELU, "    outputs = keras.layers.ReLU()(outputs)\n"),
        ),
    ),
    Style("padded-by-hand", "The second convolution is padded here.", (Change(CONV2, ORDINARY),)),
    Style(
        "pooled",
        "The shortcut is pooled here.",
        (Change("subsample(inputs, stride)", "MaxPooling2D(1, strides=stride)(inputs)"),),
    ),
    Style(
        "two-conditions",
        "Where nothing changes the input itself is the shortcut.",
        (
            Change(
                "    if inputs.shape[-1] == depth:\n",
                "    if inputs.shape[-1] == depth and stride == 1:\n        shortcut = inputs\n"
                "    elif inputs.shape[-1] == depth:\n",
            ),
        ),
    ),
    Style(
        "projection-by-helper",
        "The projection is made by conv2d_same with a window of 1.",
        (Change(PROJECTED, '        shortcut = conv2d_same(inputs, depth, 1, stride, scope=scope + ".shortcut")\n'),),
    ),
    Style(
        "third-by-helper",
        "The third convolution is made by conv2d_same with a window of 1.",
        (Change(CONV3, '    residual = conv2d_same(residual, depth, 1, 1, scope=scope + ".conv3")\n'),),
    ),
    Style(
        "keywords",
        "conv2d_same is called with keywords.",
        (
            Change(
                CONV2,
                "    residual = conv2d_same(\n        inputs=residual, num_outputs=depth_bottleneck, kernel_size=3, "
                'stride=stride, rate=rate, scope=f"{scope}.conv2"\n    )\n',
            ),
        ),
    ),
    Style(
        "points-at-the-end",
        "The end points are entered together.",
        (
            Change(RELU + POINT2, RELU + "    second = residual\n"),
            Change(POINT3, '    end_points.update({scope + ".conv2": second, scope + ".conv3": residual})\n'),
        ),
    ),
    Style(
        "shortcut-made-first",
        "The shortcut is made before the main path.",
        (
            Change(
                "    # The shortcut reads the unit's input and gives it the shape of the main path\n" + SHORTCUT, ""
            ),
            Change("    # Second convolution", SHORTCUT + "    # Second convolution"),
        ),
    ),
    Style(
        "helper",
        "A function outside normalises.",
        (
            Change("def ", HELPER),
            Change(BN2, '    residual = normalised(residual, scope + ".conv2")\n'),
            Change(BN3, '    residual = normalised(residual, scope + ".conv3")\n'),
        ),
    ),
)
