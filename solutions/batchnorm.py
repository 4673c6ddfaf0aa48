"""Batch normalisation: computed by hand in both modes, and frozen in a model.

Source: Ioffe, Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift"
(2015), algorithms 1 and 2. The conventions are those of `keras.layers.BatchNormalization`. The lines between START CODE
HERE and END CODE HERE are the gaps of assignment `04_batchnorm_modes`; the docstrings are what the student reads there.
"""

import keras
import numpy as np
from keras.layers import BatchNormalization


def batchnorm_forward(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_variance: np.ndarray,
    momentum: float = 0.99,
    eps: float = 0.001,
    training: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Batch normalisation of each channel, with NumPy: y = gamma * (x - mean) / sqrt(variance + eps) + beta.

    In training mode mean and variance are those of the batch: for each channel taken over all other axes, the variance
    as the mean squared distance from the mean (divided by the number of values, not by one less). The running
    statistics then move towards them: new = momentum * old + (1 - momentum) * batch.

    In inference mode mean and variance are the running ones, and these stay as they are.

    Args:
        x: input, shape (batch, ..., channels), with any number of axes between batch and channels.
        gamma: scale, shape (channels,).
        beta: shift, shape (channels,).
        running_mean: running mean before this step, shape (channels,).
        running_variance: running variance before this step, shape (channels,).
        momentum: share of the old running statistics that is kept in a step, between 0 and 1, without unit.
        eps: what is added to the variance, in the unit of the variance.
        training: whether this is training mode.

    Returns:
        y in the shape of x, and the new running mean and running variance, each of shape (channels,). The arrays that
        were given are not changed.

    Source: Ioffe and Szegedy 2015, algorithm 1 (training) and algorithm 2 (inference).
    """
    ### START CODE HERE ###
    mean, variance = running_mean, running_variance
    if training:
        # All axes but the last, which holds the channels
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance

    # eps stands under the root: a channel whose values are all equal must not divide by zero
    y = gamma * (x - mean) / np.sqrt(variance + eps) + beta
    ### END CODE HERE ###

    return y, running_mean, running_variance


def freeze_batchnorm(model: keras.Model) -> keras.Model:
    """Freeze every batch normalisation of a model, those of models inside it included, and nothing else.

    A frozen batch normalisation works in inference mode also while the model is trained: it uses its moving statistics
    and does not change them, and its gamma and beta are not learned. All other layers stay as they were: trainable if
    they were, frozen if they were.

    Args:
        model: the model that is changed. Its layers may be models in turn, to any depth.

    Returns:
        The model that was given, changed in place.

    Source: He et al. 2015, appendix A ("the BN layers are fixed during fine-tuning"); keras-team/keras#20285.
    """
    ### START CODE HERE ###
    for layer in model.layers:
        if isinstance(layer, BatchNormalization):
            layer.trainable = False
        elif isinstance(layer, keras.Model):
            freeze_batchnorm(layer)
    ### END CODE HERE ###

    return model
