"""How strongly a student's code is shut in."""

from enum import StrEnum


class Level(StrEnum):
    """The levels, strongest first; `doctor` finds the strongest that works here."""

    NAMESPACES = "namespaces"  # bubblewrap around the worker, namespaces of its own for every submission
    LANDLOCK = "landlock"  # where namespaces are forbidden: Landlock, and a seccomp filter without new processes
    NONE = "none"  # limits only; a decision that a person types
