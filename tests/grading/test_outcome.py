"""What an earlier grading left: reasons, repairs, pages."""

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder.grading import outcome
from autograder.grading.classroom import Classroom, gradebook_url
from autograder.grading.feedback import write_page
from autograder.model import Outcome, Submission, Verdict
from tests.checks.toy import TOY

ADA = Submission("ada", TOY.name, "submitted/ada/00_toy")


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    """Return an empty class."""
    return Classroom(tmp_path / "submitted", gradebook_url(tmp_path))


def test_never_graded(classroom: Classroom) -> None:
    """Of what was never graded nothing is known."""
    assert outcome.graded_again(classroom, TOY, ADA) is None


@pytest.mark.parametrize("worst", [Outcome.FAILED, Outcome.ERROR])
def test_a_reason_is_kept(classroom: Classroom, worst: Outcome) -> None:
    """Why nothing could be judged is known later on as well, until a grading judges something."""
    graded = outcome.ungraded(TOY, ADA, worst, "not a notebook: \ud800")
    outcome.keep_reason(classroom, ADA, graded)
    assert outcome.graded_again(classroom, TOY, ADA) == graded
    assert (graded.score, graded.max_score) == (0, 3)
    verdict = Verdict("double-positive", "double", Outcome.PASSED, 1, 1, "It doubles.")
    outcome.keep_reason(classroom, ADA, replace(graded, verdicts=(verdict,)))
    assert outcome.graded_again(classroom, TOY, ADA) is None


@pytest.mark.parametrize(
    ("metadata", "repairs"),
    [
        ({}, ()),
        ({"residual_course": {"repairs": ["a", "b"]}}, ("a", "b")),
        ({"residual_course": {"repairs": "a"}}, ()),
        ({"residual_course": 7}, ()),
    ],
)
def test_repairs(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch, metadata: dict[str, object], repairs: tuple[str, ...]
) -> None:
    """What was repaired is read from the executed notebook."""
    path = classroom.executed(ADA)
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(metadata=metadata), path)
    monkeypatch.setattr(outcome, "cell_scores", lambda *_: {})
    graded = outcome.graded_again(classroom, TOY, ADA)
    assert graded is not None
    assert graded.repairs == repairs
    assert {verdict.message for verdict in graded.verdicts} == {"the grade cell is missing from the notebook"}


def test_a_page_is_written_whole(classroom: Classroom) -> None:
    """A page replaces an earlier one and leaves no other file, even if it cannot be written."""
    page = write_page(classroom, ADA, "old")
    assert page == classroom.feedback / "ada" / "00_toy" / "00_toy.html"
    with pytest.raises(UnicodeEncodeError):
        write_page(classroom, ADA, "\ud800")
    assert page.read_text() == "old"
    write_page(classroom, ADA, "new")
    assert page.read_text() == "new"
    assert list(page.parent.iterdir()) == [page]
