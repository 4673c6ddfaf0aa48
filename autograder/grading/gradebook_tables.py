"""nbgrader's tables, as SQLAlchemy's statements use them: ten times as fast as its objects."""

from typing import Any

from nbgrader.api import Base
from sqlalchemy import MetaData, Table, select

METADATA: MetaData = Base.metadata


def _table(name: str) -> Table:
    return METADATA.tables[name]


COURSE = _table("course")
STUDENT = _table("student")
ASSIGNMENT = _table("assignment")
NOTEBOOK = _table("notebook")
SUBMISSION = _table("submitted_assignment")
SUBMITTED_NOTEBOOK = _table("submitted_notebook")
GRADE = _table("grade")
COMMENT = _table("comment")
BASE_CELL = _table("base_cell")
GRADE_CELL = _table("grade_cells")
SOLUTION_CELL = _table("solution_cells")
TASK_CELL = _table("task_cells")
SOURCE_CELL = _table("source_cell")

GRADE_KIND, SOLUTION_KIND, TASK_KIND = "GradeCell", "SolutionCell", "TaskCell"
"""What `base_cell.type` holds. A task is a text that a person grades: it has both a grade and a comment."""

GRADED_KINDS, COMMENTED_KINDS = (GRADE_KIND, TASK_KIND), (SOLUTION_KIND, TASK_KIND)


def rows_of(table: Table, *columns: Any) -> Any:  # how a query's type is written differs between SQLAlchemy 2.0 and 2.1
    """Return a query of the grades or comments, whichever table it is, of one assignment.

    It goes by way of notebooks and cells, since nbgrader's indexes begin with those: a submission is found at once
    among a hundred thousand.
    """
    return (
        select(*columns)
        .select_from(ASSIGNMENT)
        .join(SUBMISSION, SUBMISSION.c.assignment_id == ASSIGNMENT.c.id)
        .join(NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id)
        .join(
            SUBMITTED_NOTEBOOK,
            (SUBMITTED_NOTEBOOK.c.notebook_id == NOTEBOOK.c.id)
            & (SUBMITTED_NOTEBOOK.c.assignment_id == SUBMISSION.c.id),
        )
        .join(BASE_CELL, BASE_CELL.c.notebook_id == NOTEBOOK.c.id)
        .join(table, (table.c.cell_id == BASE_CELL.c.id) & (table.c.notebook_id == SUBMITTED_NOTEBOOK.c.id))
    )
