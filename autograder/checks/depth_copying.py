"""What is observed of `copy_weights`: two models that agree in part, before and after."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checks.calls import Asked
from autograder.checks.fault import SubjectFault, kind_of
from autograder.model import Case, Value

KINDS = {
    "kernels": ("kernel",),
    "biases": ("bias",),
    "gamma_and_beta": ("gamma", "beta"),
    "moving_statistics": ("moving_mean", "moving_variance"),
}
"""Field of an observation to the names of the weights in it."""


def probe_copying(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe the weights of target and source after the copying, and the report."""
    from autograder.checks import network

    with network.fresh_keras():
        source, target = (_network(case[one], case["channels"]) for one in ("source", "target"))
        network.perturb(source, case.seed)
        network.perturb(target, case.seed + 1)
        after = _weights(subject.giving_back(1)(source, target))
        for field, kinds in KINDS.items():
            yield f"{field}_of_partners", _joined(after, case["fitting"], kinds)
        others = [name for _, name, _ in case["target"] if name not in case["fitting"]]
        every = sum(KINDS.values(), ())
        yield "weights_of_layers_that_do_not_fit", _joined(after, others, every)
        kept, unused = _report(subject(source, target))
        yield "kept", kept
        yield "unused", unused

        if case["look_at_source"]:  # making models anew for each call is most of the work
            source = subject.giving_back(0)(source, target)
        yield "weights_of_source", _joined(_weights(source), [name for _, name, _ in case["source"]], every)


def _network(layers: Sequence[tuple[str, str, Mapping[str, Any]]], channels: int) -> Any:
    """Build a network of layers, given by class, name and settings, one behind another."""
    import keras

    from autograder.checks import network

    def chain(x: Any) -> Any:
        for kind, name, settings in layers:
            x = getattr(keras.layers, kind)(name=name, **settings)(x)
        return x

    return network.build(chain, (6, 6, channels))


def _weights(returned: Any) -> dict[tuple[str, str], np.ndarray]:
    """Return the values of a model's weights by the names of layer and weight."""
    from autograder.checks import network
    from autograder.checks.depth_probes import as_model

    found = returned if isinstance(returned, network.Network) else network.Network.of(as_model(returned))
    return {
        (place.layer.name, weight.name): found.values[id(weight)]
        for place in found.places
        for weight in place.layer.weights
    }


def _joined(weights: Mapping[tuple[str, str], np.ndarray], names: Sequence[str], kinds: Sequence[str]) -> np.ndarray:
    """Return the numbers of some layers' weights of some kinds, one behind another."""
    keys = [(name, kind) for name in names for kind in kinds if (name, kind) in weights]
    return np.concatenate([weights[key].reshape(-1) for key in keys] or [np.zeros(0, np.float32)])


def _report(returned: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the two lists of names that the function returned.

    Raises:
        SubjectFault: if it returned something else.
    """
    right = isinstance(returned, (list, tuple)) and len(returned) == 2
    if not right or not all(isinstance(part, (list, tuple)) for part in returned):
        kind = "None" if returned is None else f"an object of type {kind_of(returned)}"
        raise SubjectFault(f"the function returned {kind} where two lists of names are expected, kept and unused")
    kept, unused = (tuple(map(str, part)) for part in returned)
    return kept, unused
