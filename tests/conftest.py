"""Fixtures that several folders of tests share."""

import shutil
from pathlib import Path

import nbformat
import pytest
from hypothesis import settings

from autograder.checks.registry import find_assignment
from autograder.course.folder import COURSE_VARIABLE, Course
from autograder.grading.classroom import gradebook_url
from autograder.notebook.register import register
from autograder.notebook.source import source_notebook

ROOT = Path(__file__).parents[1]
NAME = "03_residual_blocks"

# How long an example takes hangs on what else the machine does; the same examples each time, as for all that is drawn.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a copy of the course as `make build` leaves it in a fresh clone."""
    course = Course(tmp_path_factory.mktemp("course"))
    for folder in ("notebooks", "solutions", "data"):
        shutil.copytree(ROOT / folder, course.root / folder)
    shutil.copy(ROOT / "nbgrader_config.py", course.root)
    notebook = source_notebook(course, find_assignment(NAME))
    path = course.source_notebooks / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    register(course, notebook, NAME, gradebook_url(course.root))
    return course


@pytest.fixture(autouse=True)
def no_course_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the course from where a test stands, whatever the shell that runs the tests says."""
    monkeypatch.delenv(COURSE_VARIABLE, raising=False)
