"""A user's own picture file, as the network takes it."""

from pathlib import Path

import numpy as np

from autograder.data.picture_set import SIDE
from autograder.errors import DataError

LARGEST = 50_000_000
"""Pixels of a file; a telephone's camera makes about 12 million."""


def read_pixels(path: Path) -> np.ndarray:
    """Read a picture file of any usual form.

    Returns:
        uint8, shape (height, width, 3).

    Raises:
        DataError: if it is missing, too large or no picture.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if not path.is_file():
        raise DataError(f"There is no file {path}. Give its path from the notebook's folder, or the whole path.")
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > LARGEST:
                raise DataError(f"{path.name} has {opened.width}×{opened.height} pixels, which is too many.")
            # A telephone writes a picture as its sensor lies, and notes beside it how to turn it.
            return np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
    except UnidentifiedImageError:
        raise DataError(f"{path.name} is not a picture, or not one of a known form: save it as PNG or JPEG.") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path.name} is a damaged picture: {error}.") from error


def read_picture(path: str | Path, inverted: bool = False, side: int = SIDE) -> np.ndarray:
    """Read a picture file, cut a square out of its middle and make it as small as the network's pictures.

    Args:
        path: the file; `~` is the home folder.
        inverted: whether to swap dark and bright: MNIST's digits are bright on dark paper.
        side: height and width of the result, in pixels.

    Returns:
        uint8, shape (side, side, 3).

    Raises:
        DataError: if it is missing or no picture.
    """
    pixels = squared(read_pixels(Path(path).expanduser()), side)
    return 255 - pixels if inverted else pixels


def squared(pixels: np.ndarray, side: int = SIDE) -> np.ndarray:
    """Cut a square out of the middle of a picture and resize it.

    Args:
        pixels: uint8, shape (height, width, 3).
        side: pixels.

    Returns:
        uint8, shape (side, side, 3).
    """
    from PIL import Image

    height, width, _ = pixels.shape
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    square = pixels[top : top + short, left : left + short]
    return np.asarray(Image.fromarray(square).resize((side, side), Image.Resampling.BOX))
