"""Assignment 07: `resnet_v1_block` and `stack_blocks_dense`."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.checks.atrous_convolutions import integers
from autograder.checks.atrous_unit import PARTS
from autograder.checks.calls import Asked, SubjectRaised
from autograder.checks.compare import close, equal
from autograder.checks.fault import SubjectFault, kind_of
from autograder.checks.packing import ByName
from autograder.model import Case, Check, Difference, Exercise, Nearest, Value

SAME_FEATURES = close(relative=1e-4, absolute=1e-5)
"""Dense features, subsampled, equal the nominal ones up to the order of float32 sums."""


def in_order(expected: Value, got: Value) -> Difference | None:
    """Tuples with the same items in the same order; the difference names the first item that is another one."""
    if not isinstance(expected, tuple) or not isinstance(got, tuple):
        return equal(expected, got)
    for number in range(max(len(expected), len(got))):
        right, found = (str(one[number]) if number < len(one) else "nothing" for one in (expected, got))
        if right != found:
            return Difference(f"number {number + 1} of {len(expected)} differs", right, found)
    return None


def features_or_order(expected: Value, got: Value) -> Difference | None:
    """Arrays that are close, tuples in order."""
    return SAME_FEATURES(expected, got) if isinstance(expected, np.ndarray) else in_order(expected, got)


# --- resnet_v1_block ------------------------------------------------------------------------------------------------


def draw_block(seed: int) -> tuple[Case, ...]:
    """Draw three descriptions of blocks, one of them of a single unit."""
    random = np.random.RandomState(seed)
    depths, strides = random.permutation([3, 5, 6, 7, 9])[:3], random.permutation([2, 3, 4])
    counts = [*random.permutation([2, 3, 4, 5])[:2], 1]
    return tuple(
        Case(
            f"case {n + 1}",
            0,
            {
                "scope": f"block{random.randint(1, 9)}",
                "base_depth": int(depths[n]),
                "num_units": int(counts[n]),
                "stride": int(strides[n]),
            },
        )
        for n in range(3)
    )


def probe_block(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a description; a named tuple crosses as what it holds."""
    block = subject(case["scope"], case["base_depth"], case["num_units"], case["stride"])
    if not isinstance(block, tuple) or len(block) != 3:
        raise SubjectFault(f"the function returned {kind_of(block)} where a Block is expected")
    yield "scope", block[0]
    yield "kind_of_unit_fn", kind_of(block[1])
    if not isinstance(block[2], list):
        raise SubjectFault(f"args is of type {kind_of(block[2])} where a list of dictionaries is expected")
    yield "units", tuple(_unit_in_words(unit) for unit in block[2])


def _unit_in_words(unit: Any) -> str:
    return ", ".join(f"{key}={unit[key]}" for key in sorted(unit)) if isinstance(unit, dict) else str(unit)


def _tried_block(case: Case) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in case.values.items())


RESNET_V1_BLOCK = Exercise(
    name="resnet_v1_block",
    reference="solutions.atrous:resnet_v1_block",
    probe=probe_block,
    draw=draw_block,
    tried=_tried_block,
    checks=(
        Check(
            "resnet_v1_block-units",
            "The block has its scope, its unit function and the arguments of each unit, with the stride in the last.",
            1,
            ("scope", "kind_of_unit_fn", "units"),
            in_order,
            "Write down the dictionaries for the numbers that were tried, one line per unit.",
        ),
    ),
)


# --- stack_blocks_dense ---------------------------------------------------------------------------------------------


def draw_stack(seed: int) -> tuple[Case, ...]:
    """Draw two stacks of three blocks, each with one stride, in its last unit or in another one.

    Only with two strides left out before a further unit do rates that are added differ from rates that are multiplied.
    """
    random = np.random.RandomState(seed)
    cases = []
    for number, (factors, counts, strided) in enumerate(
        (([2, 3, 2], (3, 2, 2), (2, 1, 0)), ([3, 2, 4], (2, 3, 2), (0, 1, 0)))
    ):
        strides, depths = [int(factor) for factor in random.permutation(factors)], integers(random, range(2, 10), 8)
        numbers, blocks = iter(range(7)), []
        for block, count in enumerate(counts):
            units = [
                {
                    "depth": depths[n],
                    "depth_bottleneck": depths[n + 1],
                    "stride": strides[block] if one == strided[block] else 1,
                }
                for one, n in zip(range(count), numbers, strict=False)
            ]
            blocks.append((f"part{number + 1}.block{block + 1}", units))
        total = math.prod(strides)
        reached = [int(stride) for stride in np.cumprod(strides)]
        values = {
            "blocks": blocks,
            "halfway": strides[0],
            "total": total,
            "between": max(one for one in range(2, total) if total % one == 0 and one not in reached),
            "no_divisor": int(random.choice([5, 7])),
            "height": int(random.choice([25, 27])),
            "width": int(random.choice([26, 28])),
            "channels": int(random.choice([2, 3])),
        }
        cases.append(Case(f"case {number + 1}", int(random.randint(2**31 - 1)), values))
    return tuple(cases)


def probe_stack(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe which units are built, in which order and with which arguments; the units are stand-ins."""
    from autograder.checks import network

    stack = subject.with_stand_ins(bottleneck=PARTS)
    blocks = [ByName("Block", [scope, ByName("bottleneck"), units]) for scope, units in case["blocks"]]
    size = case["height"], case["width"], case["channels"]
    x = network.normal(case.seed, (1, *size))
    points: dict[str, Any] = {}

    def net(X: Any, output_stride: int | None) -> Any:
        result = stack(X, blocks, output_stride)
        if not isinstance(result, tuple) or len(result) != 2 or not isinstance(result[1], dict):
            raise SubjectFault("the function did not return a pair of the result and the dictionary of end points")
        points.clear()
        points.update(result[1])
        return result[0]

    with network.fresh_keras():
        model = network.build(lambda X: net(X, None), size)
        yield "units", _calls(model)
        yield "features", network.run(model, x, training=False)
        yield "end_points", tuple(f"{name} of shape {tuple(points[name].shape)}" for name in sorted(points))
        yield "refusal_of_too_large", _refusal(lambda X: net(X, 2 * case["total"]), size)
        yield "refusal_of_between", _refusal(lambda X: net(X, case["between"]), size)
        yield "refusal_of_no_divisor", _refusal(lambda X: net(X, case["no_divisor"]), size)
        for field, wanted in (("in_full", case["total"]), ("halfway", case["halfway"]), ("at_1", 1)):
            model = network.build(lambda X: net(X, wanted), size)  # noqa: B023 - called at once
            yield f"units_{field}", _calls(model)
            features = network.run(model, x, training=False)
            if field == "halfway":
                yield "features_halfway", features
        yield "dense_features_subsampled", features[:, :: case["total"], :: case["total"]]
        left = stack.giving_back(1)(_input(size), blocks, 1)
        yield "blocks_afterwards", tuple(_unit_in_words(unit) for block in left for unit in block[2])


def _calls(model: Any) -> tuple[str, ...]:
    """Return the calls of the units, from the input to the output."""
    from autograder.checks.stand_in import StandIn

    return tuple(step.operation.described for step in model.steps if isinstance(step.operation, StandIn))


def _refusal(build: Callable[[Any], Any], size: tuple[int, ...]) -> str:
    """Return the kind of what is raised."""
    try:
        build(_input(size))
    except SubjectRaised as error:
        return error.described[0]
    return "nothing was raised"


def _input(size: tuple[int, ...]) -> Any:
    import keras

    return keras.Input(size)


def _tried_stack(case: Case) -> str:
    units = " | ".join(
        f"{scope}: " + ", ".join(f"depth {unit['depth']} stride {unit['stride']}" for unit in args)
        for scope, args in case["blocks"]
    )
    wanted = f"output_stride None, 1, {case['halfway']}, {case['total']}, and to be refused {case['between']}"
    return f"blocks {units}; {wanted}, {case['no_divisor']}, {2 * case['total']}"


REFUSALS = ("refusal_of_too_large", "refusal_of_between", "refusal_of_no_divisor")

STACK_BLOCKS_DENSE = Exercise(
    name="stack_blocks_dense",
    reference="solutions.atrous:stack_blocks_dense",
    probe=probe_stack,
    draw=draw_stack,
    tried=_tried_stack,
    checks=(
        Check(
            "stack_blocks_dense-units",
            "With output_stride=None each unit is built on the one before, with its own arguments and rate 1.",
            1,
            ("units", "features"),
            features_or_order,
            "Compare the first unit that differs: which one comes next, what is it called with, what does it read?",
        ),
        Check(
            "stack_blocks_dense-atrous",
            "From output_stride on, strides are 1 and those left out multiply the rate; the blocks are not changed.",
            2,
            (
                "units_in_full",
                "units_halfway",
                "units_at_1",
                "features_halfway",
                "dense_features_subsampled",
                "blocks_afterwards",
            ),
            features_or_order,
            "Go through the units that were tried by hand and write down stride so far and rate before each. When does "
            "each of the two change, and is a unit's own stride part of its own rate?",
        ),
        Check(
            "stack_blocks_dense-end_points",
            "The end points of all units come back, by name.",
            1,
            ("end_points",),
            in_order,
            "One dictionary collects from all units; scopes count the units of each block from 1.",
        ),
        Check(
            "stack_blocks_dense-refusal",
            "An output_stride that no unit's stride leads to raises a ValueError.",
            1,
            REFUSALS,
            equal,
            "What do you know about the stride once all units are built?",
        ),
    ),
    nearest=(
        Nearest("The units are right, only the end points are not.", among=("end_points",)),
        Nearest(
            "The units are right, but what cannot be reached is not refused, or something else is.", among=REFUSALS
        ),
        Nearest("The units are right, but the dictionaries of the blocks are changed.", among=("blocks_afterwards",)),
        Nearest(
            "Without an output_stride everything is right: look at what changes once it is reached.",
            right=("units", "features", "end_points"),
        ),
        Nearest("The units are called as they should be, but read something else.", right=("units",)),
    ),
)
