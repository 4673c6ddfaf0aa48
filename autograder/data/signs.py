"""Pictures of hand signs that a user owns: the two HDF5 files of the original task, or folders of picture files.

Neither may be passed on with this course, so they are looked for in `data/signs/`, see `data/README.md`.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from autograder.data.own import read_pixels, squared
from autograder.data.picture_set import CLASSES, SIDE, SPLIT_SEED, PictureSet
from autograder.errors import DataError

FILES = {"train": "train_signs.h5", "test": "test_signs.h5"}
"""Part to file of the original task."""

PICTURE_FILES = (".jpg", ".jpeg", ".png")

TEST_SHARE = 10
"""One picture in so many is tested with, as in the original task."""

SERIES = 10
"""Pictures that one person's series has in the Sign Language Digits set: one of each digit from 0 to 9."""


def load_signs(folder: Path) -> PictureSet:
    """Return the signs that lie in a folder.

    Args:
        folder: holds `train_signs.h5` and `test_signs.h5`, or folders `0`, `1`, ... `5` of picture files.

    Raises:
        DataError: if there are neither, or if they are damaged or of another form.
    """
    if any((folder / name).exists() for name in FILES.values()):
        return _from_hdf5(folder)
    if (folder / "0").is_dir():
        return _from_folders(folder)
    raise DataError(
        f"{folder} holds neither {' and '.join(FILES.values())} nor folders 0, 1, ... {CLASSES - 1} of pictures."
    )


def _from_hdf5(folder: Path) -> PictureSet:
    parts = {part: _read_hdf5(folder / name, part) for part, name in FILES.items()}
    about = (
        "The signs of the original task, split as its authors did. Whose hands these are is not recorded: the same "
        "person may be on both sides of the split, and the accuracy for a stranger's hand may be lower."
    )
    classes = tuple(map(str, parts["train"]["classes"]))
    test_classes = tuple(map(str, parts["test"]["classes"]))
    if classes != test_classes:
        raise DataError(f"The two files of signs have different classes: {classes} and {test_classes}.")
    return PictureSet(
        "signs",
        about,
        classes,
        *(parts[part][what] for part in ("train", "test") for what in ("pictures", "labels")),
    )


def _read_hdf5(path: Path, part: str) -> Mapping[str, np.ndarray]:
    """Read one of the two files.

    Raises:
        DataError: if it is missing, damaged or of another form; the message names the file and the entry.
    """
    import h5py

    if not path.is_file():
        raise DataError(
            f"{path} is missing: the signs of the original task are two files, {' and '.join(FILES.values())}."
        )
    keys = {"pictures": f"{part}_set_x", "labels": f"{part}_set_y", "classes": "list_classes"}
    try:
        with h5py.File(path, "r") as file:
            missing = [key for key in keys.values() if key not in file]
            if missing:
                raise DataError(f"{path.name} has no entry {', '.join(missing)}; it has: {', '.join(file) or 'none'}.")
            found = {what: np.asarray(file[key][()]) for what, key in keys.items()}
    except (OSError, RuntimeError, TypeError) as error:
        raise DataError(f"{path.name} cannot be read as HDF5: it is damaged or another file ({error}).") from error
    pictures, labels, classes = found["pictures"], found["labels"].reshape(-1), found["classes"].reshape(-1)
    if pictures.shape[1:] != (SIDE, SIDE, 3) or pictures.dtype != np.uint8:
        raise DataError(
            f"{path.name}: {keys['pictures']} is {pictures.dtype} of shape {pictures.shape}, expected uint8 of shape "
            f"(pictures, {SIDE}, {SIDE}, 3)."
        )
    if len(labels) != len(pictures) or not np.isin(labels, np.arange(len(classes))).all():
        raise DataError(
            f"{path.name}: {keys['labels']} holds {len(labels)} labels {sorted(set(labels.tolist()))} for "
            f"{len(pictures)} pictures in {len(classes)} classes."
        )
    return {"pictures": pictures, "labels": labels.astype(np.int64), "classes": classes}


def _from_folders(folder: Path) -> PictureSet:
    files, labels = _list_files(folder)
    starts = series_starts(files, labels)
    if starts is None:
        train, test = _at_random(labels)
        about = (
            "Your own pictures, split at random: their names say nothing of whose hands these are, so the same person "
            "may be on both sides, and the accuracy for a stranger's hand may be lower."
        )
    else:
        train, test = split_by_series(starts)
        about = (
            "Sign Language Digits (students of the Turkey Ankara Ayranci Anadolu High School, Apache-2.0), the signs 0 "
            f"to {CLASSES - 1}. Each person was photographed in one series of consecutive numbers, so pictures "
            "with high numbers are tested with, and those next to the border are left out: as far as the numbers tell, "
            "nobody is on both sides."
        )
    pictures = np.stack([squared(read_pixels(file)) for file in files])
    names = tuple(str(label) for label in range(CLASSES))
    return PictureSet("signs", about, names, pictures[train], labels[train], pictures[test], labels[test])


def _list_files(folder: Path) -> tuple[list[Path], np.ndarray]:
    """List the picture files of each class's folder, in the order of their names.

    Raises:
        DataError: if a folder is missing or holds fewer than two pictures.
    """
    files: list[Path] = []
    labels: list[int] = []
    for label in range(CLASSES):
        there = folder / str(label)
        found = sorted(file for file in there.glob("*") if file.suffix.lower() in PICTURE_FILES)
        if len(found) < 2:
            raise DataError(
                f"{there} holds {len(found)} pictures ({', '.join(PICTURE_FILES)}); two or more are needed."
            )
        files += found
        labels += [label] * len(found)
    return files, np.array(labels, np.int64)


def series_starts(files: list[Path], labels: np.ndarray) -> np.ndarray | None:
    """Return for each picture the camera's number of the first picture of its person's series.

    In the Sign Language Digits set the pictures IMG_1118 to IMG_1127 are one person's signs 0 to 9, so that number
    minus digit is the same for all ten.

    Args:
        files: such as `3/IMG_1121.JPG`.
        labels: the digit of each.

    Returns:
        One number per picture, or None if a name has no number or the numbers are not unique, as when somebody else
        named the files.
    """
    numbers = [re.fullmatch(r"IMG_(\d+)", file.stem) for file in files]
    found = [int(number[1]) for number in numbers if number]
    if len(found) < len(files) or len(set(found)) < len(found):
        return None
    starts: np.ndarray = np.array(found) - labels
    return starts


def split_by_series(starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split pictures so that nobody's series is on both sides, see `series_starts`.

    Args:
        starts: where each picture's series starts.

    Returns:
        The indices of the pictures to learn from and to test with; those whose series starts less than two series
        away from the border are in neither, should somebody's be counted a little differently.
    """
    border = np.sort(starts)[-max(1, len(starts) // TEST_SHARE)]
    random = np.random.RandomState(SPLIT_SEED)
    train, test = np.flatnonzero(starts <= border - 2 * SERIES), np.flatnonzero(starts >= border)
    if not len(train):
        raise DataError("The numbers of the pictures are too close to one another to keep persons apart.")
    return random.permutation(train), random.permutation(test)


def _at_random(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw one picture in ten of each class, at least one, to test with."""
    random = np.random.RandomState(SPLIT_SEED)
    shuffled = [random.permutation(np.flatnonzero(labels == label)) for label in range(CLASSES)]
    counts = [max(1, len(one) // TEST_SHARE) for one in shuffled]
    test = np.concatenate([one[:count] for one, count in zip(shuffled, counts, strict=True)])
    train = np.concatenate([one[count:] for one, count in zip(shuffled, counts, strict=True)])
    return random.permutation(train), random.permutation(test)
