"""Training that shows how far it is, can be stopped at any moment, and goes on where it was.

Importing this module imports TensorFlow.
"""

import hashlib
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from autograder.lesson.bar import Bar

FOLDER = Path("runs")
"""Where runs are kept, below the notebook's folder."""

CURVES = ("loss", "accuracy", "test_loss", "test_accuracy", "seconds")
"""What is kept of each epoch; the losses and accuracies of the training pictures are means over the epoch."""


@dataclass
class Run:
    """What a training did so far.

    Args:
        curves: for each name of `CURVES` one number per epoch.
    """

    curves: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in CURVES})

    @property
    def epochs(self) -> int:
        """How many epochs are finished."""
        return len(self.curves["loss"])


@dataclass(frozen=True)
class Pictures:
    """What is learned from and what is tested with.

    Args:
        x: pictures, values from 0 to 1, shape (pictures, height, width, channels).
        y: one row per picture, 1 at its class, shape (pictures, classes).
        test_x: as `x`; the network never learns from these.
        test_y: as `y`.
    """

    x: np.ndarray
    y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray


def redraw(model: keras.Model, seed: int) -> None:
    """Give every kernel its own draw of glorot_uniform; with one seed for all, layers of equal shape start equal.

    Args:
        model: changed in place.
        seed: another one gives another start.
    """
    kernels = [layer.kernel for layer in model.layers if hasattr(layer, "kernel")]
    for number, kernel in enumerate(kernels):
        kernel.assign(keras.initializers.GlorotUniform(seed=1000 * seed + number)(tuple(kernel.shape)))


def train(
    model: keras.Model,
    pictures: Pictures,
    epochs: int,
    name: str,
    seed: int = 0,
    batch: int = 32,
    learning_rate: float = 1e-3,
    folder: Path = FOLDER,
    each_epoch: Callable[[int], None] | None = None,
) -> Run:
    """Train a network until it has seen every picture so many times, or go on with a training of the same name.

    After each epoch weights, the optimizer's state and the curves are kept in one file, so that a run which was stopped
    (the button with the square, or the computer) goes on with the next epoch, in the order of pictures that it would
    have had.

    Args:
        model: changed in place; its first weights are used if there is nothing to go on with.
        pictures: what to learn from and what to test with after each epoch.
        epochs: how many altogether, those of earlier calls included.
        name: of the run; it belongs to the network's layers and to the other arguments.
        seed: gives the order of the pictures in each epoch.
        batch: how many pictures make one step.
        learning_rate: of Adam.
        folder: where runs are kept.
        each_epoch: is called with the number of finished epochs after each one.

    Returns:
        The curves of all epochs so far.
    """
    keras.utils.set_random_seed(seed)
    model.compile(keras.optimizers.Adam(learning_rate), loss="categorical_crossentropy", metrics=["accuracy"])
    settings = [len(pictures.x), len(pictures.test_x), seed, batch, learning_rate]
    file = folder / f"{name}-{fingerprint(model, settings)}.npz"
    run = _read(file, model) or Run()
    if run.epochs:
        print(f"Going on with {file}: {run.epochs} of {max(epochs, run.epochs)} epochs are done.")
    steps = -(-len(pictures.x) // batch)
    bar = Bar(steps, run.epochs, epochs)
    try:
        while run.epochs < epochs:
            _one_epoch(model, pictures, run, seed, batch, bar)
            _write(file, model, run)
            if each_epoch:
                each_epoch(run.epochs)
    except KeyboardInterrupt:
        finished = _read(file, model)
        run = finished or run
        what = f"the weights are those after epoch {run.epochs}" if finished else "nothing is kept"
        print(f"Stopped in epoch {run.epochs + 1}; {what}. Run the cell again to go on.")
    bar.finish(run.curves)
    return run


def renew_statistics(model: keras.Model, x: np.ndarray, batch: int = 120) -> None:
    """Set the moving statistics of every batch normalisation to the mean over all pictures; nothing is learned.

    Args:
        model: changed in place, but for what it learned.
        x: pictures, values from 0 to 1, shape (pictures, height, width, channels).
        batch: how many pictures go through the network at a time.
    """
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in layers]
    try:
        for number in range(len(x) // batch):
            for layer in layers:
                layer.momentum = number / (number + 1)  # the mean of this batch and of all before it
            model(x[number * batch : (number + 1) * batch], training=True)
    finally:
        for layer, momentum in zip(layers, momenta, strict=True):
            layer.momentum = momentum


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray, training: bool = False) -> float:
    """Return the share of pictures whose most probable class is the right one.

    Args:
        model: takes pictures, returns probabilities.
        x: pictures, values from 0 to 1.
        y: one row per picture, 1 at its class.
        training: whether batch normalisation uses the statistics of these pictures instead of its moving ones; the
            moving ones are left as they were.
    """
    kept = model.get_weights()
    said = np.asarray(model(x, training=training))
    if training:
        model.set_weights(kept)
    return float(np.mean(said.argmax(axis=1) == y.argmax(axis=1)))


def _one_epoch(model: keras.Model, pictures: Pictures, run: Run, seed: int, batch: int, bar: Bar) -> None:
    start = time.perf_counter()
    order = np.random.RandomState(1000 * seed + run.epochs).permutation(len(pictures.x))
    fitted = model.fit(
        pictures.x[order], pictures.y[order], batch, epochs=1, shuffle=False, verbose=0, callbacks=[bar.watch()]
    )
    tested = model.evaluate(pictures.test_x, pictures.test_y, batch, verbose=0, return_dict=True)
    seconds = time.perf_counter() - start
    numbers = [*(fitted.history[key][0] for key in CURVES[:2]), tested["loss"], tested["accuracy"], seconds]
    for key, number in zip(CURVES, numbers, strict=True):
        run.curves[key].append(float(number))


def fingerprint(model: keras.Model, settings: list[Any]) -> str:
    """Return a few letters that differ between networks of different layers, and between different settings."""
    layers = [[type(layer).__name__, *(list(weight.shape) for weight in layer.weights)] for layer in model.layers]
    return hashlib.sha256(json.dumps([layers, settings]).encode()).hexdigest()[:8]


def _write(file: Path, model: keras.Model, run: Run) -> None:
    """Keep a run; the old file is replaced only by a complete one."""
    arrays = {f"weight {i}": weight for i, weight in enumerate(model.get_weights())}
    arrays |= {f"optimizer {i}": np.asarray(variable) for i, variable in enumerate(model.optimizer.variables)}
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part.npz")
    np.savez(unfinished, curves=np.array(json.dumps(run.curves)), allow_pickle=False, **arrays)
    unfinished.replace(file)


def _read(file: Path, model: keras.Model) -> Run | None:
    """Give a model what was kept of a run; None if there is nothing, or nothing that can be read."""
    if not file.is_file():
        return None
    try:
        with file.open("rb") as opened, np.load(opened) as kept:
            arrays = dict(kept)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    model.optimizer.build(model.trainable_variables)
    model.set_weights([arrays[f"weight {i}"] for i in range(len(model.get_weights()))])
    for i, variable in enumerate(model.optimizer.variables):
        variable.assign(arrays[f"optimizer {i}"])
    return Run(json.loads(str(arrays["curves"])))
