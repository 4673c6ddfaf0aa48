"""What happens to notebooks between release and submission, as functions that change their JSON in place."""

import copy
from typing import Any

Notebook = dict[str, Any]


def none(notebook: Notebook) -> None:
    """Leave the notebook as it is."""


def _index(notebook: Notebook, grade_id: str) -> int:
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    return ids.index(grade_id)


def delete_a_check(notebook: Notebook) -> None:
    """Delete a grade cell."""
    del notebook["cells"][_index(notebook, "identity_block-training")]


def copy_a_cell(notebook: Notebook) -> None:
    """Copy a solution cell, with id and metadata, as some editors do."""
    place = _index(notebook, "convolutional_block")
    notebook["cells"].insert(place + 1, copy.deepcopy(notebook["cells"][place]))


def strip_as_colab(notebook: Notebook) -> None:
    """Leave what Colab leaves: its own metadata, no cell ids, no marks of nbgrader, format 4.0."""
    for number, cell in enumerate(notebook["cells"]):
        cell.pop("id", None)
        cell["metadata"] = {"id": f"colab{number:07}"}
    notebook["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook["nbformat_minor"] = 0


def split_a_function(notebook: Notebook) -> None:
    """Split a solution cell in the middle of its function; JupyterLab gives both halves the metadata."""
    place = _index(notebook, "identity_block")
    cell = notebook["cells"][place]
    lines = cell["source"].splitlines(keepends=True)
    middle = next(i for i, line in enumerate(lines) if line.strip() == 'X = Activation("relu")(X)') + 1
    rest = copy.deepcopy(cell)
    cell["source"], rest["source"] = "".join(lines[:middle]), "".join(lines[middle:]).lstrip("\n")
    rest["id"] = "second-half"
    notebook["cells"].insert(place + 1, rest)


def turn_into_pdf(notebook: Notebook) -> bytes:
    """Hand in something else under the notebook's name."""
    return b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n"
