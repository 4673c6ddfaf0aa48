"""Tell a gradebook which cells an assignment has, through nbgrader's own `generate_assignment`."""

import shutil
import tempfile
from pathlib import Path

import nbformat

from autograder.course.folder import Course
from autograder.course.nbgrader import run_nbgrader
from autograder.errors import BuildError, CourseError
from autograder.grading.gradebook import saved_cells, update_cells
from autograder.model import Assignment
from autograder.notebook.source import source_notebook

COURSE_ID = "residual-course"
"""The course's name in the gradebook, as `nbgrader_config.py` has it."""


def generate_release(course: Course, notebook: nbformat.NotebookNode, name: str, folder: Path, db_url: str) -> Path:
    """Make the release version of a source notebook, and enter its cells into a gradebook.

    Args:
        course: the course folder.
        notebook: the source notebook.
        name: name of the assignment.
        folder: an empty folder to work in; nothing outside it is touched.
        db_url: the gradebook.

    Returns:
        The release notebook's file, inside `folder`.

    Raises:
        BuildError: if nbgrader refuses.
    """
    source = folder / "source" / name / f"{name}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    settings = {
        "CourseDirectory.root": folder,
        "CourseDirectory.source_directory": "source",
        "CourseDirectory.release_directory": "release",
        "CourseDirectory.db_url": db_url,
    }
    try:
        run_nbgrader(course, "generate_assignment", name, "--force", settings=settings)
    except CourseError as error:
        raise BuildError(f"{name} was not released. {error}") from error
    return folder / "release" / name / source.name


def register(course: Course, notebook: nbformat.NotebookNode, name: str, db_url: str) -> None:
    """Enter an assignment into a gradebook, without touching any notebook."""
    folder = Path(tempfile.mkdtemp(prefix="register-"))
    try:
        generate_release(course, notebook, name, folder, db_url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def register_missing(course: Course, assignment: Assignment, db_url: str) -> list[str]:
    """Bring a gradebook in line with an assignment: a fresh gradebook knows none, an older one may lack cells.

    Returns:
        A sentence for each thing that was changed; what students have there stays.
    """
    return update_cells(db_url, assignment.name, saved_cells(course, source_notebook(course, assignment)), COURSE_ID)
