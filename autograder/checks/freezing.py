"""The exercise `freeze_batchnorm` of assignment 04: what of a model is frozen, and what the model does then."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.checks.calls import Asked
from autograder.checks.compare import same_items
from autograder.checks.residual_blocks import FORWARD
from autograder.model import Case, Check, Exercise, Nearest, Value


def draw_freeze(seed: int) -> tuple[Case, ...]:
    """Draw a model without a model inside, and one with models inside models; the widths of all layers differ."""
    random = np.random.RandomState(seed)
    widths = [int(width) for width in random.permutation([3, 4, 5, 6, 7])]
    return tuple(
        Case(f"case {number + 1}", int(random.randint(2**31 - 1)), {"widths": tuple(widths[: depth + 1])})
        for number, depth in enumerate((1, 3))
    )


def nested_model(widths: Sequence[int]) -> Any:
    """Build a model with two batch normalisations and a model inside, which is built likewise, and so on.

    Args:
        widths: numbers of features: of the input, then of each level, from the outermost inwards.

    Returns:
        The model. On every other level a dense layer is frozen from the beginning. The names of layers say nothing of
        what they are: some batch normalisations are called after what they do, and some other layers contain "bn".
    """
    import keras
    from keras.layers import BatchNormalization, Dense, LayerNormalization

    features, width, *inner = widths
    odd = len(inner) % 2 == 1
    x = keras.Input((features,))
    X = Dense(width, name=f"before_bn_{width}", trainable=odd)(x)
    X = BatchNormalization(name=f"standardise_{width}")(X)
    if inner:
        X = nested_model([width, *inner])(X)
    X = LayerNormalization(name=f"layer_norm_{width}")(X)
    X = Dense(features, name=f"after_bn_{width}")(X)
    X = BatchNormalization(name=f"bn_{width}")(X)
    return keras.Model(x, X, name=f"level_of_width_{width}")


def probe_freeze(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe what of a model is frozen, and what the model does in training mode."""
    from autograder.checks import network

    with network.fresh_keras():
        network.new_session()
        given = network.Network.of(nested_model(case["widths"]))
        network.perturb(given, case.seed)
        changed = subject.giving_back(0)
        model = network.Network.of(changed(given))
        states = [
            (type(place.layer).__name__ == "BatchNormalization", f"{place.layer.name}: {_state(place.layer)}")
            for place in model.places
        ]
        yield "batch_normalisations", tuple(sorted(state for is_bn, state in states if is_bn))
        yield "other_layers", tuple(sorted(state for is_bn, state in states if not is_bn))
        x = network.normal(case.seed, (5, case["widths"][0]))
        network.perturb(model, case.seed)
        yield "training", network.run(model, x, training=True)
        yield "moving_statistics", network.moving_statistics(model)


def _state(layer: Any) -> str:
    return "trainable" if layer.trainable else "frozen"


FROZEN, OTHERS = ("batch_normalisations",), ("other_layers",)

FREEZE_BATCHNORM = Exercise(
    name="freeze_batchnorm",
    reference="solutions.batchnorm:freeze_batchnorm",
    probe=probe_freeze,
    draw=draw_freeze,
    tried=lambda case: f"a model with {len(case['widths']) - 2} model(s) inside it, one within the other",
    checks=(
        Check(
            "freeze_batchnorm-all",
            "Every batch normalisation is frozen, also those of models inside the model.",
            1,
            ("batch_normalisations",),
            same_items,
            "A model's layers may be models, which have layers in turn. Names do not tell what a layer is.",
        ),
        Check(
            "freeze_batchnorm-nothing-else",
            "All other layers are as they were: trainable if they were, frozen if they were.",
            1,
            ("other_layers",),
            same_items,
            "Which layers does your function set to trainable or not trainable besides the batch normalisations?",
        ),
        Check(
            "freeze_batchnorm-training-mode",
            "In training mode the model computes with the moving statistics, and leaves them as they are.",
            1,
            ("training", "moving_statistics"),
            FORWARD,
            "Only `trainable` on the batch normalisation itself changes what it does in training mode.",
        ),
    ),
    nearest=(
        Nearest("Every batch normalisation is frozen; what is wrong is what became of other layers.", right=FROZEN),
        Nearest("Other layers are as they were; what is wrong is what became of batch normalisations.", right=OTHERS),
    ),
)
