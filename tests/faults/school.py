"""A class of many varied copies of a few notebooks, and all that grading leaves of it, in a form to be compared."""

import base64
import json
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.secret import secret_seed, seed_for
from autograder.notebook.sample import write_sample_class

NAME = "03_residual_blocks"
KINDS = ("right", "one-wrong", "style-loop", "syntax-error", "style-helper")


def samples(course: Course, folder: Path) -> dict[str, dict[str, Any]]:
    """Return the notebooks of the sample class that are some, by student."""
    dict(write_sample_class(course, find_assignment(NAME), folder))
    files = {path.parts[-3]: path for path in sorted(folder.glob(f"*/{NAME}/{NAME}.ipynb"))}
    return {student: json.loads(path.read_text()) for student, path in files.items() if student != "not-a-notebook"}


def students(course: Course, sets: int) -> Iterator[str]:
    """Yield names of students who have one of the first few sets of secret cases."""
    secret, seen = secret_seed(course), list[int]()
    for number in count():
        seed = seed_for(secret, NAME, "identity_block", f"s{number:04}")
        if seed not in seen and len(seen) < sets:
            seen.append(seed)
        if seed in seen:
            yield f"s{number:04}"


def submit(submitted: Path, student: str, notebook: dict[str, Any] | bytes) -> Path:
    """Hand in a notebook, and return its file."""
    path = submitted / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    return path


def with_cell(notebook: dict[str, Any], source: str) -> dict[str, Any]:
    """Return a notebook with one more cell."""
    cell: dict[str, Any] = {"cell_type": "code", "id": "added", "metadata": {}, "outputs": [], "execution_count": None}
    cells = list(notebook["cells"])
    return notebook | {"cells": [*cells[:3], cell | {"source": source}, *cells[3:]]}


def fill(submitted: Path, course: Course, notebooks: dict[str, dict[str, Any]], size: int, sets: int) -> None:
    """Write a class in which no two submissions are alike, and none shows the same when it is run again."""
    for number, student in zip(range(size), students(course, sets), strict=False):
        source = f"import time\nprint({number}, time.time_ns())"
        submit(submitted, student, with_cell(notebooks[KINDS[number % len(KINDS)]], source))


def entered(folder: Path) -> dict[str, Any]:
    """Return all that nbgrader finds in the gradebook of a class."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {
            submission.student.id: {
                "score": (submission.score, submission.max_score),
                "grades": sorted(
                    (one.name, one.auto_score, one.max_score, one.needs_manual_grade)
                    for one in submission.notebooks[0].grades
                ),
                "comments": sorted((one.name, one.auto_comment) for one in submission.notebooks[0].comments),
            }
            for submission in gradebook.assignment_submissions(NAME)
        }


def results(file: Path) -> list[dict[str, Any]]:
    """Return the results file, without what hangs on the clock."""
    return [one | {"seconds": 0} for one in json.loads(file.read_text(encoding="utf-8"))]


def records(folder: Path) -> list[tuple[str, Any]]:
    """Return the key and content of each sound record of the journal."""
    found = []
    for line in (folder / ".autograder" / "journal.jsonl").read_bytes().splitlines():
        record = json.loads(line)
        assert zlib.crc32(record["data"].encode()) == record["sum"]
        found.append((record["key"], json.loads(zlib.decompress(base64.b64decode(record["data"])))))
    return found


def runs(folder: Path) -> list[str]:
    """Return the keys of the journal under which it says what a notebook showed when it was run, each time once."""
    return [key for key, data in records(folder) if isinstance(data, dict)]


def whole_lines(folder: Path) -> bytes:
    """Return the journal up to its last whole line."""
    try:
        data = (folder / ".autograder" / "journal.jsonl").read_bytes()
    except FileNotFoundError:
        return b""
    return data[: data.rfind(b"\n") + 1]
