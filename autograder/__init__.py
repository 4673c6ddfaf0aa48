"""Autograder of the residual networks course: `checks_for`, `start_keras` and `quiet` are what a notebook imports."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.checks.quiet import quiet, start_keras
    from autograder.checks.student import checks_for

__all__ = ["checks_for", "quiet", "start_keras"]

_HOMES = {"checks_for": "checks.student", "quiet": "checks.quiet", "start_keras": "checks.quiet"}


def __getattr__(name: str) -> Any:
    """Import one of them when it is asked for: the sandbox has processes that must stay small and have one thread."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
