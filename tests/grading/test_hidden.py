"""The hidden check draws its cases from the secret seed of the course, one for each student."""

from pathlib import Path

import pytest

from autograder.checks import student
from autograder.checks.student import CheckFailed
from autograder.course.folder import Course
from autograder.course.secret import BYTES
from autograder.errors import CourseError
from autograder.grading import hidden
from autograder.model import Assignment, Case
from tests.checks.toy import DOUBLE, TOY

MODULE = "def double(n):\n    return 2 * n\n"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Return a course with a reference of the toy exercise, and stand where nbgrader runs a student's notebook."""
    (tmp_path / "toy_solutions.py").write_text(MODULE)
    (tmp_path / "solutions").mkdir()
    (tmp_path / "nbgrader_config.py").touch()
    toy = Assignment("00_toy", "Toy", (type(DOUBLE)(**{**vars(DOUBLE), "reference": "toy_solutions:double"}),))
    monkeypatch.setattr(hidden, "find_assignment", lambda name: toy)
    monkeypatch.setattr(student, "_shell", lambda: None)
    monkeypatch.syspath_prepend(str(tmp_path))
    stand_in(tmp_path, "ada", monkeypatch)
    hidden._expected.cache_clear()
    return Course(tmp_path)


def stand_in(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in the folder where nbgrader runs a student's notebook."""
    folder = root / "autograded" / name / TOY.name
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(student, "STARTED_IN", folder)


def double(n: int) -> int:
    """Return 2 n; what the checks below judge, since they look functions up in this module."""
    seen.append(n)
    return factor * n


seen: list[int] = []
factor = 2


@pytest.mark.usefixtures("course")
def test_right_and_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A right function passes; a wrong one fails, and neither input nor answer is shown."""
    hidden.check_hidden("00_toy", "double-positive")
    assert capsys.readouterr().out.startswith("✓ passed")
    monkeypatch.setitem(globals(), "factor", 3)
    with pytest.raises(CheckFailed):
        hidden.check_hidden("00_toy", "double-positive")
    shown = capsys.readouterr().out
    assert hidden.ON_OTHER_CASES in shown
    assert not any(str(abs(n)) in shown for n in seen if abs(n) > 20)


def test_each_student_has_own_cases(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student of another set gets other cases, the same student the same again."""
    course.secret_seed.parent.mkdir(exist_ok=True)
    course.secret_seed.write_text("07" * BYTES)  # by which ada and eve have different sets
    cases: list[tuple[Case, ...]] = []
    for name in ("ada", "eve", "ada"):
        stand_in(course.root, name, monkeypatch)
        cases.append(DOUBLE.draw(hidden._seed("00_toy", "double")))
    assert cases[0] == cases[2] != cases[1]


def test_outside_a_course(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a course folder the hidden check is our fault, and no student's."""
    monkeypatch.setattr(student, "STARTED_IN", tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(CourseError, match="not in a course folder"):
        hidden.check_hidden("03_residual_blocks", "identity_block-names")
