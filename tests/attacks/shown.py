"""Shows that attacks are no duds: runs each where nothing is protected, and looks whether it succeeds there."""

import contextlib
import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.utils import determine_grade

from autograder.sandbox.folder import remove
from tests.attacks import look
from tests.attacks.attack import Attack, Notebook, student_of
from tests.attacks.grading import grade_class
from tests.attacks.machine import Machine, as_ordinary_user, left_files
from tests.attacks.make import NAME, Maker, grade_id

SECONDS, SECONDS_IF_SHORT = 90, 15
"""After this a run is held to be endless; the second is for those that are known to be."""

KEPT = ("course", "class", "home")
"""Folders that are put back after each attack."""


class Plain:
    """Runs attacks unprotected, in a class that was graded once.

    Args:
        machine: where it all lies; nothing else may use it.
        level: how the class is graded before.
    """

    def __init__(self, machine: Machine, level: str) -> None:
        """Grade the neighbours, and keep a copy of all that there is now."""
        self._machine, self._maker = machine, Maker(machine.course, machine.places)
        grade_class(machine, [], level)
        self._secret = look.expected_numbers(machine)
        self._source = json.loads((machine.course.source_notebooks / NAME / f"{NAME}.ipynb").read_text())
        for name in KEPT:
            shutil.copytree(machine.root / name, machine.root / f"{name}-kept", symlinks=True)
        self._state = look.state(machine)
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Plain":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process that runs the cells."""
        self._stop()

    def _stop(self) -> None:
        if self._process is not None and self._process.stdin:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process.kill()
            self._process.wait()
        self._process = None

    def shown(self, attack: Attack) -> str:
        """Return in words where an attack succeeds; empty if nowhere."""
        folder = self._machine.classroom / "autograded" / student_of(attack) / NAME
        self._maker.write(folder, attack)
        self._machine.hand_over()
        try:
            notebook = _read(folder / f"{NAME}.ipynb")
            if isinstance(notebook, str):
                return notebook
            text = (folder / f"{NAME}.ipynb").read_text(errors="replace")
            if found := [where for where, canary in self._machine.canaries.items() if canary in text]:
                return f"plain nbformat: reads {found[0]}"
            for place, graded in (("plain nbgrader", _overwritten(notebook, self._source)), ("`validate`", notebook)):
                if found := self._run(attack, folder, graded):
                    return f"{place}: {found[0]}"
            return ""
        finally:
            self._put_back(folder.parent)

    def _put_back(self, folder: Path) -> None:
        """Make everything as it was before the attack."""
        remove(str(folder))  # may be deeper than paths can be long
        if look.state(self._machine) != self._state:
            for name in KEPT:
                shutil.rmtree(self._machine.root / name)
                shutil.copytree(self._machine.root / f"{name}-kept", self._machine.root / name, symlinks=True)
        for path in (*self._machine.outside.iterdir(), *left_files(self._machine.places.nonce)):
            if path.is_file():
                path.unlink()
        self._machine.caught.clear()

    def _run(self, attack: Attack, folder: Path, notebook: Notebook) -> list[str]:
        """Run a notebook; return what it achieved."""
        given, into = self._machine.root / "caches" / "given.ipynb", self._machine.root / "caches" / "outputs.json"
        given.write_text(json.dumps(notebook))
        into.unlink(missing_ok=True)
        self._machine.hand_over()
        places = {"notebook": str(given), "folder": str(folder), "into": str(into)}
        answered = self._order(
            {**places, "naive": attack.naive, "seconds": SECONDS_IF_SHORT if attack.short else SECONDS}
        )
        if not into.exists():
            return ["stops the grader"]  # which waits for ever, or ends
        try:
            ran = json.loads(into.read_text())
        except ValueError:
            return ["spoils what the grader writes"]
        texts = [json.dumps(cell["outputs"]) for cell in ran["cells"] if cell["cell_type"] == "code"]
        found = ["gains points"] if _points(ran["cells"]) > attack.deserves else []
        found += [f"reads {one}" if one in self._machine.canaries else one for one in self._leaks(attack, texts)]
        found += look.changes(self._state, look.state(self._machine))
        found += [f"leaves a process behind ({one})" for one in answered["left"]]
        found += [f"leaves {path.name.partition('-')[2] or 'a file'} behind" for path in self._left()]
        found += _active(ran["cells"]) if attack.threat == 14 else []
        return found + (["passes a naive check"] if ran["naive"] else [])

    def _left(self) -> Sequence[Path]:
        return left_files(self._machine.places.nonce)

    def _leaks(self, attack: Attack, texts: Sequence[str]) -> list[str]:
        found = look.leaks(self._machine, student_of(attack), attack.name, texts, self._secret)
        return sorted({one.partition(" (")[0] for one in found})

    def _order(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Have a notebook run; a process that the attack took down is started again for the next."""
        if self._process is None:
            self._process = subprocess.Popen(
                as_ordinary_user([sys.executable, "-m", "tests.attacks.plain", str(self._machine.root)]),
                cwd=Path(__file__).parents[2],
                env=self._machine.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
            return answer
        self._stop()
        return {"ended": "down", "left": []}


def _read(path: Path) -> Notebook | str:
    """Read a notebook as nbgrader does; return why that fails, if it does."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        for cell in notebook.cells:
            cell.setdefault("outputs", [])
        found: Notebook = json.loads(json.dumps(notebook))
    except Exception as error:
        return f"plain nbformat: fails with {type(error).__name__}"
    return found


def _overwritten(notebook: Notebook, source: Notebook) -> Notebook:
    """Put the instructor's grade cells into a notebook, as `nbgrader autograde` does."""
    graded = {grade_id(cell): cell for cell in source["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")}
    setup = {grade_id(cell): cell for cell in source["cells"] if grade_id(cell) == "setup"}
    cells = [{**cell, **(graded | setup).get(grade_id(cell), {})} for cell in notebook["cells"]]
    return {**notebook, "cells": [{**cell, "outputs": []} if cell["cell_type"] == "code" else cell for cell in cells]}


def _points(cells: Sequence[Mapping[str, Any]]) -> float:
    """Return the points that nbgrader reads out of executed cells."""
    log = logging.getLogger("nbgrader-of-the-attacks")
    log.disabled = True
    points = 0.0
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            with contextlib.suppress(ValueError):  # what is no number of points
                score, most = determine_grade(nbformat.from_dict(cell), log)
                points += min(score or 0.0, most)
    return points


def _active(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what runs in the page that plain nbconvert makes."""
    from nbconvert import HTMLExporter

    joined = [{**cell, "source": "".join(cell["source"])} for cell in cells]
    notebook = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": joined})
    html, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    return look.active_content(html)
