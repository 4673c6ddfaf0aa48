"""A Keras model as plain data: what a student's function built crosses as a graph, never as an object.

`dump` runs beside the student's code, `rebuild.load` where no student's code ever runs. Only layers and operations of
Keras itself are written and read; a layer of the student's own is opened, that is replaced by what is inside it.

Importing this module imports TensorFlow.
"""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src.models.functional import Functional  # the class of a graph of layers has no public name

from autograder.checks.fault import SubjectFault
from autograder.checks.keras_parts import MODEL, is_keras, is_plain, is_tensor

Plain = Callable[[Any], Any]
"""Writes a value that is no tensor of the graph."""

WORDS_OF_TENSORFLOW = {getattr(tf.nn, name): name for name in ("relu", "relu6", "elu", "selu", "softmax", "tanh")}
"""Functions of TensorFlow's that students give as an activation, and what Keras calls them."""

MOST_STEPS = 20_000
"""Layers of one graph; ResNet-152 has 500."""


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


def dump_model(model: Any, plain: Plain, values: Mapping[int, np.ndarray] | None = None) -> dict[str, Any]:
    """Write a model of its own inputs.

    Args:
        model: a functional or sequential model.
        plain: writes a value that is no tensor.
        values: the weights, by the id of their variables, where they are kept beside the model; models inside it then
            stay models, as they do where nobody but us made them.

    Returns:
        {"layers", "steps", "value": [outputs, inputs]} as of `dump`, and "name".

    Raises:
        SubjectFault: if its layers cannot be seen, or one of them is none of Keras's.
    """
    if not (isinstance(model, (Functional, keras.Sequential)) and model.built):
        raise SubjectFault(f"the model is of type {type(model).__name__}, whose layers cannot be seen")
    writer = _Writer(plain, values)
    value = writer.written([list(model.outputs), list(model.inputs)])
    return {"layers": writer.layers, "steps": writer.steps, "value": value, "name": str(model.name)}


class _Writer:
    """Visits tensors and writes the steps that make them, each once."""

    def __init__(self, plain: Plain, values: Mapping[int, np.ndarray] | None = None) -> None:
        self.plain, self.values = plain, values
        self.layers: list[dict[str, Any]] = []
        self.steps: list[dict[str, Any]] = []
        self.places: dict[int, tuple[int, int]] = {}
        self.kept: list[Any] = []  # tensors whose id is a key must live as long as the keys
        self._numbers: dict[int, int] = {}

    def written(self, value: Any) -> Any:
        """Write a value with tensors in it, after the steps that make them."""
        for tensor in keras.tree.flatten(value):
            if is_tensor(tensor):
                self._visit(tensor)
        return _mapped(value, self._leaf)

    def _leaf(self, value: Any) -> Any:
        if is_tensor(value):
            return {"tensor": self.places[id(value)]}
        written = self.plain(value)
        if isinstance(written, dict) and "object" in written:
            raise SubjectFault(f"an object of type {written['object']} stands where a tensor or a number is expected")
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
            if self.values is None:
                self._inline_model(operation, node)
            else:
                self._step(self._model(operation), arguments.args, arguments.kwargs, node.outputs)
        elif isinstance(operation, keras.layers.InputLayer):
            self._step(self._input(operation), (), {}, node.outputs)
        elif is_keras(operation):
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
                    step["kwargs"]["dict"]["training"] = self.plain(training)  # Keras overrides their own
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
            written = _layer_settings(operation, self.values) if is_layer else self._operation_settings(operation)
            self.layers.append(written)
        return self._numbers[id(operation)]

    def _model(self, model: Any) -> int:
        if id(model) not in self._numbers:
            self._numbers[id(model)] = len(self.layers)
            self.layers.append({"class": MODEL, "config": {}, "graph": dump_model(model, self.plain, self.values)})
        return self._numbers[id(model)]

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


def _opened(operation: Any, arguments: Any) -> tuple[list[Any], list[Any]]:
    """Return stand-ins for the inputs of a layer that is not Keras's own, and what its code makes of them.

    Raises:
        SubjectFault: if its code takes no Keras tensors.
    """
    stand_ins = {id(t): keras.KerasTensor(t.shape, dtype=t.dtype) for t in arguments.keras_tensors}
    args, kwargs = arguments.convert(lambda value: stand_ins.get(id(value), value))
    try:
        own_weights = isinstance(operation, keras.Layer) and operation._trainable_variables
        results = [None] if own_weights else keras.tree.flatten(operation.call(*args, **kwargs))
    except Exception:
        results = [None]
    if not all(is_tensor(result) for result in results):
        raise SubjectFault(
            f"the function uses {_called(operation)}, which is no layer or operation of Keras: use one of Keras's own"
        )
    return [stand_ins[id(t)] for t in arguments.keras_tensors], results


def _called(operation: Any) -> str:
    return f"the layer {type(operation).__name__} ({getattr(operation, 'name', '?')})"


def _layer_settings(layer: Any, values: Mapping[int, np.ndarray] | None) -> dict[str, Any]:
    """Write a layer: its settings, and its weights where they are not what the settings say."""
    config = dict(layer.get_config())
    own = False
    for key, value in config.items():
        if callable(getattr(layer, key, None)) and not isinstance(value, str) and key.endswith("activation"):
            config[key] = _activation(layer, key)
        elif not is_plain(value):
            config[key], own = _part_instead(layer, key), True
    settings = {"class": type(layer).__name__, "config": config, "trains": bool(layer._call_has_training_arg)}
    if layer.weights and values is not None:
        settings["weights"] = [np.asarray(values[id(weight)]).tolist() for weight in layer.weights]
    elif layer.weights and (own or any(weight._value is not None for weight in layer.weights)):
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
