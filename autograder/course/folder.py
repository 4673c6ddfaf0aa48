"""Where things lie in a course folder."""

import os
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError, UsageError

COURSE_VARIABLE = "AUTOGRADER_COURSE"
"""Environment variable that names the course folder to kernels which run outside it."""


@dataclass(frozen=True)
class Course:
    """A course folder.

    Args:
        root: the folder.
        seed_file: where its secret lies, if not in its usual place.
    """

    root: Path
    seed_file: Path | None = None

    @property
    def sources(self) -> Path:
        """Hand-written notebook sources, py:percent."""
        return self.root / "notebooks" / "source"

    @property
    def releases(self) -> Path:
        """Release notebooks, generated and committed."""
        return self.root / "notebooks"

    @property
    def source_notebooks(self) -> Path:
        """Source notebooks with solutions and hidden checks; generated, never committed."""
        return self.root / "build" / "source"

    @property
    def expected(self) -> Path:
        """Recorded results."""
        return self.root / "data" / "expected"

    @property
    def secret_seed(self) -> Path:
        """The secret that hidden cases are drawn from."""
        return self.seed_file or self.private / "secret_seed"

    @property
    def private(self) -> Path:
        """What no student may see and no version control keeps: the secret, and what the reference shows on it."""
        return self.root / ".autograder"


def find_course(given: Path | None = None, here: Path | None = None) -> Course:
    """Find the course folder: the nearest at or above what the user gave, else what the environment says, else `here`.

    Args:
        given: a folder that the user named.
        here: where to look from otherwise; by default the current folder.

    Raises:
        UsageError: if the folder that the user named is not in a course.
        CourseError: if there is none.
    """
    named = os.environ.get(COURSE_VARIABLE)
    start = (given or Path(named or here or Path.cwd())).resolve()
    for folder in [start, *start.parents]:
        if (folder / "solutions").is_dir() and (folder / "nbgrader_config.py").is_file():
            return Course(folder)
    if given:
        raise UsageError(f"{given} is not in a course folder (one with solutions/ and nbgrader_config.py).")
    if named:
        raise CourseError(f"{COURSE_VARIABLE} names {named}, which is no course folder: unset it, or use --course DIR.")
    raise CourseError(
        f"{start} is not in a course folder (one with solutions/ and nbgrader_config.py): go there or use --course DIR."
    )
