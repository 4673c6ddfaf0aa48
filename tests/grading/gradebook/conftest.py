"""Gradebooks in SQLite and in a real PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from autograder.grading.gradebook import update_cells
from autograder.grading.gradebook_open import Database
from tests.grading.gradebook.toy import NAME, notebook


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs, which Debian does not put on PATH."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve()] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """Run a PostgreSQL of our own, and return the folder of its socket."""
    programs = find_postgresql()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    # A socket's path has at most 107 characters; in memory, where that can be had, it is made in half the time.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"))
    who: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.getuid() == 0:  # which PostgreSQL refuses
        os.chown(folder, 65534, 65534)
        who |= {"user": 65534, "group": 65534, "extra_groups": []}
    data = ["-D", str(folder / "data")]
    made = [str(programs / "initdb"), *data, "-A", "trust", "-U", "teacher", "-E", "UTF8", "--no-sync"]
    subprocess.run(made, check=True, **who)
    options = [*data, "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    process = subprocess.Popen([str(programs / "postgres"), *options], **who)
    try:
        ready = [str(programs / "pg_isready"), "-h", str(folder), "-q"]
        end = time.monotonic() + 30
        while subprocess.run(ready, check=False).returncode != 0:
            assert time.monotonic() < end
            time.sleep(0.05)
        yield folder
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


@pytest.fixture
def postgresql(server: Path) -> str:
    """Return the address of an empty database in PostgreSQL."""
    address = f"postgresql://teacher@/postgres?host={server}"
    with Database(address) as database, database.reading() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))  # a database of its own takes ten times as long
        connection.execute(text("CREATE SCHEMA public"))
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a gradebook that is not there yet, in each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gradebook.db'}"
    address: str = request.getfixturevalue("postgresql")
    return address


@pytest.fixture
def db_url(empty_url: str) -> str:
    """Return the address of a gradebook that knows the toy assignment."""
    assert update_cells(empty_url, NAME, notebook()) == ["entered into the gradebook, with 2 checks."]
    return empty_url
