"""The same network with fewer filters: it learns in a minute on two cores, and has every layer of the full one."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

BLOCKS = ("identity_block", "convolutional_block")


def narrowed(network: Callable[..., Any], divisor: int) -> Callable[..., Any]:
    """Return a network's function that builds every block with fewer filters; the stem stays as it is.

    Args:
        network: a function that calls `identity_block` and `convolutional_block` by these names.
        divisor: each number of filters is divided by it.

    Returns:
        A function of the same arguments.
    """

    def build(*args: Any, **kwargs: Any) -> Any:
        found = inspect.unwrap(network).__globals__
        before = {name: found[name] for name in BLOCKS}
        found.update({name: _narrow(block, divisor) for name, block in before.items()})
        try:
            return network(*args, **kwargs)
        finally:
            found.update(before)

    return build


def _narrow(block: Callable[..., Any], divisor: int) -> Callable[..., Any]:
    def narrow(X: Any, f: int, filters: Sequence[int], *args: Any, **kwargs: Any) -> Any:
        return block(X, f, [max(1, number // divisor) for number in filters], *args, **kwargs)

    return narrow
