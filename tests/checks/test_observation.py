"""Observations cross as JSON bytes and come back unchanged; anything else is refused."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.checks import observation as codec

SCALARS = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.none())
ARRAYS = npst.arrays(
    st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.bool_]), npst.array_shapes(min_dims=0, max_side=4)
)


@given(st.dictionaries(st.text(), st.one_of(SCALARS, st.lists(SCALARS).map(tuple))))
def test_plain_values_come_back(fields: dict[str, object]) -> None:
    """Numbers, strings and tuples of them survive the bytes."""
    assert codec.loads(codec.dumps(fields)) == fields


@given(ARRAYS)
def test_arrays_come_back(array: np.ndarray) -> None:
    """Arrays survive with type, shape and every bit of every number, nan and infinity included."""
    back = codec.loads(codec.dumps({"a": array}))["a"]
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    np.testing.assert_array_equal(back, array)


class Lying(np.ndarray):
    """A subclass that claims to be equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(2).view(Lying),
        type("Number", (float,), {})(1.0),
        type("Text", (str,), {})("x"),
        np.array([object()]),
        [1, 2],
        {"a": 1},
        (1, (2,)),
    ],
    ids=["array subclass", "float subclass", "str subclass", "objects", "list", "dict", "nested"],
)
def test_other_values_are_refused(value: object) -> None:
    """Only exact plain types cross: a subclass could lie about itself, an object could run code."""
    with pytest.raises(codec.BadObservation):
        codec.dumps({"a": value})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b"[" * 100_000,
        b'{"a": {"dtype": "object", "shape": [1], "data": [1]}}',
        b'{"a": {"dtype": "float32", "shape": [2], "data": [1]}}',
        b'{"a": {"dtype": "float32", "shape": [-1], "data": []}}',
        b'{"a": {"dtype": "float32", "shape": [1], "data": ["x"]}}',
        b'{"a": {"dtype": "int32", "shape": [1], "data": [1e400]}}',
        b'{"a": {"dtype": "int32", "shape": [1], "data": [99999999999999999999]}}',
        b'{"a": {"dtype": ["float32"], "shape": [1], "data": [1]}}',
        b'{"a": [[1]]}',
        json.dumps({"a": "x" * codec.MAX_BYTES}).encode(),
    ],
    ids=lambda data: data[:60].decode(errors="replace"),
)
def test_other_bytes_are_refused(data: bytes) -> None:
    """Bytes that no probe wrote are refused with one exception type."""
    with pytest.raises(codec.BadObservation):
        codec.loads(data)


def test_digits_are_short() -> None:
    """A float32 is recorded with the digits that it has, so that a record can be reviewed."""
    assert b"1.5164889]" in codec.dumps({"a": np.array([1.5164889], np.float32)})
