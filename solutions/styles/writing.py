"""Right answers that are organised in another way, or that print."""

from autograder.course.mistakes import Change, Style
from solutions.mistakes.lines import BN_B, CONV_B, RELU, SECOND, SUM, THIRD

LOOP = """\
    for count, window, part in ((F2, f, "2b"), (F3, 1, "2c")):
        X = Conv2D(count, window, padding="same", name=conv_name + part, kernel_initializer=glorot_uniform(seed=0))(X)
        X = BatchNormalization(axis=3, name=bn_name + part)(X)
        if part == "2b":
            X = Activation("relu")(X)
"""

INNER_FUNCTION = """\
    def component(X, count, window, part):
        X = Conv2D(count, window, padding="same", name=conv_name + part, kernel_initializer=glorot_uniform(seed=0))(X)
        return BatchNormalization(axis=3, name=bn_name + part)(X)

    X = component(Activation("relu")(component(X, F2, f, "2b")), F3, 1, "2c")
"""

HELPER = """\
def convolve(X, count, window, part, prefixes):
    X = Conv2D(count, window, padding="same", name=prefixes[0] + part, kernel_initializer=glorot_uniform(seed=0))(X)
    return BatchNormalization(axis=3, name=prefixes[1] + part)(X)


def """

SEQUENTIAL = """\
    from keras import Sequential
    branch = Sequential([
        Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0)),
        BatchNormalization(axis=3, name=bn_name + "2b"),
        Activation("relu"),
        Conv2D(F3, (1, 1), padding="valid", name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0)),
        BatchNormalization(axis=3, name=bn_name + "2c"),
    ])
    X = branch(X)
"""

MODEL_INSIDE = f"""\
    from keras import Input, Model
    kept = X
    X = start = Input(X.shape[1:])
{SECOND}{THIRD}\
    X = Model(start, X)(kept)
"""

LAYERS_FIRST = """\
    third_bn = BatchNormalization(axis=3, name=bn_name + "2c")
    third = Conv2D(F3, (1, 1), name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0))
    second_bn = BatchNormalization(axis=3, name=bn_name + "2b")
    second = Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))
    X = third_bn(third(Activation("relu")(second_bn(second(X)))))
"""

DECORATOR = """\
import functools


def traced(function):
    @functools.wraps(function)
    def call(*arguments, **keywords):
        return function(*arguments, **keywords)

    return call


@traced
def """

TO_STDERR = """\
    import logging, os, sys, warnings
    from sys import stderr
    print("X is", X, file=sys.stderr)
    print("X is", X, file=stderr)
    warnings.warn("a warning")
    logging.getLogger("student").error("an error")
    os.write(2, b"bytes")
"""

NESTED = """\
    X = Activation("relu")(
        BatchNormalization(axis=3, name=bn_name + "2b")(
            Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))(X)
        )
    )
"""

PARTIAL = """\
    import functools
    convolve = functools.partial(Conv2D, padding="same", kernel_initializer=glorot_uniform(seed=0))
    X = convolve(F2, f, name=conv_name + "2b")(X)
"""

OWN_NAMES = """\
    convolved = Conv2D(F2, (f, f), padding="same", name=conv_name + "2b", kernel_initializer=glorot_uniform(seed=0))(X)
    normalised = BatchNormalization(axis=3, name=bn_name + "2b")(convolved)
    rectified = Activation("relu")(normalised)
    convolved = Conv2D(F3, (1, 1), name=conv_name + "2c", kernel_initializer=glorot_uniform(seed=0))(rectified)
    X = BatchNormalization(axis=3, name=bn_name + "2c")(convolved)
"""

OWN_LAYER = """\
    import keras

    class Component(keras.Layer):
        def __init__(self, count, window, part):
            super().__init__()
            self.convolve = Conv2D(
                count, window, padding="same", name=conv_name + part, kernel_initializer=glorot_uniform(seed=0)
            )
            self.normalise = BatchNormalization(axis=3, name=bn_name + part)

        def call(self, X):
            return self.normalise(self.convolve(X))

    X = Component(F3, 1, "2c")(Activation("relu")(Component(F2, f, "2b")(X)))
"""

IN_EITHER_BLOCK = (
    Style("nested-calls", "The calls of a component are nested.", (Change(SECOND, NESTED),)),
    Style(
        "own-names",
        "Each result has a name of its own.",
        (Change(SECOND, OWN_NAMES), Change(THIRD, "")),
    ),
    Style("partial", "What all convolutions share is said once.", (Change(CONV_B, PARTIAL),)),
    Style(
        "own-layer", "A layer of the student's own makes a component.", (Change(SECOND, OWN_LAYER), Change(THIRD, ""))
    ),
    Style(
        "returns-in-the-gap",
        "The gap has a return of its own.",
        (Change(SUM + RELU, SUM + RELU.replace("X =", "return")),),
    ),
    Style(
        "names-spelled-out",
        "Names are written where they are used.",
        (
            Change('conv_name + "2b"', 'f"res{stage}{block}_branch2b"'),
            Change('bn_name + "2b"', '"bn%d%s_branch2b" % (stage, block)'),
        ),
    ),
    Style(
        "name-scope",
        "The third component is made in a name scope.",
        (
            Change(
                THIRD,
                "    import keras\n    with keras.name_scope('third'):\n" + THIRD.replace("    X =", "        X ="),
            ),
        ),
    ),
    Style("loop", "A loop makes the second and the third component.", (Change(SECOND, LOOP), Change(THIRD, ""))),
    Style(
        "inner-function",
        "A function inside makes a component.",
        (Change(SECOND, INNER_FUNCTION), Change(THIRD, "")),
    ),
    Style(
        "helper",
        "A function outside makes a component.",
        (
            Change("def ", HELPER),
            Change(CONV_B + BN_B, '    X = convolve(X, F2, f, "2b", (conv_name, bn_name))\n'),
            Change(THIRD, '    X = convolve(X, F3, 1, "2c", (conv_name, bn_name))\n'),
        ),
    ),
    Style("sequential", "A Sequential holds a part.", (Change(SECOND, SEQUENTIAL), Change(THIRD, ""))),
    Style("model-inside", "A Model holds a part.", (Change(THIRD, ""), Change(SECOND, MODEL_INSIDE))),
    Style(
        "layers-first",
        "The layers are made in another order, and before they are called.",
        (Change(SECOND, LAYERS_FIRST), Change(THIRD, "")),
    ),
    Style(
        "renamed",
        "Variables have other names; filters are read one by one; names are made in another way.",
        (
            Change("F1, F2, F3 = filters\n", "n1 = filters[0]\n    n2 = filters[1]\n    n3 = filters[-1]\n"),
            Change("F1", "n1", None),
            Change("F2", "n2", None),
            Change("F3", "n3", None),
            Change("X_shortcut", "residual", None),
            Change('f"bn{stage}{block}_branch"', '"bn" + str(stage) + block + "_branch"'),
            Change('f"res{stage}{block}_branch"', '"res{}{}_branch".format(stage, block)'),
        ),
    ),
    Style(
        "no-type-hints",
        "The signature has no type hints, and defaults.",
        (
            Change(": KerasTensor", ""),
            Change(": int, filters", "=3, filters"),
            Change(": Sequence[int]", "=(1, 1, 1)"),
            Change(" stage: int", " stage=2"),
            Change(" block: str", ' block="a"'),
            Change(" -> KerasTensor", ""),
        ),
    ),
    Style("decorator", "The function is decorated.", (Change("def ", DECORATOR),)),
    Style(
        "imports-of-tensorflow",
        "The layers are imported inside, from tensorflow.keras.",
        (
            Change(
                "    F1, F2, F3", "    import tensorflow as tf\n    from tensorflow.keras import layers\n    F1, F2, F3"
            ),
            Change("Conv2D(", "tf.keras.layers.Conv2D(", None),
            Change("BatchNormalization(", "layers.BatchNormalization(", None),
            Change("Activation(", "layers.Activation(", None),
            Change("Add(", "layers.Add(", None),
        ),
    ),
    Style("forgotten-print", "A print was forgotten.", (Change(SUM, "    print(X, X_shortcut.shape)\n" + SUM),)),
    Style("writes-to-stderr", "Warnings, log lines and prints go to stderr.", (Change(SUM, TO_STDERR + SUM),)),
)
