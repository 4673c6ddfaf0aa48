"""What Python, Keras and TensorFlow ask again and again for each layer, though the answer stays: asked once.

Only in the zygote, before any code of a student's is there, and in what is forked from it. Nothing that a layer is,
does or shows changes by it, see docs/decisions/0021-shortcuts-through-keras.md.
"""

import functools
import inspect
import sys
import typing
from typing import Any

PLAIN = frozenset({int, float, bool, str, type(None)})
"""Types of values that hold no weights."""


def keep_members_of_protocols() -> None:
    """Let Python find the members of a protocol once, and whether all are methods, as it does by itself from 3.12 on.

    TensorFlow asks for each tensor whether it is one, by a protocol, and Keras asks TensorFlow ten times per layer.
    """
    if sys.version_info < (3, 12):  # no newer 3.11 will have another name for it: it gets security fixes alone
        names: Any = typing  # which has no public name for it
        names._get_protocol_attrs = functools.cache(names._get_protocol_attrs)
        names._is_callable_members_only = functools.cache(names._is_callable_members_only)


def set_plain_values_at_once() -> None:
    """Let layers take a number, a word or None at once, in which Keras and then TensorFlow look for weights otherwise.

    A layer sets some ninety attributes while it is made, built and called, and two of three are such.
    """
    import keras
    import tensorflow as tf

    looking_for_weights, behind_that = keras.Layer.__setattr__, tf.__internal__.tracking.AutoTrackable

    @functools.wraps(looking_for_weights)
    def set_attribute(layer: Any, name: str, value: Any) -> None:
        # A student's class may have ways of its own. What a class knows by a name may be a property, which may refuse.
        kind = type(layer)
        keras_own = kind.__module__.startswith("keras.")
        if keras_own and type(value) in PLAIN and not hasattr(kind, name) and "_tracker" in vars(layer):
            super(behind_that, layer).__setattr__(name, value)
        else:
            looking_for_weights(layer, name, value)

    keras.Layer.__setattr__ = set_attribute


def keep_signatures() -> None:
    """Let `inspect` find the signatures of Keras's own layers once; Keras asks for four of them to make a layer."""
    import keras

    layers = [kind for kind in vars(keras.layers).values() if isinstance(kind, type)]
    for kind in {base for layer in layers for base in layer.__mro__ if base.__module__.startswith("keras.")}:
        for name in ("__init__", "call"):
            function = vars(kind).get(name)
            if inspect.isfunction(function):
                vars(function)["__signature__"] = inspect.signature(function)
