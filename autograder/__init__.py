"""Autograder of the residual networks course: `checks_for`, `start_keras` and `quiet` are what a notebook imports."""

from autograder.checks.quiet import quiet, start_keras
from autograder.checks.student import checks_for

__all__ = ["checks_for", "quiet", "start_keras"]
