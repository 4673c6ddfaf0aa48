"""nbgrader's tables, as SQLAlchemy's statements use them: ten times as fast as its objects."""

from nbgrader.api import Base
from sqlalchemy import MetaData, Table

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
