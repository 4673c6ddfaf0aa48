"""Every fault that is ours or the user's, drawn once.

    CourseError            3  the course or the machine is at fault
    ├── UsageError         2  a path, a name or an option is wrong
    │   └── DataError      2  a file of pictures is missing, damaged or of another form
    ├── NbgraderError      3  nbgrader ended with an error
    ├── CannotWriteError   3  what must be kept cannot be written: the run ends
    └── BuildError         3  a source, a reference or a check is wrong
        └── StaleError     1  a generated file is out of date

The number is the exit code of the command. A student's fault is never one of these: it is a verdict.
"""


class CourseError(Exception):
    """The course or the machine is at fault; the message is one sentence that says what to do."""

    exit_code = 3


class UsageError(CourseError):
    """A path, a name or an option that the user gave is wrong."""

    exit_code = 2


class DataError(UsageError):
    """A file of pictures is missing, damaged or of another form than it should have."""

    def _render_traceback_(self) -> list[str]:
        """Tell Jupyter to show the sentence alone: the reader's own line is not at fault."""
        return [f"{type(self).__name__}: {self}"]


class NbgraderError(CourseError):
    """An nbgrader command ended with an error; `log` is all that it wrote."""

    def __init__(self, message: str, log: str) -> None:
        """Keep the log beside the sentence."""
        super().__init__(message)
        self.log = log


class CannotWriteError(CourseError):
    """What must be kept cannot be written, as when the disk is full: to go on would be to lose it."""

    def __init__(self, what: str, error: OSError) -> None:
        """Say what, why, and how to go on."""
        super().__init__(f"{what}: {error.strerror or error}. Make room or allow it, then give the same command again.")


class BuildError(CourseError):
    """A source notebook, a reference or a check is wrong: nothing was released."""


class StaleError(BuildError):
    """A generated file differs from what its source gives now."""

    exit_code = 1
