"""The table of a student's layers, the sentences of cells that need a gap, and the figures."""

import inspect
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder.lesson import showing
from autograder.lesson.layers import beside, compare_layers
from autograder.lesson.recorded import recorded_runs
from autograder.lesson.training import Run
from bench import training
from solutions import resnet50

pytestmark = pytest.mark.tensorflow
mpl.use("Agg")


def variant(old: str, new: str) -> Callable[..., Any]:
    """Return ResNet50 with one text replaced."""
    text = inspect.getsource(resnet50.ResNet50)
    assert old in text
    namespace = dict(vars(resnet50))
    exec(text.replace(old, new), namespace)
    made: Callable[..., Any] = namespace["ResNet50"]
    return made


def test_the_right_table_has_no_mark(capsys: pytest.CaptureFixture[str]) -> None:
    """All rows of the reference are the right ones."""
    compare_layers(resnet50.ResNet50)
    printed = capsys.readouterr().out
    assert "All 19 rows are those of the right network." in printed
    assert "<--" not in printed


def test_the_first_difference_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    """With stage 5 at stride 1 its first block is marked, and only that."""
    compare_layers(variant('stage=5, block="a", s=2', 'stage=5, block="a", s=1'))
    marked = [line for line in capsys.readouterr().out.splitlines() if "<--" in line]
    assert len(marked) == 1
    assert "convolutional_block 5a: 4x4x1024 -> 4x4x2048" in marked[0]
    assert "here belongs: convolutional_block 5a: 4x4x1024 -> 2x2x2048" in marked[0]


def test_rows_that_are_missing_or_too_many() -> None:
    """A table that ends too early, or too late, is marked at its end."""
    assert beside(["a", "b"], ["a"])[1].endswith("nothing more   <-- the first difference; here belongs: b")
    assert beside(["a"], ["a", "b"])[1].endswith("b   <-- the first difference; here belongs: nothing")


def test_an_empty_gap_and_an_error_are_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither ends the cell with a traceback."""

    def ResNet50() -> None:
        raise NotImplementedError

    compare_layers(ResNet50)
    assert "The gap of ResNet50 is still empty" in capsys.readouterr().out
    compare_layers(variant("X = Flatten()(X)", "X = Flaten()(X)"))
    assert "ResNet50 stopped with NameError" in capsys.readouterr().out


def test_figures_are_drawn() -> None:
    """Each figure has a white face, and axes with labels."""
    pictures = np.zeros((6, 64, 64, 3), np.uint8)
    classes = ("0", "1", "2")
    run = Run({key: [0.5, 0.7] for key in ("loss", "accuracy", "test_loss", "test_accuracy", "seconds")})
    showing.show_pictures(pictures, [0, 0, 1, 1, 2, 2], classes)
    showing.show_curves(run)
    showing.show_confusion(np.array([0, 1, 2]), np.array([0, 1, 1]), classes)
    showing.show_answers(pictures[:2], [0, -1], np.array([[0.5, 0.3, 0.2], [0.1, 0.8, 0.1]]), classes)
    showing.show_feature_maps({"stem": np.zeros((4, 4, 3)), "stage 2": np.zeros((2, 2, 9))})
    showing.show_recorded()
    figures = [plt.figure(number) for number in plt.get_fignums()]
    assert len(figures) == 6
    assert all(figure.get_facecolor() == (1, 1, 1, 1) for figure in figures)
    assert figures[1].axes[0].get_xlabel() == "epoch"
    plt.close("all")


def test_the_recorded_trainings_are_complete() -> None:
    """Every run has an accuracy for each epoch, and the table names its seed."""
    table = showing.recorded_table()
    for run in recorded_runs().values():
        lengths = {len(numbers) for numbers in run["curves"].values()}
        assert len(lengths) == 1
        assert max(map(int, run["renewed"])) <= lengths.pop()
        assert f"seed {run['seed']}" in table


def test_the_page_of_trainings_follows_from_the_records() -> None:
    """Nobody types an accuracy."""
    assert training.PAGE.read_text(encoding="utf-8") == training.page()
