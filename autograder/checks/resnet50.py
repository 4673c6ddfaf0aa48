"""Assignment 05: `ResNet50` from the two blocks, and the two small functions around its training.

While the network is judged its blocks are stand-ins that keep how they were called: a wrong block costs nothing here.
Source of the network: He et al. 2015, table 1 (50-layer); of the mistakes that the checks tell apart: docs/mistakes.md.
"""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any

import numpy as np

from autograder.checks.compare import close, equal, same_items
from autograder.checks.engine import CANARY
from autograder.checks.fault import SubjectFault, kind_of
from autograder.model import Assignment, Case, Check, Difference, Exercise, Nearest, Value

FORWARD = close(relative=1e-4, absolute=1e-6)
"""float32 probabilities of a network of one convolution, one dense layer and stand-ins."""

LARGER = 5
"""Factor of the pictures once the weights are perturbed: values above 6 show a ReLU that is cut off there."""

CLASSES = 6
"""What `ResNet50()` has without arguments, as the original task of six signs."""

IDENTITY = {"f": None, "filters": None, "stage": None, "block": None}
BLOCKS = {"identity_block": IDENTITY, "convolutional_block": IDENTITY | {"s": 2}}
"""The arguments of the two blocks behind the tensor, with their defaults."""


def draw_network(seed: int) -> tuple[Case, ...]:
    """Draw a network with the defaults, and one for pictures of two other side lengths.

    Of the second one's sides one leaves 4 pixels for the average pooling and the other 3, so that a pooling over the
    whole map, a padded one and none at all can be told apart; at 64 pixels, where 2 are left, they cannot.
    """
    random = np.random.RandomState(seed)
    sides = random.permutation([random.randint(101, 121), random.randint(69, 101)])
    shape = (*map(int, sides), int(random.choice([1, 2, 4])))
    classes = int(random.choice([3, 4, 5, 7, 8, 9]))
    first, second = map(int, random.randint(2**31 - 1, size=2))
    return (
        Case("case 1", first, {"arguments": (), "shape": (64, 64, 3), "classes": CLASSES}),
        Case("case 2", second, {"arguments": (shape, classes), "shape": shape, "classes": classes}),
    )


def probe_network(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a network of stand-ins: its blocks, what surrounds them, and its values in both modes."""
    from autograder.checks import network
    from autograder.checks.layer_table import LayerTable
    from autograder.checks.variances import shrink_variances

    with_stand_ins = subject.with_stand_ins(**BLOCKS)  # type: ignore[attr-defined]
    x = network.normal(case.seed, (2, *case["shape"]))
    with network.fresh_keras():
        yield CANARY, network.canary()
        model = network.Network(one_model(with_stand_ins(*case["arguments"])))
        table = LayerTable(model)
        yield "table", table.rows
        yield "input_shape", shape_of(model.model.inputs)
        yield "output_shape", shape_of(model.model.outputs)
        yield "blocks", table.blocks
        yield "wiring", table.wiring
        yield "letters", table.letters
        yield "sizes", table.sizes
        yield "layers", network.layers_by_weights(model)
        yield "names", network.names_by_role(model)
        yield "settings", network.settings_by_role(model)
        yield "fixed_training", network.fixed_training(model)
        yield "seeded_inference", network.run(model, x, training=False)
        network.perturb(model, case.seed)
        make_sensitive(model)
        yield "training", network.run(model, LARGER * x, training=True)
        yield "moving_statistics", network.moving_statistics(model)
        network.perturb(model, case.seed)
        make_sensitive(model)
        shrink_variances(model)  # so that epsilon shows
        yield "inference", network.run(model, LARGER * x, training=False)


def one_model(given: Any) -> Any:
    """Return what a function returned, if it is a model.

    Raises:
        SubjectFault: if it is anything else.
    """
    import keras

    if isinstance(given, keras.Model):
        return given
    what = "a tensor" if isinstance(given, keras.KerasTensor) else "None" if given is None else kind_of(given)
    raise SubjectFault(f"the function returned {what} where a Keras model is expected")


def shape_of(tensors: Any) -> str:
    """Write the shapes of a model's inputs or outputs; the batch has none."""
    return ", ".join(str(tuple(tensor.shape)) for tensor in tensors)


def make_sensitive(network: Any) -> None:
    """Set the weights so that what stands between them shows in the probabilities.

    Dense layers get small ones, else the softmax says 0 and 1 whatever it reads. Normalisations shift everything down
    by about as much as the values vary: of what a pooling picks half is then below zero, where a ReLU matters.
    """
    for place in network.places:
        for weight in place.layer.weights:
            if type(place.layer).__name__ == "Dense":
                network.values[id(weight)] = network.values[id(weight)] * np.float32(0.3)
            elif weight.name == "beta":
                network.values[id(weight)] = network.values[id(weight)] - np.float32(LARGER)


def same_rows(expected: Value, got: Value) -> Difference | None:
    """Tables that are equal row by row; the difference names the first row that is not, and the row above it."""
    if not isinstance(expected, tuple) or not isinstance(got, tuple):
        return equal(expected, got)
    for number, (right, seen) in enumerate(zip_longest(expected, got, fillvalue="nothing more")):
        if right != seen:
            above = f"; the row above is {expected[number - 1]}" if number else ""
            return Difference(f"row {number + 1} of {len(expected)} differs{above}", str(right), str(seen))
    return None


def _tried_network(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    arguments = f"{case['arguments'][0]}, classes={case['arguments'][1]}" if case["arguments"] else ""
    return f"ResNet50({arguments}), with stand-ins for your two blocks"


NEAREST = (
    Nearest(
        "Layers, blocks, sizes and values are right; only the numbers that the weights start from differ.",
        among=("seeded_inference", "settings"),
    ),
    Nearest("Everything is right but the names of layers.", among=("names", "letters", "table")),
    Nearest(
        "Right in inference; only the moving statistics or the training mode differ: look at the stem's normalisation.",
        among=("training", "moving_statistics", "fixed_training", "settings"),
    ),
    Nearest(
        "All blocks and all layers with weights are right, and so are the sizes: what is wrong has no weights.",
        right=("blocks", "wiring", "layers", "sizes"),
    ),
    Nearest(
        "The blocks are the right ones in the right order: what is wrong stands around them, or is a stride.",
        right=("blocks", "wiring"),
    ),
    Nearest("Stem and head are right: what is wrong is in the stages.", right=("layers", "names")),
)

RESNET50 = Exercise(
    name="ResNet50",
    reference="solutions.resnet50:ResNet50",
    probe=probe_network,
    draw=draw_network,
    tried=_tried_network,
    checks=(
        Check(
            "ResNet50-model",
            "The function returns a model for pictures of input_shape, with one output per class.",
            1,
            ("input_shape", "output_shape"),
            equal,
            "Which numbers does the model take from the arguments? Are X_input and the last X its ends?",
        ),
        Check(
            "ResNet50-blocks",
            "The right blocks stand behind one another, each with f and its numbers of filters.",
            3,
            ("blocks", "wiring"),
            same_rows,
            "Count the blocks of each stage. The first one of a stage is the convolutional one, and each reads what "
            "the one before it made.",
        ),
        Check(
            "ResNet50-letters",
            "Each block is given its stage and its letter.",
            1,
            ("letters",),
            same_rows,
            "Layers are named after stage and block, so no two blocks may have the same pair.",
        ),
        Check(
            "ResNet50-sizes",
            "Height, width and channels are right behind the stem, behind each stage, and where the dense layer reads.",
            2,
            ("sizes",),
            same_rows,
            "The first line that differs tells the part: look at its strides, padding and windows.",
        ),
        Check(
            "ResNet50-layers",
            "Around the blocks stand the right layers, each with weights of the right shape.",
            2,
            ("layers",),
            same_items,
            "Compare window, filters and channels of the stem's convolution, the axis of its batch normalisation, and "
            "what the dense layer reads.",
        ),
        Check(
            "ResNet50-names",
            "The layers of stem and head have their names.",
            1,
            ("names",),
            same_items,
            "The docstring says how they are named; the last name holds the number of classes.",
        ),
        Check(
            "ResNet50-inference",
            "With weights set at random, the probabilities in inference are right.",
            2,
            ("inference",),
            FORWARD,
            "If the checks above pass, look at what has no weights: padding, ReLU, poolings, softmax, and the order.",
        ),
        Check(
            "ResNet50-training",
            "In training mode the stem's batch normalisation uses the batch's statistics and updates its moving ones.",
            1,
            ("fixed_training", "training", "moving_statistics"),
            FORWARD,
            "Look at the stem's batch normalisation: its place, its momentum, a training= that should not be fixed.",
        ),
        Check(
            "ResNet50-seeded",
            "As initialised with glorot_uniform(seed=0), the probabilities equal the reference's.",
            1,
            ("seeded_inference",),
            FORWARD,
            "If the checks above pass, look at the initializers of conv1 and of the dense layer.",
            needs_same_draws=True,
        ),
    ),
    nearest=NEAREST,
)


# --- labels as vectors ------------------------------------------------------------------------------------------------


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


# --- what a network says of a picture ---------------------------------------------------------------------------------


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

ASSIGNMENT = Assignment("05_resnet50", "ResNet-50", (RESNET50, ONE_HOT, PREDICT_CLASS))
