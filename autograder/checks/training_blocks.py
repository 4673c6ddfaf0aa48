"""The blocks of assignment 04: those of assignment 03 in the training edition, observed as a graph and on arrays.

Cases, tolerances and checks are shared with 03 where both editions agree.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from autograder.checks.calls import Asked
from autograder.checks.compare import CANCELLING, same_items
from autograder.checks.editions import TRAINING
from autograder.checks.engine import CANARY
from autograder.checks.packing import ByName
from autograder.checks.residual_blocks import (
    BLOCK_CHECKS,
    CONVOLUTIONAL_WORDS,
    FORWARD,
    IDENTITY_WORDS,
    LARGER,
    block_checks,
    draw_convolutional,
    draw_identity,
    tried_block,
)
from autograder.model import Case, Check, Exercise, Nearest, Value


def of_training_edition(draw: Callable[[int], tuple[Case, ...]], initializer: str) -> Callable[[int], tuple[Case, ...]]:
    """Make the cases of this edition from those of 03, with an initializer in place of stage and block.

    Args:
        draw: makes the cases of 03.
        initializer: name of an initializer that is not the block's default; the default is tried by leaving it out.
    """

    def drawn(seed: int) -> tuple[Case, ...]:
        return tuple(
            replace(case, values={**_without_names(case), "initializer": initializer, "on_array": number == 0})
            for number, case in enumerate(draw(seed))
        )

    return drawn


def _without_names(case: Case) -> dict[str, Any]:
    return {key: value for key, value in case.values.items() if key not in ("stage", "block")}


def probe_training_block(subject: Asked, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a block in both modes: as initialised, with every weight perturbed, and with its main path silenced.

    On an array Keras draws and keeps all weights, which takes longer than all the rest; so one case does that.
    """
    from autograder.checks import network
    from autograder.checks.variances import shrink_kernels

    asked = subject.of_edition(TRAINING)
    stride = {"s": case["s"]} if "s" in case.values else {}
    drawn = {"initializer": ByName(case["initializer"])}

    def block(X: Any, **arguments: Any) -> Any:
        return network.one_tensor(asked(X, case["f"], list(case["filters"]), **stride, **arguments))

    size = case["height"], case["width"], case["channels"]
    x = network.normal(case.seed, (case["batch"], *size))
    larger = LARGER * x
    with network.fresh_keras():
        yield CANARY, network.canary()
        inference = network.build(lambda X: block(X, training=False, **drawn), size)
        yield from _in_inference(inference, larger, case)

        training = network.build(lambda X: block(X, training=True, **drawn), (None, None, size[-1]))
        yield "called_in_training", network.fixed_training(training)
        if not case["on_array"]:
            yield "initialised_in_training", network.run(training, larger, training=None)
        network.perturb(training, case.seed)
        shrink_kernels(training)
        yield "training", network.run(training, x, training=None)
        network.run(training, x**2, training=None)
        yield "moving_statistics", network.moving_statistics(training)

        if case["on_array"]:  # what is left out has its default
            yield "initialised_in_training", block(larger, **drawn)
            yield "initialised_in_inference", block(larger, training=False)


def _in_inference(model: Any, x: Any, case: Case) -> Iterator[tuple[str, Value]]:
    """Observe a block that was built for inference."""
    from autograder.checks import network
    from autograder.checks.variances import shrink_variances

    yield "layers", network.layers_by_weights(model)
    yield "settings", network.settings_by_role(model)
    yield "called_in_inference", network.fixed_training(model)
    if not case["on_array"]:
        yield "initialised_in_inference", network.run(model, x, training=None)
    network.perturb(model, case.seed)
    shrink_variances(model)
    yield "inference", network.run(model, x, training=None)
    network.perturb(model, case.seed)
    network.silence_main_path(model, case["channels"], case["filters"][2])
    yield "shortcut_alone", network.run(model, x, training=None)


CALLED = ("called_in_inference", "called_in_training")
INITIAL = ("initialised_in_inference", "initialised_in_training")

MODE = Check(
    "mode",
    "Every batch normalisation is told the mode: with training=True it is called so, with training=False as well.",
    1,
    CALLED,
    same_items,
    "Each layer is made with its settings and called on X with training=training. An empty list means that nothing "
    "was said to any of them.",
)

INITIALISED = Check(
    "initialised",
    "As initialised by initializer(seed=0), on an array and on a Keras tensor, the outputs equal the reference's.",
    1,
    INITIAL,
    FORWARD,
    "If the checks above pass, the wiring is right: look at each convolution's initializer, and at whether the block "
    "does without `keras.Input`.",
    needs_same_draws=True,
    rules={"initialised_in_training": CANCELLING},
)

SHARED = {check.name: check for check in BLOCK_CHECKS}

TRAINING_CHECKS = (
    SHARED["layers"],
    MODE,
    replace(SHARED["shortcut"], points=1),
    replace(
        SHARED["inference"],
        sentence="With weights set at random and training=False, the values of the block are right.",
    ),
    replace(
        SHARED["training"],
        sentence="With training=True the values are right, and so are the moving statistics after two batches.",
        fields=("training", "moving_statistics"),
        look_at="If the check of the mode passes, look at the batch normalisations' axis, momentum and epsilon, and at "
        "their places: before the ReLU.",
    ),
    INITIALISED,
)
"""What is judged of a block of this edition."""

NEAREST = (
    Nearest(
        "Layers, mode and wiring are right; only the numbers that the weights start from differ.",
        among=(*INITIAL, "settings"),
    ),
    Nearest(
        "All outputs are right in both modes; only the moving statistics are updated otherwise.",
        among=("moving_statistics", "settings"),
    ),
    Nearest(
        "Every layer is there, and each is called in the mode that it should be called in: what is wrong is what a "
        "layer reads, where a layer stands, or a stride.",
        right=("layers", *CALLED),
    ),
    Nearest("Every layer is there: begin with the check of the mode.", right=("layers",)),
    Nearest("The layers are not the right ones: begin with the check that lists them.", right=CALLED),
)

IDENTITY_BLOCK = Exercise(
    name="identity_block",
    reference="solutions.training_blocks:identity_block",
    probe=probe_training_block,
    draw=of_training_edition(draw_identity, "glorot_uniform"),
    tried=tried_block,
    checks=block_checks(TRAINING_CHECKS, "identity_block", **IDENTITY_WORDS),
    nearest=NEAREST,
)

CONVOLUTIONAL_BLOCK = Exercise(
    name="convolutional_block",
    reference="solutions.training_blocks:convolutional_block",
    probe=probe_training_block,
    draw=of_training_edition(draw_convolutional, "random_uniform"),
    tried=tried_block,
    checks=block_checks(TRAINING_CHECKS, "convolutional_block", **CONVOLUTIONAL_WORDS),
    nearest=NEAREST,
)
