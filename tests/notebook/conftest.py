"""The zip that students get, made from a copy of the project."""

import shutil
from pathlib import Path

import pytest

from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.course.secret import secret_seed
from autograder.notebook.release import unpack, write_release
from tests.conftest import NAME, ROOT

NOTEBOOK = f"{NAME}/{NAME}.ipynb"
ASSIGNMENTS = [find_assignment(name) for name in sorted(MODULES)]

Members = dict[str, bytes]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a copy of the project with a secret, as an instructor has it."""
    course = Course(tmp_path_factory.mktemp("project"))
    for folder in ("autograder", "data", "notebooks", "solutions"):
        shutil.copytree(ROOT / folder, course.root / folder)
    for file in ("LICENSE", "README.md", "environment.yml", "nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / file, course.root)
    secret_seed(course)
    return course


@pytest.fixture(scope="session")
def zipped(project: Course) -> Path:
    """Return the zip of the course."""
    path = project.root / "dist" / "residual-course.zip"
    write_release(project, ASSIGNMENTS, path)
    return path


@pytest.fixture(scope="session")
def members(zipped: Path) -> Members:
    """Return what is in the zip of the course."""
    return unpack(zipped.read_bytes())


def wheel_of(members: Members) -> str:
    """Return the path of the wheel."""
    (wheel,) = (name for name in members if name.endswith(".whl"))
    return wheel
