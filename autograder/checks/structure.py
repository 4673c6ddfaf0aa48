"""The operations of a Keras model in their order, and places along the graph in place of names.

Importing this module imports TensorFlow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras


@dataclass(frozen=True)
class Step:
    """One operation of a model at one place.

    Args:
        operation: the Keras operation or layer.
        feeds: indices of the steps that it reads.
        arguments: what it is called with; None for an input.
        output: the Keras tensor that it makes there, the first one if there are several.
    """

    operation: Any
    feeds: tuple[int, ...]
    arguments: Any = None
    output: Any = None


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


def walk(inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[list[Step], list[int]]:
    """List the operations that lead from inputs to outputs, each behind what it reads; models inside are opened.

    Args:
        inputs: Keras tensors.
        outputs: Keras tensors.

    Returns:
        The operations, and for each output the index of the one that makes it.
    """
    found: list[Step] = []
    scope: dict[int, int] = {}
    for tensor in inputs:
        scope[id(tensor)] = len(found)
        found.append(Step(tensor._keras_history.operation, (), output=tensor))
    return found, [_visit(tensor, scope, found) for tensor in outputs]


def _visit(tensor: Any, scope: dict[int, int], found: list[Step]) -> int:
    """Append the steps that lead to a tensor; iterative, as ResNet-152 is deeper than Python's stack."""
    stack = [tensor]
    while stack:
        top = stack[-1]
        if id(top) in scope:
            stack.pop()
            continue
        operation, node_index, tensor_index = top._keras_history
        node = operation._inbound_nodes[node_index]
        reads = node.input_tensors
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
            found.append(Step(operation, feeds, node.arguments, node.outputs[0]))
    return scope[id(tensor)]


def find_places(graph: Sequence[Step], inputs: int) -> list[Place]:
    """List the layers with weights by their place along the graph, a layer that stands at several places once.

    Args:
        graph: the steps of a model.
        inputs: how many of them, the first ones, are its inputs.
    """
    weighted = [bool(getattr(step.operation, "weights", ())) for step in graph]
    depth, height = [0] * len(graph), [0] * len(graph)
    sources: list[set[int]] = [{i} if i < inputs else set() for i in range(len(graph))]
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
