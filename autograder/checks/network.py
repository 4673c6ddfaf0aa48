"""Keras models seen by structure: places along the graph instead of layer names or order of creation.

Importing this module imports TensorFlow; probes do so only when they run.
"""

from __future__ import annotations

import contextlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.checks.fault import SubjectFault, kind_of


@dataclass(frozen=True)
class Step:
    """One operation of a model at one place.

    Args:
        operation: the Keras operation or layer.
        feeds: indices of the steps that it reads.
    """

    operation: Any
    feeds: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """Where a layer with weights stands: what tells it from others of its kind and shape.

    Args:
        layer: the layer.
        depth: number of layers with weights on the longest way from an input to here, itself included.
        height: the same from here to an output.
        sources: which of the model's inputs reach it.
        role: which one of its kind it is, in words: counted along the longest path, or along the others.
    """

    layer: Any
    depth: int
    height: int
    sources: tuple[int, ...]
    role: str


@contextlib.contextmanager
def fresh_keras() -> Iterator[None]:
    """Start from Keras's defaults and an empty session, and give the student's settings back afterwards."""
    config = keras.config
    before = config.floatx(), config.image_data_format(), config.epsilon(), config.dtype_policy()
    try:
        _configure("float32", "channels_last", 1e-7, "float32")
        yield
    finally:
        keras.utils.clear_session(free_memory=False)  # which sets the policy back as well
        _configure(*before)


def _configure(floatx: str, data_format: str, epsilon: float, policy: Any) -> None:
    keras.config.set_floatx(floatx)
    keras.config.set_image_data_format(data_format)
    keras.config.set_epsilon(epsilon)
    keras.config.set_dtype_policy(policy)


def build(call: Callable[..., Any], *shapes: Sequence[int | None]) -> keras.Model:
    """Make a model from a function of Keras tensors.

    Args:
        call: the student's function, wrapped so that it takes only tensors.
        shapes: shape of each input, without the batch.

    Returns:
        The functional model.

    Raises:
        SubjectFault: if the function does not return Keras tensors that depend on the inputs.
    """
    keras.utils.clear_session(free_memory=False)  # a block may be built twice under the same names
    inputs = [keras.Input(tuple(shape)) for shape in shapes]
    outputs = call(*inputs)
    for output in keras.tree.flatten(outputs) or [outputs]:
        if not isinstance(output, keras.KerasTensor):
            raise SubjectFault(f"the function returned {_kind(output)} where a Keras tensor is expected")
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs)


def one_tensor(output: Any) -> Any:
    """Return what a function returned, if it is not several things.

    Raises:
        SubjectFault: if it is a list or tuple.
    """
    if isinstance(output, (list, tuple)):
        raise SubjectFault(
            f"the function returned a {type(output).__name__} of {len(output)} where one tensor is expected; "
            "were the two branches added?"
        )
    return output


def _kind(value: object) -> str:
    return "None" if value is None else f"an object of type {kind_of(value)}"


def steps(model: keras.Model) -> list[Step]:
    """List the operations of a model so that each stands behind what it reads; models inside are opened."""
    found: list[Step] = []
    scope: dict[int, int] = {}
    for tensor in model.inputs:
        scope[id(tensor)] = len(found)
        found.append(Step(tensor._keras_history.operation, ()))
    for tensor in model.outputs:
        _visit(tensor, scope, found)
    return found


def _visit(tensor: Any, scope: dict[int, int], found: list[Step]) -> int:
    """Append the steps that lead to a tensor; iterative, as ResNet-152 is deeper than Python's stack."""
    stack = [tensor]
    while stack:
        top = stack[-1]
        if id(top) in scope:
            stack.pop()
            continue
        operation, node_index, tensor_index = top._keras_history
        reads = operation._inbound_nodes[node_index].input_tensors
        missing = [t for t in reads if id(t) not in scope]
        if missing:
            stack += missing
            continue
        feeds = tuple(scope[id(t)] for t in reads)
        if isinstance(operation, keras.Model):
            inner = {id(t): index for t, index in zip(operation.inputs, feeds, strict=True)}
            scope[id(top)] = _visit(operation.outputs[tensor_index], inner, found)
        else:
            scope[id(top)] = len(found)
            found.append(Step(operation, feeds))
    return scope[id(tensor)]


def places(model: keras.Model) -> list[Place]:
    """List the layers with weights by their place along the graph, a layer that stands at several places once."""
    graph = steps(model)
    weighted = [bool(getattr(step.operation, "weights", ())) for step in graph]
    depth, height = [0] * len(graph), [0] * len(graph)
    sources: list[set[int]] = [{i} if i < len(model.inputs) else set() for i in range(len(graph))]
    for i, step in enumerate(graph):
        depth[i] = weighted[i] + max((depth[j] for j in step.feeds), default=0)
        sources[i].update(*(sources[j] for j in step.feeds))
    for i in reversed(range(len(graph))):
        height[i] += weighted[i]
        for j in graph[i].feeds:
            height[j] = max(height[j], height[i])
    found = {}
    for i, step in enumerate(graph):
        if weighted[i]:  # a shared layer keeps its last place
            found[id(step.operation)] = Place(step.operation, depth[i], height[i], tuple(sorted(sources[i])), "")
    return _with_roles(sorted(found.values(), key=lambda p: (p.depth, p.height, p.sources, type(p.layer).__name__)))


def _with_roles(ordered: list[Place]) -> list[Place]:
    """Count the layers of each kind along the longest path and beside it; shapes do not matter."""
    longest = max((place.depth + place.height for place in ordered), default=0)
    counts: Counter[str] = Counter()
    named = []
    for place in ordered:
        path = "the longest path" if place.depth + place.height == longest else "the shorter path"
        kind = f"{type(place.layer).__name__} {{}} on {path}"
        counts[kind] += 1
        named.append(replace(place, role=kind.format(counts[kind])))
    return named


def layers_by_weights(model: keras.Model) -> tuple[str, ...]:
    """Return one line per layer with weights, such as `Conv2D (kernel 1x1x4x6, bias 6)`; a shared layer counts once."""
    return tuple(
        sorted(
            f"{type(place.layer).__name__} ({', '.join([*map(_weight_in_words, place.layer.weights), *_held(place)])})"
            for place in places(model)
        )
    )


def _held(place: Place) -> list[str]:
    """Say what keeps a layer's weights from being learned freely."""
    config = place.layer.get_config()
    limits = [key for key in config if key.endswith(("_regularizer", "_constraint")) and config[key] is not None]
    return limits if place.layer.trainable else [*limits, "not trainable"]


def _weight_in_words(weight: Any) -> str:
    return f"{weight.name} {'x'.join(str(side) for side in weight.shape)}"


def names_by_role(model: keras.Model) -> tuple[str, ...]:
    """Return one line per layer with weights: what it does, and its name."""
    return tuple(sorted(f"{place.role}: {place.layer.name}" for place in places(model)))


def fixed_training(model: keras.Model) -> tuple[str, ...]:
    """Return one line per layer with weights that is called with a `training` of its own.

    Only the graph shows it: Keras 3 overrides such a value wherever `training` comes from outside, as in `fit`.
    """
    calls = ((place, node.arguments) for place in places(model) for node in place.layer._inbound_nodes)
    given = ((place, [*call.args[1:2], call.kwargs.get("training")]) for place, call in calls)
    return tuple(
        sorted(
            f"{place.role}: {bool(value)}"
            for place, values in given
            for value in values
            if value is not None and not isinstance(value, keras.KerasTensor)
        )
    )


def perturb(model: keras.Model, seed: int) -> None:
    """Set every weight as a function of kind, shape, place along the graph and seed.

    A fresh batch normalisation is nearly the identity in inference; after this it is not. Kernels are scaled by
    1/sqrt(fan_in), so that the output of a deep network stays finite.
    """
    for place in places(model):
        for weight in place.layer.weights:
            weight.assign(_drawn(place, weight.name, tuple(weight.shape), seed))


def _drawn(place: Place, weight: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    key = f"{seed}/{type(place.layer).__name__}/{weight}/{shape}/{place.depth}/{place.height}/{place.sources}"
    random = np.random.RandomState(zlib.crc32(key.encode()))
    if weight in ("gamma", "moving_variance"):
        return np.asarray(random.uniform(0.5, 1.5, shape))
    # Larger shifts leave all ReLUs of a narrow layer dead, and then nothing behind it can be seen.
    scale = np.sqrt(max(1, int(np.prod(shape[:-1])))) if weight.endswith("kernel") else 10.0
    return np.asarray(random.standard_normal(shape) / scale)


def silence_main_path(model: keras.Model, channels: int, filters: int) -> None:
    """Zero every shift and every kernel but those of 1x1 windows that lead from `channels` to `filters`.

    In a block whose numbers of filters differ pairwise only the projection is such a kernel, so that what still
    comes out has gone through the shortcut. Variances become so large that no epsilon matters beside them.
    """
    for place in places(model):
        for weight in place.layer.weights:
            projection = tuple(weight.shape) == (1, 1, channels, filters)
            if weight.name in ("bias", "beta", "moving_mean") or (weight.name.endswith("kernel") and not projection):
                weight.assign(np.zeros(weight.shape))
            elif weight.name == "moving_variance":
                weight.assign(np.asarray(weight) * 1000)


def moving_statistics(model: keras.Model) -> np.ndarray:
    """Return the moving means and variances of all batch normalisations, in the order of their places."""
    parts = [
        np.asarray(weight).reshape(-1)
        for place in places(model)
        for weight in place.layer.weights
        if weight.name in ("moving_mean", "moving_variance")
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def run(model: keras.Model, x: np.ndarray, training: bool) -> np.ndarray:
    """Return the model's output for one batch as a plain array."""
    return np.asarray(model(x, training=training))


def input_gradient(model: keras.Model, x: np.ndarray, seed: int) -> np.ndarray:
    """Return the gradient, with respect to x, of the output weighted with numbers drawn from the seed (inference)."""
    source = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(source)
        output = model(source, training=False)
        total = tf.reduce_sum(output * normal(seed, tuple(output.shape)))
    gradient = tape.gradient(total, source)
    return np.zeros(x.shape, x.dtype) if gradient is None else np.asarray(gradient)


def normal(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    """Draw standard normal numbers, float32; NumPy keeps the stream of RandomState frozen."""
    return np.random.RandomState(seed).standard_normal(shape).astype(np.float32)


def canary() -> np.ndarray:
    """Return a few draws of `glorot_uniform(seed=0)`, by which a TensorFlow that draws other numbers shows itself."""
    return np.asarray(keras.initializers.glorot_uniform(seed=0)((2, 3)))
