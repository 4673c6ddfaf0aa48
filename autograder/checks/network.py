"""Keras models as probes see them: by structure, and with weights that a probe sets.

Importing this module imports TensorFlow; probes do so only when they run.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.checks.fault import SubjectFault, kind_of
from autograder.checks.keras_session import fresh_keras as fresh_keras
from autograder.checks.keras_session import new_session as new_session
from autograder.checks.structure import Place
from autograder.checks.weights import MOST_KEPT, fixed
from autograder.checks.weights import Network as Network


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
    network = Network(inputs, outputs)
    network.check()
    return network


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
        return fixed(random.uniform(0.5, 1.5, shape))
    # Larger shifts leave all ReLUs of a narrow layer dead, and then nothing behind it can be seen.
    scale = np.sqrt(max(1, int(np.prod(shape[:-1])))) if weight.endswith("kernel") else 10.0
    return fixed(random.standard_normal(shape) / scale)


_kept_draw = lru_cache(10_000)(_draw)


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
    return fixed(keras.initializers.glorot_uniform(seed=0)((2, 3)))
