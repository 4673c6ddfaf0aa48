"""Keras models as probes see them: by structure, and with weights that a probe sets.

Importing this module imports TensorFlow; probes do so only when they run.
"""

from __future__ import annotations

import contextlib
import json
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.checks import arithmetic
from autograder.checks.fault import SubjectFault, kind_of
from autograder.checks.keras_session import fresh_keras as fresh_keras
from autograder.checks.keras_session import new_session as new_session
from autograder.checks.structure import Place, find_places, walk


class Network:
    """A model and the values of its weights, which are kept beside it, so that they need no TensorFlow variables.

    Args:
        model: a functional model; variables that have no values yet get them from their initializers.
    """

    def __init__(self, model: keras.Model) -> None:
        """Look at its graph."""
        self.model = model
        self.steps, self._made_by = walk(model)
        self.places = find_places(self.steps, len(model.inputs))

    @property
    def output(self) -> Any:
        """The Keras tensor that the model makes, or the structure of tensors."""
        return self.model.output

    @cached_property
    def values(self) -> arithmetic.Values:
        """The value of each variable, by its id."""
        return {id(variable): _value(variable) for variable in self.model.variables}

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

    def _call_keras(self, inputs: Sequence[Any], training: bool | None) -> list[Any]:
        model = self.model
        outputs, changed = model.stateless_call(
            [self.values[id(variable)] for variable in model.trainable_variables],
            [self.values[id(variable)] for variable in model.non_trainable_variables],
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
    return _fixed(kind(**json.loads(config))(shape, dtype=dtype), dtype)


def build(call: Callable[..., Any], *shapes: Sequence[int | None]) -> Network:
    """Make a model from a function of Keras tensors.

    Args:
        call: the student's function, wrapped so that it takes only tensors.
        shapes: shape of each input, without the batch.

    Returns:
        The network.

    Raises:
        SubjectFault: if the function does not return Keras tensors that depend on the inputs.
    """
    new_session()  # a block may be built twice under the same names
    inputs = [keras.Input(tuple(shape)) for shape in shapes]
    outputs = call(*inputs)
    for output in keras.tree.flatten(outputs) or [outputs]:
        if not isinstance(output, keras.KerasTensor):
            asked = ": is a line of the gap still None?" if output is None else ""
            kind = "None" if output is None else f"an object of type {kind_of(output)}"
            raise SubjectFault(f"the function returned {kind} where a Keras tensor is expected{asked}")
    return Network(keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs))


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


def layers_by_weights(network: Network) -> tuple[str, ...]:
    """Return one line per layer with weights, such as `Conv2D (kernel 1x1x4x6, bias 6)`; a shared layer counts once."""
    return tuple(
        sorted(
            f"{type(place.layer).__name__} ({', '.join([*map(_weight_in_words, place.layer.weights), *_held(place)])})"
            for place in network.places
        )
    )


def _held(place: Place) -> list[str]:
    """Say what keeps a layer's weights from being learned freely."""
    config = place.layer.get_config()
    limits = [key for key in config if key.endswith(("_regularizer", "_constraint")) and config[key] is not None]
    return limits if place.layer.trainable else [*limits, "not trainable"]


def _weight_in_words(weight: Any) -> str:
    return f"{weight.name} {'x'.join(str(side) for side in weight.shape)}"


def names_by_role(network: Network) -> tuple[str, ...]:
    """Return one line per layer with weights: what it does, and its name."""
    return tuple(sorted(f"{place.role}: {place.layer.name}" for place in network.places))


def settings_by_role(network: Network) -> tuple[str, ...]:
    """Return one line per layer with weights: how its kernel is drawn, or its epsilon and momentum."""
    return tuple(sorted(f"{place.role}: {words}" for place in network.places for words in _settings(place.layer)))


def _settings(layer: Any) -> Iterator[str]:
    config = layer.get_config()
    for key in ("epsilon", "momentum"):
        if isinstance(config.get(key), float):
            yield f"{key} {config[key]:g}"
    start = config.get("kernel_initializer")
    if isinstance(start, dict):
        seed = start["config"].get("seed")
        yield f"kernel drawn by {start['class_name']}, seed {seed if isinstance(seed, int) else 'none'}"


def fixed_training(network: Network) -> tuple[str, ...]:
    """Return one line per layer with weights that is called with a `training` of its own.

    Only the graph shows it: Keras 3 overrides such a value wherever `training` comes from outside, as in `fit`.
    """
    roles = {id(place.layer): place.role for place in network.places}
    calls = ((roles[id(step.operation)], step.arguments) for step in network.steps if id(step.operation) in roles)
    given = ((role, [*call.args[1:2], call.kwargs.get("training")]) for role, call in calls)
    return tuple(
        sorted(
            f"{role}: {bool(value)}"
            for role, values in given
            for value in values
            if value is not None and not isinstance(value, keras.KerasTensor)
        )
    )


def perturb(network: Network, seed: int) -> None:
    """Set every weight as a function of kind, shape, place along the graph and seed.

    A fresh batch normalisation is nearly the identity in inference; after this it is not. Kernels are scaled by
    1/sqrt(fan_in), so that the output of a deep network stays finite.
    """
    for place in network.places:
        for weight in place.layer.weights:
            drawn = _drawn(place, weight.name, tuple(weight.shape), seed)
            network.values[id(weight)] = (
                drawn if weight.dtype == "float32" else np.asarray(tf.cast(drawn, weight.dtype))
            )


def _drawn(place: Place, weight: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    key = f"{seed}/{type(place.layer).__name__}/{weight}/{shape}/{place.depth}/{place.height}/{place.sources}"
    if math.prod(shape) <= MOST_KEPT:
        return _kept_draw(key, weight, shape)
    return _draw(key, weight, shape)


def _draw(key: str, weight: str, shape: tuple[int, ...]) -> np.ndarray:
    random = np.random.RandomState(zlib.crc32(key.encode()))
    if weight in ("gamma", "moving_variance"):
        return _fixed(random.uniform(0.5, 1.5, shape))
    # Larger shifts leave all ReLUs of a narrow layer dead, and then nothing behind it can be seen.
    scale = np.sqrt(max(1, int(np.prod(shape[:-1])))) if weight.endswith("kernel") else 10.0
    return _fixed(random.standard_normal(shape) / scale)


_kept_draw = lru_cache(10_000)(_draw)


def _fixed(numbers: Any, dtype: str = "float32") -> np.ndarray:
    """Return an array that nobody can change, since others may get the same one."""
    array = np.array(numbers, dtype)
    array.setflags(write=False)
    return array


def silence_main_path(network: Network, channels: int, filters: int) -> None:
    """Zero every shift and every kernel but those of 1x1 windows that lead from `channels` to `filters`.

    In a block whose numbers of filters differ pairwise only the projection is such a kernel, so that what still
    comes out has gone through the shortcut. Variances become so large that no epsilon matters beside them.
    """
    for place in network.places:
        for weight in place.layer.weights:
            projection = tuple(weight.shape) == (1, 1, channels, filters)
            if weight.name in ("bias", "beta", "moving_mean") or (weight.name.endswith("kernel") and not projection):
                network.values[id(weight)] = np.zeros_like(network.values[id(weight)])
            elif weight.name == "moving_variance":
                network.values[id(weight)] = network.values[id(weight)] * 1000


def moving_statistics(network: Network) -> np.ndarray:
    """Return the moving means and variances of all batch normalisations, in the order of their places."""
    parts = [
        network.values[id(weight)].reshape(-1)
        for place in network.places
        for weight in place.layer.weights
        if weight.name in ("moving_mean", "moving_variance")
    ]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def run(network: Network, x: np.ndarray, training: bool | None) -> np.ndarray:
    """Return the output of a network with one input and one output for one batch as a plain array."""
    return outputs(network, [x], training)[0]


def outputs(network: Network, batch: Sequence[np.ndarray], training: bool | None) -> list[np.ndarray]:
    """Return the outputs of a network for one batch of each input as plain arrays."""
    return [np.asarray(output) for output in network.call([tf.convert_to_tensor(x) for x in batch], training)]


def input_gradient(network: Network, x: np.ndarray, seed: int) -> np.ndarray:
    """Return the gradient, with respect to x, of the output weighted with numbers drawn from the seed (inference)."""
    source = tf.convert_to_tensor(x)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(source)
        output = network.call([source], training=False)[0]
    gradient = tape.gradient(output, source, normal(seed, tuple(output.shape)))
    return np.zeros(x.shape, x.dtype) if gradient is None else np.asarray(gradient)


def normal(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    """Draw standard normal numbers, float32; NumPy keeps the stream of RandomState frozen."""
    return np.random.RandomState(seed).standard_normal(shape).astype(np.float32)


@cache
def canary() -> np.ndarray:
    """Return a few draws of `glorot_uniform(seed=0)`, by which a TensorFlow that draws other numbers shows itself."""
    return _fixed(keras.initializers.glorot_uniform(seed=0)((2, 3)))
