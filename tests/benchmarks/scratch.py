"""A private server of the run's own, with databases that are built once and thrown away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db import migrations
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle, PrivateServer
from frontdesk.desk import Desk
from frontdesk.services.people.sign_in import open_desk
from tests.benchmarks.loading import NOW, SETTINGS, load, token


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    slots: int = 1_000_000
    many_slots: int = 10_000_000
    """In a book ten times as big, against which the first is held; 0 for none."""
    customers: int = 1_000_000
    visits: int = 10_000_000
    rounds: int = 60
    """How often a time is taken."""
    races: int = 40
    racers: int = 64
    searched: int = 300
    """How many customers are looked for by every beginning of their names."""
    clients: int = 16
    """How many book at once, each an hour nobody else wants."""
    bookings_each: int = 60
    turns: int = 3
    gift_cards: int = 50_000
    attempts: int = 10_000
    """How often so many desks as there are racers want hours that are wanted by others too."""

    @property
    def sales(self) -> int:
        """Half of the visits are paid one by one."""
        return self.visits // 2


QUICK = Size(
    slots=12_000, many_slots=0, customers=3_000, visits=6_000, rounds=5, races=2, racers=6, searched=10,
    clients=4, bookings_each=4, turns=1, attempts=60, gift_cards=500,
)  # fmt: skip


@dataclass(frozen=True)
class Scratch:
    """The run's server and how much is put into it."""

    home: Path
    handle: Handle
    size: Size

    def database(self, name: str, *fill: Callable[[psycopg.Connection, Size], None]) -> str:
        """A migrated database with something in it, kept as long as the server's folder is."""
        with psycopg.connect(self.handle.conninfo("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                return name
            making = sql.Identifier(f"{name}_making")
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(making))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(making))
            migrations.migrate(self.handle.conninfo(f"{name}_making"))
            load(self.handle.conninfo(f"{name}_making"), *(lambda c, each=each: each(c, self.size) for each in fill))
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(making, sql.Identifier(name)))
        return name

    @contextmanager
    def copied(self, database: str, name: str) -> Iterator[str]:
        """A copy that is thrown away. Whoever is still connected to the database itself is thrown out first."""
        copy, original = sql.Identifier(name), sql.Identifier(database)
        with psycopg.connect(self.handle.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (database,)
            )
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(copy, original))
            try:
                with self.owner(name) as owner:
                    owner.execute("CALL guard_database()")
                yield name
            finally:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))

    def desk_conninfo(self, database: str) -> str:
        """As the program logs in: the role that owns nothing. A copied or renamed database keeps the one it had."""
        with self.owner(database) as owner:
            [(role,)] = owner.execute("SELECT desk_role()").fetchall()
        return self.handle.conninfo(database, user=role)

    def engine(self, database: str) -> Engine:
        """Connections as the program makes them."""
        return open_engine(self.desk_conninfo(database))

    def owner(self, database: str) -> psycopg.Connection:
        """A connection that policies do not bind, for looking and for tidying up."""
        return psycopg.connect(self.handle.conninfo(database), autocommit=True)

    def driver(self, database: str) -> psycopg.Connection:
        """A connection as the program makes it, without the program around it."""
        lent = self.engine(database).raw_connection()
        made = lent.driver_connection
        assert isinstance(made, psycopg.Connection)
        lent.detach()
        return made

    def plain(self, database: str, login: str = "ria") -> psycopg.Connection:
        """A bare psycopg connection of somebody signed in, behind the same policies."""
        connection = psycopg.connect(self.desk_conninfo(database), autocommit=True)
        connection.execute("SELECT set_config('frontdesk.token', %s, false)", (token(login),))
        return connection


def desk(engine: Engine, login: str = "ria") -> Desk:
    """Somebody's place at a terminal."""
    return open_desk(lambda: Session(engine), token(login), SetClock(NOW))


@contextmanager
def scratch(size: Size, home: Path | None = None) -> Iterator[Scratch]:
    """The run's server: in a folder of its own that goes with it, or in one that is kept."""
    folder = home or Path(tempfile.mkdtemp(prefix="frontdesk-benchmarks-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)  # the server's own user has to get through
    server = PrivateServer(folder / "server")
    try:
        with server.attach() as handle, psycopg.connect(handle.conninfo("postgres"), autocommit=True) as connection:
            for setting in SETTINGS:
                connection.execute(setting)
        with server.attach() as handle:
            yield Scratch(folder, handle, size)
    finally:
        if home is None:
            shutil.rmtree(folder, ignore_errors=True)
