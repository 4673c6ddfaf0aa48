"""The gradebook's writer and readers, on SQLite and on a real PostgreSQL."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.errors import CourseError, UsageError
from autograder.grading import gradebook_open
from autograder.grading.gradebook import GradebookWriter, cell_scores, has_assignment, student_id, submitted_at
from autograder.grading.gradebook_open import Database
from autograder.grading.gradebook_person import from_person
from autograder.grading.gradebook_tables import METADATA
from autograder.model import GradedSubmission, Outcome, Submission
from tests.grading.gradebook.toy import (
    NAME,
    NEGATIVE,
    POINTS,
    POSITIVE,
    all_rows,
    comment,
    enter,
    graded,
    nbgrader_url,
    row,
    set_by_hand,
    total_scores,
    without_notebook,
)


def test_nothing_there_yet(empty_url: str) -> None:
    """Of a gradebook that is not there nothing is known, and asking does not make it."""
    assert not has_assignment(empty_url, NAME)
    with pytest.raises(CourseError, match="does not know ada's 00_toy"):
        cell_scores(empty_url, Submission("ada", NAME, ""))
    with Database(empty_url) as database:
        assert not database.exists()


def test_scores(db_url: str) -> None:
    """What was entered is read again: here, and with nbgrader."""
    assert has_assignment(db_url, NAME)
    assert not has_assignment(db_url, "01_other")
    enter(db_url, graded(negative=Outcome.FAILED), graded("bob"), graded("eve", positive=Outcome.TIMEOUT))
    with GradebookWriter(db_url) as writer:
        assert writer.scores("01_other") == {}
        assert writer.scores(NAME) == {
            "ada": {POSITIVE: 1, NEGATIVE: 0},
            "bob": {POSITIVE: 1, NEGATIVE: 2},
            "eve": {POSITIVE: 0, NEGATIVE: 2},
        }
    assert total_scores(db_url) == {"ada": 1, "bob": 3, "eve": 2}
    assert cell_scores(db_url, Submission("ada", NAME, "")) == {POSITIVE: 1, NEGATIVE: 0}
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        found = {one["student"]: (one["score"], one["max_score"]) for one in gradebook.submission_dicts(NAME)}
        assert found == {"ada": (1, 3), "bob": (3, 3), "eve": (2, 3)}
        assert [one["needs_manual_grade"] for one in gradebook.submission_dicts(NAME)] == [False] * 3
        (ada, *_) = sorted(gradebook.notebook_submission_dicts(NAME, NAME), key=lambda one: str(one["student"]))
        assert ada["failed_tests"]
        assert {one["id"]: one["score"] for one in gradebook.student_dicts()} == {"ada": 1, "bob": 3, "eve": 2}


def test_entered_again(db_url: str) -> None:
    """A later result takes the place of the earlier one; nothing is there twice, and no person has given points."""
    enter(db_url, graded(negative=Outcome.FAILED))
    before = {name: len(rows) for name, rows in all_rows(db_url).items()}
    enter(db_url, graded(positive=Outcome.FAILED))
    assert {name: len(rows) for name, rows in all_rows(db_url).items()} == before
    assert cell_scores(db_url, Submission("ada", NAME, "")) == {POSITIVE: 0, NEGATIVE: 2}
    with GradebookWriter(db_url) as writer:
        assert writer.by_hand(NAME, "ada") is None


def test_what_a_person_entered_stays(db_url: str) -> None:
    """A manual score, extra credit and a manual comment stay, count, and ask to be looked at again."""
    enter(db_url, graded(positive=Outcome.FAILED))
    set_by_hand(db_url, 0.5, extra=0.25)
    enter(db_url, graded(negative=Outcome.FAILED))
    assert row(db_url) == (1, 0.5, 0.25, True)
    assert comment(db_url) == (f"1 of 3 points. ✗ {NEGATIVE}: expected 4, got 2", "Nearly.")
    assert total_scores(db_url) == {"ada": 0.75}
    with GradebookWriter(db_url) as writer:
        assert writer.scores(NAME) == {"ada": {POSITIVE: 1, NEGATIVE: 0}}
        assert writer.by_hand(NAME, "ada") == 0.75
        assert writer.by_hand(NAME, "eve") is None
    told = (("double", "Nearly."), (POSITIVE, "extra points: 0.25"), (POSITIVE, "points given by hand: 0.5"))
    assert from_person(db_url, Submission("ada", NAME, "")) == told
    assert from_person(db_url, Submission("eve", NAME, "")) == ()


@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.SKIPPED])
def test_a_check_that_was_not_judged(db_url: str, outcome: Outcome) -> None:
    """A check that our fault kept from being judged has no score and asks for a person; the others count."""
    enter(db_url, graded())
    enter(db_url, graded(positive=outcome, message="no references"))
    assert row(db_url) == (None, None, None, True)
    assert row(db_url, NEGATIVE) == (2, None, None, False)
    assert comment(db_url)[0] == f"2 of 3 points, 1 of them not judged yet. ? {POSITIVE}: no references"


@pytest.mark.parametrize(
    "fault", [without_notebook(Outcome.ERROR), graded(positive=Outcome.ERROR, negative=Outcome.SKIPPED)]
)
def test_our_fault_changes_nothing(db_url: str, fault: GradedSubmission) -> None:
    """Where nothing was judged through our fault, an earlier entry stays and no new one is made."""
    enter(db_url, replace(fault, student="new"))
    enter(db_url, graded())
    before = all_rows(db_url)
    enter(db_url, fault, submitted=datetime(2026, 1, 2))
    assert all_rows(db_url) == before
    assert total_scores(db_url) == {"ada": 3}


@pytest.mark.parametrize("earlier", [True, False])
def test_no_notebook(db_url: str, earlier: bool) -> None:
    """A file that is no notebook has score 0, whatever an earlier one had, and the comment says why."""
    if earlier:
        enter(db_url, graded())
    enter(db_url, without_notebook(Outcome.FAILED))
    assert total_scores(db_url) == {"ada": 0}
    assert row(db_url) == (0, None, None, False)
    assert comment(db_url)[0] == "0 points. ✗ not a notebook: {"


def test_comment(db_url: str) -> None:
    """The comment on a gap sums up its checks in a line that is no Markdown, no HTML and not long."""
    enter(db_url, graded(message=""))
    assert comment(db_url) == ("3 of 3 points.", None)
    written = "<b>x</b>\n\n![](http://a/b) \ud800 \0" + "y" * 1000
    enter(db_url, graded(negative=Outcome.FAILED, message=written))
    said = str(comment(db_url)[0])
    assert said.startswith(
        f"1 of 3 points. ✗ {NEGATIVE}: \u2039b\u203ax\u2039/b\u203a ![] (http://a/b) \\ud800 \\x00yy"
    )
    assert said.endswith("y…")
    assert len(said) < 500


@pytest.mark.parametrize(
    "student", ["O'Hara; DROP TABLE grade", 'a"b %s {x} :y ?', "张伟 ñ 👩‍🎓", "caf\udce9", " ", "a\\b"]
)
def test_names(db_url: str, student: str) -> None:
    """A student may have any name that a folder may have."""
    enter(db_url, graded(student), graded(student))
    assert total_scores(db_url) == {student_id(student): 3}
    assert cell_scores(db_url, Submission(student, NAME, "")) == POINTS
    assert student_id("caf\udce9") == "caf\\udce9"


def test_long_name(db_url: str) -> None:
    """A name that is too long for PostgreSQL is said in a sentence."""
    if db_url.startswith("sqlite"):
        enter(db_url, graded("x" * 255))
        assert total_scores(db_url) == {"x" * 255: 3}
    else:
        with pytest.raises(UsageError, match="longer than the gradebook's 128 characters"):
            enter(db_url, graded("x" * 129))


def test_time(db_url: str) -> None:
    """The time of a submission is kept in UTC, and stays if a later result says nothing of it."""
    east = timezone(timedelta(hours=2))
    for given in (datetime(2026, 1, 2, 3, 4), datetime(2026, 1, 2, 5, 4, tzinfo=east), None):
        enter(db_url, graded(), submitted=given)
        with Gradebook(nbgrader_url(db_url)) as gradebook:
            assert gradebook.find_submission(NAME, "ada").timestamp == datetime(2026, 1, 2, 3, 4, tzinfo=UTC).replace(
                tzinfo=None
            )


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("2026-01-02 03:04:05.678 UTC\n", datetime(2026, 1, 2, 3, 4, 5, 678000)),
        ("2026-01-02T05:04:05+02:00", datetime(2026, 1, 2, 3, 4, 5)),
        ("", None),
        ("yesterday \0", None),
        ("9" * 1000, None),
        (None, None),
    ],
)
def test_submitted_at(tmp_path: Path, words: str | None, time: datetime | None) -> None:
    """The time is read from nbgrader's file; where there is none, or none that can be read, it is not known."""
    if words is not None:
        (tmp_path / "timestamp.txt").write_text(words)
    assert submitted_at(tmp_path) == time


def test_unknown(db_url: str) -> None:
    """Of an assignment or a check that the gradebook does not know nothing is entered, not even the student."""
    before = all_rows(db_url)
    other = tuple(replace(one, check=one.check + "-new") for one in graded().verdicts)
    with pytest.raises(CourseError, match="no cell for double-negative-new, double-positive-new of 00_toy"):
        enter(db_url, replace(graded(), verdicts=other))
    with pytest.raises(CourseError, match="does not know the assignment 01_other"):
        enter(db_url, replace(graded(), assignment="01_other"))
    assert all_rows(db_url) == before


def test_points_follow_the_checks(db_url: str) -> None:
    """What a check is worth is what the verdict says."""
    worth = tuple(replace(one, points=5, max_points=5) for one in graded().verdicts)
    enter(db_url, replace(graded(), verdicts=worth))
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        assert gradebook.find_submission(NAME, "ada").max_score == 10


def test_missing_rows_are_made(db_url: str) -> None:
    """Grades and comments that an earlier program did not make are added."""
    enter(db_url, graded())
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        gradebook.db.delete(gradebook.find_grade(POSITIVE, NAME, NAME, "ada"))
        gradebook.db.delete(gradebook.find_comment("double", NAME, NAME, "ada"))
        gradebook.db.commit()
    enter(db_url, graded())
    assert cell_scores(db_url, Submission("ada", NAME, "")) == POINTS
    assert comment(db_url)[0] == "3 of 3 points."


def test_two_writers(db_url: str) -> None:
    """Two writers at once, entering the same students, lose nothing and disturb each other in nothing."""
    faults: list[BaseException] = []

    def write() -> None:
        try:
            enter(db_url, *(graded(f"student {i}") for i in range(20)))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert total_scores(db_url) == {f"student {i}": 3 for i in range(20)}


def test_formgrader_is_open(db_url: str) -> None:
    """A gradebook that nbgrader holds open, with objects read, is written all the same."""
    enter(db_url, graded())
    with Gradebook(nbgrader_url(db_url)) as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 3
        enter(db_url, graded(negative=Outcome.FAILED))
        gradebook.db.rollback()
        assert gradebook.find_submission(NAME, "ada").score == 1


def test_another_program_is_writing(db_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gradebook that another program does not let go of is said in a sentence, after a wait."""
    enter(db_url, graded())
    monkeypatch.setattr(gradebook_open, "PATIENCE", 0.1)
    with Database(db_url) as other:

        def hold(connection: Any) -> None:
            connection.execute(METADATA.tables["grade"].update().values(extra_credit=1))
            with pytest.raises(CourseError, match="is being written by another program"):
                enter(db_url, graded())

        other.write(hold)
    assert row(db_url) == (1, None, 1, False)
