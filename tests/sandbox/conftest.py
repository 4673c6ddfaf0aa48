"""A worker at each level, and what lies outside of it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.level import Level
from tests.sandbox.ward import Ward, missing, ordinary_python, start_ward


@pytest.fixture(scope="session", params=[Level.NAMESPACES, Level.LANDLOCK])
def ward(request: pytest.FixtureRequest) -> Iterator[Ward]:
    """Return a worker at each of the levels that confine."""
    level: Level = request.param
    if reason := missing(level):
        pytest.skip(reason)
    yield from start_ward(level, *ordinary_python())


@pytest.fixture
def outside(ward: Ward) -> Iterator[Path]:
    """Return a folder that the ordinary user owns, with a file in it; only a sandbox keeps him from them."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    (folder / "secret").write_text("the answers")
    for path in (folder, folder / "secret"):
        os.chown(path, ward.user, -1)
        path.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
