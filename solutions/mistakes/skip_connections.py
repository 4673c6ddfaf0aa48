"""Mistakes in assignment 02: skip connections.

Sources: public threads and tutorials on skip connections, and the published form of the model with three inputs.
"""

from autograder.course.mistakes import Mistake
from solutions.mistakes import res_block, skip_add, three_inputs

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "skip_add": skip_add.MISTAKES,
    "res_block": res_block.MISTAKES,
    "three_input_model": three_inputs.MISTAKES,
}
"""Name of an exercise to its mistakes."""
