"""Mistakes in `subsample`."""

from autograder.course.mistakes import Change, Mistake

POOL = "MaxPooling2D(pool_size=1, strides=factor)(inputs)"
GAP = f"    outputs = inputs if factor == 1 else {POOL}\n"

WINDOW = "How many pixels have an influence on each one that is kept?"
WHICH = "Compare which pixels are kept: the first one, and then every factor-th in height and in width."
THE_POOL = "Look at the arguments of the pooling layer."

IN_SUBSAMPLE = (
    Mistake(
        "window-of-factor",
        "The pooling window is as large as the factor, so that the largest of several pixels is taken, and a last row "
        "that fills no window is lost.",
        (Change("pool_size=1", "pool_size=factor"),),
        WINDOW,
        THE_POOL,
    ),
    Mistake(
        "window-of-factor-padded",
        "The pooling window is as large as the factor, so that the largest of several pixels is taken.",
        (Change("pool_size=1", 'padding="same", pool_size=factor'),),
        WINDOW,
        THE_POOL,
    ),
    Mistake(
        "average-of-a-window",
        "Pixels are averaged; only every factor-th pixel may have an influence.",
        (
            Change(
                POOL,
                'keras.layers.AveragePooling2D(pool_size=factor, padding="same")(inputs)',
            ),
        ),
        WINDOW,
        "Look at the kind of the pooling layer and at its window.",
    ),
    Mistake(
        "no-stride",
        "The pooling layer has no stride, so that a window of one pixel moves by one pixel and nothing is left out.",
        (Change(", strides=factor", ""),),
        "The map does not get smaller.",
        "What does a pooling layer take as its stride when it is given none?",
    ),
    Mistake(
        "window-and-stride-swapped",
        "Window and stride are swapped: a window of factor x factor moves by one pixel.",
        (Change("pool_size=1, strides=factor", "pool_size=factor, strides=1"),),
        "The map is only a little smaller than the input.",
        "Which argument of the pooling layer is the window, which the stride?",
    ),
    Mistake(
        "fixed-factor",
        "The stride is always 2; it has to be the factor.",
        (Change("strides=factor", "strides=2"),),
        "Try another factor than 2.",
        "Look at the stride of the pooling layer.",
    ),
    Mistake(
        "height-only",
        "Only rows are left out; columns have to be left out as well.",
        (Change("strides=factor", "strides=(factor, 1)"),),
        "Compare height and width of the result.",
        "Look at the stride of the pooling layer, for each of the two sides.",
    ),
    Mistake(
        "columns-and-channels",
        "Columns and channels are left out instead of rows and columns: the axes are (batch, height, width, channels).",
        (Change(POOL, "inputs[:, :, ::factor, ::factor]"),),
        "Compare the number of channels before and after.",
        "Count the axes of the input: what does each of them stand for in Keras?",
    ),
    Mistake(
        "starts-at-the-last",
        "The last pixel of each group is kept; it has to be the first.",
        (Change(POOL, "inputs[:, factor - 1 :: factor, factor - 1 :: factor, :]"),),
        WHICH,
        "Which pixel does your code begin with?",
    ),
    Mistake(
        "resized",
        "The map is resized, which takes other pixels than every factor-th.",
        (
            Change(
                POOL,
                "keras.ops.image.resize(inputs, (-(-inputs.shape[1] // factor), -(-inputs.shape[2] // factor)), "
                'interpolation="nearest")',
            ),
        ),
        WHICH,
        "Resizing spreads the pixels that it takes over the whole side; a stride does not.",
    ),
    Mistake(
        "strided-convolution",
        "A 1x1 convolution leaves out the pixels: it has weights, and mixes the channels.",
        (Change(POOL, "Conv2D(inputs.shape[-1], 1, strides=factor)(inputs)"),),
        "Count the weights of your layers.",
        "Look at the kind of the layer that has the stride.",
    ),
    Mistake(
        "layer-not-called",
        "The pooling layer is made but not called on the input.",
        (Change("(inputs)\n", "\n"),),
        "What is returned, a tensor or a layer?",
        "Look at the end of the line that makes the pooling layer.",
    ),
    Mistake(
        "gap-left-as-none",
        "The gap still says None.",
        (Change(GAP, "    outputs = None\n"),),
        "Nothing is returned.",
        "Write the line that makes outputs.",
    ),
)
