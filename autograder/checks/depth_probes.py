"""What is observed of `block1`, `stack1` and `resnet`, the functions of assignment 06."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograder.checks.calls import Asked, SubjectRaised
from autograder.checks.fault import SubjectFault, kind_of
from autograder.model import Case, Value

PARTS = "depth_parts"
"""The module of the stand-ins."""

LARGER = 8
"""Factor of the inputs once the weights are perturbed: values above 6 show a ReLU that is cut off there."""


def probe_block(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a bottleneck block: its layers, and its values with weights set at random and a silent main path."""
    from autograder.checks import network

    def block(x: Any) -> Any:
        return network.one_tensor(subject(x, case["filters"], **case["more"], name=case["name"]))

    size = case["height"], case["width"], case["channels"]
    x = LARGER * network.normal(case.seed, (case["batch"], *size))
    with network.fresh_keras():
        model = network.build(block, size)
        yield "layers", network.layers_by_weights(model)
        yield "names", names_by_place(model)
        yield "settings", settings_of_normalisations(model)
        yield "fixed_training", network.fixed_training(model)
        yield "shape", tuple(model.output.shape)

        network.perturb(model, case.seed)
        yield "inference", network.run(model, x, training=False)
        yield "gradient", network.input_gradient(model, x, case.seed)
        yield "training", network.run(model, x, training=True)
        yield "moving_statistics", network.moving_statistics(model)

        network.perturb(model, case.seed)
        network.silence_main_path(model, case["channels"], 4 * case["filters"])
        yield "shortcut_alone", network.run(model, x, training=False)

        if case["any_size"]:  # building is most of the work, so not in each case
            model = network.build(block, (None, None, case["channels"]))
            x = x[:, 1:, :-1]
        yield "shape_of_any_size", tuple(model.output.shape)
        yield "shape_of_another_size", network.run(model, x, training=False).shape


def names_by_place(model: Any) -> tuple[str, ...]:
    """Return one line per layer with weights, ReLU and sum: what it is or what it stands behind, and its name."""
    roles = {id(place.layer): place.role for place in model.places}
    found: list[str] = []
    behind: list[str] = []  # for each step the last layer with weights or sum on the way to it
    for step in model.steps:
        before = behind[step.feeds[0]] if step.feeds else "the input"
        operation, kind = step.operation, type(step.operation).__name__
        role = roles.get(id(operation)) or ("the sum" if len(step.feeds) > 1 else "")
        behind.append(role or before)
        if role:
            found.append(f"{role}: {operation.name}")
        elif kind in ("Activation", "ReLU"):
            found.append(f"{kind.replace('Activation', 'ReLU')} behind {before}: {operation.name}")
    return tuple(sorted(found))


def settings_of_normalisations(model: Any) -> tuple[str, ...]:
    """Return one line per batch normalisation: which one it is, its epsilon and its momentum."""
    layers = [(place.role, place.layer) for place in model.places if hasattr(place.layer, "epsilon")]
    return tuple(
        sorted(f"{role}: epsilon {layer.epsilon:.5g}, momentum {layer.momentum:.5g}" for role, layer in layers)
    )


def probe_stack(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe which blocks a stack is made of; the block is a stand-in."""
    from autograder.checks import network

    asked = subject.with_stand_ins(block1=PARTS)

    def stack(x: Any) -> Any:
        return network.one_tensor(asked(x, case["filters"], case["blocks"], **case["more"], name=case["name"]))

    size = case["height"], case["width"], case["channels"]
    with network.fresh_keras():
        model = network.build(stack, size)
        noted = noted_calls(model, "block1")
        yield "number_of_blocks", len(noted)
        yield "way", ways(model)
        yield "shortcuts", tuple(f"block {number}: {one['shortcut']}" for number, one in enumerate(noted, 1))
        yield "strides", tuple(f"block {number}: stride {one['stride']}" for number, one in enumerate(noted, 1))
        yield "windows", tuple(f"block {number}: {one['kernel_size']}" for number, one in enumerate(noted, 1))
        yield "filters", tuple(f"block {number}: {one['filters']} filters" for number, one in enumerate(noted, 1))
        yield "names", tuple(f"block {number}: {one['label']}" for number, one in enumerate(noted, 1))
        yield "shape", tuple(model.output.shape)


def noted_calls(model: Any, *functions: str) -> list[dict[str, Any]]:
    """Return the noted arguments of each stand-in of a network, in the order of the graph.

    Raises:
        SubjectFault: if there is none: the function makes its layers by itself, or what it made is not used.
    """
    from autograder.checks.stand_in import StandIn

    found = [step.operation for step in model.steps if isinstance(step.operation, StandIn)]
    if not found:
        raise SubjectFault(f"nothing that {' or '.join(functions)} made reaches the result")
    return [{"function": layer.function, **layer.arguments} for layer in found]


def ways(model: Any) -> tuple[str, ...]:
    """Return one line per stand-in and for the output: which stand-ins it reads, by their numbers along the graph."""
    from autograder.checks.stand_in import StandIn

    found: list[str] = []
    behind: list[set[str]] = []
    number = 0
    for step in model.steps:
        before: set[str] = set().union(*(behind[feed] for feed in step.feeds)) if step.feeds else {"the input"}
        if isinstance(step.operation, StandIn):
            number += 1
            found.append(f"number {number} reads {' and '.join(sorted(before))}")
            before = {f"number {number}"}
        behind.append(before)
    return (*found, f"the result is made of {' and '.join(sorted(behind[-1]))}")


def probe_resnet(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a network whose stages are stand-ins, and what becomes of a depth that does not exist."""
    from autograder.checks import network

    asked = subject.with_stand_ins(stack0=PARTS, stack1=PARTS)
    with network.fresh_keras():
        model = network.Network.of(as_model(asked(case["depth"], case["size"], case["classes"], case["divisor"])))
        noted = noted_calls(model, "stack0", "stack1")
        yield (
            "stages",
            tuple(f"stage {stage}: {one['function']}, {one['blocks']}" for stage, one in enumerate(noted, 2)),
        )
        yield "filters", tuple(f"stage {stage}: {one['filters']} filters" for stage, one in enumerate(noted, 2))
        yield "strides", tuple(f"stage {stage}: stride {one['stride1']}" for stage, one in enumerate(noted, 2))
        yield "way", ways(model)
        yield "names_of_the_stages", tuple(str(one["label"]) for one in noted)
        yield "names", names_of_layers(model)
        yield "layers", network.layers_by_weights(model)
        yield "settings", settings_of_normalisations(model)
        yield "shapes", tuple(str(tuple(tensor.shape)) for tensor in (*model.model.inputs, *model.model.outputs))

        network.perturb(model, case.seed)
        x = network.normal(case.seed, (2, *case["size"]))
        x[0] = 0  # where the stem sees nothing, its pooling cannot stand in for a missing ReLU
        yield "inference", network.run(model, x, training=False)
        yield "training", network.run(model, x, training=True)
        yield "other_depth", what_becomes_of(asked, case["other_depth"], case["size"], case["classes"], case["divisor"])


def as_model(returned: Any) -> Any:
    """Return what a function returned, if it is a model.

    Raises:
        SubjectFault: if it is something else.
    """
    import keras

    if isinstance(returned, keras.Model):
        return returned
    kind = "None" if returned is None else f"an object of type {kind_of(returned)}"
    raise SubjectFault(f"the function returned {kind} where a keras.Model is expected")


def names_of_layers(model: Any) -> tuple[str, ...]:
    """Return the names of all layers but the inputs and the stand-ins."""
    from autograder.checks.stand_in import StandIn

    found = [step.operation for step in model.steps if step.feeds and not isinstance(step.operation, StandIn)]
    return tuple(sorted(f"{type(layer).__name__.replace('Activation', 'ReLU')} {layer.name}" for layer in found))


def what_becomes_of(asked: Callable[..., Any], *arguments: Any) -> str:
    """Say what a call ends with: the type of what it raises, or of what it returns."""
    try:
        returned = asked(*arguments)
    except SubjectRaised as error:
        return f"raises {error.described[0]}"
    return f"returns {'None' if returned is None else kind_of(returned)}"


def sizes(case: Case) -> str:
    """Say how large the input of a block or stack is."""
    return "x".join(str(case[side]) for side in ("height", "width", "channels"))


def written(arguments: Sequence[tuple[str, Any]]) -> str:
    """Write keyword arguments as in a call, each with a comma before it."""
    return "".join(f", {name}={value!r}" for name, value in arguments)
