"""Two networks side by side: what is counted, and which difference is marked."""

from typing import Any

import keras
import pytest

from autograder.checks.side_by_side import comparison, cost, rows, without_weights

pytestmark = pytest.mark.tensorflow

Layers = keras.layers


def network(stride: int = 2, name: str = "b", skip: bool = True, epsilon: float = 1e-3) -> keras.Model:
    """Return a network of two convolutions, of which the second is skipped or not, and a dense layer."""
    image = keras.Input((8, 8, 3))
    first = Layers.Conv2D(4, 3, strides=stride, padding="same", name="a")(image)
    normalised = Layers.BatchNormalization(epsilon=epsilon, name="bn")(first)
    second = Layers.Conv2D(4, 1, name=name)(normalised)
    total = Layers.Add(name="sum")([normalised if skip else second, second])
    return keras.Model(image, Layers.Dense(5, name="d")(Layers.GlobalAveragePooling2D(name="mean")(total)))


def test_costs_follow_from_the_formulas() -> None:
    """Weights with biases and statistics, multiply-adds of kernels, and the layers on the longest way."""
    found = cost(network())
    assert found.parameters == (9 * 3 + 1) * 4 + 4 * 4 + (4 + 1) * 4 + (4 + 1) * 5
    assert found.parameters - found.trainable == 2 * 4
    assert found.multiply_adds == 4 * 4 * 9 * 3 * 4 + 4 * 4 * 4 * 4 + 4 * 5
    assert (found.layers, found.depth) == (3, 3)


def test_layers_beside_the_longest_way_are_not_depth() -> None:
    """Two convolutions side by side count as two layers and as one in depth."""
    image = keras.Input((8, 8, 3))
    both = [Layers.Conv2D(4, 1, name=name)(image) for name in "xy"]
    found = cost(keras.Model(image, Layers.Add()(both)))
    assert (found.layers, found.depth) == (2, 1)


def test_costs_need_no_weights() -> None:
    """A network whose weights have no numbers costs the same, and gets none when another network is built."""
    with without_weights():
        empty = network()
    assert cost(empty) == cost(network())
    assert empty.get_layer("a").kernel._value is None


def test_equal_networks() -> None:
    """Networks that agree are said to."""
    table = comparison(rows(network()), rows(network()))
    assert table.endswith("All 6 layers agree in name, settings, wiring, output and parameters.")
    assert "->" not in table


@pytest.mark.parametrize(
    ("other", "marked", "sentence"),
    [
        ({"stride": 1}, "a ", "yours does Conv2D 3×3, stride 2, same, theirs Conv2D 3×3, stride 1, same"),
        ({"name": "c"}, "c ", "only one of the two networks has this layer"),
        ({"skip": False}, "sum", "yours reads b and bn, theirs b and b"),
        ({"epsilon": 1e-5}, "bn", "yours does BatchNorm, epsilon 0.001, theirs BatchNorm, epsilon 1e-05"),
    ],
)
def test_the_first_difference_is_marked(other: dict[str, Any], marked: str, sentence: str) -> None:
    """The first row that differs has an arrow, and one sentence says how."""
    table = comparison(rows(network()), rows(network(**other)))
    arrows = [line for line in table.splitlines() if line.startswith("->")]
    assert len(arrows) == 1
    assert arrows[0].split()[1] == marked.strip()
    assert sentence in table.splitlines()[-1]
