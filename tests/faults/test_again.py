"""What comes after grading: arriving submissions, a moved secret, an appeal."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from autograder.course.folder import Course
from autograder.model import Outcome
from tests.faults import school
from tests.faults.command import Command
from tests.faults.school import NAME

pytestmark = pytest.mark.tensorflow

SECONDS = 60


def test_what_arrives_is_graded(command: Command, graded: Path, undisturbed: Path) -> None:
    """With `--watch` a submission that arrives has its page soon; Ctrl-C ends the command with 130."""
    students = sorted(path.name for path in graded.glob("submitted/*"))
    (graded / "submitted").rename(graded / "handed-in")
    (graded / "submitted").mkdir()
    command.start("grade", graded / "submitted", "--watch", "--results", graded / "watched.json")
    for student in students[:2]:
        time.sleep(1)
        shutil.copytree(graded / "handed-in" / student, graded / "submitted" / student)
    pages = [graded / "feedback" / student / NAME / f"{NAME}.html" for student in students[:2]]
    until = time.monotonic() + SECONDS
    while not all(page.exists() for page in pages):
        assert time.monotonic() < until
        time.sleep(0.1)
    os.killpg(command.number, signal.SIGINT)
    ended = command.finish()
    assert ended.code == 130
    assert ended.sentence.startswith("autograder: stopped")
    assert "Traceback" not in ended.err
    assert school.results(graded / "watched.json") == school.results(undisturbed / "results.json")[:2]


def test_the_secret_can_be_moved(command: Command, graded: Path, course: Course, undisturbed: Path) -> None:
    """A copy of the course with another secret gives the same verdicts with `--seed-file`: its cases are the same."""
    other = Course(graded / "course")
    shutil.copytree(course.root, other.root)
    other.secret_seed.write_text("08" * 32)
    shutil.copy(course.secret_seed, graded / "moved")
    before = school.runs(graded)
    paths = (graded / "submitted", "--results", graded / "new.json", "--seed-file", graded / "moved")
    ended = command.run("--course", other.root, "grade", *paths)
    assert ended.code == 0, ended
    assert school.results(graded / "new.json") == school.results(undisturbed / "results.json")
    assert school.runs(graded) == before
    assert other.secret_seed.read_text() == "08" * 32


@pytest.mark.slow
def test_an_appeal(command: Command, graded: Path, course: Course) -> None:
    """`replay` runs a submission again on the same cases; it says so if a verdict differs, and enters nothing."""
    wrong = next(one for one in school.results(graded / "results.json") if one["outcome"] == Outcome.FAILED)
    arguments = ("replay", wrong["student"], "--in", graded / "submitted")
    before = school.entered(graded)
    ended = command.run(*arguments)
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "The same verdicts as before."), ended

    other = Course(graded / "course")
    shutil.copytree(course.root, other.root)
    text = (other.root / "solutions" / "blocks.py").read_text()
    changed = text.replace('bn_name + "2b"', 'bn_name + "2z"')
    assert changed != text
    (other.root / "solutions" / "blocks.py").write_text(changed)
    ended = command.run("--course", other.root, *arguments)
    assert ended.code == 1, ended
    assert "convolutional_block-names: PASSED before, FAILED now" in ended.out
    assert school.entered(graded) == before
    refused = command.run("replay", "nobody", "--in", graded / "submitted")
    assert (refused.code, "There is no submission of nobody" in refused.err) == (2, True)
