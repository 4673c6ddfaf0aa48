"""Assignment 07: `subsample` and `conv2d_same`."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checks.compare import CANCELLING, close, equal, same_items
from autograder.model import Case, Check, Exercise, Nearest, Value

FORWARD = close(relative=1e-4, absolute=1e-5)
"""float32 outputs of a few small convolutions."""


def integers(random: np.random.RandomState, choices: Sequence[int], count: int) -> list[int]:
    """Draw that many of the choices, no one twice."""
    return [int(one) for one in random.permutation(choices)[:count]]


# --- subsample ------------------------------------------------------------------------------------------------------


def draw_subsample(seed: int) -> tuple[Case, ...]:
    """Draw factors 2 and 3, one for a map of odd height, one for a map of odd width."""
    random = np.random.RandomState(seed)
    factors = integers(random, [2, 3], 2)
    cases = []
    for number, factor in enumerate(factors):
        odd, even, channels = int(random.choice([5, 7])), int(random.choice([4, 8])), int(random.choice([2, 3]))
        sides = (odd, even) if number else (even, odd)
        values = {"factor": factor, "height": sides[0], "width": sides[1], "channels": channels, "batch": 1 + number}
        cases.append(Case(f"case {number + 1}", int(random.randint(2**31 - 1)), values))
    return tuple(cases)


def probe_subsample(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe which pixels are kept, with a factor and with factor 1."""
    from autograder.checks import network

    size = case["height"], case["width"], case["channels"]
    x = network.normal(case.seed, (case["batch"], *size))
    with network.fresh_keras():
        for factor, field in ((case["factor"], "kept_pixels"), (1, "kept_with_factor_1")):
            model = network.build(lambda X: network.one_tensor(subject(X, factor)), size)  # noqa: B023 - called at once
            if factor > 1:
                yield "weights", network.layers_by_weights(model)
            yield field, network.run(model, x, training=False)
        model = network.build(lambda X: subject(X, case["factor"]), (None, None, case["channels"]))
        yield "shape_of_any_size", tuple(model.output.shape)


SUBSAMPLE = Exercise(
    name="subsample",
    reference="solutions.atrous:subsample",
    probe=probe_subsample,
    draw=draw_subsample,
    tried=lambda case: f"inputs of {case['height']}x{case['width']}x{case['channels']}, factor={case['factor']}",
    checks=(
        Check(
            "subsample-pixels",
            "Every factor-th pixel is kept, the first one included; factor 1 changes nothing; there are no weights.",
            1,
            ("weights", "kept_pixels", "kept_with_factor_1", "shape_of_any_size"),
            FORWARD,
            "How large is the window of the pooling, and how far does it move? Only the pixels that are kept may "
            "have an influence.",
        ),
    ),
)


# --- conv2d_same ----------------------------------------------------------------------------------------------------


def draw_conv2d_same(seed: int) -> tuple[Case, ...]:
    """Draw windows, rates and strides; each case uses its window once with the rate and once with the stride.

    A window of even size tells the extra zero before from the one behind. With a height of n s + 1 and a width of n s a
    zero too few or too many changes the size of the result.
    """
    random = np.random.RandomState(seed)
    windows = [(3, 3), (5, 2), ((4, 1), (2, 3))[random.randint(2)]]  # kernel_size, rate
    strides, cases = integers(random, [2, 3, 4], 3), []
    for number, index in enumerate(random.permutation(3)):
        stride, (window, rate) = strides[number], windows[index]
        outputs, channels = integers(random, [2, 3, 4], 2)
        values = {
            "num_outputs": outputs,
            "kernel_size": window,
            "stride": stride,
            "rate": rate,
            "scope": f"block{random.randint(1, 5)}.unit_{random.randint(1, 7)}.conv2",
            "height": 1 + stride * (12 // stride),
            "width": stride * (16 // stride),
            "channels": channels,
            "batch": 1,
        }
        cases.append(Case(f"case {number + 1}", int(random.randint(2**31 - 1)), values))
    return tuple(cases)


def probe_conv2d_same(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe the convolution with stride 1 and a rate, then with a stride."""
    from autograder.checks import network

    size = case["height"], case["width"], case["channels"]
    x = network.normal(case.seed, (case["batch"], *size))
    first = case["num_outputs"], case["kernel_size"]
    uses = (("with_a_rate", (1, case["rate"])), ("with_a_stride", (case["stride"], 1)))
    with network.fresh_keras():
        for field, how in uses:
            model = network.build(
                lambda X: network.one_tensor(subject(X, *first, *how, case["scope"])),  # noqa: B023 - called at once
                size,
            )
            if field == "with_a_rate":
                yield "layers", network.layers_by_weights(model)
                yield "names", network.names_by_role(model)
            network.perturb(model, case.seed)
            yield f"shape_{field}", tuple(model.output.shape)
            yield f"values_{field}", network.run(model, x, training=False)
        yield "computed_pixels", _computed_pixels(model)
        model = network.build(lambda X: subject(X, *first, case["stride"]), (None, None, case["channels"]))
        yield "shape_of_any_size", tuple(model.output.shape)


def _computed_pixels(model: Any) -> tuple[str, ...]:
    """Return height and width of what each layer with weights makes."""
    return tuple(" x ".join(map(str, place.layer.output.shape[1:-1])) for place in model.places)


def _tried_conv2d_same(case: Case) -> str:
    size = f"{case['batch']}x{case['height']}x{case['width']}x{case['channels']}"
    first = f"inputs of {size}, num_outputs={case['num_outputs']}, kernel_size={case['kernel_size']}"
    return f"{first}; once with stride=1, rate={case['rate']}, once with stride={case['stride']}, rate=1"


CONV2D_SAME = Exercise(
    name="conv2d_same",
    reference="solutions.atrous:conv2d_same",
    probe=probe_conv2d_same,
    draw=draw_conv2d_same,
    tried=_tried_conv2d_same,
    checks=(
        Check(
            "conv2d_same-layers",
            "There is one convolution, with the right window and number of filters, without a bias, named as asked.",
            1,
            ("layers", "names"),
            same_items,
            "Compare window, filters, bias and name with the docstring.",
        ),
        Check(
            "conv2d_same-rate",
            "With stride 1 and any rate the result is that of padding='same'.",
            1,
            ("shape_with_a_rate", "values_with_a_rate"),
            FORWARD,
            "Write down k_eff for the window and the rate that were tried, and the zeros before and behind. Which of "
            "them does your code use?",
            rules={"values_with_a_rate": CANCELLING},
        ),
        Check(
            "conv2d_same-stride",
            "With a stride the result is that of stride 1, subsampled, whatever the size of the input.",
            1,
            ("shape_with_a_stride", "values_with_a_stride", "shape_of_any_size"),
            FORWARD,
            "Where does the first window lie? It must not depend on the size of the input.",
        ),
        Check(
            "conv2d_same-work",
            "With a stride no pixel is computed and thrown away.",
            1,
            ("computed_pixels",),
            equal,
            "The convolution itself must have the stride.",
        ),
    ),
    nearest=(
        Nearest("Everything is right but the name of the convolution.", among=("names",)),
        Nearest(
            "All is right with a stride; with a rate something is not: how far do the taps reach, and does the "
            "convolution have the rate?",
            among=("shape_with_a_rate", "values_with_a_rate"),
        ),
        Nearest(
            "The layers and all sizes are right: there are as many zeros as there should be, but they or the taps lie "
            "elsewhere.",
            right=("layers", "shape_with_a_rate", "shape_with_a_stride"),
        ),
        Nearest("The convolution itself is right; the size of the result is not: count the zeros.", right=("layers",)),
    ),
)
