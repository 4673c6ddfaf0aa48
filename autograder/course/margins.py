"""How far two answers are apart, field by field, in units of what the checks allow; for the trusted side."""

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.checks.compare import distance, equal
from autograder.checks.diagnose import what_was_raised
from autograder.checks.engine import CANARY
from autograder.model import RAISED, Exercise, Observation, Rule


def rules(exercise: Exercise) -> Mapping[str, Rule]:
    """Return how each judged field of an exercise is compared."""
    return {field: check.rule_of(field) for check in exercise.checks for field in check.fields}


def distances(exercise: Exercise, one: Sequence[Observation], other: Sequence[Observation]) -> dict[str, float]:
    """Compare two answers on the same cases.

    Args:
        exercise: the exercise.
        one: an answer's observations; what is allowed is a share of its numbers.
        other: another answer's observations.

    Returns:
        Field to the largest distance over the cases: 1 is what the checks allow, infinity where no number can say how
        far the two are apart. Fields that no check judges, and what an answer raised, are equal or infinitely apart.
    """
    allowed = rules(exercise)
    found: dict[str, float] = {}
    for left, right in zip(one, other, strict=True):
        for field in dict.fromkeys([*left, *right]):
            if field == CANARY:
                continue
            if field not in left or field not in right:
                apart = np.inf
            elif field == RAISED:
                apart = 0.0 if what_was_raised(left[field]) == what_was_raised(right[field]) else np.inf
            else:
                apart = distance(allowed.get(field, equal), left[field], right[field])
            found[field] = max(apart, found.get(field, 0.0))
    return found
