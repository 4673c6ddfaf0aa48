"""Modules stay short enough to be held in mind, and each has a name that says what is in it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("autograder", "bench", "solutions", "tests")
LONGEST = 300


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_module_is_long(folder: str) -> None:
    """No module has more than 300 lines; sources of notebooks, which are mostly prose, are no modules."""
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert lines
    assert {str(path.relative_to(ROOT)): n for path, n in lines.items() if n > LONGEST} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_module_is_called_utils(folder: str) -> None:
    """No module or package has a name that says nothing of what it holds."""
    names = {path.stem for path in (ROOT / folder).rglob("*") if path.is_dir() or path.suffix == ".py"}
    assert names
    assert not names & {"utils", "util"}
