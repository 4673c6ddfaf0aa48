"""Training goes on where it was, whatever stopped it, and learns."""

import itertools
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from autograder.lesson.bar import Bar
from autograder.lesson.training import Pictures, accuracy, redraw, renew_statistics, train

pytestmark = pytest.mark.tensorflow

RUN: dict[str, Any] = {"batch": 10, "learning_rate": 0.01}


def tiny(width: int = 4) -> keras.Model:
    """Build a network of one convolution with its normalisation, from fixed seeds."""
    keras.utils.clear_session(free_memory=False)
    image = keras.Input((6, 6, 1))
    X = keras.layers.Conv2D(width, 3, kernel_initializer=keras.initializers.GlorotUniform(seed=1))(image)
    X = keras.layers.Flatten()(keras.layers.BatchNormalization()(X))
    dense = keras.layers.Dense(2, activation="softmax", kernel_initializer=keras.initializers.GlorotUniform(seed=2))
    return keras.Model(image, dense(X))


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """Draw bright and dark noise, which is told apart by its mean."""
    random = np.random.RandomState(0)
    labels = random.randint(2, size=80)
    x = (0.5 * random.rand(80, 6, 6, 1) + 0.4 * labels[:, None, None, None]).astype(np.float32)
    y = np.eye(2, dtype=np.float32)[labels]
    return Pictures(x[:60], y[:60], x[60:], y[60:])


@pytest.fixture(scope="module")
def straight(pictures: Pictures, tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, dict[str, Any]]:
    """Train for four epochs at once."""
    model = tiny()
    return model, train(model, pictures, 4, "run", **RUN, folder=tmp_path_factory.mktemp("runs")).curves


def test_a_run_in_two_parts_is_the_same_run(
    pictures: Pictures, straight: tuple[keras.Model, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two epochs, and two more with a model made anew, give the curves and the weights of four."""
    train(tiny(), pictures, 2, "run", **RUN, folder=tmp_path)
    model = tiny()
    curves = train(model, pictures, 4, "run", **RUN, folder=tmp_path).curves
    assert "2 of 4 epochs are done" in capsys.readouterr().out
    for key in ("loss", "accuracy", "test_loss", "test_accuracy"):
        np.testing.assert_allclose(curves[key], straight[1][key], rtol=1e-4, atol=1e-6)
    for one, other in zip(model.get_weights(), straight[0].get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


def test_what_is_done_is_not_done_again(pictures: Pictures, tmp_path: Path) -> None:
    """The same call once more trains nothing, and gives the model its weights back."""
    first = tiny()
    train(first, pictures, 1, "run", **RUN, folder=tmp_path)
    again = tiny()
    assert train(again, pictures, 1, "run", **RUN, folder=tmp_path).epochs == 1
    for one, other in zip(first.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_stopped_in_an_epoch(pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever stops the second epoch keeps the first, and the next call goes on from there."""

    def stop(epoch: int) -> None:
        raise KeyboardInterrupt

    model = tiny()
    run = train(model, pictures, 3, "run", **RUN, folder=tmp_path, each_epoch=stop)
    assert run.epochs == 1
    assert "Stopped in epoch 2; the weights are those after epoch 1. Run the cell again" in capsys.readouterr().out
    assert train(tiny(), pictures, 3, "run", **RUN, folder=tmp_path).epochs == 3


def test_another_network_or_setting_is_another_run(pictures: Pictures, tmp_path: Path) -> None:
    """A run is never continued with weights that do not belong to it."""
    train(tiny(), pictures, 1, "run", **RUN, folder=tmp_path)
    train(tiny(width=5), pictures, 1, "run", **RUN, folder=tmp_path)
    train(tiny(), pictures, 1, "run", batch=20, learning_rate=0.01, folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_damaged_file_begins_anew(pictures: Pictures, tmp_path: Path) -> None:
    """What cannot be read is no run; nothing is left half-written."""
    train(tiny(), pictures, 1, "run", **RUN, folder=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:500])
    assert train(tiny(), pictures, 1, "run", **RUN, folder=tmp_path).epochs == 1
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_it_learns(straight: tuple[keras.Model, dict[str, Any]]) -> None:
    """The loss falls, and bright is told from dark."""
    _, curves = straight
    assert curves["loss"][-1] < curves["loss"][0]
    assert curves["accuracy"][-1] > 0.9


def test_old_statistics_are_told_from_overfitting(pictures: Pictures) -> None:
    """Renewed statistics are those of all pictures; what was learned stays."""
    model = tiny()
    before = model.get_weights()
    renew_statistics(model, pictures.x, batch=20)
    convolution, normalisation = model.layers[1:3]
    made = np.asarray(convolution(pictures.x))
    np.testing.assert_allclose(normalisation.moving_mean, made.mean(axis=(0, 1, 2)), rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(convolution.kernel, before[0])
    assert normalisation.momentum == 0.99


def test_accuracy_in_training_mode_changes_nothing(pictures: Pictures) -> None:
    """Measuring in training mode leaves the moving statistics as they were."""
    model = tiny()
    before = model.get_weights()
    assert 0 <= accuracy(model, pictures.x, pictures.y, training=True) <= 1
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_redrawn_kernels_differ() -> None:
    """Layers of equal shape start with kernels of their own, the same for the same seed."""
    image = keras.Input((4,))
    layers = [keras.layers.Dense(4, kernel_initializer=keras.initializers.GlorotUniform(seed=0)) for _ in range(2)]
    model = keras.Model(image, layers[1](layers[0](image)))
    assert np.array_equal(layers[0].kernel, layers[1].kernel)
    redraw(model, 3)
    first = [np.asarray(layer.kernel) for layer in layers]
    assert not np.array_equal(first[0], first[1])
    redraw(model, 3)
    assert np.array_equal(first[0], layers[0].kernel)


def test_the_bar_estimates_the_time_that_is_left() -> None:
    """After a quarter of the steps three times as long is left; finished epochs of earlier runs do not count."""
    clock = itertools.count(step=10.0)
    bar = Bar(steps=4, done=2, epochs=4, clock=lambda: next(clock))
    bar.step += 2
    assert bar.text({"accuracy": 0.5}) == "epoch 3 of 4, step 2 of 4, accuracy 0.50, about 30 s left"
