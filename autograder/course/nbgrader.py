"""The real nbgrader, run as a command: one process a call, since it changes its working folder as it goes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from autograder.course.folder import COURSE_VARIABLE, Course
from autograder.errors import NbgraderError

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
"""nbgrader's own markers; what stands between them is not in a release."""

LAST_LINES = 4
"""How much of nbgrader's log goes into an error: the end says why."""


def run_nbgrader(
    course: Course, *arguments: str, settings: Mapping[str, object], environment: Mapping[str, str] | None = None
) -> str:
    """Run one nbgrader command in a course folder, with its `nbgrader_config.py`.

    Args:
        course: the course folder.
        arguments: the command and its operands.
        settings: nbgrader's configuration by full name, such as `CourseDirectory.root`.
        environment: variables on top of this process's.

    Returns:
        What nbgrader logged.

    Raises:
        NbgraderError: if nbgrader ends with an error; the message holds the end of its log.
    """
    options = [f"--{name}={value}" for name, value in settings.items()]
    result = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments, *options],
        cwd=course.root,
        env=_environment(course, environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    log = result.stdout + result.stderr
    if result.returncode != 0:
        end = " | ".join(log.strip().splitlines()[-LAST_LINES:])
        raise NbgraderError(f"nbgrader {arguments[0]} ended with code {result.returncode}: {end}", log)
    return log


def with_our_programs(path: str) -> str:
    """Return a PATH with the folder of this Python's programs in it.

    nbgrader calls `alembic` from PATH when it makes a gradebook.
    """
    ours = str(Path(sys.executable).parent)
    return path if ours in path.split(os.pathsep) else os.pathsep.join([ours, path])


def _environment(course: Course, more: Mapping[str, str]) -> dict[str, str]:
    path = with_our_programs(os.environ.get("PATH", os.defpath))
    return {
        **os.environ,
        "PATH": path,
        COURSE_VARIABLE: str(course.root),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **more,
    }
