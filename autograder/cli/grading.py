"""Commands of those who grade: grade, replay, feedback, doctor; and `validate`, which is the students'."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.options import Chosen, grading_options
from autograder.errors import CourseError, UsageError
from autograder.report.printable import printable
from autograder.report.progress import Progress

if TYPE_CHECKING:
    from autograder.course.folder import Course
    from autograder.grading.classroom import Classroom
    from autograder.grading.session import Session
    from autograder.model import Assignment, GradedSubmission, Submission
    from autograder.sandbox.level import Level

EXISTING = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, readable=False)  # whether it can be read is said in words of our own


@click.command(short_help="Run a notebook here, unprotected, and show its checks.")
@click.argument("notebook", type=EXISTING)
@click.option("--hints", type=click.IntRange(0, 3), default=1, show_default=True, help="How many hints to tell.")
def validate(notebook: Path, hints: int) -> None:
    """Run a NOTEBOOK on this machine, unprotected, and show its checks; exit with 1 if one fails."""
    from autograder.checks.card import HINTS
    from autograder.grading.validate import validate as run
    from autograder.model import Outcome
    from autograder.report.table import verdict_lines

    verdicts, stopped = run(notebook)
    click.echo("\n".join([*stopped, verdict_lines(verdicts, hints)]))
    if hints < len(HINTS) and any(verdict.named for verdict in verdicts):
        click.echo(f"To be told more: --hints {hints + 1}, up to {len(HINTS)}.")
    sys.exit(any(verdict.outcome not in (Outcome.PASSED, Outcome.SKIPPED) for verdict in verdicts))


@click.command(short_help="Grade folders of submissions.")
@click.argument("paths", nargs=-1, required=True, type=FOLDER)
@click.option("--results", type=click.Path(path_type=Path, dir_okay=False), help="Write the results as JSON.")
@click.option("--anew", is_flag=True, help="Run everything again, also what an earlier run has observed.")
@click.option("--watch", is_flag=True, help="Stay, grade what arrives, and write its feedback page; Ctrl-C ends it.")
@grading_options
@click.pass_obj
def grade(
    course: Path | None, paths: tuple[Path, ...], results: Path | None, anew: bool, watch: bool, chosen: Chosen
) -> None:
    """Grade the submissions in PATHS: folders that hold <student>/<assignment>/<assignment>.ipynb.

    What was interrupted goes on where it stopped when the same command is given again.
    """
    from autograder.report.results import Results
    from autograder.report.table import Table

    level = chosen.level()
    table = Table()
    with Results(results) as kept:
        try:
            for path in paths:
                for graded in _graded(course, path, chosen, level, anew, watch):
                    kept.add(graded)
                    table.add(graded)
        except KeyboardInterrupt:
            kept.finish()
            click.echo(table.text() if table.rows else "", nl=bool(table.rows))
            again = "the same command without --anew" if anew else "the same command"
            raise KeyboardInterrupt(f"what is graded is kept, and {again} goes on from there") from None
        kept.finish()
    click.echo(table.text())


def _graded(
    course: Path | None, path: Path, chosen: Chosen, level: Level, anew: bool, watch: bool
) -> Iterator[GradedSubmission]:
    """Grade the submissions of one folder."""
    from autograder.grading.classroom import find_submissions, open_classroom
    from autograder.grading.session import Options, open_session
    from autograder.sandbox.station import processors

    found, assignments = _course(course, chosen), _assignments(chosen.names)
    classroom = open_classroom(path, chosen.db)
    submissions = [] if watch else find_submissions(classroom, tuple(assignments))
    if not watch:
        _name_the_missing(classroom, submissions, assignments)
    present = {submission.assignment for submission in submissions} or set(assignments)
    needed = {name: assignments[name] for name in present}
    options = Options(level, chosen.jobs or processors(), chosen.cluster, anew=anew)

    def register() -> None:
        _register(found, needed, classroom.db_url)

    with open_session(found, classroom, assignments, options, register) as session:
        if watch:
            yield from _watched(session, classroom, tuple(assignments))
            return
        progress = Progress("grading", len(submissions), sys.stderr)
        for graded in session.grade(submissions):
            progress.one_more(graded.student)
            yield graded


def _name_the_missing(classroom: Classroom, submissions: list[Submission], assignments: dict[str, Assignment]) -> None:
    """Say who handed in nothing that could be graded."""
    from autograder.grading.classroom import is_closed, without_submission

    for student in without_submission(classroom, submissions):
        closed = is_closed(classroom, student)
        why = "the folder may not be read" if closed else f"no folder of {' or '.join(assignments)}"
        click.echo(f"{printable(student)}: {why}; nothing was graded", err=True)


def _watched(session: Session, classroom: Classroom, names: tuple[str, ...]) -> Iterator[GradedSubmission]:
    """Grade what arrives, and make its feedback page."""
    from autograder.grading.watch import arriving

    click.echo(f"watching {classroom.submitted}; Ctrl-C ends it", err=True)
    for graded in session.grade(arriving(classroom, names)):
        page = _feedback_page(classroom, _submission(classroom, graded))
        score = f"{graded.score:g}/{graded.max_score:g} {graded.outcome.value}"
        click.echo(f"{printable(graded.student)}: {score} {page or graded.message}")
        yield graded


def _course(course: Path | None, chosen: Chosen) -> Course:
    from autograder.course.folder import find_course

    found = find_course(course)
    return replace(found, seed_file=chosen.seed_file.resolve()) if chosen.seed_file else found


def _assignments(names: tuple[str, ...]) -> dict[str, Assignment]:
    from autograder.checks.registry import MODULES, find_assignment

    return {name: find_assignment(name) for name in names or sorted(MODULES)}


def _register(course: Course, assignments: dict[str, Assignment], db_url: str) -> None:
    """Make sure that the gradebook has the assignments with the cells that they have now."""
    from autograder.notebook.register import register_missing

    for name in sorted(assignments):
        for sentence in register_missing(course, assignments[name], db_url):
            click.echo(f"{name}: {sentence}", err=True)


def _submission(classroom: Classroom, graded: GradedSubmission) -> Submission:
    from autograder.model import Submission

    path = classroom.submitted / graded.student / graded.assignment
    return Submission(graded.student, graded.assignment, str(path))


@click.command(short_help="Run one submission again on the same cases, for an appeal.")
@click.argument("student")
@click.option("--in", "path", type=FOLDER, default="submitted", show_default=True, help="Folder of the submissions.")
@grading_options
@click.pass_obj
def replay(course: Path | None, student: str, path: Path, chosen: Chosen) -> None:
    """Run the submission of STUDENT again on the same cases, for an appeal; exit with 1 if a verdict differs.

    Nothing is entered into the gradebook.
    """
    from autograder.grading.classroom import find_submissions, open_classroom
    from autograder.grading.replay import replayed
    from autograder.report.table import verdict_lines

    level = chosen.level()
    found, assignments = _course(course, chosen), _assignments(chosen.names)
    classroom = open_classroom(path, chosen.db)
    wanted = [one for one in find_submissions(classroom, tuple(assignments)) if one.student == student]
    if not wanted:
        raise UsageError(f"There is no submission of {student} in {path}.")
    same = True
    for submission in wanted:
        before, now = replayed(found, classroom, assignments, submission, level)
        click.echo(f"{printable(submission.student)}, {submission.assignment}:")
        click.echo(verdict_lines(now.verdicts) if now.verdicts else now.message)
        if before is None:
            click.echo("It was not graded before, so there is nothing to compare with.")
            continue
        old, new = _outcomes(before), _outcomes(now)
        changed = [
            f"{check}: {old.get(check, 'not judged')} before, {new.get(check, 'not judged')} now"
            for check in dict.fromkeys((*old, *new))
            if old.get(check) != new.get(check)
        ]
        click.echo("\n".join(changed) if changed else "The same verdicts as before.")
        same = same and not changed
    sys.exit(not same)


def _outcomes(graded: GradedSubmission) -> dict[str, str]:
    """Return the outcome of each check; of the submission itself, if nothing of it was judged."""
    outcomes = {verdict.check: verdict.outcome.value for verdict in graded.verdicts}
    return outcomes or {graded.assignment: graded.outcome.value}


@click.command(short_help="Say how students' code can be confined here.")
def doctor() -> None:
    """Say how students' code can be confined on this machine, and how to get what is missing."""
    from autograder.sandbox.doctor import find_level
    from autograder.sandbox.level import Level

    level, findings = find_level()
    for finding in findings:
        click.echo(f"{'✓' if finding.works else '✗'} {finding.level.value}: {finding.sentence}")
        if finding.remedy:
            click.echo(f"    {finding.remedy}")
    if level is Level.NONE:
        raise CourseError("Neither holds: `grade` refuses to run students' code here, unless told --sandbox none.")
    click.echo(f"`grade` uses: {level.value}")


@click.command(short_help="Make a feedback page for each graded submission.")
@click.argument("path", type=FOLDER)
@click.option("--assignment", "names", multiple=True, help="Only this assignment; may be given several times.")
@click.option("--db", help="Gradebook, as an SQLAlchemy URL; by default gradebook.db beside the submissions.")
def feedback(path: Path, names: tuple[str, ...], db: str | None) -> None:
    """Make a feedback page for each graded submission in the folder PATH."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.grading.classroom import find_submissions, open_classroom

    classroom = open_classroom(path, db)
    submissions = find_submissions(classroom, tuple(find_assignment(name).name for name in names or sorted(MODULES)))
    progress = Progress("feedback", len(submissions), sys.stderr)
    made = 0
    for submission in submissions:
        page = _feedback_page(classroom, submission)
        made += page is not None
        progress.one_more(submission.student)
        if page is None:
            click.echo(
                f"{printable(submission.student)}: no page, since {submission.assignment} was not graded", err=True
            )
    if not made:
        raise UsageError(f"Nothing in {path} was graded yet: run `autograder grade {path}` first.")
    click.echo(f"{made} pages in {path.parent / classroom.feedback.name}/<student>/<assignment>/<assignment>.html")


def _feedback_page(classroom: Classroom, submission: Submission) -> Path | None:
    from autograder.checks.registry import find_assignment
    from autograder.grading.feedback import write_page
    from autograder.grading.gradebook_person import from_person
    from autograder.grading.outcome import executed_notebook, graded_again
    from autograder.report.feedback import feedback_html

    graded = graded_again(classroom, find_assignment(submission.assignment), submission)
    if graded is None:
        return None
    notebook = executed_notebook(classroom, submission) if graded.verdicts else None
    person = from_person(classroom.db_url, submission)
    return write_page(classroom, submission, feedback_html(graded, notebook, person))
