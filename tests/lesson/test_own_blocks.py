"""A student's own functions are taken over from an earlier notebook, and whatever is missing is said."""

import inspect
import json
from pathlib import Path

import keras
import pytest

from autograder.course.folder import Course
from autograder.lesson.own_blocks import take_over
from solutions import blocks

pytestmark = pytest.mark.tensorflow

ROOT = Path(__file__).parents[2]
NAME = "03_residual_blocks"
IMPORTS = "from collections.abc import Sequence\n" + inspect.getsource(blocks).split('"""', 2)[2].split("\ndef ")[0]
IDENTITY, CONVOLUTIONAL = inspect.getsource(blocks.identity_block), inspect.getsource(blocks.convolutional_block)
BOTH = ("identity_block", "convolutional_block")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder of assignment 05, beside that of 03."""
    here = tmp_path / "05_resnet50"
    here.mkdir()
    (tmp_path / NAME).mkdir()
    monkeypatch.chdir(here)
    return tmp_path


def write(folder: Path, *cells: tuple[str, str]) -> Path:
    """Write a notebook of code cells, each a grade_id or "" and a text."""
    file = folder / NAME / f"{NAME}.ipynb"
    made = [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}} if name else {}, "source": [text]}
        for name, text in cells
    ]
    file.write_text(json.dumps({"cells": [{"cell_type": "markdown", "metadata": {}, "source": "# Prose"}, *made]}))
    return file


def test_own_functions_are_taken_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Right functions pass all their checks, and build a block."""
    write(folder, ("", IMPORTS), (BOTH[0], IDENTITY), (BOTH[1], CONVOLUTIONAL), ("", "raise ValueError('not run')"))
    identity, _ = take_over(*BOTH, assignment=NAME)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{BOTH[0]} and {BOTH[1]}: taken from ")
    assert line.endswith("; 8 of 8 checks pass there.")
    assert identity(keras.Input((8, 8, 6)), 3, [2, 4, 6], 2, "a").shape == (None, 8, 8, 6)


def test_helpers_come_with_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A function or an import of another cell is there; magics, checks and plain statements are not run."""
    helper = "%matplotlib inline\nfrom autograder import checks_for\nprint('not printed')\n"
    helper += "def relu(X):\n    return Activation('relu')(X)\n"
    text = IDENTITY.replace('Activation("relu")(X)', "relu(X)")
    write(folder, ("", IMPORTS), ("", helper), (BOTH[0], text))
    take_over(BOTH[0], assignment=NAME)
    assert "8 of 8 checks pass" in capsys.readouterr().out


def test_the_graded_cell_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A trial in another cell does not replace the function of the graded cell; without marks the last one counts."""
    wrong = IDENTITY.replace("    X = Add()([X, X_shortcut])\n", "")
    write(folder, ("", IMPORTS), (BOTH[0], IDENTITY), ("", wrong))
    take_over(BOTH[0], assignment=NAME)
    assert "8 of 8 checks pass" in capsys.readouterr().out
    write(folder, ("", IMPORTS), ("", IDENTITY), ("", wrong))
    take_over(BOTH[0], assignment=NAME)
    assert "checks fail there (identity_block-shortcut" in capsys.readouterr().out


def test_a_wrong_function_is_taken_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It costs nothing here, and the student learns which checks fail."""
    write(folder, ("", IMPORTS), (BOTH[0], IDENTITY.replace("axis=3", "axis=1")))
    (identity,) = take_over(BOTH[0], assignment=NAME)
    assert "It costs no points here" in capsys.readouterr().out
    assert identity(keras.Input((8, 8, 6)), 3, [2, 4, 6], 2, "a").shape == (None, 8, 8, 6)


def test_the_untouched_release(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a notebook as it was handed out both gaps are still empty, and calling one refers to what was said."""
    (folder / NAME / f"{NAME}.ipynb").write_bytes(Course(ROOT).releases.joinpath(NAME, f"{NAME}.ipynb").read_bytes())
    identity, _ = take_over(*BOTH, assignment=NAME)
    said = capsys.readouterr().out
    assert said.startswith(f"{BOTH[0]} and {BOTH[1]}: still empty in ")
    assert "fill the gap there, save that notebook (Ctrl+S), then run this cell again." in said
    with pytest.raises(NotImplementedError, match="could not be taken over"):
        identity(keras.Input((8, 8, 6)), 3, [2, 4, 6], 2, "a")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([], "is missing"),
        ([(BOTH[0], "def identity_block(:")], "is no Python"),
        ([(BOTH[0], "import nowhere_at_all\n" + IDENTITY)], "raises ModuleNotFoundError"),
        ([(BOTH[0], IDENTITY)], "raises NameError"),
    ],
    ids=["nothing", "syntax", "import", "name"],
)
def test_what_is_missing_is_said(
    cells: list[tuple[str, str]], sentence: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A function that is not there, or whose cell does not run, is told with the remedy; calling it refers to that."""
    write(folder, *cells)
    (missing,) = take_over(BOTH[0], assignment=NAME)
    printed = capsys.readouterr().out.strip()
    assert sentence in printed
    assert printed.endswith("then run this cell again.")
    with pytest.raises(NotImplementedError, match=r"needs identity_block, which could not be taken over"):
        missing(1, 2, 3)


def test_no_notebook(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both places are named; another path is looked at alone; what is no notebook is said."""
    take_over(BOTH[0], assignment=NAME)
    assert "neither" in capsys.readouterr().out
    take_over(BOTH[0], assignment=NAME, path="elsewhere.ipynb")
    assert "not elsewhere.ipynb" in capsys.readouterr().out
    (folder / NAME / f"{NAME}.ipynb").write_text("no notebook")
    take_over(BOTH[0], assignment=NAME)
    assert "cannot be read as a notebook" in capsys.readouterr().out


def test_the_reference_only_by_choice(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With reference=True the course's functions are taken where they are, and their absence is said elsewhere."""
    (missing,) = take_over(BOTH[0], assignment=NAME, reference=True)
    assert "is not at hand" in capsys.readouterr().out
    with pytest.raises(NotImplementedError):
        missing()
    monkeypatch.chdir(ROOT / "notebooks")
    (identity,) = take_over(BOTH[0], assignment=NAME, reference=True)
    assert "the course's own, not yours" in capsys.readouterr().out
    assert inspect.getsource(identity) == IDENTITY
