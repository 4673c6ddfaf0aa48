"""Verdicts from answers."""

from collections.abc import Mapping
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.engine import PUBLIC_SEED
from autograder.checks.expected import load_expected
from autograder.checks.residual_blocks import ASSIGNMENT, IDENTITY_BLOCK
from autograder.course.reference import Expected
from autograder.grading.judged import Judge
from autograder.model import Outcome
from autograder.sandbox.station import TOO_LARGE


def test_what_is_too_large_is_evaluated_once() -> None:
    """An answer that uses up the evaluator's time on one case fails, and is not tried on the other cases."""
    asked: list[Mapping[str, Any]] = []

    def evaluate(request: Mapping[str, Any]) -> Mapping[str, str]:
        asked.append(request)
        return {"observation": TOO_LARGE}

    recorded = load_expected(ASSIGNMENT.name, IDENTITY_BLOCK)
    expected = [Expected(("call",), codec.dumps(observation).decode()) for observation in recorded]
    verdicts = Judge(ASSIGNMENT, evaluate).verdicts(IDENTITY_BLOCK, PUBLIC_SEED, expected, ["answer"] * len(expected))
    assert len(expected) > len(asked) == 1
    assert {verdict.outcome for verdict in verdicts} == {Outcome.FAILED}
