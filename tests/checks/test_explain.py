"""What Python and Keras raise for frequent mistakes is explained by one sentence; tried with the real exceptions."""

from collections.abc import Callable
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import Input, layers
from keras.layers import Activation, Add, BatchNormalization, Concatenate, Conv2D, Flatten, MaxPooling2D

from autograder.checks.engine import EMPTY_GAP, broken_off
from autograder.checks.explain import KNOWN, explained, found
from autograder.checks.fault import describe

pytestmark = pytest.mark.tensorflow


def run(code: str) -> Callable[[Any], Any]:
    """Return a function whose body is a text, such as a statement that no lambda can hold."""
    space: dict[str, Any] = dict(globals())
    body = "\n".join(f"    {line}" for line in code.splitlines())
    exec(f"def my_block(X, f=3):\n{body}\n", space)
    made: Callable[[Any], Any] = space["my_block"]
    return made


def twice(X: Any) -> Any:
    """Let one layer serve at two places with different channels."""
    layer = Conv2D(4, 3)
    return layer(layer(X))


def named_twice(X: Any) -> Any:
    """Give two layers one name."""
    return keras.Model(X, Conv2D(6, 1, name="a")(Conv2D(6, 1, name="a")(X)))


def with_branch() -> Any:
    """Set a variable too late."""
    return run("X = Add()([X, X_shortcut])\nX_shortcut = X")


CASES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "layer on None": (lambda X: Conv2D(4, 3)(None), "is called on None: is a line of the gap still None?"),
    "batch normalisation on None": (lambda X: BatchNormalization()(None), "None stands where a value is needed"),
    "activation on None": (lambda X: Activation("relu")(None), "None stands where a value is needed"),
    "None in a sum": (lambda X: Add()([X, None]), "None stands where a value is needed"),
    "None after plus": (lambda X: X + None, "None stands where a value is needed"),
    "None called": (run("layer = None\nreturn layer(X)"), "None stands where a value is needed"),
    "None as output": (lambda X: keras.Model(X, None), "None stands where a value is needed"),
    "layer among tensors": (
        lambda X: Add()([X, Conv2D(4, 3, name="mine")]),
        "the layer mine is handed on where its result is needed: a layer has to be called, as in Conv2D(...)(X)",
    ),
    "layer on a layer": (lambda X: BatchNormalization()(Conv2D(4, 3, name="mine")), "the layer mine is handed on"),
    "layer in an operation": (lambda X: keras.ops.relu(Conv2D(4, 3, name="mine")), "the layer mine stands where"),
    "layer as output": (lambda X: keras.Model(X, Conv2D(4, 3, name="mine")), "the layer mine stands where"),
    "shape of a layer": (lambda X: Conv2D(4, 3).shape, "a Conv2D layer stands where its result is needed"),
    "tensor called": (lambda X: X(X), "a tensor is called as if it were a layer"),
    "activation of a tensor": (lambda X: Activation(X), "a tensor stands where a layer's setting belongs"),
    "flattened at once": (lambda X: Flatten(X), "a tensor stands where a layer's setting belongs"),
    "sum at once": (lambda X: Add([X, X]), "tensors stand where a layer is made"),
    "activation at once": (lambda X: Activation("relu", X), "Activation is given too many arguments where it is made"),
    "sum of two": (lambda X: Add()(X, X), "layers that join tensors are called on one list of them"),
    "sum of one": (lambda X: Add()(X), "layers that join tensors are called on one list of them"),
    "list for a convolution": (lambda X: Conv2D(4, 3, name="mine")([X, X]), "mine takes 1 tensor(s) and is given 2"),
    "tf.add": (lambda X: tf.add(X, X), "a function of TensorFlow is given a Keras tensor"),
    "tf.nn.relu": (lambda X: tf.nn.relu(X), "a function of TensorFlow is given a Keras tensor"),
    "np.maximum": (lambda X: np.maximum(X, 0), "a function of NumPy is given a Keras tensor"),
    "float": (lambda X: float(X), "a Keras tensor stands where a number or a yes or no is needed"),
    "if": (lambda X: X if X > 0 else 0, "a Keras tensor stands where a number or a yes or no is needed"),
    "tensor as a setting": (lambda X: BatchNormalization(X), "a Keras tensor stands where a number or a yes or no"),
    "tensor as filters": (lambda X: Conv2D(X, 4, 3), "a Keras tensor stands where a number or a yes or no is needed"),
    "unpacked": (run("a, b = X"), "a Keras tensor is unpacked or looped over"),
    "channels differ": (
        lambda X: Add()([X, Conv2D(4, 1)(X)]),
        "the shapes (8, 8, 6) and (8, 8, 4) (without the batch), which must be equal: they differ in channels",
    ),
    "sizes differ": (lambda X: Add()([X, MaxPooling2D(2)(X)]), "they differ in height and width"),
    "sizes differ with plus": (lambda X: X + Conv2D(6, 3)(X), "they differ in height and width"),
    "axes differ": (lambda X: X + Flatten()(X), "which must be equal"),
    "concatenated": (lambda X: Concatenate()([X, MaxPooling2D(2)(X)]), "tensors of different height or width"),
    "window too large": (lambda X: Conv2D(4, 9)(X), "the window is larger than the map that it moves over"),
    "pool too large": (lambda X: MaxPooling2D(9)(X), "the window is larger than the map that it moves over"),
    "axis of open length": (
        lambda X: BatchNormalization(axis=1, name="mine")(Input((None, None, 6))),
        "the layer mine has a weight for each entry along an axis whose length is left open (None)",
    ),
    "layer at two places": (twice, "was made for 6 channels and is given a tensor of shape (None, 6, 6, 4)"),
    "too few axes": (lambda X: Conv2D(4, 3)(Flatten()(X)), "takes tensors of 4 axes, the batch among them, and is"),
    "misspelled keyword": (
        lambda X: Conv2D(4, 3, paddding="same"),
        "Conv2D has no argument paddding: is it misspelled?",
    ),
    "misspelled window": (lambda X: Conv2D(4, kerenl_size=3), "Conv2D is not given its argument 'kernel_size'"),
    "misspelled training": (
        lambda X: BatchNormalization()(X, trainig=True),
        "has no argument trainig: is it misspelled?",
    ),
    "more arguments": (run("def helper(a): pass\nhelper(X, 3)"), "helper is given more arguments than it takes"),
    "fewer arguments": (run("def helper(a, b): pass\nhelper(X)"), "helper is not given its argument 'b'"),
    "local variable": (with_branch(), "X_shortcut is used before a line of the function has given it a value"),
    "unknown name": (run("return Conv2d(4, 3)(X)"), "the name Conv2d is not known: is it misspelled"),
    "unknown layer": (lambda X: layers.BatchNormalisation(), "the module keras.layers has no BatchNormalisation"),
    "too many values": (run("a, b = (1, 2, 3)"), "there are 2 names before an = and more values behind it"),
    "too few values": (run("a, b, c = (1, 2)"), "there are 3 names before an = and 2 value(s) behind it"),
    "unknown activation": (lambda X: Activation("rleu"), "Keras has no activation of the name rleu: is it misspelled?"),
    "unknown initializer": (
        lambda X: Conv2D(4, 3, kernel_initializer="glorot_unifrm"),
        "Keras has no initializer of the name glorot_unifrm: is it misspelled?",
    ),
    "list of filters": (lambda X: Conv2D([2, 4, 6], 3), "a list stands where a layer takes one number"),
    "recursion": (run("return my_block(X)"), "functions call one another without end"),
    "one name twice": (named_twice, "2 layers have the name a; each needs a name of its own"),
    "other input": (lambda X: keras.Model(Input((8, 8, 6)), X), "the result is not made from the input alone"),
}


def raised(function: Callable[[Any], Any]) -> tuple[str, str, str]:
    """Call a function on a Keras tensor and describe what it raises."""
    try:
        function(Input((8, 8, 6)))
    except BaseException as error:
        return describe(error)
    raise AssertionError("nothing was raised")


@cache
def case(name: str) -> tuple[str, str, str]:
    """Raise what a case raises, once."""
    return raised(CASES[name][0])


@pytest.mark.parametrize("name", CASES)
def test_what_is_raised_is_explained(name: str) -> None:
    """The sentence comes first, then what was raised where, on one line without the wrapping of Keras."""
    words, (kind, message, line) = CASES[name][1], case(name)
    sentence = explained("my_block", kind, message, line or "line 1")
    assert words in sentence
    assert "{" not in sentence
    told = broken_off("my_block", (kind, message, line or "line 1"))
    end = "" if sentence.endswith("?") else "."
    assert told.startswith(f"{sentence}{end} my_block raised {kind} in line ")
    assert message in told
    assert not {"\n", "\x1b"} & set(told)
    assert "Arguments received" not in told


def test_every_explanation_is_tried() -> None:
    """No entry of the table is there for an exception that nobody has seen."""
    seen = [(kind, message) for kind, message, _ in map(case, CASES)]
    own_input = ("ValueError", 'The name "input_layer" is used 2 times in the model.')  # see bad_subjects.py
    used = {next(known for known in KNOWN if found(known, *one)) for one in (*seen, own_input)}
    assert [known.sentence for known in KNOWN if known not in used] == []


@pytest.mark.parametrize("function", [lambda: None, lambda X, f: None, run("return my_block()")])
def test_other_arguments_are_told_from_a_wrong_call(function: Callable[..., Any]) -> None:
    """A call of the checks that does not fit is about the function's first line; one in a body is about that line."""
    kind, message, _ = raised(function)
    first_line = "my_block takes other arguments than in the notebook: give its first line back the form that it had"
    assert explained("my_block", kind, message, "") == first_line
    assert explained("my_block", kind, message, "line 2: return my_block()") not in ("", first_line)


def test_what_is_not_known_stands_alone() -> None:
    """An exception that is not in the table is told as it came."""
    assert explained("my_block", "ValueError", "a cow", "line 3") == ""
    assert broken_off("my_block", ("ValueError", "a cow", "line 3: moo()")) == (
        "my_block raised ValueError in line 3: moo() (a cow)"
    )


def test_an_empty_gap_is_told_from_what_is_not_implemented() -> None:
    """Only nbgrader's own exception, which has no message, means an empty gap."""
    assert broken_off("my_block", ("NotImplementedError", "", "line 9: raise NotImplementedError()")) == (
        EMPTY_GAP.format("my_block")
    )
    assert "looped over" in broken_off("my_block", raised(run("for x in X: pass")))
