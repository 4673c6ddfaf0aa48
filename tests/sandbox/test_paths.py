"""Which paths a worker is shown."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox import paths
from autograder.sandbox.container import worker_command
from autograder.sandbox.level import Level
from autograder.sandbox.paths import PACKAGE, SYSTEM, readable_paths, routes
from tests.sandbox.ward import missing


def laid_anew(found: paths.Routes, root: Path) -> None:
    """Lay links and ends below another root, as the container does."""
    for end in found.ends:
        place = root / end.relative_to("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir() if end.is_dir() else place.write_bytes(end.read_bytes())
    for link, said in found.links.items():
        place = root / link.relative_to("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(root / said[1:] if said.startswith("/") else said)


def test_a_path_through_links_leads_to_the_same_file(tmp_path: Path) -> None:
    """Links to folders, relative, absolute and one after another, are all laid anew."""
    real = tmp_path / "versions" / "3.12.1" / "bin"
    real.mkdir(parents=True)
    (real / "python3.12").write_text("x")
    (real / "python").symlink_to("python3.12")
    (tmp_path / "versions" / "3.12").symlink_to("3.12.1")
    (tmp_path / "home").symlink_to(tmp_path / "versions")
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "python").symlink_to(tmp_path / "home" / ".." / "versions" / "3.12" / "bin" / "python")
    asked = tmp_path / "env" / "python"
    found = routes([asked])
    assert found.ends == (real / "python3.12",)
    laid_anew(found, tmp_path / "root")
    assert (tmp_path / "root" / asked.relative_to("/")).read_text() == "x"


@given(st.lists(st.sampled_from(["/usr", "/usr/bin", "/usr/lib", "/bin", "/lib", "/etc/localtime", "/nowhere/at/all"])))
def test_no_end_lies_in_another(names: list[str]) -> None:
    """However paths overlap, what is laid does not, and no link lies inside it."""
    found = routes(map(Path, names))
    for end in found.ends:
        assert end.resolve() == end
        assert not any(end in other.parents for other in (*found.ends, *found.links))


def test_links_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    """A link that leads to itself is passed over."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert routes([tmp_path / "a"]) == paths.Routes({}, ())


def test_only_the_package_is_readable_of_the_course() -> None:
    """Neither the folder that holds the package nor anything else in it is among what a worker reads."""
    readable = [path.resolve() for path in readable_paths()]
    assert PACKAGE in readable
    assert not any(path in PACKAGE.parents for path in readable)


def test_an_environment_made_in_the_course_folder_shows_its_parts_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone who ran `python -m venv .` in the course folder does not show the solutions."""
    for name in ("lib", "bin", "solutions"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    readable = readable_paths()
    assert tmp_path / "lib" in readable
    assert tmp_path not in readable
    assert tmp_path / "solutions" not in readable


def test_an_environment_below_home_works_in_the_container(tmp_path: Path) -> None:
    """A Python whose environment lies beside the solutions starts in the container, and does not see them."""
    if reason := missing(Level.NAMESPACES):
        pytest.skip(reason)
    course = tmp_path / "home" / "course"
    (course / "solutions").mkdir(parents=True)
    venv.create(course / ".venv", symlinks=True)
    program = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); from paths import *; print(*readable_paths(), sep='\\n')"
    )
    python = str(course / ".venv" / "bin" / "python")
    told = subprocess.run([python, "-c", program, str(PACKAGE / "sandbox")], capture_output=True, text=True, check=True)
    argv = [python, "-c", f"import os, sqlite3, sys; print(sys.prefix, os.listdir({str(course)!r}))"]
    command = worker_command(Level.NAMESPACES, argv, list(map(Path, told.stdout.splitlines())), {"PATH": os.defpath})
    seen = subprocess.run(command, capture_output=True, text=True)
    assert seen.stdout == f"{course / '.venv'} ['.venv']\n", seen.stderr


def test_the_container_has_no_configuration_of_the_system() -> None:
    """Of /etc only what starts programs is shown, and users that are not this machine's."""
    if reason := missing(Level.NAMESPACES):
        pytest.skip(reason)
    command = worker_command(
        Level.NAMESPACES, ["sh", "-c", "ls /etc; cat /etc/passwd; env"], readable_paths(), {"X": "1"}
    )
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    names = [line for line in lines if ":" not in line and "=" not in line]
    assert set(names) <= {path.name for path in SYSTEM} | {"passwd", "group"}
    assert [line.split(":")[0] for line in lines if ":" in line] == ["root", "student", "nobody"]
    assert {line for line in lines if "=" in line} - {"X=1", "PWD=/"} == set()
