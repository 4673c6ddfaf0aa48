"""What the cells of a submitted notebook are, read with distrust: any program may have written the file."""

import ast
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.checks.student import only_checks, syntax_tree

LARGEST_FILE = 100_000_000
"""Bytes; a notebook with the outputs of a whole course has a few million."""

LONGEST_KEPT = 10_000
"""Characters of a cell whose functions are remembered; most cells of a class are the release's own."""

CELL_TYPES = ("code", "markdown", "raw")
KEPT_METADATA = {"nbgrader": dict, "tags": list, "deletable": bool, "editable": bool}
ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class NotANotebook(ValueError):
    """What was submitted is no notebook; the text is a sentence for the student."""


def read_json(path: Path) -> tuple[Any, list[str]]:
    """Read a submitted file.

    Returns:
        What it holds, and a sentence if bytes that are no UTF-8 had to be replaced.

    Raises:
        NotANotebook: if it is too large, or holds no JSON.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise NotANotebook(f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB: clear its outputs")
    data = path.read_bytes()
    text, sentences = data.decode("utf-8-sig", errors="replace"), []
    if "\ufffd".encode() not in data and "\ufffd" in text:
        sentences.append("The file was not in UTF-8; the characters that could not be read were replaced.")
    try:
        return json.loads(text), sentences
    except (ValueError, RecursionError):
        raise NotANotebook(f"{path.name} is not a notebook") from None


def well_formed(submitted: Any) -> tuple[NotebookNode, list[str]]:
    """Return a notebook of format 4.5 in which every cell has a type, a text, metadata and an id.

    Raises:
        NotANotebook: if there is no list of cells.
    """
    if isinstance(submitted, dict) and isinstance(submitted.get("worksheets"), list):
        submitted = _from_version_3(submitted)
    if not isinstance(submitted, dict) or not isinstance(submitted.get("cells"), list):
        raise NotANotebook("the file has no cells, so it is not a notebook")
    cells = [_cell(cell, number) for number, cell in enumerate(submitted["cells"]) if isinstance(cell, dict)]
    dropped = len(submitted["cells"]) - len(cells)
    metadata = submitted.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    kept = {"kernelspec": kernel} if isinstance(kernel, dict) else {}
    notebook = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": kept, "cells": cells})
    return notebook, [f"{dropped} entries of the file were no cells and were left out."] if dropped else []


def _from_version_3(submitted: dict[str, Any]) -> Any:
    try:
        return nbformat.convert(nbformat.from_dict(submitted), 4)
    except Exception:  # nbformat raises whatever the broken file leads it to
        raise NotANotebook("the file is a damaged notebook of an old format") from None


def _cell(cell: dict[str, Any], number: int) -> dict[str, Any]:
    kind = cell.get("cell_type") if cell.get("cell_type") in CELL_TYPES else "raw"
    name = cell.get("id")
    mended: dict[str, Any] = {
        "cell_type": kind,
        "id": name if isinstance(name, str) and ID.fullmatch(name) else f"cell-{number}",
        "metadata": _metadata(cell.get("metadata")),
        "source": _text(cell.get("source", "")),
    }
    if kind == "code":  # outputs are made anew while grading
        mended |= {"outputs": [], "execution_count": None}
    return mended


def _metadata(metadata: Any) -> dict[str, Any]:
    """Keep what matters for grading, where it has the form that nbformat asks for."""
    if not isinstance(metadata, dict):
        return {}
    kept = {key: metadata[key] for key, kind in KEPT_METADATA.items() if isinstance(metadata.get(key), kind)}
    if not all(isinstance(tag, str) for tag in kept.get("tags", [])) or len(set(kept.get("tags", []))) < len(
        kept.get("tags", [])
    ):
        del kept["tags"]
    return kept


def _text(source: Any) -> str:
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return text.encode("utf-8", errors="replace").decode()  # JSON may hold halves of characters, files may not


def is_code(cell: Any) -> bool:
    """Tell whether a cell holds code."""
    return bool(cell.cell_type == "code")


def grade_id(cell: Any) -> str | None:
    """Return the name by which nbgrader knows a cell, if it has one."""
    marks = cell["metadata"].get("nbgrader")
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def assignment_cells(release: NotebookNode) -> dict[str, Any]:
    """Return the cells of a release that nbgrader knows, by name, in order."""
    return {name: cell for cell in release.cells if (name := grade_id(cell))}


def defined_functions(source: str) -> frozenset[str] | None:
    """Return the names of the functions that a cell defines at its top level, or None if it is no Python."""
    try:
        return _kept_functions(source) if len(source) <= LONGEST_KEPT else _functions(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # what is raised is not remembered
        return None


def _functions(source: str) -> frozenset[str]:
    without_magics = "\n".join("pass" if line.startswith(("%", "!")) else line for line in source.split("\n"))
    body = syntax_tree(without_magics).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))


_kept_functions = lru_cache(1000)(_functions)


def checks_of(release: NotebookNode, name: str) -> list[Any]:
    """Return the grade cells that follow a solution cell of the release, up to the next one."""
    found: list[Any] = []
    inside = False
    for cell in assignment_cells(release).values():
        if cell.metadata.nbgrader.solution:
            inside = grade_id(cell) == name
        elif inside:
            found.append(cell)
    return found


def calls_check(cell: Any, released: Any) -> bool:
    """Tell whether a cell without marks is the setup cell or a check of the release, and nothing else, by its text."""
    if grade_id(cell) is not None or not is_code(cell):
        return False
    if not released.metadata.nbgrader.grade:  # the setup cell
        return bool(cell.source.strip() == released.source.strip())
    lines = {line.strip() for line in cell.source.splitlines()}
    return released.source.splitlines()[0].strip() in lines and only_checks(cell.source)


def may_be_replaced(cell: Any, released: Any) -> bool:
    """Tell whether a cell can get the release's text without the loss of anything that a student wrote."""
    if cell.source.strip() == released.source.strip() or not released.metadata.nbgrader.grade:
        return not defined_functions(cell.source)
    return cell.source.strip() in ("", "pass") or only_checks(cell.source)
