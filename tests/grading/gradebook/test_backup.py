"""Copies of the gradebook: whole or not at all, and not too many."""

import os
import sqlite3
import time
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.errors import CourseError
from autograder.grading import gradebook_backup, gradebook_open
from autograder.grading.gradebook import back_up, update_cells
from autograder.model import Outcome
from tests.grading.gradebook.toy import NAME, all_rows, enter, graded, nbgrader_url, notebook, set_by_hand, total_scores


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Return the address of a gradebook with one student."""
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    update_cells(url, NAME, notebook())
    enter(url, graded())
    return url


def test_back_up(db_url: str, tmp_path: Path) -> None:
    """A copy is a gradebook itself, with every row."""
    folder = tmp_path / "private" / "backups"
    enter(db_url, graded(), graded("张伟", negative=Outcome.FAILED), submitted=datetime(2026, 1, 2, 3, 4, 5, 678))
    set_by_hand(db_url, 0.5)
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        gradebook.grant_extension(NAME, "ada", days=400, minutes=1)
    copy = back_up(db_url, folder)
    assert copy is not None
    assert all_rows(f"sqlite:///{copy}") == all_rows(db_url)
    assert (copy.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert list(folder.iterdir()) == [copy]
    with Gradebook(f"sqlite:///{copy}") as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 2.5
    enter(f"sqlite:///{copy}", graded())


def test_nothing_to_back_up(empty_url: str, tmp_path: Path) -> None:
    """Of a gradebook that is not there no copy is made."""
    assert back_up(empty_url, tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()


def test_copies_do_not_replace_each_other(address: str, tmp_path: Path) -> None:
    """Copies of one second have names of their own, in the order in which they were made."""
    copies = [back_up(address, tmp_path / "backups") for _ in range(3)]
    assert sorted((tmp_path / "backups").iterdir()) == copies


def test_the_newest_are_kept(address: str, tmp_path: Path) -> None:
    """Older copies go, other files stay, and so does what another program has not finished yet."""
    old = [tmp_path / f"gradebook-20200101-0000{i:02}.db" for i in range(12)]
    left, unfinished = tmp_path / "gradebook-20200101-000000.db.part", tmp_path / "gradebook-20200101-000001.db.part"
    mine = tmp_path / "gradebook-20200101-000000-before-the-exam.db"
    for path in (*old, left, unfinished, mine):
        path.touch()
    os.utime(left, times=(0, time.time() - 2 * gradebook_backup.FORGOTTEN))
    copy = back_up(address, tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*old[3:], unfinished, mine, tmp_path / "gradebook.db", copy or mine])


def test_a_fault_leaves_nothing(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that could not be finished is not there, and says where it was to be."""

    def fail(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gradebook_backup, "_settle", fail)
    with pytest.raises(CourseError, match=r"cannot be copied into .*backups: No space left on device"):
        back_up(address, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_folder_that_is_none(address: str, tmp_path: Path) -> None:
    """A folder that cannot be made is said."""
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="cannot be copied into"):
        back_up(address, tmp_path / "file" / "backups")


def test_while_another_program_writes(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy holds what was whole when it began; it waits for a change that is just being written, and not for ever."""
    monkeypatch.setattr(gradebook_open, "PATIENCE", 0.1)
    other = sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM grade")
    copy = back_up(address, tmp_path / "backups")
    assert total_scores(f"sqlite:///{copy}") == {"ada": 3}
    other.execute("ROLLBACK")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CourseError, match="is being written by another program"):
        back_up(address, tmp_path / "backups")
    other.close()
    assert list((tmp_path / "backups").iterdir()) == [copy]
