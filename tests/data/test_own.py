"""A user's own picture file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autograder.data import read_picture
from autograder.errors import DataError


def test_the_middle_is_cut_out(tmp_path: Path) -> None:
    """Of a wide picture the square in its middle is kept, 64 pixels wide."""
    pixels = np.zeros((20, 60, 3), np.uint8)
    pixels[:, 20:40] = 200
    Image.fromarray(pixels).save(tmp_path / "own.png")
    found = read_picture(tmp_path / "own.png")
    assert found.shape == (64, 64, 3)
    assert (found == 200).all()
    assert (read_picture(tmp_path / "own.png", inverted=True) == 55).all()


def test_a_grey_picture_has_three_channels(tmp_path: Path) -> None:
    """Whatever the file holds, the network gets three channels."""
    Image.fromarray(np.full((30, 30), 7, np.uint8)).save(tmp_path / "grey.png")
    assert (read_picture(str(tmp_path / "grey.png")) == 7).all()


def test_a_telephones_picture_is_turned(tmp_path: Path) -> None:
    """What the camera notes of how it was held is heeded."""
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:20] = 255
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down. Source: Exif 2.3, section 4.6.4, Orientation
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=exif)
    assert read_picture(tmp_path / "turned.png")[-1].max() == 255


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "There is no file"), (b"words", "is not a picture"), ("cut", "is a damaged picture")],
)
def test_what_cannot_be_read_is_one_sentence(content: bytes | str | None, sentence: str, tmp_path: Path) -> None:
    """Missing, no picture, damaged: each is said."""
    file = tmp_path / "own.png"
    if content == "cut":
        Image.fromarray(np.random.RandomState(0).randint(256, size=(50, 50, 3)).astype(np.uint8)).save(file)
        file.write_bytes(file.read_bytes()[:2000])
    elif isinstance(content, bytes):
        file.write_bytes(content)
    with pytest.raises(DataError, match=sentence) as raised:
        read_picture(file)
    assert raised.value._render_traceback_() == [f"DataError: {raised.value}"]
