"""Stand-ins for a student's own functions, so that a mistake in one exercise costs nothing in the next.

A network is judged by the blocks that it calls, in which order and with which arguments; each block is a layer here
that keeps its arguments and gives a tensor of the shape that a right block gives.

Importing this module imports TensorFlow.
"""

import contextlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import keras
import numpy as np

from autograder.checks.calls import globals_of

TAPS = np.arange(1, 10, dtype=np.float32).reshape(3, 3, 1, 1) / 45
"""The window of a stand-in that has a rate: nine different numbers whose sum is 1."""

PARTS = "autograder.checks."
"""How the modules begin that hold stand-ins of their own."""


class StandIn(keras.Layer):
    """Stands for one call of a block.

    Args:
        function: name of the function that was called.
        arguments: its arguments but for the tensor, by name.
    """

    def __init__(self, function: str, arguments: Mapping[str, Any], **kwargs: Any) -> None:
        """Keep what was called."""
        super().__init__(**kwargs)
        self.function, self.arguments = function, dict(arguments)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of this class."""
        return {**super().get_config(), "function": self.function, "arguments": self.arguments}

    @property
    def described(self) -> str:
        """The call in words, such as `identity_block(f=3, filters=[2, 2, 8], stage=2, block=a)`."""
        given = ", ".join(f"{name}={value}" for name, value in self.arguments.items())
        return f"{self.function}({given})"

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Return (batch, height / stride, width / stride, channels), rounded up."""
        batch, *sides, _ = input_shape
        return (batch, *(side and -(-side // self._stride) for side in sides), self._channels)

    def call(self, x: Any) -> Any:
        """Return the mean over the channels at every stride-th place, once per channel.

        Where the block has a rate, the mean is convolved with taps that lie so far apart.
        """
        mean = keras.ops.mean(x, axis=-1, keepdims=True)
        if "rate" in self.arguments:
            mean = keras.ops.conv(mean, TAPS, padding="same", dilation_rate=int(self.arguments["rate"]))
        kept = mean if self._stride == 1 else mean[:, :: self._stride, :: self._stride, :]
        return keras.ops.tile(kept, (1, 1, 1, self._channels))  # several times as fast as `repeat`

    @property
    def _stride(self) -> int:
        return int(
            next((self.arguments[name] for name in ("s", "stride", "strides", "stride1") if name in self.arguments), 1)
        )

    @property
    def _channels(self) -> int:
        if "expansion" in self.arguments:  # one number of filters, of the narrow convolutions
            return int(self.arguments["filters"]) * int(self.arguments["expansion"])
        filters = self.arguments["depth"] if "depth" in self.arguments else self.arguments["filters"]
        return int(filters[-1] if isinstance(filters, (list, tuple)) else filters)


@contextlib.contextmanager
def standing_in(subject: Callable[..., Any], signatures: Mapping[str, Mapping[str, Any] | str]) -> Iterator[None]:
    """Let a subject find stand-ins where it looks for its blocks by name.

    Args:
        subject: a function; nothing happens to what is none.
        signatures: name of a block to the names of its arguments, with None or the default of each; or to the module of
            the checks that holds a stand-in of the same name.
    """
    found = globals_of(subject)
    before = {name: found[name] for name in signatures if name in found}
    found.update({name: _stand_in(name, signature) for name, signature in signatures.items()})
    try:
        yield
    finally:
        for name in signatures:
            found.pop(name, None)
        found.update(before)


def _stand_in(name: str, signature: Mapping[str, Any] | str) -> Callable[..., Any]:
    if not isinstance(signature, str):
        return _calling(name, signature)
    found: Callable[..., Any] = getattr(import_module(PARTS + signature), name)
    return found


def _calling(name: str, signature: Mapping[str, Any]) -> Callable[..., Any]:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [
        inspect.Parameter(one, kind, default=inspect.Parameter.empty if default is None else default)
        for one, default in signature.items()
    ]
    taken = inspect.Signature([inspect.Parameter("X", kind), *parameters])

    def block(*args: Any, **kwargs: Any) -> Any:
        bound = taken.bind(*args, **kwargs)
        bound.apply_defaults()
        given = {key: _listed(value) for key, value in bound.arguments.items() if key != "X"}
        return StandIn(name, given)(bound.arguments["X"])

    return block


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
