"""The source notebook: prose from `notebooks/source/`, gaps from `solutions/`, checks from the engine.

A cell tagged `solution` holds one import, `from solutions.blocks import identity_block`; it becomes the function's
text, and the exercise's grade cells follow it. A cell tagged `given` imports functions without a gap,
which students are given as they stand. A cell tagged `setup` holds one of two comments, and becomes the text of
`setup_cell.py` beside this module.
"""

import ast
import hashlib
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course.folder import Course
from autograder.course.nbgrader import BEGIN_HIDDEN, END_HIDDEN
from autograder.errors import BuildError
from autograder.model import Assignment, Check
from autograder.notebook.gaps import END, START, Gap, read_function, read_gap

SETUP, SOLUTION, GIVEN, DEMONSTRATION = "setup", "solution", "given", "demonstration"
"""Tags of a source's cells: locked, replaced by a gap and its checks, replaced by a function, not run while grading."""

SETUP_CELL = Path(__file__).with_name("setup_cell.py")
"""What stands in the place of a source's setup cell, behind its docstring; it calls the assignment ASSIGNMENT."""

SETUP_MARKERS = {
    "# The builder puts autograder/notebook/setup_cell.py here.": (),
    "# The builder puts autograder/notebook/setup_cell.py here, without Keras.": (", start_keras", "\nstart_keras()"),
}
"""What a source's setup cell says, and what of the text is then left out."""

SKIPPED_WHILE_GRADING = "skip-execution"
"""The tag by which nbclient, and with it nbgrader, passes a cell over."""

GOES_ON_AFTER_AN_ERROR = "raises-exception"
"""The tag by which JupyterLab's "Run All" does not stop at a failed check; its error is still scored."""

GRADE_CELL = """\
check("{check}")
{begin}
from autograder.grading.hidden import check_hidden
check_hidden("{assignment}", "{check}")
{end}"""


def source_notebook(course: Course, assignment: Assignment) -> nbformat.NotebookNode:
    """Make the source notebook of an assignment, solutions and hidden checks included.

    Args:
        course: the course folder.
        assignment: its exercises must be the gaps of the source, in any order.

    Returns:
        The notebook with nbgrader's metadata; the same text gives the same notebook, byte for byte.

    Raises:
        BuildError: if the source is missing or does not fit the assignment.
    """
    path = course.sources / f"{assignment.name}.py"
    if not path.is_file():
        raise BuildError(f"The source notebooks/source/{path.name} of assignment {assignment.name} is missing.")
    text = jupytext.read(path, fmt="py:percent")
    exercises = {exercise.name: exercise for exercise in assignment.exercises}
    cells: list[nbformat.NotebookNode] = []
    for cell in text.cells:
        tags = cell.metadata.get("tags", [])
        if SETUP in tags:
            cells.append(_setup_cell(path.name, cell.source, assignment))
        elif SOLUTION in tags:
            gap = _gap(course, cell.source)
            if gap.name not in exercises:
                raise BuildError(f"{path.name} has a gap {gap.name}, of which {assignment.name} has no checks (left).")
            cells.append(_gap_cell(gap))
            cells += [_grade_cell(assignment, check) for check in exercises.pop(gap.name).checks]
        elif GIVEN in tags:
            cells.append(_plain_cell(path.name, _given_cell(course, cell.source), tags))
        else:
            cells.append(_plain_cell(path.name, cell, tags))
    if exercises:
        raise BuildError(f"{path.name} has no gap for: {', '.join(exercises)}.")
    _name_cells(cells)
    notebook: nbformat.NotebookNode = new_notebook(cells=cells, metadata=_metadata(path.name))
    return notebook


def _setup_cell(file: str, marker: str, assignment: Assignment) -> nbformat.NotebookNode:
    if marker not in SETUP_MARKERS:
        raise BuildError(f"The cell of {file} that is tagged {SETUP} must be one of: {'; '.join(SETUP_MARKERS)}.")
    text = SETUP_CELL.read_text(encoding="utf-8").partition('"""\n\n')[2].rstrip()
    for left_out in SETUP_MARKERS[marker]:
        text = text.replace(left_out, "")
    return _code_cell(text.replace("ASSIGNMENT", assignment.name), {"tags": [SETUP]} | _nbgrader(SETUP, locked=True))


def _gap(course: Course, source: str) -> Gap:
    module, names = _imported(source)
    if len(names) != 1:
        raise BuildError(f"A cell tagged {SOLUTION} holds one import of one function, not: {source!r}.")
    return read_gap(course, module, names[0])


def _given_cell(course: Course, source: str) -> nbformat.NotebookNode:
    module, names = _imported(source)
    if not names:
        raise BuildError(f"A cell tagged {GIVEN} holds one import of functions, not: {source!r}.")
    return _code_cell("\n\n\n".join("\n".join(read_function(course, module, name)) for name in names), {})


def _imported(source: str) -> tuple[str, list[str]]:
    """Return the module and the names that a cell imports; no names if it holds anything else."""
    body = ast.parse(source).body
    if len(body) != 1 or not isinstance(body[0], ast.ImportFrom):
        return "", []
    return str(body[0].module), [alias.name for alias in body[0].names]


def _gap_cell(gap: Gap) -> nbformat.NotebookNode:
    return _code_cell(gap.source, _nbgrader(gap.name, solution=True))


def _grade_cell(assignment: Assignment, check: Check) -> nbformat.NotebookNode:
    source = GRADE_CELL.format(check=check.name, assignment=assignment.name, begin=BEGIN_HIDDEN, end=END_HIDDEN)
    metadata = _nbgrader(check.name, grade=True, locked=True, points=check.points)
    return _code_cell(source, metadata | {"tags": [GOES_ON_AFTER_AN_ERROR]})


def _code_cell(source: str, metadata: dict[str, Any]) -> nbformat.NotebookNode:
    cell: nbformat.NotebookNode = new_code_cell(source, metadata=metadata)
    return cell


def _plain_cell(file: str, cell: nbformat.NotebookNode, tags: list[str]) -> nbformat.NotebookNode:
    if START in cell.source or END in cell.source:
        raise BuildError(f"{file} names a marker line in its text; nbgrader would take it for a gap: {cell.source!r}.")
    if DEMONSTRATION in tags:
        tags = [*tags, SKIPPED_WHILE_GRADING]
    # Not jupytext's own entries, which count blank lines of the source.
    cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
    return cell


def _nbgrader(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict[str, Any]:
    """Return the metadata of nbgrader's schema 3."""
    fields: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    return {"nbgrader": fields | ({"points": points} if points is not None else {})}


def _name_cells(cells: list[nbformat.NotebookNode]) -> None:
    """Give each cell an id that follows from its text or its grade_id: two builds are the same."""
    seen: set[str] = set()
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        name = name or f"{cell.cell_type}-{hashlib.sha256(cell.source.encode()).hexdigest()[:10]}"
        if name in seen:
            raise BuildError(f"Two cells are the same: {cell.source!r}.")
        seen.add(name)
        cell["id"] = name


def _metadata(file: str) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "residual_course": {"generated_from": f"notebooks/source/{file}", "by": "autograder build"},
    }
