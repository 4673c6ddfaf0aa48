"""What a notebook's figures should show is recorded from the references."""

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.notebook.graphs import are_recorded, reference_graphs, write_graphs

pytestmark = pytest.mark.tensorflow

COURSE = Course(Path(__file__).parents[2])
ASSIGNMENT = find_assignment("03_residual_blocks")
FIGURE = 'draw_model(identity_block, (8, 8, 6), 3, [2, 4, 6], 2, "a")'


def test_figures_with_written_arguments_are_recorded(tmp_path: Path) -> None:
    """Calls with the name of an exercise and literal arguments are recorded, others are left to the student alone."""
    cells = [
        new_code_cell(FIGURE),
        new_code_cell("draw_model(identity_block, shape, 3)\ndraw_model(other, (8, 8, 6))\ndraw_block([])"),
        new_markdown_cell(FIGURE),
    ]
    graphs = reference_graphs(COURSE, ASSIGNMENT, new_notebook(cells=cells))
    assert list(graphs) == ['identity_block [[8, 8, 6], [3, [2, 4, 6], 2, "a"]]']
    assert not are_recorded(ASSIGNMENT, graphs, tmp_path)
    write_graphs(ASSIGNMENT, graphs, tmp_path)
    assert are_recorded(ASSIGNMENT, graphs, tmp_path)
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text())["by"] == "autograder build"
    write_graphs(ASSIGNMENT, {}, tmp_path)
    assert [*tmp_path.iterdir()] == []
    assert are_recorded(ASSIGNMENT, {}, tmp_path)


def test_a_figure_that_the_reference_cannot_show_is_a_fault_of_the_course() -> None:
    """Arguments that the reference refuses stop the build with a sentence."""
    notebook = new_notebook(cells=[new_code_cell("draw_model(identity_block, (8, 8, 6), 3)")])
    with pytest.raises(CourseError, match="The reference of identity_block builds no graph of"):
        reference_graphs(COURSE, ASSIGNMENT, notebook)
