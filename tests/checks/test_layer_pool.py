"""A layer that another student's model was made of computes as a new one does."""

import importlib
import json
from collections.abc import Iterator

import pytest

pytest.importorskip("tensorflow")

import keras

from autograder.checks import layer_pool, network
from autograder.checks.calls import Asked, answer
from autograder.checks.engine import observe
from autograder.checks.keras_session import give_values
from autograder.checks.registry import find_assignment

L = keras.layers


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Let each test begin and end without layers."""
    layer_pool._kept.clear()
    yield
    layer_pool._kept.clear()


def test_what_is_observed_does_not_hang_on_who_was_before() -> None:
    """Blocks of other students, right and wrong, leave layers that observations with other names and sizes use."""
    blocks = importlib.import_module("solutions.blocks")
    for exercise in find_assignment("03_residual_blocks").exercises:
        subject = getattr(blocks, exercise.name)
        cases = [case for seed in range(3) for case in exercise.draw(seed)]
        fresh = []
        for case in cases:
            layer_pool._kept.clear()
            fresh.append(observe(exercise.probe, subject, case))
        assert [observe(exercise.probe, subject, case) for case in cases] == fresh
        kept = sum(map(len, layer_pool._kept.values()))
        assert [observe(exercise.probe, subject, case) for case in cases] == fresh
        assert sum(map(len, layer_pool._kept.values())) == kept  # nothing had to be made


def built(subject: object, *shape: int) -> tuple[Asked, network.Network]:
    """Return a function used from afar, and what it builds."""
    asked = Asked(lambda call: answer(subject, call))  # type: ignore[arg-type]  # a function
    return asked, network.build(lambda X: asked(X), shape)


def test_a_layer_is_lent_to_one_at_a_time() -> None:
    """Two equal layers of one model are two layers, and so are those of a second model before the first is done."""

    def twice(X: object) -> object:
        return L.ReLU(name="second")(L.ReLU(name="first")(X))

    with network.fresh_keras():
        asked, model = built(twice, 4, 4, 3)
        other = network.build(lambda X: asked(X), (8, 8, 3))
        used = {id(step.operation) for one in (model, other) for step in one.steps[1:]}
        assert len(used) == 4
        asked.done()
        _, again = built(twice, 5, 5, 3)
    assert {id(step.operation) for step in again.steps[1:]} < used
    assert [step.operation.name for step in again.steps[1:]] == ["first", "second"]
    assert all(len(step.operation._inbound_nodes) == 1 for step in again.steps[1:])


@pytest.mark.parametrize("change", ["trainable", "values"])
def test_a_changed_layer_is_not_lent_again(change: str) -> None:
    """What a probe did to a layer does not reach the next student."""
    with network.fresh_keras():
        asked, model = built(lambda X: L.Conv2D(2, 3)(X), 4, 4, 3)
        layer = model.places[0].layer
        if change == "trainable":
            layer.trainable = False
        else:
            give_values(layer.variables)
        asked.done()
    assert not layer_pool._kept


@pytest.mark.parametrize(
    "settings",
    [
        {"class": "Conv2D", "config": {"name": "a/b", "filters": 2}},
        {"class": "Conv2D", "config": {"name": "a", "filters": 2}, "weights": [[1.0]]},
        {"class": "Conv2D", "config": {"name": "a", "filters": 2, "data_format": "channels_first"}},
        {"class": "BatchNormalization", "config": {"name": "a", "axis": 1}},
        {"class": "ReLU", "config": {"name": "a", "activity_regularizer": "l2"}},
        {"class": "Dropout", "config": {"name": "a", "rate": 0.5}},
        {"class": "ReLU", "config": {"name": "a", "dtype": "x" * layer_pool.LONGEST_KEY}},
    ],
)
def test_such_layers_are_made_anew(settings: dict[str, object]) -> None:
    """What hangs on more than class, settings and channels, or may not be kept, has no key."""
    assert layer_pool.key_of(settings, [keras.KerasTensor((None, 4, 4, 3))]) is None


def test_keys_tell_channels_and_axes_apart() -> None:
    """The name and the size of the picture do not matter, the channels do."""

    def key(name: str, *shape: int | None) -> str:
        settings = {"class": "Conv2D", "config": {"name": name, "filters": 2, "trainable": True}}
        found = layer_pool.key_of(settings, [keras.KerasTensor(shape)])
        assert found is not None
        return found

    assert key("a", None, 4, 4, 3) == key("b", 2, None, None, 3)
    assert len({key("a", None, 4, 4, 3), key("a", None, 4, 4, 2), key("a", None, 4, 3)}) == 3
    assert "filters" in json.loads(key("a", None, 4, 4, 3))[1]


def test_few_layers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many different layers come, those of the latest stay."""
    monkeypatch.setattr(layer_pool, "MOST_LAYERS", 20)
    with network.fresh_keras():
        for number in range(25):
            asked, _ = built(lambda X, limit=number + 1: L.ReLU(limit, name="a")(X), 3)
            asked.done()
    limits = [json.loads(key)[1]["max_value"] for key in layer_pool._kept]
    assert limits == list(range(6, 26))
