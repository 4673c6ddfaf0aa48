"""Assignment 07: `bottleneck`."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.checks.atrous_convolutions import FORWARD, integers
from autograder.checks.calls import Asked
from autograder.checks.compare import CANCELLING, close, same_items
from autograder.model import Case, Check, Exercise, Nearest, Value

BACKWARD = close(relative=1e-3, absolute=1e-4)
"""Gradients differ in the last bits between TensorFlow with and without oneDNN."""

LARGER = 8
"""Factor of the inputs once the weights are perturbed: values above 6 show a ReLU that is cut off there."""

PARTS = "atrous_parts"
"""The module that holds right functions for a unit to use, whatever the student's own ones do."""


def draw_bottleneck(seed: int) -> tuple[Case, ...]:
    """Draw units that project or not, with a stride, with a rate, and with neither."""
    random = np.random.RandomState(seed)
    strides, rates = integers(random, [2, 3], 2), integers(random, [2, 3], 2)
    heights, widths = integers(random, [5, 6, 7], 3), integers(random, [5, 6, 7, 8], 3)
    blocks, units = integers(random, [1, 2, 3, 4], 3), integers(random, [1, 2, 3, 4, 5, 6], 3)
    kinds = ((True, strides[0], 1), (False, 1, rates[0]), (False, strides[1], 1))
    cases = []
    for number, (projects, stride, rate) in enumerate(kinds):
        depth, narrow, channels = integers(random, [2, 3, 4, 5, 6], 3)
        values = {
            "depth": depth,
            "depth_bottleneck": narrow,
            "stride": stride,
            "rate": rate,
            "scope": f"block{blocks[number]}.unit_{units[number]}",
            "height": heights[number],
            "width": widths[number],
            "channels": channels if projects else depth,
            "batch": 2 + number % 2,
        }
        cases.append(Case(f"case {number + 1}", int(random.randint(2**31 - 1)), values))
    return tuple(cases)


def probe_bottleneck(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a unit with every weight perturbed, and with its main path silenced; then its end points."""
    from autograder.checks import network
    from autograder.checks.variances import shrink_variances

    unit = subject.with_stand_ins(subsample=PARTS, conv2d_same=PARTS)
    first = case["depth"], case["depth_bottleneck"], case["stride"], case["rate"]
    size = case["height"], case["width"], case["channels"]
    x = LARGER * network.normal(case.seed, (case["batch"], *size))
    with network.fresh_keras():
        model = network.build(lambda X: network.one_tensor(unit(X, *first, None, case["scope"])), size)
        yield "layers", network.layers_by_weights(model)
        yield "names", network.names_by_role(model)
        yield "fixed_training", network.fixed_training(model)
        yield "shape", tuple(model.output.shape)
        network.perturb(model, case.seed)
        yield "inference", network.run(model, x, training=False)
        yield "gradient", network.input_gradient(model, x, case.seed)
        yield "training", network.run(model, x, training=True)
        yield "moving_statistics", network.moving_statistics(model)
        network.perturb(model, case.seed)
        shrink_variances(model)
        yield "small_variances", network.run(model, x, training=False)
        network.perturb(model, case.seed)
        network.silence_main_path(model, case["channels"], case["depth"])
        yield "shortcut_alone", network.run(model, x, training=False)

        points: dict[str, Any] = {}

        def noting(X: Any) -> list[Any]:
            points.update(unit.giving_back(5)(X, *first, {}, case["scope"]))
            return [points[name] for name in sorted(points)]

        model = network.build(noting, size)
        network.perturb(model, case.seed)
        yield "end_points", tuple(sorted(points))
        yield (
            "values_of_the_end_points",
            np.concatenate([output.reshape(-1) for output in network.outputs(model, [x], training=False)]),
        )


def _tried_bottleneck(case: Case) -> str:
    size = f"{case['batch']}x{case['height']}x{case['width']}x{case['channels']}"
    depths = f"depth={case['depth']}, depth_bottleneck={case['depth_bottleneck']}"
    return f"inputs of {size}, {depths}, stride={case['stride']}, rate={case['rate']}, scope='{case['scope']}'"


POINTS = ("end_points", "values_of_the_end_points")

NEAREST = (
    Nearest("Everything is right but the names of the layers.", among=("names",)),
    Nearest("The unit is right; only its end points are not.", among=POINTS),
    Nearest(
        "Right in inference, wrong in training: look at the batch normalisations.",
        among=("fixed_training", "training", "moving_statistics"),
    ),
    Nearest(
        "Every layer is there, and the shortcut reaches the sum as it should: the layers of the main path are wired in "
        "another order than in the formula, or stride or rate sits elsewhere.",
        right=("layers", "shortcut_alone", "shape"),
    ),
    Nearest(
        "Every layer is there with weights of the right shape: what is wrong is what a layer reads, or a stride.",
        right=("layers",),
    ),
    Nearest("The layers are not the right ones: begin with the check that lists them.", right=("shape",)),
)

BOTTLENECK = Exercise(
    name="bottleneck",
    reference="solutions.atrous:bottleneck",
    probe=probe_bottleneck,
    draw=draw_bottleneck,
    tried=_tried_bottleneck,
    checks=(
        Check(
            "bottleneck-layers",
            "The unit has the right layers, each with weights of the right shape.",
            1,
            ("layers",),
            same_items,
            "Count the convolutions and batch normalisations. For each line that is missing or too many compare "
            "window, filters, input channels and bias. When is the shortcut projected?",
        ),
        Check(
            "bottleneck-names",
            "Every convolution and batch normalisation has its name.",
            1,
            ("names",),
            same_items,
            "The docstring says how layers are named; scope is an argument.",
        ),
        Check(
            "bottleneck-shortcut",
            "The unit's input reaches the sum, subsampled or projected: with a silent main path it is all that comes.",
            1,
            ("shortcut_alone",),
            FORWARD,
            "Which tensor does the shortcut read, which stride does it have, and what stands on it?",
        ),
        Check(
            "bottleneck-inference",
            "With weights set at random, the values in inference are right.",
            1,
            ("shape", "inference", "small_variances"),
            FORWARD,
            "Where do stride and rate go? Follow the tensor: does each line read what the line before it made?",
            rules={"inference": CANCELLING, "small_variances": CANCELLING},
        ),
        Check(
            "bottleneck-training",
            "In training mode each batch normalisation uses the batch's statistics and updates its moving ones.",
            1,
            ("fixed_training", "training", "moving_statistics"),
            FORWARD,
            "Look at the batch normalisations: axis, momentum, and a training= that should not be fixed inside.",
            rules={"training": CANCELLING},
        ),
        Check(
            "bottleneck-gradient",
            "The gradient with respect to the unit's input is right.",
            1,
            ("gradient",),
            BACKWARD,
            "The gradient flows back through both ways. Is there a ReLU too many, or one in the wrong place?",
        ),
        Check(
            "bottleneck-end_points",
            "Every convolution is an end point, after its batch normalisation and its ReLU.",
            1,
            ("end_points", "values_of_the_end_points"),
            FORWARD,
            "Which names does outputs_collections hold, and which tensor does each of them stand for?",
        ),
    ),
    nearest=NEAREST,
)
