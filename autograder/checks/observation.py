"""Observations as bytes: the only thing that leaves the place where a student's code runs.

JSON and nothing else: reading it back cannot run code, and a recorded result can be reviewed line by line.
An array is written as {"dtype", "shape", "data"} with the shortest digits that give the same number again.
"""

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.model import Observation, Value

MAX_BYTES = 20_000_000
"""An observation of a whole ResNet-50 at 64x64 takes well under 1 MB; what is larger was not made by a probe."""

LARGEST_KEPT = 500_000
"""Bytes of an observation that is kept; those of a student's function may be as many as are allowed."""

DTYPES = ("bool", "int32", "int64", "float32", "float64")


NUMPY_NUMBERS = tuple(np.dtype(name).type for name in DTYPES)


class BadObservation(ValueError):
    """Bytes that are not an observation."""


def dumps(observation: Observation) -> bytes:
    """Write an observation.

    Args:
        observation: field names to arrays, numbers, strings or tuples of numbers and strings.

    Returns:
        UTF-8 bytes.

    Raises:
        BadObservation: if a field holds anything else.
    """
    return joined({name: written(value) for name, value in observation.items()})


def written(value: Value) -> str:
    """Write one field's value.

    Raises:
        BadObservation: if it is no array, number, string or tuple of numbers and strings.
    """
    return json.dumps(plain(value))


def joined(fields: Mapping[str, str]) -> bytes:
    """Make an observation of field names and their values, as `written` writes them."""
    return f"{{{', '.join(f'{json.dumps(name)}: {text}' for name, text in fields.items())}}}".encode()


def loads(data: bytes) -> dict[str, Value]:
    """Read an observation from bytes that nobody vouches for.

    Raises:
        BadObservation: if the bytes are too many, not JSON, or not of the form that `dumps` writes.
    """
    if len(data) > MAX_BYTES:
        raise BadObservation(f"an observation of {len(data):,} bytes, {MAX_BYTES:,} are allowed")
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadObservation(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise BadObservation("not an object of fields")
    return {name: _value(value) for name, value in fields.items()}


def read(data: bytes) -> Observation:
    """Do what `loads` does, once for what several checks read one after another; nobody may change what it returns."""
    return _kept(data) if len(data) <= LARGEST_KEPT else loads(data)


_kept = lru_cache(64)(loads)


def plain(value: Value) -> Any:
    """Return a field's value as JSON holds it.

    Raises:
        BadObservation: if it is no array, number, string or tuple of numbers and strings.
    """
    # Exact types only: a student's subclass may lie about everything, its own class included.
    if type(value) is np.ndarray:
        if value.dtype.name not in DTYPES:
            raise BadObservation(f"an array of {value.dtype.name}")
        return {"dtype": value.dtype.name, "shape": list(value.shape), "data": _shortest(value)}
    if type(value) in NUMPY_NUMBERS:
        return value.item()
    if type(value) in (bool, int, float, str) or value is None:
        return value
    if type(value) is tuple:
        return [_scalar(item) for item in value]
    raise BadObservation(f"a value of type {type(value).__name__}")


def _shortest(array: np.ndarray) -> list[Any]:
    flat = array.reshape(-1)
    if array.dtype == np.float32:  # 1.5164889 instead of 1.5164889097213745
        flat = flat.astype("U32").astype(np.float64)
    items: list[Any] = flat.tolist()
    return items


def _scalar(item: Any) -> Any:
    if type(item) in (bool, int, float, str) or item is None:
        return item
    raise BadObservation(f"a tuple that holds {type(item).__name__}")


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(_scalar(item) for item in value)
    if isinstance(value, Mapping):
        return read_array(value)
    return _scalar(value)


def read_array(value: Mapping[str, Any]) -> np.ndarray:
    """Read an array.

    Raises:
        BadObservation: if it is none that `plain` wrote.
    """
    dtype, shape, data = (value.get(key) for key in ("dtype", "shape", "data"))
    if dtype not in DTYPES or not isinstance(shape, list) or not isinstance(data, list):
        raise BadObservation("an array without dtype, shape and data")
    if not all(type(side) is int and side >= 0 for side in shape) or math.prod(shape) != len(data):
        raise BadObservation(f"an array of shape {shape} with {len(data)} numbers")
    if not {*map(type, data)} <= {bool, int, float}:
        raise BadObservation("an array that holds something other than numbers")
    try:
        return np.array(data, dtype=dtype).reshape(shape)
    except (OverflowError, ValueError) as error:
        raise BadObservation(str(error)) from None
