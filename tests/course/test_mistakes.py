"""Every known mistake is caught, and docs/mistakes.md says by what."""

import functools
import inspect
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.checks import observation as codec
from autograder.checks.engine import PUBLIC_SEED
from autograder.checks.registry import MODULES, find_assignment
from autograder.cli import main
from autograder.course import mistakes
from autograder.course.folder import Course
from autograder.course.mistakes import (
    OTHER_SEED,
    UNCHANGED,
    Caught,
    Change,
    Mistake,
    Variant,
    changed,
    kill_matrix,
    load_mistakes,
    make_subject,
    observe_variant,
    what_catches,
)
from autograder.course.reference import load_reference
from autograder.errors import CourseError
from autograder.model import Exercise, Observation
from autograder.report.mistakes import mistakes_page
from solutions.mistakes.blocks import MISTAKES
from solutions.mistakes.lines import RELU, SUM
from solutions.styles.blocks import STYLES

COURSE = Course(Path(__file__).parents[2])
EXERCISES = {exercise.name: exercise for exercise in find_assignment("03_residual_blocks").exercises}
NAMED = {(exercise, mistake.name): mistake for exercise, group in MISTAKES.items() for mistake in group}

EVERY_MISTAKE = pytest.mark.parametrize(("exercise", "name"), NAMED, ids=["-".join(key) for key in NAMED])

ONE_IN = 12
"""A sample of so many mistakes is observed in the quick run."""

A_SAMPLE_QUICKLY = pytest.mark.parametrize(
    ("exercise", "name"),
    [
        pytest.param(*key, id="-".join(key), marks=() if number % ONE_IN == 0 else pytest.mark.slow)
        for number, key in enumerate(NAMED)
    ],
)

NOT_THE_WIRING = (
    "unseeded",
    "other-seed",
    "other-initializer",
    "second-convolution-unseeded",
    "other-epsilon",
    "other-momentum",
    "no-names",
    "name-misspelled",
    "fixed-names",
)
"""Mistakes of a block that is wired as it should be; Keras itself refuses a name that stands twice."""


@functools.cache
def expected(exercise: str, seed: int) -> tuple[Observation, ...]:
    """Observe a reference once."""
    return tuple(map(codec.loads, observe_variant(COURSE, EXERCISES[exercise], UNCHANGED, seed)))


@functools.cache
def caught(exercise: str, name: str, seed: int) -> Caught:
    """Observe and judge a mistake once, on the cases of one seed."""
    mistake = NAMED[exercise, name]
    got = observe_variant(COURSE, EXERCISES[exercise], mistake, seed)
    return what_catches(EXERCISES[exercise], mistake, {seed: expected(exercise, seed)}, {seed: got})


@pytest.mark.tensorflow
@A_SAMPLE_QUICKLY
def test_a_mistake_is_caught_on_the_public_cases(exercise: str, name: str) -> None:
    """At least one check fails on the cases that a student sees."""
    assert caught(exercise, name, PUBLIC_SEED).checks


@pytest.mark.slow
@pytest.mark.tensorflow
@EVERY_MISTAKE
def test_what_catches_a_mistake_does_not_hang_on_the_seed(exercise: str, name: str) -> None:
    """The same checks fail on the cases of another seed."""
    assert caught(exercise, name, OTHER_SEED) == caught(exercise, name, PUBLIC_SEED)


@pytest.mark.slow
@pytest.mark.tensorflow
def test_the_page_shows_what_catches_each_mistake() -> None:
    """docs/mistakes.md is what `autograder mistakes --write` makes now, and every mistake is caught."""
    rows = {
        (name, exercise.name): kill_matrix(COURSE, exercise)
        for name in sorted(MODULES)
        for exercise in find_assignment(name).exercises
    }
    assert all(one.checks for group in rows.values() for one in group)
    assert (COURSE.root / "docs" / "mistakes.md").read_text(encoding="utf-8") == mistakes_page(rows)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", sorted(set(MODULES) - {"03_residual_blocks"}))
def test_a_sample_of_every_assignment_is_caught(name: str) -> None:
    """The first and the last mistake of each exercise fail a check on the public cases."""
    for exercise in find_assignment(name).exercises:
        right = {PUBLIC_SEED: tuple(map(codec.loads, observe_variant(COURSE, exercise, UNCHANGED, PUBLIC_SEED)))}
        every = load_mistakes(COURSE, exercise)
        for mistake in (every[0], every[-1]):
            got = observe_variant(COURSE, exercise, mistake, PUBLIC_SEED)
            assert what_catches(exercise, mistake, right, {PUBLIC_SEED: got}).checks, (exercise.name, mistake.name)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", NOT_THE_WIRING)
@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_wiring_is_judged_apart(exercise: str, name: str) -> None:
    """Seed, initializer, epsilon, momentum and names leave the check of the shortcut green."""
    assert f"{exercise}-shortcut" not in caught(exercise, name, PUBLIC_SEED).checks


@pytest.mark.tensorflow
@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_change_fits_the_reference(exercise: str) -> None:
    """Each change finds its text in the reference, and makes a text of its own."""
    source = inspect.getsource(load_reference(COURSE, EXERCISES[exercise]))
    variants = [UNCHANGED, *MISTAKES[exercise], *STYLES[exercise]]
    assert len({changed(source, variant) for variant in variants}) == len(variants)


@pytest.mark.parametrize("variants", [*MISTAKES.values(), *STYLES.values()], ids=[*MISTAKES, *STYLES])
def test_variants_have_a_name_and_a_sentence(variants: tuple[Variant, ...]) -> None:
    """Names are unique and free of spaces; sentences end with a full stop and fit the cell of a table."""
    names = [variant.name for variant in variants]
    assert len(set(names)) == len(names)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-F") for name in names)
    assert all(variant.sentence.endswith(".") and "|" not in variant.sentence for variant in variants)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (Change("absent", ""), r"must stand in the reference 1 time\(s\) and stands there 0 time\(s\)"),
        (Change("twice", ""), r"must stand in the reference 1 time\(s\) and stands there 2 time\(s\)"),
        (Change("absent", "", times=None), "at least once"),
    ],
)
def test_a_change_that_does_not_fit_is_a_fault_of_the_course(change: Change, sentence: str) -> None:
    """A reference that was changed under its mistakes is reported, with the mistake's name."""
    with pytest.raises(CourseError, match=f"^out-of-date replaces .*{sentence}"):
        changed("twice and twice", Mistake("out-of-date", "It is out of date.", (change,)))


@pytest.mark.tensorflow
def test_a_change_that_makes_no_python_is_a_fault_of_the_course() -> None:
    """A mistake that cannot be compiled is ours, not one of a student's."""
    broken = Mistake("broken", "It is broken.", (Change("    return X", "    return ("),))
    with pytest.raises(CourseError, match="broken makes no Python of identity_block"):
        make_subject(COURSE, EXERCISES["identity_block"], broken)


@pytest.mark.parametrize(("checks", "code"), [((), 1), (("identity_block-size",), 0)])
def test_the_command_fails_when_a_mistake_gets_through(
    checks: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`autograder mistakes` exits with 1 if no check catches a mistake, and shows which."""

    def one_slip(course: Course, exercise: Exercise) -> tuple[Caught, ...]:
        return (Caught(exercise.name, Mistake("a-slip", "It slips.", ()), checks, False, False),)

    monkeypatch.setattr(mistakes, "kill_matrix", one_slip)
    result = CliRunner().invoke(main, ["--course", str(COURSE.root), "mistakes"])
    assert result.exit_code == code
    assert ("**nothing**" in result.output) == (code == 1)


@pytest.mark.tensorflow
@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_a_relu_that_is_cut_off_is_caught_on_any_seed(exercise: str) -> None:
    """A ReLU6 shows only where values exceed 6; inputs are large enough for that, whatever cases a student gets."""
    last = Change(SUM + RELU, SUM + RELU.replace("relu", "relu6"))
    cut_off = Mistake("last-relu-cut-off-at-6", "The last ReLU is a ReLU6.", (last,))
    for seed in range(1000, 1004):
        got = observe_variant(COURSE, EXERCISES[exercise], cut_off, seed)
        what = what_catches(EXERCISES[exercise], cut_off, {seed: expected(exercise, seed)}, {seed: got})
        assert {f"{exercise}-inference", f"{exercise}-gradient"} <= set(what.checks)


@pytest.mark.tensorflow
@pytest.mark.parametrize("seed", [PUBLIC_SEED, OTHER_SEED])
def test_a_pooling_shows_in_training_mode(seed: int) -> None:
    """Behind a normalisation with the batch's statistics enough is left above zero that no other pooling would do."""
    network = find_assignment("05_resnet50").exercises[0]
    right = tuple(map(codec.loads, observe_variant(COURSE, network, UNCHANGED, seed)))
    mistakes = {mistake.name: mistake for mistake in load_mistakes(COURSE, network)}
    for name in ("pooling-2x2", "max-pooling-in-the-head"):
        got = observe_variant(COURSE, network, mistakes[name], seed)
        assert "ResNet50-training" in what_catches(network, mistakes[name], {seed: right}, {seed: got}).checks
