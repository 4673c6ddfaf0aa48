"""Open nbgrader's database: its address, its tables, and one sentence for whatever is wrong with it."""

import contextlib
import importlib.util
import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from alembic.script import ScriptDirectory
from nbgrader.api import Base
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from autograder.errors import CourseError, UsageError
from autograder.grading.gradebook_errors import sentence_for

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds to wait for another program that is writing, and for a server to answer."""

ATTEMPTS = 3
"""How often a transaction is begun: two programs may enter one student at once, a server may have been restarted."""

RUN_AGAIN = frozenset({"40001", "40P01", "42P07", "42710"})
"""PostgreSQL's codes for a transaction that lost a race. Source: PostgreSQL 15, appendix A "Error Codes"."""

EXAMPLES = "as sqlite:////folder/gradebook.db and postgresql://user@host/database are"

NBGRADER_TABLES = frozenset(Base.metadata.tables)

VERSION_TABLE = "alembic_version"


def settled_url(db_url: str | URL) -> URL:
    """Return an address that means the same in every folder and names an installed driver.

    Args:
        db_url: sqlite:///path or postgresql://user@host/database, as SQLAlchemy writes it.

    Returns:
        The address, with an absolute path or the driver's name.

    Raises:
        UsageError: if it is none, or if its driver is not installed.
    """
    try:
        url = make_url(db_url)
        if url.drivername == "postgresql":  # SQLAlchemy's own choice differs between its versions
            driver = "psycopg2" if _installed("psycopg2") and not _installed("psycopg") else "psycopg"
            url = url.set(drivername=f"postgresql+{driver}")
        dialect = url.get_dialect()
    except (ArgumentError, ValueError):
        shown = re.sub(r"//.*@", "//***@", str(db_url))  # it may hold a password
        hint = " (write postgresql://)" if shown.startswith("postgres://") else ""
        raise UsageError(f"{shown!r} is no address of a gradebook, {EXAMPLES}{hint}.") from None
    if dialect.is_async:
        raise UsageError(f"{shown_url(url)} is for asynchronous programs: leave out +{url.get_driver_name()}.")
    if url.get_backend_name() == "sqlite":
        return _settled_sqlite(url)
    try:
        dialect.import_dbapi()
    except ImportError:
        extra = " with `pip install 'residual-course[postgres]'`" if url.get_backend_name() == "postgresql" else ""
        message = f"{shown_url(url)} needs the Python package {url.get_driver_name()}, which is not here: install it"
        raise UsageError(f"{message}{extra}.") from None
    return url


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _settled_sqlite(url: URL) -> URL:
    if url.database in (None, "", ":memory:"):
        raise UsageError(f"{url} keeps nothing: a gradebook is a file, {EXAMPLES}.")
    if str(url.database).startswith("file:"):  # SQLite's own form of a path, with options
        return url
    return url.set(database=str(Path(str(url.database)).absolute()))


def shown_url(url: URL) -> str:
    """Return an address to be read by people: no password, not even among its options."""
    return url.set(query={}).render_as_string(hide_password=True)


class Database:
    """nbgrader's database; no connection is made before it is used, and no transaction outlasts a call.

    Raises:
        UsageError: if the address is none, or if its driver is not installed.
    """

    def __init__(self, db_url: str | URL) -> None:
        self.url = settled_url(db_url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _engine(self.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextlib.contextmanager
    def speaking(self) -> Iterator[None]:
        """Turn what the database raises into one sentence that holds no password.

        Raises:
            CourseError: if it raised.
        """
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise sentence_for(self.url, shown_url(self.url), error) from None

    @contextlib.contextmanager
    def reading(self, **options: Any) -> Iterator[Connection]:
        """Yield a connection within one transaction that changes nothing.

        Raises:
            CourseError: if the database cannot be read.
        """
        with self.speaking(), self._engine.connect() as connection:
            connection = connection.execution_options(**options)
            with connection.begin():
                yield connection

    def write(self, action: Callable[[Connection], T]) -> T:
        """Do something in one transaction, from the start again if it lost a race against another program.

        Raises:
            CourseError: if the database cannot be written.
        """
        with self.speaking():
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    with self._engine.execution_options(writes=True).begin() as connection:
                        return action(connection)
                except DBAPIError as error:
                    if attempt == ATTEMPTS or not _worth_another_attempt(error):
                        raise
        raise AssertionError("the last attempt returns or raises")

    def exists(self) -> bool:
        """Tell whether nbgrader's tables are there; nothing is made.

        Raises:
            CourseError: if it cannot be read, or is another program's or another nbgrader's.
        """
        path = str(self.url.database)
        if self.is_sqlite and not path.startswith("file:") and not Path(path).exists():
            return False  # connecting would leave an empty file
        with self.reading() as connection:
            tables = set(inspect(connection).get_table_names())
            version = _version(connection) if VERSION_TABLE in tables else None
        known = known_versions()
        if version not in (None, *known):
            whose = "a newer nbgrader: update nbgrader" if tables & NBGRADER_TABLES else "another program: name another"
            raise CourseError(f"The gradebook {shown_url(self.url)} was made by {whose}.")
        if version not in (None, known[0]):
            raise CourseError(
                f"The gradebook {shown_url(self.url)} was made by an older nbgrader: run `nbgrader db upgrade` first."
            )
        return bool(tables & NBGRADER_TABLES)

    def make(self, course_id: str = "default_course") -> None:
        """Make nbgrader's tables where they are missing, all or none; nbgrader itself needs `alembic` on PATH for it.

        Args:
            course_id: a course to enter, by default nbgrader's own; none if empty.

        Raises:
            CourseError: if the database cannot be written, or is another program's.
        """
        self.exists()
        self.write(lambda connection: _make_tables(connection, course_id))


def _make_tables(connection: Connection, course_id: str) -> None:
    Base.metadata.create_all(connection)
    if not inspect(connection).has_table(VERSION_TABLE):
        connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)"))
    if _version(connection) is None:
        connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:head)"), {"head": known_versions()[0]})
    enter_course(connection, course_id)


def enter_course(connection: Connection, course_id: str) -> None:
    """Enter a course that the gradebook does not know; an empty name is none."""
    course = Base.metadata.tables["course"]
    if course_id and connection.execute(course.select().where(course.c.id == course_id)).first() is None:
        connection.execute(course.insert(), {"id": course_id})


def _version(connection: Connection) -> str | None:
    version: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return version


@cache
def known_versions() -> tuple[str, ...]:
    """Return the versions of the database that the installed nbgrader knows, its own first."""
    return tuple(script.revision for script in ScriptDirectory(ALEMBIC_DIR).walk_revisions())


def _worth_another_attempt(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return isinstance(error, IntegrityError) or error.connection_invalidated or code in RUN_AGAIN


def _engine(url: URL) -> Engine:
    kind = url.get_backend_name()
    if kind == "sqlite":
        engine = create_engine(url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _leave_begin_to_us)
        event.listen(engine, "begin", _begin)
        return engine
    if kind == "postgresql":
        given = {} if "connect_timeout" in url.query else {"connect_timeout": round(PATIENCE)}
        engine = create_engine(url, connect_args=given, pool_pre_ping=True)  # the server may restart
        event.listen(engine, "connect", _wait_for_locks)
        return engine
    return create_engine(url, pool_pre_ping=True)


def _leave_begin_to_us(connection: Any, _record: Any) -> None:
    # Otherwise sqlite3 begins a transaction at the first change: a reader that then writes cannot wait for another.
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _wait_for_locks(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {round(1000 * PATIENCE)}")
    connection.commit()
