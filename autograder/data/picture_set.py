"""What every loader returns: pictures of 64x64x3 with labels, split into those to learn from and those to test with."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.errors import DataError

SIDE = 64
"""Pixels; the side of a picture, as in the original task of six signs."""

CLASSES = 6

TRAIN_EACH, TEST_EACH = 180, 20
"""Pictures of each class: 1080 to learn from and 120 to test with, as in the original task."""

SPLIT_SEED = 0
"""What the split into the two parts is drawn from."""


@dataclass(frozen=True)
class PictureSet:
    """Pictures with labels.

    Args:
        name: a short word.
        about: whose pictures these are, and what is known of the split, as sentences for the reader.
        classes: what each label stands for.
        train_pictures: integers from 0 to 255, uint8, shape (pictures, 64, 64, 3).
        train_labels: integers from 0 to classes - 1, int64, shape (pictures,).
        test_pictures: as `train_pictures`.
        test_labels: as `train_labels`.
    """

    name: str
    about: str
    classes: tuple[str, ...]
    train_pictures: np.ndarray
    train_labels: np.ndarray
    test_pictures: np.ndarray
    test_labels: np.ndarray

    def __str__(self) -> str:
        """Say which data these are, how many, and what is known of them."""
        height, width, channels = self.train_pictures.shape[1:]
        return (
            f"{self.name}: {len(self.train_pictures)} pictures to learn from and {len(self.test_pictures)} to test "
            f"with, each {height}×{width}×{channels}, in {len(self.classes)} classes "
            f"({', '.join(self.classes)}).\n{self.about}"
        )


def split(labels: np.ndarray, train_each: int, test_each: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw from each class the pictures to learn from and those to test with; no picture is in both.

    Args:
        labels: the class of each picture, shape (pictures,).
        train_each: how many of each class to learn from.
        test_each: how many of each class to test with.

    Returns:
        The indices of the first ones and of the second ones, each in an order that mixes the classes.

    Raises:
        DataError: if a class has too few pictures.
    """
    random = np.random.RandomState(SPLIT_SEED)
    train, test = [], []
    for label in np.unique(labels):
        found = random.permutation(np.flatnonzero(labels == label))
        if len(found) < train_each + test_each:
            raise DataError(
                f"Class {label} has {len(found)} pictures; {train_each} to learn from and {test_each} to test with "
                "are asked for."
            )
        train.append(found[:train_each])
        test.append(found[train_each : train_each + test_each])
    return random.permutation(np.concatenate(train)), random.permutation(np.concatenate(test))


def chosen(
    name: str, about: str, classes: Sequence[str], pictures: np.ndarray, labels: np.ndarray, each: tuple[int, int]
) -> PictureSet:
    """Make a set by drawing so many pictures of each class, see `split`."""
    train, test = split(labels, *each)
    return PictureSet(name, about, tuple(classes), pictures[train], labels[train], pictures[test], labels[test])
