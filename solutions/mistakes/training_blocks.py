"""Mistakes in the blocks of the training edition: those of its own, and those of wiring."""

from autograder.course.mistakes import Mistake
from solutions.mistakes.training_modes import modes_of
from solutions.mistakes.training_projection import IN_CONVOLUTIONAL_BLOCK
from solutions.mistakes.training_wiring import IN_EITHER_BLOCK, IN_IDENTITY_BLOCK

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "identity_block": modes_of(("second", "third")) + IN_EITHER_BLOCK + IN_IDENTITY_BLOCK,
    "convolutional_block": modes_of(("second", "third", "shortcut's")) + IN_EITHER_BLOCK + IN_CONVOLUTIONAL_BLOCK,
}
"""Name of an exercise to its mistakes."""
