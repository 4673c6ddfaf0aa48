"""Signs that a user owns, on small files of the form of the original ones."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from PIL import Image

from autograder.data import load_pictures, load_signs
from autograder.data.choice import find_signs
from autograder.data.signs import series_starts, split_by_series
from autograder.errors import DataError


def write_hdf5(folder: Path, part: str, count: int = 4, **changes: np.ndarray | None) -> Path:
    """Write a file of the original form with a few pictures; entries can be changed, or left out with None."""
    random = np.random.RandomState(0)
    entries: dict[str, np.ndarray | None] = {
        f"{part}_set_x": random.randint(256, size=(count, 64, 64, 3)).astype(np.uint8),
        f"{part}_set_y": np.arange(count) % 6,
        "list_classes": np.arange(6),
    }
    file = folder / f"{part}_signs.h5"
    with h5py.File(file, "w") as opened:
        for key, value in (entries | changes).items():
            if value is not None:
                opened[key] = value
    return file


def write_pictures(folder: Path, people: int, name: str = "IMG_{number}.JPG", first: int = 1118) -> None:
    """Write one small picture of each digit from 0 to 9 for some people, numbered as in Sign Language Digits."""
    for person in range(people):
        for digit in range(10):
            file = folder / str(digit) / name.format(number=first + 10 * person + digit, person=person)
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((10, 10, 3), 12 * person + digit, np.uint8)).save(file, format="PNG")


def test_the_original_files(tmp_path: Path) -> None:
    """Pictures and labels come as they are, and the sentence says that the persons are not known."""
    write_hdf5(tmp_path, "train", 8)
    write_hdf5(tmp_path, "test", 3)
    found = load_signs(tmp_path)
    assert found.train_pictures.shape == (8, 64, 64, 3)
    assert found.test_labels.tolist() == [0, 1, 2]
    assert found.classes == ("0", "1", "2", "3", "4", "5")
    assert "not recorded" in found.about


def test_labels_in_one_row(tmp_path: Path) -> None:
    """Some copies hold the labels as an array of one row."""
    write_hdf5(tmp_path, "train", train_set_y=np.array([[0, 1, 2, 3]]))
    write_hdf5(tmp_path, "test")
    assert load_signs(tmp_path).train_labels.tolist() == [0, 1, 2, 3]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """One of the two files alone is an error."""
    write_hdf5(tmp_path, "train")
    with pytest.raises(DataError, match=r"test_signs\.h5 is missing"):
        load_signs(tmp_path)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """A file that was cut off is no puzzle."""
    file = write_hdf5(tmp_path, "train")
    write_hdf5(tmp_path, "test")
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(DataError, match=r"train_signs\.h5 cannot be read as HDF5"):
        load_signs(tmp_path)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"train_set_x": None}, "has no entry train_set_x; it has: list_classes, train_set_y"),
        ({"train_set_x": np.zeros((4, 32, 32, 3), np.uint8)}, r"is uint8 of shape \(4, 32, 32, 3\), expected"),
        ({"train_set_x": np.zeros((4, 64, 64, 3), np.float32)}, "is float32"),
        ({"train_set_y": np.arange(3)}, "holds 3 labels"),
        ({"train_set_y": np.array([0, 1, 2, 9])}, "labels .*9.* for 4 pictures in 6 classes"),
        ({"list_classes": np.arange(4)}, "different classes"),
    ],
)
def test_a_file_of_another_form_is_described(changes: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    """The error says what was found and what is expected."""
    write_hdf5(tmp_path, "train", **changes)
    write_hdf5(tmp_path, "test")
    with pytest.raises(DataError, match=sentence):
        load_signs(tmp_path)


def test_folders_are_split_by_person(tmp_path: Path) -> None:
    """With numbers as in Sign Language Digits, nobody is on both sides, and only the digits 0 to 5 are taken."""
    write_pictures(tmp_path, people=20)
    found = load_signs(tmp_path)
    learned, tested = (
        {int(picture[0, 0, 0]) // 12 for picture in part} for part in (found.train_pictures, found.test_pictures)
    )
    assert learned == set(range(17))
    assert tested == {18, 19}  # the one between them is left out
    assert np.bincount(found.test_labels).tolist() == [2] * 6
    assert "nobody is on both sides" in found.about


def test_series_are_found_by_number_and_digit() -> None:
    """The ten pictures of a person have one start; without numbers there is none."""
    files = [Path(f"{digit}/IMG_{1118 + 10 * person + digit}.JPG") for person in range(2) for digit in range(6)]
    labels = np.array([*range(6), *range(6)])
    starts = series_starts(files, labels)
    assert starts is not None
    assert starts.tolist() == [1118] * 6 + [1128] * 6
    assert series_starts([*files[:-1], Path("5/hand.jpg")], labels) is None
    assert series_starts([*files[:-1], files[0]], labels) is None


def test_the_border_keeps_a_distance() -> None:
    """Between those who are learned from and those who are tested with lie two series that are left out."""
    starts = np.repeat(np.arange(30) * 10, 6)
    train, test = split_by_series(starts)
    assert starts[test].min() - starts[train].max() >= 20
    assert len(test) >= len(starts) // 10


def test_folders_without_numbers_are_split_at_random(tmp_path: Path) -> None:
    """Where names say nothing of the persons, the sentence says so."""
    write_pictures(tmp_path, people=11, name="hand-{person}.png")
    found = load_signs(tmp_path)
    assert np.bincount(found.test_labels).tolist() == [1] * 6
    assert "the same person may be on both sides" in found.about


def test_a_class_without_pictures_is_named(tmp_path: Path) -> None:
    """A folder that is missing is told before anything is read."""
    write_pictures(tmp_path, people=3)
    for file in (tmp_path / "4").iterdir():
        file.unlink()
    with pytest.raises(DataError, match="4 holds 0 pictures"):
        load_signs(tmp_path)


def test_signs_are_taken_where_they_lie(tmp_path: Path) -> None:
    """From a notebook's folder they are found in data/signs of the folder two levels above; a README is no sign."""
    here = tmp_path / "notebooks" / "05_resnet50"
    here.mkdir(parents=True)
    signs = tmp_path / "data" / "signs"
    signs.mkdir(parents=True)
    (signs / "README.md").write_text("Put them here.", encoding="utf-8")
    assert find_signs(here) is None
    assert load_pictures(here=here).name == "MNIST"
    write_hdf5(signs, "train")
    write_hdf5(signs, "test")
    assert load_pictures(here=here).name == "signs"
    assert load_pictures("mnist", here=here).name == "MNIST"


def test_damaged_signs_are_never_replaced_silently(tmp_path: Path) -> None:
    """Whoever has put files there is told that they are wrong."""
    signs = tmp_path / "data" / "signs"
    signs.mkdir(parents=True)
    (signs / "train_signs.h5").write_bytes(b"damaged")
    with pytest.raises(DataError, match=r"train_signs\.h5 cannot be read"):
        load_pictures(here=tmp_path)
    with pytest.raises(DataError, match="no pictures 'cats'; there are: digits, mnist, signs"):
        load_pictures("cats", here=tmp_path)


def test_a_folder_of_something_else_is_described(tmp_path: Path) -> None:
    """Neither the two files nor the folders: the error says what belongs there."""
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(DataError, match=r"neither train_signs\.h5 and test_signs\.h5 nor folders 0, 1"):
        load_signs(tmp_path)
    with pytest.raises(DataError, match="There is no folder data/signs"):
        load_pictures("signs", here=tmp_path)
