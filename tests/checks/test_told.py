"""A wrong function that fails many checks is explained once."""

from dataclasses import replace

from autograder.checks.told import Cards, with_references
from autograder.model import Outcome, Verdict

ORDER = ["double-a", "double-b", "double-c"]


def failed(check: str, hint: str = "the sum", where: str = "Add", named: str = "It is twice.") -> Verdict:
    """Return a failed verdict on a recognised mistake."""
    verdict = Verdict(check, "double", Outcome.FAILED, 0, 1, f"Sentence of {check}.", "wrong", "double(1)", "2", "3")
    return replace(verdict, hint=hint, where=where, named=named)


def test_the_hints_are_told_once() -> None:
    """The first card of a mistake tells it, the others refer to that card."""
    shown = list(with_references([failed(check) for check in ORDER]))
    assert [above for _, above in shown] == ["", "double-a", "double-a"]


def test_a_check_that_is_run_again_tells_it_again() -> None:
    """The card that others refer to is not replaced by a reference to itself or to one below it."""
    cards = Cards()
    for _ in range(2):
        assert cards.above(failed("double-a"), ORDER) == ""
        assert cards.above(failed("double-b"), ORDER) == "double-a"


def test_only_what_stands_above_is_referred_to() -> None:
    """A check that is run after one that stands below it tells everything."""
    cards = Cards()
    assert cards.above(failed("double-b"), ORDER) == ""
    assert cards.above(failed("double-a"), ORDER) == ""
    assert cards.above(failed("double-b"), ORDER) == "double-a"


def test_a_card_that_is_gone_is_not_referred_to() -> None:
    """Once the check above passes, or finds another mistake, the one below tells everything itself."""
    for now in (
        Verdict("double-a", "double", Outcome.PASSED, 1, 1, ""),
        failed("double-a", hint="the sign", where="", named=""),
    ):
        cards = Cards()
        assert cards.above(failed("double-a"), ORDER) == ""
        cards.above(now, ORDER)
        assert cards.above(failed("double-b"), ORDER) == ""


def test_other_mistakes_and_other_exercises_are_told() -> None:
    """Another hint, or the same one for another function, is no repetition."""
    cards = Cards()
    assert cards.above(failed("double-a"), ORDER) == ""
    assert cards.above(failed("double-b", named="It is thrice."), ORDER) == ""
    assert cards.above(replace(failed("double-b"), exercise="half"), ORDER) == ""


def test_what_broke_off_is_told_once() -> None:
    """An exception that ended every check is told at the first; values that differ are told each time."""
    raised = [replace(failed(check, "", "", ""), expected="", got="") for check in ORDER]
    assert [bool(above) for _, above in with_references(raised)] == [False, True, True]
    values = [failed(check, "", "", "") for check in ORDER]
    assert [bool(above) for _, above in with_references(values)] == [False, False, False]


def test_passed_checks_refer_to_nothing() -> None:
    """A passed check has nothing to tell."""
    passed = [Verdict(check, "double", Outcome.PASSED, 1, 1, "") for check in ORDER]
    assert [above for _, above in with_references(passed)] == ["", "", ""]
