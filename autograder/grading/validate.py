"""Run a notebook as a student would, and collect the verdicts of its checks."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbclient
import nbformat
from nbclient.exceptions import DeadKernelError
from nbconvert.filters.ansi import strip_ansi

from autograder.checks.registry import MODULES, find_assignment
from autograder.errors import UsageError
from autograder.grading.executed import read_verdicts
from autograder.model import Verdict

CELL_SECONDS = 600
"""A student may wait longer than a grader."""


def validate(path: Path) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """Run a notebook on this machine, unprotected, without its demonstrations.

    Args:
        path: the notebook; it is not changed.

    Returns:
        The verdicts, and a sentence for each cell of the student's that stopped with an error.

    Raises:
        UsageError: if it is not a notebook of this course.
    """
    notebook = _read(path)
    name = assignment_of(notebook, path)
    client = nbclient.NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        allow_errors=True,
        interrupt_on_timeout=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # not its advice on encryption, which is no student's matter
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    with contextlib.suppress(DeadKernelError):  # what was seen before the process ended counts, the rest did not run
        client.execute()
    with tempfile.TemporaryDirectory() as folder:
        executed = Path(folder) / "executed.ipynb"
        nbformat.write(notebook, executed)
        return tuple(read_verdicts(executed, find_assignment(name)).values()), tuple(_stopped(notebook))


def _stopped(notebook: nbformat.NotebookNode) -> Iterator[str]:
    for number, cell in enumerate(notebook.cells, 1):
        marks = cell.metadata.get("nbgrader", {})
        for output in [] if marks.get("grade") else cell.get("outputs", []):
            if output.output_type == "error":
                name = f"the cell of {marks['grade_id']}" if marks.get("solution") else f"cell {number}"
                yield f"{name} stopped: {output.ename}: {strip_ansi(output.evalue)}"


def _read(path: Path) -> nbformat.NotebookNode:
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name the notebook in it, a file that ends in .ipynb.")
    if not path.is_file():
        raise UsageError(f"There is no notebook {path}.")
    try:
        notebook: nbformat.NotebookNode = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except (ValueError, nbformat.ValidationError, AttributeError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} is not a notebook: name a file that ends in .ipynb; if it does, restore an earlier copy."
        ) from error
    return notebook


def assignment_of(notebook: nbformat.NotebookNode, path: Path) -> str:
    """Return the name of a notebook's assignment: what its setup cell names, else its file name.

    Raises:
        UsageError: if neither is an assignment of this course.
    """
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    for name in MODULES:
        if f'checks_for("{name}")' in text or path.stem == name:
            return name
    raise UsageError(f"{path} is no assignment of this course; there are: {', '.join(sorted(MODULES))}.")
