"""Two networks side by side: layer by layer, with their parameters and multiply-adds, and the first difference marked.

Layers are paired by name, so that the order in which they were made does not matter.

Importing this module imports TensorFlow.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from autograder.checks.keras_session import new_session
from autograder.checks.structure import Step, walk

AROUND = 3
"""Rows that are shown before and behind the first difference."""


@dataclass(frozen=True)
class Row:
    """One layer.

    Args:
        name: its name.
        what: what it does, with the settings that no shape shows.
        reads: names of the layers that it reads.
        shape: shape of its output without the batch.
        parameters: its weights, those that are not learned included.
        multiply_adds: of its kernel, for one picture; biases, normalisations and sums are not counted.
    """

    name: str
    what: str
    reads: tuple[str, ...]
    shape: tuple[int | None, ...]
    parameters: int
    multiply_adds: int


def rows(model: keras.Model) -> list[Row]:
    """Return one row per layer of a model, in the order of its graph."""
    steps, _ = walk(model.inputs, model.outputs)
    return [_row(step, [steps[feed].operation.name for feed in step.feeds]) for step in steps]


def _row(step: Step, reads: Sequence[str]) -> Row:
    layer = step.operation
    shape = tuple(layer.output.shape[1:])
    weights = [tuple(weight.shape) for weight in getattr(layer, "weights", ())]
    return Row(
        layer.name, _what(layer), tuple(reads), shape, sum(map(math.prod, weights)), _multiply_adds(layer, shape)
    )


def _what(layer: Any) -> str:
    kind = type(layer).__name__
    if kind == "Conv2D":
        padding = "" if layer.padding == "valid" or layer.kernel_size == (1, 1) else ", same"
        bias = "" if layer.use_bias else ", no bias"
        return f"Conv2D {_sides(layer.kernel_size)}, stride {layer.strides[0]}{padding}{bias}"
    if kind == "BatchNormalization":
        return f"BatchNorm, epsilon {layer.epsilon:.4g}"
    if kind == "MaxPooling2D":
        return f"MaxPooling2D {_sides(layer.pool_size)}, stride {layer.strides[0]}"
    if kind in ("Activation", "Dense"):
        function = getattr(layer.activation, "__name__", str(layer.activation))
        return "ReLU" if function == "relu" and kind == "Activation" else f"{kind}, {function}"
    return kind


def _sides(sides: tuple[int, int]) -> str:
    return "×".join(map(str, sides))


def _multiply_adds(layer: Any, shape: tuple[int | None, ...]) -> int:
    """Return how often a kernel's number is multiplied and added: each at every place of the output."""
    kernel = getattr(layer, "kernel", None)
    if kernel is None:
        return 0
    places = math.prod(side or 1 for side in shape[:-1])
    return places * math.prod(map(int, kernel.shape))


@dataclass(frozen=True)
class Cost:
    """What a network costs.

    Args:
        parameters: all weights.
        trainable: those that training learns.
        multiply_adds: for one picture.
        layers: convolutions and dense layers, wherever they stand.
        depth: convolutions and dense layers on the longest way from the input to the output.
    """

    parameters: int
    trainable: int
    multiply_adds: int
    layers: int
    depth: int


@contextlib.contextmanager
def without_weights() -> Iterator[None]:
    """Let models be built whose weights have shapes but no numbers, and so take no memory."""
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        new_session()  # else Keras remembers these weights, and gives them numbers with those of the next model


def cost(model: keras.Model) -> Cost:
    """Count what a model costs, layer by layer."""
    steps, _ = walk(model.inputs, model.outputs)
    counted = [_row(step, ()) for step in steps]
    learned = {id(weight): math.prod(tuple(weight.shape)) for weight in model.trainable_weights}
    has_kernel = [hasattr(step.operation, "kernel") for step in steps]
    depth: list[int] = []
    for step, counts in zip(steps, has_kernel, strict=True):
        depth.append(counts + max((depth[feed] for feed in step.feeds), default=0))
    return Cost(
        sum(row.parameters for row in counted),
        sum(learned.values()),
        sum(row.multiply_adds for row in counted),
        sum(has_kernel),
        max(depth),
    )


def compare(yours: keras.Model, theirs: keras.Model) -> None:
    """Print two models side by side, around the first difference, or the ends of both if there is none."""
    print(comparison(rows(yours), rows(theirs)))


def comparison(yours: Sequence[Row], theirs: Sequence[Row]) -> str:
    """Return the table that `compare` prints.

    Args:
        yours: rows of the student's model.
        theirs: rows of the model that it should equal.

    Returns:
        Lines of text; the layers are those of `theirs` in its order, then those that only `yours` has.
    """
    mine = {row.name: row for row in yours[1:]}  # the input has a name of its own in each model
    first = yours[0].name, theirs[0].name
    pairs = [(mine.pop(row.name, None), row) for row in theirs[1:]]
    extra: list[tuple[Row | None, Row | None]] = [(row, None) for row in mine.values()]
    table = [*pairs, *extra]
    differing = [number for number, (a, b) in enumerate(table) if _difference(a, b, first)]
    shown = _shown(len(table), differing)
    lines = [_line("  ", "layer", "what", "output", "yours", "theirs")]
    for number, (a, b) in enumerate(table):
        if number in shown:
            lines.append(_pair_line(a, b, marked=number == (differing or [-1])[0]))
        elif number - 1 in shown:
            lines.append("   ...")
    totals = (f"{sum(row.parameters for row in side):,}" for side in (yours, theirs))
    lines += [_line("  ", "all layers", "", "", *totals), "", _conclusion(table, differing, first)]
    return "\n".join(lines)


def _shown(count: int, differing: Sequence[int]) -> set[int]:
    middle = differing[0] if differing else None
    near: Sequence[int] = range(count) if middle is None else range(middle - AROUND, middle + AROUND + 1)
    if middle is None:
        near = [*range(AROUND + 4), *range(count - AROUND - 2, count)]
    return {number for number in near if 0 <= number < count}


def _line(*words: str) -> str:
    mark, name, what, shape, yours, theirs = words
    return f"{mark} {name:22} {what:28} {shape:>15} {yours:>12} {theirs:>12}".rstrip()


def _pair_line(a: Row | None, b: Row | None, marked: bool) -> str:
    row = b or a
    assert row is not None
    counts = (f"{one.parameters:,}" if one else "no layer" for one in (a, b))
    shape = "×".join("any" if side is None else str(side) for side in row.shape)
    return _line("->" if marked else "  ", row.name, row.what, shape, *counts)


def _difference(a: Row | None, b: Row | None, inputs: tuple[str, str]) -> str:
    """Say how two layers of one name differ, or nothing."""
    if a is None or b is None:
        return "only one of the two networks has this layer"
    reads = [
        tuple("the input" if name == own else name for name in row.reads)
        for row, own in zip((a, b), inputs, strict=True)
    ]
    for word, one, other in (
        ("does", a.what, b.what),
        ("reads", *map(_listed, reads)),
        ("makes", str(a.shape), str(b.shape)),
        ("has", f"{a.parameters:,} parameters", f"{b.parameters:,} parameters"),
    ):
        if one != other:
            return f"yours {word} {one}, theirs {other}"
    return ""


def _listed(names: Sequence[str]) -> str:
    return " and ".join(sorted(names))


def _conclusion(
    table: Sequence[tuple[Row | None, Row | None]], differing: Sequence[int], inputs: tuple[str, str]
) -> str:
    if not differing:
        return f"All {len(table)} layers agree in name, settings, wiring, output and parameters."
    a, b = table[differing[0]]
    row = b or a
    assert row is not None
    differences = f"{len(differing)} differences, of {len(table)} layers"
    return f"The first of {differences}: {row.name}: {_difference(a, b, inputs)}."
