"""The zip that students get: release notebooks, the wheel with the checks, and how to install it. No answers.

Nothing is written before every member, and every file inside the wheel, has been inspected. The same content gives the
same bytes: times, permissions and the order of members are fixed.
"""

import importlib.util
import io
import os
import re
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import nbformat

from autograder.course.folder import Course
from autograder.course.nbgrader import BEGIN_HIDDEN
from autograder.course.secret import secret_seed
from autograder.errors import BuildError, CourseError, StaleError, UsageError
from autograder.model import Assignment
from autograder.notebook.build import inspect_release
from autograder.notebook.gaps import END, START, gaps_of
from autograder.notebook.source import source_notebook

TOP = "residual-course"
"""The folder that unpacking makes."""

EPOCH = 1580601600
"""2020-02-02, the time of every member. Source: hatchling's own default for the files of a wheel."""

EDITABLE = "- -e ."
"""The line of environment.yml that installs the course folder; a student installs the wheel instead."""

LONGEST_PATH = 99  # characters; Windows allows 259, and the student's own folder comes first

TELLING_LINE = 20
"""Characters from which on a line of a solution is looked for in the wheel; shorter ones, as `else:`, are anywhere."""

NO_WINDOWS_NAME = re.compile(r'[\x00-\x1f<>:"|?*\\]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
"""What no part of a path may hold. Source: "Naming Files, Paths, and Namespaces", Microsoft Learn."""

README = """\
# Residual networks: notebooks with checks

{notebooks}

Unpack the zip into a folder of its own, on Windows one with a short path such as `C:\\course`: files of TensorFlow have
long names. A later zip goes into another folder; unpacked over this one, it would overwrite your work.

## Install, once

Type the commands in a terminal, in the folder of this README.md. What they install takes about 2.6 GB.

With [conda](https://conda-forge.org/download/):

    conda env create -f environment.yml
    conda activate residual-course

Or with Python ({python}) and pip, on Linux and macOS:

    python3 -m venv .venv
    source .venv/bin/activate
    python -m pip install -r requirements.txt

and in the Command Prompt of Windows:

    py -m venv .venv
    .venv\\Scripts\\activate
    python -m pip install -r requirements.txt

TensorFlow is no longer made for Macs with an Intel processor: there, use Colab, see below.

## Work

    jupyter lab

Open a notebook, read, and write your code between the two marker lines of each gap. Leave the other cells in place.
In a new terminal, the line with `activate` comes first. This checks a whole notebook, from top to bottom:

    autograder validate {example}

## Submit

Save the notebook and hand in the file `{file}`, under this name: no PDF, no zip.

## Without installing: Google Colab

1. Open <https://colab.research.google.com>, choose *Upload* and take the notebook.
2. Click the folder symbol on the left and drag the zip file, as it is, into the list below it. If your browser has
   unpacked it, take the file `{wheel}`. Wait until the upload is complete.
3. Run the cells. The first one installs the checks from what you uploaded.
4. To submit, choose *File > Download > Download .ipynb*.

Colab keeps your notebook, but forgets uploaded files when a session ends: in the next one, begin with step 2.
"""


def write_release(course: Course, assignments: Sequence[Assignment], output: Path) -> dict[str, int]:
    """Write the zip that students get; an old one is replaced, and only on success.

    Args:
        course: the course folder; it holds the project that the wheel is built from.
        assignments: what to pack; their releases must have been built.
        output: the zip file.

    Returns:
        The path of each member and its size in bytes.

    Raises:
        BuildError: if a release is missing or out of date, or if a member holds what a student must not get.
        CourseError: if the wheel cannot be built.
        UsageError: if the file cannot be written.
    """
    members = release_members(course, assignments)
    inspect_members(course, assignments, members)
    unfinished = output.with_name(output.name + ".part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(pack(members))
        unfinished.replace(output)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror}.") from error
    return {name: len(members[name]) for name in sorted(members)}


def release_members(course: Course, assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """Gather what goes into the zip.

    Returns:
        The path of each member, and its bytes.

    Raises:
        BuildError: if a release or a file of the project is missing.
        CourseError: if the wheel cannot be built.
    """
    paths = [f"{one.name}/{one.name}.ipynb" for one in assignments]
    texts = {path: _read(course.releases / path, "run `autograder build`") for path in paths}
    project, environment = (
        _read(course.root / name, "a release is made in a clone of the project")
        for name in ("pyproject.toml", "environment.yml")
    )
    wheel, data = build_wheel(course)
    texts["environment.yml"] = student_environment(environment, wheel)
    texts["requirements.txt"] = f"# The wheel names all that it needs. Install from within this folder.\n./{wheel}\n"
    texts["README.md"] = README.format(
        notebooks="\n".join(f"- `{path}`: {one.title}" for path, one in zip(paths, assignments, strict=True)),
        python=tomllib.loads(project)["project"]["requires-python"],
        example=paths[0],
        file=Path(paths[0]).name,
        wheel=wheel,
    )
    return {f"{TOP}/{wheel}": data} | {f"{TOP}/{name}": text.encode() for name, text in texts.items()}


def _read(path: Path, remedy: str) -> str:
    """Read a text file of the course, whatever its line ends are."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{path} cannot be read ({error.strerror}): {remedy}.") from error


def build_wheel(course: Course) -> tuple[str, bytes]:
    """Build the project's wheel, offline and reproducibly, and return its file name and its bytes.

    Raises:
        CourseError: if hatchling is missing or fails.
    """
    if importlib.util.find_spec("hatchling") is None:
        raise CourseError("The wheel is built with hatchling, which is missing here: `pip install hatchling`.")
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        built = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
            cwd=course.root,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(EPOCH)},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        wheels = list(Path(folder).glob("*.whl"))
        if built.returncode != 0 or len(wheels) != 1:
            raise CourseError(f"hatchling could not build the wheel of {course.root}: {built.stderr.strip()[-400:]}")
        return wheels[0].name, wheels[0].read_bytes()


def student_environment(environment: str, wheel: str) -> str:
    """Turn the course's environment.yml into the students': the wheel instead of the course folder."""
    lines = [line for line in environment.strip().splitlines() if not line.startswith("#")]
    if lines[-1].strip() != EDITABLE:
        raise BuildError(f"environment.yml does not end with `{EDITABLE}`: nothing says where the wheel belongs.")
    # conda runs pip in the folder of the file, so that ./ is found wherever `conda env create` is typed.
    return "\n".join([*lines[:-1], lines[-1].replace(EDITABLE, f"- ./{wheel}"), ""])


def pack(members: Mapping[str, bytes]) -> bytes:
    """Make a zip; the same members give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, date_time=time.gmtime(EPOCH)[:6])
            entry.create_system = 3  # Unix, whose permissions are given here, also where this runs on Windows
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, members[name], compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    return file.getvalue()


def unpack(archive: bytes) -> dict[str, bytes]:
    """Read all members of a zip."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def inspect_members(course: Course, assignments: Sequence[Assignment], members: Mapping[str, bytes]) -> None:
    """Make sure that a zip holds nothing which a student must not get, and can be unpacked on every system.

    Raises:
        BuildError: if something is wrong; the message names the member.
        StaleError: if a notebook is not what its source gives now.
    """
    wheels = {name: unpack(data) for name, data in members.items() if name.endswith(".whl")}
    for names in (members, *wheels.values()):
        inspect_names(names)
    inside = {f"{wheel}!{name}": data for wheel, files in wheels.items() for name, data in files.items()}
    _inspect_wheel(course, assignments, inside)
    # A course without a secret never drew from one, and asking for it would make one.
    secret = secret_seed(course) if course.secret_seed.is_file() else None
    for name, data in {**members, **inside}.items():
        if secret and (secret in data or secret.hex().encode() in data.lower()):
            raise BuildError(f"The zip would hold the secret seed: {name}.")
    for assignment in assignments:
        _inspect_notebook(course, assignment, members[f"{TOP}/{assignment.name}/{assignment.name}.ipynb"].decode())


def inspect_names(names: Iterable[str]) -> None:
    """Make sure that paths are relative and short, can be used on Windows and macOS, and lead to no solutions."""
    seen: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        if len(name) > LONGEST_PATH or not name.isascii() or any(part in ("", "..") for part in parts):
            raise BuildError(f"The path {name!r} in the zip is not relative, not plain ASCII or too long.")
        if any(NO_WINDOWS_NAME.search(part) for part in parts):
            raise BuildError(f"The path {name!r} in the zip cannot be used on Windows.")
        if name.lower() in seen:
            raise BuildError(f"The paths {seen[name.lower()]!r} and {name!r} are one file on Windows and macOS.")
        if "solutions" in re.split(r"[/.]", name.lower()):
            raise BuildError(f"The zip would hold the answers: {name}.")
        seen[name.lower()] = name


def _inspect_wheel(course: Course, assignments: Sequence[Assignment], inside: Mapping[str, bytes]) -> None:
    """Make sure that a wheel holds nothing but the autograder, and no line of a solution."""
    gaps = [gap for assignment in assignments for gap in gaps_of(course, assignment)]
    given = {line.strip() for gap in gaps for line in gap.given}
    solution = {line.strip() for gap in gaps for line in gap.solution if len(line.strip()) >= TELLING_LINE} - given
    for name, data in inside.items():
        folder = name.partition("!")[2].split("/")[0]
        if folder != "autograder" and not folder.endswith(".dist-info"):
            raise BuildError(f"The wheel holds more than the autograder: {name}.")
        found = solution & {line.strip() for line in data.decode(errors="replace").splitlines()}
        if found:
            raise BuildError(f"The zip would hold lines of a solution: {name}: {sorted(found)}.")


def _inspect_notebook(course: Course, assignment: Assignment, text: str) -> None:
    """Make sure that a release holds no answers, and that it is what its source gives now."""
    release = nbformat.reads(text, as_version=4)
    inspect_release(course, assignment, release)
    if "check_hidden(" in text or BEGIN_HIDDEN in text:  # in metadata too, wherever it stands
        raise BuildError(f"The release of {assignment.name} holds a hidden check.")
    there = {cell.id: cell.source for cell in release.cells}
    made = {
        cell.id: cell.source.partition(f"\n{BEGIN_HIDDEN}")[0] for cell in source_notebook(course, assignment).cells
    }
    for gap in gaps_of(course, assignment):
        (made[gap.name], _), (there[gap.name], inner) = _split(gap.source), _split(there.get(gap.name, ""))
        if there[gap.name] == made[gap.name] and not (len(inner) == 1 and "raise NotImplementedError(" in inner[0]):
            raise BuildError(f"The gap of {gap.name} in the release of {assignment.name} is filled: {inner}.")
    if there != made:
        raise StaleError(f"The release of {assignment.name} is out of date: run `autograder build`.")


def _split(source: str) -> tuple[str, list[str]]:
    """Split a solution cell into what stands around its gap and the lines within; markers are left out."""
    parts: tuple[list[str], list[str]] = [], []
    within = False
    for line in source.splitlines():
        if START in line or END in line:
            within = START in line
        else:
            parts[within].append(line)
    return "\n".join(parts[0]), parts[1]
