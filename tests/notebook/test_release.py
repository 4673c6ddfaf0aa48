"""The committed releases: what a student opens."""

import json
from pathlib import Path

import nbformat
import pytest

from autograder.checks.registry import MODULES, find_assignment
from autograder.course.folder import Course
from autograder.errors import BuildError
from autograder.notebook import damage
from autograder.notebook.build import inspect_release
from autograder.notebook.gaps import gaps_of
from autograder.notebook.sample import SAMPLES, write_sample_class

COURSE = Course(Path(__file__).parents[2])
NAMES = sorted(MODULES)


def release_of(name: str) -> nbformat.NotebookNode:
    """Read a committed release."""
    release: nbformat.NotebookNode = nbformat.read(COURSE.releases / name / f"{name}.ipynb", as_version=4)
    return release


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_given_away(name: str) -> None:
    """A release holds no solution, no hidden check, no output."""
    inspect_release(COURSE, find_assignment(name), release_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_gap_raises_one_message(name: str) -> None:
    """Between the two markers of each gap stands a single line that raises NotImplementedError with a message."""
    gaps = {exercise.name for exercise in find_assignment(name).exercises}
    cells = {cell.id: [*map(str.strip, cell.source.splitlines())] for cell in release_of(name).cells if cell.id in gaps}
    assert cells.keys() == gaps
    for lines in cells.values():
        start = lines.index("### START CODE HERE ###")
        assert lines[start + 1].startswith('raise NotImplementedError("This gap is still empty')
        assert lines[start + 2] == "### END CODE HERE ###"


@pytest.mark.parametrize("name", NAMES)
def test_leaks_are_found(name: str) -> None:
    """A solution line, a hidden call or an output in a release stops the build."""
    assignment = find_assignment(name)
    solution = gaps_of(COURSE, assignment)[0].solution[0].strip()
    for leak in ("check_hidden('x', 'y')", "from solutions import blocks", solution):
        release = release_of(name)
        release.cells.append(nbformat.v4.new_code_cell(leak))
        with pytest.raises(BuildError, match="still holds"):
            inspect_release(COURSE, assignment, release)
    release = release_of(name)
    release.cells.append(nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="1")]))
    with pytest.raises(BuildError, match="outputs"):
        inspect_release(COURSE, assignment, release)


@pytest.mark.parametrize("name", NAMES)
def test_generated_file_names_its_source(name: str) -> None:
    """A release says from which source it was generated."""
    assert release_of(name).metadata.residual_course.generated_from == f"notebooks/source/{name}.py"


def test_sample_class(tmp_path: Path) -> None:
    """Each sample that is not damaged differs from the release in its gaps only; each has its folder."""
    name = "03_residual_blocks"
    assert list(dict(write_sample_class(COURSE, find_assignment(name), tmp_path))) == [s.student for s in SAMPLES]
    gaps = {exercise.name for exercise in find_assignment(name).exercises}
    whole = [sample.student for sample in SAMPLES if sample.damage is damage.none and sample.file]
    for student in whole:
        (path,) = (tmp_path / student / name).iterdir()
        for cell, released in zip(json.loads(path.read_text())["cells"], release_of(name).cells, strict=True):
            assert cell["id"] in gaps or "".join(cell["source"]) == released.source
    assert len(list(tmp_path.iterdir())) == len(SAMPLES)
