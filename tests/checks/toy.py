"""A small exercise without TensorFlow, for tests of the machinery: `double(n)` returns 2 n."""

from collections.abc import Callable, Iterator
from typing import Any

from autograder.checks.compare import equal
from autograder.model import Assignment, Case, Check, Exercise, Value


def probe(subject: Callable[..., Any], case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a function of one number at two places."""
    yield "at_n", subject(case["n"])
    yield "at_minus_n", subject(-case["n"])


def draw(seed: int) -> tuple[Case, ...]:
    """Draw two cases."""
    return tuple(Case(f"case {i}", seed + i, {"n": seed + i + 1}) for i in range(2))


def tried(case: Case) -> str:
    """Say what a case does."""
    return f"double({case['n']})"


DOUBLE = Exercise(
    "double",
    "solutions.toy:double",
    probe,
    draw,
    tried,
    (
        Check("double-positive", "It doubles positive numbers.", 1, ("at_n",), equal, "Look at the sign."),
        Check("double-negative", "It doubles negative numbers.", 2, ("at_minus_n",), equal, "Look at the factor."),
    ),
)

TOY = Assignment("00_toy", "Toy", (DOUBLE,))


def reference(n: int) -> int:
    """Return 2 n."""
    return 2 * n
