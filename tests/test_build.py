"""`autograder build` proves what it releases, and `--check` notices what is out of date."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.course.folder import Course

ROOT = Path(__file__).parents[1]
NAME = "03_residual_blocks"

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a copy of the course."""
    for folder in ("notebooks", "solutions", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    return Course(tmp_path)


def build(course: Course, *arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["--course", str(course.root), "build", *arguments])


def test_build_mends_what_its_check_finds(course: Course) -> None:
    """A changed release and a lost record are found by `--check`, which changes nothing, and rewritten by `build`."""
    release, record = course.releases / NAME / f"{NAME}.ipynb", course.expected / f"{NAME}.json"
    before = release.read_bytes(), record.read_bytes()
    release.write_bytes(before[0].replace(b"Residual blocks", b"Residual rocks"))
    record.unlink()
    found = build(course, "--check")
    assert found.exit_code == 1
    assert f"Out of date: data/expected/{NAME}.json, notebooks/{NAME}/{NAME}.ipynb." in found.output
    assert not record.exists()
    assert build(course).exit_code == 0
    assert (release.read_bytes(), record.read_bytes()) == before


def test_a_source_without_full_marks_is_not_released(course: Course) -> None:
    """A reference that uses what its notebook does not have stops the build, and the old release stays."""
    path = course.root / "solutions" / "blocks.py"
    helper = '\n\ndef _relu(X):\n    return Activation("relu")(X)\n'
    path.write_text(path.read_text().replace('X = Activation("relu")(X)', "X = _relu(X)", 1) + helper)
    before = (course.releases / NAME / f"{NAME}.ipynb").read_bytes()
    result = build(course)
    assert result.exit_code == 3
    assert f"The source of {NAME} scores 10 where 20 is right: identity_block-layers (" in result.output
    assert "_relu" in result.output
    assert (course.releases / NAME / f"{NAME}.ipynb").read_bytes() == before
