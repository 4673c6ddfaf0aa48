"""What the generic tests do not say of assignment 07: no exercise pays for another, cases tell mistakes apart."""

from pathlib import Path

import numpy as np
import pytest

from autograder.checks import arithmetic
from autograder.checks import observation as codec
from autograder.checks.calls import Asked, answer
from autograder.checks.compare import close
from autograder.checks.engine import judge, observe
from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.mistakes import UNCHANGED, make_subject
from autograder.model import Case, Exercise, Outcome, Value

pytestmark = pytest.mark.tensorflow

COURSE = Course(Path(__file__).parents[2])
EXERCISES = {exercise.name: exercise for exercise in find_assignment("07_atrous").exercises}
SEED = 5

USES = {
    "bottleneck": ("subsample", "conv2d_same"),
    "stack_blocks_dense": ("bottleneck",),
    "atrous_resnet": ("resnet_v1_block", "stack_blocks_dense"),
}
"""Exercise to the student's other functions that it uses."""


def broken(*_: object, **__: object) -> None:
    """Stand for a student's wrong function."""
    raise ValueError("this one is wrong")


@pytest.mark.parametrize("name", USES)
def test_a_wrong_function_costs_nothing_where_it_is_used(name: str) -> None:
    """With every function that it uses broken, an exercise still gets full marks."""
    exercise = EXERCISES[name]
    subject = make_subject(COURSE, exercise, UNCHANGED)
    expected = [codec.loads(observe(exercise.probe, subject, case)) for case in exercise.draw(SEED)]
    for used in USES[name]:
        subject.__globals__[used] = broken
    got = [observe(exercise.probe, subject, case) for case in exercise.draw(SEED)]
    for check in exercise.checks:
        verdict = judge(exercise, check, exercise.draw(SEED), expected, got)
        assert verdict.outcome is Outcome.PASSED, verdict.message


def observed(exercise: Exercise, case: Case) -> dict[str, Value]:
    """Observe a reference."""
    return codec.loads(observe(exercise.probe, make_subject(COURSE, exercise, UNCHANGED), case))


@pytest.mark.parametrize("name", ["subsample", "conv2d_same", "bottleneck", "stack_blocks_dense"])
def test_as_keras_computes_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Padding, pooling, slices and stand-ins that are computed without Keras's bookkeeping give Keras's numbers."""
    exercise = EXERCISES[name]
    case = exercise.draw(SEED)[0]
    mine = observed(exercise, case)
    monkeypatch.setattr(arithmetic, "plan", lambda steps: None)
    kerass = observed(exercise, case)
    assert list(mine) == list(kerass)
    for field, value in kerass.items():
        if isinstance(value, np.ndarray):
            assert close(relative=1e-5, absolute=1e-5)(value, mine[field]) is None, field
        else:
            assert mine[field] == value


@pytest.mark.parametrize("seed", range(20))
def test_cases_of_the_stack_tell_added_rates_from_multiplied_ones(seed: int) -> None:
    """Behind two strides that are left out there is another unit, and what is to be refused is no product."""
    for case in EXERCISES["stack_blocks_dense"].draw(seed):
        strides = [unit["stride"] for _, units in case["blocks"] for unit in units]
        products = set(np.cumprod(strides))
        assert sum(stride > 1 for stride in strides[:-1]) == 3
        assert strides[-1] == 1
        assert not products & {case["between"], case["no_divisor"], 2 * case["total"]}
        assert case["halfway"] in products


def test_a_named_tuple_crosses_as_what_it_holds() -> None:
    """What a student returns as a Block is a tuple where it is judged, and its function an object without content."""
    subject = make_subject(COURSE, EXERCISES["resnet_v1_block"], UNCHANGED)
    block = Asked(lambda call: answer(subject, call))("block1", 2, 2, 3)
    assert type(block) is tuple
    assert block[0] == "block1"
    assert block[2] == [
        {"depth": 8, "depth_bottleneck": 2, "stride": 1},
        {"depth": 8, "depth_bottleneck": 2, "stride": 3},
    ]
