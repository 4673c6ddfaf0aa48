"""Stand-ins for the functions of assignment 07, so that a mistake in one of them costs nothing in the next.

What stands for the two smallest functions gives the right numbers in another way than the assignment asks for; what
stands for the others is a note of how it was called.

Importing this module imports TensorFlow.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from keras.layers import Conv2D

from autograder.checks.stand_in import StandIn


def subsample(inputs: Any, factor: int) -> Any:
    """Keep every factor-th pixel."""
    return inputs[:, ::factor, ::factor, :]


def conv2d_same(
    inputs: Any, num_outputs: int, kernel_size: int, stride: int, rate: int = 1, scope: str | None = None
) -> Any:
    """Compute every pixel and throw away what the stride leaves out: the same numbers with more work."""
    convolve = Conv2D(num_outputs, kernel_size, padding="same", dilation_rate=rate, use_bias=False, name=scope)
    return subsample(convolve(inputs), stride)


def bottleneck(
    inputs: Any,
    depth: int,
    depth_bottleneck: int,
    stride: int,
    rate: int = 1,
    outputs_collections: dict[str, Any] | None = None,
    scope: str = "bottleneck",
) -> Any:
    """Note the call; its result is the one end point."""
    arguments = {"depth": depth, "depth_bottleneck": depth_bottleneck, "stride": stride, "rate": rate, "scope": scope}
    outputs = StandIn("bottleneck", arguments)(inputs)
    if outputs_collections is not None:
        outputs_collections[f"{scope}.conv1"] = outputs
    return outputs


class NotedBlock(NamedTuple):
    """What stands for a block."""

    scope: str
    base_depth: int
    num_units: int
    stride: int


def resnet_v1_block(scope: str, base_depth: int, num_units: int, stride: int) -> NotedBlock:
    """Note the call."""
    return NotedBlock(scope, base_depth, num_units, stride)


def stack_blocks_dense(net: Any, blocks: Sequence[Any], output_stride: int | None = None) -> tuple[Any, dict[str, Any]]:
    """Note the call; the result has the side lengths of a right one, and is the one end point."""
    noted = [block if isinstance(block, NotedBlock) else _noted(block) for block in blocks]
    arguments = {
        "blocks": [
            f"{one.scope}: {one.num_units} units of base depth {one.base_depth}, stride {one.stride}" for one in noted
        ],
        "output_stride": output_stride,
        "stride": output_stride or math.prod(one.stride for one in noted),
        "depth": noted[-1].base_depth,
    }
    outputs = StandIn("stack_blocks_dense", arguments)(net)
    return outputs, {f"{noted[-1].scope}.conv1": outputs}


def _noted(block: Any) -> NotedBlock:
    """Note a block that was made without `resnet_v1_block`, as if it had been made with it."""
    scope, _, units = block
    return NotedBlock(scope, units[-1]["depth_bottleneck"], len(units), math.prod(unit["stride"] for unit in units))
