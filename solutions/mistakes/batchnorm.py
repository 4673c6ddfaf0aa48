"""Mistakes in batch normalisation by hand, and in freezing it."""

from autograder.course.mistakes import Mistake
from solutions.mistakes.batchnorm_forward import IN_BATCHNORM_FORWARD
from solutions.mistakes.freeze_batchnorm import IN_FREEZE_BATCHNORM

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "batchnorm_forward": IN_BATCHNORM_FORWARD,
    "freeze_batchnorm": IN_FREEZE_BATCHNORM,
}
"""Name of an exercise to its mistakes."""
