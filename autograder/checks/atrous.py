"""Assignment 07: networks whose output stride can be chosen.

Sources: TF-Slim's resnet_utils and resnet_v1 (what each function does); Chen et al. 2017, section 3.1 (output stride);
of the mistakes that the checks tell apart: docs/mistakes.md.
"""

from collections.abc import Iterator

import numpy as np

from autograder.checks.atrous_convolutions import CONV2D_SAME, SUBSAMPLE, integers
from autograder.checks.atrous_stack import RESNET_V1_BLOCK, STACK_BLOCKS_DENSE, in_order
from autograder.checks.atrous_unit import BOTTLENECK, PARTS
from autograder.checks.calls import Asked
from autograder.checks.fault import SubjectFault, kind_of
from autograder.model import Assignment, Case, Check, Exercise, Value


def draw_network(seed: int) -> tuple[Case, ...]:
    """Draw widths and images; one network keeps its strides, two are asked for another output stride."""
    random = np.random.RandomState(seed)
    widths, sides = integers(random, [2, 3, 5, 7], 3), integers(random, [16, 24, 32, 40, 48], 4)
    return tuple(
        Case(
            f"case {n + 1}",
            0,
            {"input_shape": (sides[n], sides[n + 1], 1 + n), "width": widths[n], "output_stride": output_stride},
        )
        for n, output_stride in enumerate([None, *integers(random, [1, 2], 2)])
    )


def probe_network(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe how the network describes its blocks and what it hands on; both functions are stand-ins."""
    from autograder.checks import network
    from autograder.checks.stand_in import StandIn

    made = subject.with_stand_ins(resnet_v1_block=PARTS, stack_blocks_dense=PARTS)
    with network.fresh_keras():
        model = made(tuple(case["input_shape"]), case["width"], case["output_stride"])
        if not hasattr(model, "layers"):
            raise SubjectFault(f"the function returned {kind_of(model)} where a keras.Model is expected")
        model = network.Network.of(model)
        stacks = [step.operation.arguments for step in model.steps if isinstance(step.operation, StandIn)]
        yield "blocks", tuple(block for stack in stacks for block in stack["blocks"])
        yield "output_strides", tuple(str(stack["output_stride"]) for stack in stacks)
        yield "input_shape", tuple(model.model.input_shape)
        yield "output_shapes", tuple(str(tensor.shape) for tensor in model.model.outputs)
        yield "layers", tuple(type(step.operation).__name__ for step in model.steps)


def _tried_network(case: Case) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in case.values.items())


ATROUS_RESNET = Exercise(
    name="atrous_resnet",
    reference="solutions.atrous:atrous_resnet",
    probe=probe_network,
    draw=draw_network,
    tried=_tried_network,
    checks=(
        Check(
            "atrous_resnet-blocks",
            "The four blocks have their scope, base depth, number of units and stride.",
            1,
            ("blocks",),
            in_order,
            "Compare the first block that differs with the table in the docstring.",
        ),
        Check(
            "atrous_resnet-model",
            "The model leads from the image through the stack to its result, and the output stride is handed on.",
            1,
            ("output_strides", "input_shape", "output_shapes", "layers"),
            in_order,
            "What does stack_blocks_dense take, and what does it return?",
        ),
    ),
)

ASSIGNMENT = Assignment(
    "07_atrous",
    "Atrous residual networks",
    (SUBSAMPLE, CONV2D_SAME, BOTTLENECK, RESNET_V1_BLOCK, STACK_BLOCKS_DENSE, ATROUS_RESNET),
)
