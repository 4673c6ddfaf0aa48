"""Results of plain calls: what counts as a number or as a pair, and what is said of anything else."""

from typing import Any

import numpy as np
import pytest

from autograder.checks.fault import Foreign, SubjectFault
from autograder.checks.plain_calls import number, pair


@pytest.mark.parametrize("value", [3, 3.0, np.array(3), np.array(3, np.float32)])
def test_a_number_is_taken_in_whatever_form(value: Any) -> None:
    """Whole numbers, floats and arrays without sides are numbers."""
    assert number(value, "a number") == 3


@pytest.mark.parametrize("value", [(2, 3), [2, 3], [2.0, np.array(3)], np.array([2, 3])])
def test_a_pair_is_taken_in_whatever_form(value: Any) -> None:
    """Tuples, lists and arrays of two numbers are pairs."""
    assert pair(value, "a pair") == (2, 3)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "returned None where"),
        (5, "returned one number, 5 where"),
        ((1, 2, 3), "returned a tuple of 3 where"),
        ([], r"returned a list of 0 where"),
        (np.ones((2, 2)), r"returned an array of shape \(2, 2\) where"),
        ("2, 3", "returned an object of type str where"),
        (Foreign("Conv2D"), "returned an object of type Conv2D where"),
        ((1, None), "returned None where"),
    ],
)
def test_anything_else_is_said_in_words(value: Any, said: str) -> None:
    """The sentence names what came and what was expected."""
    with pytest.raises(SubjectFault, match=f"{said} a pair is expected"):
        pair(value, "a pair")


@pytest.mark.parametrize("value", [None, True, "3", (3,), np.ones(1)])
def test_what_is_no_number(value: Any) -> None:
    """True, texts and arrays with sides are no numbers."""
    with pytest.raises(SubjectFault, match="where a number is expected"):
        number(value, "a number")
