"""The cases and probes of assignment 02: functions of one tensor, and a model with three inputs."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.checks.calls import Asked
from autograder.checks.fault import SubjectFault
from autograder.model import Case, Value

LARGER = 10
"""Factor of the inputs: values above 6 show a ReLU that is cut off there."""

LARGEST = 1_000_000
"""Weights of a model that is perturbed: the right ones of all cases have far fewer, one with the published width has
millions."""


def draw_skip(seed: int) -> tuple[Case, ...]:
    """Draw the cases of one skip connection: the three channels of a picture, one as in a grey one, another number."""
    random = np.random.RandomState(seed)
    sides, channels = random.permutation([4, 5, 6, 7]), (3, 1, int(random.choice([2, 4, 5])))
    return tuple(
        Case(
            f"case {number + 1}",
            int(random.randint(2**31 - 1)),
            {"channels": count, "height": int(sides[number]), "width": int(sides[number + 1]), "batch": 2 + number % 2},
        )
        for number, count in enumerate(channels)
    )


def draw_block(seed: int) -> tuple[Case, ...]:
    """Draw the cases of the block: an identity, then what changes is the stride, both, and the channels from 1.

    Keras adds a single channel to any number of channels without a word, so the last one shows a missing projection
    that no error shows.
    """
    random = np.random.RandomState(seed)
    kernels, sides = random.permutation([2, 3, 4, 5]), random.permutation([4, 5, 6, 7, 8])
    a, b, c, d, e = (int(size) for size in random.permutation([2, 3, 4, 5, 6]))
    wanted = ((a, a, 1), (b, b, 2), (c, d, 3), (1, e, 1))  # channels, filters, stride
    return tuple(
        Case(
            f"case {number + 1}",
            int(random.randint(2**31 - 1)),
            {
                "channels": channels,
                "filters": filters,
                "kernel_size": int(kernels[number]),
                "strides": strides,
                "height": int(sides[number]),
                "width": int(sides[number + 1]),
                "batch": 2 + number % 2,
            },
        )
        for number, (channels, filters, strides) in enumerate(wanted)
    )


def draw_three_inputs(seed: int) -> tuple[Case, ...]:
    """Draw the cases of the model: the width that is 1/64 of the published one, and a larger one."""
    random = np.random.RandomState(seed)
    sides, channels = random.permutation([40, 52, 66, 90]), random.permutation([1, 2, 3])
    return tuple(
        Case(
            f"case {number + 1}",
            int(random.randint(2**31 - 1)),
            {
                "width": width,
                "height": int(sides[2 * number]),
                "columns": int(sides[2 * number + 1]),
                "channels": int(channels[number]),
            },
        )
        for number, width in enumerate((1, 2))
    )


def probe_tensor(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a function of one tensor with every weight perturbed, and with all but its shortcut silenced."""
    from autograder.checks import network
    from autograder.checks.variances import shrink_variances

    given = {key: case[key] for key in ("kernel_size", "strides") if key in case.values}
    filters = [case["filters"]] if "filters" in case.values else []

    def block(X: Any) -> Any:
        return network.one_tensor(subject(X, *filters, **given))

    size = case["height"], case["width"], case["channels"]
    x = LARGER * network.normal(case.seed, (case["batch"], *size))
    with network.fresh_keras():
        model = network.build(block, size)
        yield "layers", network.layers_by_weights(model)
        # Where the weights start from is free here; epsilon and momentum are Keras's own.
        yield "settings", tuple(line for line in network.settings_by_role(model) if "kernel drawn" not in line)
        yield "fixed_training", network.fixed_training(model)
        yield "shape", tuple(model.output.shape)

        network.perturb(model, case.seed)
        yield "inference", network.run(model, x, training=False)
        yield "gradient", network.input_gradient(model, x, case.seed)
        yield "training", network.run(model, x, training=True)
        if filters:  # a block with batch normalisations
            yield "moving_statistics", network.moving_statistics(model)
            network.perturb(model, case.seed)
            shrink_variances(model)
            yield "small_variances", network.run(model, x, training=False)

        network.perturb(model, case.seed)
        network.silence_main_path(model, case["channels"], case.values.get("filters", case["channels"]))
        yield "shortcut_alone", network.run(model, x, training=False)

        model = network.build(block, (None, None, case["channels"]))
        yield "shape_of_any_size", tuple(model.output.shape)
        yield "shape_of_another_size", network.run(model, x[:, 1:, :-1], training=False).shape


def probe_model(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a model of three inputs whose blocks are stand-ins: layers, what reaches what, and values."""
    from autograder.checks import network
    from autograder.checks.stand_in import StandIn

    size = case["height"], case["columns"], case["channels"]
    with network.fresh_keras():
        built = subject.with_stand_ins(res_block="skip_probes")(size, case["width"])
        model = _three_by_three(built)
        yield "shapes", _shapes(model.model)
        yield "layers", network.layers_by_weights(model)
        found = [step.operation for step in model.steps]
        yield "blocks", tuple(sorted(one.described for one in found if isinstance(one, StandIn)))
        if (count := model.model.count_params()) > LARGEST:
            raise SubjectFault(f"width={case['width']} makes {count:,} weights: do the filters follow the width?")

        batch = [network.normal(case.seed + number, (2, *size)) for number in range(3)]
        network.perturb(model, case.seed)
        let_everything_pass(model)
        yield "reached", reached(model, [np.abs(x[0]) for x in batch])

        network.perturb(model, case.seed)
        yield "inference", _stacked(network.outputs(model, batch, training=False))
        yield "training", _stacked(network.outputs(model, batch, training=True))
        yield "moving_statistics", network.moving_statistics(model)


def _three_by_three(built: Any) -> Any:
    """Return a network of what a function returned, if it is a model of three inputs and three outputs.

    Raises:
        SubjectFault: if it is not.
    """
    import keras

    from autograder.checks import network
    from autograder.checks.fault import kind_of

    if not isinstance(built, keras.Model):
        raise SubjectFault(f"the function returned an object of type {kind_of(built)} where a keras.Model is expected")
    inputs, outputs = len(built.inputs), len(built.outputs)
    if (inputs, outputs) != (3, 3):
        raise SubjectFault(f"the model has {inputs} input(s) and {outputs} output(s), and should have 3 of each")
    return network.Network.of(built)


def _shapes(model: Any) -> tuple[str, ...]:
    """Return a line for each input and output with its shape."""
    return tuple(
        f"{kind} {number}: {tuple(tensor.shape)}"
        for kind, tensors in (("input", model.inputs), ("output", model.outputs))
        for number, tensor in enumerate(tensors, 1)
    )


def _stacked(outputs: list[np.ndarray]) -> np.ndarray:
    """Return the outputs as one array.

    Raises:
        SubjectFault: if their shapes differ.
    """
    shapes = [output.shape for output in outputs]
    if len(set(shapes)) > 1:
        raise SubjectFault(f"the outputs of the model have different shapes: {', '.join(map(str, shapes))}")
    return np.stack(outputs)


def let_everything_pass(model: Any) -> None:
    """Make every weight such that what goes in is never cancelled, and never stopped by a ReLU.

    With kernels, shifts and inputs that are not negative, a larger input makes everything larger that it reaches:
    whether it reaches an output is then a fact of the wiring, and not of a ReLU that happens to be dead.
    """
    for place in model.places:
        for weight in place.layer.weights:
            value = np.abs(model.values[id(weight)])
            if weight.name.endswith("kernel"):
                value = value / np.sqrt(np.prod(value.shape[:-1]))  # the sum over a window stays near 1
            model.values[id(weight)] = -value if weight.name == "moving_mean" else value


def reached(model: Any, images: list[np.ndarray]) -> tuple[str, ...]:
    """Return a sentence for each input and output of which the one, made larger, changes the other.

    Args:
        model: a network in whose inference the images of a batch do not see each other.
        images: one image for each input.
    """
    from autograder.checks import network

    count = len(images)
    # Image 0 of the batch is unchanged; in image n, input n alone is larger.
    batch = [
        np.stack([image + (number == other + 1) for number in range(count + 1)]).astype(np.float32)
        for other, image in enumerate(images)
    ]
    outputs = network.outputs(model, batch, training=False)
    return tuple(
        f"input {number} reaches output {i}"
        for number in range(1, count + 1)
        for i, output in enumerate(outputs, 1)
        if not np.array_equal(output[0], output[number])
    )


def res_block(inputs: Any, filters: int, kernel_size: int = 3, strides: int = 1, padding: str = "same") -> Any:
    """Stand for the student's block: note how it was called."""
    from autograder.checks.stand_in import StandIn

    given = {"filters": filters, "kernel_size": kernel_size, "strides": strides, "padding": padding}
    return StandIn("res_block", given)(inputs)
