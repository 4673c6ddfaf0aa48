"""The reference ResNet-50 against the numbers that are known of it, and the two small functions against properties."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.lesson.narrow import narrowed
from solutions.resnet50 import ResNet50, one_hot, predict_class

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """Build the network once."""
    keras.utils.clear_session(free_memory=False)
    return ResNet50()


def side(model: keras.Model, layer: str) -> int:
    """Return the side of the square map that a layer reads."""
    _, height, width, _ = model.get_layer(layer).input.shape
    assert height == width
    return int(height)


def test_counts(model: keras.Model) -> None:
    """Parameters, trainable ones, convolutions and layers are as many as they should be."""
    assert model.count_params() == 23_600_006
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 23_546_886
    assert sum(isinstance(layer, keras.layers.Conv2D) for layer in model.layers) == 53
    assert len(model.layers) == 177


def test_side_lengths(model: keras.Model) -> None:
    """The map's side is 15 behind the stem and behind stage 2, then 8, 4 and 2."""
    readers = [f"res{stage}a_branch2a" for stage in (2, 3, 4, 5)]
    pooling = next(layer for layer in model.layers if isinstance(layer, keras.layers.AveragePooling2D))
    assert [side(model, name) for name in (*readers, pooling.name)] == [15, 15, 8, 4, 2]


def test_probabilities(model: keras.Model) -> None:
    """Each picture gets six probabilities that add up to 1."""
    said = np.asarray(model(np.random.RandomState(0).rand(2, 64, 64, 3), training=False))
    assert said.shape == (2, 6)
    assert (said >= 0).all()
    np.testing.assert_allclose(said.sum(axis=1), 1, rtol=1e-5)


def test_narrow_network_has_the_same_layers(model: keras.Model) -> None:
    """With an eighth of the filters the kinds of layers are the same, and the full network is built as before."""
    keras.utils.clear_session(free_memory=False)
    narrow = narrowed(ResNet50, 8)()
    assert [type(layer) for layer in narrow.layers] == [type(layer) for layer in model.layers]
    assert narrow.get_layer("res5c_branch2c").filters == 2048 // 8
    assert narrow.count_params() < model.count_params() / 8
    keras.utils.clear_session(free_memory=False)
    assert ResNet50((64, 64, 1), 3).get_layer("res5c_branch2c").filters == 2048


@given(st.lists(st.integers(0, 6), max_size=20))
def test_one_hot_keeps_the_labels(labels: list[int]) -> None:
    """Each row has a single 1, at its label, whatever classes occur."""
    rows = one_hot(np.array(labels, np.int64), 7)
    assert rows.shape == (len(labels), 7)
    assert rows.dtype == np.float32
    assert rows.argmax(axis=1).tolist() == labels
    assert (rows.sum(axis=1) == 1).all()


def test_predicted_class_is_that_of_the_batch() -> None:
    """A single picture gets the class and the probability that it has in a batch of scaled ones."""
    image = keras.Input((5, 4, 3))
    network = keras.Model(image, keras.layers.Dense(4, activation="softmax")(keras.layers.Flatten()(image)))
    pictures = np.random.RandomState(0).randint(256, size=(6, 5, 4, 3)).astype(np.uint8)
    said = np.asarray(network(pictures / 255))
    for picture, row in zip(pictures, said, strict=True):
        best, probability = predict_class(network, picture)
        assert best == row.argmax()
        assert probability == pytest.approx(row.max(), rel=1e-5)
