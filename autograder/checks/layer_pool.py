"""Built layers that are used again for the next student: to make and to build one takes longer than to compute with it.

A layer is lent to one observation at a time. It comes back only as it was lent: trainable as it was, with weights that
have no values. What a layer computes hangs on its settings and on the weights that stand beside it, see
`weights.Network`; its name is given to it anew.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

Key = str
"""Class, settings but for the name, and of each tensor that is read the number of axes, the batch and the channels.

A layer whose initializer has no seed has no key: Keras draws one where the layer is made, and that would stay.
"""

MOST_LAYERS = 1000
"""Layers that are kept, at some 20 kB each."""

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
    if kind not in kinds() or "module" in settings or "weights" in settings or not isinstance(name, str) or "/" in name:
        return None  # what has a module is an operation, which may be called as a layer is
    shapes = [(len(tensor.shape), *tensor.shape[:1], *tensor.shape[-1:]) for tensor in tensors]
    if config.get("data_format", "channels_last") != "channels_last" or config.get("activity_regularizer"):
        return None
    if config.get("axis", -1) not in (-1, shapes[0][0] - 1):  # its weights hang on another side than the channels
        return None
    key = json.dumps([kind, config, shapes])  # in the order in which they came, since that may be seen
    return None if '"seed": null' in key or len(key) > LONGEST_KEY else key


@cache
def kinds() -> frozenset[str]:
    """Return the classes of layers that keep nothing but their weights, and what follows from the key."""
    import keras

    from autograder.checks.arithmetic import MAKERS

    return frozenset(kind.__name__ for kind in MAKERS if issubclass(kind, keras.Layer))


class Loan:
    """What one observation borrows."""

    def __init__(self) -> None:
        """Borrow nothing yet."""
        self._lent: list[tuple[Key, Any, bool]] = []

    def layer(self, settings: Mapping[str, Any], tensors: Sequence[Any], make: Callable[[], Any]) -> Any:
        """Return a layer, one that is kept if there is such a one.

        Args:
            settings: of the layer, as `graph.dump` writes them.
            tensors: the Keras tensors that it reads first.
            make: makes it anew.
        """
        key = key_of(settings, tensors)
        if key is None:
            return make()
        layer = _borrowed(key, settings["config"]["name"]) or make()
        self._lent.append((key, layer, layer.trainable))
        return layer

    def give_back(self) -> None:
        """Let others have the layers that were not changed; none of a model that would displace all others."""
        if len(self._lent) > MOST_LAYERS:
            return
        for key, layer, trainable in self._lent:
            if _is_built(layer) and layer.trainable is trainable:
                layer._inbound_nodes.clear()
                layer._outbound_nodes.clear()
                _kept.setdefault(key, []).append(layer)
                _kept.move_to_end(key)
        count = sum(map(len, _kept.values()))
        while count > MOST_LAYERS:
            count -= len(_kept.popitem(last=False)[1])


def _borrowed(key: Key, name: str) -> Any:
    layers = _kept.get(key)
    if not layers:
        return None
    layer = layers.pop()
    if not layers:
        del _kept[key]
    layer.name = name
    return layer


def _is_built(layer: Any) -> bool:
    """Tell whether a layer is as `build` left it, with weights that have no values."""
    return bool(layer.built) and all(variable._value is None for variable in layer.variables)
