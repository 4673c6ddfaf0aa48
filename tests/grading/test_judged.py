"""Verdicts from answers: on the trusted side, with nothing of a student's run."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from autograder.checks import observation as codec
from autograder.checks.calls import answer, refused
from autograder.checks.diagnose import traces_of
from autograder.checks.engine import observe, observe_from_afar
from autograder.course.reference import Expected
from autograder.course.shown import Shown
from autograder.errors import CourseError
from autograder.grading import judged
from autograder.grading.judged import Judge, with_public_words
from autograder.model import RAISED, Outcome, Verdict
from autograder.sandbox import evaluator
from tests.checks.toy import DOUBLE, TOY, draw, reference

SEED = 5


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """Return what the evaluator was asked; it knows the toy exercise."""
    monkeypatch.setattr(evaluator, "case_of", lambda assignment, exercise, seed, number: (DOUBLE, draw(seed)[number]))
    return []


@pytest.fixture
def judge(requests: list[Mapping[str, Any]]) -> Judge:
    """Return a judge whose evaluator is in this process."""

    def evaluate(asked: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, str]]:
        requests.extend(asked)
        return evaluated(asked)

    return Judge(TOY, evaluate)


def evaluated(requests: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Evaluate in this process."""
    return list(map(evaluator.evaluated, requests))


def used(function: Callable[[int], object]) -> tuple[tuple[Expected, ...], list[str]]:
    """Return what the reference shows, and what a function answered to the same calls."""
    expected, answers = list[Expected](), list[str]()
    for case in draw(SEED):
        calls = list[str]()

        def ask(call: str, calls: list[str] = calls) -> str:
            calls.append(call)
            return answer(reference, call)

        observation = observe_from_afar(DOUBLE.probe, ask, case).decode()
        expected.append(Expected(tuple(calls), observation))
        answers += [answer(function, call) for call in calls]
    return tuple(expected), answers


def outcomes(judge: Judge, function: Callable[[int], object], keep: int = 99) -> list[Outcome]:
    """Judge a function of which only so many answers came."""
    expected, answers = used(function)
    return [one.outcome for one in judge.verdicts(DOUBLE, SEED, expected, answers[:keep])]


def test_answers_are_judged(judge: Judge) -> None:
    """A right function passes, one that is wrong for some numbers fails the checks of those."""
    assert outcomes(judge, reference) == [Outcome.PASSED, Outcome.PASSED]
    assert outcomes(judge, lambda n: 2 * abs(n)) == [Outcome.PASSED, Outcome.FAILED]
    assert outcomes(judge, lambda n: 1 / 0) == [Outcome.FAILED, Outcome.FAILED]


def test_equal_answers_are_evaluated_once(judge: Judge, requests: list[Mapping[str, Any]]) -> None:
    """Two students with the same answers cost one evaluation per case."""
    assert outcomes(judge, reference) == outcomes(judge, lambda n: n + n)
    assert len(requests) == len(draw(SEED))
    outcomes(judge, lambda n: n)
    assert len(requests) == 2 * len(draw(SEED))


def test_little_is_remembered(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not seen for long is forgotten, so that a large class takes no more memory than a small one."""
    monkeypatch.setattr(judged, "REMEMBERED", 2)
    for factor in range(5):
        outcomes(judge, lambda n, factor=factor: factor * n)  # type: ignore[misc]  # the type of a lambda with a default
    assert len(judge._known) == 2


def test_missing_answers_fail_and_the_others_count(judge: Judge) -> None:
    """Code that ended on the way is judged on what it had answered; nothing answered is nothing right."""
    assert outcomes(judge, reference, keep=0) == [Outcome.FAILED, Outcome.FAILED]
    assert outcomes(judge, reference, keep=3) == [Outcome.PASSED, Outcome.FAILED]


@pytest.mark.parametrize("forged", ["", "no JSON", "[]", '{"value": {"list": [1', '{"what": 1}', json.dumps("\udcff")])
def test_forged_answers_are_wrong_answers(judge: Judge, forged: str) -> None:
    """Text that is no answer fails the checks, and raises nothing here."""
    expected, _ = used(reference)
    verdicts = judge.verdicts(DOUBLE, SEED, expected, [forged] * 4)
    assert [one.outcome for one in verdicts] == [Outcome.FAILED, Outcome.FAILED]


def test_code_without_an_end_is_told_apart(judge: Judge) -> None:
    """An answer that says that the time was up is the outcome TIMEOUT."""
    expected, _ = used(reference)
    late = refused(("TimeUp", "it came to no end", ""))
    assert {one.outcome for one in judge.verdicts(DOUBLE, SEED, expected, [late] * 4)} == {Outcome.TIMEOUT}


def test_a_probe_that_asks_for_more_is_our_fault(judge: Judge) -> None:
    """If the probe calls in another way than on the reference, that is the course's fault, not the student's."""
    expected, answers = used(reference)
    fewer = tuple(Expected(one.calls[:1], one.observation) for one in expected)
    with pytest.raises(CourseError, match="another way than on the reference"):
        judge.verdicts(DOUBLE, SEED, fewer, answers)


def verdict(outcome: Outcome, message: str) -> Verdict:
    """Return a verdict on one check."""
    points = 1.0 if outcome is Outcome.PASSED else 0.0
    return Verdict("c", "double", outcome, points, 1, "It doubles.", message, "tried", "expected", "got")


@pytest.mark.parametrize("public", list(Outcome))
@pytest.mark.parametrize("secret", list(Outcome))
def test_points_hang_on_secret_cases_alone(secret: Outcome, public: Outcome) -> None:
    """Public cases lend their words to a failed check; nothing of the secret ones is shown, and no point changes."""
    (one,) = with_public_words([verdict(secret, "secret")], [verdict(public, "public")])
    assert (one.outcome, one.points) == (secret, verdict(secret, "").points)
    if secret is not Outcome.PASSED:
        assert "secret" not in (one.tried, one.expected, one.got, one.message) or secret is not Outcome.FAILED
        shows = public not in (Outcome.PASSED, Outcome.SKIPPED)
        assert (one.message == "public") == shows
        assert (one.got == "got") == shows


def test_without_public_words_nothing_is_told(judge: Judge) -> None:
    """Where the public cases could not be judged, no word tells of the secret ones, and the points stay."""
    expected, answers = used(lambda n: n)
    secret = judge.verdicts(DOUBLE, SEED, expected, answers)
    told = with_public_words(secret, None)
    assert [one.points for one in told] == [one.points for one in secret]
    assert any(one.expected for one in secret)
    assert not any(one.expected or one.got or one.tried for one in told)


def forgets_the_sign(n: int) -> int:
    """Double the number without its sign: a mistake that is known."""
    return 2 * abs(n)


def limited(n: int) -> int:
    """Do the same for small numbers, as on the public cases, and something else for those of the secret ones."""
    return 2 * abs(n) if abs(n) <= SEED else -n


@pytest.mark.parametrize(("function", "confirmed"), [(forgets_the_sign, True), (limited, False)])
def test_a_mistake_is_confirmed_by_what_it_shows_there(
    requests: list[Mapping[str, Any]], function: Callable[[int], int], confirmed: bool
) -> None:
    """A function is called by a mistake's name only if it is that mistake on the secret cases as well."""
    asked: list[tuple[str, str, int]] = []

    def shown_by(*key: Any) -> Shown:
        asked.append(key)
        right = [codec.loads(observe(DOUBLE.probe, reference, case)) for case in draw(SEED)]
        wrong = [codec.loads(observe(DOUBLE.probe, forgets_the_sign, case)) for case in draw(SEED)]
        return Shown(("double-negative",), traces_of(right, wrong))

    judge = Judge(TOY, evaluated, shown_by=shown_by)
    expected, answers = used(function)
    assert judge.confirms(DOUBLE, SEED, expected, answers, "sign-forgotten") == confirmed
    assert asked == [("double", "sign-forgotten", SEED)]
    assert not Judge(TOY, evaluated).confirms(DOUBLE, SEED, expected, answers, "sign-forgotten")


def test_what_cannot_be_read_confirms_nothing() -> None:
    """Forged bytes on the secret cases leave a wrong answer without a name."""
    judge = Judge(TOY, lambda requests: [{"observation": "["} for _ in requests], shown_by=lambda *key: Shown((), ()))
    expected, answers = used(reference)
    assert not judge.confirms(DOUBLE, SEED, expected, answers, "any")


@pytest.mark.parametrize("confirmed", [True, False])
def test_where_other_checks_fail_a_mistake_has_to_be_confirmed(confirmed: bool) -> None:
    """Then all checks that fail tell of it, without a word of the secret cases; else none does."""
    secret = [replace(verdict(outcome, "secret"), check=name) for name, outcome in SECRET.items()]
    public = [replace(verdict(outcome, "public"), check=name) for name, outcome in PUBLIC.items()]
    public[0] = replace(public[0], mistake="m", named="It is m.", hint="hint", where="where")
    told = with_public_words(secret, public, lambda called: confirmed and called == "m")
    assert [one.mistake for one in told] == ["m" if confirmed else None] * 2 + [None]
    assert [one.named for one in told] == ["It is m." if confirmed else ""] * 2 + [""]
    assert [one.got for one in told[:2]] == ["got", ""]
    assert [one.points for one in told] == [0, 0, 1]


PUBLIC = {"a": Outcome.FAILED, "b": Outcome.PASSED, "c": Outcome.PASSED}
SECRET = {"a": Outcome.FAILED, "b": Outcome.FAILED, "c": Outcome.PASSED}


def test_where_the_same_checks_fail_nothing_is_asked() -> None:
    """Then the name stands, and no mistake is observed for it."""
    public = replace(verdict(Outcome.FAILED, "public"), mistake="m")
    (one,) = with_public_words([verdict(Outcome.FAILED, "secret")], [public], lambda called: pytest.fail("asked"))
    assert one.mistake == "m"


def test_what_ran_out_of_time_is_judged_anew(requests: list[Mapping[str, Any]]) -> None:
    """An evaluator that was too slow once, as on a busy machine, does not decide for all who answer the same."""
    late = codec.dumps({RAISED: ("TimeUp", "longer than 30 seconds", "")}).decode()

    def evaluate(asked: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, str]]:
        requests.extend(asked)
        return [{"observation": late} for _ in asked] if len(requests) <= 2 else evaluated(asked)

    judge = Judge(TOY, evaluate)
    assert set(outcomes(judge, reference)) == {Outcome.TIMEOUT}
    assert set(outcomes(judge, reference)) == {Outcome.PASSED}
