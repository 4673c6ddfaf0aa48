"""Figures of pictures, trainings and networks; each is a small function that may be read.

Colours: Okabe and Ito, "Color Universal Design" (2008), always with different markers or words as well.
"""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.lesson.recorded import recorded_runs
from autograder.lesson.training import Run

ORANGE, BLUE, GREEN = "#D55E00", "#0072B2", "#009E73"


def new_figure(width: float, height: float, rows: int = 1, columns: int = 1) -> tuple[Figure, np.ndarray]:
    """Return a white figure, which can be read on a dark page as well, and its axes, shape (rows, columns)."""
    return plt.subplots(rows, columns, figsize=(width, height), facecolor="white", squeeze=False, layout="constrained")


def show_pictures(pictures: np.ndarray, labels: Sequence[int], classes: Sequence[str], each: int = 2) -> None:
    """Show a few pictures of each class.

    Args:
        pictures: uint8, shape (pictures, height, width, 3).
        labels: the class of each picture.
        classes: what each label stands for.
        each: how many of each class.
    """
    _, axes = new_figure(1.3 * len(classes), 1.5 * each, each, len(classes))
    for label, name in enumerate(classes):
        found = np.flatnonzero(np.asarray(labels) == label)[:each]
        for row, index in enumerate(found):
            axes[row, label].imshow(pictures[index])
            axes[row, label].set_title(f"class {name}", fontsize=9)
    for one in axes.flat:
        one.axis("off")


def show_curves(run: Run) -> None:
    """Show loss and accuracy of each epoch, on the training and on the test pictures."""
    _, axes = new_figure(9, 3.4, 1, 2)
    epochs = range(1, run.epochs + 1)
    for one, key, label in zip(axes[0], ("loss", "accuracy"), ("loss (cross-entropy)", "accuracy"), strict=True):
        one.plot(epochs, run.curves[key], "o-", color=ORANGE, markersize=5, label="training pictures, in training mode")
        one.plot(epochs, run.curves[f"test_{key}"], "s-", color=BLUE, markersize=5, label="test pictures, in inference")
        one.set(xlabel="epoch", ylabel=label)
        one.grid(alpha=0.4)
    axes[0, 1].set_ylim(0, 1.02)
    axes[0, 0].legend(fontsize=8)


def show_confusion(right: np.ndarray, said: np.ndarray, classes: Sequence[str]) -> None:
    """Show how often pictures of each class were taken for each class.

    Args:
        right: the class of each picture.
        said: the class that the network names.
        classes: what each label stands for.
    """
    counts = np.zeros((len(classes), len(classes)), int)
    np.add.at(counts, (right, said), 1)
    _, axes = new_figure(4.6, 4)
    image = axes[0, 0].imshow(counts, cmap="cividis")
    for (row, column), count in np.ndenumerate(counts):
        colour = "black" if count > counts.max() / 2 else "white"
        axes[0, 0].text(column, row, count, ha="center", va="center", color=colour)
    ticks = range(len(classes))
    axes[0, 0].set(xticks=ticks, yticks=ticks, xticklabels=classes, yticklabels=classes)
    axes[0, 0].set(xlabel="class that the network names", ylabel="right class")
    plt.colorbar(image, label="pictures", ticks=MaxNLocator(integer=True))


def show_answers(pictures: np.ndarray, right: Sequence[int], probabilities: np.ndarray, classes: Sequence[str]) -> None:
    """Show pictures, and below each the probabilities that the network gives the classes.

    Args:
        pictures: uint8, shape (pictures, height, width, 3).
        right: the class of each picture, or -1 where it is not known.
        probabilities: shape (pictures, classes).
        classes: what each label stands for.
    """
    _, axes = new_figure(max(2.0 * len(pictures), 3.2), 3.4, 2, len(pictures))
    for column, (picture, label, row) in enumerate(zip(pictures, right, probabilities, strict=True)):
        best = int(row.argmax())
        axes[0, column].imshow(picture)
        known = f", right is {classes[label]}" if label >= 0 else ""
        axes[0, column].set_title(f"{classes[best]} ({row[best]:.2f}){known}", fontsize=9)
        axes[0, column].axis("off")
        bars = axes[1, column].bar(range(len(classes)), row, color=BLUE)
        bars[best].set(color=ORANGE, hatch="//", edgecolor="black")
        axes[1, column].set(xticks=range(len(classes)), xticklabels=classes, ylim=(0, 1), xlabel="class")
    axes[1, 0].set_ylabel("probability")


def show_feature_maps(maps: dict[str, np.ndarray], each: int = 8) -> None:
    """Show the first channels of some tensors of a network, brighter where the values are larger.

    Args:
        maps: what a row shows to a tensor, shape (height, width, channels).
        each: how many channels of each.
    """
    _, axes = new_figure(1.15 * each, 1.3 * len(maps), len(maps), each)
    for row, (name, tensor) in zip(axes, maps.items(), strict=True):
        for channel, one in enumerate(row):
            _bare(one)
            if channel < tensor.shape[-1]:
                one.imshow(tensor[..., channel], cmap="cividis")
        row[0].set_ylabel(f"{name}\n{'×'.join(map(str, tensor.shape))}", fontsize=8)


def _bare(axes: Axes) -> None:
    """Take away ticks and frame, but not the label."""
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_visible(False)


def stage_maps(model: Any, picture: np.ndarray) -> dict[str, np.ndarray]:
    """Return what a ResNet-50 makes of one picture behind its stem and behind each stage.

    Args:
        model: a network whose layers have the names of assignment 05.
        picture: values from 0 to 1, shape (height, width, channels).

    Returns:
        The part's name to a tensor, shape (height, width, channels).
    """
    import keras

    ends = {
        "stem": "res2a_branch2a",
        "stage 2": "res3a_branch2a",
        "stage 3": "res4a_branch2a",
        "stage 4": "res5a_branch2a",
    }
    tensors = [model.get_layer(reader).input for reader in ends.values()]
    pooling = next(layer for layer in model.layers if isinstance(layer, keras.layers.AveragePooling2D))
    ends["stage 5"] = pooling.name
    made = keras.Model(model.inputs, [*tensors, pooling.input])([picture[np.newaxis]], training=False)
    return {name: np.asarray(tensor)[0] for name, tensor in zip(ends, made, strict=True)}


def show_recorded() -> None:
    """Show what more epochs bring: test accuracy by epoch of every recorded training."""
    _, axes = new_figure(9, 3.8, 1, 2)
    axes[0, 0].set_title("with moving statistics", loc="left", fontsize=10)
    axes[0, 1].set_title("with statistics of all training pictures", loc="left", fontsize=10)
    markers = iter("osD^vPX*")
    for run in recorded_runs().values():
        colour = GREEN if not run["redrawn"] else BLUE if run["parameters"] < 5e6 else ORANGE
        what = f"{run['parameters'] / 1e6:.1f} million weights, seed {run['seed']}" + (
            "" if run["redrawn"] else ", as built"
        )
        style = f"{next(markers)}-"
        curve = run["curves"]["test_accuracy"]
        axes[0, 0].plot(range(1, len(curve) + 1), curve, style, color=colour, markersize=5, label=what)
        axes[0, 1].plot(
            list(map(int, run["renewed"])), list(run["renewed"].values()), style, color=colour, markersize=5
        )
    for one in axes[0]:
        one.set(xlabel="epoch", ylabel="accuracy on the test pictures", ylim=(0, 1.02))
        one.grid(alpha=0.4)
    axes[0, 0].legend(fontsize=8)


def recorded_table() -> str:
    """Return the recorded trainings as a table: accuracy on the test pictures after some epochs."""
    lines = [f"{'network':44}{'epochs':>7}{'training':>10}{'test':>8}{'renewed':>9}"]
    for run in recorded_runs().values():
        how = "kernels redrawn" if run["redrawn"] else "kernels as built"
        what = f"{run['parameters']:,} weights, seed {run['seed']}, {how}"
        for epoch, renewed in run["renewed"].items():
            seen, test = (run["curves"][key][int(epoch) - 1] for key in ("accuracy", "test_accuracy"))
            lines.append(f"{what:44}{epoch:>7}{seen:10.3f}{test:8.3f}{renewed:9.3f}")
            what = ""
    return "\n".join(lines)
