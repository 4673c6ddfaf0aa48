"""The real command with shorter limits: `python -m tests.attacks.command 15 '{"call_seconds": 3}' grade FOLDER ...`.

The number is that of seconds for an evaluation. Limits are the trusted side's; nothing else differs from `autograder`.
What uses up whatever time it is given would otherwise take ten minutes.
"""

import json
import sys
from dataclasses import fields

from autograder.cli import main
from autograder.model import Limits
from autograder.sandbox import station


def shorten(**limits: float) -> None:
    """Give the limits other default values."""
    defaults = tuple(limits.get(one.name, one.default) for one in fields(Limits))
    Limits.__init__.__defaults__ = defaults


if __name__ == "__main__":
    station.EVALUATION_SECONDS = int(sys.argv[1])
    shorten(**json.loads(sys.argv[2]))
    main(sys.argv[3:], prog_name="autograder")
