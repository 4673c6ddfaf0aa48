"""Which pictures a notebook uses: the user's own signs where they lie in `data/signs/`, else MNIST."""

from collections.abc import Callable
from pathlib import Path

from autograder.data.digits import load_digits, load_mnist
from autograder.data.picture_set import PictureSet
from autograder.data.signs import load_signs
from autograder.errors import DataError

PLACE = Path("data") / "signs"
"""Where a user's own signs lie, below the course folder or the folder that the students' zip was unpacked into."""

FOLDERS_ABOVE = 2
"""A notebook lies in `notebooks/NN_name/` of the course, in `NN_name/` of the zip."""

LOADERS: dict[str, Callable[[], PictureSet]] = {"mnist": load_mnist, "digits": load_digits}


def load_pictures(name: str = "", here: Path | None = None) -> PictureSet:
    """Return pictures of 64x64x3 in six classes.

    Args:
        name: "mnist", "digits" or "signs"; by default the signs where there are any, else MNIST.
        here: the folder to look for `data/signs` from, upwards; by default the current one.

    Raises:
        DataError: if there is no such data, or if it is damaged; damaged signs are never replaced silently.
    """
    signs = find_signs(here or Path.cwd())
    if name == "signs" or (not name and signs):
        if signs is None:
            raise DataError(
                f"There is no folder {PLACE.as_posix()} with pictures; data/README.md says what belongs there."
            )
        return load_signs(signs)
    if name and name not in LOADERS:
        raise DataError(f"There are no pictures {name!r}; there are: {', '.join(sorted([*LOADERS, 'signs']))}.")
    return LOADERS[name or "mnist"]()


def find_signs(here: Path) -> Path | None:
    """Return the nearest folder `data/signs` at or above a folder that holds more than its README, or None."""
    for folder in [here, *here.resolve().parents[:FOLDERS_ABOVE]]:
        place = folder / PLACE
        if place.is_dir() and any(
            file.name != "README.md" and not file.name.startswith(".") for file in place.iterdir()
        ):
            return place
    return None
