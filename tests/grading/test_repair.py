"""Damaged notebooks are mended, undamaged ones are left alone, and what was mended is said."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks.registry import MODULES
from autograder.grading.cells import NotANotebook, assignment_cells, grade_id, read_json
from autograder.grading.prepare import locate
from autograder.grading.repair import repair
from autograder.notebook import damage

ROOT = Path(__file__).parents[2]
NAME = "03_residual_blocks"
SOURCE = (ROOT / "notebooks" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
RELEASE = nbformat.reads(SOURCE, as_version=4)


def submission() -> dict[str, Any]:
    """Return the release as a student hands it in, as JSON."""
    submitted: dict[str, Any] = json.loads(SOURCE)
    for cell in submitted["cells"]:
        cell["source"] = "".join(cell["source"])
    return submitted


def mended(change: Callable[[dict[str, Any]], object]) -> tuple[nbformat.NotebookNode, str]:
    """Damage the release, mend it, and return it with all sentences."""
    submitted = submission()
    change(submitted)
    notebook, sentences = repair(submitted, RELEASE)
    nbformat.validate(notebook)
    return notebook, " ".join(sentences)


def cell_of(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the cell of a grade_id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def is_complete(notebook: nbformat.NotebookNode) -> bool:
    """Tell whether each cell of the assignment is there once, marked as in the release, checks behind exercises."""
    wanted = assignment_cells(RELEASE)
    places = {name: i for i, cell in enumerate(notebook.cells) if (name := grade_id(cell))}
    marked = [name for cell in notebook.cells if (name := grade_id(cell))]
    right = all(
        notebook.cells[places[name]].metadata.nbgrader == cell.metadata.nbgrader for name, cell in wanted.items()
    )
    ordered = all(places[name.split("-")[0]] <= place for name, place in places.items())
    return sorted(marked) == sorted(wanted) and right and ordered


@pytest.mark.parametrize("name", sorted(MODULES))
def test_an_undamaged_notebook_is_left_alone(name: str) -> None:
    """Nothing is mended in a release, and cells, texts and metadata stay the same."""
    source = (ROOT / "notebooks" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    release = nbformat.reads(source, as_version=4)
    notebook, sentences = repair(json.loads(source), release)
    assert sentences == ()
    assert notebook.cells == release.cells


def _no_cells(notebook: dict[str, Any]) -> None:
    notebook["cells"] = [c for c in notebook["cells"] if "nbgrader" not in c["metadata"]]


def _text_instead_of_code(notebook: dict[str, Any]) -> None:
    for name in ("identity_block", "identity_block-names"):
        cell = cell_of(notebook, name)
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


def _more_points(notebook: dict[str, Any]) -> None:
    cell_of(notebook, "identity_block-names")["metadata"]["nbgrader"]["points"] = 100
    cell_of(notebook, "identity_block-names")["source"] = "pass"


def _foreign_mark(notebook: dict[str, Any]) -> None:
    mark = copy.deepcopy(cell_of(notebook, "identity_block-names")["metadata"]["nbgrader"])
    notebook["cells"][0]["metadata"]["nbgrader"] = mark | {"grade_id": "bonus"}


def _checks_first(notebook: dict[str, Any]) -> None:
    cell = cell_of(notebook, "convolutional_block-names")
    notebook["cells"].remove(cell)
    notebook["cells"].insert(3, cell)


def _own_kernel(notebook: dict[str, Any]) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "conda-env-tf", "display_name": "tf", "language": "python"}


def _lost_setup(notebook: dict[str, Any]) -> None:
    notebook["cells"].remove(cell_of(notebook, "setup"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (damage.delete_a_check, "were missing and were put back: identity_block-training"),
        (damage.copy_a_cell, "Several cells were marked as convolutional_block"),
        (
            damage.strip_as_colab,
            "The cell of identity_block had lost its marking; it was found by the function's name.",
        ),
        (damage.split_a_function, "identity_block was split over two cells; they were joined."),
        (_text_instead_of_code, "The cell of identity_block had become text; it was run as code."),
        (_more_points, "had been changed; their own text was used: identity_block-names"),
        (_foreign_mark, "1 cells were marked as graded that this assignment does not have."),
        (_checks_first, "moved behind it: convolutional_block-names"),
        (_own_kernel, "another kernel"),
        (_lost_setup, "were missing and were put back: setup"),
    ],
)
def test_damage_is_mended_and_said(change: Callable[[dict[str, Any]], object], sentence: str) -> None:
    """After each kind of damage the assignment is complete again, and a sentence says what was done."""
    notebook, sentences = mended(change)
    assert sentence in sentences
    assert is_complete(notebook)


def test_a_notebook_without_any_cell_of_the_assignment() -> None:
    """Even if nothing is left the checks are put back, so that each gets its verdict."""
    notebook, _ = mended(_no_cells)
    names = {grade_id(cell) for cell in notebook.cells} - {None}
    assert names == assignment_cells(RELEASE).keys() - {"identity_block", "convolutional_block"}


def test_a_check_below_the_function_does_not_erase_it() -> None:
    """A student's code in the same cell as a check is kept, whether the cell lost its marks or a check was merged."""

    def call_in_the_solution_cell(notebook: dict[str, Any]) -> None:
        cell_of(notebook, "identity_block")["source"] += '\n\ncheck("identity_block-layers")'
        damage.strip_as_colab(notebook)

    def merged_into_the_check(notebook: dict[str, Any]) -> None:
        check, solution = cell_of(notebook, "identity_block-layers"), cell_of(notebook, "identity_block")
        check["source"] = solution["source"] + "\n" + check["source"]
        notebook["cells"].remove(solution)

    for change in (call_in_the_solution_cell, merged_into_the_check):
        notebook, _ = mended(change)
        assert is_complete(notebook)
        solution = next(cell for cell in notebook.cells if grade_id(cell) == "identity_block")
        assert "def identity_block" in solution.source


def test_own_code_in_a_check_is_kept() -> None:
    """What a student wrote into a check's cell stays as a cell of its own, above the check."""

    def write_into_a_check(notebook: dict[str, Any]) -> None:
        cell_of(notebook, "identity_block-names")["source"] += "\nmine = 1"

    notebook, sentences = mended(write_into_a_check)
    assert "There was other code in these cells; it was kept" in sentences
    assert is_complete(notebook)
    assert any("mine = 1" in cell.source and not grade_id(cell) for cell in notebook.cells)


def test_a_trial_at_the_end_is_not_the_answer() -> None:
    """Without marks the function that stands before its checks is the answer, not a later trial of the same name."""

    def try_something(notebook: dict[str, Any]) -> None:
        trial = {"cell_type": "code", "metadata": {}, "source": "def identity_block(X, *_):\n    return X"}
        notebook["cells"].append(trial)
        damage.strip_as_colab(notebook)

    notebook, sentences = mended(try_something)
    assert is_complete(notebook)
    assert "moved" not in sentences
    assert grade_id(notebook.cells[-1]) is None


def test_halves_of_characters_are_replaced() -> None:
    """JSON may hold half of a character, a file may not."""
    notebook, _ = mended(lambda submitted: submitted["cells"][0].update(source="\ud83d"))
    nbformat.writes(notebook).encode()


def test_joined_halves_are_the_whole() -> None:
    """The two halves of a split function give its text again."""
    notebook, _ = mended(damage.split_a_function)
    joined = next(cell for cell in notebook.cells if grade_id(cell) == "identity_block")
    whole = assignment_cells(RELEASE)["identity_block"].source
    assert [line for line in joined.source.splitlines() if line] == [line for line in whole.splitlines() if line]


def test_an_indented_cell_elsewhere_is_no_half() -> None:
    """Only a cell that completes a function of the assignment is joined."""

    def add_cells(notebook: dict[str, Any]) -> None:
        own: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        notebook["cells"] += [
            own | {"id": "a", "source": "def mine():\n    x = 1"},
            own | {"id": "b", "source": "    x"},
        ]

    assert mended(add_cells)[1] == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "id", "outputs", "worksheets", "x"]
    ), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=200)
@given(JSON)
def test_whatever_json_is_handed_in(submitted: object) -> None:
    """Any JSON is either no notebook, in one sentence, or becomes a valid one with every check."""
    try:
        notebook, _ = repair(submitted, RELEASE)
    except NotANotebook:
        return
    nbformat.validate(notebook)
    assert assignment_cells(RELEASE).keys() - {"identity_block", "convolutional_block"} <= {
        grade_id(cell) for cell in notebook.cells
    }


@settings(max_examples=100)
@given(st.data())
def test_cells_with_anything_in_their_fields(data: st.DataObject) -> None:
    """Fields of any kind in any cell never break the repair."""
    submitted = submission()
    for cell in data.draw(st.lists(st.sampled_from(submitted["cells"]), max_size=5)):
        cell[data.draw(st.sampled_from(["cell_type", "source", "metadata", "id"]))] = data.draw(JSON)
    notebook, _ = repair(submitted, RELEASE)
    nbformat.validate(notebook)


def test_other_encodings(tmp_path: Path) -> None:
    """A byte order mark is passed over; characters that are no UTF-8 are replaced, and that is said."""
    path = tmp_path / "a.ipynb"
    path.write_bytes("\ufeff".encode() + SOURCE.encode())
    assert read_json(path) == (json.loads(SOURCE), [])
    path.write_bytes(b'{"cells": ["caf\xe9"]}')
    content, sentences = read_json(path)
    assert content == {"cells": ["caf\ufffd"]}
    assert "not in UTF-8" in sentences[0]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 \xff", b"[" * 200_000, b"null", b"[]", b'{"cells": 3}'])
def test_no_notebook(tmp_path: Path, content: bytes) -> None:
    """What is no notebook is said to be none, in one sentence."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotANotebook, match="not a notebook"):
        repair(read_json(path)[0], RELEASE)


def test_file_names(tmp_path: Path) -> None:
    """The right name counts; a single notebook of another name is taken; of several none is guessed."""
    with pytest.raises(NotANotebook, match="no notebook in the folder"):
        locate(tmp_path, NAME)
    (tmp_path / "mine.ipynb").touch()
    path, sentences = locate(tmp_path, NAME)
    assert path.name == "mine.ipynb"
    assert sentences == [f"The notebook was called mine.ipynb; it was graded as {NAME}.ipynb."]
    (tmp_path / "other.ipynb").touch()
    with pytest.raises(NotANotebook, match="2 notebooks and none is called"):
        locate(tmp_path, NAME)
    (tmp_path / f"{NAME}.ipynb").touch()
    assert locate(tmp_path, NAME) == (tmp_path / f"{NAME}.ipynb", [])


def test_what_is_nested_without_end_is_no_notebook() -> None:
    """A file that JSON can read and Python cannot copy is the student's fault, not the grader's."""
    nested: list[Any] = []
    for _ in range(3000):
        nested = [nested]
    with pytest.raises(NotANotebook, match="nested too deeply"):
        repair({"cells": [], "metadata": {"kernelspec": {"x": nested}}}, RELEASE)
