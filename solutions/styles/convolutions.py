"""Right answers to the four gaps of assignment 01, written differently."""

from autograder.course.mistakes import Change, Style

REACH = "d * (k - 1) + 1  # pixels from the first tap of a window to its last, both included"
COUNT = "(n + 2 * padding - reach) // s + 1"
SIDES = """\
    sides = []
    for n in size:
        if p == "same":
            sides.append(math.ceil(n / s))
        else:
            sides.append((n + 2 * padding - reach) // s + 1)
    height, width = sides
"""

IN_CONV_OUTPUT_SHAPE = (
    Style("floor", "math.floor rounds.", (Change(COUNT, "math.floor((n + 2 * padding - reach) / s) + 1"),)),
    Style("cut-off", "int cuts the fraction off.", (Change(COUNT, "int((n + 2 * padding - reach) / s + 1)"),)),
    Style(
        "numpy",
        "NumPy rounds, and gives floats.",
        (
            Change("    sides = []\n", "    import numpy as np\n    sides = []\n"),
            Change(COUNT, "np.floor((n + 2 * padding - reach) / s) + 1"),
            Change("math.ceil(n / s)", "np.ceil(n / s)"),
        ),
    ),
    Style("holes", "The window grows by d - 1 holes between taps.", (Change(REACH, "k + (k - 1) * (d - 1)"),)),
    Style(
        "negated-floor", 'The rounding up of "same" is a negated floor.', (Change("math.ceil(n / s)", "-(-n // s)"),)
    ),
    Style(
        "range", "Windows are counted by a range.", (Change(COUNT, "len(range(0, n + 2 * padding - reach + 1, s))"),)
    ),
    Style(
        "walk",
        "Windows are laid down one by one.",
        (
            Change(
                "            sides.append((n + 2 * padding - reach) // s + 1)\n",
                "            count = start = 0\n"
                "            while start + reach <= n + 2 * padding:\n"
                "                count, start = count + 1, start + s\n"
                "            sides.append(count)\n",
            ),
        ),
    ),
    Style(
        "inner-function",
        "A function inside counts one side.",
        (
            Change(
                SIDES,
                "    def along(n):\n"
                '        if p == "same":\n'
                "            return (n + s - 1) // s\n"
                "        return (n + 2 * padding - reach + s) // s\n\n"
                "    height, width = along(size[0]), along(size[1])\n",
            ),
        ),
    ),
    Style(
        "same-by-padding",
        '"same" is made from the padding that it takes.',
        (
            Change(
                SIDES,
                "    sides = []\n"
                "    for n in size:\n"
                "        total = 2 * padding\n"
                '        if p == "same":\n'
                "            total = max(((n - 1) // s) * s + reach - n, 0)\n"
                "        sides.append((n + total - reach) // s + 1)\n"
                "    height, width = sides\n",
            ),
        ),
    ),
    Style(
        "as-an-array",
        "Both sides are one array, which is returned.",
        (
            Change(
                SIDES,
                "    import numpy as np\n"
                "    n = np.array(size)\n"
                '    both = -(-n // s) if p == "same" else (n + 2 * padding - reach) // s + 1\n'
                "    return both\n",
            ),
        ),
    ),
    Style("as-a-list", "A list is returned.", (Change("    height, width = sides\n", "    return sides\n"),)),
)

IN_COUNT_PARAMS = (
    Style("squared", "The window is k ** 2.", (Change("k * k", "k**2"),)),
    Style(
        "biases-in-the-product",
        "The bias is one more weight of each filter.",
        (
            Change("trainable = k * k * channels * filters\n", "trainable = (k * k * channels + bias) * filters\n"),
            Change("    if bias:\n        trainable += filters\n", ""),
        ),
    ),
    Style(
        "times-truth",
        "True and False are used as 1 and 0.",
        (
            Change(
                "    if bn:\n        trainable += 2 * filters  # gamma and beta\n",
                "    trainable += 2 * filters * bn\n",
            ),
            Change("    if bn:\n        params +=", "    if bn is not False:\n        params +="),
        ),
    ),
    Style(
        "from-all-to-trained",
        "All are counted first, and what is not trained is taken away.",
        (
            Change("trainable = k * k", "params = k * k"),
            Change("    if bias:\n        trainable", "    if bias:\n        params"),
            Change("        trainable += 2 * filters  # gamma and beta\n", "        params += 4 * filters\n"),
            Change(
                "    params = trainable\n    if bn:\n        params += 2",
                "    trainable = params\n    if bn:\n        trainable -= 2",
            ),
        ),
    ),
    Style(
        "numpy",
        "NumPy multiplies.",
        (
            Change(
                "trainable = k * k * channels * filters",
                "import numpy as np\n    trainable = np.prod([k, k, channels, filters])",
            ),
        ),
    ),
    Style(
        "as-a-list",
        "A list is returned.",
        (Change("    ### END CODE HERE ###\n", "    return [params, trainable]\n    ### END CODE HERE ###\n"),),
    ),
    Style("floats", "The counts are floats.", (Change("trainable = k * k", "trainable = 1.0 * k * k"),)),
)

MACS = "macs += height_out * width_out * filters * k * k * channels"
NEXT = "height, width, channels = height_out, width_out, filters"

IN_COUNT_MACS = (
    Style("squared", "The window is k ** 2.", (Change("k * k", "k**2"),)),
    Style("sum-written-out", "The sum is written out.", (Change("macs += ", "macs = macs + "),)),
    Style(
        "line-by-line",
        "Height, width and channels are passed on line by line, before and after.",
        (Change(NEXT, "height = height_out\n        width = width_out\n        channels = filters"),),
    ),
    Style(
        "passed-on-first",
        "The size is passed on before the count, and used from there.",
        (
            Change("        macs +=", "        height, width = height_out, width_out\n        macs +="),
            Change("height_out * width_out * filters", "height * width * filters"),
        ),
    ),
    Style(
        "weights-first",
        "The weights are counted first, then their uses.",
        (Change(MACS, "weights = k * k * channels * filters\n        macs += weights * (height_out * width_out)"),),
    ),
    Style(
        "numpy",
        "NumPy multiplies.",
        (
            Change(
                MACS, "import numpy as np\n        macs += np.prod([height_out, width_out, filters, k, k, channels])"
            ),
        ),
    ),
    Style(
        "product",
        "math.prod multiplies.",
        (Change(MACS, "macs += math.prod((height_out, width_out, filters, k, k, channels))"),),
    ),
)

LAYER = 'Conv2D(32, (3, 3), activation="relu", padding="same", name="block1_conv1")'

IN_FIX_CONVOLUTION2D = (
    Style("one-number", "The window is one number.", (Change("(3, 3)", "3"),)),
    Style("list", "The window is a list.", (Change("(3, 3)", "[3, 3]"),)),
    Style(
        "keywords",
        "Every argument is a keyword.",
        (Change("32, (3, 3)", "filters=32, kernel_size=(3, 3), strides=(1, 1), dilation_rate=1, use_bias=True"),),
    ),
    Style("stride-written-out", "The stride is given in its own place.", (Change("(3, 3)", "(3, 3), 1"),)),
    Style(
        "convolution2d",
        "The layer is called by its old name, which Keras 3 keeps.",
        (Change("X = Conv2D", "from keras.layers import Convolution2D\n    X = Convolution2D"),),
    ),
    Style(
        "activation-layer",
        "The activation is a layer of its own.",
        (
            Change('activation="relu", ', ""),
            Change(
                "    ### END", '    from keras.layers import Activation\n    X = Activation("relu")(X)\n    ### END'
            ),
        ),
    ),
    Style(
        "relu-layer",
        "The activation is a ReLU layer.",
        (
            Change('activation="relu", ', ""),
            Change("    ### END", "    from keras.layers import ReLU\n    X = ReLU()(X)\n    ### END"),
        ),
    ),
    Style(
        "activation-function",
        "The activation is a function.",
        (
            Change("X = Conv2D", "import keras\n    X = Conv2D"),
            Change('"relu"', "keras.activations.relu"),
        ),
    ),
    Style(
        "padded-by-hand",
        "One pixel is added at each edge by ZeroPadding2D.",
        (
            Change("X = Conv2D", "from keras.layers import ZeroPadding2D\n    X = ZeroPadding2D(1)(X)\n    X = Conv2D"),
            Change('padding="same"', 'padding="valid"'),
        ),
    ),
    Style(
        "in-two-lines",
        "The layer is made in one line and called in the next.",
        (Change("X = " + LAYER + "(X)", "layer = " + LAYER + "\n    X = layer(X)"),),
    ),
    Style("early-return", "The gap returns the tensor itself.", (Change("X = Conv2D", "return Conv2D"),)),
    Style(
        "through-tensorflow",
        "The layer is found through TensorFlow.",
        (Change("X = Conv2D", "import tensorflow as tf\n    X = tf.keras.layers.Conv2D"),),
    ),
)

STYLES: dict[str, tuple[Style, ...]] = {
    "conv_output_shape": IN_CONV_OUTPUT_SHAPE,
    "count_params": IN_COUNT_PARAMS,
    "count_macs": IN_COUNT_MACS,
    "fix_convolution2d": IN_FIX_CONVOLUTION2D,
}
"""Name of an exercise to its styles."""
