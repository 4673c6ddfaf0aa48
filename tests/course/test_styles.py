"""Right answers that look odd get full marks, and what they print is seen nowhere."""

import functools
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.checks import observation as codec
from autograder.checks.engine import PUBLIC_SEED
from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.course.mistakes import UNCHANGED, failed_checks, load_styles, observe_variant
from autograder.model import Observation
from solutions.styles.blocks import STYLES

pytestmark = pytest.mark.tensorflow

COURSE = Course(Path(__file__).parents[2])
EXERCISES = {exercise.name: exercise for exercise in find_assignment("03_residual_blocks").exercises}
NAMED = {(exercise, style.name): style for exercise, group in STYLES.items() for style in group}

EVERY_STYLE = pytest.mark.parametrize(("exercise", "name"), NAMED, ids=["-".join(key) for key in NAMED])

EVERY_STYLE_ONCE = pytest.mark.parametrize(
    ("exercise", "name"),
    [
        pytest.param(*key, id="-".join(key), marks=() if "convolutional_block" in key else pytest.mark.slow)
        for key in NAMED
    ],
)
"""What is right in the convolutional block is rarely punished in the identity block, which has less in it."""


@functools.cache
def expected(exercise: str, seed: int) -> tuple[Observation, ...]:
    """Observe a reference once."""
    return tuple(map(codec.loads, observe_variant(COURSE, EXERCISES[exercise], UNCHANGED, seed)))


def failed(exercise: str, name: str, seed: int) -> tuple[str, ...]:
    """Return the checks that a style fails on the cases of a seed."""
    got = observe_variant(COURSE, EXERCISES[exercise], NAMED[exercise, name], seed)
    return failed_checks(EXERCISES[exercise], EXERCISES[exercise].checks, seed, expected(exercise, seed), got)


@EVERY_STYLE_ONCE
def test_a_right_answer_gets_full_marks_in_silence(exercise: str, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """No check fails on the public cases, and nothing reaches stdout or stderr."""
    assert failed(exercise, name, PUBLIC_SEED) == ()
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@EVERY_STYLE
def test_a_right_answer_gets_full_marks_on_other_cases(exercise: str, name: str, seed: int) -> None:
    """No check fails on the cases of another seed."""
    assert failed(exercise, name, seed) == ()


def refused(name: str, seeds: Sequence[int], every: int) -> list[str]:
    """Return the styles of an assignment that fail a check: each of them, or one in so many."""
    found = []
    for exercise in find_assignment(name).exercises:
        for seed in seeds:
            right = tuple(map(codec.loads, observe_variant(COURSE, exercise, UNCHANGED, seed)))
            for style in load_styles(COURSE, exercise)[::every]:
                got = observe_variant(COURSE, exercise, style, seed)
                found += [f"{style.name}: {one}" for one in failed_checks(exercise, exercise.checks, seed, right, got)]
    return found


OTHERS = sorted(set(MODULES) - {"03_residual_blocks"})


@pytest.mark.parametrize("name", OTHERS)
def test_a_sample_of_right_answers_of_every_assignment(name: str) -> None:
    """No check fails on the public cases."""
    assert refused(name, [PUBLIC_SEED], every=5) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_all_right_answers_of_every_assignment(name: str) -> None:
    """No check fails on the public cases, nor on those of another seed."""
    assert refused(name, [PUBLIC_SEED, 1], every=1) == []
