"""Mistakes in assignment 02: skip connections.

Sources: public threads and tutorials on skip connections, and the published form of the model with three inputs.
"""

from autograder.course.mistakes import Mistake
from solutions.mistakes.res_block_main_path import IN_THE_MAIN_PATH
from solutions.mistakes.res_block_shortcut import IN_THE_SHORTCUT
from solutions.mistakes.skip_add import IN_SKIP_ADD
from solutions.mistakes.three_inputs_joined import IN_THE_INPUTS
from solutions.mistakes.three_inputs_layers import BEHIND_THE_INPUTS

MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "skip_add": IN_SKIP_ADD,
    "res_block": IN_THE_SHORTCUT + IN_THE_MAIN_PATH,
    "three_input_model": IN_THE_INPUTS + BEHIND_THE_INPUTS,
}
"""Name of an exercise to its mistakes."""
