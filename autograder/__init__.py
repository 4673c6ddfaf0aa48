"""Autograder of the residual networks course: `checks_for` and `quiet` are what a notebook imports."""

from autograder.checks.quiet import quiet
from autograder.checks.student import checks_for

__all__ = ["checks_for", "quiet"]
