"""`python -m bench.notebooks --write`: every notebook with the references filled in, run and graded.

Demonstrations, which grading leaves out, are run here. Memory is the largest that the notebook's kernel ever held.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.grading.session import Options
from autograder.model import Assignment
from autograder.notebook.gaps import gaps_of
from autograder.sandbox.doctor import find_level
from bench.classes import make_class
from bench.engine import steady

COURSE = Course(Path(__file__).parents[1])
PAGE = COURSE.root / "docs" / "course.md"

STUDENTS = 8
"""Size of the class that is graded; what a submission takes is measured on its second half."""

CELL_SECONDS = 600

HEAD = """\
# The course in figures

Each notebook with the references filled in, run from top to bottom with its demonstrations, on {cores} cores without an
accelerator; then a class of {students} students graded with one job, half of them with a mistake. Mistakes, variants
and what is said of them: [diagnosis.md](diagnosis.md).

| assignment | exercises | checks | points | cells | seconds to run | peak memory | seconds to grade |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Ran:
    """What a notebook took.

    Args:
        cells: code cells that were run.
        seconds: from the start of its kernel to the end of its last cell.
        megabytes: the most that its kernel held.
        failed: the errors of its cells.
    """

    cells: int
    seconds: float
    megabytes: float
    failed: tuple[str, ...]


def filled(course: Course, assignment: Assignment) -> nbformat.NotebookNode:
    """Return the release with the reference in every gap."""
    file = course.releases / assignment.name / f"{assignment.name}.ipynb"
    notebook: nbformat.NotebookNode = nbformat.read(file, as_version=4)
    gaps = {gap.name: gap.source for gap in gaps_of(course, assignment)}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = gaps.get(name, cell.source)
        # These are what grading leaves out, and nbclient as well.
        cell.metadata["tags"] = [tag for tag in cell.metadata.get("tags", []) if tag != "skip-execution"]
    return notebook


def write_filled(course: Course, folder: Path) -> None:
    """Write all notebooks beside one another, as in a course folder: one may take functions over from another."""
    for name in sorted(MODULES):
        target = folder / name / f"{name}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(filled(course, find_assignment(name)), target)


def run(path: Path) -> Ran:
    """Run a notebook where it lies."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, allow_errors=True, resources={"metadata": {"path": str(path.parent)}}
    )
    start, peak = time.perf_counter(), 0.0
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
        kernel: Any = client.km
        peak = _peak(kernel.provisioner.process.pid)
    seconds = time.perf_counter() - start
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    errors = [f"{one.ename}: {one.evalue}" for cell in code for one in cell.outputs if one.output_type == "error"]
    return Ran(len(code), seconds, peak, tuple(errors))


def _peak(process: int) -> float:
    """Return the most memory that a process ever held, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM:"))


def seconds_to_grade(course: Course, assignment: Assignment, folder: Path) -> float:
    """Grade a class with one job; return the seconds per submission of its second half."""
    options = Options(find_level()[0], jobs=1)
    return steady(course, assignment, make_class(course, assignment, folder, STUDENTS), options).seconds


def row(assignment: Assignment, ran: Ran, grading: float) -> str:
    """Return an assignment's line of the table."""
    points = sum(check.points for check in assignment.checks)
    cells = [
        *(assignment.name, len(assignment.exercises), len(assignment.checks), f"{points:g}", ran.cells),
        *(f"{ran.seconds:.0f}", f"{ran.megabytes:,.0f} MB", f"{grading:.2f}"),
    ]
    return "| " + " | ".join(map(str, cells)) + " |"


def measured(names: Sequence[str], folder: Path) -> tuple[list[str], list[str]]:
    """Measure assignments; return the lines of the table, and what went wrong."""
    write_filled(COURSE, folder / "notebooks")
    rows, wrong = [], []
    for name in names:
        assignment = find_assignment(name)
        ran = run(folder / "notebooks" / name / f"{name}.ipynb")
        rows.append(row(assignment, ran, seconds_to_grade(COURSE, assignment, folder / "classes" / name)))
        wrong += [f"{name}: {error}" for error in ran.failed]
        print(rows[-1], file=sys.stderr, flush=True)
    return rows, wrong


def main() -> int:
    """Measure and print; return 1 if a cell of a filled notebook fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignments", nargs="*", default=sorted(MODULES))
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} as well")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with tempfile.TemporaryDirectory() as folder:
        rows, wrong = measured(given.assignments, Path(folder))
    foot = "\n\nGenerated by `python -m bench.notebooks --write`; do not edit.\n"
    text = HEAD.format(cores=os.cpu_count(), students=STUDENTS) + "\n".join(rows) + foot
    print(text, end="")
    print("\n".join(wrong), file=sys.stderr)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
