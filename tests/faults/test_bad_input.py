"""Whatever is handed in or asked for: one sentence, the documented exit code, and the others are graded."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.course.folder import Course
from autograder.model import Outcome
from tests.faults import school
from tests.faults.command import Command, Ended
from tests.faults.school import NAME

pytestmark = pytest.mark.tensorflow

NAMES = (
    'O\'Brien "Bob"',
    "a\nb\tc\x1b[31m",
    "n" * 255,
    "=1+1",
    "-rf",
    "..ada",
    "...",
    "أحمد",
    "王小明",
    "🎓👩‍🏫",
    "Zoe\u0308",
    os.fsdecode(b"\xff\xfe"),
    " ",
    "%s{0}$HOME`id`",
    "<b>x.ipynb",
)


def refused(ended: Ended, code: int, words: str) -> None:
    """See that a command was refused with one sentence and its exit code."""
    assert (ended.code, ended.err.count("autograder: ")) == (code, 1), ended
    assert words in ended.sentence
    assert "Traceback" not in ended.out + ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{folder}/empty"], 2, "holds no submission"),
        (["{folder}/nothing"], 2, "is no folder"),
        (["{folder}/file"], 2, "is no folder"),
        (["{folder}/submitted", "--assignment", "99_none"], 2, "There is no assignment '99_none'"),
        (["{folder}/submitted", "--db", "nonsense"], 2, "is no address of a gradebook"),
        (["{folder}/submitted", "--db", "sqlite:///{folder}/file"], 2, "is no SQLite database"),
        (["{folder}/submitted", "--db", "sqlite:///{folder}/none/gradebook.db"], 2, "its folder must be there"),
        (["{folder}/submitted", "--cluster", "nonsense"], 2, "No Dask scheduler answers at nonsense"),
        (["{folder}/submitted", "--cluster", "tcp://127.0.0.1:1"], 2, "No Dask scheduler answers"),
        (["{folder}/submitted", "--cluster", "x://y:z"], 2, "No Dask scheduler answers"),
        (["{folder}/submitted", "--seed-file", "{folder}/none"], 2, "does not exist"),
        (["{folder}/submitted", "--seed-file", "{folder}/empty"], 2, "is a folder"),
        (["{folder}/submitted", "--seed-file", "{folder}/file"], 3, "cannot be read"),
        (["{folder}/submitted", "--seed-file", "{folder}/short"], 3, "is not 32 bytes long"),
        (["{folder}/submitted", "--results", "{folder}/file/results.json"], 2, "cannot be written"),
    ],
)
def test_what_cannot_be_done(
    command: Command, undisturbed: Path, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    """A wrong path, name, address or file is refused in a sentence."""
    shutil.copytree(undisturbed / "submitted", tmp_path / "submitted")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_bytes(b"\x80 no database, no secret" * 50)
    (tmp_path / "short").write_text("abcd")
    refused(command.run("grade", *(one.format(folder=tmp_path) for one in arguments)), code, words)


def half(path: Path) -> None:
    """Cut a notebook off in the middle."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def enormous(path: Path) -> None:
    """Let a notebook have 200 MB."""
    os.truncate(path, 200_000_000)


def fifo(path: Path) -> None:
    """Put a pipe in a notebook's place, which would be read for ever."""
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    """Put a folder in a notebook's place."""
    path.unlink()
    path.mkdir()


def link(path: Path) -> None:
    """Put a link to itself in a notebook's place."""
    path.unlink()
    path.symlink_to(path)


def two(path: Path) -> None:
    """Hand in two notebooks, neither under the right name."""
    shutil.copy(path, path.with_name("a.ipynb"))
    path.rename(path.with_name("b.ipynb"))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "half": (half, "is not a notebook"),
    "enormous": (enormous, "is larger than 100 MB"),
    "fifo": (fifo, "there is no notebook in the folder"),
    "two": (two, "there are 2 notebooks"),
    "nothing": (lambda path: path.write_bytes(b""), "is not a notebook"),
    "zeros": (lambda path: path.write_bytes(bytes(1000)), "is not a notebook"),
    "deep": (lambda path: path.write_bytes(b"[" * 1_000_000), "is not a notebook"),
    "number": (lambda path: path.write_bytes(b"1" * 100_000), "is not a notebook"),
    "no-cells": (lambda path: path.write_bytes(b'{"cells": 5}'), "has no cells"),
    "folder": (folder, "there is no notebook in the folder"),
    "loop": (link, "there is no notebook in the folder"),
}
"""Submissions that cannot be graded: what was done to the notebook, and what is said."""


def test_broken_submissions_end_nothing(command: Command, graded: Path, undisturbed: Path) -> None:
    """Each broken submission is one sentence in the table and in the results; the others have their points."""
    source = next(graded.glob(f"submitted/*/{NAME}/{NAME}.ipynb"))
    for student, (damage, _) in BROKEN.items():
        damage(school.submit(graded / "submitted", student, source.read_bytes()))
    ended = command.run("grade", graded / "submitted", "--results", graded / "results.json")
    assert ended.code == 0
    assert "Traceback" not in ended.out + ended.err
    found = {one["student"]: one for one in school.results(graded / "results.json")}
    for student, (_, words) in BROKEN.items():
        assert (words in found[student]["message"], found[student]["outcome"]) == (True, Outcome.FAILED), student
        assert sum(words in line for line in ended.out.splitlines() if line.startswith(f"{student} ")) == 1
    rest = [one for student, one in found.items() if student not in BROKEN]
    assert rest == school.results(undisturbed / "results.json")
    assert {name: one for name, one in school.entered(graded).items() if name not in BROKEN} == school.entered(
        undisturbed
    )


def test_names_of_students(command: Command, graded: Path, undisturbed: Path) -> None:
    """A student may have any name that a folder can have: each is in the table, in the results and has a page."""
    names_of_students(command, graded, b"no notebook", undisturbed)


@pytest.mark.slow
def test_names_of_students_with_notebooks(
    command: Command, graded: Path, undisturbed: Path, notebooks: dict[str, dict[str, Any]]
) -> None:
    """The same with notebooks that are run."""
    names_of_students(command, graded, notebooks["one-wrong"], undisturbed)


def names_of_students(command: Command, graded: Path, notebook: Any, undisturbed: Path) -> None:
    """Let students with odd names hand in a notebook; see what becomes of it."""
    for name in NAMES:
        school.submit(graded / "submitted", name, notebook)
    ended = command.run("grade", graded / "submitted", "--results", graded / "results.json")
    assert ended.code == 0, ended
    assert "Traceback" not in ended.out + ended.err
    rows = [line for line in ended.out.splitlines() if f" {NAME} " in line]
    assert len(rows) == len(NAMES) + len(school.results(undisturbed / "results.json"))
    assert all(row.isprintable() for row in rows)
    found = {one["student"]: one for one in school.results(graded / "results.json")}
    assert {name for name in NAMES if name.isascii()} <= set(found)
    assert len(found) == len(rows)
    assert len(school.entered(graded)) == len(rows)
    pages = command.run("feedback", graded / "submitted")
    assert pages.code == 0, pages
    assert {path.parts[-3] for path in graded.glob(f"feedback/*/{NAME}/{NAME}.html")} >= set(NAMES)


def test_what_may_not_be_read(ordinary: Command, graded: Path, undisturbed: Path) -> None:
    """What who grades may not read costs no points: it is said, not entered, and the others are graded."""
    source = next(graded.glob(f"submitted/*/{NAME}/{NAME}.ipynb")).read_bytes()
    files = {name: school.submit(graded / "submitted", name, source) for name in ("file", "inner", "outer")}
    closed = (files["file"], files["inner"].parent, files["outer"].parents[1])
    for path in closed:
        path.chmod(0)
    try:
        ended = ordinary.run("grade", graded / "submitted", "--results", graded / "results.json")
    finally:
        for path in closed:
            path.chmod(0o755)
    assert ended.code == 0, ended
    assert "Traceback" not in ended.out + ended.err
    assert "outer: the folder may not be read; nothing was graded" in ended.err
    found = {one["student"]: one for one in school.results(graded / "results.json")}
    for student in ("file", "inner"):
        assert found[student]["outcome"] == Outcome.ERROR
        assert found[student]["message"] == "what was handed in cannot be read: Permission denied"
    assert school.entered(graded) == school.entered(undisturbed)


@pytest.mark.parametrize(
    ("closed", "mode", "code", "words"),
    [
        ("submitted", 0o000, 2, "cannot be read: Permission denied"),
        (".autograder", 0o500, 3, "cannot be"),
        ("autograded", 0o500, 3, "cannot be written: Permission denied"),
        (".", 0o500, 2, "cannot be written"),
        ("gradebook.db", 0o400, 2, "may not be written"),
    ],
)
def test_what_may_not_be_written(
    ordinary: Command, graded: Path, course: Course, closed: str, mode: int, code: int, words: str
) -> None:
    """A folder that may not be read or written is one sentence."""
    shutil.rmtree(graded / "autograded")
    (graded / "autograded").mkdir()
    if closed == ".":
        shutil.rmtree(graded / ".autograder")
    if closed == "gradebook.db":
        school.submit(graded / "submitted", "new", b"")
    (graded / closed).chmod(mode)
    try:
        ended = ordinary.run("--course", course.root, "grade", graded / "submitted")
    finally:
        (graded / closed).chmod(0o755)
    refused(ended, code, words)


@pytest.mark.slow
def test_a_damaged_journal(command: Command, graded: Path, undisturbed: Path) -> None:
    """A half-written last line is cut off, damaged lines are passed over; only what they held is run again."""
    journal = graded / ".autograder" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    numbers = [n for n, line in enumerate(lines) if len(json.loads(line)["key"].split()) == 1]
    damaged = lines[numbers[0]].replace(b'"data": "', b'"data": "AAAA', 1)
    rest = [line for n, line in enumerate(lines) if n != numbers[0]]
    garbage = [b"\x00\xff\n", b"[" * 100_000 + b"\n", b"[1, 2]\n", b'{"key": 5, "sum": 0, "data": ""}\n', b"\n"]
    middle = len(rest) // 2
    journal.write_bytes(b"".join([damaged, *rest[:middle], *garbage, *rest[middle:], lines[-1][: len(lines[-1]) // 2]]))
    before = journal.read_bytes()
    (graded / "gradebook.db").unlink()
    ended = command.run("grade", graded / "submitted", "--results", graded / "results.json")
    assert ended.code == 0, ended
    after = journal.read_bytes()
    assert after.startswith(before[: before.rfind(b"\n") + 1])
    added = [json.loads(line)["key"] for line in after[before.rfind(b"\n") + 1 :].splitlines()]
    assert json.loads(lines[numbers[0]])["key"] in added
    assert len(added) <= 2
    assert school.results(graded / "results.json") == school.results(undisturbed / "results.json")
    assert school.entered(graded) == school.entered(undisturbed)


@pytest.mark.slow
def test_a_damaged_cache_of_references(command: Command, graded: Path, course: Course, tmp_path: Path) -> None:
    """What is kept of the references is observed again where it is damaged, even if it still looks whole."""
    other = Course(tmp_path / "course")
    shutil.copytree(course.root, other.root)
    files = sorted(other.private.glob("references/*/*.json"))
    for number, file in enumerate(files):
        file.write_bytes((b"{", b"[]", file_with_other_digits(file))[number % 3])
    (graded / ".autograder" / "journal.jsonl").rename(graded / "old.jsonl")
    wrong = next(one for one in school.results(graded / "results.json") if one["outcome"] == Outcome.FAILED)
    for path in graded.glob("submitted/*"):
        if path.name != wrong["student"]:
            shutil.rmtree(path)
    ended = command.run("--course", other.root, "grade", graded / "submitted", "--results", graded / "new.json")
    assert ended.code == 0, ended
    assert school.results(graded / "new.json") == [wrong]
    kept = [(course.private / file.relative_to(other.private)).read_bytes() == file.read_bytes() for file in files]
    assert sum(kept) >= 3  # of both exercises the secret cases, and of the wrong one the public ones


def file_with_other_digits(file: Path) -> bytes:
    """Return a cache whose expected values are others."""
    kept = json.loads(file.read_bytes())
    kept["content"][0]["observation"] = kept["content"][0]["observation"].replace("1", "2")
    return json.dumps(kept).encode()
