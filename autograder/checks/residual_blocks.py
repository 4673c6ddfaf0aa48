"""Assignment 03: `identity_block` and `convolutional_block` of ResNet-50.

Source of the blocks: He et al. 2015, figure 5 (right); of the mistakes that the checks tell apart: docs/mistakes.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.checks.calls import Asked
from autograder.checks.compare import CANCELLING, close, equal, same_items
from autograder.checks.editions import NAMED
from autograder.checks.engine import CANARY
from autograder.model import Assignment, Case, Check, Exercise, Nearest, Value

FORWARD = close(relative=1e-4, absolute=1e-5)
"""float32 outputs of three small convolutions."""

LARGER = 10
"""Factor of the inputs in inference with perturbed weights: values above 6 show a ReLU that is cut off there."""

BACKWARD = close(relative=1e-3, absolute=1e-4)
"""Gradients differ in the last bits between TensorFlow with and without oneDNN."""


def draw_identity(seed: int) -> tuple[Case, ...]:
    """Draw the cases of the identity block: as many input channels as the last convolution has filters."""
    return tuple(
        Case(name, case_seed, values | {"channels": values["filters"][2]})
        for name, case_seed, values in _draw(seed, strides=(None, None))
    )


def draw_convolutional(seed: int) -> tuple[Case, ...]:
    """Draw the cases of the convolutional block: strides 2, 3 and 1."""
    return tuple(Case(name, case_seed, values) for name, case_seed, values in _draw(seed, strides=(2, 3, 1)))


def _draw(seed: int, strides: tuple[int | None, ...]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield name, seed and values of each case.

    What could be mixed up differs within a case (filters, channels; height, width), and every argument takes another
    value in each case, since the lists are turned by one place. In the last case, whose stride is 1, F3 is 1: then
    the sum takes branches of other channels as well, and what is wrong with such a block is seen beyond the error
    that it raises in the others.
    """
    random = np.random.RandomState(seed)
    windows, stages = random.permutation([2, 3, 4]), random.permutation([2, 3, 4, 5])
    sizes, sides = random.permutation([2, 3, 4, 5, 6]), random.permutation([4, 5, 6, 7])
    letters, seeds = random.permutation(list("abcdef")), random.randint(2**31 - 1, size=len(strides))
    for number, stride in enumerate(strides):
        turned = [int(size) for size in np.roll(sizes, number)]
        if number == len(strides) - 1:
            turned[2] = 1
        values = {
            "f": int(windows[number]),
            "filters": tuple(turned[:3]),
            "channels": turned[3],
            "height": int(sides[number]),
            "width": int(sides[number - 1]),
            "batch": 2 + number % 2,
            "stage": int(stages[number]),
            "block": str(letters[number]),
        }
        if stride is not None:
            values["s"] = stride
        yield f"case {number + 1}", int(seeds[number]), values


def probe_block(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a residual block as initialised, with every weight perturbed, and with its main path silenced."""
    from autograder.checks import network

    asked = subject.of_edition(NAMED)
    stride = [case["s"]] if "s" in case.values else []

    def block(X: Any) -> Any:
        names = case["stage"], case["block"]
        return network.one_tensor(asked(X, case["f"], list(case["filters"]), *names, *stride))

    size = case["height"], case["width"], case["channels"]
    x = network.normal(case.seed, (case["batch"], *size))
    with network.fresh_keras():
        yield CANARY, network.canary()
        model = network.build(block, size)
        yield "layers", network.layers_by_weights(model)
        yield "names", network.names_by_role(model)
        yield "settings", network.settings_by_role(model)
        yield "fixed_training", network.fixed_training(model)
        yield "shape", tuple(model.output.shape)
        yield "seeded_inference", network.run(model, x, training=False)
        yield "seeded_training", network.run(model, x, training=True)

        yield from _perturbed(model, x, case)

        model = network.build(block, (None, None, case["channels"]))
        yield "shape_of_any_size", tuple(model.output.shape)
        yield "shape_of_another_size", network.run(model, x[:, 1:, :-1], training=False).shape


def _perturbed(model: Any, x: np.ndarray, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a block with every weight perturbed, last with its main path silenced."""
    from autograder.checks import network
    from autograder.checks.variances import shrink_kernels, shrink_variances

    network.perturb(model, case.seed)
    shrink_kernels(model)
    yield "training", network.run(model, x, training=True)
    yield "moving_statistics", network.moving_statistics(model)

    x = LARGER * x
    network.perturb(model, case.seed)
    shrink_variances(model)
    yield "inference", network.run(model, x, training=False)
    yield "gradient", network.input_gradient(model, x, case.seed)

    network.perturb(model, case.seed)
    network.silence_main_path(model, case["channels"], case["filters"][2])
    yield "shortcut_alone", network.run(model, x, training=False)


def tried_block(case: Case) -> str:
    """Say what a case does, as the student would write it; each edition has some arguments of its own."""
    given = f"X of {case['batch']}x{case['height']}x{case['width']}x{case['channels']}"
    values = {**case.values, "filters": list(case["filters"])}
    names = ("f", "filters", "s", "stage", "block", "initializer")
    return ", ".join([given, *(f"{name}={values[name]!r}" for name in names if name in values)])


BLOCK_CHECKS = (
    Check(
        "layers",
        "The block has the right layers, each with weights of the right shape.",
        1,
        ("layers",),
        same_items,
        "Count the convolutions and batch normalisations. For each line that is missing or too many compare window, "
        "the number of filters, the input channels, the bias, and the axis that is normalised.",
    ),
    Check(
        "names",
        "Every convolution and batch normalisation has its name.",
        1,
        ("names",),
        same_items,
        "The docstring says how layers are named; stage and block are arguments, not constants.",
    ),
    Check(
        "shortcut",
        "The block's input reaches the sum{shortcut}.",
        2,
        ("shortcut_alone",),
        FORWARD,
        "{look_at_shortcut}",
    ),
    Check(
        "inference",
        "With weights set at random, the values in inference are right.",
        1,
        ("inference",),
        FORWARD,
        "The layers are wired in another order than in the formula, or a layer has another stride, padding or epsilon. "
        "Follow the tensor: does each line read what the line before it made?",
    ),
    Check(
        "training",
        "In training mode each batch normalisation uses the batch's statistics and updates its moving ones.",
        1,
        ("fixed_training", "training", "moving_statistics"),
        FORWARD,
        "Look at the batch normalisations: axis, momentum, and a training= that should not be fixed inside.",
        rules={"training": CANCELLING},
    ),
    Check(
        "gradient",
        "The gradient with respect to the block's input is right.",
        1,
        ("gradient",),
        BACKWARD,
        "The gradient flows back through both branches. Is there a ReLU too many, or one in the wrong place?",
    ),
    Check(
        "seeded",
        "As initialised with glorot_uniform(seed=0), the outputs equal the reference's, in inference and training.",
        2,
        ("seeded_inference", "seeded_training"),
        FORWARD,
        "If the checks above pass, the wiring is right: look at each convolution's initializer and its seed.",
        needs_same_draws=True,
        rules={"seeded_training": CANCELLING},
    ),
    Check(
        "size",
        "The block takes inputs of any height and width{size}.",
        1,
        ("shape", "shape_of_any_size", "shape_of_another_size"),
        equal,
        "Look at strides and padding. Nothing may depend on the height and width of X, which can be None.",
    ),
)
"""What is judged of a block; the words in braces differ between the two."""


SEEDED = ("seeded_inference", "seeded_training")
TRAINING = ("training", "moving_statistics", "fixed_training", "seeded_training")

NEAREST = (
    Nearest("Layers, names and wiring are right; only the numbers that the weights start from differ.", among=SEEDED),
    Nearest("Everything is right but the names of the layers.", among=("names",)),
    Nearest(
        "All outputs are right, in inference and in training; only the moving statistics are updated otherwise.",
        among=("moving_statistics",),
    ),
    Nearest("Right in inference, wrong in training: look at the batch normalisations.", among=TRAINING),
    Nearest(
        "Every layer is there, the shortcut reaches the sum as it should, and the shape is right: the layers of the "
        "main path are wired in another order than in the formula, or one of them has another setting.",
        right=("layers", "shortcut_alone", "shape"),
    ),
    Nearest(
        "Every layer is there with weights of the right shape: what is wrong is what a layer reads, or a stride.",
        right=("layers",),
    ),
    Nearest("The layers are not the right ones: begin with the check that lists them.", right=("shape",)),
)


def block_checks(checks: Sequence[Check], exercise: str, **words: str) -> tuple[Check, ...]:
    """Make a block's checks: names with the exercise before them, sentences with the block's own words."""
    return tuple(
        replace(
            check,
            name=f"{exercise}-{check.name}",
            sentence=check.sentence.format(**words),
            look_at=check.look_at.format(**words),
        )
        for check in checks
    )


IDENTITY_WORDS = {
    "shortcut": " unchanged: with a silent main path the block returns relu(X)",
    "look_at_shortcut": "Is X kept before the first convolution, and is that the tensor which is added, once, before "
    "the last ReLU?",
    "size": " and keeps them",
}
CONVOLUTIONAL_WORDS = {
    "shortcut": " through the projection: with a silent main path the block returns relu(BN(projection(X)))",
    "look_at_shortcut": "Which tensor does the projection read, which one does its batch normalisation read, and are "
    "both results used? The shortcut has no ReLU of its own.",
    "size": " and divides them by s, rounded up",
}
"""Each block's own words in the sentences of `BLOCK_CHECKS`."""

IDENTITY_BLOCK = Exercise(
    name="identity_block",
    reference="solutions.blocks:identity_block",
    probe=probe_block,
    draw=draw_identity,
    tried=tried_block,
    checks=block_checks(BLOCK_CHECKS, "identity_block", **IDENTITY_WORDS),
    nearest=NEAREST,
)

CONVOLUTIONAL_BLOCK = Exercise(
    name="convolutional_block",
    reference="solutions.blocks:convolutional_block",
    probe=probe_block,
    draw=draw_convolutional,
    tried=tried_block,
    checks=block_checks(BLOCK_CHECKS, "convolutional_block", **CONVOLUTIONAL_WORDS),
    nearest=NEAREST,
)

ASSIGNMENT = Assignment("03_residual_blocks", "Residual blocks", (IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK))
