"""Assignment 01: size of convolutions, and a call of Keras 1 in the form of Keras 3; their cost: convolution_costs.py.

The cases stay within what Keras takes, which refuses a stride and a dilation above 1 together.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.checks.compare import CANCELLING, close, equal, same_items
from autograder.checks.convolution_costs import COUNT_MACS, COUNT_PARAMS
from autograder.checks.plain_calls import arguments, elsewhere, in_words, one_call, pair
from autograder.model import Assignment, Case, Check, Exercise, Value

SIZE_FIELDS = ("valid", "padded", "same", "dilated")

FORWARD = close(relative=1e-4, absolute=1e-5)
"""float32 outputs of one small convolution."""

LARGER = 10
"""Factor of the inputs: values above 6 show a ReLU that is cut off there."""

PICTURE = 224
"""Side of the pictures that ResNet and VGG were made for, in pixels. Source: He et al. 2015, section 3.4."""


def draw_output_shape(seed: int) -> tuple[Case, ...]:
    """Draw calls of `conv_output_shape`: by field, with height and width that differ.

    A side is made from the number of windows that fit into it and from the pixels that remain over, so that rounding
    down, to the nearest and up are told apart on every seed: one side leaves none, the other as many as there can be.
    """
    random = np.random.RandomState(seed)
    windows = [int(k) for k in random.permutation([2, 3, 4, 5, 6])]
    paddings = [int(p) for p in random.permutation([1, 2, 3])]
    # field, k, s, p, d
    plan: list[tuple[str, int, int, int | str, int]] = [
        ("valid", windows[0], 1, "valid", 1),
        ("valid", windows[1], 2, "valid", 1),
        ("valid", windows[2], 3, "valid", 1),
        ("padded", windows[3], 1, paddings[0], 1),
        ("padded", windows[4], 3, paddings[1], 1),
        ("padded", windows[0], 2, paddings[2], 1),
        ("same", 3, 1, "same", 1),
        ("same", 4, 2, "same", 1),
        ("same", 5, 3, "same", 1),
        ("same", 2, 1, "same", 2),
        ("dilated", 3, 1, "valid", 2),
        ("dilated", int(random.randint(4, 6)), 1, "valid", 3),
        ("dilated", int(random.randint(3, 6)), 1, int(random.randint(1, 4)), 2),
    ]
    cases = []
    for index, (field, k, s, p, d) in enumerate(plan, start=1):
        few = int(random.randint(7, 11))
        sides = [_side(few, 0, k, s, p, d), _side(few + 2 + int(random.randint(3)), s - 1, k, s, p, d)]
        size = tuple(sides[:: 1 if index % 2 else -1])
        cases.append(one_call(index, field, {"size": size, "k": k, "s": s, "p": p, "d": d}))
    return tuple(cases)


def _side(count: int, over: int, k: int, s: int, p: int | str, d: int) -> int:
    """Return a side into which so many windows fit, with so many pixels left over."""
    last_tap = (count - 1) * s + d * (k - 1)
    return last_tap + 1 + over - 2 * (p if isinstance(p, int) else 0)


def probe_output_shape(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe one size."""
    yield from elsewhere(case, SIZE_FIELDS)
    yield case["field"], pair(subject(*arguments(case)), "a pair of height and width")


CONV_OUTPUT_SHAPE = Exercise(
    name="conv_output_shape",
    reference="solutions.convolutions:conv_output_shape",
    probe=probe_output_shape,
    draw=draw_output_shape,
    tried=lambda case: in_words("conv_output_shape", case),
    checks=(
        Check(
            "conv_output_shape-valid",
            "Without padding, window and stride give the right height and width.",
            2,
            ("valid",),
            equal,
            "Draw the pixels of one side in a row and lay the windows over them. Which is the last one that fits, and "
            "how many are there up to it?",
        ),
        Check(
            "conv_output_shape-padded",
            "With p pixels of padding, height and width are right.",
            1,
            ("padded",),
            equal,
            "How many pixels longer does the padding make a side? It stands at both ends.",
        ),
        Check(
            "conv_output_shape-same",
            'With padding "same", height and width are right, at stride 1 and at larger ones.',
            2,
            ("same",),
            equal,
            'The docstring says what "same" means: divided by s and rounded up, whatever the window.',
        ),
        Check(
            "conv_output_shape-dilated",
            "With dilation, height and width are right.",
            1,
            ("dilated",),
            equal,
            "Count the pixels from the first tap of a dilated window to its last: k taps have k - 1 distances.",
        ),
    ),
)


def draw_fix_convolution2d(seed: int) -> tuple[Case, ...]:
    """Draw two small inputs; height, width and channels differ."""
    random = np.random.RandomState(seed)
    sides, channels = random.permutation([4, 5, 6, 7]), random.permutation([1, 2, 3])
    return tuple(
        Case(
            f"case {i + 1}",
            int(random.randint(2**31 - 1)),
            {"height": int(sides[2 * i]), "width": int(sides[2 * i + 1]), "channels": int(channels[i])},
        )
        for i in range(2)
    )


def probe_fix_convolution2d(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe the size for a picture of 224 x 224 pixels, the layer, and values with perturbed weights."""
    from autograder.checks import network

    def layer(X: Any) -> Any:
        return network.one_tensor(subject(X))

    size = case["height"], case["width"], case["channels"]
    x = LARGER * network.normal(case.seed, (2, *size))
    with network.fresh_keras():
        model = network.build(layer, (PICTURE, PICTURE, case["channels"]))
        yield "height_and_width", tuple(model.output.shape[1:3])
        model = network.build(layer, size)
        yield "layers", network.layers_by_weights(model)
        yield "names", network.names_by_role(model)
        network.perturb(model, case.seed)
        yield "values", network.run(model, x, training=False)


FIX_CONVOLUTION2D = Exercise(
    name="fix_convolution2d",
    reference="solutions.convolutions:fix_convolution2d",
    probe=probe_fix_convolution2d,
    draw=draw_fix_convolution2d,
    tried=lambda case: (
        f"X of {PICTURE}x{PICTURE}x{case['channels']} for the size, "
        f"X of 2x{case['height']}x{case['width']}x{case['channels']} for the rest"
    ),
    checks=(
        Check(
            "fix_convolution2d-size",
            f"A picture of {PICTURE}x{PICTURE} pixels keeps its height and width.",
            1,
            ("height_and_width",),
            equal,
            "Which argument of Conv2D does the third number land in? And is the padding still there?",
        ),
        Check(
            "fix_convolution2d-layer",
            "The layer is one convolution with 32 filters of 3x3 taps and a bias, called block1_conv1.",
            1,
            ("layers", "names"),
            same_items,
            "Compare number of filters, window, bias and name with the call in the docstring.",
        ),
        Check(
            "fix_convolution2d-values",
            "With weights set at random, the values are right.",
            2,
            ("values",),
            FORWARD,
            "If the checks above pass, look at the activation, the padding, and whether the layer is called on X.",
            rules={"values": CANCELLING},
        ),
    ),
)

ASSIGNMENT = Assignment(
    "01_convolutions",
    "Convolutions: size and cost",
    (CONV_OUTPUT_SHAPE, COUNT_PARAMS, COUNT_MACS, FIX_CONVOLUTION2D),
)
