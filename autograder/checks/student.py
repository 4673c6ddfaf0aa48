"""What a notebook calls: `check = checks_for("03_residual_blocks")`, then `check("identity_block-names")`."""

import ast
import inspect
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.checks.card import Card, text
from autograder.checks.catalogue import load_catalogue
from autograder.checks.diagnose import diagnosed
from autograder.checks.engine import PUBLIC_SEED, judge, observe, timed_out
from autograder.checks.expected import load_expected
from autograder.checks.fault import SubjectFault
from autograder.checks.registry import find_assignment
from autograder.checks.told import Cards
from autograder.model import Assignment, Case, Check, Exercise, Observation, Outcome, Verdict

STARTED_IN = Path.cwd()
"""The folder that a notebook was started in, before any cell of a student's could leave it."""

CALLS = ("check", "check_hidden")
"""The calls that a grade cell holds; nothing of a student's changes while only such cells are run."""


class CheckFailed(AssertionError):
    """Tells Jupyter and nbgrader that a check failed; the card above it says why, so it shows no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def checks_for(assignment_name: str, namespace: Mapping[str, Any] | None = None) -> Callable[[str], None]:
    """Return the function that runs a notebook's checks.

    Args:
        assignment_name: name of the assignment.
        namespace: where the student's functions are looked up by name; by default the caller's globals.

    Returns:
        `check(name)`: shows the verdict, and raises `CheckFailed` unless the check passed or cannot be judged here.

    Raises:
        UsageError: if there is no such assignment.
    """
    assignment = find_assignment(assignment_name)
    _in_use[:] = [assignment.name]
    if is_judged_elsewhere():
        return lambda name: None
    students = caller_globals() if namespace is None else namespace

    def check(name: str) -> None:
        exercise, wanted = find_check(assignment, name)
        expected = load_expected(assignment.name, exercise)
        cases = exercise.draw(PUBLIC_SEED)
        got = observed_in_namespace(exercise, cases, students)
        verdict = judge(exercise, wanted, cases, expected, got)
        if verdict.outcome is Outcome.FAILED:
            verdict = replace(verdict, **diagnosed(exercise, expected, got, load_catalogue(assignment.name, exercise)))
        show(verdict, above=_cards.above(verdict, [one.name for one in exercise.checks]))

    return check


_cards = Cards()
"""What the cards of this notebook told so far."""


_in_use: list[str] = []


def assignment_in_use() -> str | None:
    """Return the assignment whose checks this notebook runs, by name, or None before its first code cell was run."""
    return _in_use[0] if _in_use else None


_elsewhere: list[bool] = []


def judged_elsewhere() -> None:
    """Let `check` do nothing in this process from now on: while grading, verdicts are reached in another one."""
    _elsewhere.append(True)


def is_judged_elsewhere() -> bool:
    """Tell whether this process only runs what another one judges."""
    return bool(_elsewhere)


def caller_globals() -> dict[str, Any]:
    """Return the global names of the code that called the function which calls this one."""
    frame = inspect.currentframe()
    for _ in range(2):
        frame = frame.f_back if frame else None
    return frame.f_globals if frame else {}


def find_check(assignment: Assignment, name: str) -> tuple[Exercise, Check]:
    """Return an exercise and its check by the check's name.

    Raises:
        CheckFailed: if the assignment has no such check, as when the student changed the cell.
    """
    try:
        return assignment.find(name)
    except KeyError:
        names = ", ".join(check.name for check in assignment.checks)
        raise CheckFailed(f"{assignment.name} has no check {name!r}; it has: {names}.") from None


def judge_in_namespace(
    exercise: Exercise,
    check: Check,
    cases: Sequence[Case],
    expected: Sequence[Observation],
    namespace: Mapping[str, Any],
) -> Verdict:
    """Judge a check on the student's function as it stands in a namespace now."""
    return judge(exercise, check, cases, expected, observed_in_namespace(exercise, cases, namespace))


def observed_in_namespace(exercise: Exercise, cases: Sequence[Case], namespace: Mapping[str, Any]) -> list[bytes]:
    """Observe the student's function as it stands in a namespace now."""
    subject = subject_in(namespace, exercise.name)
    got: list[bytes] = []
    for case in cases:  # what came to no end once is not waited for again
        got.append(got[-1] if got and timed_out(got[-1]) else _observed(exercise, subject, case))
    return got


def subject_in(namespace: Mapping[str, Any], name: str) -> Callable[..., Any]:
    """Return the student's function of that name, or one that tells what is wrong with what is there."""
    if name not in namespace:
        return _faulty(f"{name} is not defined: run the cell above that defines it, and mend what it reports")
    found = namespace[name]
    if callable(found):
        subject: Callable[..., Any] = found
        return subject
    return _faulty(f"{name} is not a function but an object of type {type(found).__name__}: run its cell again")


def _faulty(sentence: str) -> Callable[..., Any]:
    """Stand for a function that is not there."""

    def faulty(*_: object, **__: object) -> None:
        raise SubjectFault(sentence)

    return faulty


def show(verdict: Verdict, secret: bool = False, above: str = "") -> None:
    """Display a verdict where the caller is, in Jupyter or on a terminal.

    Args:
        verdict: what became of a check.
        secret: whether its cases are not the public ones.
        above: name of the check whose card tells the same.

    Raises:
        CheckFailed: if the check did not pass, with a line that nbgrader can score.
    """
    shell = _shell()
    if shell is None:
        print(text(verdict, above))
    else:
        from IPython.display import display

        display(Card(verdict, secret, above))
    if verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
        raise CheckFailed(f"{verdict.check} {verdict.outcome.value.lower()}; the lines above say why.")


def _shell() -> Any:
    """Return the running IPython shell, or None; IPython is imported only where it already runs."""
    import sys

    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


_seen: dict[tuple[str, str], tuple[Any, bytes]] = {}
"""Observations made since the last cell that was more than a check; one building serves all checks of an exercise."""

_watched: list[Any] = []
"""The shell whose cells are watched."""


def _observed(exercise: Exercise, subject: Callable[..., Any], case: Case) -> bytes:
    shell = _shell()
    if shell is None:
        return observe(exercise.probe, subject, case)
    if shell not in _watched:
        _watched[:] = [shell]
        shell.events.register("pre_run_cell", _forget)
    key = (exercise.name, repr(case))
    if key not in _seen or _seen[key][0] is not subject:
        _seen[key] = subject, observe(exercise.probe, subject, case)
    return _seen[key][1]


def _forget(info: Any) -> None:
    """Forget what was observed before a cell that may change what the student's functions do."""
    if not only_checks(info.raw_cell):
        _seen.clear()


_parsing = threading.Lock()
"""Python 3.11 counts the depth of syntax trees for all threads together, and a parse then fails with SystemError."""


def syntax_tree(source: str) -> ast.Module:
    """Parse a text, one thread at a time.

    Raises:
        SyntaxError: if it is no Python.
    """
    with _parsing:
        return ast.parse(source)


def only_checks(source: str) -> bool:
    """Tell whether a cell holds nothing but calls of checks (and the autograder's own imports)."""
    try:
        body = syntax_tree(source).body
    except (SyntaxError, ValueError):
        return False
    return all(_is_check(statement) for statement in body)


def _is_check(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").startswith("autograder.")
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        return False
    return call.func.id in CALLS and all(isinstance(argument, ast.Constant) for argument in call.args)
