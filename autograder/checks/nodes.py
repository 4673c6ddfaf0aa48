"""The graph that a function of a Keras tensor builds, as nodes of a diagram.

Importing this module imports TensorFlow.
"""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import keras

from autograder.checks import graph, network, rebuild
from autograder.checks.diagram import SUM, Node
from autograder.checks.keras_parts import is_tensor
from autograder.checks.structure import Step

KINDS = {"Add": SUM, "relu": "ReLU", "Relu": "ReLU"}
"""What an operation is called in a diagram, where it is not called by its class."""

IN_THE_LABEL = ("filters", "kernel_size", "strides", "dilation_rate", "pool_size", "units", "activation")
"""Settings that the label tells."""

NO_CHOICE = ("name", "dtype", "padding", "data_format", "trainable", "groups")
"""Settings that say nothing, or that the shape of the output tells."""


def model_nodes(function: Callable[..., Any], shape: Sequence[int | None], *arguments: Any) -> list[Node]:
    """Call a function on a Keras tensor and describe each operation between its input and its output.

    Args:
        function: it is called as `function(X, *arguments)`.
        shape: height, width and channels of X.
        arguments: the function's other arguments.

    Raises:
        Exception: whatever the function raises.
        SubjectFault: if it does not return tensors made by Keras from X.
    """

    def opened(X: Any) -> Any:
        """Replace layers of the student's own by what is inside them, as the checks do."""
        given = keras.Input(shape)
        made = function(given, *arguments)
        if not any(map(is_tensor, keras.tree.flatten(made))):
            return made
        return rebuild.load(graph.dump(made, [given], _itself), [X], _itself)

    with network.fresh_keras():
        steps = network.build(opened, shape).steps
        places = Counter(id(step.operation) for step in steps)
        nodes: list[Node] = []
        last: list[int] = []  # a step may be two nodes, of which the second is read
        for step in steps:
            reads = tuple(last[i] for i in step.feeds)
            for label, note, settings in _described(step, places[id(step.operation)]):
                nodes.append(Node(label, reads, note, settings))
                reads = (len(nodes) - 1,)
            last.append(len(nodes) - 1)
        return nodes


def _itself(value: Any) -> Any:
    return value


def _described(step: Step, places: int) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return label, note and settings of an operation; an activation inside a layer is a node of its own."""
    operation = step.operation
    sides = getattr(step.output, "shape", ())[1:]  # without the batch
    size = " × ".join("any" if side is None else str(side) for side in sides)
    if not step.feeds:
        return [("X", f"\n{size}", ())]
    found = [(_label(step), f"{operation.name}\n{size}", _settings(step, places))]
    inside = getattr(getattr(operation, "activation", None), "__name__", "linear")
    if type(operation).__name__ != "Activation" and inside != "linear":
        found.append((KINDS.get(inside, inside), f"in {operation.name}\n{size}", ()))
    return found


def _label(step: Step) -> str:
    """Say in a few words what an operation does."""
    operation = step.operation
    kind = type(operation).__name__
    if kind == "Conv2D":
        words = [f"Conv2D {_side(operation.kernel_size, '×')}", f"{operation.filters} filters"]
        for word, sides in (("stride", operation.strides), ("dilation", operation.dilation_rate)):
            words += [f"{word} {_side(sides)}"] * (tuple(sides) != (1, 1))
        return ", ".join(words)
    if kind.endswith("Pooling2D") and hasattr(operation, "pool_size"):
        return f"{kind} {_side(operation.pool_size, '×')}, stride {_side(operation.strides)}"
    if kind == "Dense":
        return f"Dense, {operation.units} units"
    if kind == "BatchNormalization":
        return kind if operation.axis in (-1, 3) else f"{kind}, axis {operation.axis}"
    if kind == "Activation":
        kind = getattr(operation.activation, "__name__", kind)
    if kind == "Maximum" and 0 in step.arguments.args:
        kind = "ReLU"
    return KINDS.get(kind, kind)


def _side(sides: tuple[int, int], sign: str = "") -> str:
    """Write (2, 2) as 2, or as 2×2 with a sign; unequal sides are always written with a sign."""
    return f"{sides[0]}{sign or '×'}{sides[1]}" if sign or sides[0] != sides[1] else str(sides[0])


def _settings(step: Step, places: int) -> tuple[str, ...]:
    """Return what is chosen otherwise than Keras would by itself, and what the label does not tell."""
    operation = step.operation
    if not isinstance(operation, keras.Layer):
        return ()
    usual = {name: one.default for name, one in inspect.signature(type(operation).__init__).parameters.items()}
    found = {
        key: _setting(value)
        for key, value in operation.get_config().items()
        if key not in (*IN_THE_LABEL, *NO_CHOICE) and key in usual and _setting(value) != _setting(usual[key])
    }
    if type(operation).__name__ == "BatchNormalization" or found.get("axis") in ("-1", "3"):
        found.pop("axis", None)  # the label tells it, or it is the channels
    if operation.weights and not operation.trainable:
        found["trainable"] = "False"
    if operation.weights and places > 1:
        found["places"] = str(places)
    for value in (*step.arguments.args[1:2], step.arguments.kwargs.get("training")):
        if isinstance(value, bool):
            found["training"] = str(value)
    if not re.fullmatch(rf"{_automatic_name(type(operation).__name__)}(_\d+)?", operation.name):
        found["name"] = operation.name
    return tuple(f"{key}={value}" for key, value in sorted(found.items()))


def _setting(value: Any) -> str:
    """Write a setting; an initializer as `GlorotUniform(seed=0)`, however it was given."""
    if isinstance(value, str) and hasattr(keras.initializers, value):
        value = keras.initializers.serialize(keras.initializers.get(value))
    if not isinstance(value, dict) or "class_name" not in value:
        return str(value)
    name, config = value["class_name"], {key: item for key, item in value.get("config", {}).items() if item is not None}
    if name == "VarianceScaling":
        name, config = _usual_name(config)
    return f"{name}({', '.join(f'{key}={item}' for key, item in config.items())})"


def _usual_name(config: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the name by which a scaling of variances is known, such as GlorotUniform, and what is left to tell."""
    scaling = keras.initializers.VarianceScaling
    chosen = [config.get(key) for key in ("scale", "mode", "distribution")]
    for kind in sorted(scaling.__subclasses__(), key=lambda one: one.__name__):
        known = kind()
        if [known.scale, known.mode, known.distribution] == chosen:
            return kind.__name__, {key: item for key, item in config.items() if key == "seed"}
    return scaling.__name__, config


def _automatic_name(kind: str) -> str:
    """Return the name that Keras gives to a layer of a class: `max_pooling2d` for MaxPooling2D."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind).lower()
