"""What may stand where a student's function should, and what the student is told of it."""

import contextlib
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from tests.checks.toy import reference


def raising(error: BaseException | type[BaseException]) -> Callable[[Any], None]:
    """Return a function that raises."""

    def double(n: Any) -> None:
        raise error

    return double


class Unreadable(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class Endless(BaseException):
    def __str__(self) -> str:
        return "never\nmind " * 10_000


class Text(str):
    """A text that lies about its length and its parts."""

    def __len__(self) -> int:
        return -1

    def __getitem__(self, key: object) -> Any:
        raise RuntimeError

    def split(self, *_: object) -> Any:
        raise RuntimeError


class OddText(Exception):
    def __str__(self) -> str:
        return Text("odd")


class NoTrace(Exception):
    @property
    def __traceback__(self) -> Any:  # type: ignore[override]  # a plain attribute elsewhere
        raise RuntimeError


class Namesake(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]  # a plain attribute elsewhere
        raise RuntimeError


class Nameless(Exception, metaclass=Namesake):
    pass


class Liar:
    """Says of itself that it equals everything, and that it is a Keras tensor of the right shape."""

    shape, dtype, __array__ = (None, 8, 8, 6), "float32", None
    _keras_history = ()

    @property
    def __class__(self) -> Any:
        return keras.KerasTensor

    @__class__.setter
    def __class__(self, value: Any) -> None:
        pass

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]  # as Python does it


class CallableLiar(Liar):
    def __call__(self, *_: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        return self


def endless(n: Any) -> None:
    """Return never."""
    while True:
        pass


def stubborn(n: Any) -> None:
    """Return never, and catch what can be caught."""
    while True:
        with contextlib.suppress(Exception):
            n = -n


TOY_SUBJECTS: dict[str, tuple[object, str]] = {
    "no function": (3, "double is not a function but an object of type int"),
    "a lying object": (Liar(), "double is not a function but an object of type Liar"),
    "a lying function": (CallableLiar(), "an object of type CallableLiar, which cannot be judged"),
    "fewer arguments": (lambda: 1, "double takes other arguments than in the notebook"),
    "more arguments": (lambda n, m: 1, "double takes other arguments than in the notebook"),
    "endless": (endless, "double came to no end within 0.5 seconds, in line"),
    "stubborn": (stubborn, "double came to no end within 0.5 seconds, in line"),
    "none": (lambda n: None, "at n: the results differ"),
    "list": (lambda n: [n], "an object of type list, which cannot be judged"),
    "array": (lambda n: np.array([n]), "at n: the results differ"),
    "array of objects": (lambda n: np.array([Liar()], object), "an object of type ndarray, which cannot be judged"),
    "text": (lambda n: "2", "at n: the results differ"),
    "generator": (lambda n: (yield n), "an object of type generator, which cannot be judged"),
    "function": (lambda n: reference, "an object of type function, which cannot be judged"),
    "class": (lambda n: Liar, "an object of type type, which cannot be judged"),
    "liar": (lambda n: Liar(), "an object of type Liar, which cannot be judged"),
    "model": (lambda n: keras.Sequential(), "the model is of type Sequential, whose layers cannot be seen"),
    "base exception": (raising(Endless), "double raised Endless in line"),
    "exit": (raising(SystemExit), "double raised SystemExit"),
    "generator exit": (raising(GeneratorExit), "double raised GeneratorExit"),
    "stop iteration": (raising(StopIteration), "double raised StopIteration"),
    "unreadable": (raising(Unreadable()), "its message cannot be read"),
    "odd text": (raising(OddText()), "double raised OddText in line"),
    "no traceback": (raising(NoTrace()), "double raised "),
    "no name": (raising(Nameless()), "double raised Nameless in line"),
    "exception group": (raising(BaseExceptionGroup("two", [KeyError(), SystemExit()])), "raised BaseExceptionGroup"),
    "not implemented": (raising(NotImplementedError("not yet")), "double raised NotImplementedError in line"),
}


BLOCKS: dict[str, tuple[Callable[..., Any], str]] = {
    "none": (lambda *_: None, "the function returned None where a Keras tensor is expected: is a line"),
    "array": (lambda *_: np.ones((2, 3)), "the function returned an object of type ndarray where a Keras tensor"),
    "list": (lambda X, *_: [X, X], "the function returned a list of 2 where one tensor is expected"),
    "model": (lambda X, *_: keras.Model(X, X), "the function returned an object of type Functional where a Keras"),
    "layer": (lambda X, *_: keras.layers.Add(), "the function returned an object of type Add where a Keras tensor"),
    "liar": (lambda X, *_: Liar(), "the function returned an object of type Liar where a Keras tensor is expected"),
    "liar beside a tensor": (lambda X, *_: [Liar(), X], "an object of type Liar stands where a tensor"),
    "other input": (lambda X, *_: keras.Input((8, 8, 6)), "the function makes an Input of its own"),
    "text": (lambda X, *_: "X", "the function returned an object of type str where a Keras tensor is expected"),
}
