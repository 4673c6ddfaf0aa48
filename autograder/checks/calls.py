"""The student's function, used from afar: a call and its answer are text, and nothing else crosses.

`answer` runs beside the student's code. `Asked` stands for the function where the probe runs: a process that no code of
a student's ever runs in. In a notebook both run in one process, in the same way, so that both places judge alike.
"""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.checks import observation as codec
from autograder.checks.fault import Foreign, SubjectFault, describe

Ask = Callable[[str], str]
"""Takes a call, returns its answer."""


class SubjectRaised(Exception):
    """The student's function raised; `described` is the type, the message and the line."""

    def __init__(self, described: tuple[str, str, str]) -> None:
        """Keep what is known of the exception, which itself stayed where it was raised."""
        super().__init__(*described)
        self.described = described


def answer(subject: Callable[..., Any], call: str) -> str:
    """Use a subject as a call says; whatever it raises becomes the answer.

    Args:
        subject: the student's object.
        call: arguments, as `Asked` writes them.

    Returns:
        {"value": ...}, {"graph": ...} or {"raised": [type, message, line]}, as JSON.
    """
    try:
        with _keras_as_new():
            return json.dumps(_answered(subject, json.loads(call)))
    except (Exception, SystemExit) as error:
        return refused(describe(error))


def refused(described: tuple[str, str, str]) -> str:
    """Return the answer of a subject that raised, or never came to answer."""
    return json.dumps({"raised": list(described)})


def _answered(subject: Callable[..., Any], call: Mapping[str, Any]) -> dict[str, Any]:
    if not any(True for _ in _inputs_of(call)):
        args, kwargs = _unpack(call["args"], []), _unpack(call["kwargs"], [])
        return {"value": _pack(subject(*args, **kwargs))}
    import keras

    try:  # weights are not drawn until they are asked for: an answer names their initializers
        with keras.StatelessScope(initialize_variables=False) as scope:
            found = _graph(subject, call)
            if not scope.state_mapping:
                return found
    except Exception:  # some code needs weights with values: it is run again, and its exception is the one told
        pass
    keras.utils.clear_session(free_memory=False)
    return _graph(subject, call)


def _graph(subject: Callable[..., Any], call: Mapping[str, Any]) -> dict[str, Any]:
    import keras

    from autograder.checks import graph
    from autograder.checks.stand_in import standing_in

    inputs = [keras.Input(batch_shape=tuple(one["shape"]), dtype=one["dtype"]) for one in _inputs_of(call)]
    given = list(inputs)
    args = _unpack(call["args"], given)
    with standing_in(subject, call.get("stand_ins", {})):
        result = subject(*args, **_unpack(call["kwargs"], given))
    if any(isinstance(leaf, keras.KerasTensor) for leaf in keras.tree.flatten(result)):
        return {"graph": graph.dump(result, inputs, _pack)}
    return {"value": _pack(result)}


@contextlib.contextmanager
def _keras_as_new() -> Iterator[None]:
    """Start from Keras's defaults where Keras is in use, whatever a student's code has set."""
    if "keras" not in sys.modules:
        yield
        return
    from autograder.checks import network

    with network.fresh_keras():
        sys.modules["keras"].utils.clear_session(free_memory=False)
        yield


class Asked:
    """Stands for a student's function in a probe.

    Args:
        ask: brings a call to where the function is, and its answer back.
        stand_ins: functions that are replaced while it runs, see `stand_in.standing_in`.
    """

    def __init__(self, ask: Ask, stand_ins: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Keep the way to the function."""
        self._ask, self._stand_ins = ask, stand_ins

    def with_stand_ins(self, **signatures: Mapping[str, Any]) -> "Asked":
        """Return the same function with stand-ins for functions that it calls by name."""
        return Asked(self._ask, signatures)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Use the function from afar.

        Raises:
            SubjectRaised: what the function raised.
            SubjectFault: if the answer is none.
        """
        tensors: list[Any] = []
        written = {"args": _pack(list(args), tensors), "kwargs": _pack(kwargs, tensors)}
        if self._stand_ins is not None:
            written["stand_ins"] = self._stand_ins
        call = json.dumps(written)
        try:
            answered = json.loads(self._ask(call))
            kind, content = next(iter(answered.items()))
            if kind == "raised":
                kind_of_error, message, line = map(str, content)
            elif kind == "value":
                return _unpack(content, [])
            elif kind == "graph" and tensors:
                from autograder.checks import rebuild

                return rebuild.load(content, tensors, lambda written: _unpack(written, []))
            else:
                raise ValueError(kind)
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
            raise SubjectFault(f"the answer of the function cannot be read: {error}") from error
        raise SubjectRaised((kind_of_error, message, line))


def _pack(value: Any, tensors: list[Any] | None = None) -> Any:
    """Write a value as JSON holds it; a Keras tensor among arguments becomes the description of an input."""
    if type(value) in (list, tuple):
        return {type(value).__name__: [_pack(item, tensors) for item in value]}
    if type(value) is dict and all(type(key) is str for key in value):
        return {"dict": {key: _pack(item, tensors) for key, item in value.items()}}
    if tensors is not None and type(value).__name__ == "KerasTensor":
        tensors.append(value)
        return {"input": {"shape": list(value.shape), "dtype": value.dtype}}
    if type(value) in (bool, int, float, str) or value is None:
        return value
    if type(value) is slice:
        return {"slice": [_pack(part) for part in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": None}
    value = _as_array(value)
    try:
        written = codec.plain(value)
        return {"array": written} if isinstance(value, np.ndarray) else written
    except codec.BadObservation:
        return {"object": f"{type(value).__name__}"}


def _as_array(value: Any) -> Any:
    """Return the numbers of a tensor; everything else as it is."""
    if type(value).__module__.startswith(("tensorflow.", "keras.")) and hasattr(value, "numpy"):
        return np.asarray(value)
    return value


def _unpack(written: Any, inputs: list[Any]) -> Any:
    """Read what `_pack` wrote; inputs are used up in order."""
    if not isinstance(written, dict):
        if type(written) in (bool, int, float, str) or written is None:
            return written
        raise ValueError("no value")
    kind, content = next(iter(written.items()))
    if kind in ("list", "tuple"):
        items = [_unpack(item, inputs) for item in content]
        return items if kind == "list" else tuple(items)
    if kind == "dict":
        return {str(key): _unpack(item, inputs) for key, item in content.items()}
    if kind == "input":
        return inputs.pop(0)
    if kind == "array":
        return codec.read_array(content)
    if kind == "slice":
        return slice(*(_unpack(part, []) for part in content))
    if kind == "ellipsis":
        return Ellipsis
    if kind == "object":
        return Foreign(str(content))
    raise ValueError(f"no value of kind {kind!r}")


def _inputs_of(written: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the descriptions of inputs in the order in which they are unpacked."""
    if isinstance(written, dict):
        for kind, content in written.items():
            if kind == "input":
                yield content
            else:
                yield from _inputs_of(content)
    elif isinstance(written, list):
        for item in written:
            yield from _inputs_of(item)
