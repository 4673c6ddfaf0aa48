"""A network of stand-ins as tables: which blocks, in what order, of what size, and what each one reads.

Only layers with weights and stand-ins have a row. What has no weights (padding, ReLU, pooling, flattening) can be
written in several right ways; it shows in the sizes and in the values.

Importing this module imports TensorFlow.
"""

from typing import Any

from autograder.checks.network import Network
from autograder.checks.stand_in import StandIn
from autograder.checks.structure import Step


class LayerTable:
    """The rows of a network's layers.

    Args:
        network: a network whose blocks are stand-ins.
    """

    def __init__(self, network: Network) -> None:
        """Find the layers that have a row, and what each of them reads."""
        steps, inputs = network.steps, len(network.inputs)
        behind: list[tuple[int, ...]] = []  # for each step the rows that lead to it: 0 is the network's input
        self._steps: list[Step] = []
        self._reads: list[tuple[int, ...]] = []
        for number, step in enumerate(steps):
            reads = tuple(sorted({row for feed in step.feeds for row in behind[feed]}))
            if number < inputs:
                behind.append((0,))
            elif isinstance(step.operation, StandIn) or bool(getattr(step.operation, "weights", ())):
                self._steps.append(step)
                self._reads.append(reads)
                behind.append((len(self._steps),))
            else:
                behind.append(reads)

    @property
    def _blocks(self) -> list[StandIn]:
        return [step.operation for step in self._steps if isinstance(step.operation, StandIn)]

    @property
    def rows(self) -> tuple[str, ...]:
        """One row per layer: what it is, and the size of what it reads and makes."""
        return tuple(f"{_kind(step.operation)}: {_sizes(step.operation)}" for step in self._steps)

    @property
    def blocks(self) -> tuple[str, ...]:
        """One row per block: which kind, the window of its middle convolution, its numbers of filters."""
        return tuple(_block(layer) for layer in self._blocks)

    @property
    def letters(self) -> tuple[str, ...]:
        """One row per block: the stage and the letter that it was given."""
        return tuple("stage {stage}, block {block}".format(**layer.arguments) for layer in self._blocks)

    @property
    def wiring(self) -> tuple[str, ...]:
        """One row per layer: the numbers of the rows that it reads, where that is not the row above."""
        return tuple(
            f"{_kind(step.operation)} in row {number} reads {' and '.join(map(str, reads)) or 'nothing'}"
            for number, (step, reads) in enumerate(zip(self._steps, self._reads, strict=True), start=1)
            if reads != (number - 1,)
        )

    @property
    def sizes(self) -> tuple[str, ...]:
        """The size of what the first block reads, of what each stage makes, and of what the last layer reads."""
        if not self._blocks:
            return ()
        stages = {layer.arguments["stage"]: _size(_node(layer).outputs[0]) for layer in self._blocks}
        found = [f"behind the stem {_size(_read_by(self._blocks[0]))}"]
        found += [f"behind stage {stage} {size}" for stage, size in stages.items()]
        return (*found, f"before the last layer {_size(_read_by(self._steps[-1].operation))}")


def _node(layer: Any) -> Any:
    return layer._inbound_nodes[0]


def _read_by(layer: Any) -> Any:
    return _node(layer).arguments.keras_tensors[0]


def _size(tensor: Any) -> str:
    return "x".join("any" if side is None else str(side) for side in tensor.shape[1:])


def _sizes(layer: Any) -> str:
    return f"{_size(_read_by(layer))} -> {_size(_node(layer).outputs[0])}"


def _block(layer: StandIn) -> str:
    filters = ", ".join(map(str, layer.arguments["filters"]))
    return f"{layer.function}, f={layer.arguments['f']}, filters {filters}"


def _kind(layer: Any) -> str:
    if isinstance(layer, StandIn):
        return "{function} {stage}{block}".format(function=layer.function, **layer.arguments)
    window = getattr(layer, "kernel_size", None)
    return f"{type(layer).__name__} {'x'.join(map(str, window))}" if window else type(layer).__name__
