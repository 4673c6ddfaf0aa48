"""Options that `grade` and `replay` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.errors import CourseError, UsageError

if TYPE_CHECKING:
    from autograder.sandbox.level import Level

OPTIONS = (
    click.option("--assignment", "names", multiple=True, help="Only this assignment; may be given several times."),
    click.option("--db", help="Gradebook, as an SQLAlchemy URL; by default gradebook.db beside the submissions."),
    click.option(
        "--jobs",
        type=click.IntRange(1),
        help="Processors to keep busy, by half as many submissions again; by default all. With 1, one at a time.",
    ),
    click.option("--cluster", metavar="ADDRESS", help="Grade on this Dask scheduler, such as tcp://host:8786."),
    click.option(
        "--sandbox",
        type=click.Choice(["auto", "namespaces", "landlock", "none"]),
        default="auto",
        show_default=True,
        help="How students' code is confined; none only for submissions of people whom you trust.",
    ),
    click.option(
        "--seed-file",
        type=click.Path(path_type=Path),
        help="The secret that hidden cases are drawn from; by default .autograder/secret_seed, made at the first run.",
    ),
)


@dataclass(frozen=True)
class Chosen:
    """What a user chose; the fields are the options."""

    names: tuple[str, ...]
    db: str | None
    jobs: int | None
    cluster: str | None
    sandbox: str
    seed_file: Path | None

    def level(self) -> Level:
        """Return how code is confined.

        Raises:
            CourseError: if it cannot be confined as asked for.
        """
        from autograder.sandbox.level import Level

        if self.sandbox == "none":
            return Level.NONE
        from autograder.sandbox.doctor import find_level

        best, findings = find_level()
        wanted = best if self.sandbox == "auto" else Level(self.sandbox)
        works = {finding.level: finding.works for finding in findings}
        if wanted is Level.NONE or not works.get(wanted, False):
            raise CourseError(
                "Students' code cannot be confined on this machine as it should be: `autograder doctor` says what is "
                "missing. (--sandbox none runs it unprotected, as you, on your machine.)"
            )
        return wanted


def grading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it gets them as `chosen`."""

    def with_chosen(
        *args: Any,
        names: tuple[str, ...],
        db: str | None,
        jobs: int | None,
        cluster: str | None,
        sandbox: str,
        seed_file: Path | None,
        **kwargs: Any,
    ) -> Any:
        if seed_file is not None and not seed_file.is_file():  # a new secret there would change everybody's cases
            what = "is a folder" if seed_file.is_dir() else "does not exist"
            raise UsageError(f"{seed_file} {what}: --seed-file names the secret that a class was graded with.")
        return command(*args, chosen=Chosen(names, db, jobs, cluster, sandbox, seed_file), **kwargs)

    with_chosen.__doc__, with_chosen.__name__ = command.__doc__, command.__name__
    wrapped: Callable[..., Any] = with_chosen
    for option in reversed(OPTIONS):
        wrapped = option(wrapped)
    return wrapped
