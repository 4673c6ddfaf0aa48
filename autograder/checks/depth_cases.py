"""The cases of assignment 06: blocks, stacks, networks and pairs of models drawn from a seed."""

from typing import Any

import numpy as np

from autograder.checks.depth_probes import sizes, written
from autograder.model import Case

DEPTHS = (18, 34, 50, 101, 152)


def draw_block(seed: int) -> tuple[Case, ...]:
    """Draw three blocks with a projection, one by the defaults and one whose shape needs none, and an identity.

    In the second case there is one narrow filter: then the sum takes ways of other channels as well, and what is wrong
    with such a block is seen beyond the error that it raises in the others.
    """
    random = np.random.RandomState(seed)
    filters, windows = random.permutation([2, 3, 4, 5]), random.permutation([2, 4, 5])
    filters[1] = 1
    sides, seeds = random.permutation([5, 6, 7, 8]), random.randint(2**31 - 1, size=4)
    strides = random.permutation([2, 3])
    more: list[dict[str, Any]] = [
        {"kernel_size": int(windows[0]), "stride": int(strides[0])},
        {},
        {"kernel_size": int(windows[1]), "stride": int(strides[1]), "conv_shortcut": True},
        {"kernel_size": int(windows[2]), "conv_shortcut": False},
    ]
    # Channels that no other layer of the block has; in the last two cases those of its output.
    channels = [int(filters[0]) + 4, 1 + int(random.randint(6, 9)), 4 * int(filters[2]), 4 * int(filters[3])]
    return tuple(
        Case(
            f"case {number + 1}",
            int(seeds[number]),
            {
                "filters": int(filters[number]),
                "channels": channels[number],
                "height": int(sides[number]),
                "width": int(sides[number - 1]),
                "batch": 2 + number % 2,
                "more": more[number],
                "any_size": number in (0, 3),
                "name": f"conv{random.randint(2, 6)}_block{random.randint(1, 7)}",
            },
        )
        for number in range(4)
    )


def draw_stack(seed: int) -> tuple[Case, ...]:
    """Draw stacks of one block, and of several, with the default stride and with others."""
    random = np.random.RandomState(seed)
    blocks, filters = random.permutation([1, 4, 5]), random.permutation([2, 3, 5])
    strides: list[dict[str, int]] = [{"stride1": 3}, {"stride1": 1}, {}]
    return tuple(
        Case(
            f"case {number + 1}",
            0,
            {
                "filters": int(filters[number]),
                "blocks": int(blocks[number]),
                "height": int(random.randint(8, 12)),
                "width": int(random.randint(12, 16)),
                "channels": int(random.randint(6, 9)),
                "more": strides[number],
                "name": f"conv{random.randint(6, 10)}",
            },
        )
        for number in range(3)
    )


def draw_resnet(seed: int) -> tuple[Case, ...]:
    """Draw one network of each depth, each with another size, number of classes and divisor."""
    random = np.random.RandomState(seed)
    heights, widths = random.permutation([32, 34, 37, 38, 40]), random.permutation([42, 44, 45, 46, 48])
    classes, divisors = random.permutation([3, 4, 5, 6, 7]), random.permutation([4, 8, 16, 32, 8])
    others = random.permutation([0, 20, 49, 51, 110])
    seeds = random.randint(2**31 - 1, size=5)
    return tuple(
        Case(
            f"depth {depth}",
            int(seeds[number]),
            {
                "depth": depth,
                "size": (int(heights[number]), int(widths[number]), 1 + number % 3),
                "classes": int(classes[number]),
                "divisor": int(divisors[number]),
                "other_depth": int(others[number]),
            },
        )
        for number, depth in enumerate(DEPTHS)
    )


def draw_copying(seed: int) -> tuple[Case, ...]:
    """Draw two pairs of models with layers that fit, that fit in part, and that have no partner."""
    random = np.random.RandomState(seed)
    return tuple(_draw_pair(random, number) for number in range(2))


def _draw_pair(random: np.random.RandomState, number: int) -> Case:
    width, units = int(random.randint(3, 6)), int(random.randint(2, 5))
    names = [f"conv{stage}_{part}" for stage, part in zip(random.permutation([2, 3, 4, 5]), "abcd", strict=True)]
    second, third, other_bias, other_window = names

    def convolution(name: str, **settings: Any) -> tuple[str, str, dict[str, Any]]:
        return "Conv2D", name, {"filters": width, "kernel_size": 1, "padding": "same"} | settings

    normalisation: tuple[str, str, dict[str, Any]] = "BatchNormalization", "input_bn", {}
    # Two layers of one shape, in another order: whoever pairs by place or by shape mixes them up.
    source, target = [convolution(second), convolution(third)], [convolution(third), convolution(second)]
    place = int(random.randint(2))  # never at the end: what stands behind a misfit must still be copied
    source[place:place] = [convolution(other_bias, use_bias=False), convolution(other_window, kernel_size=3)]
    misfits = [convolution(other_bias), convolution(other_window)]
    target[place:place] = [*misfits[:: 1 - 2 * number], convolution("only_target")]
    source.insert(2, convolution("only_source", kernel_size=2))
    values = {
        "source": (normalisation, ("ReLU", "relu", {}), *source, ("Dense", "predictions", {"units": units})),
        "target": (normalisation, ("ReLU", "out", {}), *target, ("Dense", "predictions", {"units": units + number})),
        "channels": width,
        "look_at_source": number == 0,
        "fitting": ("input_bn", second, third, *(["predictions"] if number == 0 else [])),
    }
    return Case(f"case {number + 1}", int(random.randint(2**31 - 2)), values)


def tried_block(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    more = written(list(case["more"].items()))
    return f"x of {case['batch']}x{sizes(case)}: block1(x, {case['filters']}{more}, name={case['name']!r})"


def tried_stack(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    more = written(list(case["more"].items()))
    called = f"stack1(x, {case['filters']}, {case['blocks']}{more}, name={case['name']!r})"
    return f"x of {sizes(case)}: {called}, with a block1 that only notes how it is called"


def tried_resnet(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    called = f"resnet({case['depth']}, {case['size']}, classes={case['classes']}, divisor={case['divisor']})"
    return f"{called}, with stacks that only note how they are called; and depth {case['other_depth']}"


def tried_copying(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    described = (f"{word} with the layers {', '.join(one[1] for one in case[word])}" for word in ("source", "target"))
    return "; ".join(described)
