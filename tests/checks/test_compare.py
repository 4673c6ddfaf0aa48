"""What counts as equal, and how a difference is put into words."""

import numpy as np
import pytest

from autograder.checks.compare import close, distance, equal, same_items
from autograder.model import Rule

RULE = close(relative=1e-4, absolute=1e-5)


def test_first_difference_has_place_and_both_values() -> None:
    """A difference tells shape, first differing place, both values there, and the largest difference."""
    expected = np.zeros((2, 3), np.float32)
    got = expected.copy()
    got[1, 0], got[1, 2] = 0.5, -2
    difference = RULE(expected, got)
    assert difference is not None
    assert "2 of 6 numbers differ, the first at [1, 0], the largest difference is 2" in difference.what
    assert difference.expected == "0 at [1, 0] of shape (2, 3)"
    assert difference.got == "0.5 at [1, 0] of shape (2, 3)"


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_wrong(wrong: float) -> None:
    """A nan compares false with everything and is a difference all the same."""
    assert RULE(np.zeros(3), np.array([0, wrong, 0])) is not None
    assert RULE(np.zeros(1), np.array([wrong])) is not None


def test_tolerance_is_absolute_plus_relative() -> None:
    """The last digits of float32 pass, one part in a thousand does not."""
    assert RULE(np.array([100.0]), np.array([100.009])) is None
    assert RULE(np.array([100.0]), np.array([100.1])) is not None


def test_shapes_never_broadcast() -> None:
    """Arrays of another shape differ, even where NumPy would stretch one of them."""
    difference = RULE(np.zeros((2, 1)), np.zeros((2, 2)))
    assert difference is not None
    assert (difference.expected, difference.got) == ("shape (2, 1)", "shape (2, 2)")


@pytest.mark.parametrize("got", ["text", None, 1.0, (1, 2)])
def test_no_array_is_a_difference(got: object) -> None:
    """What is no array where one is expected is a difference, never an exception."""
    assert RULE(np.zeros(2), got) is not None


@pytest.mark.parametrize("rule", [equal, same_items, RULE])
def test_equal_tuples_agree(rule: Rule) -> None:
    """Every rule accepts two equal tuples."""
    assert rule(("a", 1, None), ("a", 1, None)) is None


def test_types_matter() -> None:
    """True is not 1, and "1" is not either; 1.0 is."""
    assert equal(1, True) is not None
    assert equal(1, "1") is not None
    assert equal(1, 1.0) is None


def test_missing_and_extra_items_are_named() -> None:
    """Order does not matter; what is missing and what is too many is listed, with how often."""
    assert same_items(("a", "b", "b"), ("b", "a", "b")) is None
    difference = same_items(("a", "b", "b"), ("a", "c"))
    assert difference is not None
    assert (difference.what, difference.expected, difference.got) == ("2 missing, 1 too many", "2 x b", "c")


@pytest.mark.parametrize(("got", "units"), [([100.0], 0.0), ([100.01], 1.0), ([99.0], 100.0)])
def test_a_distance_counts_what_is_allowed(got: list[float], units: float) -> None:
    """One is the limit: half of the tolerance is half."""
    rule = close(relative=1e-4, absolute=0.0)
    assert distance(rule, np.array([100.0]), np.array(got)) == pytest.approx(units)


@pytest.mark.parametrize("got", [np.zeros(3), np.array([np.nan, 0]), "text", None])
def test_what_no_number_can_say_is_infinitely_apart(got: object) -> None:
    """Another shape, a nan, or no array at all."""
    assert distance(RULE, np.zeros(2), got) == np.inf


def test_without_tolerance_a_distance_is_nothing_or_infinite() -> None:
    """Texts and tuples are equal or not."""
    assert distance(equal, 1, 1.0) == 0 == distance(RULE, ("a",), ("a",))
    assert distance(equal, 1, 2) == np.inf == distance(RULE, ("a",), ("b",))
