"""Exercises of assignment 05 around its training: labels as vectors, and what a network says of a picture."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.checks.compare import close, equal
from autograder.checks.fault import SubjectFault, kind_of
from autograder.model import Case, Check, Exercise, Value


def draw_labels(seed: int) -> tuple[Case, ...]:
    """Draw labels of which one class is missing, the highest one in one case and another one in the other."""
    random = np.random.RandomState(seed)
    cases = []
    for number, classes in enumerate(map(int, random.permutation([4, 5, 6, 7])[:2])):
        missing = classes - 1 if number else int(random.randint(classes - 1))
        there = [label for label in range(classes) if label != missing]
        labels = random.permutation(there + list(random.choice(there, 2 + number)))
        cases.append(Case(f"case {number + 1}", 0, {"labels": tuple(map(int, labels)), "classes": classes}))
    return tuple(cases)


def probe_one_hot(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe the rows, their shape and their type."""
    given = one_array(subject(np.array(case["labels"]), case["classes"]))
    yield "shape", str(given.shape)
    yield "type", given.dtype.name
    yield "rows", given.astype(np.float32)


def one_array(given: Any) -> np.ndarray:
    """Return what a function returned, if it is an array.

    Raises:
        SubjectFault: if it is anything else.
    """
    if isinstance(given, np.ndarray):
        return given
    if kind_of(given) == np.ndarray.__name__:  # only the usual types of numbers cross
        raise SubjectFault("the function returned an array of another type than float32")
    raise SubjectFault(f"the function returned an object of type {kind_of(given)} where a NumPy array is expected")


ONE_HOT = Exercise(
    name="one_hot",
    reference="solutions.resnet50:one_hot",
    probe=probe_one_hot,
    draw=draw_labels,
    tried=lambda case: f"one_hot(np.array({list(case['labels'])}), {case['classes']})",
    checks=(
        Check(
            "one_hot-form",
            "There is one row per picture and one column per class, of type float32.",
            1,
            ("shape", "type"),
            equal,
            "The number of columns is an argument: the labels at hand need not hold every class.",
        ),
        Check(
            "one_hot-rows",
            "Each row is 1 at its picture's class and 0 elsewhere.",
            2,
            ("rows",),
            close(relative=0, absolute=0),
            "Compare one row with its label; classes are counted from 0.",
        ),
    ),
)


def draw_pictures(seed: int) -> tuple[Case, ...]:
    """Draw the sizes of pictures and the numbers of classes of two cases."""
    random = np.random.RandomState(seed)
    sides, classes = random.permutation([3, 4, 5]), random.permutation([4, 5, 6, 7])
    seeds = random.randint(2**31 - 1, size=2)
    return tuple(
        Case(
            f"case {number + 1}",
            int(seeds[number]),
            {"shape": (int(sides[number]), int(sides[number - 1]), 3), "classes": int(classes[number])},
        )
        for number in range(2)
    )


def probe_predict_class(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe class and probability of one picture, from a small network with drawn weights."""
    from autograder.checks import network

    kernel, bias, picture = draw_classifier(case)
    with network.fresh_keras():
        given = subject(small_classifier(kernel, bias, picture.shape), picture)
        if not isinstance(given, tuple) or len(given) != 2:
            raise SubjectFault(f"the function returned {kind_of(given)} where a class and its probability belong")
        yield "class", one_number(given[0])
        yield "probability", np.array([one_number(given[1])], np.float64)


def draw_classifier(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw a kernel, a bias and a picture that is not of class 0, so that whoever always says 0 is wrong."""
    random = np.random.RandomState(case.seed)
    shape, classes = case["shape"], case["classes"]
    while True:
        # Small numbers, else every probability is nearly 0 or 1.
        kernel, bias = (
            0.2 * random.standard_normal((int(np.prod(shape)), classes)),
            0.2 * random.standard_normal(classes),
        )
        picture = random.randint(256, size=shape)
        if np.argmax((picture / 255).reshape(-1) @ kernel + bias) > 0:
            return kernel, bias, picture


def one_number(given: Any) -> int | float:
    """Return a number, also from an array that has no axis.

    Raises:
        SubjectFault: if it is anything else.
    """
    number = given.item() if isinstance(given, np.ndarray) and not given.shape else given
    if isinstance(number, (int, float)) and type(number) is not bool:
        return number
    what = f"an array of shape {given.shape}" if isinstance(given, np.ndarray) else f"a value of type {kind_of(given)}"
    raise SubjectFault(f"the function returned {what} where a single number is expected")


def small_classifier(kernel: np.ndarray, bias: np.ndarray, shape: tuple[int, ...]) -> Any:
    """Return a network of a dense layer; its batch normalisation, which changes nothing else, tells the modes apart."""
    import keras

    inputs = keras.Input(shape)
    dense = keras.layers.Dense(len(bias), activation="softmax")
    normalised = keras.layers.BatchNormalization(epsilon=0.0)(inputs)
    model = keras.Model(inputs, dense(keras.layers.Flatten()(normalised)))
    dense.set_weights([kernel, bias])
    return model


PREDICT_CLASS = Exercise(
    name="predict_class",
    reference="solutions.resnet50:predict_class",
    probe=probe_predict_class,
    draw=draw_pictures,
    tried=lambda case: f"a small trained network and a picture of {case['shape']}, {case['classes']} classes",
    checks=(
        Check(
            "predict_class-class",
            "The class is the one with the highest probability, as an integer counted from 0.",
            1,
            ("class",),
            equal,
            "What does the network return for a batch of one picture, and along which axis lie the classes?",
        ),
        Check(
            "predict_class-probability",
            "The probability is the network's for that class, on a picture scaled as in training.",
            2,
            ("probability",),
            close(relative=1e-4, absolute=1e-6),
            "Print the smallest and the largest value of what you give the network.",
        ),
    ),
)
