"""A course, a small class, what an undisturbed run makes of it, and a command to be disturbed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course.folder import Course
from tests.conftest import ROOT
from tests.faults import school
from tests.faults.command import Command

SIZE = 10


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course folder of its own with a known secret."""
    found = Course(tmp_path_factory.mktemp("course"))
    for folder in ("notebooks", "solutions", "data"):
        shutil.copytree(ROOT / folder, found.root / folder)
    shutil.copy(ROOT / "nbgrader_config.py", found.root)
    found.private.mkdir()
    found.secret_seed.write_text("07" * 32)
    return found


@pytest.fixture(scope="session")
def notebooks(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return notebooks as students hand them in."""
    return school.samples(course, tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def command(course: Course) -> Iterator[Command]:
    """Return what starts commands."""
    found = Command(course.root)
    yield found
    found.close()


@pytest.fixture(scope="session")
def ordinary(course: Course) -> Iterator[Command]:
    """Return what starts commands that must ask for permission: as the user of the tests, without root's powers."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root may do everything, and there is no setpriv to take that from him")
    prefix = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    found = Command(course.root, prefix)
    yield found
    found.close()


@pytest.fixture(scope="session")
def undisturbed(
    command: Command,  # first, since it starts while the notebooks are made
    course: Course,
    notebooks: dict[str, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return the folder of a small class that was graded in peace."""
    folder = tmp_path_factory.mktemp("undisturbed")
    school.fill(folder / "submitted", course, notebooks, SIZE, sets=1)
    ended = command.run("grade", folder / "submitted", "--results", folder / "results.json")
    assert ended.code == 0, ended.err
    return folder


@pytest.fixture
def folder(undisturbed: Path, tmp_path: Path) -> Path:
    """Return the folder of the same class, of which nothing was graded."""
    shutil.copytree(undisturbed / "submitted", tmp_path / "submitted")
    return tmp_path


@pytest.fixture
def graded(undisturbed: Path, tmp_path: Path) -> Path:
    """Return the folder of the same class, with its journal, so that nothing needs to be run again."""
    return Path(shutil.copytree(undisturbed, tmp_path / "graded"))


@pytest.fixture(autouse=True)
def nothing_is_left(command: Command) -> Iterator[None]:
    """See to it that no test leaves a process or a temporary file."""
    yield
    command.wait_until_alone()
    assert list(command.room.iterdir()) == []
