"""`python -m bench.training`: what more epochs bring, by seed, for the network of assignment 05; hours on two cores.

Each run is written to autograder/lesson/recorded_training.json as soon as it is finished, where the notebook reads it;
a run that is there already is not made again. `python -m bench.training narrow-0` makes one run, again if need be.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from autograder.data import load_mnist
from autograder.lesson.narrow import narrowed
from autograder.lesson.recorded import RECORDED
from autograder.lesson.training import Pictures, accuracy, redraw, renew_statistics, train
from solutions.resnet50 import ResNet50, one_hot


@dataclass(frozen=True)
class Plan:
    """One run.

    Args:
        divisor: of the numbers of filters.
        seed: of the first weights and of the order of the pictures.
        redrawn: whether each kernel has a draw of its own, or all those of the blocks, seed 0.
        epochs: how many.
    """

    divisor: int
    seed: int
    redrawn: bool
    epochs: int


PLANS = {
    **{f"narrow-{seed}": Plan(8, seed, True, 16) for seed in range(3)},
    "narrow-as-built": Plan(8, 0, False, 16),
    "full-0": Plan(1, 0, True, 6),
}
"""Name to run."""

RENEWED_AFTER = (1, 2, 3, 4, 6, 8, 12, 16)
"""Epochs after which the accuracy with renewed moving statistics is measured as well."""


def run(name: str, plan: Plan) -> dict[str, Any]:
    """Train a network by a plan.

    Returns:
        The plan, the curves, and the accuracy with renewed statistics by epoch.
    """
    data = load_mnist()
    classes = len(data.classes)
    pictures = Pictures(
        data.train_pictures.astype("float32") / 255,
        one_hot(data.train_labels, classes),
        data.test_pictures.astype("float32") / 255,
        one_hot(data.test_labels, classes),
    )
    keras.utils.clear_session()
    model = (narrowed(ResNet50, plan.divisor) if plan.divisor > 1 else ResNet50)()
    if plan.redrawn:
        redraw(model, plan.seed)
    renewed = {}

    def measure(epoch: int) -> None:
        if epoch in RENEWED_AFTER:
            kept = model.get_weights()
            renew_statistics(model, pictures.x)
            renewed[epoch] = accuracy(model, pictures.test_x, pictures.test_y)
            model.set_weights(kept)
        print(f"{name}: epoch {epoch} of {plan.epochs}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        done = train(model, pictures, plan.epochs, name, plan.seed, folder=Path(folder), each_epoch=measure)
    curves = {key: [round(number, 4) for number in numbers] for key, numbers in done.curves.items() if key != "seconds"}
    return {
        "parameters": model.count_params(),
        "seed": plan.seed,
        "redrawn": plan.redrawn,
        "pictures": len(pictures.x),
        "curves": curves,
        "renewed": {str(epoch): round(share, 4) for epoch, share in renewed.items()},
    }


def main() -> None:
    """Make the runs that are missing, or those that are named."""
    for name in sys.argv[1:] or PLANS:
        there = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.is_file() else {}
        if name in there and not sys.argv[1:]:
            continue
        there[name] = run(name, PLANS[name])
        text = ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(there.items()))
        RECORDED.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
