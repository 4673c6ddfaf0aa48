"""Mistakes in `block1`: convolutions, their order, names, and Python."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.depth_lines import BN_1, BN_2, BN_3, CONV_1, CONV_2, CONV_3, OUT, RELU_1, RELU_2, SHORTCUT, SUM

MAIN_HINT = "The main path does not compute what the formula says."
WINDOW_HINT = "A window is not right."
FILTERS_HINT = "A number of filters is not right."

THE_CONVOLUTIONS = (
    Mistake(
        "middle-window-1x1",
        "The second convolution's window is 1x1; it has to be kernel_size.",
        (Change("kernel_size, padding", "1, padding"),),
        WINDOW_HINT,
        "Look at the second convolution.",
    ),
    Mistake(
        "middle-window-3x3",
        "The second convolution's window is always 3x3; it has to be kernel_size.",
        (Change("kernel_size, padding", "3, padding"),),
        WINDOW_HINT,
        "Is there an argument that no line reads?",
    ),
    Mistake(
        "first-window-as-the-middle",
        "The first convolution has the window kernel_size; it has to be 1x1.",
        (Change("x = Conv2D(filters, 1, ", 'x = Conv2D(filters, kernel_size, padding="same", '),),
        WINDOW_HINT,
        "Look at the first convolution.",
    ),
    Mistake(
        "third-window-as-the-middle",
        "The third convolution has the window kernel_size; it has to be 1x1.",
        (Change(CONV_3, CONV_3.replace("filters, 1, ", 'filters, kernel_size, padding="same", ')),),
        WINDOW_HINT,
        "Look at the third convolution.",
    ),
    Mistake(
        "middle-padding-valid",
        'The second convolution has no padding="same", so that height and width shrink.',
        (Change('kernel_size, padding="same"', "kernel_size"),),
        "Height and width are not right.",
        "Look at the second convolution: what does it do at the rim of the map?",
    ),
    Mistake(
        "third-not-expanded",
        "The third convolution has as many filters as the others; it needs four times as many.",
        (Change("x = Conv2D(4 * filters, 1, name", "x = Conv2D(filters, 1, name"),),
        FILTERS_HINT,
        "Look at the third convolution.",
    ),
    Mistake(
        "nothing-expanded",
        "Neither the third convolution nor the projection has four times the filters.",
        (Change("Conv2D(4 * filters", "Conv2D(filters", times=2),),
        FILTERS_HINT,
        "How many channels does the block return?",
    ),
    Mistake(
        "filters-taken-for-the-output",
        "filters is taken for the number of output channels; it is that of the narrow convolutions.",
        (
            Change("Conv2D(filters,", "Conv2D(max(1, filters // 4),", times=2),
            Change("Conv2D(4 * filters", "Conv2D(filters", times=2),
        ),
        FILTERS_HINT,
        "What does the docstring say that filters is?",
    ),
    Mistake(
        "second-expanded",
        "The second convolution has four times as many filters already; only the third has.",
        (Change("Conv2D(filters, kernel_size", "Conv2D(4 * filters, kernel_size"),),
        FILTERS_HINT,
        "Look at the second convolution.",
    ),
    Mistake(
        "first-expanded",
        "The first convolution has four times as many filters; it is a narrow one.",
        (Change("x = Conv2D(filters, 1, strides", "x = Conv2D(4 * filters, 1, strides"),),
        FILTERS_HINT,
        "Look at the first convolution.",
    ),
    Mistake(
        "no-bias",
        "The convolutions have no bias; those of keras.applications have one.",
        (
            Change(', name=f"{name}_0_conv', ', use_bias=False, name=f"{name}_0_conv'),
            *(
                Change(f', name=f"{{name}}_{part}_conv', f', use_bias=False, name=f"{{name}}_{part}_conv')
                for part in "123"
            ),
        ),
        "Some weights are missing.",
        "Compare the weights of your convolutions with those that the check expects.",
    ),
    Mistake(
        "relu-in-the-convolution",
        "The first convolution has a ReLU of its own, before its batch normalisation.",
        (Change(CONV_1, CONV_1.replace("name=", 'activation="relu", name=')),),
        "There is a ReLU too many.",
        "Look at the first convolution.",
    ),
)

THE_WAY = (
    Mistake(
        "second-convolution-reads-the-input",
        "The second convolution reads the block's input; it has to read what the first component made.",
        (
            Change("    shortcut = x\n", "    start = shortcut = x\n"),
            Change(CONV_2, CONV_2.replace("(x)", "(start)")),
        ),
        MAIN_HINT,
        "Which tensor does the second convolution read?",
    ),
    Mistake(
        "first-relu-left-out",
        "There is no ReLU after the first batch normalisation.",
        (Change(RELU_1, ""),),
        "A layer is missing.",
        "Compare the first component with the formula.",
    ),
    Mistake(
        "second-relu-left-out",
        "There is no ReLU after the second batch normalisation.",
        (Change(RELU_2, ""),),
        "A layer is missing.",
        "Compare the second component with the formula.",
    ),
    Mistake(
        "first-relu-before-bn",
        "In the first component the ReLU stands before the batch normalisation.",
        (Change(BN_1 + RELU_1, RELU_1 + BN_1),),
        "Two layers stand in the wrong order.",
        "Compare the first component with the formula.",
    ),
    Mistake(
        "second-relu-before-bn",
        "In the second component the ReLU stands before the batch normalisation.",
        (Change(BN_2 + RELU_2, RELU_2 + BN_2),),
        "Two layers stand in the wrong order.",
        "Compare the second component with the formula.",
    ),
    Mistake(
        "pre-activation",
        "Batch normalisation and ReLU stand before each convolution, as in the pre-activation block of 2016.",
        (
            Change(
                CONV_1 + BN_1 + RELU_1,
                '    x = BatchNormalization(epsilon=1.001e-5, name=f"{name}_1_bn")(x)\n' + RELU_1 + CONV_1,
            ),
            Change(CONV_2 + BN_2 + RELU_2, BN_2 + RELU_2 + CONV_2),
            Change(CONV_3 + BN_3, BN_3 + '    x = Activation("relu", name=f"{name}_out")(x)\n' + CONV_3),
            Change(SUM + OUT, SUM),
        ),
        "Layers stand in the wrong order.",
        "Compare the order of convolution, batch normalisation and ReLU with the formula.",
    ),
    Mistake(
        "second-component-left-out",
        "The second component is left out: no window of the main path sees neighbours.",
        (Change(CONV_2 + BN_2 + RELU_2, ""),),
        "Layers are missing.",
        "Count the convolutions of the main path.",
    ),
    Mistake(
        "third-component-left-out",
        "The third component is left out.",
        (Change(CONV_3 + BN_3, ""),),
        "Layers are missing.",
        "Count the convolutions of the main path.",
    ),
)

THE_PYTHON = (
    Mistake(
        "gap-left-as-none",
        "Lines of the gap still say None.",
        (Change(CONV_2, "    x = None\n"),),
        "The block returns no tensor.",
        "Which line still says None?",
    ),
    Mistake(
        "layer-not-called",
        "A layer is made but not called on x, so that x becomes the layer.",
        (Change(CONV_2, CONV_2.replace("(x)\n", "\n")),),
        "Something that is no tensor is handed on.",
        "Each line makes a layer and calls it on a tensor: find the one that does not.",
    ),
    Mistake(
        "shortcut-kept-too-late",
        "The shortcut is kept after the first component, so that it is no longer the block's input.",
        (Change(SHORTCUT, ""), Change(RELU_1, RELU_1 + SHORTCUT)),
        "The block's input does not reach the sum.",
        "In which line is x kept for the shortcut?",
    ),
    Mistake(
        "numpy-relu",
        "The ReLU is made with NumPy, which does not take Keras tensors.",
        (Change(OUT, "    import numpy as np\n    x = np.maximum(x, 0)\n"),),
        "Something else than Keras computes here.",
        "Look at the last ReLU.",
    ),
)

LAYERS = (*THE_CONVOLUTIONS, *THE_WAY, *THE_PYTHON)
