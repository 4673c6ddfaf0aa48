"""A network of Keras layers and the values of its weights, which stand beside it.

Importing this module imports TensorFlow.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import keras
import numpy as np

from autograder.checks import arithmetic
from autograder.checks.structure import find_places, walk


class Network:
    """A model and the values of its weights, which are kept beside it, so that they need no TensorFlow variables.

    Args:
        inputs: the Keras tensors that it reads.
        output: the Keras tensor that it makes, or a structure of tensors. Variables that have no values yet get them
            from their initializers.
    """

    def __init__(self, inputs: Sequence[Any], output: Any) -> None:
        """Look at the graph."""
        self.inputs, self.output = list(inputs), output
        self.steps, self._made_by = walk(self.inputs, keras.tree.flatten(output))
        self.places = find_places(self.steps, len(self.inputs))

    @classmethod
    def of(cls, model: keras.Model) -> Network:
        """Return the network of a functional model."""
        network = cls(model.inputs, model.output)
        network.model = model
        return network

    @cached_property
    def model(self) -> keras.Model:
        """The network as a model; to make one takes longer than to compute it, so it is made when it is asked for."""
        return keras.Model(self.inputs if len(self.inputs) > 1 else self.inputs[0], self.output)

    def check(self) -> None:
        """Let Keras say what is wrong if names are not unique, or if the output hangs on inputs that are not ours.

        Raises:
            ValueError: what Keras says.
        """
        own = self.steps[len(self.inputs) :]
        names = {step.operation.name for step in self.steps}
        if len(names) < len(self.steps) or any(isinstance(one.operation, keras.layers.InputLayer) for one in own):
            self.model  # noqa: B018  # making it is the check

    @cached_property
    def values(self) -> arithmetic.Values:
        """The value of each variable, by its id."""
        layers = {id(step.operation): step.operation for step in self.steps}.values()
        return {id(one): _value(one) for layer in layers for one in getattr(layer, "variables", ())}

    @cached_property
    def _plan(self) -> list[arithmetic.Compute] | None:
        return arithmetic.plan(self.steps)

    def call(self, inputs: Sequence[Any], training: bool | None) -> list[Any]:
        """Return the outputs for one batch; in training mode the moving statistics are updated.

        With None each layer is in the mode that it was built with.
        """
        if self._plan is not None:
            values = dict(self.values)
            # Whatever is raised here, Keras raises as well, and says more about it.
            with contextlib.suppress(Exception):
                made = arithmetic.computed(self._plan, self.steps, inputs, values, training)
                self.values.update(values)
                return [made[index] for index in self._made_by]
        return self._call_keras(inputs, training)

    def _value_of(self, variable: Any) -> np.ndarray:
        """Return a variable's value; a model within may have some that nothing of ours hangs on."""
        value: np.ndarray | None = self.values.get(id(variable))
        return _value(variable) if value is None else value

    def _call_keras(self, inputs: Sequence[Any], training: bool | None) -> list[Any]:
        model = self.model
        outputs, changed = model.stateless_call(
            list(map(self._value_of, model.trainable_variables)),
            list(map(self._value_of, model.non_trainable_variables)),
            list(inputs) if len(inputs) > 1 else inputs[0],
            training=training,
        )
        self.values.update(zip(map(id, model.non_trainable_variables), map(np.asarray, changed), strict=True))
        return list(keras.tree.flatten(outputs))


def _value(variable: Any) -> np.ndarray:
    """Return what a variable holds, or would hold once Keras makes it."""
    if variable._value is not None:
        return np.asarray(variable.value)
    initializer, shape = variable._initializer, tuple(variable.shape)
    kind: Any = type(initializer)
    if kind in INITIALIZERS and math.prod(shape) <= MOST_KEPT:
        config = initializer.get_config()
        if isinstance(config.get("seed", 0), int):  # else each call draws other numbers
            return _initial(kind, json.dumps(config, sort_keys=True), shape, variable.dtype)
    return np.asarray(initializer(shape, dtype=variable.dtype))


INITIALIZERS = frozenset(kind for kind in vars(keras.initializers).values() if isinstance(kind, type))

MOST_KEPT = 10_000
"""Numbers of a weight whose draws are kept: many students' layers have the same ones.

A student's model may have as many weights as it likes, and what is kept of them stays: at most half a gigabyte.
"""


@lru_cache(1000)
def _initial(kind: Callable[..., Any], config: str, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    return fixed(kind(**json.loads(config))(shape, dtype=dtype), dtype)


def fixed(numbers: Any, dtype: str = "float32") -> np.ndarray:
    """Return an array that nobody can change, since others may get the same one."""
    array = np.array(numbers, dtype)
    array.setflags(write=False)
    return array
