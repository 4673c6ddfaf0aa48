"""Grades a class of attacks with the real command, and tells what each of them achieved."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.attacks import look
from tests.attacks.attack import Attack, Entry, Honest, student_of
from tests.attacks.look import Result
from tests.attacks.machine import Machine, adopting, as_ordinary_user, left_files
from tests.attacks.make import NAME, Maker

FULL = 20.0

NEIGHBOURS = (
    Honest("a-neighbour", "right"),
    Honest("m-neighbour", "wrong", style="shortcut-never-added"),
    Honest("zz-neighbour", "right", style="loop"),
)
"""Students beside the attackers, whose verdicts must be the same whatever the others hand in."""

SHORT = {"call_seconds": 3.0, "cell_seconds": 3.0, "submission_seconds": 8.0}
"""Limits for what uses up whatever it is given."""

EVALUATION_SECONDS = 15
"""The same for evaluating its answers."""

GIVEN_UP = 3000
"""Seconds after which the command itself is held to hang."""

Checks = Mapping[str, Sequence[tuple[str, str, str]]]
"""Student to name, outcome and message of each check."""


@dataclass
class Round:
    """What became of a class.

    Args:
        results: entry's name to what it achieved.
        common: what happened to the neighbours, the machine and the command, in words.
        neighbours: the neighbours' verdicts.
        seconds: that the grading took.
    """

    results: dict[str, Result]
    common: list[str]
    neighbours: Checks
    seconds: float


def grade_class(
    machine: Machine, entries: Sequence[Entry], level: str, *, short: bool = False, neighbours: Checks | None = None
) -> Round:
    """Write a class, grade it with the real command, make its feedback pages, and look what happened.

    Args:
        machine: where all of it lies.
        entries: what is handed in, beside the neighbours' notebooks.
        level: for `--sandbox`.
        short: whether the limits of time are shortened.
        neighbours: the verdicts that the neighbours get in a class without attacks.
    """
    machine.empty_class()
    maker = Maker(machine.course, machine.places)
    for neighbour in NEIGHBOURS:
        machine.canaries[neighbour.name] = f"canary-of-{neighbour.name}"
        marked = replace(neighbour, cells=(f"# {machine.canaries[neighbour.name]}",))
        maker.write(machine.classroom / "submitted" / neighbour.name / NAME, marked)
    for entry in entries:
        maker.write(machine.classroom / "submitted" / student_of(entry) / NAME, entry)
    machine.hand_over()
    before = look.state(machine)
    began = time.monotonic()
    with adopting() as left:
        options = ["--results", str(machine.classroom / "results.json"), "--jobs", "4" if short else "2"]
        code, said = _command(machine, short, "grade", "--sandbox", level, *options)
        seconds = time.monotonic() - began
        pages_code, pages = _command(machine, short, "feedback")
    graded = _results(machine)
    found = {student: _checks(graded.get(student, {})) for student in (one.name for one in NEIGHBOURS)}
    common = [f"`grade` ended with {code}: {said.strip()[-800:]}"] if code != 0 or "Traceback" in said else []
    common += [f"`feedback` ended with {pages_code}: {pages.strip()[-800:]}"] if pages_code != 0 else []
    common += _faults(machine, before, graded, left, said + pages)
    if neighbours is not None and found != neighbours:
        common.append(f"the neighbours' verdicts are others than without attacks: {found} instead of {neighbours}")
    secret = look.expected_numbers(machine)
    results = {entry.name: _result(machine, entry, graded.get(student_of(entry)), secret) for entry in entries}
    return Round(results, common, found, seconds)


def _command(machine: Machine, short: bool, verb: str, *options: str) -> tuple[int | None, str]:
    """Run `autograder grade` or `autograder feedback` as an ordinary user; return its exit code and what it wrote."""
    program = ["tests.attacks.command", str(EVALUATION_SECONDS), json.dumps(SHORT)] if short else ["autograder"]
    command = [sys.executable, "-m", *program, "--course", str(machine.course.root)]
    command += [verb, str(machine.classroom / "submitted"), *options]
    try:
        done = subprocess.run(
            as_ordinary_user(command),
            cwd=machine.root,
            env=machine.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=GIVEN_UP,
        )
    except subprocess.TimeoutExpired as error:
        return None, (error.output or b"").decode(errors="replace")
    return done.returncode, done.stdout.decode(errors="replace")


def _results(machine: Machine) -> dict[str, dict[str, Any]]:
    try:
        text = (machine.classroom / "results.json").read_text(encoding="utf-8", errors="replace")
        return {one["student"]: one for one in json.loads(text)}
    except (OSError, ValueError):
        return {}


def _checks(graded: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(check["check"], check["outcome"], check["message"]) for check in graded.get("checks", [])]


def _faults(
    machine: Machine, before: Mapping[str, str], graded: Mapping[str, Any], left: Sequence[str], said: str
) -> list[str]:
    """Return what happened to files, the gradebook, the terminal and the machine."""
    faults = [*look.changes(before, look.state(machine)), *look.gradebook_faults(machine, graded)]
    faults += [f"left behind: {one}" for one in (*left, *map(str, left_files(machine.places.nonce)))]
    lines = [line for line in said.splitlines() if any(sign < " " and sign not in "\r\t" for sign in line)]
    return faults + [f"control characters on the terminal: {line[:80]!r}" for line in lines]


def _result(machine: Machine, entry: Entry, graded: Mapping[str, Any] | None, secret: Mapping[str, str]) -> Result:
    student = os.fsencode(student_of(entry)).decode("utf-8", errors="replace")
    if graded is None:
        graded = _results(machine).get(student) or _results(machine).get(student.replace("\ufffd", "?"))
    if graded is None:
        return Result(harmed=["is not in the results"])
    messages = [graded["message"], *(check["message"] for check in graded["checks"])]
    result = Result(graded["score"], said=f"{graded['outcome']} {next(filter(None, messages), '')}"[:200])
    deserved = entry.deserves if isinstance(entry, Attack) else FULL
    if graded["score"] > deserved:
        result.gained.append(f"{graded['score']:g} points where {deserved:g} are deserved")
    if isinstance(entry, Honest) and graded["score"] < FULL:
        result.harmed.append(f"lost {FULL - graded['score']:g} points: {result.said}")
    if graded["outcome"] == "ERROR":
        result.harmed.append(f"the grader holds it for its own fault: {graded['message'][:300]}")
    pages = _texts(machine.classroom / "feedback" / student_of(entry))
    executed = _texts(machine.classroom / "autograded" / student_of(entry))
    result.leaked += look.leaks(machine, student, entry.name, [json.dumps(graded), *pages, *executed], secret)
    result.harmed += [one for page in pages for one in look.active_content(page)]
    if not pages:
        result.harmed.append("has no feedback page")
    return result


def _texts(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8", errors="replace") for path in folder.rglob("*.*") if path.is_file()]
