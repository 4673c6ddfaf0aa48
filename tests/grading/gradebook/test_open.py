"""Addresses of gradebooks, and what can be wrong with a database: always one sentence, never a password."""

import importlib.util
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from nbgrader.api import Gradebook

from autograder.course.nbgrader import with_our_programs
from autograder.errors import CourseError, UsageError
from autograder.grading import gradebook_open
from autograder.grading.gradebook import GradebookWriter, back_up, has_assignment, update_cells
from autograder.grading.gradebook_open import Database, known_versions, settled_url
from tests.grading.gradebook.toy import NAME, all_rows, enter, graded, nbgrader_url, notebook


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file of a gradebook that knows the toy assignment."""
    path = tmp_path / "gradebook.db"
    update_cells(f"sqlite:///{path}", NAME, notebook())
    return path


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "'' is no address of a gradebook, as sqlite:"),
        ("gradebook.db", "'gradebook.db' is no address"),
        ("nosuchdatabase://a/b", "'nosuchdatabase://a/b' is no address"),
        ("postgres://ada:geheim@host/b", r"'postgres://\*\*\*@host/b' is no address .* \(write postgresql://\)"),
        ("postgresql://ada:geheim@host:port/b", r"'postgresql://\*\*\*@host:port/b' is no address"),
        (
            "postgresql+asyncpg://ada:geheim@host/b",
            r"ada:\*\*\*@host/b is for asynchronous programs: leave out \+asyncpg",
        ),
        ("oracle+oracledb://ada:geheim@host/b", r"ada:\*\*\*@host/b needs the Python package oracledb"),
        ("sqlite://", "keeps nothing: a gradebook is a file"),
        ("sqlite:///:memory:", "keeps nothing: a gradebook is a file"),
    ],
)
def test_no_address(address: str, sentence: str) -> None:
    """What is no address is said, without a password, by everything that takes one."""
    for use in (GradebookWriter, nbgrader_url, lambda url: has_assignment(url, NAME)):
        with pytest.raises(UsageError, match=sentence) as raised:
            use(address)
        assert "geheim" not in str(raised.value)
        assert str(raised.value).count("\n") == 0


@pytest.mark.parametrize("driver", ["", "+psycopg", "+psycopg2"])
def test_no_driver(monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    """Without a driver for PostgreSQL it is said how to install one; nothing else is used in its place."""
    for package in ("psycopg", "psycopg2"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(gradebook_open, "_installed", lambda package: False)
    with pytest.raises(UsageError, match=r"needs the Python package .* `pip install 'residual-course\[postgres\]'`"):
        settled_url(f"postgresql{driver}://ada@host/b")


@pytest.mark.parametrize(
    ("installed", "driver"),
    [(("psycopg",), "psycopg"), (("psycopg", "psycopg2"), "psycopg"), (("psycopg2",), "psycopg2")],
)
def test_driver(monkeypatch: pytest.MonkeyPatch, installed: tuple[str, ...], driver: str) -> None:
    """An address of PostgreSQL without a driver gets the one that is installed."""
    for package in installed:
        if importlib.util.find_spec(package) is None:
            monkeypatch.setitem(sys.modules, package, type(sys)(package))
    monkeypatch.setattr(gradebook_open, "_installed", lambda package: package in installed)
    monkeypatch.setattr("sqlalchemy.dialects.postgresql.psycopg2.PGDialect_psycopg2.import_dbapi", lambda *_: None)
    url = nbgrader_url("postgresql://ada:geheim@host/b?sslmode=require")
    assert url == f"postgresql+{driver}://ada:geheim@host/b?sslmode=require"


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is meant from where the user stands, also for programs that run elsewhere."""
    monkeypatch.chdir(tmp_path)
    assert nbgrader_url("sqlite:///class/gradebook.db") == f"sqlite:///{tmp_path / 'class' / 'gradebook.db'}"
    assert settled_url("sqlite:///file:a.db?mode=ro&uri=true").database == "file:a.db"


def test_a_strange_path(tmp_path: Path) -> None:
    """A path may hold signs that mean something in an address, if they are written as such."""
    path = tmp_path / "50 % of? #1 & é" / "gradebook.db"
    path.parent.mkdir()
    address = f"sqlite:///{quote(str(path))}"
    update_cells(address, NAME, notebook())
    enter(nbgrader_url(address), graded())
    assert path.is_file()
    with Gradebook(nbgrader_url(address)) as gradebook:
        assert gradebook.find_submission(NAME, "ada").score == 3
    assert back_up(address, path.parent) is not None


@pytest.mark.parametrize(
    "address", ["postgresql://ada:geheim@127.0.0.1:1/b", "postgresql://ada@127.0.0.1:1/b?password=geheim"]
)
def test_no_server(address: str, tmp_path: Path) -> None:
    """A server that does not answer is said in one line, without the password."""
    for use in (GradebookWriter, lambda url: has_assignment(url, NAME), lambda url: back_up(url, tmp_path)):
        with pytest.raises(CourseError, match=r"127.0.0.1:1/b cannot be reached: .*refused") as raised:
            use(address)
        assert "geheim" not in str(raised.value)
        assert "\n" not in str(raised.value)
        assert raised.value.__suppress_context__


def test_no_folder(tmp_path: Path) -> None:
    """A gradebook in a folder that is not there is said."""
    with pytest.raises(UsageError, match="cannot be opened: its folder must be there"):
        GradebookWriter(f"sqlite:///{tmp_path / 'none' / 'gradebook.db'}")


def test_no_database(tmp_path: Path) -> None:
    """A file that is no database is said, and stays as it is."""
    path = tmp_path / "gradebook.db"
    path.write_text("student,score\n" * 100)
    for use in (GradebookWriter, lambda url: has_assignment(url, NAME), lambda url: back_up(url, tmp_path / "b")):
        with pytest.raises(UsageError, match="is no SQLite database"):
            use(f"sqlite:///{path}")
    assert path.read_text() == "student,score\n" * 100


def test_damaged(file: Path) -> None:
    """A database with damaged pages is said."""
    enter(f"sqlite:///{file}", graded())
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(CourseError, match="is damaged: put its newest backup in its place"):
        enter(f"sqlite:///{file}", graded())


def test_read_only(file: Path) -> None:
    """A gradebook that may not be written can be read, and writing is refused in a sentence."""
    address = f"sqlite:///file:{file}?mode=ro&uri=true"
    assert has_assignment(address, NAME)
    with pytest.raises(UsageError, match="may not be written: change the permissions"):
        enter(address, graded())


def test_another_version(file: Path) -> None:
    """A gradebook of a newer or older nbgrader is not touched, and it is said which one is to be brought up to date."""
    known = known_versions()
    for version, sentence in (("fedcba987654", "a newer nbgrader: update nbgrader"), (known[1], "nbgrader db upgrade")):
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [version])
        connection.close()
        before = file.read_bytes()
        for use in (
            GradebookWriter,
            lambda url: has_assignment(url, NAME),
            lambda url: update_cells(url, NAME, notebook()),
        ):
            with pytest.raises(CourseError, match=sentence):
                use(f"sqlite:///{file}")
        assert file.read_bytes() == before


def test_another_program(tmp_path: Path) -> None:
    """The database of another program is not written into."""
    path = tmp_path / "hub.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('4621fec11365')")
    connection.close()
    with pytest.raises(CourseError, match="was made by another program"):
        GradebookWriter(f"sqlite:///{path}")


@pytest.mark.slow
def test_made_as_nbgrader_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new gradebook has the tables, the version and the course of one that nbgrader made; alembic is not started."""
    theirs, ours = (f"sqlite:///{tmp_path / name}" for name in ("theirs.db", "ours.db"))
    with monkeypatch.context() as patch:
        patch.setenv("PATH", with_our_programs(os.environ["PATH"]))
        Gradebook(theirs).close()
    monkeypatch.setenv("PATH", "")
    GradebookWriter(ours).close()
    found = []
    for name in ("theirs.db", "ours.db"):
        connection = sqlite3.connect(tmp_path / name)
        query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        tables = [" ".join(sql.split()) for (sql,) in connection.execute(query)]
        found.append((tables, connection.execute("SELECT * FROM alembic_version").fetchall()))
        connection.close()
    assert found[0] == found[1]
    assert all_rows(theirs) == all_rows(ours)
    GradebookWriter(theirs).close()


def test_without_a_version(file: Path) -> None:
    """A gradebook that nbgrader made without finding alembic is taken as it is, and gets its version."""
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE alembic_version")
    connection.close()
    address = f"sqlite:///{file}"
    enter(address, graded())
    with Database(address) as database:
        database.make()
        database.make()
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT * FROM alembic_version").fetchall() == [(known_versions()[0],)]
    connection.close()


WRITE_WITHOUT_END = """
import sys
from autograder.grading.gradebook import (GradebookWriter)
from tests.grading.gradebook.toy import graded
with GradebookWriter(sys.argv[1]) as writer:
    for i in range(100_000):
        writer.enter(graded(f"{i:06}"))
        writer.enter(graded(f"{i // 2:06}"))
        if i == 20:
            print("now", flush=True)
"""


@pytest.mark.slow
def test_killed(file: Path) -> None:
    """A program that is killed while it writes leaves whole submissions, and the gradebook can be used at once."""
    address = f"sqlite:///{file}"
    command = [sys.executable, "-c", WRITE_WITHOUT_END, address]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "now\n"
        process.kill()
    with GradebookWriter(address) as writer:
        found = writer.scores(NAME)
        assert all(scores == {"double-positive": 1, "double-negative": 2} for scores in found.values())
        rows = {name: len(rows) for name, rows in all_rows(address).items()}
        assert rows["student"] == rows["submitted_assignment"] == rows["submitted_notebook"] == len(found) > 20
        assert (rows["comment"], rows["grade"]) == (len(found), 2 * len(found))
        writer.enter(graded())
