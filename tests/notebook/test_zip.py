"""The zip that students get: what is in it, that nothing else is, and that it works where nothing else is."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
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
from packaging.requirements import Requirement

from autograder.checks.registry import MODULES, find_assignment
from autograder.cli import main
from autograder.course.folder import Course
from autograder.course.secret import secret_seed
from autograder.errors import BuildError, CourseError, StaleError, UsageError
from autograder.notebook.gaps import gaps_of
from autograder.notebook.release import (
    TOP,
    inspect_members,
    inspect_names,
    pack,
    release_members,
    unpack,
    write_release,
)

ROOT = Path(__file__).parents[2]
NAME = "03_residual_blocks"
NOTEBOOK = f"{NAME}/{NAME}.ipynb"
ASSIGNMENTS = [find_assignment(name) for name in sorted(MODULES)]

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a copy of the project with a secret, as an instructor has it."""
    course = Course(tmp_path_factory.mktemp("project"))
    for folder in ("autograder", "data", "notebooks", "solutions"):
        shutil.copytree(ROOT / folder, course.root / folder)
    for file in ("LICENSE", "README.md", "environment.yml", "nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / file, course.root)
    secret_seed(course)
    return course


@pytest.fixture(scope="module")
def zipped(project: Course) -> Path:
    """Return the zip of the course."""
    path = project.root / "dist" / "residual-course.zip"
    write_release(project, ASSIGNMENTS, path)
    return path


@pytest.fixture(scope="module")
def members(zipped: Path) -> Members:
    """Return what is in the zip of the course."""
    return unpack(zipped.read_bytes())


def wheel_of(members: Members) -> str:
    """Return the path of the wheel."""
    (wheel,) = (name for name in members if name.endswith(".whl"))
    return wheel


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


# What a student does with it. The machine that runs these tests has the course installed, mostly editably: a .pth file
# leads to the folder that also holds solutions/, and `venv --system-site-packages` or PYTHONPATH would lead there too.
# So an environment is made whose site-packages name one folder of links to everything that is installed here except the
# course, pip included. Paths that a .pth file names are searched for modules, but not for further .pth files.


TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "replace"}

# What the notebook itself needs stays; the rest of what the distribution declares is not needed to run its checks, and
# Colab, which installs the wheel without dependencies, may lack it.
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
NOT_IN_COLAB = {Requirement(one).name for one in DECLARED} - {"ipython", "keras", "matplotlib", "numpy", "tensorflow"}


class Machine:
    """A machine with third-party packages, a home folder of its own, and no trace of the course."""

    def __init__(self, folder: Path, without: set[str] | None = None) -> None:
        """Make it in an empty folder, from all packages that are installed here but the course and those named."""
        self.folder, self.bin = folder, folder / "environment" / "bin"
        self.python = self.bin / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.bin.parent], check=True)
        packages = folder / "packages"
        packages.mkdir()
        here = (Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib"))
        for entry in {entry.name: entry for folder in here for entry in folder.iterdir()}.values():
            if "residual_course" not in entry.name and entry.suffix != ".pth" and entry.name not in (without or set()):
                (packages / entry.name).symlink_to(entry)
        self.site = Path(sysconfig.get_path("purelib", "venv", {"base": str(self.bin.parent)}))
        (self.site / "packages.pth").write_text(f"{packages}\n", encoding="utf-8")

    def run(self, *command: object, here: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command of this machine in a folder, with more variables, and return its code and what it said."""
        (home := self.folder / "home").mkdir(exist_ok=True)
        variables = {"HOME": str(home), "PATH": f"{self.bin}:/usr/bin:/bin", "MPLBACKEND": "agg", "LANG": "C.UTF-8"}
        words = [str(word) for word in command]
        return subprocess.run(words, cwd=here, env=variables | more, capture_output=True, check=False, **TEXT)

    def where(self, module: str, here: Path) -> str:
        """Return where a module would be imported from, as `None` or as the file."""
        code = f"import importlib.util as u; s = u.find_spec({module!r}); print(s and s.origin)"
        return self.run(self.python, "-I", "-c", code, here=here).stdout.strip()


@pytest.fixture(scope="module")
def student(zipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Machine, Path]:
    """Return a machine on which a student did what the README of the zip says, and the unpacked folder."""
    folder = tmp_path_factory.mktemp("student")
    machine = Machine(folder)
    zipfile.ZipFile(zipped).extractall(folder)
    # --no-index: that everything which the wheel asks for is there is pip's own judgement.
    install = (machine.python, "-m", "pip", "install", "-qq", "--no-index", "-r", "requirements.txt")
    installed = machine.run(*install, here=folder / TOP)
    assert installed.returncode == 0, installed.stderr
    assert machine.where("autograder", folder / TOP) == str(machine.site / "autograder" / "__init__.py")
    assert machine.where("solutions", folder / TOP) == "None"
    return machine, folder / TOP


def right(name: str, source: str) -> str:
    """Answer with the reference."""
    return source


def wrong(name: str, source: str) -> str:
    """Answer with the reference, and forget the shortcut in identity_block."""
    return source.replace("X = Add()([X, X_shortcut])", "pass") if name == "identity_block" else source


def work_through(path: Path, answer: Callable[[str, str], str]) -> nbformat.NotebookNode:
    """Fill the gaps of a notebook in place."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    references = {gap.name: gap.source for one in ASSIGNMENTS for gap in gaps_of(Course(ROOT), one)}
    for cell in notebook.cells:
        if cell.id in references:
            cell.source = answer(cell.id, references[cell.id])
    nbformat.write(notebook, path)
    return notebook


@pytest.mark.slow
@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("answer", "code", "lowest", "highest"), [(right, 0, 20, 20), (wrong, 1, 1, 19), (None, 1, 0, 0)]
)
def test_a_student_works_through_it(
    student: tuple[Machine, Path], answer: Callable[[str, str], str] | None, code: int, lowest: float, highest: float
) -> None:
    """Where only the zip is installed, right answers get full marks, wrong ones less, and untouched gaps none.

    The environment is `Machine`: no file of this folder can be imported there, so neither can `solutions`.
    """
    machine, folder = student
    mine = folder / NAME / "mine.ipynb"
    shutil.copy(folder / NOTEBOOK, mine)
    if answer:
        work_through(mine, answer)
    result = machine.run(machine.bin / "autograder", "validate", mine.relative_to(folder), here=folder)
    assert result.returncode == code, result.stdout + result.stderr
    last = re.fullmatch(r"score: (\S+) of 20", result.stdout.splitlines()[-1])
    assert last, result.stdout
    assert lowest <= float(last[1]) <= highest


@pytest.mark.slow
@pytest.mark.tensorflow
def test_a_terminal_without_the_signs(student: tuple[Machine, Path]) -> None:
    """Where the output's character set lacks the sign of a failed check, as on Windows, a ? stands for it."""
    machine, folder = student
    result = machine.run(machine.bin / "autograder", "validate", NOTEBOOK, here=folder, PYTHONIOENCODING="cp1252")
    assert result.returncode == 1, result.stderr
    assert "? failed (0 of 1 point)" in result.stdout


def code_of(notebook: nbformat.NotebookNode) -> str:
    """Return the text of the cells that are run while grading: all but the demonstrations."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return "\n\n".join(cell.source for cell in cells if "demonstration" not in cell.metadata.get("tags", []))


@pytest.mark.slow
@pytest.mark.tensorflow
def test_in_colab(zipped: Path, tmp_path: Path) -> None:
    """Where only pip and what a notebook imports are, the notebook beside the zip installs its checks and passes them.

    This is what Colab amounts to; the real one was not tried.
    """
    machine, content = Machine(tmp_path, without=NOT_IN_COLAB), tmp_path / "content"
    content.mkdir()
    shutil.copy(zipped, content / "residual-course (1).zip")
    (content / "mine.ipynb").write_bytes(unpack(zipped.read_bytes())[f"{TOP}/{NOTEBOOK}"])
    assert machine.where("autograder", content) == "None"
    notebook = work_through(content / "mine.ipynb", right)
    result = machine.run(machine.python, "-I", "-c", code_of(notebook), here=content)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("✓ passed") == len(find_assignment(NAME).checks)
    assert machine.where("autograder", content) == str(machine.site / "autograder" / "__init__.py")
    assert machine.where("solutions", content) == "None"


def installing(members: Members) -> str:
    """Return the part of the setup cell that installs the checks, without the start of TensorFlow behind it."""
    notebook = json.loads(members[f"{TOP}/{NOTEBOOK}"])
    (setup,) = ("".join(cell["source"]) for cell in notebook["cells"] if cell["id"] == "setup")
    text, found, _ = setup.partition("check = checks_for(")
    assert found
    return text + "import autograder; print(autograder.__file__)"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return a machine without the course."""
    return Machine(tmp_path_factory.mktemp("machine"), without=NOT_IN_COLAB)


def test_nothing_is_uploaded(machine: Machine, members: Members, tmp_path: Path) -> None:
    """Where nothing, something else or half a zip was uploaded, the setup cell says what to do."""
    for file, data in (("else.zip", pack({"data.csv": b"1"})), ("half.zip", pack(members)[:1000]), ("x.zip", b"")):
        (tmp_path / file).write_bytes(data)
    result = machine.run(machine.python, "-I", "-c", installing(members), here=tmp_path)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: The checks are not installed. In Colab, upload the course's zip file")


@pytest.mark.parametrize("uploaded", ["zip", "wheel"])
def test_it_is_uploaded(machine: Machine, members: Members, tmp_path: Path, uploaded: str) -> None:
    """The setup cell installs the newest wheel and nothing else, from a zip or as it is, also beside half a zip."""
    wheel = wheel_of(members)
    if uploaded == "zip":
        old = pack({f"{TOP}/residual_course-0.0.1-py3-none-any.whl": b"an older one"})
        for age, data in ((2, old), (1, pack({wheel: members[wheel]}))):
            (tmp_path / f"{age}.zip").write_bytes(data)
            os.utime(tmp_path / f"{age}.zip", (1_000_000_000 - age, 1_000_000_000 - age))
    else:
        (tmp_path / Path(wheel).name).write_bytes(members[wheel])
    (tmp_path / "half.zip").write_bytes(pack(members)[:1000])
    result = machine.run(machine.python, "-I", "-c", installing(members), here=tmp_path)
    try:
        assert result.returncode == 0, result.stderr
        assert result.stdout.strip() == str(machine.site / "autograder" / "__init__.py")
        assert result.stderr == ""
        assert [machine.where(name, tmp_path) for name in sorted(NOT_IN_COLAB)] == ["None"] * len(NOT_IN_COLAB)
    finally:
        machine.run(machine.python, "-m", "pip", "uninstall", "-qq", "-y", "residual-course", here=tmp_path)
