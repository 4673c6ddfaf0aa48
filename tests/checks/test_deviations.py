"""What differs between two graphs is found, and named where it is; what does not matter is not."""

import contextlib
import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.deviations import (
    EXTRA,
    MISSING,
    OTHER_INPUT,
    OTHER_NAME,
    OTHER_OPERATION,
    OTHER_ORDER,
    OTHER_SETTINGS,
    OTHER_SIZE,
    deviations,
)
from autograder.checks.diagram import SUM, Node
from autograder.checks.expected import load_graph
from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.mistakes import UNCHANGED, Variant, load_mistakes, load_styles, make_subject
from autograder.model import Exercise

COURSE = Course(Path(__file__).parents[2])
ASSIGNMENT = "03_residual_blocks"
FIGURES: dict[str, tuple[tuple[int, ...], tuple[Any, ...]]] = {
    "identity_block": ((8, 8, 6), (3, [2, 4, 6], 2, "a")),
    "convolutional_block": ((8, 8, 6), (3, [2, 4, 5], 2, "a", 2)),
}
EXERCISES = {exercise.name: exercise for exercise in find_assignment(ASSIGNMENT).exercises}

BLOCK = [
    Node("X", (), "\n8 × 8 × 6"),
    Node("Conv2D 3×3, 6 filters", (0,), "first\n8 × 8 × 6", ("name=first",)),
    Node("BatchNormalization", (1,), "batch_normalization\n8 × 8 × 6"),
    Node("ReLU", (2,), "activation\n8 × 8 × 6"),
    Node("Conv2D 3×3, 6 filters", (3,), "second\n8 × 8 × 6", ("name=second",)),
    Node(SUM, (4, 0), "add\n8 × 8 × 6"),
    Node("ReLU", (5,), "activation_1\n8 × 8 × 6"),
]


def changed(*nodes: tuple[int, Node]) -> list[Node]:
    """Return the block with other nodes at some places."""
    return [dict(nodes).get(number, node) for number, node in enumerate(BLOCK)]


def without(number: int) -> list[Node]:
    """Return the block without one node; what read it reads what it read."""
    (instead,) = BLOCK[number].reads
    old = [i for i in range(len(BLOCK)) if i != number]
    new = {i: old.index(instead if i == number else i) for i in range(len(BLOCK))}
    return [
        Node(one.label, tuple(new[i] for i in one.reads), one.note, one.settings) for one in map(BLOCK.__getitem__, old)
    ]


SUMMANDS_SWAPPED = changed((5, Node(SUM, (0, 4), "add_7\n8 × 8 × 6")))
NAMED = changed((3, Node("ReLU", (2,), "my_relu\n8 × 8 × 6", ("name=my_relu",))))
RELU_FIRST = changed((2, Node("ReLU", (1,), "a\n8 × 8 × 6")), (3, Node("BatchNormalization", (2,), "b\n8 × 8 × 6")))
RELU_BEFORE_SUM = changed((5, Node("ReLU", (4,), "a\n8 × 8 × 6")), (6, Node(SUM, (5, 0), "add\n8 × 8 × 6")))
READS_X = changed((4, Node("Conv2D 3×3, 6 filters", (0,), "second\n8 × 8 × 6", ("name=second",))))


@pytest.mark.parametrize(
    ("mine", "kind", "sentence", "places"),
    [
        (
            without(2),
            MISSING,
            "missing: BatchNormalization (batch_normalization), which reads Conv2D (first)",
            ((), (2,)),
        ),
        (without(6), MISSING, "missing: ReLU (activation_1), which reads the sum (add)", ((), (6,))),
        (
            [*BLOCK, Node("Dropout", (6,), "drop\n8")],
            EXTRA,
            "not expected: Dropout (drop), which reads ReLU",
            ((7,), ()),
        ),
        (RELU_FIRST, OTHER_ORDER, "ReLU (a) stands before BatchNormalization (b); expected behind it", ((2,), (3,))),
        (RELU_BEFORE_SUM, OTHER_ORDER, "ReLU (a) stands before the sum (add); expected behind it", ((5,), (6,))),
        (
            changed((1, Node("Conv2D 1×1, 6 filters", (0,), "first\n8 × 8 × 6", ("name=first",)))),
            OTHER_SETTINGS,
            "Conv2D (first): Conv2D 1×1, 6 filters; expected Conv2D 3×3, 6 filters",
            ((1,), (1,)),
        ),
        (
            changed((2, Node("BatchNormalization", (1,), "b\n8 × 8 × 6", ("epsilon=1e-05",)))),
            OTHER_SETTINGS,
            "BatchNormalization (b): epsilon=1e-05; expected epsilon as Keras has it",
            ((2,), (2,)),
        ),
        (
            changed((5, Node("Concatenate", (4, 0), "join\n8 × 8 × 12"))),
            OTHER_OPERATION,
            "Concatenate (join) stands in the place of the sum (add)",
            ((5,), (5,)),
        ),
        (
            changed((5, Node(SUM, (4, 0, 0), "add\n8 × 8 × 6"))),
            OTHER_INPUT,
            "the sum (add) reads X, X and Conv2D (second); expected X and Conv2D (second)",
            ((5,), (5,)),
        ),
        (
            changed((5, Node(SUM, (4, 3), "add\n8 × 8 × 6"))),
            OTHER_INPUT,
            "the sum (add) reads ReLU (activation) and Conv2D (second); expected X and Conv2D (second)",
            ((5,), (5,)),
        ),
        (
            changed((4, Node("Conv2D 3×3, 6 filters", (3,), "third\n8 × 8 × 6", ("name=third",)))),
            OTHER_NAME,
            "Conv2D (third) has another name; expected second",
            ((4,), (4,)),
        ),
        (
            changed((1, Node("Conv2D 3×3, 6 filters", (0,), "first\n6 × 6 × 6", ("name=first",)))),
            OTHER_SIZE,
            "Conv2D (first) makes 6 × 6 × 6; expected 8 × 8 × 6",
            ((1,), (1,)),
        ),
    ],
)
def test_one_deviation(mine: list[Node], kind: str, sentence: str, places: tuple[tuple[int, ...], ...]) -> None:
    """What differs in one respect is one deviation, at its place, in words."""
    (found,) = deviations(mine, BLOCK)
    assert (found.kind, (found.mine, found.expected)) == (kind, places)
    assert found.sentence.startswith(sentence)


@pytest.mark.parametrize("mine", [BLOCK, SUMMANDS_SWAPPED, NAMED])
def test_what_does_not_matter(mine: list[Node]) -> None:
    """The order of summands, names that Keras gives, and names that nobody asked for are no deviations."""
    assert deviations(mine, BLOCK) == []


def test_what_nothing_reads_is_told_together() -> None:
    """Layers that a line passes over are one deviation, which says what that line reads instead."""
    nodes = [READS_X[i] for i in (0, 4, 5, 6)]
    mine = [Node(n.label, reads, n.note, n.settings) for n, reads in zip(nodes, ((), (0,), (1, 0), (2,)), strict=True)]
    (found,) = deviations(mine, BLOCK)
    assert found.expected == (1, 2, 3)
    assert "Conv2D (second) reads X. If your code makes it, nothing uses it" in found.sentence


def test_layers_that_depart_alike_are_told_together() -> None:
    """The same setting at several layers is one deviation."""
    places = (1, 4)
    unbiased = [
        (i, Node(BLOCK[i].label, BLOCK[i].reads, BLOCK[i].note, (*BLOCK[i].settings, "use_bias=False"))) for i in places
    ]
    (found,) = deviations(changed(*unbiased), BLOCK)
    assert found.mine == found.expected == places


# --- graphs of real functions ---------------------------------------------------------------------------------------


def graph(function: Callable[..., Any], exercise: str) -> list[Node]:
    """Return what a function builds in the notebook's figure; its prints are dropped."""
    from autograder.checks.nodes import model_nodes
    from autograder.checks.quiet import quiet

    shape, arguments = FIGURES[exercise]
    with quiet():
        return model_nodes(function, shape, *arguments)


@cache
def expected(exercise: str) -> Sequence[Node]:
    """Return what the reference builds."""
    return graph(subject(EXERCISES[exercise], UNCHANGED), exercise)


def subject(exercise: Exercise, variant: Variant) -> Callable[..., Any]:
    """Make the function of a variant."""
    return make_subject(COURSE, exercise, variant)


@pytest.mark.tensorflow
@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_recorded_graph_is_the_references(exercise: str) -> None:
    """The graph that students' machines have is what the reference builds of the figure's arguments."""
    shape, arguments = FIGURES[exercise]
    assert load_graph(ASSIGNMENT, exercise, shape, arguments) == expected(exercise)
    assert load_graph(ASSIGNMENT, exercise, shape, arguments[1:]) is None
    assert load_graph(None, exercise, shape, arguments) is None


BUILT_OTHERWISE = {"padded-by-hand": [EXTRA]}
"""Right answers that are another graph, with what is said of it."""


EITHER_BLOCK = [pytest.param("identity_block", marks=pytest.mark.slow), "convolutional_block"]
"""What is found in the convolutional block is found in the identity block, which has less in it."""


@pytest.mark.tensorflow
@pytest.mark.parametrize("exercise", EITHER_BLOCK)
def test_right_answers_do_not_deviate(exercise: str) -> None:
    """However a right answer is written, nothing is marked, but where it is built of other operations."""
    for style in load_styles(COURSE, EXERCISES[exercise]):
        found = deviations(graph(subject(EXERCISES[exercise], style), exercise), expected(exercise))
        assert [one.kind for one in found] == BUILT_OTHERWISE.get(style.name, []), style.name


SAME_WITH_THESE_ARGUMENTS = {"fixed-f", "fixed-names", "fixed-s", "fixed-s-in-projection"}
"""Mistakes that do not show where f is 3, s is 2, and the names are those of stage 2, block a."""


@pytest.mark.slow
@pytest.mark.tensorflow
@pytest.mark.parametrize("exercise", EXERCISES)
def test_wrong_answers_deviate(exercise: str) -> None:
    """Each mistake that builds a graph at all is marked, unless these arguments hide it."""
    unmarked = set()
    for mistake in load_mistakes(COURSE, EXERCISES[exercise]):
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            if not deviations(graph(subject(EXERCISES[exercise], mistake), exercise), expected(exercise)):
                unmarked.add(mistake.name)
    assert unmarked <= SAME_WITH_THESE_ARGUMENTS
