"""Build an assignment: record the references, make and prove the release, and replace the old one only on success."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.checks.expected import EXPECTED_VARIABLE
from autograder.course.folder import Course
from autograder.course.nbgrader import BEGIN_HIDDEN, run_nbgrader
from autograder.errors import BuildError, StaleError
from autograder.grading.classroom import Classroom, gradebook_url
from autograder.grading.executed import read_verdicts
from autograder.grading.gradebook import cell_scores
from autograder.model import Assignment, Submission
from autograder.notebook.catalogue import Catalogue, is_catalogued, observe_mistakes, write_catalogue
from autograder.notebook.gaps import gaps_of
from autograder.notebook.graphs import Graphs, are_recorded, reference_graphs, write_graphs
from autograder.notebook.record import Recorded, is_recorded, observe_references, write_record
from autograder.notebook.register import generate_release, register
from autograder.notebook.source import GIVEN, source_notebook

Say = Callable[[str], None]

NEVER_RELEASED = (BEGIN_HIDDEN, "check_hidden", "from solutions", "import solutions")


@dataclass(frozen=True)
class Made:
    """What a build makes of an assignment.

    Args:
        notebook: the source notebook.
        release: the file of the release notebook.
        recorded: the references' observations.
        graphs: the graphs of the references that figures compare with.
        catalogue: the mistakes, or None where they were not observed anew.
    """

    notebook: nbformat.NotebookNode
    release: Path
    recorded: Recorded
    graphs: Graphs
    catalogue: Catalogue | None


def build(
    course: Course,
    assignment: Assignment,
    say: Say,
    check_only: bool = False,
    prove: bool = True,
    mistakes: bool = True,
) -> None:
    """Build one assignment, or check that what is there is what a build would make.

    Args:
        course: the course folder.
        assignment: the assignment.
        say: is told what is being done, one line at a time.
        check_only: change nothing in the course; raise if something is out of date.
        prove: grade source and release with nbgrader; what was proved once and has not changed needs no proof.
        mistakes: observe all mistakes anew, which takes longest; else only what is said of them is compared.

    Raises:
        BuildError: if the source, a reference or a check is wrong; the course is then as it was.
        StaleError: if `check_only` and a generated file is out of date.
    """
    folder = Path(tempfile.mkdtemp(prefix="build-"))
    try:
        made = _make(course, assignment, folder, say, mistakes and not check_only)
        if prove or not check_only:
            say(f"{assignment.name}: grading the source and the release with nbgrader autograde")
            _prove(course, assignment, folder, made.notebook, made.release)
        stale = _stale(course, assignment, made)
        if check_only and stale:
            raise StaleError(f"Out of date: {', '.join(stale)}. Run `autograder build` and commit what it changes.")
        if not check_only:
            _replace(course, assignment, made, stale)
        say(f"{assignment.name}: {'rewritten: ' + ', '.join(stale) if stale else 'up to date'}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(course: Course, assignment: Assignment, folder: Path, say: Say, mistakes: bool) -> Made:
    """Make everything in a folder of its own."""
    say(f"{assignment.name}: observing the references")
    recorded = observe_references(course, assignment)
    notebook = source_notebook(course, assignment)
    graphs = reference_graphs(course, assignment, notebook)
    write_record(assignment, recorded, folder / "expected")
    catalogue = None
    if mistakes:
        say(f"{assignment.name}: observing the mistakes")
        catalogue = observe_mistakes(course, assignment, recorded)
    say(f"{assignment.name}: making the release with nbgrader generate_assignment")
    release = generate_release(course, notebook, assignment.name, folder, gradebook_url(folder))
    inspect_release(course, assignment, nbformat.read(release, as_version=4))
    return Made(notebook, release, recorded, graphs, catalogue)


def inspect_release(course: Course, assignment: Assignment, release: nbformat.NotebookNode) -> None:
    """Make sure that a release holds no solution, no hidden check and no output.

    Raises:
        BuildError: if it does; the message names what was found.
    """
    gaps = gaps_of(course, assignment)
    shown = "\n".join(cell.source for cell in release.cells if GIVEN in cell.metadata.get("tags", []))
    given = {line.strip() for gap in gaps for line in gap.given} | {line.strip() for line in shown.splitlines()}
    solution = {line.strip() for gap in gaps for line in gap.solution} - given
    code = {line.strip() for cell in release.cells if cell.cell_type == "code" for line in cell.source.splitlines()}
    text = "\n".join(cell.source for cell in release.cells)
    found = sorted(code & solution) + [word for word in NEVER_RELEASED if word in text]
    if found:
        raise BuildError(f"The release of {assignment.name} still holds: {found}.")
    if any(cell.get("outputs") for cell in release.cells):
        raise BuildError(f"The release of {assignment.name} holds outputs.")


def _prove(
    course: Course, assignment: Assignment, folder: Path, notebook: nbformat.NotebookNode, release: Path
) -> None:
    """Grade the source at full marks and the release at zero, with nbgrader, or raise."""
    classroom = Classroom(folder / "submitted", gradebook_url(folder))
    full = sum(check.points for check in assignment.checks)
    for student, points in (("source", full), ("release", 0.0)):
        submission = Submission(student, assignment.name, str(classroom.submitted / student / assignment.name))
        target = Path(submission.path) / release.name
        target.parent.mkdir(parents=True)
        if student == "source":
            nbformat.write(notebook, target)
        else:
            shutil.copy(release, target)
        run_nbgrader(
            course,
            "autograde",
            assignment.name,
            f"--student={student}",
            settings=classroom.settings(),
            environment={EXPECTED_VARIABLE: str(folder / "expected")},
        )
        scores = cell_scores(classroom.db_url, submission)
        if sum(scores.values()) != points:
            verdicts = read_verdicts(classroom.executed(submission), assignment)
            wrong = [
                f"{check.name} ({verdicts[check.name].message or 'passed'})"
                for check in assignment.checks
                if scores[check.name] != (check.points if points else 0.0)
            ]
            raise BuildError(
                f"The {student} of {assignment.name} scores {sum(scores.values()):g} where {points:g} is right: "
                + "; ".join(wrong)
            )


def _stale(course: Course, assignment: Assignment, made: Made) -> list[str]:
    """List the generated files of the course that differ from what was just made, relative to the course folder."""
    name, there = assignment.name, course.releases / assignment.name / made.release.name
    fresh = {
        f"data/expected/{name}.json": is_recorded(assignment, made.recorded, course.expected),
        f"data/expected/{name}.mistakes.json": is_catalogued(course, assignment, made.catalogue),
        f"data/expected/{name}.graphs.json": are_recorded(assignment, made.graphs, course.expected),
        f"notebooks/{name}/{there.name}": there.is_file() and there.read_bytes() == made.release.read_bytes(),
    }
    return [file for file, is_fresh in fresh.items() if not is_fresh]


def _replace(course: Course, assignment: Assignment, made: Made, stale: list[str]) -> None:
    """Put what was made in its place, and tell the course's own gradebook about the assignment."""
    if f"data/expected/{assignment.name}.json" in stale:
        write_record(assignment, made.recorded, course.expected)
    if f"data/expected/{assignment.name}.mistakes.json" in stale:
        if made.catalogue is None:
            raise BuildError(f"The mistakes of {assignment.name} are others than those recorded: observe them as well.")
        write_catalogue(assignment, made.catalogue, course.expected)
    write_graphs(assignment, made.graphs, course.expected)
    for target, text in (
        (course.releases / assignment.name / made.release.name, made.release.read_text(encoding="utf-8")),
        (course.source_notebooks / assignment.name / made.release.name, nbformat.writes(made.notebook) + "\n"),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    register(course, made.notebook, assignment.name, gradebook_url(course.root))
