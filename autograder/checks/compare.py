"""Rules that compare an observed field with the expected one, and say in words how they differ."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.model import Difference, Rule, Value


def equal(expected: Value, got: Value) -> Difference | None:
    """Numbers, strings and tuples that are the same; 2.0 is 2, but True is not 1."""
    numbers = type(expected) in (int, float) and type(got) in (int, float)
    if (numbers or type(expected) is type(got)) and expected == got:
        return None
    return Difference("the results differ", str(expected), str(got))


def same_items(expected: Value, got: Value) -> Difference | None:
    """Tuples that hold the same items, in whatever order, each as often."""
    if not isinstance(got, tuple):
        return Difference("the results differ", _items(expected), str(got))
    wanted: Counter[object] = Counter(expected)
    missing, extra = wanted - Counter(got), Counter(got) - wanted
    if not missing and not extra:
        return None
    parts = [f"{sum(count.values())} {word}" for word, count in (("missing", missing), ("too many", extra)) if count]
    return Difference(", ".join(parts), _items(missing.elements()), _items(extra.elements()))


@dataclass(frozen=True)
class Close:
    """The rule that arrays have one shape and that |got - expected| <= absolute + relative * |expected|.

    Of tuples it asks for the same items.

    Args:
        relative: share of the expected number, without unit.
        absolute: in the unit of the numbers.
    """

    relative: float
    absolute: float

    def __call__(self, expected: Value, got: Value) -> Difference | None:
        """Compare; a difference names both shapes, or the first differing place and the largest difference."""
        if not isinstance(expected, np.ndarray):
            return _without_tolerance(expected, got)
        if not isinstance(got, np.ndarray):
            return Difference("no array came", _shape(expected), f"{type(got).__name__} {got}")
        if expected.shape != got.shape:
            return Difference("the shapes differ", _shape(expected), _shape(got))
        distance = np.abs(got.astype(np.float64) - expected)
        wrong = ~(distance <= self._allowed(expected))  # not `>`: a nan is wrong
        if not wrong.any():
            return None
        return _first_difference(expected, got, wrong, distance)

    def distance(self, expected: Value, got: Value) -> float:
        """Return how far two values are apart, in units of what is allowed; infinite where no number can say it."""
        if not isinstance(expected, np.ndarray):
            return 0.0 if _without_tolerance(expected, got) is None else np.inf
        if not isinstance(got, np.ndarray) or got.shape != expected.shape:
            return np.inf
        apart = np.abs(got.astype(np.float64) - expected)
        with np.errstate(divide="ignore", invalid="ignore"):  # where nothing is allowed
            units = np.where(apart == 0, 0.0, apart / self._allowed(expected))
        return float(np.nan_to_num(units, nan=np.inf).max(initial=0.0))

    def _allowed(self, expected: np.ndarray) -> np.ndarray:
        allowed: np.ndarray = self.absolute + self.relative * np.abs(expected)
        return allowed


def _without_tolerance(expected: Value, got: Value) -> Difference | None:
    """Compare what is no array: tuples by their items, and numbers or words (a mistake may give them) as they are."""
    return same_items(expected, got) if isinstance(expected, tuple) else equal(expected, got)


def close(relative: float, absolute: float) -> Close:
    """Make the rule that arrays agree within a tolerance.

    Args:
        relative: share of the expected number, without unit.
        absolute: in the unit of the numbers.

    Returns:
        The rule.
    """
    return Close(relative, absolute)


CANCELLING = close(relative=1e-4, absolute=1e-4)
"""For float32 numbers of order 1 to 10 that a sum makes whose parts may cancel, as of two branches.

Where they do, what is left are the last bits of the parts: right answers differ by up to 1e-6 (docs/margins.md), and
what is allowed is a hundred times that, however near to zero the sum comes.
"""


def distance(rule: Rule, expected: Value, got: Value) -> float:
    """Return how far two values are apart, in units of what a rule allows; 0 or infinity if it allows nothing."""
    if isinstance(rule, Close):
        return rule.distance(expected, got)
    if isinstance(expected, np.ndarray) or isinstance(got, np.ndarray):
        return 0.0 if type(expected) is type(got) and np.array_equal(expected, got) else np.inf
    return 0.0 if rule(expected, got) is None else np.inf


def _first_difference(expected: np.ndarray, got: np.ndarray, wrong: np.ndarray, distance: np.ndarray) -> Difference:
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    largest = np.nanmax(distance) if not np.isnan(distance).all() else np.nan
    count = int(wrong.sum())
    return Difference(
        f"{count} of {wrong.size} numbers differ, the first at {list(place)}, the largest difference is {largest:.4g}",
        f"{expected[place]:.7g} at {list(place)} of {_shape(expected)}",
        f"{got[place]:.7g} at {list(place)} of {_shape(got)}",
    )


def _shape(value: Any) -> str:
    return f"shape {tuple(value.shape)}" if isinstance(value, np.ndarray) else str(value)


def _items(items: Any) -> str:
    counted = Counter(str(item) for item in items).items()
    return "; ".join(f"{count} x {item}" if count > 1 else item for item, count in counted) or "nothing more"
