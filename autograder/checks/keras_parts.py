"""Which layers, operations and settings are Keras's own: only these cross between processes.

Importing this module imports TensorFlow.
"""

import sys
from typing import Any

import keras

from autograder.checks.stand_in import StandIn

NOT_READ = (
    *("Lambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayer", "InputLayer", "Layer"),
    *("StringLookup", "IntegerLookup", "TextVectorization"),  # their vocabulary may be the path of any file
)
"""Layers that hold code or files of somebody's own; they are opened, or refused."""

MODEL = "Model"
"""What a model inside a model is called where it crosses as a model."""

OPERATIONS = ("keras.src.ops.", "keras.src.activations.")
"""How the modules begin whose operations may stand in a graph."""

PARTS = ("keras", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.random", "keras.layers")
"""Modules that the parts of a layer's settings may come from."""


def is_tensor(value: Any) -> bool:
    """Tell whether a value is a Keras tensor by its type: an object may say of itself that it is of another class."""
    return issubclass(type(value), keras.KerasTensor)


def is_keras(operation: Any) -> bool:
    """Tell whether an operation is one of Keras's own, by identity and not by what it says of itself."""
    kind = type(operation)
    if kind is StandIn:
        return True
    if isinstance(operation, keras.Layer):
        return kind.__name__ not in NOT_READ and getattr(keras.layers, kind.__name__, None) is kind
    return kind.__module__.startswith(OPERATIONS) and operation_class(kind.__module__, kind.__name__) is kind


def operation_class(module: str, name: str) -> Any:
    """Return an operation of Keras's by its module and name, or None if there is none."""
    found = getattr(sys.modules.get(module), name, None) if module.startswith(OPERATIONS) else None
    return found if isinstance(found, type) and issubclass(found, keras.Operation) else None


def is_plain(value: Any) -> bool:
    """Tell whether a setting is made of numbers, texts and parts that Keras itself has."""
    if isinstance(value, (list, tuple)):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        if "class_name" in value and part(value) is None:
            return False
        return all(is_plain(item) for key, item in value.items())
    return value is None or type(value) in (bool, int, float, str)


def part(value: dict[str, Any]) -> Any:
    """Return the class of a part of a layer's settings, or None if it is none of Keras's."""
    module, name = value.get("module"), value.get("class_name")
    found = getattr(sys.modules.get(module), str(name), None) if module in PARTS else None
    return found if isinstance(found, type) and name not in NOT_READ else None
