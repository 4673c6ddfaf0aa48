"""Assignment 00: one gap of one line, by which a student learns how gaps, checks and submissions work."""

from collections.abc import Iterator

import numpy as np

from autograder.checks.calls import Asked
from autograder.checks.compare import close, equal
from autograder.checks.plain_calls import number
from autograder.model import Assignment, Case, Check, Exercise, Value


def draw_residual(seed: int) -> tuple[Case, ...]:
    """Draw two cases: in the first the residual of the two numbers is positive, in the second negative."""
    random = np.random.RandomState(seed)
    cases = []
    for number_of_case, sign in enumerate((1, -1), start=1):
        small, step = (int(one) for one in random.permutation(range(3, 10))[:2])  # the residual is not x itself
        target, x = (small + step, small)[::sign]
        sides = tuple(int(side) for side in random.permutation([2, 3, 4])[: 1 + number_of_case])
        values = {"target": target, "x": x, "shape": sides}
        cases.append(Case(f"case {number_of_case}", int(random.randint(2**31 - 1)), values))
    return tuple(cases)


def probe_residual(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe the residual of two numbers and of two arrays, and the arrays afterwards."""
    yield "numbers", number(subject(case["target"], case["x"]), "a number")
    random = np.random.RandomState(case.seed)
    target, x = (random.randint(-9, 10, case["shape"]) + random.randint(1, 8) / 8 for _ in range(2))
    yield "arrays", subject(target, x)
    for place, argument in enumerate(("target", "x")):
        yield f"{argument}_afterwards", subject.giving_back(place)(target, x)


def _tried(case: Case) -> str:
    """Say what a case does, as the student would write it."""
    sides = "x".join(str(side) for side in case["shape"])
    return f"residual(target={case['target']}, x={case['x']}), then two arrays of {sides} numbers"


RESIDUAL = Exercise(
    name="residual",
    reference="solutions.start_here:residual",
    probe=probe_residual,
    draw=draw_residual,
    tried=_tried,
    checks=(
        Check(
            "residual-numbers",
            "For two numbers, x plus the residual gives the target.",
            1,
            ("numbers",),
            equal,
            "Take the two numbers that were tried and do it by hand: what has to be added to x to get the target?",
        ),
        Check(
            "residual-arrays",
            "Arrays are taken number by number, and stay as they were.",
            1,
            ("arrays", "target_afterwards", "x_afterwards"),
            close(relative=1e-6, absolute=1e-6),
            "The same line that is right for two numbers is right for two arrays of NumPy, if it makes a new array.",
        ),
    ),
)

ASSIGNMENT = Assignment("00_start_here", "Start here", (RESIDUAL,))
