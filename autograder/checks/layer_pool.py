"""Built layers that are used again for the next student: to make and to build one takes longer than to compute with it.

A layer is lent to one observation at a time. It comes back only if it still is what its settings say: trainable as it
was, with weights that have no values. What a layer computes hangs on its settings and on the weights that stand
beside it, see `weights.Network`; its name is given to it anew.

Importing this module imports TensorFlow.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import keras

from autograder.checks.arithmetic import MAKERS

Key = str
"""Class, settings but for the name, and of each tensor that is read the number of axes and the channels."""

Lent = list[tuple[Key, Any]]
"""What one observation uses."""

MOST_LAYERS = 1000
"""Layers that are kept, at some 16 kB each."""

LONGEST_KEY = 2_000
"""Characters; settings of Keras's own take 700, and a student's may be as long as an answer may be."""

_kept: OrderedDict[Key, list[Any]] = OrderedDict()
"""Layers that nobody uses; the keys that were used longest ago come first."""


def key_of(settings: Mapping[str, Any], tensors: Sequence[Any]) -> Key | None:
    """Return by what a layer is found again, or None if such a layer is better made anew.

    Args:
        settings: of the layer, as `graph.dump` writes them.
        tensors: the Keras tensors that it reads first.
    """
    kind, config = settings["class"], dict(settings["config"])
    name = config.pop("name", None)
    if kind not in KINDS or "weights" in settings or not isinstance(name, str) or "/" in name:
        return None
    ranks = [len(tensor.shape) for tensor in tensors]
    if config.get("data_format", "channels_last") != "channels_last" or config.get("activity_regularizer"):
        return None
    if config.get("axis", -1) not in (-1, ranks[0] - 1):  # its weights hang on another side than the channels
        return None
    key = json.dumps([kind, config, ranks, [tensor.shape[-1] for tensor in tensors]], sort_keys=True)
    return key if len(key) <= LONGEST_KEY else None


KINDS = frozenset(kind.__name__ for kind in MAKERS if issubclass(kind, keras.Layer))
"""Layers that keep nothing but their weights."""


def borrow(key: Key, name: str) -> Any:
    """Return a layer that is kept under a key, with a name, or None if there is none."""
    layers = _kept.get(key)
    if not layers:
        return None
    layer = layers.pop()
    layer.name = name
    return layer


def give_back(lent: Iterable[tuple[Key, Any]]) -> None:
    """Keep layers for the next who borrows, those that were not changed."""
    for key, layer in lent:
        if not _is_unchanged(key, layer):
            continue
        layer._inbound_nodes.clear()
        layer._outbound_nodes.clear()
        _kept.setdefault(key, []).append(layer)
        _kept.move_to_end(key)
    while sum(map(len, _kept.values())) > MOST_LAYERS:
        _kept.popitem(last=False)


def _is_unchanged(key: Key, layer: Any) -> bool:
    trainable = json.loads(key)[1].get("trainable", True)
    return layer.built and layer.trainable is trainable and all(one._value is None for one in layer.variables)
