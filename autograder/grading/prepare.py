"""From what a student handed in to a notebook that can be graded: found, read, mended."""

import base64
import os
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat

from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.grading.cells import NotANotebook, read_json
from autograder.grading.repair import repair
from autograder.model import Submission

REPAIRS = "repairs"
"""Where the sentences stand in the executed notebook's metadata, under `residual_course`."""

MOST_BYTES = 20_000_000
"""How much may lie beside a notebook; what is beyond is left out, and it is said."""


@dataclass(frozen=True)
class Prepared:
    """A submission that can be graded.

    Args:
        notebook: mended.
        repairs: a sentence for each thing that was mended.
        files: what else lies in the folder, name to content in base64.
    """

    notebook: nbformat.NotebookNode
    repairs: tuple[str, ...]
    files: dict[str, str]


def prepare(course: Course, submission: Submission) -> Prepared:
    """Read and mend the notebook of a submission.

    Args:
        course: the course folder, for the release notebook.
        submission: what was handed in; it is not changed.

    Raises:
        NotANotebook: if there is nothing that could be graded; the text says why.
        CourseError: if the release notebook is missing, or the submission may not be read.
    """
    folder = Path(submission.path)
    try:
        path, sentences = locate(folder, submission.assignment)
        content, more = read_json(path)
        files, left_out = _files_beside(folder)
    except OSError as error:  # it lies on our disk, under our rights: not the student's fault
        raise CourseError(f"what was handed in cannot be read: {error.strerror}") from error
    notebook, mended = repair(content, release_of(course.releases / submission.assignment))
    return Prepared(notebook, (*sentences, *more, *left_out, *mended), files)


@cache
def release_of(folder: Path) -> nbformat.NotebookNode:
    """Return the release notebook of an assignment.

    Raises:
        CourseError: if there is none.
    """
    try:
        release: nbformat.NotebookNode = nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)
    except OSError as error:
        raise CourseError(f"The release of {folder.name} is missing: run `autograder build`.") from error
    return release


def _files_beside(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Return the other files of a submission, and a sentence if some were left out; links are never followed."""
    found: dict[str, str] = {}
    left_out, size = 0, 0
    for root, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in names if not name.startswith(".") and not name.endswith(".ipynb")):
            path = Path(root, name)
            status = path.lstat()
            size += status.st_size
            if not stat.S_ISREG(status.st_mode) or size > MOST_BYTES:
                left_out += 1
            else:
                found[str(path.relative_to(folder))] = base64.b64encode(path.read_bytes()).decode()
    return found, [f"{left_out} files beside the notebook were left out: links, or too large."] if left_out else []


def locate(folder: Path, name: str) -> tuple[Path, list[str]]:
    """Find the notebook in a submission's folder: by its name, else the only one there is.

    Returns:
        Its path, and a sentence if it has another name than it should.

    Raises:
        NotANotebook: if there is none, or if it cannot be told which one is meant.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        raise NotANotebook("the folder is a link to another place, which is not followed")
    right = folder / f"{name}.ipynb"
    if right.is_file() and not right.is_symlink():
        return right, []
    found = sorted(path for path in folder.iterdir() if path.suffix == ".ipynb" and _is_own_file(path))
    if not found:
        raise NotANotebook(f"there is no notebook in the folder; {right.name} was expected")
    if len(found) > 1:
        raise NotANotebook(f"there are {len(found)} notebooks and none is called {right.name}: hand in one")
    return found[0], [f"The notebook was called {found[0].name}; it was graded as {right.name}."]


def _refuse(error: OSError) -> None:
    """Let a folder that cannot be read be said, where `os.walk` would pass it over."""
    raise error


def _is_own_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
