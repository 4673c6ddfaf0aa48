"""What layers and operations that merge tensors compute, number by number, without Keras's bookkeeping.

See `arithmetic`, which this is a part of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from autograder.checks.structure import Step

if TYPE_CHECKING:
    from autograder.checks.arithmetic import Compute, Values

Merge = Callable[[Any, Any], Any]
"""Makes one tensor of two."""

RAW = tf.raw_ops


def class_behind(function: Callable[..., Any], *shapes: tuple[int, ...]) -> type:
    """Return the class of the operation that Keras notes for a function of tensors."""
    found: type = type(function(*map(keras.KerasTensor, shapes))._keras_history.operation)
    return found


def _add(one: Any, other: Any) -> Any:
    return RAW.AddV2(x=one, y=other)


def _subtract(one: Any, other: Any) -> Any:
    return RAW.Sub(x=one, y=other)


def _multiply(one: Any, other: Any) -> Any:
    return RAW.Mul(x=one, y=other)


def _larger(one: Any, other: Any) -> Any:
    return RAW.Maximum(x=one, y=other)


def _merging(merge: Merge) -> Callable[[Any], Compute | None]:
    """Return what makes the computation of a layer or operation that merges what it reads, one after another."""

    def maker(operation: Any) -> Compute | None:
        if getattr(operation, "_reshape_required", False):  # as where the ranks differ
            return None

        def compute(reads: Sequence[Any], values: Values, training: bool | None) -> Any:
            merged = reads[0]
            for one in reads[1:]:
                merged = merge(merged, one)
            return merged

        return compute

    return maker


def _difference(layer: Any) -> Compute | None:
    """Subtract one tensor from another; of more or fewer it raises here, and is left to Keras, which says why."""
    if layer._reshape_required:
        return None

    def compute(reads: Sequence[Any], values: Values, training: bool | None) -> Any:
        one, other = reads
        return _subtract(one, other)

    return compute


def _average(layer: Any) -> Compute | None:
    total = MERGING[keras.layers.Add](layer)
    if total is None:
        return None
    return lambda reads, values, training: RAW.RealDiv(x=total(reads, values, training), y=np.float32(len(reads)))


MERGING: Mapping[type, Callable[[Any], Compute | None]] = {
    keras.layers.Add: _merging(_add),
    keras.layers.Subtract: _difference,
    keras.layers.Multiply: _merging(_multiply),
    keras.layers.Maximum: _merging(_larger),
    keras.layers.Average: _average,
    class_behind(keras.ops.add, (1, 1), (1, 1)): _merging(_add),
    class_behind(keras.ops.subtract, (1, 1), (1, 1)): _merging(_subtract),
    class_behind(keras.ops.multiply, (1, 1), (1, 1)): _merging(_multiply),
}
"""Layers and operations by their exact class."""

MAXIMUM = class_behind(keras.ops.maximum, (1, 1), (1, 1))


def maximum(step: Step) -> Compute | None:
    """Return how the larger of two tensors, or of a tensor and a number such as 0, is computed."""
    given, others = step.arguments.args, step.arguments.kwargs
    if others or len(given) != 2 or len(step.feeds) != sum(map(is_float32_tensor, given)):
        return None
    if not all(is_float32_tensor(one) or type(one) in (int, float) for one in given):
        return None

    def compute(reads: Sequence[Any], values: Values, training: bool | None) -> Any:
        left = list(reads)
        return _larger(*(left.pop(0) if is_float32_tensor(one) else np.float32(one) for one in given))

    return compute


def is_float32_tensor(value: Any) -> bool:
    """Tell whether a value is a Keras tensor of float32, which is all that is computed here."""
    return isinstance(value, keras.KerasTensor) and bool(value.dtype == "float32")
