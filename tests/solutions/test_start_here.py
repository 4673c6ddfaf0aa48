"""The reference of assignment 00, and what it is to show: that memorised answers are worth nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import observation as codec
from autograder.checks.engine import PUBLIC_SEED, judge, observe
from autograder.checks.start_here import RESIDUAL
from autograder.course.mistakes import OTHER_SEED
from autograder.model import Outcome
from solutions.start_here import residual


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_x_plus_the_residual_is_the_target(target: int, x: int) -> None:
    """The sum gives the target back, whichever numbers are taken."""
    assert x + residual(target, x) == target


def test_arrays_keep_their_shape_and_their_numbers() -> None:
    """The residual of arrays is taken place by place, and neither array is written to."""
    target, x = np.arange(6.0).reshape(2, 3), np.full((2, 3), 2.0)
    difference = residual(target, x)
    assert np.array_equal(difference, [[-2, -1, 0], [1, 2, 3]])
    assert np.array_equal(target, np.arange(6.0).reshape(2, 3))
    assert np.array_equal(x, np.full((2, 3), 2.0))


def outcomes(subject: Callable[..., Any], seed: int) -> set[Outcome]:
    """Judge a function on the cases of a seed."""
    cases = RESIDUAL.draw(seed)
    expected = [codec.loads(observe(RESIDUAL.probe, residual, case)) for case in cases]
    got = [observe(RESIDUAL.probe, subject, case) for case in cases]
    return {judge(RESIDUAL, check, cases, expected, got).outcome for check in RESIDUAL.checks}


def test_memorised_answers_pass_the_public_cases_and_no_others() -> None:
    """A function that knows the public results by heart is green in the notebook and fails when it is graded."""
    learned: dict[str, Any] = {}

    def learning(target: Any, x: Any) -> Any:
        learned[repr((target, x))] = residual(target, x)
        return learned[repr((target, x))]

    def memorised(target: Any, x: Any) -> Any:
        return learned.get(repr((target, x)), 0)

    assert outcomes(learning, PUBLIC_SEED) == {Outcome.PASSED}
    assert outcomes(memorised, PUBLIC_SEED) == {Outcome.PASSED}
    assert outcomes(memorised, OTHER_SEED) == {Outcome.FAILED}
