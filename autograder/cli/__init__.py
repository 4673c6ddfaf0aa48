"""The command `autograder`: parses, calls, prints, sets the exit code; nothing else prints.

Exit codes: 0 fine; 1 a check failed or a generated file is out of date; 2 wrong usage; 3 course or machine at fault;
130 stopped by Ctrl-C. What takes long to import is imported by the command that needs it: `autograder --help` answers
at once.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from autograder.cli import authoring, grading, learning
from autograder.errors import CourseError

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C stopped."""


class CourseGroup(click.Group):
    """Turns every foreseeable fault into one sentence and its exit code."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(context)
        except CourseError as error:
            click.echo(f"autograder: {error}", err=True)
            context.exit(error.exit_code)
        except KeyboardInterrupt as stopped:
            click.echo(f"autograder: stopped{f'; {stopped}' if str(stopped) else ''}.", err=True)
            context.exit(INTERRUPTED)


@click.group(cls=CourseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="residual-course")
@click.option(
    "--course",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Course folder; by default the current one or the nearest above it.",
)
@click.pass_context
def main(context: click.Context, course: Path | None) -> None:
    """Build, validate and grade the assignments of the residual networks course."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Windows writes to a file or pipe in a character set without ✓
            stream.reconfigure(errors="replace")
    context.obj = course


for command in (
    authoring.build,
    grading.validate,
    grading.grade,
    grading.replay,
    grading.feedback,
    grading.doctor,
    authoring.release,
    authoring.sample,
    authoring.mistakes,
    learning.solution,
):
    main.add_command(command)
