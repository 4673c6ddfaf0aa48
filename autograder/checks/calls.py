"""The student's function, used from afar: a call and its answer are text, and nothing else crosses.

`answer` runs beside the student's code. `Asked` stands for the function where the probe runs: a process that no code of
a student's ever runs in. In a notebook both run in one process, in the same way, so that both places judge alike.
"""

import contextlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.checks.editions import refuse_other_editions
from autograder.checks.fault import SubjectFault, describe
from autograder.checks.limit import TimeUp
from autograder.checks.packing import pack, parts_of, unpack

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
    except (KeyboardInterrupt, TimeUp):  # what the user or the clock stops is no answer
        raise
    except BaseException as error:
        return refused(describe(error))


def refused(described: tuple[str, str, str]) -> str:
    """Return the answer of a subject that raised, or never came to answer."""
    return json.dumps({"raised": list(described)})


def _answered(subject: Callable[..., Any], call: Mapping[str, Any]) -> dict[str, Any]:
    if "keras" not in sys.modules or any(True for _ in parts_of(call, ("array", "model"))):
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
    inputs = [_input(one) for one in parts_of(call, ("input",))]
    given = list(inputs)
    beside = globals_of(subject)
    refuse_other_editions(subject, call.get("edition"))
    with _stand_ins(subject, call.get("stand_ins", {})):
        args = unpack(call["args"], given, beside)
        for one in args:
            _give_values(one)
        result = subject(*args, **unpack(call["kwargs"], given, beside))
    if "giving_back" in call:
        result = args[call["giving_back"]]
    if inputs:
        import keras

        from autograder.checks import graph, keras_parts

        if any(map(keras_parts.is_tensor, keras.tree.flatten(result))):
            return {"graph": graph.dump(result, inputs, pack)}
    return {"value": pack(result)}


def globals_of(subject: Callable[..., Any]) -> dict[str, Any]:
    """Return the names beside a function, which may be decorated; none of an object that is no function."""
    try:
        found = getattr(inspect.unwrap(subject), "__globals__", {})
    except ValueError:  # it leads back to itself
        return {}
    return found if type(found) is dict else {}


def _give_values(argument: Any) -> None:
    """Let a model have its weights before a student's code reads or changes them."""
    if type(argument).__name__ == "Functional":
        from autograder.checks.keras_session import give_values

        give_values(argument.variables)


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
    from autograder.checks.keras_session import fresh_keras, new_session

    with fresh_keras():
        new_session()
        yield


class Asked:
    """Stands for a student's function in a probe.

    Args:
        ask: brings a call to where the function is, and its answer back.
        lend: gives the layers of the models that it makes, see `rebuild.load`.
        more: how it is used: `stand_ins`, functions that are replaced while it runs, see `stand_in.standing_in`;
            `giving_back`, the number of the argument that is the result; `edition`, see `editions.EDITIONS`.
    """

    def __init__(self, ask: Ask, lend: Callable[..., Any] | None = None, **more: Any) -> None:
        """Keep the way to the function."""
        self._ask, self._lend, self._more = ask, lend, more

    def with_stand_ins(self, **signatures: Mapping[str, Any] | str) -> "Asked":
        """Return the same function with stand-ins for functions that it calls by name."""
        return self._with(stand_ins=signatures)

    def giving_back(self, number: int) -> "Asked":
        """Return the same function, whose result is what became of one of its positional arguments."""
        return self._with(giving_back=number)

    def of_edition(self, edition: str) -> "Asked":
        """Return the same function, which is refused in one sentence if its signature is another edition's."""
        return self._with(edition=edition)

    def _with(self, **more: Any) -> "Asked":
        return Asked(self._ask, self._lend, **{**self._more, **more})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Use the function from afar.

        Raises:
            SubjectRaised: what the function raised.
            SubjectFault: if the answer is none.
        """
        tensors: list[Any] = []
        call = json.dumps({"args": pack(list(args), tensors), "kwargs": pack(kwargs, tensors), **self._more})
        try:
            answered = json.loads(self._ask(call))
            kind, content = next(iter(answered.items()))
            if kind == "raised":
                kind_of_error, message, line = map(str, content)
            elif kind == "value":
                return unpack(content, [])
            elif kind == "graph" and tensors:
                from autograder.checks import rebuild

                return rebuild.load(content, tensors, lambda written: unpack(written, []), self._lend)
            else:
                raise ValueError(kind)
        except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
            raise SubjectFault(f"the answer of the function cannot be read: {error}") from error
        raise SubjectRaised((kind_of_error, message, line))
