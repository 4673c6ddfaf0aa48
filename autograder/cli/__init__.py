"""The command `autograder`: parses, calls, prints, sets the exit code; nothing else prints.

Exit codes: 0 fine; 1 a check failed or a generated file is out of date; 2 wrong usage; 3 course or machine at fault.
What takes long to import is imported by the command that needs it: `autograder --help` answers at once.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import CourseError, UsageError

if TYPE_CHECKING:
    from autograder.grading.classroom import Classroom
    from autograder.model import GradedSubmission, Submission

EXISTING = click.Path(path_type=Path)


class CourseGroup(click.Group):
    """Turns every foreseeable fault into one sentence and its exit code."""

    def invoke(self, context: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(context)
        except CourseError as error:
            click.echo(f"autograder: {error}", err=True)
            context.exit(error.exit_code)


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


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a generated file is out of date.")
@click.argument("assignments", nargs=-1)
@click.pass_obj
def build(course: Path | None, check: bool, assignments: tuple[str, ...]) -> None:
    """Make the release notebooks and recorded results from their sources, and prove them with nbgrader."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.course.folder import find_course
    from autograder.notebook.build import build as build_assignment

    found = find_course(course)
    for name in assignments or sorted(MODULES):
        build_assignment(found, find_assignment(name), click.echo, check_only=check)


@main.command()
@click.argument("notebook", type=EXISTING)
def validate(notebook: Path) -> None:
    """Run a NOTEBOOK on this machine, unprotected, and show its checks; exit with 1 if one fails."""
    from autograder.grading.validate import validate as run
    from autograder.model import Outcome
    from autograder.report.table import verdict_lines

    verdicts = run(notebook)
    click.echo(verdict_lines(verdicts))
    sys.exit(any(verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED) for verdict in verdicts))


@main.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@click.option("--assignment", "names", multiple=True, help="Grade only this assignment; may be given several times.")
@click.option("--results", type=click.Path(path_type=Path, dir_okay=False), help="Write the results as JSON.")
@click.option("--db", help="Gradebook, as an SQLAlchemy URL; by default gradebook.db beside the submissions.")
@click.pass_obj
def grade(course: Path | None, paths: tuple[Path, ...], names: tuple[str, ...], results: Path | None, db: str) -> None:
    """Grade the submissions in PATHS: folders that hold <student>/<assignment>/<assignment>.ipynb."""
    from autograder.report.results import results_json
    from autograder.report.table import gradebook_table

    if results:
        _make_folder_of(results)
    graded = [one for path in paths for one in _grade_folder(course, path, names, db)]
    click.echo(gradebook_table(graded))
    if results:
        results.write_text(results_json(graded), encoding="utf-8")


def _make_folder_of(file: Path) -> None:
    """Make sure, before the work begins, that a file can be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error


def _grade_folder(course: Path | None, path: Path, names: tuple[str, ...], db: str | None) -> list[GradedSubmission]:
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.course.folder import find_course
    from autograder.grading.autograde import autograde
    from autograder.grading.classroom import find_submissions, open_classroom, without_submission
    from autograder.notebook.register import register_missing

    found, classroom = find_course(course), open_classroom(path, db)
    assignments = {name: find_assignment(name) for name in names or sorted(MODULES)}
    submissions = find_submissions(classroom, tuple(assignments))
    for student in without_submission(classroom, submissions):
        click.echo(f"{student}: no folder of {' or '.join(assignments)}; nothing was graded", err=True)
    for name in sorted({submission.assignment for submission in submissions}):
        if register_missing(found, assignments[name], classroom.db_url):
            click.echo(f"{name}: entered into {classroom.db_url}", err=True)
    with click.progressbar(submissions, label="grading", show_pos=True, file=sys.stderr, item_show_func=_who) as bar:
        return [autograde(found, classroom, assignments[one.assignment], one) for one in bar]


def _who(submission: object) -> str:
    return str(getattr(submission, "student", ""))


@main.command()
@click.argument("path", type=EXISTING)
@click.option("--assignment", "names", multiple=True, help="Only this assignment; may be given several times.")
@click.option("--db", help="Gradebook, as an SQLAlchemy URL; by default gradebook.db beside the submissions.")
def feedback(path: Path, names: tuple[str, ...], db: str | None) -> None:
    """Make a feedback page for each graded submission in the folder PATH."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.grading.classroom import find_submissions, open_classroom

    classroom = open_classroom(path, db)
    submissions = find_submissions(classroom, tuple(find_assignment(name).name for name in names or sorted(MODULES)))
    with click.progressbar(submissions, label="feedback", show_pos=True, file=sys.stderr, item_show_func=_who) as bar:
        pages = [(one, _feedback_page(classroom, one)) for one in bar]
    for submission, page in pages:
        if page is None:
            click.echo(f"{submission.student}: no page, since {submission.assignment} was not graded", err=True)
    made = sum(page is not None for _, page in pages)
    if not made:
        raise UsageError(f"Nothing in {path} was graded yet: run `autograder grade {path}` first.")
    click.echo(f"{made} pages in {path.parent / classroom.feedback.name}/<student>/<assignment>/<assignment>.html")


def _feedback_page(classroom: Classroom, submission: Submission) -> Path | None:
    from autograder.checks.registry import find_assignment
    from autograder.grading.feedback import write_page
    from autograder.grading.outcome import executed_notebook, graded_again
    from autograder.report.feedback import feedback_html

    graded = graded_again(classroom, find_assignment(submission.assignment), submission)
    if graded is None:
        return None
    notebook = executed_notebook(classroom, submission) if graded.verdicts else None
    return write_page(classroom, submission, feedback_html(graded, notebook))


@main.command()
@click.option("--assignment", "names", multiple=True, help="Pack only this assignment; may be given several times.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The zip file; by default in dist/.")
@click.pass_obj
def release(course: Path | None, names: tuple[str, ...], output: Path | None) -> None:
    """Make the zip that students get: notebooks, checks, how to install them; no answers."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.course.folder import find_course
    from autograder.notebook.release import write_release

    found = find_course(course)
    assignments = [find_assignment(name) for name in dict.fromkeys(names or sorted(MODULES))]
    name = assignments[0].name if len(set(names)) == 1 else "residual-course"
    target = output or found.root / "dist" / f"{name}.zip"
    if target.suffix != ".zip":
        raise UsageError(f"{target} is no name of a zip file: let it end in .zip.")
    members = write_release(found, assignments, target)
    click.echo(f"{target}: {target.stat().st_size / 1000:.0f} kB")
    for member, size in members.items():
        click.echo(f"{size / 1000:8.1f} kB  {member}")


@main.command()
@click.argument("folder", type=EXISTING)
@click.pass_obj
def sample(course: Path | None, folder: Path) -> None:
    """Write a sample class into FOLDER: submissions made from the reference by named changes."""
    from autograder.checks.registry import find_assignment
    from autograder.course.folder import find_course
    from autograder.notebook.sample import write_sample_class

    for student, sentence in write_sample_class(find_course(course), find_assignment("03_residual_blocks"), folder):
        click.echo(f"{student}: {sentence}")


@main.command()
@click.option("--write", is_flag=True, help="Write docs/mistakes.md as well.")
@click.pass_obj
def mistakes(course: Path | None, write: bool) -> None:
    """Show which checks catch which mistake; exit with 1 if one is not caught."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.course.folder import find_course
    from autograder.course.mistakes import kill_matrix
    from autograder.report.mistakes import mistakes_page

    found = find_course(course)
    exercises = [exercise for name in sorted(MODULES) for exercise in find_assignment(name).exercises]
    caught = [one for exercise in exercises for one in kill_matrix(found, exercise)]
    page = mistakes_page(caught)
    click.echo(page, nl=False)
    if write:
        (found.root / "docs" / "mistakes.md").write_text(page, encoding="utf-8")
    sys.exit(not all(one.checks for one in caught))
