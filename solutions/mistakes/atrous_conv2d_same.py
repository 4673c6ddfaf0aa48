"""Mistakes in `conv2d_same`."""

from autograder.course.mistakes import Change, Mistake

EFFECTIVE = "effective = kernel_size + (kernel_size - 1) * (rate - 1)"
PADDING = """\
    before = (effective - 1) // 2
    after = effective - 1 - before
    padded = ZeroPadding2D(((before, after), (before, after)))(inputs)
"""
CONVOLVE = "Conv2D(num_outputs, kernel_size, strides=stride, dilation_rate=rate, use_bias=False, name=scope)"

COUNT_ZEROS = "Compare height and width of the result for a rate larger than 1: are the zeros as many as the taps need?"
THE_EFFECTIVE = "Draw a row of pixels and mark the taps of the window: how many pixels lie between the outermost two?"
ON_WHICH_SIDE = "Compare the values for a window of even size: on which side does the extra zero lie?"
THE_SIDES = "Look at the two lines that divide the zeros into those before and those behind."
THE_ARGUMENTS = "Look at the arguments of the convolution."

THE_ZEROS = (
    Mistake(
        "padding-same",
        'The convolution has padding="same" and no zeros of your own, so that with a stride the zeros depend on the '
        "size of the input.",
        (
            Change(PADDING, ""),
            Change("(padded)", "(inputs)"),
            Change("use_bias", 'padding="same", use_bias'),
        ),
        "Compare inputs of even and of odd size.",
        "Where does the first window lie in an input of even size, where in one of odd size?",
    ),
    Mistake(
        "padded-twice",
        'Zeros are added, and the convolution has padding="same" as well.',
        (Change("use_bias", 'padding="same", use_bias'),),
        "Compare height and width of the result.",
        "In how many places are zeros added?",
    ),
    Mistake(
        "not-padded",
        "The convolution reads the input without zeros around it, so that height and width shrink.",
        (Change(PADDING, ""), Change("(padded)", "(inputs)")),
        "Compare height and width of the result.",
        "What does the convolution read?",
    ),
    Mistake(
        "mirrored",
        "The input is continued by its mirror image; zeros are wanted. Symmetric means as many before as behind.",
        (
            Change(
                "ZeroPadding2D(((before, after), (before, after)))(inputs)",
                'keras.ops.pad(inputs, ((0, 0), (before, after), (before, after), (0, 0)), mode="symmetric")',
            ),
        ),
        "The values differ only near the edges.",
        "Look at what is put around the input.",
    ),
    Mistake(
        "one-tuple",
        "ZeroPadding2D is given one pair, which it takes for (height, width) and not for (before, behind).",
        (Change("((before, after), (before, after))", "(before, after)"),),
        "Compare height and width of the result for a window of even size.",
        "Look up what ZeroPadding2D makes of one number, of a pair, and of a pair of pairs.",
    ),
    Mistake(
        "height-only",
        "Zeros are added above and below only, not on the left and on the right.",
        (Change("((before, after), (before, after))", "((before, after), (0, 0))"),),
        "Compare height and width of the result.",
        "Look at the pair of pairs that the padding is given.",
    ),
    Mistake(
        "all-before",
        "All zeros are put before the input; half of them belong behind.",
        (Change("before = (effective - 1) // 2", "before = effective - 1"),),
        "The size is right, and the values are shifted.",
        THE_SIDES,
    ),
    Mistake(
        "all-behind",
        "All zeros are put behind the input; half of them belong before.",
        (Change("before = (effective - 1) // 2", "before = 0"),),
        "The size is right, and the values are shifted.",
        THE_SIDES,
    ),
    Mistake(
        "extra-zero-before",
        "The extra zero of an odd number lies before the input; it belongs behind.",
        (Change("before = (effective - 1) // 2", "before = effective // 2"),),
        ON_WHICH_SIDE,
        THE_SIDES,
    ),
    Mistake(
        "equal-sides-too-many",
        "There are as many zeros before as behind even where their number is odd: one too many.",
        (
            Change("before = (effective - 1) // 2", "before = effective // 2"),
            Change("effective - 1 - before", "before"),
        ),
        "Compare height and width for a window of even size.",
        THE_SIDES,
    ),
    Mistake(
        "equal-sides-too-few",
        "There are as many zeros before as behind even where their number is odd: one is missing.",
        (Change("effective - 1 - before", "before"),),
        "Compare height and width for a window of even size.",
        THE_SIDES,
    ),
    Mistake(
        "one-zero-too-many",
        "As many zeros are added as the window is wide; it takes one less.",
        (Change("(effective - 1) // 2", "effective // 2"), Change("effective - 1 - before", "effective - before")),
        "Compare height and width of the result with stride 1.",
        "A window of one pixel needs no zeros: how many does your code add?",
    ),
)

THE_REACH = (
    Mistake(
        "rate-not-in-the-padding",
        "The zeros are counted from the window alone; taps that lie apart reach further.",
        (Change(EFFECTIVE, "effective = kernel_size"),),
        COUNT_ZEROS,
        THE_EFFECTIVE,
    ),
    Mistake(
        "effective-k-times-rate",
        "The window is taken to reach over k * rate pixels; behind the last tap there is no gap.",
        (Change(EFFECTIVE, "effective = kernel_size * rate"),),
        COUNT_ZEROS,
        THE_EFFECTIVE,
    ),
    Mistake(
        "effective-rate-for-rate-minus-1",
        "The window is taken to reach over k + (k - 1) rate pixels; at rate 1 that is not k.",
        (Change(EFFECTIVE, EFFECTIVE.replace("(rate - 1)", "rate")),),
        "Compare height and width of the result with rate 1.",
        "What does your k_eff say for rate 1?",
    ),
    Mistake(
        "effective-window",
        "The convolution's window has k_eff taps; it has k taps that lie apart.",
        (Change("Conv2D(num_outputs, kernel_size", "Conv2D(num_outputs, effective"),),
        "Count the weights for a rate larger than 1.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "rate-not-used",
        "The rate only counts zeros; the convolution itself has rate 1.",
        (Change("dilation_rate=rate, ", ""),),
        "Compare height and width of the result for a rate larger than 1.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "rate-ignored",
        "The rate is not used at all.",
        (Change(EFFECTIVE, "effective = kernel_size"), Change("dilation_rate=rate, ", "")),
        "The size is right. Compare the values for a rate larger than 1.",
        "Which lines use the rate?",
    ),
)

THE_CONVOLUTION = (
    Mistake(
        "stride-not-used",
        "The convolution has no stride.",
        (Change("strides=stride, ", ""),),
        "Compare height and width of the result with a stride.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "fixed-stride",
        "A stride larger than 1 is always taken for 2.",
        (Change("strides=stride", "strides=min(stride, 2)"),),
        "Try another stride than 2.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "stride-and-rate-swapped",
        "Stride and rate are swapped.",
        (Change("strides=stride, dilation_rate=rate", "strides=rate, dilation_rate=stride"),),
        "With stride 1 and a rate the map gets smaller.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "computed-and-thrown-away",
        "The convolution has stride 1, and most of what it has computed is thrown away afterwards.",
        (
            Change("strides=stride, ", ""),
            Change("outputs = convolve(padded)", "outputs = convolve(padded)[:, ::stride, ::stride, :]"),
        ),
        "The values are right. How many pixels does the convolution compute?",
        "Where does the stride sit?",
    ),
    Mistake(
        "subsampled-first",
        "The input is subsampled and then convolved, so that the window sees only every stride-th pixel.",
        (
            Change("strides=stride, ", ""),
            Change("(inputs)\n", "(inputs[:, ::stride, ::stride, :])\n"),
        ),
        "The size is right. Compare the values with a stride: which pixels does a window see?",
        "Which comes first, the convolution or leaving pixels out?",
    ),
    Mistake(
        "with-bias",
        "The convolution has a bias.",
        (Change("use_bias=False, ", ""),),
        "Count the weights.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "with-relu",
        "The convolution has a ReLU; activations are added by whoever uses this function.",
        (Change("use_bias=False", 'activation="relu", use_bias=False'),),
        "Look at the smallest of your values.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "fixed-window",
        "The window is always 3x3; it has to be kernel_size x kernel_size.",
        (Change("Conv2D(num_outputs, kernel_size", "Conv2D(num_outputs, 3"),),
        "Compare the weights for another window than 3.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "filters-of-the-input",
        "There are as many filters as the input has channels; there have to be num_outputs.",
        (Change("Conv2D(num_outputs,", "Conv2D(inputs.shape[-1],"),),
        "Compare the channels of the result.",
        THE_ARGUMENTS,
    ),
    Mistake(
        "depthwise",
        "The convolution is depthwise: its channels are not mixed.",
        (
            Change("Conv2D(num_outputs, kernel_size", "DepthwiseConv2D(kernel_size"),
            Change("    convolve =", "    from keras.layers import DepthwiseConv2D\n    convolve ="),
        ),
        "Compare the weights of your convolution.",
        "Look at the kind of the layer.",
    ),
    Mistake(
        "name-missing",
        "The convolution is not named after the scope.",
        (Change(", name=scope", ""),),
        "Look at the name of the convolution.",
        THE_ARGUMENTS,
    ),
)

THE_PYTHON = (
    Mistake(
        "layer-not-called",
        "The convolution is made but not called.",
        (Change("outputs = convolve(padded)", "outputs = convolve"),),
        "What is returned, a tensor or a layer?",
        "Look at the last line of the gap.",
    ),
    Mistake(
        "gap-left-as-none",
        "The result is still None.",
        (Change("outputs = convolve(padded)", "outputs = None"),),
        "Nothing is returned.",
        "Look at the last line of the gap.",
    ),
)

IN_CONV2D_SAME = THE_ZEROS + THE_REACH + THE_CONVOLUTION + THE_PYTHON
