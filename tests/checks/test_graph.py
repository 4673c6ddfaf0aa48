"""A model crosses as plain data and is built again alike; what is no data of ours is refused."""

import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder.checks import network
from autograder.checks.calls import Asked, SubjectRaised, answer
from autograder.checks.fault import SubjectFault
from autograder.checks.layer_pool import Loan

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`:UserWarning"),
]

L = keras.layers


class Scaled(keras.Layer):
    """A layer of a student's own, made of Keras's."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = L.Conv2D(3, 1)

    def call(self, x: Any) -> Any:
        """Convolve and double."""
        return self.inner(x) * 2.0


class OwnWeights(keras.Layer):
    """A layer of a student's own, with weights of its own."""

    def build(self, shape: Any) -> None:
        """Make a weight."""
        self.scale = self.add_weight(shape=(1,), initializer="ones")

    def call(self, x: Any) -> Any:
        """Scale."""
        return x * self.scale


def set_weights(X: Any) -> Any:
    """Set a layer's weights by hand."""
    layer = L.Conv2D(3, 1)
    Y = layer(X)
    layer.set_weights([np.full((1, 1, 3, 3), 0.25), np.ones(3)])
    return Y


def own_initializer(shape: Any, dtype: Any = None) -> Any:
    """Return a half everywhere."""
    return keras.ops.full(shape, 0.5, dtype)


MODELS: dict[str, Callable[[Any], Any]] = {
    "convolution": lambda X: L.Conv2D(4, (3, 2), strides=2, padding="same", activation="relu")(X),
    "seeded": lambda X: L.Conv2D(4, 3, kernel_initializer=keras.initializers.GlorotUniform(seed=3))(X),
    "seed generator": lambda X: L.Conv2D(
        4, 3, kernel_initializer=keras.initializers.HeNormal(keras.random.SeedGenerator(2))
    )(X),
    "operators": lambda X: (X + 1.0) * 0.5 - X / 3.0,
    "slices": lambda X: X[:, ::2, 1:, :1],
    "functions": lambda X: keras.ops.concatenate([keras.activations.relu(X), keras.ops.tanh(X)], axis=-1),
    "arrays": lambda X: X * np.arange(3, dtype="float32"),
    "tensors": lambda X: X + tf.constant([1.0, 2.0, 3.0]),
    "relu of TensorFlow": lambda X: L.Activation(tf.nn.relu)(X),
    "shared": lambda X: (lambda layer: layer(layer(X)))(L.Conv2D(3, 1, kernel_initializer="ones")),
    "sequential": lambda X: keras.Sequential([L.ZeroPadding2D(1), L.MaxPooling2D(2), L.Flatten(), L.Dense(2)])(X),
    "lambda": lambda X: L.Lambda(lambda t: t + keras.ops.relu(t))(X),
    "own layer": lambda X: Scaled()(X),
    "own initializer": lambda X: L.Conv2D(2, 1, kernel_initializer=own_initializer)(X),
    "set by hand": set_weights,
    "in training": lambda X: L.BatchNormalization()(X, training=True),
    "several outputs": lambda X: [L.ReLU()(X), (L.Flatten()(X), X)],
    "wrapper": lambda X: L.TimeDistributed(L.Dense(2, kernel_initializer="ones"))(X),
    "regularised": lambda X: L.Dense(2, kernel_regularizer=keras.regularizers.L2(0.1), kernel_constraint="non_neg")(X),
    "float16": lambda X: L.Dense(2, dtype="mixed_float16")(X),
}


def crossed(subject: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function as a probe gets it: used from afar."""
    return Asked(lambda call: answer(subject, call))


def observed(subject: Callable[..., Any]) -> tuple[Any, ...]:
    """Return what is seen of a model with perturbed weights: layers, settings, outputs."""
    with network.fresh_keras():
        model = network.build(subject, (4, 4, 3))
        layers = network.layers_by_weights(model), network.fixed_training(model), model.output
        network.perturb(model, 3)
        outputs = network.outputs(model, [network.normal(1, (2, 4, 4, 3))], training=False)
    shapes = [tuple(one.shape) for one in keras.tree.flatten(layers[2])]
    return layers[0], layers[1], shapes, [np.asarray(one, np.float32) for one in keras.tree.flatten(outputs)]


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_built_again_alike(name: str) -> None:
    """What crosses as data has the same layers, settings and perturbed outputs as the model itself."""
    far, near = observed(crossed(MODELS[name])), observed(MODELS[name])
    assert len(far[3]) == len(near[3])
    assert far[1:3] == near[1:3]
    if name != "own layer":  # whose inner layer is seen only once it was opened
        assert far[0] == near[0]
        for one, other in zip(far[3], near[3], strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", ["seeded", "seed generator", "shared", "own initializer", "set by hand"])
def test_weights_are_as_the_student_set_them(name: str) -> None:
    """Weights cross by their initializer and its seed, or as numbers where they were set otherwise."""
    x = network.normal(1, (2, 4, 4, 3))
    with network.fresh_keras():
        near = network.run(network.build(MODELS[name], (4, 4, 3)), x, training=False)
        far = network.run(network.build(crossed(MODELS[name]), (4, 4, 3)), x, training=False)
    np.testing.assert_array_equal(far, near)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (lambda X: L.Lambda(lambda t: tf.nn.relu(t))(X), "the layer Lambda"),
        (lambda X: OwnWeights()(X), "the layer OwnWeights"),
        (lambda X: L.Conv2D(2, 1, activation=lambda t: t * 2)(X), "an activation that is none of Keras's"),
        (lambda X: L.Dense(10**9)(X), "makes a tensor of shape (None, 4, 4, 1000000000), which is too large"),
        (lambda X: L.Conv2D(2000, 1)(L.Dense(10**6)(X)), "makes a tensor of shape (1, 1, 1000000, 2000), which is"),
    ],
    ids=["code", "weights", "activation", "large tensor", "large weight"],
)
def test_what_cannot_cross_is_said(subject: Callable[..., Any], words: str) -> None:
    """A layer that holds code of the student's own, which cannot be opened, is one sentence."""
    with network.fresh_keras(), pytest.raises((SubjectRaised, SubjectFault)) as raised:
        network.build(crossed(subject), (4, 4, 3))
    assert words in str(raised.value)


def forged(*layers: Any, number: Any = 0) -> dict[str, Any]:
    """Return an answer that calls one of some layers on the input."""
    step = {"layer": number, "args": {"list": [{"tensor": [-1, 0]}]}, "kwargs": {"dict": {}}}
    return {"graph": {"layers": [*layers], "steps": [step], "value": {"tensor": [0, 0]}}}


RELU: dict[str, Any] = {"class": "ReLU", "config": {}}
EVAL = {"module": "builtins", "class_name": "eval", "config": "1"}

FORGED = {
    "no graph": {"graph": 7},
    "no layer of Keras": forged({"class": "Lambda", "config": {}}),
    "a layer that reads a file": forged({"class": "StringLookup", "config": {"vocabulary": __file__}}),
    "a module": forged({"module": "os", "class": "system", "name": "x", "config": {}}),
    "a part from elsewhere": forged({"class": "Dense", "config": {"units": 1, "kernel_initializer": EVAL}}),
    "a layer that is not called": forged(RELU, RELU),
    "a number from behind": forged(RELU, number=-1),
    "layers by name": {"graph": {**forged(RELU, number="0")["graph"], "layers": {"0": RELU}}},
    "layers by number": {"graph": {**forged(RELU)["graph"], "layers": {0: RELU}}},
    "numbers that are computed while they are read": {
        "graph": {
            "layers": [{"module": "keras.src.ops.numpy", "class": "Repeat", "name": "r", "config": {"repeats": 9}}],
            "steps": [{"layer": 0, "args": {"list": [{"list": [1.0]}]}, "kwargs": {"dict": {}}}],
            "value": {"tensor": [0, 0]},
        }
    },
    "a later step": {
        "graph": {
            "layers": [{"class": "ReLU", "config": {}}],
            "steps": [{"layer": 0, "args": {"list": [{"tensor": [5, 0]}]}, "kwargs": {"dict": {}}}],
            "value": {"tensor": [0, 0]},
        }
    },
    "empty": {},
    "text": "x",
    "another word": {"code": "1"},
    "a deep list": {"value": [[[[[]]]]]},
    "an array that is none": {"value": {"array": {"dtype": "object", "shape": [1], "data": [1]}}},
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_answers_are_refused(name: str) -> None:
    """An answer that no `answer` wrote is one sentence, and nothing in it is imported or called."""
    asked = Asked(lambda call: json.dumps(FORGED[name]), Loan().layer)  # as while grading
    with network.fresh_keras(), pytest.raises(SubjectFault, match="cannot be read"):
        network.build(asked, (4, 4, 3))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_an_answer_that_is_no_json(text: str) -> None:
    """An answer that is no JSON is one sentence."""
    with pytest.raises(SubjectFault, match="cannot be read"):
        Asked(lambda call: text)(3)


@pytest.mark.parametrize(
    "value", [None, True, 3, 2.5, "x", [1, [2.0, ("a",)]], {"a": [1], "b": {"c": None}}, np.arange(6.0).reshape(2, 3)]
)
def test_values_cross(value: Any) -> None:
    """Numbers, texts, arrays, lists, tuples and dictionaries cross both ways."""
    np.testing.assert_equal(crossed(lambda given: given)(value), value)
    np.testing.assert_equal(crossed(lambda given: given)(given=value), value)


def test_what_a_subject_does_to_its_arguments_stays_there() -> None:
    """A subject gets copies: what it changes in them is not changed for the next call."""
    filters = [1, 2, 3]
    crossed(lambda given: given.clear())(filters)
    assert filters == [1, 2, 3]
