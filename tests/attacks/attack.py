"""What an attack is: a submission made from the release notebook, what it would gain, and how its success is seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]

REACHED = "reached: "
"""What an attack prints before the name of what it got hold of and what no canary stands for."""

THREATS = {
    1: "tests or answers on disk",
    2: "tests or answers in memory",
    3: "patched checker, NumPy, Keras, builtins",
    4: "lying objects",
    5: "neutralised harness",
    6: "forged output channel",
    7: "forged results, journal or database",
    8: "objects that run code when they are read",
    9: "early exit, crash, endless loop",
    10: "processes, memory, disk, output, file handles",
    11: "network, and text as a channel",
    12: "other submissions, environment, credentials, home folder",
    13: "processes or files that outlive the run",
    14: "HTML, script and formulas aimed at the instructor",
    15: "broken or strange submissions",
    16: "memorised public inputs, detection of grading",
    17: "shortcuts",
    18: "changed points or metadata",
}
"""The classes of ways to cheat or to break an autograder."""


@dataclass(frozen=True)
class Places:
    """What an attacker is assumed to know: where things lie on the machine, but not what they hold.

    Args:
        paths: name to absolute path: root, course, class, home, outside (where anyone may write), socket.
        ports: name to a port that somebody listens on: tcp, udp.
        nonce: a word that names what an attack leaves behind, so that it can be found.
    """

    paths: Mapping[str, str]
    ports: Mapping[str, int]
    nonce: str


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What is handed in: the release with cells and lines added, or something else in its place.

    Args:
        cells: code cells that stand before the first block.
        inside: lines at the beginning of both gaps; they are run whenever a block is called.
        answer: what stands in both gaps otherwise; by default the gap as released, or the solution if honest.
        after: code cells at the end.
        change: changes the notebook's JSON in place, or returns other bytes for the file.
        beside: other files of the folder, relative path to content.
        arrange: called with the submission's folder once all is written.
        student: name of the folder, if it is not the entry's.
    """

    cells: tuple[str, ...] = ()
    inside: str = ""
    answer: str = ""
    after: tuple[str, ...] = ()
    change: Callable[[Notebook], bytes | None] | None = None
    beside: Mapping[str, bytes] = field(default_factory=dict)
    arrange: Callable[[Path, Places], object] | None = None
    student: str = ""


@dataclass(frozen=True)
class Attack(Handed):
    """One try to gain a point, to read what is secret, to harm others or to take the grader down.

    Args:
        name: small letters, digits and `-`; the student is called so.
        threat: number of its class, see THREATS.
        channel: the way it takes, in a few words.
        sentence: what it tries.
        naive: an assertion as many courses' checks have it, which the attack passes; it is run after the cells where
            nothing is protected, and shows that the attack is no dud.
        not_shown: why no unprotected run shows it, where none does.
        known: what it does reach, where that is accepted; such attacks are counted apart.
        deserves: points that the same notebook is worth without the attack.
        short: whether the limits of time are shortened for it, since it uses up whatever it is given.
        quick: whether the quick tests have it too.
    """

    name: str
    threat: int
    channel: str
    sentence: str
    naive: str = field(default="", kw_only=True)
    not_shown: str = field(default="", kw_only=True)
    known: str = field(default="", kw_only=True)
    deserves: float = field(default=0, kw_only=True)
    short: bool = field(default=False, kw_only=True)
    quick: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Honest(Handed):
    """A right notebook that looks odd; it must get all points.

    Args:
        name: as an attack's.
        sentence: what is odd.
        style: name of a style of the course's catalogue in which the blocks are written.
        short: whether it takes long.
        quick: whether the quick tests have it too.
    """

    name: str
    sentence: str
    style: str = field(default="", kw_only=True)
    quick: bool = field(default=False, kw_only=True)


Entry = Attack | Honest


def student_of(entry: Entry) -> str:
    """Return the name of an entry's folder."""
    return entry.student or entry.name


def indented(code: str) -> str:
    """Return lines four blanks further to the right."""
    return "\n".join(f"    {line}" for line in code.strip("\n").split("\n"))


def trying(code: str) -> tuple[str, str]:
    """Return a cell that defines and runs code whose exceptions are swallowed, and a line that runs it again."""
    return f"def attack():\n{indented(code)}\ntried(attack)", "tried(attack)"
