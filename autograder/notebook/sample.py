"""A sample class: what students hand in, made from the release and the reference by named changes.

Every submission has a known score, or a known sentence: honest work in other styles, named mistakes, code that breaks
off, and notebooks as editors, Colab and hurried people leave them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course.folder import Course
from autograder.course.mistakes import Change, Variant, changed, load_mistakes, load_styles
from autograder.errors import BuildError, UsageError
from autograder.model import Assignment
from autograder.notebook import damage
from autograder.notebook.gaps import START, gaps_of

IDENTITY, CONVOLUTIONAL = "identity_block", "convolutional_block"
MARKER = f"    ### {START} ###\n"


def _first_line(name: str, sentence: str, line: str) -> Variant:
    """Put a line at the beginning of the gap."""
    return Variant(name, sentence, (Change(MARKER, f"{MARKER}    {line}\n"),))


RAISES = _first_line("raises", "raises an exception", "raise RuntimeError('I give up')")
ENDLESS = _first_line("endless", "never comes to an end", "while True: pass")
EXITS = _first_line("exits", "ends the process", "import os; os._exit(0)")
NO_PYTHON = _first_line("no-python", "a bracket is missing", "print('here'")


@dataclass(frozen=True)
class Sample:
    """One made-up student.

    Args:
        student: name, which says what was changed.
        sentence: the change, in words.
        score: what it is worth, in points of 20.
        variants: exercise to what is handed in instead of the reference: the name of a mistake or a style, or changes.
        damage: what happened to the notebook, as JSON, afterwards.
        file: the notebook's file name; None is none at all.
    """

    student: str
    sentence: str
    score: float
    variants: Mapping[str, str | Variant] = field(default_factory=dict)
    damage: Callable[[dict[str, Any]], object] = damage.none
    file: str | None = "{assignment}.ipynb"
    solved: bool = True


def _in_both(name: str) -> dict[str, str | Variant]:
    return {IDENTITY: name, CONVOLUTIONAL: name}


SAMPLES = (
    Sample("right", "the reference itself", 20),
    *(
        Sample(f"style-{style}", "right, written in another style", 20, _in_both(style))
        for style in ("loop", "helper", "sequential", "renamed", "imports-of-tensorflow", "plus")
    ),
    Sample("noisy", "right, with warnings and prints on stderr", 20, _in_both("writes-to-stderr")),
    Sample("one-wrong", "identity_block never adds its shortcut", 13, {IDENTITY: "shortcut-never-added"}),
    Sample(
        "both-wrong",
        "identity_block normalises axis 1; the projection reads the main path",
        3,
        {IDENTITY: "bn-axis-1", CONVOLUTIONAL: "projection-reads-the-main-path"},
    ),
    Sample("untouched", "both gaps left as released", 0, solved=False),
    Sample("syntax-error", "a bracket is missing in identity_block", 10, {IDENTITY: NO_PYTHON}),
    Sample("exception", "identity_block raises an exception", 10, {IDENTITY: RAISES}),
    Sample("endless-loop", "identity_block never comes to an end", 10, {IDENTITY: ENDLESS}),
    Sample("os-exit", "identity_block ends the process", 10, {IDENTITY: EXITS}),
    Sample("deleted-check", "right, one grade cell deleted", 20, damage=damage.delete_a_check),
    Sample("duplicated-id", "right, a cell copied with its id", 20, damage=damage.copy_a_cell),
    Sample("colab", "right, metadata as Colab leaves it", 20, damage=damage.strip_as_colab),
    Sample("split-function", "right, identity_block split over two cells", 20, damage=damage.split_a_function),
    Sample("not-a-notebook", "a PDF under the notebook's name", 0, damage=damage.turn_into_pdf),
    Sample("wrong-name", "right, handed in under another file name", 20, file="{assignment} (1) final.ipynb"),
    Sample("empty-folder", "nothing in the folder", 0, file=None),
)


def write_sample_class(course: Course, assignment: Assignment, folder: Path) -> Iterator[tuple[str, str]]:
    """Write a submission per sample, in the layout that `grade` reads, and yield its student and its sentence.

    Raises:
        BuildError: if there is no release.
        UsageError: if the folder holds something else, or cannot be made.
        CourseError: if a named change does not fit the reference any more.
    """
    release = course.releases / assignment.name / f"{assignment.name}.ipynb"
    if not release.is_file():
        raise BuildError(f"There is no release of {assignment.name} yet: run `autograder build` first.")
    _make_folder(folder)
    for sample in SAMPLES:
        target = folder / sample.student / assignment.name
        target.mkdir(parents=True, exist_ok=True)
        if sample.file is not None:
            content = _content(course, assignment, json.loads(release.read_text(encoding="utf-8")), sample)
            (target / sample.file.format(assignment=assignment.name)).write_bytes(content)
        yield sample.student, sample.sentence


def _make_folder(folder: Path) -> None:
    """Make the folder of a class; one that holds anything else than an earlier sample class is not written to."""
    ours = {sample.student for sample in SAMPLES}
    if folder.exists() and not (folder.is_dir() and {path.name for path in folder.iterdir()} <= ours):
        raise UsageError(f"{folder} is there and is no sample class: name a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}.") from error


def _content(course: Course, assignment: Assignment, notebook: dict[str, Any], sample: Sample) -> bytes:
    """Fill the gaps of a release as a sample does, and damage the notebook."""
    gaps = {gap.name: gap.source for gap in gaps_of(course, assignment)}
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in gaps and sample.solved:
            variant = _variant(course, assignment, name, sample.variants.get(name))
            cell["source"] = changed(gaps[name], variant) if variant else gaps[name]
    content = sample.damage(notebook)
    return content if isinstance(content, bytes) else json.dumps(notebook, indent=1).encode()


def _variant(
    course: Course, assignment: Assignment, exercise_name: str, wanted: str | Variant | None
) -> Variant | None:
    if not isinstance(wanted, str):
        return wanted
    exercise = next(one for one in assignment.exercises if one.name == exercise_name)
    found = [one for one in (*load_mistakes(course, exercise), *load_styles(course, exercise)) if one.name == wanted]
    if not found:
        raise BuildError(f"The sample class hands in {wanted!r}, which is no mistake or style of {exercise_name}.")
    return found[0]
