"""The zip that students get: what is in it, and that nothing else is."""

import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograder.cli import main
from autograder.course.folder import Course
from autograder.course.secret import secret_seed
from autograder.errors import BuildError, CourseError, StaleError, UsageError
from autograder.notebook.release import (
    TOP,
    inspect_members,
    inspect_names,
    pack,
    release_members,
    unpack,
    write_release,
)
from tests.conftest import NAME, ROOT
from tests.notebook.conftest import ASSIGNMENTS, NOTEBOOK, Members, wheel_of


def test_members(members: Members) -> None:
    """The zip holds the notebooks, the wheel, two lists of what to install, a README, and nothing else."""
    notebooks = {f"{one.name}/{one.name}.ipynb" for one in ASSIGNMENTS}
    assert {name.removeprefix(f"{TOP}/") for name in members} == notebooks | {
        "README.md",
        "environment.yml",
        "requirements.txt",
        wheel_of(members).removeprefix(f"{TOP}/"),
    }


def test_notebooks_are_the_committed_releases(project: Course, members: Members) -> None:
    """A notebook of the zip is the release notebook, byte for byte."""
    for one in ASSIGNMENTS:
        path = project.releases / one.name / f"{one.name}.ipynb"
        assert members[f"{TOP}/{one.name}/{one.name}.ipynb"] == path.read_bytes()


def test_same_content_gives_the_same_zip(project: Course, zipped: Path, tmp_path: Path) -> None:
    """Neither the time, nor the umask, nor times of files and folders change a byte."""
    for path in (project.root / "autograder").rglob("*.py"):
        os.utime(path, (1, 1))
    before = os.umask(0o077)
    try:
        write_release(project, ASSIGNMENTS, tmp_path / "again.zip")
    finally:
        os.umask(before)
    assert (tmp_path / "again.zip").read_bytes() == zipped.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.zip"]


def test_every_file_can_be_read_by_its_owner_and_others(zipped: Path) -> None:
    """Members are plain files with permissions 644 and one fixed time, in alphabetical order."""
    entries = zipfile.ZipFile(zipped).infolist()
    assert {(entry.external_attr >> 16, entry.create_system, entry.date_time) for entry in entries} == {
        (0o100644, 3, (2020, 2, 2, 0, 0, 0))
    }
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)


def test_texts_end_lines_alike(members: Members) -> None:
    """No text of the zip holds a carriage return, and each ends with a line feed."""
    texts = [data for name, data in members.items() if not name.endswith(".whl")]
    assert not any(b"\r" in text for text in texts)
    assert all(text.endswith(b"\n") for text in texts)


def test_environment_is_derived(members: Members) -> None:
    """The students' environment.yml is the course's, with the wheel in the place of the course folder."""
    course = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    student = yaml.safe_load(members[f"{TOP}/environment.yml"])
    assert student["dependencies"][-1]["pip"].pop() == f"./{Path(wheel_of(members)).name}"
    assert course["dependencies"][-1]["pip"].pop() == "-e ."
    assert student == course


def test_readme_names_what_is_there(members: Members) -> None:
    """The README of the zip names each notebook and the wheel, and leaves no field open."""
    readme = members[f"{TOP}/README.md"].decode()
    for name in members:
        assert name.removeprefix(f"{TOP}/") in readme or name == f"{TOP}/README.md"
    assert not re.search(r"[{}]", readme)


@given(st.dictionaries(st.text("ab/.", min_size=1), st.binary(), max_size=5), st.randoms())
def test_packing(files: dict[str, bytes], random: Any) -> None:
    """What is packed is what comes out, and the order in which members are given does not matter."""
    shuffled = list(files.items())
    random.shuffle(shuffled)
    assert unpack(pack(files)) == files
    assert pack(dict(shuffled)) == pack(files)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a/b:c.txt"], "Windows"),
        (["a/aux.py"], "Windows"),
        (["a/b./c"], "Windows"),
        (["a\\b"], "Windows"),
        (["/etc/x"], "not relative"),
        (["a/../b"], "not relative"),
        (["a/é.txt"], "plain ASCII"),
        (["a/" + "b" * 99], "too long"),
        (["a/Readme", "a/README"], "one file on Windows and macOS"),
        (["autograder/solutions/blocks.py"], "answers: autograder/solutions/blocks.py"),
        (["autograder/Solutions.py"], "answers"),
    ],
)
def test_names_that_cannot_be_unpacked(names: list[str], sentence: str) -> None:
    """A path that is absolute, long, forbidden on Windows, taken on macOS or that of the answers stops the release."""
    with pytest.raises(BuildError, match=sentence):
        inspect_names(names)
    inspect_names(["a/b.txt", "a/console.py", ".hidden", "a/b c.txt"])


def in_notebook(change: Callable[[nbformat.NotebookNode], object]) -> Callable[[Members, Course], None]:
    """Change the notebook of a zip."""

    def changed(members: Members, course: Course) -> None:
        notebook = nbformat.reads(members[f"{TOP}/{NOTEBOOK}"].decode(), as_version=4)
        change(notebook)
        members[f"{TOP}/{NOTEBOOK}"] = nbformat.writes(notebook).encode()

    return changed


def in_wheel(name: str, data: Callable[[Course], bytes]) -> Callable[[Members, Course], None]:
    """Add a file to the wheel of a zip."""

    def changed(members: Members, course: Course) -> None:
        wheel = wheel_of(members)
        members[wheel] = pack(unpack(members[wheel]) | {name: data(course)})

    return changed


def other_answer(notebook: nbformat.NotebookNode) -> None:
    """Fill a gap with something that is no line of the reference."""
    (cell,) = (cell for cell in notebook.cells if cell.id == "identity_block")
    cell.source = re.sub(r"raise NotImplementedError.*", "X = my_own_answer(X)", cell.source)


def reference_module(course: Course) -> bytes:
    """Return the text of the reference."""
    return (course.root / "solutions" / "blocks.py").read_bytes()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (in_notebook(lambda n: n.cells.append(nbformat.v4.new_code_cell("check_hidden('x')"))), "still holds"),
        (in_notebook(lambda n: n.metadata.update(old="check_hidden('x')")), "holds a hidden check"),
        (in_notebook(other_answer), r"gap of identity_block .* is filled: \['    X = my_own_answer"),
        (in_notebook(lambda n: n.cells[0].update(source="Something else.")), "out of date"),
        (in_notebook(lambda n: n.cells.pop(-1)), "out of date"),
        (in_wheel("solutions/blocks.py", lambda course: b""), "answers: solutions/blocks.py"),
        (in_wheel("tests/test_x.py", lambda course: b""), "more than the autograder"),
        (in_wheel("autograder/answers.py", reference_module), "lines of a solution: .*answers.py"),
        (in_wheel("autograder/x.bin", lambda course: b"x" + secret_seed(course)), "secret seed"),
        (in_wheel("autograder/x.txt", lambda course: secret_seed(course).hex().upper().encode()), "secret seed"),
        (lambda members, course: members.update({f"{TOP}/x": course.secret_seed.read_bytes()}), "secret seed"),
    ],
)
def test_leaks_are_found(
    project: Course, members: Members, change: Callable[[Members, Course], None], sentence: str
) -> None:
    """An answer, a hidden check or the secret, wherever in the zip it stands, stops the release."""
    copy = dict(members)
    inspect_members(project, ASSIGNMENTS, copy)
    change(copy, project)
    with pytest.raises(BuildError, match=sentence):
        inspect_members(project, ASSIGNMENTS, copy)


def test_no_secret_is_made(project: Course, members: Members, tmp_path: Path) -> None:
    """Inspecting the zip of a course without a secret makes none."""
    for folder in ("solutions", "notebooks"):
        shutil.copytree(project.root / folder, tmp_path / folder)
    inspect_members(Course(tmp_path), ASSIGNMENTS, members)
    assert not Course(tmp_path).secret_seed.exists()


def test_nothing_is_written_when_something_is_wrong(project: Course, tmp_path: Path) -> None:
    """A missing or stale release, a course that is no project and a path that cannot be written are one sentence."""
    course = Course(tmp_path / "course")
    shutil.copytree(project.root, course.root, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    output = course.root / "dist" / "course.zip"
    with pytest.raises(UsageError, match="cannot be written"):
        write_release(course, ASSIGNMENTS, course.root / "LICENSE" / "course.zip")
    with (course.sources / f"{NAME}.py").open("a", encoding="utf-8") as source:
        source.write("\n# %%\n1 + 1\n")
    with pytest.raises(StaleError, match="run `autograder build`"):
        write_release(course, ASSIGNMENTS, output)
    (course.root / "environment.yml").write_text("name: x\n", encoding="utf-8")
    with pytest.raises(BuildError, match="where the wheel belongs"):
        release_members(course, ASSIGNMENTS)
    (course.root / "pyproject.toml").unlink()
    with pytest.raises(BuildError, match="clone of the project"):
        release_members(course, ASSIGNMENTS)
    (course.releases / NAME / f"{NAME}.ipynb").unlink()
    with pytest.raises(BuildError, match="run `autograder build`"):
        write_release(course, ASSIGNMENTS, output)
    assert not output.parent.exists()


def test_without_hatchling(project: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hatchling is not installed, one sentence says so."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CourseError, match="pip install hatchling"):
        release_members(project, ASSIGNMENTS)


def test_command(project: Course, zipped: Path, tmp_path: Path) -> None:
    """`autograder release` writes the same zip, into dist/ unless told otherwise, and lists what is in it."""
    arguments = ["--course", str(project.root), "release"]
    result = CliRunner().invoke(main, [*arguments, "--output", str(tmp_path / "new" / "x.zip")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "new" / "x.zip").read_bytes() == zipped.read_bytes()
    assert f"{TOP}/{NOTEBOOK}" in result.output
    one = CliRunner().invoke(main, [*arguments, "--assignment", NAME])
    assert one.exit_code == 0, one.output
    assert f"{project.root / 'dist' / NAME}.zip" in one.output
    assert f"{TOP}/{NOTEBOOK}" in zipfile.ZipFile(project.root / "dist" / f"{NAME}.zip").namelist()
