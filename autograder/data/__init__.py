"""Real pictures that need no network, and a user's own: `load_pictures`, `load_mnist`, `load_digits`, `photograph`.

A wheel of the course holds these loaders; the pictures come with packages that it depends on, or are the user's files.
"""

from autograder.data.choice import load_pictures
from autograder.data.digits import load_digits, load_mnist, photograph
from autograder.data.own import read_picture
from autograder.data.picture_set import PictureSet
from autograder.data.signs import load_signs

__all__ = ["PictureSet", "load_digits", "load_mnist", "load_pictures", "load_signs", "photograph", "read_picture"]
