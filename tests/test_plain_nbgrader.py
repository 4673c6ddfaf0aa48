"""The real nbgrader alone, without any of our commands, works in a course as `make build` leaves it."""

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.grading.executed import read_verdicts
from autograder.model import Outcome
from autograder.notebook.sample import write_sample_class

NAME = "03_residual_blocks"
STUDENT = "one-wrong"
SCORE = 13.0

pytestmark = pytest.mark.tensorflow


def environment() -> dict[str, str]:
    """Return the shell's environment with this Python's programs first."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def nbgrader(course: Course, *arguments: str) -> str:
    """Run a plain nbgrader command in the course folder."""
    result = subprocess.run(
        ["nbgrader", *arguments], cwd=course.root, env=environment(), capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


@pytest.fixture(scope="module")
def graded(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return the course after `nbgrader autograde` of one submission with a wrong block."""
    samples = tmp_path_factory.mktemp("samples")
    dict(write_sample_class(built_course, find_assignment(NAME), samples))
    shutil.copytree(samples / STUDENT, built_course.root / "submitted" / STUDENT)
    nbgrader(built_course, "autograde", NAME)
    return built_course


def test_autograde_and_export(graded: Course) -> None:
    """`nbgrader autograde` enters the score that `nbgrader export` writes."""
    nbgrader(graded, "export")
    with (graded.root / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["student_id"], float(row["score"]), float(row["max_score"])) for row in rows] == [(STUDENT, SCORE, 20)]


def test_verdicts_in_the_executed_notebook(graded: Course) -> None:
    """The wrong block fails its shortcut check with a card, the right one passes all on secret cases."""
    path = graded.root / "autograded" / STUDENT / NAME / f"{NAME}.ipynb"
    verdicts = read_verdicts(path, find_assignment(NAME))
    assert verdicts["identity_block-shortcut"].outcome is Outcome.FAILED
    assert {v.outcome for v in verdicts.values() if v.exercise == "convolutional_block"} == {Outcome.PASSED}
    cards = [
        output
        for cell in json.loads(path.read_text())["cells"]
        for output in cell.get("outputs", [])
        if "application/vnd.residual-course.verdict+json" in output.get("data", {})
    ]
    secret = [c for c in cards if c["data"]["application/vnd.residual-course.verdict+json"]["secret"]]
    assert len(secret) == sum(v.outcome is Outcome.PASSED for v in verdicts.values())


def test_feedback(graded: Course) -> None:
    """`nbgrader generate_feedback` makes a page that shows the verdicts."""
    nbgrader(graded, "generate_feedback", NAME)
    page = (graded.root / "feedback" / STUDENT / NAME / f"{NAME}.html").read_text()
    assert "input reaches the sum unchanged" in page
    assert "Traceback (most recent call last)" not in page


def test_validate(built_course: Course, tmp_path: Path) -> None:
    """`nbgrader validate` tells a student of the untouched release which checks fail."""
    shutil.copy(built_course.releases / NAME / f"{NAME}.ipynb", tmp_path)
    log = nbgrader(built_course, "validate", str(tmp_path / f"{NAME}.ipynb"))
    assert "VALIDATION FAILED ON 16 CELL(S)" in log
    assert "CheckFailed: identity_block-layers failed" in log


@pytest.fixture
def formgrader(graded: Course, tmp_path: Path) -> Iterator[str]:
    """Serve formgrader from the course folder, and return its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1",
        "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    own = {**environment(), "JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=graded.root, env=own, stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(30)


def fetch(address: str, seconds: float = 60) -> Any:
    """Return what a server answers in JSON, waiting until it is up."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return json.load(answer)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def test_formgrader(formgrader: str) -> None:
    """Formgrader lists the assignment and the submission with its score."""
    assignments = fetch(f"{formgrader}/formgrader/api/assignments")
    assert [assignment["name"] for assignment in assignments] == [NAME]
    submissions = fetch(f"{formgrader}/formgrader/api/submissions/{NAME}")
    assert [(one["student"], one["score"], one["max_score"]) for one in submissions] == [(STUDENT, SCORE, 20)]
