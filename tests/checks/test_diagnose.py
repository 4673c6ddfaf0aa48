"""A mistake is named where its trace is left and no other's; else what is said is certain."""

import random
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import observation as codec
from autograder.checks.diagnose import VARIES, Known, diagnosed, name_mistakes, same, together, traces_of
from autograder.checks.engine import CANARY
from autograder.model import RAISED, Case, Exercise, Nearest, Observation

RIGHT: Observation = {
    "layers": ("conv", "bn"),
    "settings": ("bn: epsilon 0.001", "conv: seed 0"),
    "values": np.arange(12, dtype=np.float32).reshape(3, 4),
    "gradient": np.ones(5, np.float32),
    "shape": (2, 3),
}

EXERCISE = Exercise(
    "block",
    "none",
    lambda subject, case: iter(()),
    lambda seed: (Case("case 1", seed),),
    str,
    (),
    (Nearest("Only the gradient is wrong.", among=("gradient",)), Nearest("The layers are right.", right=("layers",))),
)


def wrong(**fields: Any) -> Observation:
    """Change fields of the right observation."""
    return {**RIGHT, **fields}


def known(name: str, **fields: Any) -> Known:
    """Make a mistake that is known by what it changes."""
    return Known(name, f"It is {name}.", f"hint {name}", f"where {name}", traces_of([RIGHT], [wrong(**fields)]))


KNOWN = (
    known("values-off", values=RIGHT["values"] + 1),
    known("gradient-off", gradient=-RIGHT["gradient"]),
    known("layer-gone", layers=("conv",), settings=("conv: seed 0",)),
    known("layer-doubled", layers=("conv", "conv", "bn")),
    known("breaks", **{RAISED: ("ValueError", "no keras_tensor_3 of 0x7f00", "line 1")}),
)


def said(**fields: Any) -> dict[str, str]:
    """Diagnose an answer with these fields."""
    return diagnosed(EXERCISE, [RIGHT], [codec.dumps(wrong(**fields))], KNOWN)


@given(noise=st.floats(-1e-6, 1e-6), scale=st.floats(1e-3, 1e3))
@settings(max_examples=50)
def test_rounding_leaves_no_trace(noise: float, scale: float) -> None:
    """An array that differs in its last digits is the same one."""
    right = {"x": (np.linspace(-1, 1, 60) * scale).astype(np.float32)}
    seen = {"x": right["x"] * np.float32(1 + noise)}
    assert traces_of([right], [seen]) == ({},)


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.name)
def test_each_mistake_is_named_by_its_trace(one: Known) -> None:
    """What leaves the trace of one mistake and of no other is that mistake."""
    assert name_mistakes(one.traces, KNOWN) == (one,)


def test_two_mistakes_are_named_as_a_pair() -> None:
    """Fields that only one of them changes, and items of lists, tell which two they are."""
    both = said(values=RIGHT["values"] + 1, gradient=-RIGHT["gradient"])
    assert both["mistake"] == "values-off + gradient-off"
    assert both["named"] == "It is values-off. It is gradient-off."
    assert said(layers=("conv", "conv"), settings=("conv: seed 0",))["mistake"] == "layer-gone + layer-doubled"


def test_what_two_mistakes_share_is_not_enough() -> None:
    """Two mistakes that both change all that differs are no pair: any two would do."""
    one, other = known("a", values=RIGHT["values"] + 1), known("b", values=RIGHT["values"] + 2)
    assert together(one.traces, other.traces) is None


def test_two_mistakes_alike_are_not_guessed() -> None:
    """If the trace is that of several, none is named."""
    twin = known("twin", values=RIGHT["values"] + 1)
    assert name_mistakes(twin.traces, (*KNOWN, twin)) == ()


def test_names_that_keras_counts_do_not_matter() -> None:
    """The same exception is known by its words, whatever Keras called its tensors this time."""
    again = said(**{RAISED: ("ValueError", "no keras_tensor_71 of 0x12ab", "line 9")})
    assert again["mistake"] == "breaks"
    other = said(**{RAISED: ("ValueError", "no shape (3, 4)", "line 9")})
    assert "mistake" not in other


def test_a_field_that_varies_is_any_other() -> None:
    """An answer that draws without a seed differs each time; how does not matter."""
    one = {"values": VARIES}
    assert same([one], traces_of([RIGHT], [wrong(values=RIGHT["values"] * random.Random(1).random())]))
    assert not same([one], [{}])


def test_an_unknown_answer_gets_the_first_statement_that_holds() -> None:
    """Where no mistake fits, what is said follows from the fields that differ."""
    assert said(gradient=3 * RIGHT["gradient"]) == {"hint": "Only the gradient is wrong."}
    assert said(values=RIGHT["values"] * 7) == {"hint": "The layers are right."}
    assert said(layers=(), values=RIGHT["values"] * 7) == {}
    assert said() == {}


def test_settings_are_told_as_what_they_are() -> None:
    """Another epsilon is called that, whatever it is."""
    hint = said(settings=("bn: epsilon 0.5", "conv: seed 0"), values=RIGHT["values"] * 7)["hint"]
    assert re.search(r"Expected: bn: epsilon 0.001. Yours: bn: epsilon 0.5", hint)


def test_order_counts() -> None:
    """The same items in another order are another answer."""
    assert traces_of([RIGHT], [wrong(shape=(3, 2))]) != ({},)


def test_with_other_random_numbers_nothing_is_said() -> None:
    """A TensorFlow that draws other numbers makes right answers look wrong."""
    right = {CANARY: np.zeros(2, np.float32), **RIGHT}
    seen = {**right, CANARY: np.ones(2, np.float32), "gradient": -RIGHT["gradient"]}
    assert diagnosed(EXERCISE, [right], [codec.dumps(seen)], KNOWN) == {}


def test_what_cannot_be_read_is_not_named() -> None:
    """Bytes that are no observation say nothing."""
    assert diagnosed(EXERCISE, [RIGHT], [b"["], KNOWN) == {}


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_numbers_that_are_none_are_a_trace(odd: float) -> None:
    """An array with a nan is no right answer, and the same one is recognised."""
    broken = np.where(RIGHT["values"] > 3, odd, RIGHT["values"]).astype(np.float32)
    trace = traces_of([RIGHT], [wrong(values=broken)])
    assert trace != ({},)
    assert same(trace, traces_of([RIGHT], [wrong(values=broken)]))
