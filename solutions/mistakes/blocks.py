"""Mistakes in the two blocks of ResNet-50.

Sources: public threads on the ResNet-50 assignment, and 142 block functions of about 70 authors compared with the
reference.
"""

from autograder.course.mistakes import Mistake
from solutions.mistakes.either_block import IN_EITHER_BLOCK
from solutions.mistakes.one_block import IN_CONVOLUTIONAL_BLOCK, IN_IDENTITY_BLOCK

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "identity_block": IN_EITHER_BLOCK + IN_IDENTITY_BLOCK,
    "convolutional_block": IN_EITHER_BLOCK + IN_CONVOLUTIONAL_BLOCK,
}
"""Name of an exercise to its mistakes."""
