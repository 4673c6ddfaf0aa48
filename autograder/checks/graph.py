"""A Keras model as plain data: what a student's function built crosses as a graph, never as an object.

`dump` runs beside the student's code and `load` where no student's code ever runs. Only layers and operations of Keras
itself are written and read; a layer of the student's own is opened, that is replaced by the operations inside it.

Importing this module imports TensorFlow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src.models.functional import Functional  # the class of a graph of layers has no public name

from autograder.checks.fault import SubjectFault
from autograder.checks.stand_in import StandIn

Plain = Callable[[Any], Any]
"""Writes or reads a value that is no tensor of the graph."""

NOT_READ = ("Lambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayer", "InputLayer", "Layer")
"""Layers that hold code or files of somebody's own; they are opened, or refused."""

OPERATIONS = ("keras.src.ops.", "keras.src.activations.")
"""How the modules begin whose operations may stand in a graph."""

PARTS = ("keras", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.random", "keras.layers")
"""Modules that the parts of a layer's settings may come from."""

WORDS_OF_TENSORFLOW = {getattr(tf.nn, name): name for name in ("relu", "relu6", "elu", "selu", "softmax", "tanh")}
"""Functions of TensorFlow's that students give as an activation, and what Keras calls them."""

LARGEST = 200_000_000
"""Numbers in one tensor of an observed model, per image; a ResNet-152 at 224x224 has a millionth of that."""

MOST_STEPS = 20_000


def dump(outputs: Any, inputs: list[Any], plain: Plain) -> dict[str, Any]:
    """Write the graph that leads from inputs to outputs.

    Args:
        outputs: what the student's function returned, with Keras tensors in it.
        inputs: the Keras tensors that it was given.
        plain: writes a value that is no tensor.

    Returns:
        {"layers": settings of each layer, "steps": which layer reads what, "value": the outputs}, for JSON.

    Raises:
        SubjectFault: if something in it is no layer or operation of Keras.
    """
    writer = _Writer(plain)
    for number, tensor in enumerate(inputs):
        writer.places[id(tensor)] = (-1, number)
    value = writer.written(outputs)
    return {"layers": writer.layers, "steps": writer.steps, "value": value}


class _Writer:
    """Visits tensors and writes the steps that make them, each once."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.layers: list[dict[str, Any]] = []
        self.steps: list[dict[str, Any]] = []
        self.places: dict[int, tuple[int, int]] = {}
        self.kept: list[Any] = []  # tensors whose id is a key must live as long as the keys
        self._numbers: dict[int, int] = {}

    def written(self, value: Any) -> Any:
        """Write a value with tensors in it, after the steps that make them."""
        for tensor in keras.tree.flatten(value):
            if isinstance(tensor, keras.KerasTensor):
                self._visit(tensor)
        return _mapped(value, self._leaf)

    def _leaf(self, value: Any) -> Any:
        if isinstance(value, keras.KerasTensor):
            return {"tensor": self.places[id(value)]}
        written = self.plain(value)
        if isinstance(written, dict) and "object" in written:
            raise SubjectFault(f"the function hands an object of type {written['object']} to a layer")
        return written

    def _visit(self, tensor: Any) -> None:
        """Write the steps behind a tensor; iterative, as ResNet-152 is deeper than Python's stack."""
        stack = [tensor]
        while stack:
            top = stack[-1]
            if id(top) in self.places:
                stack.pop()
                continue
            operation, node_index, _ = top._keras_history
            if operation is None or not operation._inbound_nodes:
                raise SubjectFault("the function returned a tensor that no layer made")
            node = operation._inbound_nodes[node_index]
            missing = [t for t in node.arguments.keras_tensors if id(t) not in self.places]
            if missing:
                stack += missing
            else:
                self._write(operation, node)

    def _write(self, operation: Any, node: Any) -> None:
        arguments = node.arguments
        if isinstance(operation, Functional) or type(operation) is keras.Sequential:
            self._inline_model(operation, node)
        elif isinstance(operation, keras.layers.InputLayer):
            self._step(self._input(operation), (), {}, node.outputs)
        elif _is_keras(operation):
            self._step(self._layer(operation), arguments.args, arguments.kwargs, node.outputs)
        else:
            self._inline(_opened(operation, arguments), node)

    def _step(self, layer: int, args: Any, kwargs: Any, outputs: list[Any]) -> None:
        number = len(self.steps)
        if number > MOST_STEPS:
            raise SubjectFault(f"the function built more than {MOST_STEPS:,} layers")
        step = {"layer": layer, "args": _mapped(list(args), self._leaf), "kwargs": _mapped(dict(kwargs), self._leaf)}
        self.steps.append(step)
        self.kept.append(outputs)
        for index, tensor in enumerate(outputs):
            self.places[id(tensor)] = (number, index)

    def _inline_model(self, model: Any, node: Any) -> None:
        """Write the layers of a model inside a model; what it is told about training, it tells them."""
        training = node.arguments.kwargs.get("training")
        given = {id(t): self.places[id(r)] for t, r in zip(model.inputs, node.arguments.keras_tensors, strict=True)}
        first, outside = len(self.steps), self.places
        self.places = given  # the same model may stand at several places
        self.written(model.outputs)
        inside = [self.places[id(tensor)] for tensor in model.outputs]
        self.places = outside
        if training is not None:
            for step in self.steps[first:]:
                if self.layers[step["layer"]].get("trains"):
                    step["kwargs"].setdefault("training", self.plain(training))
        self.kept.append(node.outputs)
        for tensor, place in zip(node.outputs, inside, strict=True):
            self.places[id(tensor)] = place

    def _inline(self, made: tuple[list[Any], list[Any]], node: Any) -> None:
        """Write what an opened layer made of stand-ins for its inputs."""
        stand_ins, results = made
        for stand_in, tensor in zip(stand_ins, node.arguments.keras_tensors, strict=True):
            self.places[id(stand_in)] = self.places[id(tensor)]
        self.kept += [stand_ins, results, node.outputs]
        self.written(results)
        for tensor, result in zip(node.outputs, results, strict=True):
            self.places[id(tensor)] = self.places[id(result)]

    def _input(self, operation: Any) -> int:
        self.layers.append({"class": "InputLayer", "config": {"batch_shape": list(operation.batch_shape)}})
        return len(self.layers) - 1

    def _layer(self, operation: Any) -> int:
        if id(operation) not in self._numbers:
            self._numbers[id(operation)] = len(self.layers)
            self.kept.append(operation)
            is_layer = isinstance(operation, keras.Layer)
            self.layers.append(_layer_settings(operation) if is_layer else self._operation_settings(operation))
        return self._numbers[id(operation)]

    def _operation_settings(self, operation: Any) -> dict[str, Any]:
        config = {key: self.plain(value) for key, value in operation.get_config().items()}
        kind = type(operation)
        return {"module": kind.__module__, "class": kind.__name__, "name": operation.name, "config": config}


def _mapped(value: Any, leaf: Plain) -> Any:
    """Write lists, tuples and dictionaries as such, and each leaf by a function."""
    if type(value) is list:
        return {"list": [_mapped(item, leaf) for item in value]}
    if type(value) is tuple:
        return {"tuple": [_mapped(item, leaf) for item in value]}
    if type(value) is dict and all(type(key) is str for key in value):
        return {"dict": {key: _mapped(item, leaf) for key, item in value.items()}}
    return leaf(value)


def _is_keras(operation: Any) -> bool:
    """Tell whether an operation is one of Keras's own, by identity and not by what it says of itself."""
    kind = type(operation)
    if kind is StandIn:
        return True
    if isinstance(operation, keras.Layer):
        return kind.__name__ not in NOT_READ and getattr(keras.layers, kind.__name__, None) is kind
    return kind.__module__.startswith(OPERATIONS) and _operation_class(kind.__module__, kind.__name__) is kind


def _operation_class(module: str, name: str) -> Any:
    found = getattr(sys.modules.get(module), name, None) if module.startswith(OPERATIONS) else None
    return found if isinstance(found, type) and issubclass(found, keras.Operation) else None


def _opened(operation: Any, arguments: Any) -> tuple[list[Any], list[Any]]:
    """Return stand-ins for the inputs of a layer that is not Keras's own, and what its code makes of them.

    Raises:
        SubjectFault: if its code takes no Keras tensors.
    """
    stand_ins = {id(t): keras.KerasTensor(t.shape, dtype=t.dtype) for t in arguments.keras_tensors}
    args, kwargs = arguments.convert(lambda value: stand_ins.get(id(value), value))
    try:
        results = keras.tree.flatten(operation.call(*args, **kwargs))
    except Exception:
        results = [None]
    if not all(isinstance(result, keras.KerasTensor) for result in results):
        raise SubjectFault(
            f"the function uses {_called(operation)}, which is no layer or operation of Keras: use one of Keras's own"
        )
    return [stand_ins[id(t)] for t in arguments.keras_tensors], results


def _called(operation: Any) -> str:
    return f"the layer {type(operation).__name__} ({getattr(operation, 'name', '?')})"


def _layer_settings(layer: Any) -> dict[str, Any]:
    """Write a layer: its settings, and its weights where they are not what the settings say."""
    config = dict(layer.get_config())
    own = False
    for key, value in config.items():
        if callable(getattr(layer, key, None)) and not isinstance(value, str) and key.endswith("activation"):
            config[key] = _activation(layer, key)
        elif not _is_plain(value):
            config[key], own = _part_instead(layer, key), True
    settings = {"class": type(layer).__name__, "config": config, "trains": bool(layer._call_has_training_arg)}
    if layer.weights and (own or any(weight._value is not None for weight in layer.weights)):
        settings["weights"] = [np.asarray(weight.value).tolist() for weight in layer.weights]
    return settings


def _activation(layer: Any, key: str) -> str:
    """Return the name of an activation.

    Raises:
        SubjectFault: if it is a function of the student's own.
    """
    function = getattr(layer, key)
    name = WORDS_OF_TENSORFLOW.get(function, getattr(function, "__name__", ""))
    if function not in WORDS_OF_TENSORFLOW and getattr(keras.activations, name, None) is not function:
        raise SubjectFault(f"{_called(layer)} has an activation that is none of Keras's: {name or function}")
    return name


def _part_instead(layer: Any, key: str) -> Any:
    """Stand for an initializer, regularizer or constraint of the student's own; weights are then written as numbers."""
    if key.endswith("_initializer"):
        return "zeros"
    if key.endswith("_regularizer"):
        return "l2"
    if key.endswith("_constraint"):
        return "non_neg"
    raise SubjectFault(f"{_called(layer)} has a setting {key} that is none of Keras's")


def _is_plain(value: Any) -> bool:
    """Tell whether a setting is made of numbers, texts and parts that Keras itself has."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        if "class_name" in value and _part(value) is None:
            return False
        return all(_is_plain(item) for key, item in value.items())
    return value is None or type(value) in (bool, int, float, str)


def _part(value: dict[str, Any]) -> Any:
    """Return the class of a part of a layer's settings, or None if it is none of Keras's."""
    module, name = value.get("module"), value.get("class_name")
    found = getattr(sys.modules.get(module), str(name), None) if module in PARTS else None
    return found if isinstance(found, type) and name not in NOT_READ else None


def load(graph: Any, inputs: list[Any], plain: Plain) -> Any:
    """Read a graph from data that nobody vouches for, and build it on inputs.

    Args:
        graph: what `dump` wrote.
        inputs: as many Keras tensors as it was written with.
        plain: reads a value that is no tensor.

    Returns:
        The outputs.

    Raises:
        BadGraph: if it is not of the form that `dump` writes.
    """
    reader = _Reader(inputs, plain)
    try:
        layers = [_read_layer(settings, plain) for settings in graph["layers"]]
        weights = [settings.get("weights") for settings in graph["layers"]]
        for step in graph["steps"][:MOST_STEPS]:
            reader.step(layers[step["layer"]], step)
        value = reader.value(graph["value"])
    except (KeyError, IndexError, AttributeError, TypeError) as error:
        raise BadGraph(f"{type(error).__name__}: {error}") from error
    for layer, numbers in zip(layers, weights, strict=True):
        if numbers is not None:
            layer.set_weights([np.asarray(weight, np.float32) for weight in numbers])
    return value


class BadGraph(ValueError):
    """Data that no `dump` wrote."""


class _Reader:
    """Builds step after step."""

    def __init__(self, inputs: list[Any], plain: Plain) -> None:
        self.inputs, self.plain = inputs, plain
        self.made: list[list[Any]] = []

    def step(self, layer: Any, step: dict[str, Any]) -> None:
        """Call a layer as it was called."""
        if isinstance(layer, keras.KerasTensor):  # an input of the student's own
            self.made.append([layer])
            return
        args, kwargs = self.value(step["args"]), self.value(step["kwargs"])
        outputs = keras.tree.flatten(layer(*args, **kwargs))
        for output in outputs:
            if np.prod([side or 1 for side in output.shape], dtype=np.float64) > LARGEST:
                raise SubjectFault(f"{layer.name} makes a tensor of shape {tuple(output.shape)}, which is too large")
        self.made.append(outputs)

    def value(self, written: Any) -> Any:
        """Read a value with tensors in it."""
        if isinstance(written, dict):
            kind, content = next(iter(written.items()))
            if kind == "tensor":
                step, index = content
                return self.inputs[index] if step == -1 else self.made[step][index]
            if kind in ("list", "tuple"):
                items = [self.value(item) for item in content]
                return items if kind == "list" else tuple(items)
            if kind == "dict":
                return {key: self.value(item) for key, item in content.items()}
        return self.plain(written)


def _read_layer(settings: dict[str, Any], plain: Plain) -> Any:
    name, config = settings["class"], settings["config"]
    if "module" in settings:
        operation = _operation_class(settings["module"], name)
        if operation is None:
            raise BadGraph(f"no operation {name} of Keras")
        made = operation(**{key: plain(value) for key, value in config.items() if key != "name"})
        made.name = settings["name"]
        return made
    if name == "InputLayer":
        return keras.Input(batch_shape=tuple(config["batch_shape"]))
    kind = StandIn if name == StandIn.__name__ else getattr(keras.layers, name, None)
    if name in NOT_READ or not (isinstance(kind, type) and issubclass(kind, keras.Layer)) or not _is_plain(config):
        raise BadGraph(f"no layer {name} of Keras")
    return kind.from_config(_lists_as_tuples(config))


def _lists_as_tuples(config: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples; Keras takes either, and compares some settings with tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in config.items()}
