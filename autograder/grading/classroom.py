"""Where the submissions of a class lie, and what grading puts beside them.

FOLDER/submitted/<student>/<assignment>/<assignment>.ipynb
FOLDER/autograded/  FOLDER/feedback/  FOLDER/gradebook.db  FOLDER/.autograder/
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.errors import UsageError
from autograder.model import Submission


@dataclass(frozen=True)
class Classroom:
    """One folder of submissions.

    Args:
        submitted: the folder that holds a folder per student; an absolute path.
        db_url: the gradebook, as SQLAlchemy writes it.
    """

    submitted: Path
    db_url: str

    @property
    def autograded(self) -> Path:
        """Executed notebooks."""
        return self.submitted.parent / "autograded"

    @property
    def private(self) -> Path:
        """What grading keeps for itself: journal, lock, reasons, copies of the gradebook."""
        return self.submitted.parent / ".autograder"

    @property
    def feedback(self) -> Path:
        """Feedback pages."""
        return self.submitted.parent / "feedback"

    def settings(self) -> dict[str, object]:
        """Return the settings that point plain nbgrader at this class instead of at the course folder."""
        return {
            "CourseDirectory.root": self.submitted.parent,
            "CourseDirectory.submitted_directory": self.submitted.name,
            "CourseDirectory.db_url": self.db_url,
        }

    def executed(self, submission: Submission) -> Path:
        """Return where the executed notebook of a submission lies, as nbgrader has it."""
        name = submission.assignment
        return self.autograded / submission.student / name / f"{name}.ipynb"


def gradebook_url(folder: Path) -> str:
    """Return the address of a class's own SQLite gradebook."""
    return f"sqlite:///{quote(str(folder / 'gradebook.db'))}"


def open_classroom(path: Path, db_url: str | None = None) -> Classroom:
    """Return the classroom of a folder of submissions.

    Raises:
        UsageError: if there is no such folder.
    """
    if not _is_folder(path):
        raise UsageError(f"{path} is no folder: give the folder that holds one folder per student.")
    submitted = path.resolve()
    return Classroom(submitted, db_url or gradebook_url(submitted.parent))


def find_submissions(classroom: Classroom, assignments: tuple[str, ...]) -> list[Submission]:
    """List what was submitted for some assignments, ordered by student and assignment.

    Raises:
        UsageError: if nothing was, or if the folder may not be read.
    """
    found = [
        Submission(student.name, folder.name, str(folder))
        for student in _entries(classroom.submitted)
        if _is_folder(student)
        for folder in (_entries(student) if _may_be_read(student) else [])
        if folder.name in assignments and _is_folder(folder)
    ]
    if not found:
        raise UsageError(
            f"{classroom.submitted} holds no submission of {' or '.join(assignments)}: "
            "submissions lie in <student>/<assignment>/<assignment>.ipynb."
        )
    return found


def without_submission(classroom: Classroom, found: list[Submission]) -> list[str]:
    """List what lies among the students' folders and has no submission: a folder with a misspelled name, a file."""
    graded = {submission.student for submission in found}
    return [path.name for path in _entries(classroom.submitted) if path.name not in graded]


def is_closed(classroom: Classroom, student: str) -> bool:
    """Tell whether a student's folder may not be read by who grades."""
    folder = classroom.submitted / student
    return _is_folder(folder) and not _may_be_read(folder)


def _may_be_read(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, in order.

    Raises:
        UsageError: if it may not be read.
    """
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}.") from error


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a link to a place that may not be seen
        return False
