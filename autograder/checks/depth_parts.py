"""Stand-ins for the functions of assignment 06, so that a mistake in one of them costs nothing in the next.

Each is a note of how it was called; its result has the shape that a right function gives.

Importing this module imports TensorFlow.
"""

from typing import Any

from autograder.checks.stand_in import StandIn


def block1(
    x: Any,
    filters: int,
    kernel_size: int = 3,
    stride: int = 1,
    conv_shortcut: bool = True,
    name: str | None = None,
) -> Any:
    """Note the call."""
    shortcut = "projection" if conv_shortcut else "identity"
    noted = {"filters": filters, "kernel_size": kernel_size, "stride": stride, "shortcut": shortcut, "label": name}
    return StandIn("block1", {**noted, "expansion": 4})(x)


def stack1(x: Any, filters: int, blocks: int, stride1: int = 2, name: str | None = None) -> Any:
    """Note the call."""
    return _stack("stack1", 4, x, filters, blocks, stride1, name)


def stack0(x: Any, filters: int, blocks: int, stride1: int = 2, name: str | None = None) -> Any:
    """Note the call."""
    return _stack("stack0", 1, x, filters, blocks, stride1, name)


def _stack(function: str, expansion: int, x: Any, filters: int, blocks: int, stride1: int, name: str | None) -> Any:
    noted = {"filters": filters, "blocks": blocks, "stride1": stride1, "label": name, "expansion": expansion}
    return StandIn(function, noted)(x)
