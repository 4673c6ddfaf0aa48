"""Which assignments there are, and where their checks stand."""

from importlib import import_module

from autograder.errors import UsageError
from autograder.model import Assignment

MODULES = {
    "00_start_here": "autograder.checks.start_here",
    "01_convolutions": "autograder.checks.convolutions",
    "02_skip_connections": "autograder.checks.skip_connections",
    "03_residual_blocks": "autograder.checks.residual_blocks",
    "04_batchnorm_modes": "autograder.checks.batchnorm_modes",
    "05_resnet50": "autograder.checks.resnet50",
    "06_any_depth": "autograder.checks.any_depth",
    "07_atrous": "autograder.checks.atrous",
}
"""Assignment name to the module that defines its `ASSIGNMENT`; imported only when it is asked for."""


def find_assignment(name: str) -> Assignment:
    """Return an assignment by name.

    Raises:
        UsageError: if there is none of that name.
    """
    if name not in MODULES:
        raise UsageError(f"There is no assignment {name!r}; there are: {', '.join(sorted(MODULES))}.")
    assignment: Assignment = import_module(MODULES[name]).ASSIGNMENT
    return assignment
