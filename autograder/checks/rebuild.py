"""Build a Keras model again from the plain data that `graph.dump` wrote, where no code of a student's ever runs.

Importing this module imports TensorFlow.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np

from autograder.checks.fault import SubjectFault
from autograder.checks.keras_parts import MODEL, NOT_READ, is_plain, operation_class
from autograder.checks.keras_session import give_values
from autograder.checks.stand_in import StandIn

LARGEST = 200_000_000
"""Numbers in one tensor or weight of an observed model, per image; a ResNet-152 at 224x224 has a hundredth of that."""

Lend = Callable[[dict[str, Any], list[Any], Callable[[], Any]], Any]
"""Gives a layer that may have been made before."""


def load(graph: Any, inputs: list[Any], plain: Callable[[Any], Any], lend: Lend | None = None) -> Any:
    """Read a graph from data that nobody vouches for, and build it on inputs.

    Args:
        graph: what `dump` wrote.
        inputs: as many Keras tensors as it was written with.
        plain: reads a value that is no tensor.
        lend: gives a layer by its settings, what it reads, and how it is made anew; see `layer_pool.Loan.layer`.

    Returns:
        The outputs.

    Raises:
        BadGraph: if it is not of the form that `dump` writes.
    """
    try:
        if _draws_in_order(graph):
            value, set_by_hand = _load(graph, inputs, plain, None)
        else:  # whoever uses the model knows the initializers of its weights
            with keras.StatelessScope(initialize_variables=False):
                value, set_by_hand = _load(graph, inputs, plain, lend)
    except SubjectFault:
        raise
    except Exception:  # some layers make weights with values, and data that is bad is bad again
        value, set_by_hand = _load(graph, inputs, plain, None)
    for layer, numbers in set_by_hand:
        give_values(layer.variables)
        layer.set_weights([np.asarray(weight, np.float32) for weight in numbers])
    return value


def load_model(graph: Any, plain: Callable[[Any], Any]) -> Any:
    """Build the model that `dump_model` wrote.

    Args:
        graph: what it wrote; nobody vouches for it.
        plain: reads a value that is no tensor.

    Raises:
        BadGraph: if it is not of that form.
        SubjectFault: if it makes no model.
    """
    value = load(graph, [], plain)
    try:
        outputs, inputs = value
        return keras.Model(*(one[0] if len(one) == 1 else one for one in (inputs, outputs)), name=str(graph["name"]))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise SubjectFault(f"the model cannot be read: {error}") from error


def _draws_in_order(graph: Any) -> bool:
    """Tell whether weights are to be drawn where they are made: a seed generator counts its draws."""
    layers = graph["layers"]
    return any(one["class"] == MODEL for one in layers) or "SeedGenerator" in repr([one["config"] for one in layers])


def _load(
    graph: Any, inputs: list[Any], plain: Callable[[Any], Any], lend: Lend | None
) -> tuple[Any, list[tuple[Any, Any]]]:
    """Build a graph; return its value, and the layers whose weights are no longer as initialised, with the weights."""
    reader = _Reader(graph["layers"], inputs, plain, lend)
    try:
        if type(graph["layers"]) is not list:
            raise BadGraph("layers that are no list")
        for step in graph["steps"]:
            reader.step(step)
        if len(reader.layers) < len(graph["layers"]):
            raise BadGraph("a layer that is not called")
        value = reader.value(graph["value"])
    except (KeyError, IndexError, AttributeError, TypeError) as error:
        raise BadGraph(f"{type(error).__name__}: {error}") from error
    weights = ((layer, graph["layers"][number].get("weights")) for number, layer in reader.layers.items())
    return value, [(layer, numbers) for layer, numbers in weights if numbers is not None]


class BadGraph(ValueError):
    """Data that no `dump` wrote."""


class _Reader:
    """Builds step after step."""

    def __init__(self, settings: Any, inputs: list[Any], plain: Callable[[Any], Any], lend: Lend | None) -> None:
        self.settings, self.inputs, self.plain, self.lend = settings, inputs, plain, lend
        self.layers: dict[int, Any] = {}
        self.made: list[list[Any]] = []

    def step(self, step: dict[str, Any]) -> None:
        """Call a layer as it was called."""
        args, kwargs = self.value(step["args"]), self.value(step["kwargs"])
        tensors = [one for one in keras.tree.flatten((args, kwargs)) if isinstance(one, keras.KerasTensor)]
        layer = self._layer(step["layer"], tensors)
        if isinstance(layer, keras.KerasTensor):  # an input of the student's own
            self.made.append([layer])
            return
        if not tensors:
            raise BadGraph(f"{layer.name} is called with no tensor")  # it would be computed here, however large it is
        outputs = keras.tree.flatten(layer(*args, **kwargs))
        for made in (*outputs, *getattr(layer, "weights", ())):
            if np.prod([side or 1 for side in made.shape], dtype=np.float64) > LARGEST:
                raise SubjectFault(f"{layer.name} makes a tensor of shape {tuple(made.shape)}, which is too large")
        self.made.append(outputs)

    def _layer(self, number: int, tensors: list[Any]) -> Any:
        """Return a layer, which is made, or taken from those that were made before, where it is called first."""
        if type(number) is not int or number < 0:  # else one layer could go by two numbers
            raise BadGraph(f"no layer has the number {number}")
        if number not in self.layers:
            settings = self.settings[number]
            make = partial(_read_layer, settings, self.plain)
            self.layers[number] = self.lend(settings, tensors, make) if self.lend and tensors else make()
        return self.layers[number]

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


def _read_layer(settings: dict[str, Any], plain: Callable[[Any], Any]) -> Any:
    name, config = settings["class"], settings["config"]
    if name == MODEL:
        return load_model(settings["graph"], plain)
    if "module" in settings:
        operation = operation_class(settings["module"], name)
        if operation is None:
            raise BadGraph(f"no operation {name} of Keras")
        made = operation(**{key: plain(value) for key, value in config.items() if key != "name"})
        made.name = settings["name"]
        return made
    if name == "InputLayer":
        return keras.Input(batch_shape=tuple(config["batch_shape"]))
    kind = StandIn if name == StandIn.__name__ else getattr(keras.layers, name, None)
    if name in NOT_READ or not (isinstance(kind, type) and issubclass(kind, keras.Layer)) or not is_plain(config):
        raise BadGraph(f"no layer {name} of Keras")
    found: Any = kind
    return found.from_config(_lists_as_tuples(config))


def _lists_as_tuples(config: dict[str, Any]) -> dict[str, Any]:
    """JSON has no tuples; Keras takes either, and compares some settings with tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in config.items()}
