"""The same submission through the real `nbgrader autograde` and through our writer; formgrader on what we wrote."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from autograder.course.folder import Course
from autograder.course.nbgrader import run_nbgrader
from autograder.grading.gradebook import saved_cells, submitted_at, update_cells
from autograder.grading.gradebook_open import Database
from autograder.grading.gradebook_tables import METADATA
from autograder.model import GradedSubmission, Outcome
from tests.grading.gradebook.toy import (
    NAME,
    NEGATIVE,
    POSITIVE,
    enter,
    graded,
    notebook,
    total_scores,
    without_notebook,
)

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.slow

SUBMITTED = datetime(2026, 1, 2, 3, 4, 5)

GAP = """\
def double(n):
    ### START CODE HERE ###
    return 2 * n
    ### END CODE HERE ###"""

WRONG = "def double(n):\n    return 2 * abs(n)"


def source() -> nbformat.NotebookNode:
    """Return a source notebook with a gap, two checks and a text that is graded by hand."""
    made = notebook()
    made.cells[1].source = GAP
    made.cells[2].source, made.cells[3].source = "assert double(3) == 6", "assert double(-3) == -6"
    marks = {**made.cells[2].metadata.nbgrader, "grade_id": "essay", "points": 4, "solution": True, "locked": False}
    made.cells.append(new_markdown_cell("Why?", metadata={"nbgrader": marks}))
    for cell in made.cells:
        cell.metadata.get("nbgrader", {}).pop("checksum", None)
    return made


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course of which nbgrader graded a submission; its gradebooks are before.db and theirs.db."""
    made = Course(tmp_path_factory.mktemp("course"))
    shutil.copy(ROOT / "nbgrader_config.py", made.root)
    path = made.source_notebooks / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source(), path)
    run_nbgrader(made, "generate_assignment", NAME, settings={})
    shutil.copy(made.root / "gradebook.db", made.root / "before.db")
    answer = nbformat.read(made.releases / NAME / f"{NAME}.ipynb", as_version=4)
    answer.cells[1].source, answer.cells[-1].source = WRONG, "Because."
    submitted = made.root / "submitted" / "ada" / NAME
    submitted.mkdir(parents=True)
    nbformat.write(answer, submitted / f"{NAME}.ipynb")
    (submitted / "timestamp.txt").write_text(f"{SUBMITTED} UTC")
    run_nbgrader(made, "autograde", NAME, settings={})
    (made.root / "gradebook.db").rename(made.root / "theirs.db")
    return made


def judged() -> GradedSubmission:
    """Return what our engine finds in the same submission."""
    return graded(negative=Outcome.FAILED)


def named_rows(file: Path) -> dict[str, list[Any]]:
    """Return every row of a gradebook, with what a row refers to in place of ids, which are drawn at random."""
    names: dict[object, object] = {}
    found: dict[str, list[Any]] = {}
    with Database(f"sqlite:///{file}") as database, database.reading() as connection:
        for table in METADATA.sorted_tables:
            found[table.name] = []
            for row in connection.execute(table.select()).mappings():
                own = row["id"] in names or table.name in ("student", "course")
                named = tuple((key, names.get(row[key], row[key])) for key in row if own or key != "id")
                names.setdefault(row["id"], (table.name, named))
                found[table.name].append(named)
            found[table.name].sort(key=repr)
    return found


def test_same_rows(course: Course, tmp_path: Path) -> None:
    """Our writer leaves the rows that nbgrader leaves, but for the comment, also when it enters the result again."""
    ours = tmp_path / "ours.db"
    shutil.copy(course.root / "before.db", ours)
    theirs = named_rows(course.root / "theirs.db")
    for submitted in (SUBMITTED, None):
        enter(f"sqlite:///{ours}", judged(), submitted=submitted)
        rows = named_rows(ours)
        (said,) = [text for row in rows["comment"] for key, text in row if key == "auto_comment" and text]
        assert said == f"1 of 3 points. ✗ {NEGATIVE}: expected 4, got 2"
        rows["comment"] = [tuple((k, None if v == said else v) for k, v in row) for row in rows["comment"]]
        assert rows == theirs
    assert len(theirs["grade"]) == 3


def test_same_cells(course: Course, tmp_path: Path) -> None:
    """The assignment that we enter is the one that `nbgrader generate_assignment` enters: nothing is to be changed."""
    saved = saved_cells(course, nbformat.read(course.source_notebooks / NAME / f"{NAME}.ipynb", as_version=4))
    for name in ("before.db", "theirs.db"):
        assert update_cells(f"sqlite:///{course.root / name}", NAME, saved) == []
    sentence = "entered into the gradebook, with 3 checks."
    assert update_cells(f"sqlite:///{tmp_path / 'ours.db'}", NAME, saved, course_id="residual-course") == [sentence]
    assert named_rows(tmp_path / "ours.db") == named_rows(course.root / "before.db")


@pytest.fixture
def formgrader(course: Course, tmp_path: Path) -> Iterator[str]:
    """Serve formgrader on a gradebook that our writer wrote, and return the address of its API."""
    shutil.copy(course.root / "before.db", course.root / "gradebook.db")
    address = f"sqlite:///{course.root / 'gradebook.db'}"
    # Formgrader shows a score only beside the time of the submission that it finds in the folder.
    enter(address, judged(), submitted=submitted_at(course.root / "submitted" / "ada" / NAME))
    enter(address, replace(without_notebook(Outcome.FAILED), student="bob"), graded("张伟"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1",
        "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    own = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=course.root, env=own, stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}/formgrader/api"
        finally:
            server.terminate()
            server.wait(30)


def ask(address: str, body: object = None, seconds: float = 60) -> Any:
    """Return what a server answers in JSON, waiting until it is up; a body is put there."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(address, data, method="PUT" if data else "GET")
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def test_formgrader(course: Course, formgrader: str) -> None:
    """Formgrader shows what we wrote; a score and a comment that a person enters there stay when we grade again."""
    address = f"sqlite:///{course.root / 'gradebook.db'}"
    shown = {one["student"]: one for one in ask(f"{formgrader}/submissions/{NAME}")}
    assert {name: (one["score"], one["max_score"]) for name, one in shown.items()} == {
        "ada": (1, 7),
        "bob": (0, 7),
        "张伟": (3, 7),
    }
    assert {name: one["needs_manual_grade"] for name, one in shown.items()} == {"ada": True, "bob": False, "张伟": True}
    (book,) = ask(f"{formgrader}/student_notebook_submissions/ada/{NAME}")
    grades = {one["name"]: one for one in ask(f"{formgrader}/grades?submission_id={book['id']}")}
    (said,) = [one for one in ask(f"{formgrader}/comments?submission_id={book['id']}") if one["name"] == "double"]
    assert said["auto_comment"] == f"1 of 3 points. ✗ {NEGATIVE}: expected 4, got 2"
    assert (grades[POSITIVE]["auto_score"], grades[NEGATIVE]["failed_tests"]) == (1, True)
    ask(f"{formgrader}/grade/{grades[NEGATIVE]['id']}", {"manual_score": 1.5, "extra_credit": 0.5})
    ask(f"{formgrader}/comment/{said['id']}", {"manual_comment": "Almost."})
    enter(address, graded())  # while formgrader is open
    again = ask(f"{formgrader}/grade/{grades[NEGATIVE]['id']}")
    assert (again["auto_score"], again["manual_score"], again["extra_credit"]) == (2, 1.5, 0.5)
    assert again["needs_manual_grade"]
    assert ask(f"{formgrader}/comment/{said['id']}")["manual_comment"] == "Almost."
    assert ask(f"{formgrader}/submission/{NAME}/ada")["score"] == 3
    assert total_scores(address)["ada"] == 3
