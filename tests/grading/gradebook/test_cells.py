"""The cells of an assignment in the gradebook, compared with those that nbgrader itself saves."""

import copy
import os
import sqlite3
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook

from autograder.course.folder import COURSE_VARIABLE, Course
from autograder.errors import BuildError
from autograder.grading.gradebook import saved_cells, update_cells
from autograder.model import Outcome
from tests.grading.gradebook.toy import (
    NAME,
    NEGATIVE,
    POSITIVE,
    all_rows,
    comment,
    enter,
    graded,
    marked,
    nbgrader_url,
    notebook,
    row,
    set_by_hand,
    total_scores,
)

ROOT = Path(__file__).parents[3]

SOLVED = """\
def double(n):
    ### START CODE HERE ###
    return 2 * n
    ### END CODE HERE ###"""


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Return the address of a gradebook with two students."""
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    update_cells(url, NAME, notebook())
    enter(url, graded(), graded("bob"))
    return url


def source(solution: str = SOLVED) -> nbformat.NotebookNode:
    """Return the toy assignment's source notebook, without checksums."""
    made = notebook()
    made.cells[1].source = solution
    for cell in made.cells:
        cell.metadata.get("nbgrader", {}).pop("checksum", None)
    return made


def test_saved_cells() -> None:
    """A source notebook is saved with its gaps empty and its checks whole; the notebook itself stays."""
    given = source()
    before = copy.deepcopy(given)
    saved = saved_cells(Course(ROOT), given)
    assert given == before
    assert "return 2 * n" not in saved.cells[1].source
    assert "NotImplementedError" in saved.cells[1].source
    assert [cell.source for cell in saved.cells[2:]] == [cell.source for cell in given.cells[2:]]
    assert all(cell.metadata.nbgrader.checksum for cell in saved.cells[:-1])
    assert COURSE_VARIABLE not in os.environ


def test_a_notebook_that_nbgrader_refuses() -> None:
    """A gap without an end, and a name that two cells have, are said."""
    with pytest.raises(BuildError, match="no end solution statement found"):
        saved_cells(Course(ROOT), source(SOLVED.replace("END", "END OF")))
    twice = source()
    twice.cells.append(copy.deepcopy(twice.cells[2]))
    with pytest.raises(BuildError, match="Duplicate grade id: double-positive"):
        saved_cells(Course(ROOT), twice)


def test_only_saved_cells(tmp_path: Path) -> None:
    """A notebook that still holds the solution is not entered."""
    with pytest.raises(ValueError, match="setup has no checksum: pass what saved_cells returns"):
        update_cells(f"sqlite:///{tmp_path / 'gradebook.db'}", NAME, source())
    assert not (tmp_path / "gradebook.db").exists()


def test_cells_change(db_url: str) -> None:
    """A check that is added, removed or worth more is brought into submissions that are there."""
    enter(db_url, graded(), graded("bob", positive=Outcome.FAILED))
    set_by_hand(db_url, 0.5)
    said = update_cells(db_url, NAME, notebook(**{NEGATIVE: 3, "double-zero": 1}))
    assert said == [
        f"The check {POSITIVE} was removed, with 2 scores, 1 of them given by hand.",
        f"The check {NEGATIVE} is worth 3 points instead of 2.",
        "The check double-zero was added, worth 1 point; 2 submissions without a score for it.",
    ]
    assert update_cells(db_url, NAME, notebook(**{NEGATIVE: 3, "double-zero": 1})) == []
    assert row(db_url, "double-zero") == (None, None, None, True)
    assert comment(db_url)[1] == "Nearly."
    assert total_scores(db_url) == {"ada": 2, "bob": 2}
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        assert gradebook.find_submission(NAME, "ada").max_score == 4


def test_nothing_changed(address: str) -> None:
    """Of what is the same nothing is written."""
    before = all_rows(address)
    assert update_cells(address, NAME, notebook()) == []
    assert all_rows(address) == before


def test_texts(address: str) -> None:
    """A cell with another text, lock or kind is brought up to date; scores stay."""
    changed = notebook()
    changed.cells[2].source = "check('double-positive', again=True)"
    changed.cells[3].cell_type = "markdown"
    changed.metadata.kernelspec.name = "python4"
    assert update_cells(address, NAME, changed) == [
        f"The check {NEGATIVE} is a markdown cell now.",
        f"The text of {POSITIVE} changed.",
        f"The text of {NEGATIVE} changed.",
        f"{NAME} has another kernel.",
    ]
    assert update_cells(address, NAME, changed) == []
    assert total_scores(address) == {"ada": 3, "bob": 3}
    with Gradebook(address) as gradebook:
        found = gradebook.find_source_cell(POSITIVE, NAME, NAME)
        assert (found.source, found.locked) == (changed.cells[2].source, True)
        assert gradebook.find_notebook(NAME, NAME).kernelspec == '{"name": "python4", "display_name": "Python 3"}'


def test_gaps_and_tasks(address: str) -> None:
    """Gaps, texts that are graded by hand and tasks come and go with their comments."""
    set_by_hand(address, 0.5)
    changed = notebook()
    changed.cells[1:2] = [
        marked("triple", "def triple(n): ...", solution=True),
        marked("essay", "Why?", solution=True, grade=True, points=4),
        new_markdown_cell("Do.", metadata={"nbgrader": marked("task", "", task=True, points=2).metadata.nbgrader}),
    ]
    assert update_cells(address, NAME, changed) == [
        "The gap double was removed.",
        "The gap triple was added.",
        "The gap essay was added.",
        "The check essay was added, worth 4 points; 2 submissions without a score for it.",
        "The task task was added, worth 2 points; 2 submissions without a score for it.",
    ]
    with Gradebook(address) as gradebook:
        ada = gradebook.find_submission_notebook(NAME, NAME, "ada")
        assert {one.name: one.comment for one in ada.comments} == {"triple": None, "essay": None, "task": None}
        assert {one.name for one in ada.grades if one.needs_manual_grade} == {"essay", "task"}
        assert (ada.score, ada.max_score) == (2.5, 9)
    enter(address, graded())  # the comment on its exercise has no place now
    with Gradebook(address) as gradebook:
        ada = gradebook.find_submission_notebook(NAME, NAME, "ada")
        assert {one.name for one in ada.grades if one.needs_manual_grade} == {"essay", "task", POSITIVE}
        assert ada.score == 2.5
    said = update_cells(address, NAME, notebook())
    assert sorted(said)[:4] == [
        "The check essay was removed.",
        "The gap double was added.",
        "The gap essay was removed.",
        "The gap triple was removed.",
    ]
    enter(address, graded())
    assert comment(address)[0] == "3 of 3 points."


def test_many_submissions(address: str) -> None:
    """A new check reaches every submission, however many there are."""
    connection = sqlite3.connect(address.removeprefix("sqlite:///"))
    (key,) = connection.execute("SELECT notebook_id FROM submitted_notebook").fetchone()
    connection.executemany(
        "INSERT INTO submitted_notebook (id, notebook_id) VALUES (?, ?)", [(str(i), key) for i in range(2500)]
    )
    connection.commit()
    (said,) = update_cells(address, NAME, notebook(**{POSITIVE: 1, NEGATIVE: 2, "double-zero": 1}))
    assert said.endswith("; 2502 submissions without a score for it.")
    connection.close()
    assert len(all_rows(address)["grade"]) == 2 * 2 + 2502
