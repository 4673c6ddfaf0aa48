"""A layer that another student's model was made of computes as a new one does."""

import importlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import keras
import pytest

from autograder.checks import layer_pool, network
from autograder.checks import observation as codec
from autograder.checks.calls import Asked, answer
from autograder.checks.engine import observe, observe_from_afar
from autograder.checks.keras_session import give_values
from autograder.checks.registry import find_assignment

pytestmark = pytest.mark.tensorflow

L = keras.layers


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Let each test begin and end without layers."""
    layer_pool._kept.clear()
    yield
    layer_pool._kept.clear()


def test_what_is_observed_does_not_hang_on_who_was_before() -> None:
    """Observations with other names and sizes leave layers that the next ones use."""
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


def built(subject: Callable[..., Any], *shape: int) -> tuple[layer_pool.Loan, network.Network]:
    """Return what a function that is used from afar builds, and what was borrowed for it."""
    loan = layer_pool.Loan()
    asked = Asked(lambda call: answer(subject, call), loan.layer)
    return loan, network.build(asked, shape)


def test_a_layer_is_lent_to_one_at_a_time() -> None:
    """Two equal layers of one model are two layers, and so are those of a second model before the first is done."""

    def twice(X: object) -> object:
        return L.ReLU(name="second")(L.ReLU(name="first")(X))

    with network.fresh_keras():
        loan, model = built(twice, 4, 4, 3)
        _, other = built(twice, 8, 8, 3)
        used = {id(step.operation) for one in (model, other) for step in one.steps[1:]}
        assert len(used) == 4
        loan.give_back()
        _, again = built(twice, 5, 5, 3)
    assert {id(step.operation) for step in again.steps[1:]} < used
    assert [step.operation.name for step in again.steps[1:]] == ["first", "second"]
    assert all(len(step.operation._inbound_nodes) == 1 for step in again.steps[1:])


@pytest.mark.parametrize("change", ["trainable", "values"])
def test_a_changed_layer_is_not_lent_again(change: str) -> None:
    """What a probe did to a layer does not reach the next student."""
    with network.fresh_keras():
        loan, model = built(lambda X: L.Conv2D(2, 3, kernel_initializer="ones")(X), 4, 4, 3)
        layer = model.places[0].layer
        if change == "trainable":
            layer.trainable = False
        else:
            give_values(layer.variables)
        loan.give_back()
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
        {"class": "Add", "module": "keras.src.ops.numpy", "name": "a", "config": {"name": "a"}},
        {"class": "Dense", "config": {"name": "a", "kernel_initializer": {"config": {"seed": None}}}},
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

    assert key("a", None, 4, 4, 3) == key("b", None, None, None, 3)
    assert len({key("a", None, 4, 4, 3), key("a", 2, 4, 4, 3), key("a", None, 4, 4, 2), key("a", None, 4, 3)}) == 4
    assert "filters" in json.loads(key("a", None, 4, 4, 3))[1]


def test_the_order_of_settings_is_kept_apart() -> None:
    """What a stand-in was given is told in its order, so a layer whose settings came in another one is another."""
    given = {"name": "a", "function": "f", "arguments": {"s": 1, "filters": 2}}
    turned = {**given, "arguments": {"filters": 2, "s": 1}}
    tensors = [keras.KerasTensor((None, 4, 4, 3))]
    keys = {layer_pool.key_of({"class": "StandIn", "config": config}, tensors) for config in (given, turned)}
    assert len(keys) == 2
    assert None not in keys


def test_a_forged_answer_does_not_reach_the_next_student() -> None:
    """Stand-ins that somebody answered with their arguments turned round are not those of whoever comes next."""
    exercise = next(one for one in find_assignment("07_atrous").exercises if one.name == "stack_blocks_dense")
    right, case = importlib.import_module("solutions.atrous").stack_blocks_dense, exercise.draw(0)[0]

    def forged(call: str) -> str:
        answered = json.loads(answer(right, call))
        for layer in answered.get("graph", {"layers": []})["layers"]:
            if layer["class"] == "StandIn":
                layer["config"]["arguments"] = dict(reversed(layer["config"]["arguments"].items()))
        return json.dumps(answered)

    alone = observe(exercise.probe, right, case)
    layer_pool._kept.clear()
    assert observe_from_afar(exercise.probe, forged, case) != alone
    assert layer_pool._kept
    assert observe(exercise.probe, right, case) == alone


def test_a_sum_that_is_no_layer_is_no_fault() -> None:
    """An operation that is called as a layer is, here Add, is made anew, and the layers beside it come back."""
    exercise = find_assignment("03_residual_blocks").exercises[0]

    def block(X: Any, f: int, filters: list[int], stage: int, block: str) -> Any:
        return L.Activation("relu")(L.BatchNormalization()(X) + X)

    for _ in range(2):
        fields = codec.loads(observe(exercise.probe, block, exercise.draw(0)[0]))
        assert "shape_of_another_size" in fields
        assert "raised" not in fields
    assert {json.loads(key)[0] for key in layer_pool._kept} == {"Activation", "BatchNormalization"}


def test_draws_without_a_seed_are_drawn_anew() -> None:
    """An initializer without a seed gives one observation other numbers than the next."""
    exercise = find_assignment("03_residual_blocks").exercises[0]

    def block(X: Any, f: int, filters: list[int], stage: int, block: str) -> Any:
        return L.Conv2D(2, 3)(X)

    seen = [observe(exercise.probe, block, exercise.draw(0)[0]) for _ in range(3)]
    assert len(set(seen)) == 3


def test_what_breaks_off_leaves_nothing() -> None:
    """Layers that were borrowed by an observation that came to no end are gone, with their keys."""

    def block(X: Any) -> Any:
        return L.ReLU(name="a")(X)

    with network.fresh_keras():
        loan, _ = built(block, 3)
        loan.give_back()
        assert len(layer_pool._kept) == 1
        built(block, 3)
    assert not layer_pool._kept


def test_a_model_of_too_many_layers_displaces_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the chain that is answered, what others left stays."""
    monkeypatch.setattr(layer_pool, "MOST_LAYERS", 2)

    def chain(X: Any) -> Any:
        for number in range(3):
            X = L.ReLU(max_value=number + 2, name=f"a{number}")(X)
        return X

    with network.fresh_keras():
        for subject in (L.ReLU(name="a"), chain):
            loan, _ = built(subject, 3)
            loan.give_back()
    assert [json.loads(key)[1]["max_value"] for key in layer_pool._kept] == [None]


def test_few_layers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many different layers come, those of the latest stay."""
    monkeypatch.setattr(layer_pool, "MOST_LAYERS", 20)
    with network.fresh_keras():
        for number in range(25):
            loan, _ = built(lambda X, limit=number + 1: L.ReLU(limit, name="a")(X), 3)
            loan.give_back()
    limits = [json.loads(key)[1]["max_value"] for key in layer_pool._kept]
    assert limits == list(range(6, 26))
