"""Right blocks written differently.

Sources: 67 right blocks of about 70 authors, and what graders are known to stumble over.
"""

from autograder.course.mistakes import Style
from solutions.styles import layers, writing

STYLES: dict[str, tuple[Style, ...]] = {
    "identity_block": layers.IN_EITHER_BLOCK + writing.IN_EITHER_BLOCK,
    "convolutional_block": layers.IN_EITHER_BLOCK + writing.IN_EITHER_BLOCK + layers.IN_CONVOLUTIONAL_BLOCK,
}
"""Name of an exercise to its styles."""
