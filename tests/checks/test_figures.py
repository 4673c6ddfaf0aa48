"""Figures of blocks: what is drawn is what the model holds."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgba

from autograder.checks import student
from autograder.checks.diagram import SUM, Node, arrange
from autograder.checks.drawing import draw
from autograder.checks.figures import block_nodes, draw_block, draw_model
from autograder.checks.nodes import model_nodes
from solutions.blocks import convolutional_block, identity_block

pytestmark = pytest.mark.tensorflow

BLOCKS = [
    pytest.param(identity_block, (8, 8, 6), (3, [2, 4, 6], 2, "a"), id="identity"),
    pytest.param(convolutional_block, (8, 8, 6), (3, [2, 4, 5], 2, "a", 2), id="convolutional"),
]


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    """Draw into memory, and leave no figure open."""
    plt.switch_backend("agg")
    yield
    plt.close("all")


def drawn_texts() -> list[str]:
    """Return the words in the only open figure."""
    assert len(plt.get_fignums()) == 1
    return [text.get_text() for text in plt.gca().texts if text.get_text()]


@pytest.mark.parametrize(("function", "shape", "arguments"), BLOCKS)
def test_every_operation_of_the_model_is_drawn_with_its_name_and_shape(
    function: Callable[..., Any], shape: tuple[int, ...], arguments: tuple[Any, ...]
) -> None:
    """The drawn notes hold the name and the output shape of each operation of the model, and no others."""
    X = keras.Input(shape)
    layers = keras.Model(X, function(X, *arguments)).layers[1:]  # the input has no name of the student's
    named = {layer.name: " × ".join(map(str, layer.output.shape[1:])) for layer in layers if "branch" in layer.name}
    draw_model(function, shape, *arguments)
    notes = [text.split("\n") for text in drawn_texts() if "\n" in text]
    assert len(notes) == len(layers)
    assert {name: size for name, size in notes if "branch" in name} == named


def test_the_explaining_figure_of_the_identity_block_is_the_drawn_reference() -> None:
    """Described by labels or built by the reference, the identity block gives the same nodes and arrows."""
    main = [
        label
        for convolution in ("Conv2D 1×1, 2 filters", "Conv2D 3×3, 4 filters", "Conv2D 1×1, 6 filters")
        for label in (convolution, "BatchNormalization", "ReLU")
    ]
    described = block_nodes(main[:-1])
    built = model_nodes(identity_block, (8, 8, 6), 3, [2, 4, 6], 2, "a")
    assert [node.label for node in built] == [node.label for node in described]
    assert [set(node.reads) for node in built] == [set(node.reads) for node in described]


def test_an_empty_gap_gives_a_sentence_and_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """A function whose gap is still empty is reported in one line that names it, and nothing is drawn."""

    def my_block(X: object) -> None:
        raise NotImplementedError

    draw_model(my_block, (8, 8, 6))
    assert capsys.readouterr().out == (
        "The gap of my_block is still empty; this cell shows what it does when it is filled.\n"
    )
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda X: None, "the function returned None where a Keras tensor is expected"),
        (lambda X: X.no_such_method(), "AttributeError"),
        (lambda X: identity_block(X, 3, [2, 4, 5], 2, "a"), "X has 6 channels, F3 is 5"),
    ],
)
def test_a_function_that_fails_gives_a_sentence_and_no_figure(
    function: Callable[..., Any], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the student's function raises ends in one line that says why, never in a traceback."""
    draw_model(function, (8, 8, 6))
    output = capsys.readouterr().out
    assert reason in output
    assert output.count("\n") == 1
    assert not plt.get_fignums()


@pytest.mark.parametrize(("function", "shape", "arguments"), BLOCKS)
def test_a_block_for_any_size_is_drawn(
    function: Callable[..., Any], shape: tuple[int, ...], arguments: tuple[Any, ...]
) -> None:
    """Sides that are None are written as 'any'."""
    draw_model(function, (None, None, shape[-1]), *arguments)
    assert any(text.endswith("any × any × 6") for text in drawn_texts())


def test_the_shortcut_is_drawn_beside_the_main_path() -> None:
    """The main path stands in lane 0 from top to bottom; the identity is an arrow in a lane of its own."""
    nodes = block_nodes(["Conv2D 3×3", "BatchNormalization"])
    layout = arrange(nodes)
    assert layout.lanes == [0] * len(nodes)
    assert layout.rows == list(range(len(nodes)))
    assert [lane for *_, lane in layout.arrows if lane is not None] == [1]


def test_a_shortcut_added_twice_shows_as_two_arrows() -> None:
    """Two readings of the same tensor run in different lanes, so that both can be seen."""
    layout = arrange([Node("X"), Node("Conv2D 1×1", (0,)), Node(SUM, (1, 0, 0))])
    assert len({lane for start, end, lane in layout.arrows if (start, end) == (0, 2)}) == 2


def test_no_two_nodes_share_a_place() -> None:
    """However the branches lie, no box hides another."""
    nodes = [Node("X"), *(Node("Conv2D 1×1", (0,)) for _ in range(3)), Node(SUM, (1, 2, 3)), Node(SUM, (4, 0, 2))]
    layout = arrange(nodes)
    assert len(set(zip(layout.rows, layout.lanes, strict=True))) == len(nodes)
    draw(nodes)


def test_what_is_written_can_be_read() -> None:
    """No text of a figure is smaller than 9 points, and the background is opaque."""
    draw_block(["Conv2D 1×1"], ["Conv2D 1×1"], "A block")
    figure = plt.gcf()
    assert min(float(text.get_fontsize()) for text in plt.gca().texts) >= 9
    assert to_rgba(figure.get_facecolor())[3] == 1


def relu_first(X: Any, f: int, filters: list[int], stage: int, block: str) -> Any:
    """Build the identity block with a ReLU before the sum as well."""
    inside = identity_block(X, f, filters, stage, block)
    return keras.layers.Activation("relu")(inside)


@pytest.fixture
def in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the checks of the residual blocks."""
    monkeypatch.setattr(student, "_in_use", ["03_residual_blocks"])


@pytest.mark.usefixtures("in_use")
def test_a_wrong_block_stands_beside_the_expected_one(capsys: pytest.CaptureFixture[str]) -> None:
    """What differs is numbered in the figure, marked by words, and told above it."""
    relu_first.__name__ = "identity_block"
    draw_model(relu_first, (8, 8, 6), 3, [2, 4, 6], 2, "a")
    mine, expected = plt.gcf().axes
    assert (mine.get_title(loc="left"), expected.get_title(loc="left")) == ("Your identity_block", "Expected")
    assert {"1", "1 extra"} <= {text.get_text() for text in mine.texts}
    assert "1" not in {text.get_text() for text in expected.texts}
    assert capsys.readouterr().out.splitlines() == [
        "identity_block builds something else than expected, in one place; the checks tell whether that is a mistake:",
        "  1. not expected: ReLU (activation_3), which reads ReLU (activation_2)",
    ]


@pytest.mark.usefixtures("in_use")
def test_a_right_block_is_drawn_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """A block that is as expected is drawn once, and a sentence says so; with other arguments nothing is said."""
    draw_model(identity_block, (8, 8, 6), 3, [2, 4, 6], 2, "a")
    assert len(plt.gcf().axes) == 1
    assert capsys.readouterr().out == "With these arguments identity_block builds what is expected.\n"
    draw_model(identity_block, (8, 8, 6), 3, [2, 4, 6], 2, "b")
    assert capsys.readouterr().out == ""


def test_a_deep_network_is_not_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """A graph that fits no page is counted."""

    def deep(X: Any) -> Any:
        for _ in range(50):
            X = keras.layers.ReLU()(X)
        return X

    draw_model(deep, (8, 8, 6))
    assert capsys.readouterr().out == "deep builds 51 layers and operations, too many for a figure.\n"
    assert not plt.get_fignums()


def test_a_layer_at_two_places_is_drawn_twice() -> None:
    """A layer that is called twice has two nodes, each with the shape that it makes there."""

    def shared(X: Any) -> Any:
        pool = keras.layers.MaxPooling2D(2)
        return pool(pool(X))

    draw_model(shared, (8, 8, 6))
    assert {"max_pooling2d\n4 × 4 × 6", "max_pooling2d\n2 × 2 × 6"} <= set(drawn_texts())
