"""Cells that need a gap say so in one sentence until it is filled."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def needs(*names: str) -> Iterator[None]:
    """Run a cell's lines, or say in one sentence that a gap is still empty.

    Args:
        names: the functions that the lines use.
    """
    try:
        yield
    except NotImplementedError:
        print(f"This cell needs {' and '.join(names)}: fill the gap, then run the cells from there on again.")
    except NameError as error:
        print(f"This cell uses {error.name}, which a cell above makes: run that one first, when its gap is filled.")
