"""What became of a submission: looks at all that an attack could have changed, and at all that its student sees."""

import contextlib
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from autograder.checks import observation as codec
from autograder.checks.engine import PUBLIC_SEED
from tests.attacks.attack import REACHED
from tests.attacks.handing import OWNED
from tests.attacks.machine import Machine

NUMBERS_PER_FIELD = 2


@dataclass
class Result:
    """What became of one submission: empty lists are what one hopes for.

    Args:
        score: points; None if it is not in the results.
        gained: points beyond what it deserves, in words.
        leaked: what it read, or could send out.
        harmed: what it did to others, or to the grader.
        said: outcome and message of the results.
    """

    score: float | None = None
    gained: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    harmed: list[str] = field(default_factory=list)
    said: str = ""

    @property
    def successes(self) -> list[str]:
        """All that was achieved."""
        return [*self.gained, *self.leaked, *self.harmed]


def leaks(machine: Machine, student: str, name: str, texts: Iterable[str], secret: Mapping[str, str]) -> list[str]:
    """Return what a submission got hold of or sent out.

    Args:
        machine: where it ran.
        student: the name of its folder.
        name: what its code calls itself.
        texts: all that its student sees.
        secret: further canaries, name to text.
    """
    text = "\n".join(texts)
    canaries = {where: canary for where, canary in {**machine.canaries, **secret}.items() if where != student}
    found = [where for where, canary in canaries.items() if canary in text]
    found += dict.fromkeys(said_reached(text))
    if (machine.outside / name).exists():
        found.append("wrote a file outside")
    return found + [f"was heard over {heard.split(':')[0]}" for heard in machine.caught if f"<{name}>" in heard]


def said_reached(text: str) -> list[str]:
    """Return what the outputs in a text say was reached; not the lines of code that would say so."""
    lines = re.findall(rf'(?:^|\\n|")({re.escape(REACHED)}[^"\n\\]*)', text, re.MULTILINE)
    return [line.removeprefix(REACHED)[:60] for line in lines]


def expected_numbers(machine: Machine) -> dict[str, str]:
    """Return numbers that stand in what the references show on secret cases, as a cell would print them."""
    found: dict[str, str] = {}
    public = f".{PUBLIC_SEED}.json"  # what the references show on public cases is said to students
    for path in (machine.course.private / "references").rglob("*.json"):
        for case, one in enumerate([] if path.name.endswith(public) else json.loads(path.read_text())["content"]):
            for name, value in codec.loads(one["observation"].encode()).items():
                numbers = value.ravel()[[0, -1]] if hasattr(value, "ravel") and value.size > 1 else ()
                for place, number in enumerate(numbers):
                    if abs(number) > 0.1 and number != int(number):
                        found[f"expected values ({path.name}, {case}, {name}, {place})"] = f"{number:.7f}"[:8]
    return found


def state(machine: Machine) -> dict[str, str]:
    """Return a digest of everything that no submission may change: the class as handed in, the course, the home."""
    found = {}
    for folder in (machine.classroom / "submitted", machine.course.root, machine.root / "home"):
        for root, _, names in os.walk(folder):
            for name in names:
                path = Path(root, name)
                kept = not {"references", "__pycache__"} & {*path.parts}  # those are made while grading
                if kept and path.is_file() and not path.is_symlink() and os.access(path, os.R_OK):
                    found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return which files differ, in words."""
    changed = [f"{Path(path).name} was changed" for path, digest in before.items() if after.get(path) != digest]
    return sorted(changed) + sorted(f"{Path(path).name} was added" for path in after.keys() - before.keys())


def gradebook_faults(machine: Machine, graded: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Compare the gradebook with the results."""
    query = (
        "select s.student_id, sum(coalesce(g.manual_score, g.auto_score) + coalesce(g.extra_credit, 0)) from grade g "
        "join submitted_notebook n on g.notebook_id = n.id join submitted_assignment s on n.assignment_id = s.id "
        "group by s.student_id"
    )
    try:
        with contextlib.closing(sqlite3.connect(machine.classroom / "gradebook.db")) as database:
            entered = {student: score or 0.0 for student, score in database.execute(query)}
    except sqlite3.Error as error:
        return [f"the gradebook cannot be read: {error}"]
    return [
        f"the gradebook has {entered.get(student, 0.0):g} points for {student!r}, the results {one['score']:g}"
        for student, one in graded.items()
        if entered.get(student, 0.0) != one["score"]
    ]


class _Active(HTMLParser):
    """Finds what would run in a page, by the word that all scripts of the attacks hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag in ("script", "style")
        for name, value in attrs:
            text = value or ""
            runs = name.startswith("on") or name in ("srcdoc", "style") or text.strip().startswith("javascript:")
            if runs and OWNED in text:
                self.found.append(f"{name} of {tag}")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and OWNED in data:
            self.found.append("a script")


def active_content(html: str) -> list[str]:
    """Return what of the attacks' scripts would run in a page."""
    parser = _Active()
    parser.feed(html)
    return [f"active content in the page: {one}" for one in dict.fromkeys(parser.found)]
