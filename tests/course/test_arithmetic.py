"""What is computed without Keras's bookkeeping equals what Keras computes, for right and for wrong blocks."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pytest

from autograder.checks import arithmetic, network
from autograder.checks import observation as codec
from autograder.checks.compare import close
from autograder.checks.engine import observe
from autograder.checks.registry import find_assignment
from autograder.checks.structure import Step
from autograder.course.folder import Course
from autograder.course.mistakes import UNCHANGED, Variant, load_mistakes, load_styles, make_subject
from autograder.model import Case, Exercise

pytestmark = pytest.mark.tensorflow

COURSE = Course(Path(__file__).parents[2])
SEED = 3
SAME = close(relative=1e-5, absolute=1e-5)
"""Sums in another order differ in the last bits; a tenth of what the checks allow."""

EXERCISES = (*find_assignment("03_residual_blocks").exercises, find_assignment("05_resnet50").exercises[0])
VARIANTS = [
    (exercise, variant)
    for exercise in EXERCISES
    for variant in (UNCHANGED, *load_mistakes(COURSE, exercise), *load_styles(COURSE, exercise))
]
ONE_IN = 16
"""A sample of so many is compared in the quick run."""


@pytest.mark.parametrize(
    ("exercise", "variant"),
    [
        pytest.param(*pair, id=f"{pair[0].name}-{pair[1].name}", marks=() if n % ONE_IN == 0 else pytest.mark.slow)
        for n, pair in enumerate(VARIANTS)
    ],
)
def test_as_keras_computes_it(exercise: Exercise, variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field of an observation is the same in both ways."""
    case = exercise.draw(SEED)[0]
    mine = observed(exercise, variant, case)
    monkeypatch.setattr(arithmetic, "plan", lambda steps: None)
    kerass = observed(exercise, variant, case)
    assert list(mine) == list(kerass)
    for field, value in kerass.items():
        if isinstance(value, np.ndarray):
            assert SAME(value, mine[field]) is None, field
        else:
            assert mine[field] == value


def observed(exercise: Exercise, variant: Variant, case: Case) -> dict[str, object]:
    """Observe a changed reference; what it draws without a seed of its own is the same each time."""
    keras.utils.set_random_seed(SEED)
    return dict(codec.loads(observe(exercise.probe, make_subject(COURSE, exercise, variant), case)))


def test_the_reference_needs_no_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks, and ResNet-50 with stand-ins, are made of known layers: the quick way is the one that is taken."""
    made: list[object] = []
    plan = arithmetic.plan

    def noted(steps: Sequence[Step]) -> object:
        made.append(plan(steps))
        return made[-1]

    monkeypatch.setattr(arithmetic, "plan", noted)
    for exercise in EXERCISES:
        observed(exercise, UNCHANGED, exercise.draw(SEED)[0])
    assert made
    assert None not in made


@pytest.mark.parametrize(
    "layer",
    [
        keras.layers.Conv2D(3, 2, use_bias=None),
        keras.layers.BatchNormalization(scale=None),
        keras.layers.BatchNormalization(center=None),
    ],
    ids=["use_bias", "scale", "center"],
)
def test_none_is_false(layer: keras.Layer) -> None:
    """Keras takes None where it asks for a truth value, and so is the model computed."""
    x = np.ones((2, 4, 4, 3), np.float32)
    with network.fresh_keras():
        model = network.build(layer, x.shape[1:])
        assert SAME(model._call_keras([x], training=False)[0].numpy(), network.run(model, x, training=False)) is None


@pytest.mark.parametrize("padding", ["same", "valid"])
def test_a_dilated_convolution_is_one_with_zeros(padding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its values and its gradient are Keras's, and need no operation that only oneDNN has."""
    x = network.normal(SEED, (2, 9, 8, 3))
    with network.fresh_keras():
        model = network.build(keras.layers.Conv2D(4, (3, 2), dilation_rate=(2, 3), padding=padding), x.shape[1:])
        mine = network.run(model, x, training=False), network.input_gradient(model, x, SEED)
        assert model._plan is not None
        monkeypatch.setitem(model.__dict__, "_plan", None)
        assert SAME(network.run(model, x, training=False), mine[0]) is None
        assert SAME(network.input_gradient(model, x, SEED), mine[1]) is None


def test_a_quantized_layer_is_left_to_keras() -> None:
    """Keras cannot compute such a convolution, so neither must we, although its weights are float32."""
    layer = keras.layers.Conv2D(3, 2, dtype="int8_from_float32")
    with network.fresh_keras():
        model = network.build(layer, (4, 4, 3))
        with pytest.raises(NotImplementedError):
            network.run(model, np.ones((2, 4, 4, 3), np.float32), training=False)
