"""What a mistake shows on other cases is observed from the reference with its changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.checks import observation as codec
from autograder.checks.catalogue import load_catalogue
from autograder.checks.diagnose import JOINED, VARIES, same, traces_of
from autograder.checks.engine import PUBLIC_SEED
from autograder.checks.registry import find_assignment
from autograder.course import pairs
from autograder.course.folder import Course
from autograder.course.mistakes import OTHER_SEED, UNCHANGED, load_mistakes, observe_variant
from autograder.course.pairs import find_pair
from autograder.course.shown import Shown, references_on, shown_by, together_in_one
from autograder.model import Exercise

pytestmark = pytest.mark.tensorflow

COURSE = Course(Path(__file__).parents[2])
ASSIGNMENT = find_assignment("01_convolutions")
EXERCISES = {exercise.name: exercise for exercise in ASSIGNMENT.exercises}
COUNT = EXERCISES["count_params"]


def traces(exercise: Exercise, called: str, seed: int) -> Shown:
    """Observe a mistake that fits."""
    found = shown_by(COURSE, exercise, called, seed)
    assert found is not None
    return found


def test_on_public_cases_it_is_what_was_recorded() -> None:
    """A mistake leaves there the traces by which students' machines know it."""
    for known in load_catalogue(ASSIGNMENT.name, COUNT):
        assert same(traces(COUNT, known.name, PUBLIC_SEED).traces, known.traces)


def test_it_fails_checks_on_other_cases() -> None:
    """There it fails checks too, and is told from every other mistake."""
    one, other = (traces(COUNT, known.name, OTHER_SEED) for known in load_catalogue(ASSIGNMENT.name, COUNT)[:2])
    assert one.failed
    assert one.is_like(one)
    assert not one.is_like(other)
    assert not one.is_like(Shown((), one.traces))


def test_two_mistakes_are_made_in_one_answer() -> None:
    """Both change what is counted; two that change the same words do not fit together."""
    first, second = load_mistakes(COURSE, COUNT)[:2]
    both = shown_by(COURSE, COUNT, JOINED.join((first.name, second.name)), OTHER_SEED)
    assert both is not None
    assert both.failed
    assert not any(both.is_like(traces(COUNT, one.name, OTHER_SEED)) for one in (first, second))
    assert shown_by(COURSE, COUNT, JOINED.join((first.name, first.name)), OTHER_SEED) is None


def test_a_mistake_that_is_no_more() -> None:
    """A catalogue may be older than the mistakes: what was renamed since shows nothing, and is no pair."""
    known = load_catalogue(ASSIGNMENT.name, COUNT)
    older = [replace(one, name=f"{one.name}-before") for one in known]
    assert shown_by(COURSE, COUNT, older[0].name, OTHER_SEED) is None
    assert find_pair(COURSE, COUNT, known[0].traces, older) == ((), True)


def test_a_search_without_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What time ran out for is not final."""
    known = load_catalogue(ASSIGNMENT.name, COUNT)
    monkeypatch.setattr(pairs, "LONGEST", 0.0)
    assert find_pair(COURSE, COUNT, known[0].traces, known) == ((), False)


def test_what_comes_otherwise_each_time_is_marked() -> None:
    """Weights drawn without a seed differ from those of the same mistake a moment later."""
    block = next(one for one in find_assignment("03_residual_blocks").exercises if one.name == "identity_block")
    assert traces(block, "unseeded", OTHER_SEED).traces[0]["seeded_inference"] == VARIES


def test_two_mistakes_that_multiply_are_found() -> None:
    """A pair whose common trace does not follow from its own two is found by making it."""
    known, exercise = load_catalogue(ASSIGNMENT.name, EXERCISES["count_macs"]), EXERCISES["count_macs"]
    mistakes = {one.name: one for one in load_mistakes(COURSE, exercise)}
    names = ("window-not-squared", "biases-counted")
    variant = together_in_one(COURSE, exercise, [mistakes[name] for name in names])
    assert variant is not None
    got = map(codec.loads, observe_variant(COURSE, exercise, variant, PUBLIC_SEED))
    seen = traces_of(references_on(COURSE, exercise, PUBLIC_SEED), list(got))
    assert {one.name for one in find_pair(COURSE, exercise, seen, known)[0]} == set(names)
    right = list(map(codec.loads, observe_variant(COURSE, exercise, UNCHANGED, PUBLIC_SEED)))
    assert find_pair(COURSE, exercise, traces_of(right, right), known) == ((), True)
    assert find_pair(COURSE, exercise, seen, ()) == ((), True)
