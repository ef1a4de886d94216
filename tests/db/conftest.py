"""The database's own tests run on both servers that the wheel brings, the oldest we support among them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql

from frontdesk.db import migrations
from frontdesk.db.server import Handle, PrivateServer
from tests import vale_street
from tests.conftest import _home, careless
from tests.db import two_businesses

VERSIONS = (18, 16)
MADE_AS = "two_making"


@dataclass(frozen=True)
class Place:
    """A server with a template on it: the migrated schema with `two_businesses` in it."""

    handle: Handle
    version: int

    def owner(self, database: str) -> str:
        """As the server's superuser, who sees everything."""
        return self.handle.conninfo(database)

    def desk(self, database: str, made_as: str = MADE_AS) -> str:
        """As the program logs in."""
        return self.handle.conninfo(database, user=f"{made_as}_desk")

    @contextmanager
    def database(self, name: str, template: str | None = "two") -> Iterator[str]:
        """A database of its own, a copy of the template unless another or none is asked for; dropped afterwards."""
        name = f"{name} {os.getpid()}"
        with psycopg.connect(self.owner("postgres"), autocommit=True) as connection:
            _drop(connection, name)
            copy = (
                sql.SQL("TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(template)) if template else sql.SQL("")
            )
            connection.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), copy))
            try:
                if template:
                    _guard(self.owner(name))
                yield name
            finally:
                _drop(connection, name)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nobody's server outlives the run, even if a worker died with it."""
    if not hasattr(session.config, "workerinput") and _home().exists():
        for version in VERSIONS:
            PrivateServer(_home() / "server", version).stop()


@pytest.fixture(scope="session", params=VERSIONS, ids=[f"postgresql-{version}" for version in VERSIONS])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Each server that we support, in turn."""
    home = _home()
    home.mkdir(mode=0o711, exist_ok=True)
    version: int = request.param
    with PrivateServer(home / "server", version).attach() as handle:
        with (home / f"two-{version}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _make_template(Place(handle, version))
        yield Place(handle, version)


def _make_template(place: Place) -> None:
    with psycopg.connect(place.owner("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'two'").fetchone():
            return
        careless(connection)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(MADE_AS)))
        migrations.migrate(place.owner(MADE_AS))
        two_businesses.build(place.owner(MADE_AS))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO two").format(sql.Identifier(MADE_AS)))


def _guard(conninfo: str) -> None:
    """What a copied database does not bring with it."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("CALL guard_database()")


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def two(place: Place) -> Iterator[str]:
    """A copy for tests that change nothing for good: its name."""
    with place.database("two shared") as name:
        yield name


@pytest.fixture(scope="session")
def connections(place: Place, two: str) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    """The superuser's and the program's."""
    with psycopg.connect(place.owner(two)) as owner, psycopg.connect(place.desk(two)) as desk:
        owner.execute("ANALYZE")
        owner.commit()
        yield owner, desk
        owner.rollback()
        desk.rollback()


@pytest.fixture
def owner(connections: tuple[psycopg.Connection, psycopg.Connection]) -> Iterator[psycopg.Connection]:
    """The superuser's connection, who sees everything; what it does is rolled back."""
    yield connections[0]
    connections[0].rollback()


@pytest.fixture
def desk(connections: tuple[psycopg.Connection, psycopg.Connection]) -> Iterator[psycopg.Connection]:
    """The program's connection, nobody signed in; what it does is rolled back."""
    yield connections[1]
    connections[1].rollback()


@pytest.fixture
def ria(desk: psycopg.Connection) -> psycopg.Connection:
    """The program's connection with the receptionist signed in."""
    return signed_in(desk, "ria")


def signed_in(connection: psycopg.Connection, login: str) -> psycopg.Connection:
    """Carry a person's token until the transaction ends."""
    connection.execute("SELECT set_config('frontdesk.token', %s, true)", (vale_street.token(login),))
    return connection
