"""Assignment 05: `ResNet50` from the two blocks, and the two small functions around its training.

While the network is judged its blocks are stand-ins that keep how they were called: a wrong block costs nothing here.
Source of the network: He et al. 2015, table 1 (50-layer); of the mistakes that the checks tell apart: docs/mistakes.md.
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import numpy as np

from autograder.checks.calls import Asked
from autograder.checks.compare import close, equal, same_items
from autograder.checks.engine import CANARY
from autograder.checks.fault import SubjectFault, kind_of
from autograder.checks.resnet50_pictures import ONE_HOT, PREDICT_CLASS
from autograder.model import Assignment, Case, Check, Difference, Exercise, Nearest, Value

FORWARD = close(relative=1e-4, absolute=1e-6)
"""float32 probabilities of a network of one convolution, one dense layer and stand-ins."""

LARGER = 5
"""Factor of the pictures once the weights are perturbed: values above 6 show a ReLU that is cut off there."""

CLASSES = 6
"""What `ResNet50()` has without arguments, as the original task of six signs."""

IDENTITY: dict[str, Any] = {"f": None, "filters": None, "stage": None, "block": None}
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


def probe_network(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a network of stand-ins: its blocks, what surrounds them, and its values in both modes."""
    from autograder.checks import network
    from autograder.checks.layer_table import LayerTable
    from autograder.checks.variances import shrink_variances

    with_stand_ins = subject.with_stand_ins(**BLOCKS)
    x = network.normal(case.seed, (2, *case["shape"]))
    with network.fresh_keras():
        yield CANARY, network.canary()
        model = network.Network.of(one_model(with_stand_ins(*case["arguments"])))
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
        make_sensitive(model, shift=1)  # normalised with the batch's statistics, values vary by 1 whatever the pictures
        yield "training", network.run(model, LARGER * x, training=True)
        yield "moving_statistics", network.moving_statistics(model)
        network.perturb(model, case.seed)
        make_sensitive(model, shift=LARGER)
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


def make_sensitive(network: Any, shift: float) -> None:
    """Set the weights so that what stands between them shows in the probabilities.

    Dense layers get small ones, else the softmax says 0 and 1 whatever it reads. Normalisations shift everything down
    by about as much as the values vary: of what a pooling picks half is then below zero, where a ReLU matters. Shifted
    by much more nothing would be left above zero, and every pooling would do.

    Args:
        network: the network; its weights are changed.
        shift: how much the normalisations shift down.
    """
    for place in network.places:
        for weight in place.layer.weights:
            if type(place.layer).__name__ == "Dense":
                network.values[id(weight)] = network.values[id(weight)] * np.float32(0.3)
            elif weight.name == "beta":
                network.values[id(weight)] = network.values[id(weight)] - np.float32(shift)


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

ASSIGNMENT = Assignment("05_resnet50", "ResNet-50", (RESNET50, ONE_HOT, PREDICT_CLASS))
