"""Arguments and results as JSON: what of a call crosses to a student's function, and what comes back."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checks import observation as codec
from autograder.checks.fault import Foreign, SubjectFault


@dataclass(frozen=True)
class ByName:
    """An argument that is found beside the student's function: a function, or what it makes of arguments.

    Args:
        name: a name among the globals of the student's function; stand-ins count.
        args: what it is called with; None if it is itself the argument.
    """

    name: str
    args: Sequence[Any] | None = None


def pack(value: Any, tensors: list[Any] | None = None) -> Any:
    """Write a value as JSON holds it; a Keras tensor among arguments becomes the description of an input."""
    if type(value) is list or isinstance(value, tuple):  # a named tuple crosses as what it holds
        return {"list" if type(value) is list else "tuple": [pack(item, tensors) for item in value]}
    if type(value) is dict and all(type(key) is str for key in value):
        return {"dict": {key: pack(item, tensors) for key, item in value.items()}}
    if tensors is not None and type(value).__name__ == "KerasTensor":
        tensors.append(value)
        return {"input": {"shape": list(value.shape), "dtype": value.dtype}}
    if type(value) in (bool, int, float, str) or value is None:
        return value
    if "keras" in sys.modules and (model := _model(value)):
        return {"model": model}
    if tensors is not None and type(value) is ByName:
        return {"by_name": [value.name, None if value.args is None else pack(list(value.args), tensors)]}
    if type(value) is slice:
        return {"slice": [pack(part) for part in (value.start, value.stop, value.step)]}
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

    return graph.dump_model(model, pack, values)


def _as_array(value: Any) -> Any:
    """Return the numbers of a tensor; everything else as it is."""
    if type(value).__module__.startswith(("tensorflow.", "keras.")) and hasattr(value, "numpy"):
        return np.asarray(value)
    return value


def unpack(written: Any, inputs: list[Any], beside: Mapping[str, Any] | None = None) -> Any:
    """Read what `pack` wrote; inputs are used up in order, names are looked up in `beside`."""
    if not isinstance(written, dict):
        if type(written) in (bool, int, float, str) or written is None:
            return written
        raise ValueError("no value")
    kind, content = next(iter(written.items()))
    if kind in ("list", "tuple"):
        items = [unpack(item, inputs, beside) for item in content]
        return items if kind == "list" else tuple(items)
    if kind == "dict":
        return {str(key): unpack(item, inputs, beside) for key, item in content.items()}
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

        return rebuild.load_model(content, lambda written: unpack(written, []))
    if kind == "slice":
        return slice(*(unpack(part, []) for part in content))
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
    return beside[name] if args is None else beside[name](*unpack(args, inputs, beside))


def parts_of(written: Any, kinds: Sequence[str]) -> Iterator[Any]:
    """Yield what was written of some kinds, in the order in which it is unpacked."""
    if isinstance(written, dict):
        for kind, content in written.items():
            if kind in kinds:
                yield content
            else:
                yield from parts_of(list(content.values()) if kind == "dict" else content, kinds)
    elif isinstance(written, list):
        for item in written:
            yield from parts_of(item, kinds)
