"""Two made-up shops of the same wish in a database of their own, and somebody at the desk of the first."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.people.sign_in import open_desk, sign_in
from frontdesk.services.seeding import Seeded, SeedShop, Size, seed
from tests.conftest import clone, desk_conninfo
from tests.services.seeding.made_up import AT, NOW, TODAY, WISH


@pytest.fixture(scope="session")
def seeded_in(server: Handle) -> Iterator[str]:
    """A database with two made-up shops of the same wish, beside Vale Street: its name."""
    name = f"seeded_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    clone(server, name)
    yield name
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def told() -> list[tuple[str, int, int]]:
    """What was said of the progress."""
    return []


@pytest.fixture(scope="session")
def seeded(server: Handle, seeded_in: str, told: list[tuple[str, int, int]]) -> Seeded:
    """The first of the two."""
    return seed(server.conninfo(seeded_in), WISH, lambda doing, done, total: told.append((doing, done, total)))


@pytest.fixture(scope="session")
def twin(server: Handle, seeded_in: str, seeded: Seeded) -> Seeded:
    """The second."""
    again = SeedShop(today=TODAY, at=AT, size=Size.SMALL, code="vale-twin", name="Vale Street twin")
    return seed(server.conninfo(seeded_in), again)


@pytest.fixture
def database(server: Handle, seeded_in: str, seeded: Seeded) -> Iterator[psycopg.Connection]:
    """Plain SQL in the seeded database, rolled back."""
    with psycopg.connect(server.conninfo(seeded_in)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def ria(server: Handle, seeded_in: str, seeded: Seeded) -> Iterator[Desk]:
    """The made-up shop's receptionist at its terminal."""
    engine = open_engine(desk_conninfo(server, seeded_in))

    def sessions() -> Session:
        return Session(engine)

    token = sign_in(sessions, login="ria", secret="1111", method="pin", terminal_secret=seeded.terminal_secret)
    yield open_desk(sessions, token, SetClock(NOW))
    engine.dispose()
