"""Verdicts are read from what the grade cells of an executed notebook show."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.checks.card import Card
from autograder.grading.executed import read_verdicts
from autograder.grading.hidden import ON_OTHER_CASES, without_cases
from autograder.model import Outcome, Verdict
from tests.checks.toy import TOY

PASSED = Verdict("double-positive", "double", Outcome.PASSED, 1, 1, "It doubles positive numbers.")
FAILED = Verdict("double-positive", "double", Outcome.FAILED, 0, 1, "", "wrong", "double(1)", "2", "3", "signs")


def read(tmp_path: Path, *outputs: Any) -> Verdict:
    """Return the verdict of the first check from a notebook whose other grade cell is gone."""
    metadata = {"nbgrader": {"grade": True, "grade_id": "double-positive"}}
    cell = new_code_cell("check('double-positive')", metadata=metadata, outputs=list(outputs))
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "executed.ipynb")
    return read_verdicts(tmp_path / "executed.ipynb", TOY)["double-positive"]


def card(verdict: Verdict) -> Any:
    """Return a card as a cell's output."""
    return new_output("display_data", data=Card(verdict)._repr_mimebundle_())


def error(name: str, value: str = "") -> Any:
    """Return an exception as a cell's output."""
    return new_output("error", ename=name, evalue=value, traceback=[])


def test_passed(tmp_path: Path) -> None:
    """A card and no error: passed, with the points of the check and not of the card."""
    assert read(tmp_path, card(PASSED)) == PASSED
    assert read(tmp_path, card(Verdict("x", "y", Outcome.PASSED, 100, 100, ""))) == PASSED


def test_what_is_known_of_a_mistake_is_read_back(tmp_path: Path) -> None:
    """Name, sentence and hints of a recognised mistake come back as the card holds them."""
    named = replace(FAILED, sentence=PASSED.sentence, mistake="twice", named="It is twice.", hint="sum", where="Add")
    assert read(tmp_path, card(named), error("CheckFailed")) == named


def test_the_last_card_counts(tmp_path: Path) -> None:
    """Public and hidden check stand in one cell; the hidden one comes last."""
    verdict = read(tmp_path, card(PASSED), card(FAILED), error("CheckFailed"))
    assert (verdict.outcome, verdict.message) == (Outcome.FAILED, "wrong")


@pytest.mark.parametrize(
    ("outputs", "outcome", "words"),
    [
        ([], Outcome.FAILED, "did not run"),
        ([error("NameError", "name 'check' is not defined")], Outcome.FAILED, "was the first code cell run unchanged"),
        ([card(PASSED), error("CourseError", "no solutions")], Outcome.ERROR, "no solutions"),
        ([error("UsageError", "no assignment")], Outcome.ERROR, "no assignment"),
        ([error("DeadKernelError")], Outcome.TIMEOUT, "did not come to an end"),
        ([error("TimeoutError")], Outcome.TIMEOUT, "did not come to an end"),
    ],
)
def test_cells_without_a_verdict(tmp_path: Path, outputs: list[Any], outcome: Outcome, words: str) -> None:
    """What is the student's fault has failed, what is ours is an ERROR."""
    verdict = read(tmp_path, *outputs)
    assert (verdict.outcome, verdict.points) == (outcome, 0)
    assert words in verdict.message


def test_missing_cell(tmp_path: Path) -> None:
    """A check whose cell is gone has failed and says so."""
    nbformat.write(new_notebook(), tmp_path / "executed.ipynb")
    verdicts = read_verdicts(tmp_path / "executed.ipynb", TOY)
    assert {verdict.message for verdict in verdicts.values()} == {"the grade cell is missing from the notebook"}


def test_hidden_verdicts_tell_no_case() -> None:
    """A verdict on secret cases keeps outcome and points, and neither inputs nor values."""
    shown = without_cases(FAILED)
    assert (shown.outcome, shown.points, shown.message) == (Outcome.FAILED, 0, ON_OTHER_CASES)
    assert not any((shown.tried, shown.expected, shown.got))


def test_marks_that_were_lost(tmp_path: Path) -> None:
    """Without marks, as Colab leaves a notebook, a check's cell is known by its first line."""
    cell = new_code_cell("check('double-positive')", outputs=[card(PASSED)])
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "executed.ipynb")
    assert read_verdicts(tmp_path / "executed.ipynb", TOY)["double-positive"] == PASSED


def test_setup_that_failed(tmp_path: Path) -> None:
    """When the setup cell, which is ours, fails, all checks are ERROR and no student's fault."""
    marks = {"nbgrader": {"grade": False, "solution": False, "locked": True, "grade_id": "setup"}}
    setup = new_code_cell("import autograder", metadata=marks, outputs=[error("ModuleNotFoundError", "no autograder")])
    check = new_code_cell("check('double-positive')", outputs=[error("NameError", "check")])
    nbformat.write(new_notebook(cells=[setup, check]), tmp_path / "executed.ipynb")
    verdicts = read_verdicts(tmp_path / "executed.ipynb", TOY)
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.ERROR}
    assert "no autograder" in verdicts["double-positive"].message
