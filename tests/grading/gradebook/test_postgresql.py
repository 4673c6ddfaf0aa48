"""What only a server can do to us: refuse, forget a connection, end."""

import pytest
from sqlalchemy import Connection, text

from autograder.errors import CourseError, UsageError
from autograder.grading.gradebook import GradebookWriter, has_assignment, update_cells
from autograder.grading.gradebook_open import Database
from tests.grading.gradebook.toy import NAME, enter, graded, nbgrader_url, notebook


def run(address: str, *statements: str) -> None:
    """Run statements on a server, each by itself."""
    with Database(address) as database, database.reading(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_connections_are_ended(postgresql: str) -> None:
    """A writer goes on after the server ended its connections, as it does when it is restarted."""
    update_cells(postgresql, NAME, notebook())
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()"
    )
    with GradebookWriter(postgresql) as writer:
        writer.enter(graded())
        run(postgresql, others)
        assert list(writer.scores(NAME)) == ["ada"]
        run(postgresql, others)
        writer.enter(graded("bob"))
        assert sorted(writer.scores(NAME)) == ["ada", "bob"]


def test_connection_is_ended_in_a_transaction(postgresql: str) -> None:
    """A transaction whose connection is lost is done again from its start, once."""
    done = []

    def action(connection: Connection) -> None:
        done.append(connection)
        if len(done) == 1:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with Database(postgresql) as database:
        database.write(action)
    assert len(done) == 2


def test_no_rights(postgresql: str) -> None:
    """A user who may only read can read; that writing is not allowed is said."""
    update_cells(postgresql, NAME, notebook())
    run(
        postgresql,
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN",
        "GRANT USAGE ON SCHEMA public TO reader",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    reader = postgresql.replace("teacher", "reader:geheim")
    assert has_assignment(reader, NAME)
    with pytest.raises(UsageError, match="may not be written by this user: permission denied for table") as raised:
        enter(reader, graded())
    assert "geheim" not in str(raised.value)
    run(postgresql, "DROP OWNED BY reader", "DROP ROLE reader")


def test_no_such_database(postgresql: str) -> None:
    """A database that is not there is said in one line."""
    with pytest.raises(CourseError, match=r'cannot be reached: .*database "nothing" does not exist') as raised:
        GradebookWriter(postgresql.replace("/postgres?", "/nothing?"))
    assert "\n" not in str(raised.value)


def test_for_nbgrader(postgresql: str) -> None:
    """The address for nbgrader names the driver that is installed."""
    assert nbgrader_url(postgresql).startswith("postgresql+psycopg://teacher@/postgres?host=")
