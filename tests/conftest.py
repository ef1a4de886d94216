"""A real PostgreSQL for every test: one server per run, one database per worker, rolled back after each test."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db import migrations
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle, PrivateServer
from frontdesk.desk import Desk
from frontdesk.services.people.sign_in import Sessions, open_desk
from tests import vale_street
from tests.seeds import seeds

VERSION = int(os.environ.get("FRONTDESK_TEST_SERVER_VERSION", "18"))
TEMPLATE = "vale"


MEMORY = Path("/dev/shm")  # where there is one, copying a database costs a fifth of what it does on a disk
ENOUGH_MEMORY = 4 * 2**30  # bytes; a run takes less than one of the four gigabytes


def _home() -> Path:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return _place() / f"frontdesk-tests-{hashlib.sha256(run.encode()).hexdigest()[:12]}"


def _place() -> Path:
    """In memory where there is enough of it, the same for all workers however much of it the run has taken by now."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).total >= ENOUGH_MEMORY
    return MEMORY if has_room else Path(tempfile.gettempdir())


def pytest_configure(config: pytest.Config) -> None:
    """The controller calls the run by the name its workers will know it by, so that it finds their folder again."""
    if getattr(config.option, "testrunuid", "") is None:
        config.option.testrunuid = str(os.getpid())


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a worker often waits for a terminal, a browser or the database."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only asks the same in another way is left out, two of three questions to the older server among it.

    FRONTDESK_TEST_SEEDS=2 leaves nothing out.
    """
    if len(seeds(0)) > 1:
        return
    out = [
        item
        for item in items
        if item.get_closest_marker("thorough")
        or ("[postgresql-16" in item.nodeid and zlib.crc32(item.nodeid.encode()) % 3)
    ]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in set(out)]


def pytest_collection_finish() -> None:
    """What is imported by now stays: no collection of garbage need look at it again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The run's own folder goes with the run."""
    if not hasattr(session.config, "workerinput") and _home().exists():
        PrivateServer(_home() / "server", VERSION).stop()
        shutil.rmtree(_home(), ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Handle]:
    """The run's PostgreSQL, shared by all its workers."""
    home = _home()
    home.mkdir(mode=0o711, exist_ok=True)
    with PrivateServer(home / "server", VERSION).attach() as handle:
        with (home / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _make_template(handle)
        yield handle


def careless(connection: psycopg.Connection) -> None:
    """Nothing on a tests' server outlives a power cut: it need not wait for the disk. Its own tests have their own."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
    connection.execute("SELECT pg_reload_conf()")


def _make_template(handle: Handle) -> None:
    with psycopg.connect(handle.conninfo("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
            return
        careless(connection)
        connection.execute("CREATE DATABASE making")
        migrations.migrate(handle.conninfo("making"))
        vale_street.build(handle.conninfo("making"))
        connection.execute(sql.SQL("ALTER DATABASE making RENAME TO {}").format(sql.Identifier(TEMPLATE)))


def clone(handle: Handle, name: str) -> None:
    """A fresh copy of the template: the migrated schema with Vale Street in it."""
    with psycopg.connect(handle.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(  # a fifth of what a log of it costs
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )


def desk_conninfo(handle: Handle, database: str) -> str:
    """As the program logs in: the role that owns nothing. Copies keep the roles of what they were copied from."""
    return handle.conninfo(database, user="making_desk")


@pytest.fixture(scope="session")
def database(server: Handle) -> str:
    """This worker's copy, for tests that roll back."""
    name = f"shared_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    clone(server, name)
    return name


@pytest.fixture(scope="session")
def engine(server: Handle, database: str) -> Iterator[Engine]:
    """Connections of this worker's copy, as the desk's role."""
    engine = open_engine(desk_conninfo(server, database))
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """Sessions inside one transaction that is rolled back: what services commit is gone after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield lambda: Session(connection, join_transaction_mode="create_savepoint")
        outer.rollback()


@pytest.fixture
def clock() -> SetClock:
    """The fixture's moment: Monday 9 March 2026, nine in the morning in London."""
    return SetClock(vale_street.NOW)


@pytest.fixture
def ria(sessions: Sessions, clock: SetClock) -> Desk:
    """The receptionist's desk."""
    return open_desk(sessions, vale_street.token("ria"), clock)


@pytest.fixture
def mo(sessions: Sessions, clock: SetClock) -> Desk:
    """The manager's desk."""
    return open_desk(sessions, vale_street.token("mo"), clock)


@pytest.fixture
def ada(sessions: Sessions, clock: SetClock) -> Desk:
    """The admin's desk."""
    return open_desk(sessions, vale_street.token("ada"), clock)


@pytest.fixture
def tess(sessions: Sessions, clock: SetClock) -> Desk:
    """The trainee's desk."""
    return open_desk(sessions, vale_street.token("tess"), clock)


@pytest.fixture
def anna(sessions: Sessions, clock: SetClock) -> Desk:
    """The first stylist's desk."""
    return open_desk(sessions, vale_street.token("anna"), clock)


@pytest.fixture
def committed(server: Handle, request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of its own for a test that commits: its name."""
    name = f"own_{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]}"
    clone(server, name)
    yield name
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
