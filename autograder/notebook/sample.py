"""A sample class: submissions made from the release and the reference by named changes; each has a known score."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.course.folder import Course
from autograder.errors import BuildError
from autograder.model import Assignment
from autograder.notebook.gaps import gaps_of


@dataclass(frozen=True)
class Sample:
    """One made-up student.

    Args:
        student: name, which says what was changed.
        sentence: the change, in words.
        change: exercise name and the reference's text to what the student handed in; None leaves the gap as released.
    """

    student: str
    sentence: str
    change: Callable[[str, str], str] | None


def _right(exercise: str, source: str) -> str:
    return source


def _shortcut_never_added(exercise: str, source: str) -> str:
    if exercise != "identity_block":
        return source
    return _changed(source, "    X = Add()([X, X_shortcut])\n", "")


def _both_wrong(exercise: str, source: str) -> str:
    if exercise == "identity_block":
        return _changed(source, "BatchNormalization(axis=3", "BatchNormalization(axis=1", every=True)
    return _changed(source, "projection(X_shortcut)", "projection(X)")


def _syntax_error(exercise: str, source: str) -> str:
    if exercise != "identity_block":
        return source
    return _changed(source, "Add()([X, X_shortcut])", "Add()([X, X_shortcut)")


def _changed(source: str, old: str, new: str, every: bool = False) -> str:
    if old not in source:
        raise BuildError(f"The sample class changes {old!r}, which the reference does not hold any more.")
    return source.replace(old, new, -1 if every else 1)


SAMPLES = (
    Sample("right", "the reference itself", _right),
    Sample("one-wrong", "identity_block never adds its shortcut", _shortcut_never_added),
    Sample("both-wrong", "identity_block normalises axis 1; the projection reads the main path", _both_wrong),
    Sample("untouched", "both gaps left as released", None),
    Sample("syntax-error", "a bracket is missing in identity_block", _syntax_error),
)


def write_sample_class(course: Course, assignment: Assignment, folder: Path) -> Iterator[tuple[str, str]]:
    """Write a submission per sample, in the layout that `grade` reads, and yield its student and its sentence.

    Raises:
        BuildError: if there is no release, or if a named change does not fit the reference any more.
    """
    release = course.releases / assignment.name / f"{assignment.name}.ipynb"
    if not release.is_file():
        raise BuildError(f"There is no release of {assignment.name} yet: run `autograder build` first.")
    gaps = {gap.name: gap.source for gap in gaps_of(course, assignment)}
    for sample in SAMPLES:
        notebook = nbformat.read(release, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in gaps and sample.change:
                cell.source = sample.change(name, gaps[name])
        path = folder / sample.student / assignment.name / release.name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        yield sample.student, sample.sentence
