"""Observe and judge: a student's fault is a verdict, whatever it is."""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from autograder.checks import engine
from autograder.checks import observation as codec
from autograder.checks.compare import close
from autograder.checks.engine import CANARY, PUBLIC_SEED, STUB, judge, observe
from autograder.checks.fault import SubjectFault
from autograder.model import RAISED, Check, Outcome, Verdict
from tests.checks.toy import DOUBLE, reference

CASES = DOUBLE.draw(PUBLIC_SEED)
POSITIVE, NEGATIVE = DOUBLE.checks


def verdict(subject: Callable[..., Any], check: Check = POSITIVE) -> Verdict:
    """Judge a subject on the public cases."""
    expected = [codec.loads(observe(DOUBLE.probe, reference, case)) for case in CASES]
    return judge(DOUBLE, check, CASES, expected, [observe(DOUBLE.probe, subject, case) for case in CASES])


def test_the_gap_of_a_release_is_known_as_empty() -> None:
    """What nbgrader writes into a gap is taken for an empty gap, and not for an error of the student's."""
    config = (Path(__file__).parents[2] / "nbgrader_config.py").read_text(encoding="utf-8")
    assert f'NotImplementedError("{STUB}' in config
    message = verdict(lambda n: _raise(NotImplementedError(f"{STUB}: write your code here."))).message
    assert message == "the gap of double is still empty: write your code between its two markers and run the cell"


def test_the_reference_passes() -> None:
    """The reference gets the points of each check and no further words."""
    for check in DOUBLE.checks:
        passed = verdict(reference, check)
        assert (passed.outcome, passed.points) == (Outcome.PASSED, check.points)
        assert not any((passed.message, passed.tried, passed.expected, passed.got, passed.look_at))


def test_a_wrong_value_is_described() -> None:
    """A failed verdict says what was tried, what was expected, what came, and where to look."""
    failed = verdict(lambda n: n + 2)
    assert failed == Verdict(
        check="double-positive",
        exercise="double",
        outcome=Outcome.FAILED,
        points=0,
        max_points=1,
        sentence="It doubles positive numbers.",
        message="at n: the results differ",
        tried="double(1)",
        expected="2",
        got="3",
        look_at="Look at the sign.",
    )


def test_words_are_short_whatever_came() -> None:
    """A verdict is kept, written and shown in many places, and what a student's code gives may be endless."""
    for data in ({"at_n": "x" * 10**6}, {RAISED: ("ValueError", "x" * 10**6, "")}):
        failed = judge(DOUBLE, POSITIVE, CASES[:1], [{"at_n": 2}], [codec.dumps(data)])
        assert failed.outcome is Outcome.FAILED
        assert len(failed.message + failed.expected + failed.got) < 2 * engine.LONGEST_WORDS


def test_what_was_seen_before_a_fault_counts() -> None:
    """A subject that breaks off later keeps the points of what it did before."""

    def breaks_at_negative(n: int) -> int:
        if n < 0:
            raise ValueError("negative numbers do not exist")
        return 2 * n

    assert verdict(breaks_at_negative, POSITIVE).outcome is Outcome.PASSED
    failed = verdict(breaks_at_negative, NEGATIVE)
    assert failed.outcome is Outcome.FAILED
    assert failed.message.startswith("double raised ValueError in line ")
    assert failed.message.endswith("(negative numbers do not exist)")
    assert failed.look_at == ""


def _raise(error: BaseException) -> NoReturn:
    raise error


class Unreadable(Exception):
    """An exception whose message raises."""

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (lambda n: _raise(NotImplementedError()), "the gap of double is still empty"),
        (lambda n: _raise(SubjectFault("double returned a cow")), "double returned a cow"),
        (lambda n: sys.exit("bye"), "double raised SystemExit"),
        (lambda n: _raise(Unreadable()), "its message cannot be read"),
        (lambda n: _raise(ValueError("x" * 10_000)), "xxx …"),
        (lambda n: reference(n, n), "double raised TypeError"),  # type: ignore[call-arg]  # one too many
        (lambda n: (lambda f: f(f))(lambda f: f(f)), "double raised RecursionError"),
        (lambda n: [n], "an object of type list, which cannot be judged"),
        (lambda n: np.array([object()]), "an object of type ndarray, which cannot be judged"),
    ],
    ids=["empty gap", "fault", "exit", "unreadable", "long", "arguments", "recursion", "list", "objects"],
)
def test_every_fault_of_a_subject_is_one_sentence(subject: Callable[..., Any], words: str) -> None:
    """Whatever a subject raises or returns becomes a failed check with a short sentence."""
    failed = verdict(subject)
    assert failed.outcome is Outcome.FAILED
    assert words in failed.message
    assert len(failed.message) < 700
    assert "\n" not in failed.message


def test_an_interrupt_is_the_users() -> None:
    """Ctrl-C stops the check and is not taken for a mistake."""
    with pytest.raises(KeyboardInterrupt):
        verdict(lambda n: _raise(KeyboardInterrupt()))


def test_noise_reaches_no_stream(capfd: pytest.CaptureFixture[str]) -> None:
    """Prints, log lines and writes to the descriptors stay silent: nbgrader takes stderr for a failure."""
    import logging
    import warnings

    kept, handler = sys.stderr, logging.StreamHandler()

    def noisy(n: int) -> int:
        print("print")
        print("kept", file=kept)
        os.write(1, b"out")
        os.write(2, b"err")
        warnings.warn("warning", stacklevel=1)
        logging.getLogger().warning("root")
        handler.emit(logging.makeLogRecord({"msg": "handler"}))
        return 2 * n

    assert verdict(noisy).outcome is Outcome.PASSED
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"at_n": {"__reduce__": 1}}', b"{}", json.dumps({RAISED: "x"}).encode()]
)
def test_forged_bytes_fail(data: bytes) -> None:
    """Bytes that no probe wrote fail the check; they raise nothing."""
    expected = [codec.loads(observe(DOUBLE.probe, reference, case)) for case in CASES]
    assert judge(DOUBLE, POSITIVE, CASES, expected, [data, data]).outcome is Outcome.FAILED


@pytest.mark.parametrize(("drawn", "outcome"), [(1.0, Outcome.FAILED), (2.0, Outcome.SKIPPED)])
def test_other_random_numbers_are_no_mistake(drawn: float, outcome: Outcome) -> None:
    """Where TensorFlow draws other numbers a seeded check is not judged; with the same numbers it is."""
    check = replace(POSITIVE, fields=("value",), rule=close(1e-4, 1e-5), needs_same_draws=True)
    right = {CANARY: np.array([1.0]), "value": np.array([1.0])}
    seen = codec.dumps({CANARY: np.array([drawn]), "value": np.array([5.0])})
    result = judge(DOUBLE, check, CASES[:1], [right], [seen])
    assert result.outcome is outcome
    assert result.points == 0


@pytest.mark.parametrize(("field", "outcome"), [("value", Outcome.FAILED), ("values_of_a_sum", Outcome.PASSED)])
def test_a_field_may_have_a_rule_of_its_own(field: str, outcome: Outcome) -> None:
    """What is allowed in one field of a check is not in the others."""
    check = replace(POSITIVE, fields=(field,), rule=close(0, 1e-5), rules={"values_of_a_sum": close(0, 1e-3)})
    right, seen = {field: np.array([1.0])}, codec.dumps({field: np.array([1.0001])})
    assert judge(DOUBLE, check, CASES[:1], [right], [seen]).outcome is outcome
    assert isinstance(hash(replace(DOUBLE, checks=(check,))), int)


def test_a_missing_canary_does_not_excuse() -> None:
    """An observation without a canary is judged like any other."""
    check = replace(POSITIVE, fields=("value",), rule=close(1e-4, 1e-5), needs_same_draws=True)
    right = {CANARY: np.array([1.0]), "value": np.array([1.0])}
    seen = codec.dumps({"value": np.array([5.0])})
    assert judge(DOUBLE, check, CASES[:1], [right], [seen]).outcome is Outcome.FAILED


def test_an_endless_loop_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A subject that never returns is stopped, also if it catches every Exception, and the outcome is TIMEOUT."""
    monkeypatch.setattr(engine, "CASE_SECONDS", 0.2)

    def endless(n: int) -> int:
        while True:
            with contextlib.suppress(Exception):
                n = -n

    stopped = verdict(endless)
    assert stopped.outcome is Outcome.TIMEOUT
    assert stopped.message.startswith("double came to no end within 0.2 seconds, in line ")
