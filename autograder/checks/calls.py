"""The student's function, used from afar: a call and its answer are text, and nothing else crosses.

`answer` runs beside the student's code. `Asked` stands for the function where the probe runs: a process that no code of
a student's ever runs in. In a notebook both run in one process, in the same way, so that both places judge alike.
"""

import contextlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class ByName:
    """An argument that is found beside the student's function: a function, or what it makes of arguments.

    Args:
        name: a name among the globals of the student's function; stand-ins count.
        args: what it is called with; None if it is itself the argument.
    """

    name: str
    args: Sequence[Any] | None = None


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
    if "keras" not in sys.modules or any(True for _ in _found(call, ("array", "model"))):
        return _used(subject, call)
    import keras

    try:  # weights are not drawn until they are asked for: an answer names their initializers
        with keras.StatelessScope(initialize_variables=False) as scope:
            found = _used(subject, call)
            if not scope.state_mapping:
                return found
    except Exception:  # some code needs weights with values: it is run again, and its exception is the one told
        pass
    keras.utils.clear_session(free_memory=False)
    return _used(subject, call)


def _used(subject: Callable[..., Any], call: Mapping[str, Any]) -> dict[str, Any]:
    """Call the subject once; what comes of Keras tensors is written as a graph."""
    inputs = [_input(one) for one in _found(call, ("input",))]
    given = list(inputs)
    beside = getattr(inspect.unwrap(subject), "__globals__", {})
    with _stand_ins(subject, call.get("stand_ins", {})):
        args = _unpack(call["args"], given, beside)
        for one in args:
            _give_values(one)
        result = subject(*args, **_unpack(call["kwargs"], given, beside))
    if "giving_back" in call:
        result = args[call["giving_back"]]
    if inputs:
        import keras

        if any(isinstance(leaf, keras.KerasTensor) for leaf in keras.tree.flatten(result)):
            from autograder.checks import graph

            return {"graph": graph.dump(result, inputs, _pack)}
    return {"value": _pack(result)}


def _give_values(argument: Any) -> None:
    """Let a model have its weights before a student's code reads or changes them."""
    if type(argument).__name__ == "Functional":
        for variable in argument.variables:
            if variable._value is None:
                variable._deferred_initialize()


def _input(described: Mapping[str, Any]) -> Any:
    import keras

    return keras.Input(batch_shape=tuple(described["shape"]), dtype=described["dtype"])


def _stand_ins(
    subject: Callable[..., Any], signatures: Mapping[str, Mapping[str, Any] | str]
) -> contextlib.AbstractContextManager[Any]:
    if not signatures:
        return contextlib.nullcontext()
    from autograder.checks.stand_in import standing_in

    return standing_in(subject, signatures)


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
        more: how it is used: `stand_ins`, functions that are replaced while it runs, see `stand_in.standing_in`;
            `giving_back`, the number of the argument that is the result.
    """

    def __init__(self, ask: Ask, **more: Any) -> None:
        """Keep the way to the function."""
        self._ask, self._more = ask, more

    def with_stand_ins(self, **signatures: Mapping[str, Any] | str) -> "Asked":
        """Return the same function with stand-ins for functions that it calls by name."""
        return Asked(self._ask, **{**self._more, "stand_ins": signatures})

    def giving_back(self, number: int) -> "Asked":
        """Return the same function, whose result is what became of one of its positional arguments."""
        return Asked(self._ask, **{**self._more, "giving_back": number})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Use the function from afar.

        Raises:
            SubjectRaised: what the function raised.
            SubjectFault: if the answer is none.
        """
        tensors: list[Any] = []
        call = json.dumps({"args": _pack(list(args), tensors), "kwargs": _pack(kwargs, tensors), **self._more})
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
    if type(value) is list or isinstance(value, tuple):  # a named tuple crosses as what it holds
        return {"list" if type(value) is list else "tuple": [_pack(item, tensors) for item in value]}
    if type(value) is dict and all(type(key) is str for key in value):
        return {"dict": {key: _pack(item, tensors) for key, item in value.items()}}
    if tensors is not None and type(value).__name__ == "KerasTensor":
        tensors.append(value)
        return {"input": {"shape": list(value.shape), "dtype": value.dtype}}
    if type(value) in (bool, int, float, str) or value is None:
        return value
    if "keras" in sys.modules and (model := _model(value)):
        return {"model": model}
    if tensors is not None and type(value) is ByName:
        return {"by_name": [value.name, None if value.args is None else _pack(list(value.args), tensors)]}
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


def _model(value: Any) -> dict[str, Any] | None:
    """Write a model, or a model with its weights beside it; None if the value is neither."""
    import keras

    network = sys.modules.get("autograder.checks.network")
    if network and type(value) is network.Network:
        model, values = value.model, value.values
    elif isinstance(value, keras.Model):
        model, values = value, None
    else:
        return None
    from autograder.checks import graph

    return graph.dump_model(model, _pack, values)


def _as_array(value: Any) -> Any:
    """Return the numbers of a tensor; everything else as it is."""
    if type(value).__module__.startswith(("tensorflow.", "keras.")) and hasattr(value, "numpy"):
        return np.asarray(value)
    return value


def _unpack(written: Any, inputs: list[Any], beside: Mapping[str, Any] | None = None) -> Any:
    """Read what `_pack` wrote; inputs are used up in order, names are looked up in `beside`."""
    if not isinstance(written, dict):
        if type(written) in (bool, int, float, str) or written is None:
            return written
        raise ValueError("no value")
    kind, content = next(iter(written.items()))
    if kind in ("list", "tuple"):
        items = [_unpack(item, inputs, beside) for item in content]
        return items if kind == "list" else tuple(items)
    if kind == "dict":
        return {str(key): _unpack(item, inputs, beside) for key, item in content.items()}
    if kind == "input":
        return inputs.pop(0)
    if kind == "by_name" and beside is not None:
        return _beside(content, inputs, beside)
    return _unpack_leaf(kind, content)


def _unpack_leaf(kind: str, content: Any) -> Any:
    if kind == "array":
        return codec.read_array(content)
    if kind == "model":
        from autograder.checks import rebuild

        return rebuild.load_model(content, lambda written: _unpack(written, []))
    if kind == "slice":
        return slice(*(_unpack(part, []) for part in content))
    if kind == "ellipsis":
        return Ellipsis
    if kind == "object":
        return Foreign(str(content))
    raise ValueError(f"no value of kind {kind!r}")


def _beside(content: Any, inputs: list[Any], beside: Mapping[str, Any]) -> Any:
    """Find what `ByName` names."""
    name, args = content
    if name not in beside:
        raise SubjectFault(f"{name} is not defined: run the cell that defines it")
    return beside[name] if args is None else beside[name](*_unpack(args, inputs, beside))


def _found(written: Any, kinds: Sequence[str]) -> Iterator[Any]:
    """Yield what was written of some kinds, in the order in which it is unpacked."""
    if isinstance(written, dict):
        for kind, content in written.items():
            if kind in kinds:
                yield content
            else:
                yield from _found(list(content.values()) if kind == "dict" else content, kinds)
    elif isinstance(written, list):
        for item in written:
            yield from _found(item, kinds)
