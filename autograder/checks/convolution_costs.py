"""Exercises of assignment 01 on the cost of convolutions: weights and multiply-adds."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.checks.compare import equal
from autograder.checks.plain_calls import arguments, elsewhere, in_words, number, one_call, pair
from autograder.model import Case, Check, Exercise, Value

WEIGHT_FIELDS = ("kernel", "biases", "batch_normalisation")
COST_FIELDS = ("one_layer", "stride", "chain")


def draw_count_params(seed: int) -> tuple[Case, ...]:
    """Draw calls of `count_params`: with and without biases and batch normalisation; all numbers differ pairwise."""
    random = np.random.RandomState(seed)
    plan = [
        ("kernel", False, False),
        ("kernel", False, False),
        ("biases", True, False),
        ("biases", True, True),
        ("batch_normalisation", False, True),
        ("batch_normalisation", True, True),
    ]
    cases = []
    for index, (field, bias, bn) in enumerate(plan, start=1):
        k = int(random.choice([3, 5, 7])) if index % 2 else 1
        channels, filters = (int(count) for count in 8 + random.permutation(24)[:2])
        values = {"k": k, "channels": channels, "filters": filters, "bias": bias, "bn": bn}
        cases.append(one_call(index, field, values))
    return tuple(cases)


WITHOUT = {"biases": {"bias": False}, "batch_normalisation": {"bn": False}}
"""Field to the argument without which the call is made once more: judged is what it adds, whatever the rest is."""


def probe_count_params(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe the kernel's weights, what biases or a batch normalisation add, and what is not trained."""
    yield from elsewhere(case, WEIGHT_FIELDS)
    meaning = "a pair: all weights, and those that are trained"
    params, trainable = pair(subject(*arguments(case)), meaning)
    if case["field"] in WITHOUT:
        less = case["arguments"] | WITHOUT[case["field"]]
        yield case["field"], params - pair(subject(*less.values()), meaning)[0]
    else:
        yield case["field"], params
    yield "not_trained", params - trainable


def _tried_count_params(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    less = WITHOUT.get(case["field"], {})
    without = "".join(f", and the same with {name}={value}" for name, value in less.items())
    return in_words("count_params", case) + without


COUNT_PARAMS = Exercise(
    name="count_params",
    reference="solutions.convolutions:count_params",
    probe=probe_count_params,
    draw=draw_count_params,
    tried=_tried_count_params,
    checks=(
        Check(
            "count_params-kernel",
            "The weights of the kernel are counted.",
            2,
            ("kernel",),
            equal,
            "How many taps has the window of one filter, how many channels does it look at, and how many filters are "
            "there?",
        ),
        Check(
            "count_params-biases",
            "Biases add their number to the first count, with and without batch normalisation.",
            1,
            ("biases",),
            equal,
            "One bias is added to each map of the output: how many maps are there?",
        ),
        Check(
            "count_params-bn",
            "A batch normalisation adds its numbers to the first count, and takes nothing away.",
            1,
            ("batch_normalisation",),
            equal,
            "Four numbers for each channel that it normalises. It stands behind the convolution: which channels are "
            "those?",
        ),
        Check(
            "count_params-trained",
            "The first count less the second is what is not trained.",
            1,
            ("not_trained",),
            equal,
            "Kernel, biases, gamma and beta are trained; the moving mean and variance are measured.",
        ),
    ),
)


def draw_count_macs(seed: int) -> tuple[Case, ...]:
    """Draw calls of `count_macs`: one layer, one with a stride, three in a row; no stride divides a side."""
    random = np.random.RandomState(seed)
    plan = [("one_layer", (1,)), ("stride", (2,)), ("stride", (3,)), ("chain", (1, 2, 1)), ("chain", (2, 3, 2))]
    cases = []
    for index, (field, strides) in enumerate(plan, start=1):
        height, width = (1 + 6 * int(side) for side in random.permutation([3, 4, 5, 6, 7])[:2])
        counts = [int(count) for count in 2 + random.permutation(10)[: 1 + len(strides)]]
        windows = [int(k) for k in random.permutation([3, 5, 7])]
        layers = list(zip(windows, counts[1:], strides, strict=False))
        cases.append(one_call(index, field, {"shape": (height, width, counts[0]), "layers": layers}))
    return tuple(cases)


def probe_count_macs(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe one count."""
    yield from elsewhere(case, COST_FIELDS)
    yield case["field"], number(subject(*arguments(case)), "a number of multiply-adds")


COUNT_MACS = Exercise(
    name="count_macs",
    reference="solutions.convolutions:count_macs",
    probe=probe_count_macs,
    draw=draw_count_macs,
    tried=lambda case: in_words("count_macs", case),
    checks=(
        Check(
            "count_macs-one_layer",
            "The multiply-adds of one convolution with stride 1 are right.",
            2,
            ("one_layer",),
            equal,
            "How many numbers does the output hold, and how many products are summed for each of them? A product and "
            "its addition count once, together.",
        ),
        Check(
            "count_macs-stride",
            "With a stride, the multiply-adds of one convolution are right.",
            1,
            ("stride",),
            equal,
            "The window is laid down once per pixel of the output, not of the input.",
        ),
        Check(
            "count_macs-chain",
            "The multiply-adds of several convolutions in a row are right.",
            2,
            ("chain",),
            equal,
            "At the end of each round, height, width and channels have to be those of the next convolution's input, "
            "and the sum has to have grown.",
        ),
    ),
)
