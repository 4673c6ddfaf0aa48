"""Results as JSON and as a table."""

import errno
import json
from pathlib import Path

import pytest

from autograder.errors import CannotWriteError, UsageError
from autograder.model import GradedSubmission, Outcome, Verdict
from autograder.report.results import Results
from autograder.report.table import Table, verdict_lines

VERDICTS = (
    Verdict("double-positive", "double", Outcome.PASSED, 1, 1, "It doubles."),
    Verdict("double-negative", "double", Outcome.FAILED, 0, 2, "It doubles.", "wrong"),
)
ADA = GradedSubmission("ada", "00_toy", Outcome.FAILED, 1, 3, 1.23456, VERDICTS)
EVE = GradedSubmission("eve\n", "00_toy", Outcome.ERROR, 0, 3, 0.5, message="the disk is full")


def written(file: Path, *graded: GradedSubmission) -> str:
    """Return the results file of some submissions."""
    with Results(file) as results:
        for one in graded:
            results.add(one)
        results.finish()
    return file.read_text()


def test_results_format(tmp_path: Path) -> None:
    """The results have the documented fields, one object per notebook, one per check."""
    first, second = json.loads(written(tmp_path / "results.json", ADA, EVE))
    assert first["checks"][1] == {
        "check": "double-negative",
        "exercise": "double",
        "outcome": "FAILED",
        "points": 0,
        "max_points": 2,
        "message": "wrong",
        "mistake": None,
    }
    assert {key: first[key] for key in first if key != "checks"} == {
        "student": "ada",
        "assignment": "00_toy",
        "outcome": "FAILED",
        "score": 1,
        "max_score": 3,
        "seconds": 1.235,
        "repairs": [],
        "message": "",
    }
    assert second["outcome"] == "ERROR"


def test_table() -> None:
    """The table has a row per submission, a column per exercise, and a summary by outcome."""
    table = Table()
    assert table.text().splitlines()[-1] == "nothing graded"
    for one in (ADA, EVE):
        table.add(one)
    lines = table.text().splitlines()
    assert lines[0].split() == ["student", "assignment", "double", "score", "outcome"]
    assert lines[1].split() == ["ada", "00_toy", "1/3", "1/3", "FAILED"]
    assert lines[2].split() == ["eve?", "00_toy", "-", "0/3", "ERROR", "the", "disk", "is", "full"]
    assert lines[-1] == "2 graded: 1 FAILED, 1 ERROR"


def test_verdict_lines() -> None:
    """`validate` prints every verdict and the score."""
    assert verdict_lines(VERDICTS).splitlines()[-1] == "score: 1 of 3"


def test_results_take_their_name_when_they_are_whole(tmp_path: Path) -> None:
    """Until a run is done an earlier file stays, and nothing else lies beside it; two runs do not mix."""
    file = tmp_path / "new" / "results.json"
    with Results(file) as first, Results(file) as second:
        first.add(ADA)
        second.add(EVE)
        first.add(EVE)
        assert list(file.parent.iterdir()) == []
        first.finish()
        assert file.read_text() == written(tmp_path / "alone.json", ADA, EVE)
    assert list(file.parent.iterdir()) == [file]
    with Results(file) as third:
        third.finish()
    assert json.loads(file.read_text()) == []


def test_results_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place where no file can be is refused at once; a disk that is full at the end leaves the earlier file."""
    (tmp_path / "file").write_text("earlier")
    with pytest.raises(UsageError, match="cannot be written"):
        Results(tmp_path / "file" / "results.json")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with Results(tmp_path / "file") as kept, pytest.raises(CannotWriteError, match="No space left on device"):
        kept.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "earlier"
