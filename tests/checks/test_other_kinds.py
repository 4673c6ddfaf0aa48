"""The same API carries exercises that are no blocks: numbers, a model with three inputs, a network of stand-ins."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder.checks import observation as codec
from autograder.checks.calls import Asked
from autograder.checks.compare import close, equal, same_items
from autograder.checks.engine import judge, observe
from autograder.model import Case, Check, Exercise, Outcome, Value

NEAR = close(1e-4, 1e-5)


def outcomes(exercise: Exercise, reference: Callable[..., Any], subject: Callable[..., Any]) -> dict[str, Outcome]:
    """Judge a subject against a reference on cases from one seed."""
    cases = exercise.draw(3)
    expected = [codec.loads(observe(exercise.probe, reference, case)) for case in cases]
    got = [observe(exercise.probe, subject, case) for case in cases]
    return {check.name: judge(exercise, check, cases, expected, got).outcome for check in exercise.checks}


# --- numbers in, number out -----------------------------------------------------------------------------------------


def draw_convolutions(seed: int) -> tuple[Case, ...]:
    """Draw channels, filters and window of three convolutions."""
    random = np.random.RandomState(seed)
    return tuple(
        Case(
            f"case {i}",
            0,
            dict(zip(("channels", "filters", "k"), map(int, random.permutation(9)[:3] + 1), strict=True)),
        )
        for i in range(3)
    )


def probe_count(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a function of numbers."""
    yield "parameters", subject(case["channels"], case["filters"], case["k"])


COUNT_PARAMS = Exercise(
    "count_params",
    "none",
    probe_count,
    draw_convolutions,
    lambda case: str(dict(case.values)),
    (Check("count_params-value", "The count is right.", 1, ("parameters",), equal, "Is the bias counted?"),),
)


def count_params(channels: int, filters: int, k: int) -> int:
    """Return the weights of a convolution, biases included."""
    return (k * k * channels + 1) * filters


def test_numbers_in_number_out() -> None:
    """An exercise of plain numbers needs a probe of one line and no TensorFlow."""
    assert outcomes(COUNT_PARAMS, count_params, count_params) == {"count_params-value": Outcome.PASSED}
    without_bias = outcomes(COUNT_PARAMS, count_params, lambda channels, filters, k: k * k * channels * filters)
    assert without_bias == {"count_params-value": Outcome.FAILED}
    for number in (float, np.int64, np.float32):
        as_other_number = outcomes(COUNT_PARAMS, count_params, lambda *given: number(count_params(*given)))  # noqa: B023 - called at once
        assert as_other_number == {"count_params-value": Outcome.PASSED}


# --- a model with three inputs --------------------------------------------------------------------------------------


def probe_three_inputs(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe which inputs matter to which output, and the values."""
    from autograder.checks import network

    with network.fresh_keras():
        model = network.build(lambda *inputs: subject(inputs, case["width"]), *[(4,)] * 3)
        network.perturb(model, case.seed)
        batch = [network.normal(case.seed + i, (2, 4)) for i in range(3)]
        before = [*network.outputs(model, batch, training=False)]
        yield "values", np.stack(before)
        for i in range(3):
            changed = [x + (j == i) for j, x in enumerate(batch)]
            after = [*network.outputs(model, changed, training=False)]
            yield f"reached_by_{i}", tuple(not np.array_equal(a, b) for a, b in zip(before, after, strict=True))


THREE_INPUT_MODEL = Exercise(
    "three_input_model",
    "none",
    probe_three_inputs,
    lambda seed: (Case("case 1", seed, {"width": 5}),),
    lambda case: f"width {case['width']}",
    (
        Check(
            "three_input_model-inputs", "Each input matters.", 1, tuple(f"reached_by_{i}" for i in range(3)), equal, "?"
        ),
        Check("three_input_model-values", "The values are right.", 1, ("values",), NEAR, "?"),
    ),
)


def three_input_model(inputs: Any, width: int, used: int = 3) -> Any:
    """Return three outputs, each a dense layer on the inputs that are used."""
    from keras.layers import Concatenate, Dense

    joined = Concatenate()(list(inputs[:used])) if used > 1 else inputs[0]
    hidden = Dense(width, activation="relu")(joined)
    return [Dense(2)(hidden) for _ in range(3)]


@pytest.mark.tensorflow
def test_model_with_three_inputs() -> None:
    """A model that Keras builds without its second and third input is seen to ignore them."""
    right = outcomes(THREE_INPUT_MODEL, three_input_model, three_input_model)
    assert set(right.values()) == {Outcome.PASSED}
    ignoring = outcomes(THREE_INPUT_MODEL, three_input_model, lambda inputs, width: three_input_model(inputs, width, 1))
    assert ignoring["three_input_model-inputs"] is Outcome.FAILED


# --- ResNet50 with recording stand-ins for its blocks ---------------------------------------------------------------


def probe_network_of_blocks(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe in what order, with which arguments, a network calls its blocks; the blocks are stand-ins."""
    from autograder.checks import network
    from autograder.checks.stand_in import StandIn

    arguments = {"f": None, "filters": None, "stage": None, "block": None}
    with_stand_ins = subject.with_stand_ins(identity_block=arguments, convolutional_block=arguments | {"s": 2})
    with network.fresh_keras():
        model = network.build(with_stand_ins, (case["side"], case["side"], 3))
        layers = [step.operation for step in model.steps]
        yield "calls", tuple(layer.described for layer in layers if isinstance(layer, StandIn))
        yield "shape", tuple(model.output.shape)


NETWORK_OF_BLOCKS = Exercise(
    "tiny_resnet",
    "none",
    probe_network_of_blocks,
    lambda seed: (Case("case 1", seed, {"side": 16}),),
    lambda case: f"side {case['side']}",
    (
        Check("tiny_resnet-calls", "The blocks are called in order.", 1, ("calls",), equal, "?"),
        Check("tiny_resnet-shape", "The output has one number per class.", 1, ("shape",), equal, "?"),
        Check("tiny_resnet-set", "No block is left out.", 1, ("calls",), same_items, "?"),
    ),
)


def convolutional_block(*_: Any, **__: Any) -> Any:
    """Stand for a student's wrong block."""
    raise ValueError("this student's block is wrong")


identity_block = convolutional_block


def tiny_resnet(X: Any) -> Any:
    """Return a stem, three blocks and a head."""
    from keras.layers import Conv2D, Dense, GlobalAveragePooling2D

    X = Conv2D(4, 3, strides=2)(X)
    X = convolutional_block(X, 3, [2, 2, 8], 2, "a", s=1)
    X = identity_block(X, 3, [2, 2, 8], 2, "b")
    X = convolutional_block(X, 3, [4, 4, 16], 3, "a", s=2)
    return Dense(6)(GlobalAveragePooling2D()(X))


def blocks_swapped(X: Any) -> Any:
    """Return the same with the identity block first."""
    from keras.layers import Conv2D, Dense, GlobalAveragePooling2D

    X = Conv2D(4, 3, strides=2)(X)
    X = identity_block(X, 3, [2, 2, 8], 2, "b")
    X = convolutional_block(X, 3, [2, 2, 8], 2, "a", s=1)
    X = convolutional_block(X, 3, [4, 4, 16], 3, "a", s=2)
    return Dense(6)(GlobalAveragePooling2D()(X))


@pytest.mark.tensorflow
def test_network_with_stand_ins_for_its_blocks() -> None:
    """A wrong block costs the network nothing, since stand-ins are judged; a wrong order of blocks does."""
    assert set(outcomes(NETWORK_OF_BLOCKS, tiny_resnet, tiny_resnet).values()) == {Outcome.PASSED}
    swapped = outcomes(NETWORK_OF_BLOCKS, tiny_resnet, blocks_swapped)
    assert swapped["tiny_resnet-calls"] is Outcome.FAILED
    assert swapped["tiny_resnet-shape"] is Outcome.PASSED
    with pytest.raises(ValueError, match="this student's block"):
        identity_block()
