"""What is declared, locked and packed agrees, and the distribution holds no answers."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def bounds(requirements: list[str]) -> dict[str, SpecifierSet]:
    """Map the name of each requirement to its bounds."""
    parsed = map(Requirement, requirements)
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in parsed}


def conda_requirements() -> tuple[list[str], list[str]]:
    """Return what environment.yml takes from conda and what from pip."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    from_pip: list[str] = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    return [entry for entry in listed if isinstance(entry, str)], from_pip


def locked() -> list[tuple[Requirement, str]]:
    """Return each requirement of the lock with the lines that belong to it."""
    blocks = re.split(r"^(?=\w)", LOCK, flags=re.MULTILINE)[1:]
    return [(Requirement(block.split("\n", 1)[0].rstrip(" \\")), block) for block in blocks]


def test_environment_has_the_bounds_of_pyproject() -> None:
    """environment.yml names the runtime dependencies of pyproject.toml, each with the same bounds, and no others."""
    from_conda, from_pip = conda_requirements()
    assert from_pip[-1] == "-e ."
    named = bounds(from_conda + from_pip[:-1])
    del named["python"], named["pip"]
    assert named == bounds(PROJECT["dependencies"])


def test_one_range_of_python() -> None:
    """pyproject.toml, environment.yml, the Makefile and the tools speak of one range of Python versions."""
    supported = SpecifierSet(PROJECT["requires-python"])
    lowest, beyond = (next(s.version for s in supported if s.operator == sign) for sign in (">=", "<"))
    assert bounds(conda_requirements()[0])["python"] == supported
    check = "({}) <= sys.version_info < ({})".format(*(version.replace(".", ", ") for version in (lowest, beyond)))
    assert check in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert PYPROJECT["tool"]["mypy"]["python_version"] == lowest
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py" + lowest.replace(".", "")


@pytest.mark.parametrize(
    "declared",
    [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["dev"],
        *PYPROJECT["build-system"]["requires"],  # the Makefile builds without isolation
    ],
)
def test_lock_satisfies(declared: str) -> None:
    """The lock holds each declared requirement, in a version within its bounds."""
    requirement = Requirement(declared)
    pins = [pin for pin, _ in locked() if canonicalize_name(pin.name) == canonicalize_name(requirement.name)]
    assert pins
    for pin in pins:
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert requirement.specifier.contains(exact.version)


def test_lock_has_hashes() -> None:
    """Each requirement of the lock carries at least one hash."""
    assert [str(pin) for pin, lines in locked() if "--hash=sha256:" not in lines] == []


def test_lock_names_no_place() -> None:
    """The lock names no address, no option of an index and no folder, so it is the same wherever it is made."""
    assert "://" not in LOCK
    assert re.findall(r"^ *(?:-[a-z]|--(?!hash=)|.*[/@]).*$", LOCK, flags=re.MULTILINE) == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, offline."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_the_autograder_alone(wheel: Path) -> None:
    """The wheel holds the package autograder and its own metadata, nothing of solutions, tests or notebooks."""
    names = zipfile.ZipFile(wheel).namelist()
    assert "autograder/__init__.py" in names
    assert {name.split("/")[0] for name in names} == {"autograder", f"residual_course-{PROJECT['version']}.dist-info"}
    assert [name for name in names if re.search(r"solutions|tests?/|notebooks|bench|\.ipynb$", name)] == []


def test_wheel_holds_the_expected_results(wheel: Path) -> None:
    """The wheel holds the files of data/expected, unchanged, as autograder/expected."""
    source = ROOT / "data" / "expected"
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    assert files
    with zipfile.ZipFile(wheel) as archive:
        prefix = "autograder/expected/"
        packed = {name.removeprefix(prefix): archive.read(name) for name in archive.namelist() if prefix in name}
    assert packed == files


def test_installed_alone_there_are_no_answers(wheel: Path, tmp_path: Path) -> None:
    """Where only the wheel is installed, autograder can be imported and solutions cannot."""
    target = tmp_path / "installed"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target)]
    subprocess.run([*install, str(wheel)], check=True)
    # Without `site` (-S) no .pth file leads to this folder; the dependencies are then added by hand.
    path = [str(target), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    script = (
        f"import sys; sys.path += {path!r}\n"
        "import autograder, importlib.util\n"
        "print(autograder.__file__)\n"
        "print(importlib.util.find_spec('solutions'))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert ran.stdout.splitlines() == [str(target / "autograder" / "__init__.py"), "None"]


def test_help_lists_each_target() -> None:
    """`make help` lists each target that a person can ask for, with a sentence on what it does."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, flags=re.MULTILINE)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(["make"], cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    assert {"setup", "demo", "test", "test-all"} <= set(targets)
    assert [line.split()[0] for line in shown.splitlines() if len(line.split()) > 1] == targets
