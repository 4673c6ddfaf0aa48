"""Mistakes in one skip connection."""

from autograder.course.mistakes import Change, Mistake

CONV = '    convolved = Conv2D(X.shape[-1], (3, 3), padding="same")(X)\n'
SUM = "    result = Add()([X, convolved])\n"
RELU = '    result = Activation("relu")(result)\n'

THE_CONVOLUTION = "Look at the arguments of Conv2D, one after the other."
THE_SUM = "Look at the line of the sum: what is in its list?"
THE_RELU = "Look at the ReLU: what is it called on?"

IN_SKIP_ADD = (
    Mistake(
        "concatenated",
        "X is concatenated with its convolution; the two have to be added, number by number.",
        (Change(SUM, "    from keras.layers import Concatenate\n    result = Concatenate()([X, convolved])\n"),),
        "The result has more channels than X.",
        "Look at the layer that joins the two ways.",
    ),
    Mistake(
        "shortcut-never-added",
        "X itself is never added: only the convolution reaches the output.",
        (Change(SUM, "    result = convolved\n"),),
        "With a convolution of zeros nothing of X is left.",
        THE_SUM,
    ),
    Mistake(
        "input-overwritten",
        "The convolution's result is stored in X, so that it is added to itself and the input is lost.",
        (Change(CONV, CONV.replace("convolved =", "X =")), Change("[X, convolved]", "[X, X]")),
        "With a convolution of zeros nothing of X is left.",
        "Look at the names on the left of each =: which tensor does each name stand for at the sum?",
    ),
    Mistake(
        "shortcut-added-twice",
        "X is added twice.",
        (Change("[X, convolved]", "[X, X, convolved]"),),
        "With a convolution of zeros the result is larger than relu(X).",
        THE_SUM,
    ),
    Mistake(
        "multiplied",
        "X and its convolution are multiplied; they have to be added.",
        (Change(SUM, "    from keras.layers import Multiply\n    result = Multiply()([X, convolved])\n"),),
        "With a convolution of zeros nothing of X is left.",
        "Look at the layer that joins the two ways.",
    ),
    Mistake(
        "projection-added",
        "X goes through a second convolution before the sum; here X itself is added.",
        (Change("[X, convolved]", "[Conv2D(X.shape[-1], (1, 1))(X), convolved]"),),
        "There is a layer with weights too many.",
        THE_SUM,
    ),
    Mistake(
        "relu-before-the-sum",
        "The ReLU stands on the convolution, before the sum; it belongs after the sum.",
        (Change(SUM + RELU, RELU.replace("(result)", "(convolved)") + SUM.replace("convolved", "result")),),
        "The result can be negative, and the ReLU takes from the convolution what it should add.",
        THE_RELU,
    ),
    Mistake(
        "relu-on-the-convolution",
        "The convolution has a ReLU of its own, so that its negative values never reach the sum.",
        (Change(CONV, CONV.replace("padding", 'activation="relu", padding')),),
        "Negative values of the convolution do not reach the sum.",
        THE_CONVOLUTION,
    ),
    Mistake(
        "relu-on-the-shortcut",
        "The shortcut has a ReLU of its own, so that negative values of X never reach the sum.",
        (Change("[X, convolved]", '[Activation("relu")(X), convolved]'),),
        "Negative values of X do not reach the sum.",
        THE_SUM,
    ),
    Mistake(
        "no-relu",
        "There is no ReLU after the sum, or its result is not what is returned.",
        (Change(RELU, ""),),
        "The result can be negative.",
        "Compare the last line with the formula.",
    ),
    Mistake(
        "fixed-filters",
        "The convolution always has 3 filters; it has to have as many as X has channels.",
        (Change("X.shape[-1]", "3"),),
        "It is right for pictures with three channels only.",
        THE_CONVOLUTION,
    ),
    Mistake(
        "filters-from-the-rows",
        "The number of filters is the height of X; it has to be the number of its channels.",
        (Change("X.shape[-1]", "X.shape[1]"),),
        "The number of filters follows the wrong side of X.",
        "Which place of X.shape holds the channels? The shape is (batch, height, width, channels).",
    ),
    Mistake(
        "keras-1-arguments",
        "The window is given as 3, 3, which Keras 3 reads as a window of 3x3 and a stride of 3.",
        (Change("(3, 3), padding", "3, 3, padding"),),
        "The convolution makes the map smaller.",
        "What does the third positional argument of Conv2D mean in Keras 3?",
    ),
    Mistake(
        "no-padding",
        'The convolution has no padding="same", so that it makes the map smaller.',
        (Change(', padding="same"', ""),),
        "The convolution makes the map smaller.",
        THE_CONVOLUTION,
    ),
    Mistake(
        "window-1x1",
        "The convolution's window is 1x1; it has to be 3x3.",
        (Change("(3, 3)", "(1, 1)"),),
        "The convolution sees too little of the picture.",
        THE_CONVOLUTION,
    ),
    Mistake(
        "no-bias",
        "The convolution has no bias.",
        (Change('padding="same"', 'padding="same", use_bias=False'),),
        "A weight is missing.",
        THE_CONVOLUTION,
    ),
    Mistake(
        "batch-normalisation",
        "There is a batch normalisation; this skip connection has none.",
        (
            Change(
                SUM,
                "    from keras.layers import BatchNormalization\n    convolved = BatchNormalization()(convolved)\n"
                + SUM,
            ),
        ),
        "There is a layer with weights too many.",
        "Compare the layers that you call with the formula.",
    ),
    Mistake(
        "dropout",
        "There is a dropout, which makes the result in training another one.",
        (Change(SUM, "    from keras.layers import Dropout\n    convolved = Dropout(0.5, seed=0)(convolved)\n" + SUM),),
        "The result in training differs from the one in inference.",
        "Compare the layers that you call with the formula.",
    ),
    Mistake(
        "layer-not-called",
        "A layer is made but not called on X, so that the sum is given the layer itself.",
        (Change(CONV, CONV.replace("(X)\n", "\n")),),
        "A layer stands where a tensor is needed.",
        "Look at the brackets of Conv2D: the layer is made in the first pair, and called in a second one.",
    ),
    Mistake(
        "gap-left-as-none",
        "The gap still says None.",
        (Change(SUM + RELU, "    result = None\n"),),
        "What is returned is no tensor.",
        "Which line gives the returned name its value?",
    ),
    Mistake(
        "numpy-relu",
        "The ReLU is made with NumPy, which does not take Keras tensors.",
        (Change(RELU, "    import numpy as np\n    result = np.maximum(result, 0)\n"),),
        "A function is used that takes arrays and not Keras tensors.",
        THE_RELU,
    ),
)
