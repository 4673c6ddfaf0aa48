"""The zip that students get, where nothing else is: installed, worked through, and uploaded to Colab."""

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
from packaging.requirements import Requirement

from autograder.checks.registry import find_assignment
from autograder.course.folder import Course
from autograder.notebook.gaps import gaps_of
from autograder.notebook.release import TOP, pack, unpack
from tests.conftest import NAME, ROOT
from tests.notebook.conftest import NOTEBOOK, Members, wheel_of

TEXT: dict[str, Any] = {"encoding": "utf-8", "errors": "replace"}

# What the notebook itself needs stays; the rest of what the distribution declares is not needed to run its checks, and
# Colab, which installs the wheel without dependencies, may lack it.
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
NOT_IN_COLAB = {Requirement(one).name for one in DECLARED} - {"ipython", "keras", "matplotlib", "numpy", "tensorflow"}


# The machine that runs these tests has the course installed, mostly editably: a .pth file leads to the folder that
# also holds solutions/, and `venv --system-site-packages` or PYTHONPATH would lead there too. So an environment is made
# whose site-packages name one folder of links to everything that is installed here except the course, pip included.
# Paths that a .pth file names are searched for modules, but not for further .pth files.
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
    """Fill the gaps of 03_residual_blocks in place."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    # Of this assignment alone: another edition of identity_block is asked for in 04_batchnorm_modes.
    references = {gap.name: gap.source for gap in gaps_of(Course(ROOT), find_assignment(NAME))}
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
