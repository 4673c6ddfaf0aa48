"""The executed notebook: outputs of unknown origin become a notebook that every program can read."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.classroom import open_classroom
from autograder.grading.prepare import Prepared
from autograder.grading.written import sound, write_executed
from autograder.model import Outcome, Submission, Verdict

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KINDS = st.sampled_from(["stream", "error", "display_data", "execute_result", "other"])
OUTPUTS = st.fixed_dictionaries(
    {},
    optional={
        "output_type": KINDS | JSON,
        "name": JSON,
        "text": JSON,
        "ename": JSON,
        "evalue": JSON,
        "traceback": JSON,
        "data": JSON | st.dictionaries(st.sampled_from(["text/plain", "image/png", "x"]), JSON),
        "metadata": JSON,
    },
)


def cell(kind: str, source: str, **metadata: object) -> dict[str, Any]:
    """Return a cell."""
    code: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": source, "source": source, "metadata": metadata} | code


def marks(name: str) -> dict[str, object]:
    """Return what nbgrader writes into a grade cell."""
    return {"nbgrader": {"grade_id": name, "grade": True}}


NOTEBOOK = nbformat.from_dict(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            cell("code", "a"),
            cell("markdown", "b"),
            cell("code", "c", **marks("right")),
            cell("code", "d", **marks("wrong")),
            cell("code", "e"),
        ],
    }
)
VERDICTS = (
    Verdict("right", "f", Outcome.PASSED, 1, 1, "It is right."),
    Verdict("wrong", "f", Outcome.FAILED, 0, 1, "It is right.", "it is \udcff wrong"),
)


def executed(folder: Path, outputs: dict[int, list[Any]]) -> nbformat.NotebookNode:
    """Write a notebook and read it."""
    classroom, submission = open_classroom(folder), Submission("ada", "03_x", "")
    write_executed(classroom, submission, Prepared(NOTEBOOK, ("mended",), {}), outputs, VERDICTS)
    found: nbformat.NotebookNode = nbformat.read(classroom.executed(submission), as_version=4)
    nbformat.validate(found)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a class."""
    (tmp_path / "submitted").mkdir()
    return tmp_path / "submitted"


def test_outputs_and_verdicts_stand_in_their_cells(folder: Path) -> None:
    """Cells that ran have numbers and outputs, grade cells have a card, failed ones an error as well."""
    found = executed(
        folder, {0: [{"output_type": "execute_result", "data": {"text/plain": "5"}}], 1: ["for prose"], 9: []}
    )
    assert [one.get("execution_count") for one in found.cells] == [1, None, 2, 3, None]
    assert found.cells[0].outputs[0].execution_count == 1
    assert [output.output_type for output in found.cells[2].outputs] == ["display_data"]
    assert [output.output_type for output in found.cells[3].outputs] == ["display_data", "error"]
    assert found.metadata.residual_course.repairs == ["mended"]
    assert NOTEBOOK.cells[0].outputs == []


def test_outputs_do_not_get_into_grade_cells(folder: Path) -> None:
    """What the sandbox says of a grade cell is not believed."""
    forged = [{"output_type": "display_data", "data": {"text/plain": "full marks"}}]
    assert "full marks" not in json.dumps(executed(folder, {2: forged, 3: forged}))


@given(st.lists(OUTPUTS | JSON, max_size=4))
def test_any_output_makes_a_notebook(tmp_path_factory: pytest.TempPathFactory, outputs: list[Any]) -> None:
    """Whatever is called an output, the notebook is a sound one."""
    executed(tmp_path_factory.mktemp("class"), {0: outputs})


@given(OUTPUTS | JSON)
def test_what_is_kept_of_an_output(output: Any) -> None:
    """Only the fields that the format knows are kept, and to clean twice changes nothing."""
    kept = sound(output)
    assert kept is None or (sound(kept) == kept and set(kept) <= {*OUTPUTS_FIELDS, "output_type"})


OUTPUTS_FIELDS = ("name", "text", "ename", "evalue", "traceback", "data", "metadata")
