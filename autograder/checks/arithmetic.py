"""What the layers of a residual block compute, without Keras's bookkeeping: the same numbers in a tenth of the time.

In a small network Keras spends its time in Python and not on numbers. A model that is made of the layers below, each
called with tensors alone and with settings that are known here, is computed here. Every other model is left to Keras.
Both ways are compared on every mistake and every right style in the tests. TensorFlow's raw operations are used since
its operators and convenient functions take several times as long as these small numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.checks.arithmetic_merging import MAXIMUM, MERGING, class_behind, is_float32_tensor, maximum
from autograder.checks.stand_in import StandIn
from autograder.checks.structure import Step

Values = dict[int, np.ndarray]
"""The values of a model's weights, by the id of their variables; a run in training mode puts new ones in."""

Compute = Callable[[Sequence[Any], Values, bool | None], Any]
"""Takes what a layer reads, the weights, and whether this is training mode; None is what the layer was called with."""

RAW = tf.raw_ops


def _relu(x: Any) -> Any:
    return RAW.Relu(features=x)


def _unchanged(x: Any) -> Any:
    return x


PLAIN_ACTIVATIONS: dict[Any, Callable[[Any], Any]] = {
    None: _unchanged,
    keras.activations.linear: _unchanged,
    keras.activations.relu: _relu,
    keras.activations.sigmoid: lambda x: RAW.Sigmoid(x=x),
}

DENSE_ACTIVATIONS: Mapping[Any, Callable[[Any], Any]] = {
    **PLAIN_ACTIVATIONS,
    keras.activations.softmax: lambda x: RAW.Softmax(logits=x),
}


def plan(steps: Sequence[Step]) -> list[Compute] | None:
    """Return how each step is computed, or None if one of them is not known here.

    A layer that is called twice may update its statistics twice, in an order that is Keras's own.
    """
    weighted = [id(step.operation) for step in steps if getattr(step.operation, "weights", ())]
    if len(set(weighted)) < len(weighted):
        return None
    found = [_compute(step) for step in steps]
    known = [compute for compute in found if compute is not None]
    return known if len(known) == len(found) else None


def computed(
    plan: Sequence[Compute], steps: Sequence[Step], inputs: Sequence[Any], values: Values, training: bool | None
) -> list[Any]:
    """Compute every step of a model.

    Args:
        plan: how, see `plan`.
        steps: the steps.
        inputs: a tensor for each input.
        values: the weights.
        training: whether batch normalisations use the batch's statistics and update their own; None leaves each as it
            was called when the model was built.

    Returns:
        What each step makes.
    """
    made: list[Any] = list(inputs)
    for compute, step in list(zip(plan, steps, strict=True))[len(inputs) :]:
        made.append(compute([made[index] for index in step.feeds], values, training))
    return made


def _compute(step: Step) -> Compute | None:
    layer = step.operation
    if step.arguments is None:
        return lambda reads, values, training: None  # an input, which is given
    if type(layer) in STEP_MAKERS:
        return STEP_MAKERS[type(layer)](step)
    maker = MAKERS.get(type(layer))
    if maker is None or not _called_plainly(step) or not _is_float32(layer):
        return None
    compute, own = maker(layer), step.arguments.kwargs.get("training")
    if compute is None or own is None:
        return compute
    return lambda reads, values, training: compute(reads, values, own if training is None else training)


def _called_plainly(step: Step) -> bool:
    """Tell whether a layer is called with tensors and nothing else, such as a constant.

    Only a batch normalisation may be called with a `training` of its own.
    """
    others = dict(step.arguments.kwargs)
    if type(step.operation) is keras.layers.BatchNormalization and type(others.get("training")) is bool:
        del others["training"]
    return all(value is None for value in others.values()) and all(
        map(is_float32_tensor, keras.tree.flatten(step.arguments.args))
    )


def _is_float32(layer: Any) -> bool:
    """Tell whether a layer computes in float32 and is not quantized; operations have no policy."""
    policy = getattr(layer, "dtype_policy", None)
    return policy is None or policy.name == "float32"


MOST_DILATED = 32
"""Rates up to this are computed here; larger ones are nobody's, and would make very large kernels."""


def _convolution(layer: Any) -> Compute | None:
    if (
        layer.data_format != "channels_last"
        or layer.groups != 1
        or layer.activation not in PLAIN_ACTIVATIONS
        or layer.padding not in ("same", "valid")
        or max(layer.dilation_rate) > MOST_DILATED
        or [weight.name for weight in layer.weights] != ["kernel", "bias"][: 1 + bool(layer.use_bias)]
    ):
        return None
    places = [id(weight) for weight in layer.weights]
    strides, rates = [1, *layer.strides, 1], layer.dilation_rate
    padding = layer.padding.upper()
    activation = PLAIN_ACTIVATIONS[layer.activation]

    def compute(reads: Sequence[Any], values: Values, training: bool | None) -> Any:
        kernel = _dilated(values[places[0]], rates)
        found = RAW.Conv2D(input=reads[0], filter=kernel, strides=strides, padding=padding)
        for bias in places[1:]:
            found = RAW.BiasAdd(value=found, bias=values[bias])
        return activation(found)

    return compute


def _dilated(kernel: np.ndarray, rates: Sequence[int]) -> np.ndarray:
    """Return a kernel with zeros between its taps: without oneDNN TensorFlow has no gradient of a dilated convolution.

    Args:
        kernel: height x width x input channels x filters.
        rates: distance of the taps along height and width.

    Returns:
        The kernel with ((height - 1) rate + 1) rows, and as many columns likewise.
    """
    if max(rates) == 1:
        return kernel
    (height, width), channels = kernel.shape[:2], kernel.shape[2:]
    wide = np.zeros(((height - 1) * rates[0] + 1, (width - 1) * rates[1] + 1, *channels), kernel.dtype)
    wide[:: rates[0], :: rates[1]] = kernel
    return wide


def _batch_normalization(layer: Any) -> Compute | None:
    names = ["gamma"] * bool(layer.scale) + ["beta"] * bool(layer.center) + ["moving_mean", "moving_variance"]
    if [weight.name for weight in layer.weights] != names or layer.synchronized or not isinstance(layer.axis, int):
        return None
    place = {weight.name: id(weight) for weight in layer.weights}
    rank = layer.input_spec.ndim
    axis = layer.axis % rank
    others = tf.constant([one for one in range(rank) if one != axis])
    shape = [-1 if one == axis else 1 for one in range(rank)]
    epsilon, momentum, learns = np.float32(layer.epsilon), np.float32(layer.momentum), layer.trainable

    def weight(values: Values, name: str, otherwise: float) -> Any:
        return values[place[name]].reshape(shape) if name in place else np.float32(otherwise)

    def compute(reads: Sequence[Any], values: Values, training: bool | None) -> Any:
        x = reads[0]
        gamma, beta = weight(values, "gamma", 1), weight(values, "beta", 0)
        if not (training and learns):
            scale = gamma / np.sqrt(weight(values, "moving_variance", 1) + epsilon)
            shift = beta - weight(values, "moving_mean", 0) * scale
            return RAW.AddV2(x=RAW.Mul(x=x, y=scale), y=shift)
        mean = RAW.Mean(input=x, axis=others, keep_dims=True)
        variance = RAW.Mean(input=RAW.SquaredDifference(x=x, y=mean), axis=others, keep_dims=True)
        for name, now in (("moving_mean", mean), ("moving_variance", variance)):
            before = values[place[name]]
            values[place[name]] = before * momentum + np.asarray(now).reshape(-1) * (1 - momentum)
        steep = RAW.Mul(x=RAW.Rsqrt(x=RAW.AddV2(x=variance, y=epsilon)), y=gamma)
        return RAW.AddV2(x=RAW.Mul(x=RAW.Sub(x=x, y=mean), y=steep), y=beta)

    return compute


def _activation(layer: Any) -> Compute | None:
    function = PLAIN_ACTIVATIONS.get(layer.activation)
    return None if function is None else lambda reads, values, training: function(reads[0])


def _relu_layer(layer: Any) -> Compute | None:
    # None is not 0 to Keras: as a slope it is another function's default, as a threshold an error.
    if layer.max_value is not None or layer.negative_slope is None or layer.threshold is None:
        return None
    if layer.negative_slope != 0 or layer.threshold != 0:
        return None
    return lambda reads, values, training: _relu(reads[0])


def _max_pooling(layer: Any) -> Compute | None:
    if layer.data_format != "channels_last":
        return None
    window, strides, padding = [1, *layer.pool_size, 1], [1, *layer.strides, 1], layer.padding.upper()
    return lambda reads, values, training: RAW.MaxPool(input=reads[0], ksize=window, strides=strides, padding=padding)


def _average_pooling(layer: Any) -> Compute | None:
    if layer.data_format != "channels_last":
        return None
    window, strides, padding = [1, *layer.pool_size, 1], [1, *layer.strides, 1], layer.padding.upper()
    return lambda reads, values, training: RAW.AvgPool(value=reads[0], ksize=window, strides=strides, padding=padding)


def _flatten(layer: Any) -> Compute | None:
    if layer.data_format != "channels_last":
        return None
    return lambda reads, values, training: RAW.Reshape(tensor=reads[0], shape=[reads[0].shape[0], -1])


def _dense(layer: Any) -> Compute | None:
    """Multiply rows; what has more axes raises here, and is left to Keras."""
    activation = DENSE_ACTIVATIONS.get(layer.activation)
    if activation is None or [weight.name for weight in layer.weights] != ["kernel", "bias"]:
        return None
    kernel, bias = map(id, layer.weights)

    def compute(reads: Sequence[Any], values: Values, training: bool | None) -> Any:
        return activation(RAW.BiasAdd(value=RAW.MatMul(a=reads[0], b=values[kernel]), bias=values[bias]))

    return compute


def _zero_padding(layer: Any) -> Compute | None:
    if layer.data_format != "channels_last":
        return None
    paddings = tf.constant([[0, 0], *layer.padding, [0, 0]])
    return lambda reads, values, training: RAW.Pad(input=reads[0], paddings=paddings)


def _get_item(step: Step) -> Compute | None:
    """Read x[key] where the key is made of slices alone."""
    (_, key), others = step.arguments.args, step.arguments.kwargs
    if others or type(key) is not tuple or not all(type(part) is slice for part in key):
        return None
    return lambda reads, values, training: reads[0][key]


STEP_MAKERS: Mapping[type, Callable[[Step], Compute | None]] = {
    class_behind(lambda x: x[::2, ::2], (2, 2)): _get_item,
    MAXIMUM: maximum,
}
"""Operations that may be called with more than tensors."""

MAKERS: Mapping[type, Callable[[Any], Compute | None]] = {
    keras.layers.Conv2D: _convolution,
    keras.layers.BatchNormalization: _batch_normalization,
    keras.layers.Activation: _activation,
    keras.layers.ReLU: _relu_layer,
    keras.layers.MaxPooling2D: _max_pooling,
    keras.layers.AveragePooling2D: _average_pooling,
    keras.layers.Flatten: _flatten,
    keras.layers.Dense: _dense,
    keras.layers.ZeroPadding2D: _zero_padding,
    StandIn: lambda layer: lambda reads, values, training: layer.call(reads[0]),
    **MERGING,
    class_behind(keras.ops.relu, (1, 1)): lambda operation: lambda reads, values, training: _relu(reads[0]),
    class_behind(keras.activations.relu, (1, 1)): _relu_layer,
}
"""Layers and operations by their exact class; one that a student derived is another."""
