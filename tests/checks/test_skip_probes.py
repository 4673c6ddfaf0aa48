"""Probes of assignment 02: what reaches what is a fact of the wiring."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from autograder.checks import network
from autograder.checks import observation as codec
from autograder.checks.engine import observe
from autograder.checks.skip_connections import ASSIGNMENT
from autograder.checks.skip_probes import draw_block, draw_skip, draw_three_inputs, let_everything_pass, reached
from autograder.checks.skip_probes import res_block as stand_in
from solutions.skip_connections import res_block, skip_add, three_input_model

EXERCISES = {exercise.name: exercise for exercise in ASSIGNMENT.exercises}


def test_points_of_the_assignment() -> None:
    """The assignment is worth 20 points, as the others are."""
    assert sum(check.points for check in ASSIGNMENT.checks) == 20


@pytest.mark.parametrize("seed", range(20))
def test_what_could_be_mixed_up_differs(seed: int) -> None:
    """Each case of the block has another window; height, width and channels differ; each change of shape comes once."""
    cases = draw_block(seed)
    assert len({case["kernel_size"] for case in cases}) == len(cases)
    assert [(case["channels"] == case["filters"], case["strides"] == 1) for case in cases] == [
        (True, True),
        (True, False),
        (False, False),
        (False, True),
    ]
    assert cases[-1]["channels"] == 1
    assert all(case["height"] != case["width"] for case in (*cases, *draw_skip(seed)))
    assert {1, 3} < {case["channels"] for case in draw_skip(seed)}
    widths, sizes = zip(
        *((case["width"], (case["height"], case["columns"])) for case in draw_three_inputs(seed)), strict=True
    )
    assert min(widths) == 1
    assert len({*widths}) == len({side for size in sizes for side in size}) // 2 == 2


@pytest.mark.tensorflow
def test_a_dead_relu_does_not_hide_a_way() -> None:
    """An input whose way leads through a ReLU that is always shut by the weights is still seen to reach the output."""
    inputs = [keras.Input((4, 4, 1)) for _ in range(3)]
    shut = keras.layers.Conv2D(1, 1, activation="relu", bias_initializer=keras.initializers.Constant(-100.0))
    first, second = shut(inputs[0]), keras.layers.Conv2D(1, 1)(inputs[1])
    model = network.Network.of(keras.Model(inputs, [first, second, keras.layers.Add()([first, second])]))
    images = [np.abs(network.normal(i, (4, 4, 1))) for i in range(3)]
    let_everything_pass(model)
    assert reached(model, images) == (
        "input 1 reaches output 1",
        "input 1 reaches output 3",
        "input 2 reaches output 2",
        "input 2 reaches output 3",
    )


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "seed", [11, pytest.param(12, marks=pytest.mark.slow), pytest.param(13, marks=pytest.mark.slow)]
)
def test_the_reference_is_alive_on_any_seed(seed: int) -> None:
    """All ways are seen, and the values in training say something about each input, at the smallest width too."""
    exercise = EXERCISES["three_input_model"]
    for case in exercise.draw(seed):
        seen = codec.loads(observe(exercise.probe, three_input_model, case))
        assert len(seen["reached"]) == 9
        assert np.ptp(seen["training"]) > 0.1


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda inputs: None, "NoneType where a keras.Model"),
        (lambda inputs: keras.Model(inputs[:2], inputs[:1]), "2 input(s) and 1 output(s)"),
    ],
)
def test_what_is_no_model_of_three_is_said(made: Callable[[list[Any]], object], sentence: str) -> None:
    """Another thing than a model, or one with other inputs and outputs, is told in one sentence."""
    exercise = EXERCISES["three_input_model"]

    def subject(input_shape: tuple[int, ...], width: int) -> object:
        return made([keras.Input(input_shape) for _ in range(3)])

    raised = codec.loads(observe(exercise.probe, subject, exercise.draw(0)[0]))["raised"]
    assert sentence in raised[1]


@pytest.mark.tensorflow
def test_skip_add_is_observed_in_both_modes() -> None:
    """Without batch normalisation and dropout both modes give the same."""
    exercise = EXERCISES["skip_add"]
    seen = codec.loads(observe(exercise.probe, skip_add, exercise.draw(0)[0]))
    assert np.array_equal(seen["inference"], seen["training"])


@pytest.mark.tensorflow
@pytest.mark.parametrize("arguments", [{"filters": 5}, {"filters": 3, "strides": 2}])
def test_the_stand_in_has_the_shape_of_a_right_block(arguments: dict[str, Any]) -> None:
    """The stand-in for `res_block` takes its arguments and gives a tensor of its shape, in a model and computed."""
    image = keras.Input((7, 6, 4))
    stood = stand_in(image, **arguments)
    assert stood.shape == res_block(image, **arguments).shape
    model, x = keras.Model(image, stood), network.normal(0, (2, 7, 6, 4))
    computed = network.run(network.Network.of(model), x, training=False)  # beside Keras
    np.testing.assert_allclose(computed, model(x), rtol=1e-6)
    assert computed.shape[1:] == stood.shape[1:]
