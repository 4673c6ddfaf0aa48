"""Every mistake of every assignment can be told from the reference and from every other mistake."""

import functools
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest

from autograder.checks import observation as codec
from autograder.checks.engine import PUBLIC_SEED
from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.course.margins import distances
from autograder.course.mistakes import UNCHANGED, Mistake, Variant, load_mistakes, observe_variant
from autograder.model import Observation

pytestmark = pytest.mark.tensorflow

COURSE = Course(Path(__file__).parents[2])
EXERCISES = {
    f"{name}-{exercise.name}": exercise for name in sorted(MODULES) for exercise in find_assignment(name).exercises
}
EVERY_EXERCISE = pytest.mark.parametrize("key", EXERCISES)

FAR = 10
"""Units of what the checks allow: two mistakes that are further apart are never mistaken for one another."""

ONE_IN = 40
"""A sample of so many mistakes is compared in the quick run."""


@functools.cache
def observed(key: str, variant: Variant, again: bool = False) -> tuple[Observation, ...]:
    """Observe a variant on the public cases, and once more if asked to."""
    return tuple(map(codec.loads, observe_variant(COURSE, EXERCISES[key], variant, PUBLIC_SEED)))


def varying(key: str, variant: Variant) -> set[str]:
    """Return the fields that a variant shows otherwise each time, as where weights are drawn without a seed."""
    once, again = observed(key, variant), observed(key, variant, again=True)
    return {field for field, apart in distances(EXERCISES[key], once, again).items() if apart > 1}


def too_near(key: str, variants: Sequence[Variant]) -> list[tuple[str, str]]:
    """Return the pairs that no field tells apart by much, not counting fields that differ each time."""
    changing = {variant.name: varying(key, variant) for variant in variants}
    return [
        (one.name, other.name)
        for one, other in combinations(variants, 2)
        if max(
            apart
            for field, apart in distances(EXERCISES[key], observed(key, one), observed(key, other)).items()
            if field not in changing[one.name] | changing[other.name]
        )
        <= FAR
    ]


@EVERY_EXERCISE
def test_a_sample_of_mistakes_is_told_apart(key: str) -> None:
    """No two of a sample, nor one of it and the reference, look alike on the public cases."""
    mistakes = load_mistakes(COURSE, EXERCISES[key])
    assert too_near(key, (UNCHANGED, *mistakes[:: max(1, min(ONE_IN, len(mistakes) // 3))])) == []


@pytest.mark.slow
@EVERY_EXERCISE
def test_all_mistakes_are_told_apart(key: str) -> None:
    """No two mistakes, nor a mistake and the reference, look alike on the public cases."""
    assert too_near(key, (UNCHANGED, *load_mistakes(COURSE, EXERCISES[key]))) == []


@EVERY_EXERCISE
def test_every_mistake_has_its_hints(key: str) -> None:
    """Each says which property is wrong and where to look, in sentences, and neither is what is said of it at last."""
    for mistake in load_mistakes(COURSE, EXERCISES[key]):
        texts = (mistake.sentence, mistake.hint, mistake.where)
        assert all(text[:1].strip() and text[-1:] in (".", "?") for text in texts), mistake.name
        assert len(set(texts)) == len(texts), mistake.name


@EVERY_EXERCISE
def test_a_sentence_is_said_of_one_mistake(key: str) -> None:
    """Two mistakes with one sentence would be one mistake to the student."""
    sentences = [mistake.sentence for mistake in load_mistakes(COURSE, EXERCISES[key])]
    assert len(set(sentences)) == len(sentences)


def test_the_comparison_notices_what_is_alike() -> None:
    """Two changes that make the same function are reported."""
    key = "03_residual_blocks-identity_block"
    mistake = next(one for one in load_mistakes(COURSE, EXERCISES[key]) if one.name == "no-last-relu")
    twin = Mistake("twin", "It is another text.", mistake.changes)
    assert too_near(key, (mistake, twin)) == [("no-last-relu", "twin")]
