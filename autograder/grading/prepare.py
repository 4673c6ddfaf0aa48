"""From what a student handed in to a notebook that nbgrader can grade: found, read, mended, put in its place."""

import shutil
from pathlib import Path

import nbformat

from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.grading.cells import NotANotebook, read_json
from autograder.grading.classroom import Classroom
from autograder.grading.repair import repair
from autograder.model import Submission

REPAIRS = "repairs"
"""Where the sentences stand in the prepared notebook's metadata, under `residual_course`."""


def prepare(course: Course, classroom: Classroom, submission: Submission) -> tuple[str, ...]:
    """Write the notebook of a submission to where nbgrader reads it.

    Args:
        course: the course folder, for the release notebook.
        classroom: where the submission lies.
        submission: what was handed in; it is not changed.

    Returns:
        A sentence for each thing that was mended.

    Raises:
        NotANotebook: if there is nothing that could be graded; the text says why.
        CourseError: if the release notebook is missing.
    """
    name = submission.assignment
    target = classroom.prepared / submission.student / name / f"{name}.ipynb"
    shutil.rmtree(target.parent, ignore_errors=True)
    path, sentences = locate(Path(submission.path), name)
    content, more = read_json(path)
    notebook, mended = repair(content, _release(course, name))
    repairs = (*sentences, *more, *mended)
    notebook.metadata["residual_course"] = {REPAIRS: list(repairs)}
    shutil.copytree(path.parent, target.parent, ignore=shutil.ignore_patterns("*.ipynb", ".*"), symlinks=True)
    nbformat.write(notebook, target)
    return repairs


def _release(course: Course, name: str) -> nbformat.NotebookNode:
    try:
        release: nbformat.NotebookNode = nbformat.read(course.releases / name / f"{name}.ipynb", as_version=4)
    except OSError as error:
        raise CourseError(f"The release of {name} is missing: run `autograder build`.") from error
    return release


def locate(folder: Path, name: str) -> tuple[Path, list[str]]:
    """Find the notebook in a submission's folder: by its name, else the only one there is.

    Returns:
        Its path, and a sentence if it has another name than it should.

    Raises:
        NotANotebook: if there is none, or if it cannot be told which one is meant.
    """
    right = folder / f"{name}.ipynb"
    if right.is_file():
        return right, []
    found = sorted(path for path in folder.glob("*.ipynb") if path.is_file())
    if not found:
        raise NotANotebook(f"there is no notebook in the folder; {right.name} was expected")
    if len(found) > 1:
        raise NotANotebook(f"there are {len(found)} notebooks and none is called {right.name}: hand in one")
    return found[0], [f"The notebook was called {found[0].name}; it was graded as {right.name}."]
