"""The shortcuts through Keras change nothing that anybody sees: each thing is done without and with them."""

import contextlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import pytest

from autograder.checks.calls import answer
from autograder.checks.engine import observe_from_afar
from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.course.mistakes import UNCHANGED, Variant, load_mistakes, load_styles, make_subject
from autograder.model import Exercise
from autograder.sandbox import shortcuts
from autograder.sandbox.level import Level
from autograder.sandbox.station import Station
from tests.sandbox.test_station import job

pytestmark = pytest.mark.tensorflow

L = keras.layers
COURSE = Course(Path(__file__).parents[2])


@contextlib.contextmanager
def taken() -> Iterator[None]:
    """Take them, and go back."""
    before, functions = keras.Layer.__setattr__, layer_functions()
    shortcuts.set_plain_values_at_once()
    shortcuts.keep_signatures()
    try:
        assert keras.Layer.__setattr__ is not before
        assert sum("__signature__" in vars(one) for one in functions) > 100
        yield
    finally:
        keras.Layer.__setattr__ = before
        for one in functions:
            vars(one).pop("__signature__", None)


def layer_functions() -> list[Any]:
    """Return the functions whose signatures Keras asks for."""
    layers = [kind for kind in vars(L).values() if isinstance(kind, type)]
    found = (vars(kind).get(name) for layer in layers for kind in layer.__mro__ for name in ("__init__", "call"))
    return [function for function in found if inspect.isfunction(function)]


def both_ways(make: Callable[[], Any]) -> tuple[Any, Any]:
    """Do something without the shortcuts and with them."""

    def done() -> Any:
        keras.utils.clear_session(free_memory=False)
        try:
            return make()
        except Exception as error:
            return type(error), str(error)

    without = done()
    with taken():
        return without, done()


class Scaled(keras.Layer):
    """A student's own layer."""

    def __init__(self, factor: Any = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.factor, self.names, self.words = factor, ["a", 1], {"a": None}
        self.inner = L.Dense(2, name="inner")
        self.factor = factor

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Scale."""
        return self.inner(x) * self.factor


class Noted:
    """Notes what is set behind Keras."""

    def __setattr__(self, name: str, value: Any) -> None:
        vars(self).setdefault("noted", []).append(name)
        super().__setattr__(name, value)


class NotedLayer(keras.Layer, Noted):
    """Has a class of its own behind Keras's."""

    size = 3

    def __init__(self) -> None:
        super().__init__()
        self.size, self.steps = 4, 5
        self.steps = 5


class Answering(keras.Layer):
    """Answers for what it does not have."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        self.__dict__.setdefault("asked", []).append(name)

    def __init__(self) -> None:
        super().__init__()
        self.factor, self.size = None, 2


class Hooked(keras.Layer):
    """Changes what is set."""

    def _setattr_hook(self, name: str, value: Any) -> tuple[str, Any]:
        return name, 7 if name == "size" else value

    def __init__(self) -> None:
        super().__init__()
        self.size = 1


LAYERS: dict[str, Callable[[], Any]] = {
    "convolution": lambda: L.Conv2D(3, (3, 2), strides=2, padding="same", kernel_regularizer="l2", activation="relu"),
    "depthwise": lambda: L.DepthwiseConv2D(3, use_bias=False),
    "batch normalisation": lambda: L.BatchNormalization(axis=3, momentum=0.9, name="bn"),
    "frozen": lambda: L.BatchNormalization(trainable=False),
    "activation": lambda: L.Activation("relu"),
    "relu": lambda: L.ReLU(max_value=6.0),
    "pooling": lambda: L.MaxPooling2D((3, 3), strides=(2, 2)),
    "average": lambda: L.GlobalAveragePooling2D(keepdims=True),
    "padding": lambda: L.ZeroPadding2D(((1, 0), (0, 1))),
    "dropout": lambda: L.Dropout(0.5, seed=1),
    "dense": lambda: L.Dense(2, dtype="float16"),
    "flatten": lambda: L.Flatten(),
    "a layer of one's own": lambda: Scaled(3),
    "a class behind": NotedLayer,
    "a class that answers": Answering,
    "a class with a hook": Hooked,
    "sum": lambda: L.Add(),
    "difference": lambda: L.Subtract(),
    "product": lambda: L.Multiply(),
    "maximum": lambda: L.Maximum(),
    "mean": lambda: L.Average(),
    "average pooling": lambda: L.AveragePooling2D((2, 2)),
    "a model": lambda: keras.Sequential([L.Conv2D(2, 1), Scaled()]),
}


WITHOUT_CALL = (NotedLayer, Answering, Hooked)
MERGING = (L.Add, L.Subtract, L.Multiply, L.Maximum, L.Average)


def told(layer: Any) -> dict[str, Any]:
    """Use a layer, and return all that can be seen of it."""
    with keras.StatelessScope(initialize_variables=False):
        x = keras.Input((6, 5, 4))
        output = None if isinstance(layer, WITHOUT_CALL) else layer([x, x] if isinstance(layer, MERGING) else x)
    layer.trainable = not layer.trainable
    plain = {name: value if type(value) in shortcuts.PLAIN else type(value) for name, value in vars(layer).items()}
    return {
        "attributes": plain,
        "kept": {name: vars(layer).get(name) for name in ("noted", "asked")},
        "config": None if isinstance(layer, WITHOUT_CALL) else layer.get_config(),
        "weights": [(one.path, one.shape, one.dtype, one.trainable) for one in layer.weights],
        "sublayers": [one.name for one in layer._flatten_layers()],
        "output": (tuple(output.shape), output.dtype) if output is not None else None,
        "signatures": [str(inspect.signature(one)) for one in (type(layer), layer.call)],
    }


@pytest.mark.parametrize("kind", LAYERS)
def test_a_layer_is_what_it_was(kind: str) -> None:
    """Its attributes, settings, weights, output and signatures are."""
    without, with_them = both_ways(lambda: told(LAYERS[kind]()))
    assert isinstance(without, dict)
    assert with_them == without


@pytest.mark.parametrize("name", ["variables", "input", "name", "path", "dtype", "trainable", "built", "factor"])
@pytest.mark.parametrize("value", [None, 3, "x", 1.5, True])
def test_setting_says_what_it_said(name: str, value: Any) -> None:
    """What a property refuses, it refuses in the same words; what it takes becomes the same."""

    def tried() -> Any:
        layer = Scaled()
        setattr(layer, name, value)
        return getattr(layer, name)

    without, with_them = both_ways(tried)
    assert with_them == without


BLOCKS = [
    (exercise, variant)
    for exercise in find_assignment("03_residual_blocks").exercises
    for variant in (UNCHANGED, *load_styles(COURSE, exercise), *load_mistakes(COURSE, exercise))
]
ONE_IN = 16
"""A sample of so many is compared in the quick run."""


@pytest.mark.parametrize(
    ("exercise", "variant"),
    [
        pytest.param(*pair, id=f"{pair[0].name}-{pair[1].name}", marks=() if n % ONE_IN == 0 else pytest.mark.slow)
        for n, pair in enumerate(BLOCKS)
    ],
)
def test_a_block_answers_the_same(exercise: Exercise, variant: Variant) -> None:
    """Right or wrong, its answers are equal to the last character."""
    case = exercise.draw(5)[0]

    def answers() -> list[str]:
        keras.utils.set_random_seed(0)
        subject, found = make_subject(COURSE, exercise, variant), list[str]()

        def ask(call: str) -> str:
            found.append(answer(subject, call))
            return found[-1]

        observe_from_afar(exercise.probe, ask, case)
        return found

    without, with_them = both_ways(answers)
    assert isinstance(without, list)
    assert with_them == without


@pytest.fixture(scope="module")
def station() -> Iterator[Station]:
    """Return a station whose zygote has taken them."""
    with Station(Level.NONE, fork=True) as started:
        yield started


def test_submissions_take_them(station: Station) -> None:
    """They are taken where submissions run."""
    asked = "import keras\n'__wrapped__' in vars(keras.Layer.__setattr__), vars(keras.layers.Conv2D.__init__)"
    shown = station.run(job(asked)).outputs[1][0]["data"]["text/plain"]
    assert shown.startswith("(True,")
    assert "__signature__" in shown


PROTOCOLS = """
from typing import Protocol, runtime_checkable
@runtime_checkable
class Named(Protocol):
    name: str
    def tell(self): ...
@runtime_checkable
class Sized(Named, Protocol):
    size: int
class One:
    name = "x"
    def tell(self): pass
"""


def test_protocols_are_those_of_python(station: Station) -> None:
    """What an object has now decides, each time, though the members that are asked for are found once."""
    is_sized = "isinstance(one, Sized)"
    uses = f"one = One()\n[{is_sized}, setattr(one, 'size', 3), isinstance(one, Named), {is_sized}]"
    kept = "import sys, typing\nsys.version_info >= (3, 12) or hasattr(typing._get_protocol_attrs, 'cache_info')"
    ran = station.run(job(PROTOCOLS, uses, kept))
    assert [ran.outputs[cell][0]["data"]["text/plain"] for cell in (2, 3)] == ["[False, None, True, True]", "True"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("import keras\nlayer = keras.layers.Dense(2)\nlayer.variables = None", "has no setter"),
        ("import time\ntime.sleep(60)", "no end within"),
        ("1 / 0", "division by zero"),
        ("get_ipython().showtraceback((ValueError, ValueError('odd'), None))", "odd"),
    ],
)
def test_a_traceback_shows_no_code_of_ours(station: Station, cell: str, words: str) -> None:
    """The alarm and the shortcuts through Keras leave no trace."""
    (shown,) = station.run(job(cell)).outputs[1]
    text = "\n".join(shown["traceback"])
    assert words in text
    assert "sandbox" not in text
    assert "limit.py" not in text
