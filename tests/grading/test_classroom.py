"""Where submissions lie."""

from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.grading.classroom import find_submissions, open_classroom, without_submission


def submit(folder: Path, student: str, assignment: str) -> Path:
    """Put an empty notebook where a student would."""
    path = folder / student / assignment / f"{assignment}.ipynb"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_submissions_are_ordered(tmp_path: Path) -> None:
    """Submissions come by student, then assignment; other folders and files are passed over."""
    for student, assignment in [("b", "03_x"), ("a", "03_x"), ("a", "01_x"), ("a", "notes")]:
        submit(tmp_path, student, assignment)
    (tmp_path / "readme.txt").touch()
    found = find_submissions(open_classroom(tmp_path), ("01_x", "03_x"))
    assert [(one.student, one.assignment) for one in found] == [("a", "01_x"), ("a", "03_x"), ("b", "03_x")]


def test_gradebook_stands_beside_the_submissions(tmp_path: Path) -> None:
    """Gradebook, executed notebooks and feedback are siblings of the folder of submissions."""
    (tmp_path / "submitted").mkdir()
    classroom = open_classroom(tmp_path / "submitted")
    assert classroom.db_url == f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert classroom.autograded == tmp_path / "autograded"
    assert open_classroom(tmp_path / "submitted", "postgresql://x/y").db_url == "postgresql://x/y"


def test_nothing_to_grade(tmp_path: Path) -> None:
    """An empty or missing folder is one sentence that says how submissions lie."""
    with pytest.raises(UsageError, match=r"<student>/<assignment>/<assignment>\.ipynb"):
        find_submissions(open_classroom(tmp_path), ("03_x",))
    with pytest.raises(UsageError, match="is no folder"):
        open_classroom(tmp_path / "none")


def test_what_lies_elsewhere_is_named(tmp_path: Path) -> None:
    """A student whose folder is misspelled, and a file without a folder, are not passed over in silence."""
    submit(tmp_path, "ada", "03_x")
    submit(tmp_path, "eve", "03_misspelled")
    (tmp_path / "bob.ipynb").touch()
    classroom = open_classroom(tmp_path)
    assert without_submission(classroom, find_submissions(classroom, ("03_x",))) == ["bob.ipynb", "eve"]
