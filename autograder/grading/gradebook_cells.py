"""The cells of an assignment in the gradebook: nbgrader's `SaveCells`, which refuses once there are submissions.

Source: nbgrader 0.9.6, `GenerateAssignment` and `SaveCells`.
"""

import copy
import json
import os
from collections.abc import Mapping
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import new_uuid
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums
from sqlalchemy import Connection, Table, func, or_, select
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.folder import Course
from autograder.errors import BuildError
from autograder.grading.gradebook_open import Database, enter_course
from autograder.grading.gradebook_tables import (
    ASSIGNMENT,
    BASE_CELL,
    COMMENT,
    COMMENTED_KINDS,
    GRADE,
    GRADE_CELL,
    GRADE_KIND,
    GRADED_KINDS,
    NOTEBOOK,
    SOLUTION_CELL,
    SOLUTION_KIND,
    SOURCE_CELL,
    SUBMITTED_NOTEBOOK,
    TASK_CELL,
    TASK_KIND,
)

KINDS: dict[str, tuple[Table, str]] = {
    GRADE_KIND: (GRADE_CELL, "check"),
    SOLUTION_KIND: (SOLUTION_CELL, "gap"),
    TASK_KIND: (TASK_CELL, "task"),
}
"""Where the rest of a cell's row is, and what it is called."""

AT_ONCE = 1000  # rows of one statement

Cells = dict[tuple[str, str], dict[str, Any]]
"""Kind and name of each cell, with the values of its kind's table."""


def saved_cells(course: Course, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a source notebook as nbgrader saves its cells: gaps emptied, hidden checks still in, with checksums.

    Args:
        course: the course folder; its `nbgrader_config.py` says what a gap is.
        notebook: the source notebook; it stays as it is.

    Raises:
        BuildError: if a gap does not end, or a cell's name is missing or used twice.
    """
    config = _config(course)
    saved = copy.deepcopy(notebook)
    try:
        MetadataValidator().validate_nb(saved)
        for step in (ClearSolutions, ComputeChecksums):
            saved, _ = step(config=config).preprocess(saved, {})
    except (ValidationError, RuntimeError) as error:
        raise BuildError(f"nbgrader refuses the notebook: {error}.") from error
    return saved


def _config(course: Course) -> Config:
    """Return nbgrader's settings; the file also sets variables, which are for nbgrader's own processes."""
    before = dict(os.environ)
    try:
        config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
        return config
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


def update_cells(
    db_url: str, assignment_name: str, notebook: nbformat.NotebookNode, course_id: str = "default_course"
) -> list[str]:
    """Bring an assignment of the gradebook in line with a notebook's cells, whatever was submitted already.

    What remains keeps its scores and comments. A new check has no score in the submissions that are there, and asks for
    a person until they are graded again. What is removed is gone with its scores: back up first.

    Args:
        db_url: the gradebook; it is made if it is new.
        assignment_name: name of the assignment and of its notebook; entered if it is missing.
        notebook: as `saved_cells` returns it.
        course_id: the course of an assignment that is missing.

    Returns:
        Sentences on what changed; none if nothing did.

    Raises:
        ValueError: if the notebook is another one.
        CourseError: if the gradebook cannot be opened or written.
    """
    cells, sources = _cells(notebook), _sources(notebook)
    kernel = json.dumps(notebook.metadata.get("kernelspec", {}))
    with Database(db_url) as database:
        if not database.exists():
            database.make()
        return database.write(
            lambda connection: _update(connection, assignment_name, course_id, kernel, cells, sources)
        )


def _cells(notebook: nbformat.NotebookNode) -> Cells:
    cells: Cells = {}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if utils.is_solution(cell):
            cells[SOLUTION_KIND, marks["grade_id"]] = {}
        for kind, is_kind in ((GRADE_KIND, utils.is_grade), (TASK_KIND, utils.is_task)):
            if is_kind(cell):
                points = float(marks["points"])
                cells[kind, marks["grade_id"]] = {"max_score": points, "cell_type": cell.cell_type}
    return cells


def _sources(notebook: nbformat.NotebookNode) -> dict[str, dict[str, Any]]:
    """Return the text of each cell that nbgrader restores or compares."""
    sources = {}
    for cell in notebook.cells:
        if any(is_kind(cell) for is_kind in (utils.is_grade, utils.is_solution, utils.is_locked, utils.is_task)):
            marks = cell.metadata.nbgrader
            if "checksum" not in marks and not utils.is_task(cell):
                raise ValueError(f"cell {marks['grade_id']} has no checksum: pass what saved_cells returns")
            sources[marks["grade_id"]] = {
                "cell_type": cell.cell_type,
                "locked": utils.is_locked(cell),
                "source": cell.source,
                "checksum": marks.get("checksum"),
            }
    return sources


def _update(
    connection: Connection,
    name: str,
    course_id: str,
    kernel: str,
    cells: Cells,
    sources: dict[str, dict[str, Any]],
) -> list[str]:
    row = connection.execute(
        select(NOTEBOOK.c.id, NOTEBOOK.c.kernelspec)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == NOTEBOOK.c.assignment_id)
        .where(ASSIGNMENT.c.name == name, NOTEBOOK.c.name == name)
    ).first()
    notebook = row.id if row else _enter_notebook(connection, name, course_id, kernel)
    submitted = connection.execute(select(SUBMITTED_NOTEBOOK.c.id).filter_by(notebook_id=notebook)).scalars().all()
    said = _update_cells(connection, notebook, list(submitted), cells)
    said += _update_sources(connection, notebook, sources)
    if row is None:
        checks = _count(sum(kind in GRADED_KINDS for kind, _ in cells), "check")
        return [f"entered into the gradebook, with {checks}."]
    if json.loads(row.kernelspec or "{}") != json.loads(kernel):
        connection.execute(NOTEBOOK.update().where(NOTEBOOK.c.id == notebook).values(kernelspec=kernel))
        said.append(f"{name} has another kernel.")
    return said


def _enter_notebook(connection: Connection, name: str, course_id: str, kernel: str) -> str:
    assignment = connection.execute(select(ASSIGNMENT.c.id).filter_by(name=name)).scalar()
    if assignment is None:
        assignment = new_uuid()
        enter_course(connection, course_id)
        connection.execute(ASSIGNMENT.insert(), {"id": assignment, "name": name, "course_id": course_id})
    notebook: str = new_uuid()
    values = {"id": notebook, "name": name, "assignment_id": assignment, "kernelspec": kernel}
    connection.execute(NOTEBOOK.insert(), values)
    return notebook


def _update_cells(connection: Connection, notebook: str, submitted: list[str], cells: Cells) -> list[str]:
    query = select(BASE_CELL.c.type, BASE_CELL.c.name, BASE_CELL.c.id).where(BASE_CELL.c.notebook_id == notebook)
    there = {(row.type, row.name): row.id for row in connection.execute(query)}
    said = [_remove(connection, *key, there[key]) for key in there if key not in cells]
    for (kind, name), values in cells.items():
        if (kind, name) not in there:
            said.append(_add(connection, kind, name, notebook, values, submitted))
        elif values:
            said += _change(connection, kind, name, there[kind, name], values)
    return said


def _add(
    connection: Connection, kind: str, name: str, notebook: str, values: Mapping[str, Any], submitted: list[str]
) -> str:
    table, word = KINDS[kind]
    cell = new_uuid()
    connection.execute(BASE_CELL.insert(), {"id": cell, "name": name, "notebook_id": notebook, "type": kind})
    connection.execute(table.insert(), {"id": cell, **values})
    for kinds, rows in ((GRADED_KINDS, GRADE), (COMMENTED_KINDS, COMMENT)):
        for start in range(0, len(submitted) if kind in kinds else 0, AT_ONCE):
            chunk = submitted[start : start + AT_ONCE]
            connection.execute(rows.insert(), [{"cell_id": cell, "notebook_id": one} for one in chunk])
    worth = f", worth {_count(values['max_score'], 'point')}" if values else ""
    to_do = f"; {_count(len(submitted), 'submission')} without a score for it" if submitted and values else ""
    return f"The {word} {name} was added{worth}{to_do}."


def _remove(connection: Connection, kind: str, name: str, cell: str) -> str:
    by_hand = or_(GRADE.c.manual_score.is_not(None), GRADE.c.extra_credit.is_not(None))
    query = select(func.count()).select_from(GRADE).where(GRADE.c.cell_id == cell)
    scores = connection.execute(query.where(or_(by_hand, GRADE.c.auto_score.is_not(None)))).scalar() or 0
    hand = connection.execute(query.where(by_hand)).scalar() or 0
    table, word = KINDS[kind]
    for rows in (GRADE, COMMENT):
        connection.execute(rows.delete().where(rows.c.cell_id == cell))
    for cells in (table, BASE_CELL):
        connection.execute(cells.delete().where(cells.c.id == cell))
    lost = f", with {_count(scores, 'score')}, {hand} of them given by hand" if scores else ""
    return f"The {word} {name} was removed{lost}."


def _change(connection: Connection, kind: str, name: str, cell: str, values: Mapping[str, Any]) -> list[str]:
    table, word = KINDS[kind]
    old = connection.execute(select(table).where(table.c.id == cell)).one()
    if (old.max_score, old.cell_type) == (values["max_score"], values["cell_type"]):
        return []
    connection.execute(table.update().where(table.c.id == cell).values(**values))
    if old.max_score == values["max_score"]:
        return [f"The {word} {name} is a {values['cell_type']} cell now."]
    return [f"The {word} {name} is worth {_count(values['max_score'], 'point')} instead of {old.max_score:g}."]


def _update_sources(connection: Connection, notebook: str, sources: dict[str, dict[str, Any]]) -> list[str]:
    there = {row.name: row for row in connection.execute(select(SOURCE_CELL).filter_by(notebook_id=notebook))}
    for name in there.keys() - sources.keys():
        connection.execute(SOURCE_CELL.delete().where(SOURCE_CELL.c.id == there[name].id))
    new = [{"name": name, "notebook_id": notebook, **values} for name, values in sources.items() if name not in there]
    if new:
        connection.execute(SOURCE_CELL.insert(), new)
    said = []
    for name, values in sources.items():
        if name in there and any(getattr(there[name], key) != value for key, value in values.items()):
            connection.execute(SOURCE_CELL.update().where(SOURCE_CELL.c.id == there[name].id).values(**values))
            said.append(f"The text of {name} changed.")
    return said


def _count(amount: float, thing: str) -> str:
    return f"{amount:g} {thing}" + ("" if amount == 1 else "s")
