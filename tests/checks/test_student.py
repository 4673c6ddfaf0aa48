"""What a notebook's `check` does, in and outside IPython."""

import ast
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from autograder.checks import observation as codec
from autograder.checks import student
from autograder.checks.card import VERDICT_MIME
from autograder.checks.engine import PUBLIC_SEED, observe
from autograder.checks.expected import EXPECTED_VARIABLE
from autograder.checks.student import CheckFailed, checks_for, only_checks
from autograder.errors import CourseError, UsageError
from autograder.model import Case, Outcome
from tests.checks.toy import DOUBLE, TOY, reference


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Make the toy assignment the one that is found, with its recorded results."""
    monkeypatch.setattr(student, "find_assignment", lambda name: TOY)
    cases = [json.loads(observe(DOUBLE.probe, reference, case)) for case in DOUBLE.draw(PUBLIC_SEED)]
    (tmp_path / "00_toy.json").write_text(json.dumps({"exercises": {"double": cases}}))
    monkeypatch.setenv(EXPECTED_VARIABLE, str(tmp_path))


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """Run an IPython without history for one test."""
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave as outside IPython."""
    monkeypatch.setattr(student, "_shell", lambda: None)


@pytest.mark.usefixtures("plain")
def test_text_outside_jupyter(capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal a verdict is text; a failed check raises one short error after it."""
    checks_for("00_toy", {"double": reference})("double-positive")
    assert capsys.readouterr().out == "✓ passed (1 of 1 point): It doubles positive numbers.\n"
    with pytest.raises(CheckFailed, match=r"^double-positive failed; the lines above say why\.$"):
        checks_for("00_toy", {"double": lambda n: 0})("double-positive")
    assert "got: 0" in capsys.readouterr().out


@pytest.mark.usefixtures("plain")
def test_function_that_is_not_defined(capsys: pytest.CaptureFixture[str]) -> None:
    """A function whose cell was not run is asked for by name, without a NameError."""
    with pytest.raises(CheckFailed):
        checks_for("00_toy", {})("double-positive")
    assert "double is not defined: run the cell above that defines it" in capsys.readouterr().out


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("subject", [None, 3, "double", [reference]])
def test_what_is_no_function(subject: object, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that holds something else than a function is a failed check."""
    with pytest.raises(CheckFailed):
        checks_for("00_toy", {"double": subject})("double-positive")
    assert "is not a function" in capsys.readouterr().out


def test_unknown_check() -> None:
    """A check that does not exist is one sentence that lists those that do."""
    with pytest.raises(CheckFailed, match="no check 'double'; it has: double-positive, double-negative"):
        checks_for("00_toy", {})("double")


def test_unknown_assignment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An assignment that does not exist is one sentence that lists those that do."""
    monkeypatch.undo()
    with pytest.raises(UsageError, match=r"There is no assignment '99'; there are: .*03_residual_blocks"):
        checks_for("99")


@pytest.mark.usefixtures("plain")
def test_results_that_were_never_recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An incomplete installation is our fault and is said to be."""
    monkeypatch.setenv(EXPECTED_VARIABLE, str(tmp_path / "nothing"))
    with pytest.raises(CourseError, match="not installed completely"):
        checks_for("00_toy", {"double": reference})("double-positive")


def run(shell: InteractiveShell, *cells: str) -> list[Any]:
    """Run cells and return what they displayed."""
    with capture_output() as captured:
        for cell in cells:
            shell.run_cell(cell, store_history=True)
    return [output.data for output in captured.outputs]


def test_card_in_jupyter(shell: InteractiveShell) -> None:
    """In Jupyter a verdict has three forms: HTML, text, and values for programs."""
    shell.user_ns["check"] = checks_for("00_toy", shell.user_ns)
    shown = run(shell, "def double(n):\n    return 2 * n", 'check("double-positive")')
    assert set(shown[-1]) >= {"text/html", "text/plain", VERDICT_MIME}
    assert shown[-1][VERDICT_MIME]["outcome"] == "PASSED"
    assert json.dumps(shown[-1][VERDICT_MIME])


def test_a_changed_function_is_judged_anew(shell: InteractiveShell) -> None:
    """What was observed serves the next check, and is forgotten when any other cell is run, a helper's too."""
    shell.user_ns["check"] = checks_for("00_toy", shell.user_ns)
    calls = "calls = 0\nfactor = 2\ndef double(n):\n    global calls\n    calls += 1\n    return factor * n"
    run(shell, calls, 'check("double-positive")', 'check("double-negative")')
    assert shell.user_ns["calls"] == 4  # two cases, two uses each; the second check adds none
    shown = run(shell, "factor = 3", 'check("double-positive")')
    assert shown[-1][VERDICT_MIME]["outcome"] == "FAILED"


def test_cases_that_differ_in_a_value_only(shell: InteractiveShell) -> None:
    """Observations are kept by the whole case: public and secret cases may share name and seed."""
    shell.user_ns["double"] = reference
    for n in (1, 2):
        case = Case("case", 0, {"n": n})
        expected = [codec.loads(observe(DOUBLE.probe, reference, case))]
        verdict = student.judge_in_namespace(DOUBLE, DOUBLE.checks[0], [case], expected, shell.user_ns)
        assert verdict.outcome is Outcome.PASSED


def test_failed_check_has_no_traceback(shell: InteractiveShell) -> None:
    """Jupyter shows one line for a failed check."""
    shell.user_ns["check"] = checks_for("00_toy", shell.user_ns)
    with capture_output() as captured:
        shell.run_cell('check("double-positive")', store_history=True)
    assert captured.stdout.splitlines()[-1] == "CheckFailed: double-positive failed; the lines above say why."
    assert "Traceback" not in captured.stdout


@pytest.mark.parametrize(
    ("source", "only"),
    [
        ('check("a-b")', True),
        ('check("a-b")\nfrom autograder.grading.hidden import check_hidden\ncheck_hidden("x", "a-b")', True),
        ("", True),
        ('check(f("a"))', False),
        ("check(x := 1)", False),
        ('x = check("a")', False),
        ("from numpy import *", False),
        ("def double(n): return n", False),
        ('%%time\ncheck("a")', False),
        ("\0", False),
    ],
)
def test_only_checks(source: str, only: bool) -> None:
    """A cell of nothing but checks changes nothing of the student's; any other may."""
    assert only_checks(source) is only


def test_one_thread_parses_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syntax trees are never built in two threads at once, since Python 3.11 may then fail with SystemError."""
    parse, inside, most = ast.parse, [0], [0]

    def slow(source: str) -> ast.Module:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.01)
        inside[0] -= 1
        return parse(source)

    monkeypatch.setattr(ast, "parse", slow)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(student.only_checks, ["check('x')"] * 8))
    assert most == [1]
