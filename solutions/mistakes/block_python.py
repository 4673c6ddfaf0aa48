"""Mistakes that let a residual block raise an error, or return no tensor."""

from autograder.course.mistakes import Change, Mistake
from solutions.mistakes.lines import BN_B, BN_C, CONV_B, RELU, SECOND, SUM, THIRD, edit

NONE = "    X = None\n"

NOT_CALLED = "A layer stands where its result is needed."
NO_KERAS = "A function of another library is used on a tensor of Keras, which has no numbers yet."
LAST_LINES = "The last lines of the gap."


def _not_called(line: str) -> Change:
    return Change(line, line.replace("(X)", ""))


THE_PYTHON = (
    Mistake(
        "gap-left-as-none",
        "The function returns None: lines of the gap still say None, or a return has no value.",
        (Change(SECOND, NONE), Change(THIRD, NONE), Change(SUM + RELU, NONE)),
        "The function gives nothing back.",
        "Each return, and lines that still say None.",
    ),
    Mistake(
        "shortcut-read-before-set",
        "X_shortcut is read before it has a value.",
        (Change("    X_shortcut = X\n", ""), Change(SUM, SUM + "    X_shortcut = X\n")),
        "A variable is read too early.",
        "Where X_shortcut is set, and where it is read first.",
    ),
    Mistake(
        "layer-not-called",
        "The second convolution is made but not called on X, so that X becomes the layer.",
        (_not_called(CONV_B),),
        NOT_CALLED,
        "The second component.",
    ),
    Mistake(
        "bn-not-called",
        "The second batch normalisation is made but not called on X, so that X becomes the layer.",
        (_not_called(BN_B),),
        NOT_CALLED,
        "The second component.",
    ),
    Mistake(
        "last-relu-not-called",
        "The last activation is made but not called on X, so that the function returns the layer.",
        (Change(SUM + RELU, SUM + RELU.replace("(X)", "")),),
        NOT_CALLED,
        LAST_LINES,
    ),
    Mistake(
        "layer-among-tensors",
        "The sum is given a layer where it needs that layer's result.",
        (
            Change(BN_C, BN_C.replace("X =", "last =").replace("(X)", "")),
            Change("[X, X_shortcut]", "[last, X_shortcut]"),
        ),
        NOT_CALLED,
        "What the sum is given.",
    ),
    Mistake(
        "add-without-list",
        "Add is called on two tensors; it takes one list of tensors.",
        (edit(SUM, "[X, X_shortcut]", "X, X_shortcut"),),
        "A layer is called in a way that it does not know.",
        "The line that makes the sum.",
    ),
    Mistake(
        "tensors-given-to-the-constructor",
        "The tensors are given to Add where the layer is made; it has to be called on them.",
        (edit(SUM, "Add()([X, X_shortcut])", "Add([X, X_shortcut])"),),
        NOT_CALLED,
        "The line that makes the sum.",
    ),
    Mistake(
        "keyword-misspelled",
        "A keyword of Conv2D is misspelled.",
        (Change("(f, f)", "kerenl_size=(f, f)"),),
        "Keras does not know a word.",
        "The keywords of the convolutions.",
    ),
    Mistake(
        "tf-function",
        "A function of TensorFlow such as tf.add or tf.nn.relu is used, which does not take Keras tensors.",
        (Change(SUM, "    import tensorflow as tf\n    X = tf.add(X, X_shortcut)\n"),),
        NO_KERAS,
        LAST_LINES,
    ),
    Mistake(
        "numpy-relu",
        "The ReLU is made with NumPy, which does not take Keras tensors.",
        (Change(SUM + RELU, SUM + "    import numpy as np\n    X = np.maximum(X, 0)\n"),),
        NO_KERAS,
        "The ReLUs.",
    ),
)
