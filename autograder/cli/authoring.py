"""Commands of those who write assignments: build, release, sample, mistakes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.errors import UsageError

EXISTING = click.Path(path_type=Path)


@click.command(short_help="Make and prove the release notebooks and recorded results.")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a generated file is out of date.")
@click.option("--prove", is_flag=True, help="With --check: grade source and release with nbgrader all the same.")
@click.option("--skip-mistakes", is_flag=True, help="Leave the recorded mistakes; to observe them takes longest.")
@click.argument("assignments", nargs=-1)
@click.pass_obj
def build(course: Path | None, check: bool, prove: bool, skip_mistakes: bool, assignments: tuple[str, ...]) -> None:
    """Make the release notebooks and recorded results from their sources, and prove them with nbgrader."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.course.folder import find_course
    from autograder.notebook.build import build as build_assignment

    found = find_course(course)
    for name in assignments or sorted(MODULES):
        build_assignment(found, find_assignment(name), click.echo, check, prove, not skip_mistakes)


@click.command(short_help="Make the zip that students get.")
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


@click.command(short_help="Write a sample class of submissions with known faults.")
@click.argument("folder", type=EXISTING)
@click.pass_obj
def sample(course: Path | None, folder: Path) -> None:
    """Write a sample class into FOLDER: submissions made from the reference by named changes."""
    from autograder.checks.registry import find_assignment
    from autograder.course.folder import find_course
    from autograder.notebook.sample import write_sample_class

    for student, sentence in write_sample_class(find_course(course), find_assignment("03_residual_blocks"), folder):
        click.echo(f"{student}: {sentence}")


@click.command(short_help="Show which checks catch which mistake.")
@click.option("--write", is_flag=True, help="Write docs/mistakes.md as well.")
@click.pass_obj
def mistakes(course: Path | None, write: bool) -> None:
    """Show which checks catch which mistake; exit with 1 if one is not caught."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.course.folder import find_course
    from autograder.course.mistakes import Caught, kill_matrix
    from autograder.report.mistakes import mistakes_page

    found = find_course(course)
    caught: dict[tuple[str, str], tuple[Caught, ...]] = {}
    for name in sorted(MODULES):
        for exercise in find_assignment(name).exercises:
            click.echo(f"{name}: {exercise.name} ...", err=True)
            caught[name, exercise.name] = kill_matrix(found, exercise)
    page = mistakes_page(caught)
    click.echo(page, nl=False)
    if write:
        (found.root / "docs" / "mistakes.md").write_text(page, encoding="utf-8")
    sys.exit(not all(one.checks for rows in caught.values() for one in rows))
