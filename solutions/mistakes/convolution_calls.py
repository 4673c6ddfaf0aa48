"""Mistakes in `fix_convolution2d`: a call of Keras 1 carried over to Keras 3."""

from autograder.course.mistakes import Change, Mistake

LAYER = 'Conv2D(32, (3, 3), activation="relu", padding="same", name="block1_conv1")'

THE_NUMBERS = "Look at the numbers of the call, and at the order of Conv2D's arguments in Keras 3."
THE_KEYWORDS = "Compare the keywords with those of the call in the docstring."

IN_FIX_CONVOLUTION2D = (
    Mistake(
        "keras-1-call",
        "The call is left as it was: in Keras 3 the second 3 is the stride.",
        (Change("(3, 3)", "3, 3"),),
        "The output is smaller than the input.",
        THE_NUMBERS,
    ),
    Mistake(
        "stride-2",
        "The layer has a stride; the call asks for none.",
        (Change("(3, 3)", "(3, 3), strides=2"),),
        "The output is smaller than the input.",
        THE_NUMBERS,
    ),
    Mistake(
        "window-1x1",
        "The window is 1x1.",
        (Change("(3, 3)", "(1, 1)"),),
        "The kernel has another size.",
        THE_NUMBERS,
    ),
    Mistake(
        "window-3x1",
        "The window has 3 rows and 1 column: the number of columns is lost.",
        (Change("(3, 3)", "(3, 1)"),),
        "The kernel has another size.",
        THE_NUMBERS,
    ),
    Mistake(
        "numbers-rotated",
        "Filters and window are mixed up: 3 filters with a window of 32x32.",
        (Change("32, (3, 3)", "3, (32, 32)"),),
        "The number of filters is wrong.",
        THE_NUMBERS,
    ),
    Mistake(
        "filters-3",
        "There are 3 filters; the first number of the call is the number of filters.",
        (Change("32, (3, 3)", "3, (3, 3)"),),
        "The number of filters is wrong.",
        THE_NUMBERS,
    ),
    Mistake(
        "dilation-3",
        "The second 3 has become a dilation; it is the number of columns of the window.",
        (Change("(3, 3)", "3, dilation_rate=3"),),
        "Size and weights are right, the values are not.",
        THE_NUMBERS,
    ),
    Mistake(
        "padding-lost",
        'padding="same" is lost: two rows and two columns go missing.',
        (Change('padding="same"', 'padding="valid"'),),
        "The output is a little smaller than the input.",
        THE_KEYWORDS,
    ),
    Mistake(
        "activation-lost",
        "The activation is lost.",
        (Change('activation="relu", ', ""),),
        "Size and weights are right, the values are not.",
        THE_KEYWORDS,
    ),
    Mistake(
        "other-activation",
        "The activation is another one than ReLU.",
        (Change('"relu"', '"leaky_relu"'),),
        "Size and weights are right, the values are not.",
        THE_KEYWORDS,
    ),
    Mistake(
        "name-lost",
        "The layer's name is lost.",
        (Change(', name="block1_conv1"', ""),),
        "Everything is right but the name.",
        THE_KEYWORDS,
    ),
    Mistake(
        "name-misspelled",
        "The layer's name is spelled otherwise than in the call.",
        (Change('"block1_conv1"', '"block1_conv_1"'),),
        "Everything is right but the name.",
        THE_KEYWORDS,
    ),
    Mistake(
        "no-bias",
        "The layer has no bias.",
        (Change('padding="same"', 'padding="same", use_bias=False'),),
        "Weights are missing.",
        THE_KEYWORDS,
    ),
    Mistake(
        "bn-added",
        "There is a batch normalisation that nobody asked for.",
        (
            Change(
                "    ### END",
                "    from keras.layers import BatchNormalization\n    X = BatchNormalization()(X)\n    ### END",
            ),
        ),
        "There is a layer too many.",
        "Look at what else the gap does with X.",
    ),
    Mistake(
        "pooling-added",
        "There is a pooling that nobody asked for.",
        (Change("    ### END", "    from keras.layers import MaxPooling2D\n    X = MaxPooling2D()(X)\n    ### END"),),
        "The output is smaller than the input.",
        "Look at what else the gap does with X.",
    ),
    Mistake(
        "not-called",
        "The layer is made and not called on X: what is returned is a layer and no tensor.",
        (Change(LAYER + "(X)", LAYER),),
        "What is returned is no tensor.",
        "Look at the end of the line: a layer is a function of its input.",
    ),
    Mistake(
        "result-not-stored",
        "The result is stored in a variable that nothing reads.",
        (Change("X = " + LAYER, "output = " + LAYER),),
        "The function returns its input.",
        "Look at what the last line returns.",
    ),
    Mistake(
        "keras-1-keywords",
        "The keywords are those of Keras 1, which Keras 3 does not know.",
        (Change("32, (3, 3)", "nb_filter=32, nb_row=3, nb_col=3"),),
        "The call raises.",
        "Look at the keywords' names in the documentation of Keras 3.",
    ),
)
