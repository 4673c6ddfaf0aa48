"""How far two answers are apart."""

import numpy as np
import pytest

from autograder.checks.compare import close, equal
from autograder.course.margins import distances
from autograder.model import RAISED, Case, Check, Exercise, Observation


def draw(seed: int) -> tuple[Case, ...]:
    """Draw nothing."""
    return (Case("only", seed),)


EXERCISE = Exercise(
    name="toy",
    reference="toys:toy",
    probe=lambda subject, case: iter(()),
    draw=draw,
    tried=lambda case: "It is tried.",
    checks=(
        Check("toy-value", "The value is right.", 1, ("value",), close(relative=0, absolute=0.1), "Look."),
        Check("toy-words", "The words are right.", 1, ("words",), equal, "Look."),
    ),
)

RIGHT = {"canary": 1, "value": np.zeros(2), "words": "same", "beside": ("a",)}


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        (RIGHT, {"value": 0, "words": 0, "beside": 0}),
        ({**RIGHT, "canary": 2}, {"value": 0, "words": 0, "beside": 0}),
        ({**RIGHT, "value": np.array([0, 0.5])}, {"value": 5, "words": 0, "beside": 0}),
        ({**RIGHT, "beside": ("b",)}, {"value": 0, "words": 0, "beside": np.inf}),
        ({"canary": 1, RAISED: ("E", "m", "")}, {"value": np.inf, "words": np.inf, "beside": np.inf, RAISED: np.inf}),
    ],
)
def test_each_field_has_its_distance(seen: Observation, found: dict[str, float]) -> None:
    """Judged fields count what is allowed; others, and those that are missing, are equal or infinitely apart."""
    assert distances(EXERCISE, [RIGHT], [seen]) == pytest.approx(found)


def test_the_furthest_case_counts() -> None:
    """Of several cases the largest distance is told."""
    near, far = ({**RIGHT, "value": np.full(2, value)} for value in (0.1, 0.3))
    assert distances(EXERCISE, [RIGHT] * 2, [far, near])["value"] == pytest.approx(3)


def test_what_was_raised_is_compared_without_line_and_address() -> None:
    """Where in a student's code it happened, and at which address an object lay, says nothing about the mistake."""
    one, other, third = (
        {RAISED: ("ValueError", f"<Add object at {address}> got 2 shapes", line)}
        for address, line in (("0x1f", "line 3: X = Add()"), ("0x2e", "line 9: Y = Add()"), ("nowhere", ""))
    )
    assert distances(EXERCISE, [one], [other]) == {RAISED: 0}
    assert distances(EXERCISE, [one], [third]) == {RAISED: np.inf}
