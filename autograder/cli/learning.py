"""Commands of those who teach themselves: solution."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.errors import UsageError


@click.command(short_help="Show what belongs in one gap, for self-study.")
@click.argument("name")
@click.option("--assignment", help="Where several assignments have an exercise of that name.")
@click.pass_obj
def solution(course: Path | None, name: str, assignment: str | None) -> None:
    """Show what belongs between the markers of the gap NAME; for self-study, where the course folder has solutions/."""
    from autograder.checks.registry import MODULES, find_assignment
    from autograder.course.folder import find_course
    from autograder.notebook.gaps import read_gap

    found = find_course(course)
    assignments = [find_assignment(one) for one in ([assignment] if assignment else sorted(MODULES))]
    places = [(one.name, exercise) for one in assignments for exercise in one.exercises if exercise.name == name]
    if not places:
        names = ", ".join(exercise.name for one in assignments for exercise in one.exercises)
        raise UsageError(f"There is no exercise {name!r}; there are: {names}.")
    if len(places) > 1:
        raise UsageError(f"Several assignments have {name}: add --assignment {' or '.join(one for one, _ in places)}.")
    [(_, exercise)] = places
    click.echo("\n".join(read_gap(found, *exercise.reference.split(":")).solution))
