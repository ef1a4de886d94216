"""A backup becomes a database again: read into a scratch one first, which takes the name only when it is whole."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from frontdesk.db.backup import beside, read_into, scratch_beside
from frontdesk.db.contents import contents
from frontdesk.db.dump_programs import OnWait, programs_for
from frontdesk.db.making import Server, connected, known_head, version_of
from frontdesk.errors import Refusal


class BackupNewer(Refusal):
    """{path} was written by a newer frontdesk: schema {found}, and this one knows {known}. Update frontdesk here."""


@dataclass(frozen=True)
class Restored:
    """A database that was read from a backup."""

    database: str
    path: Path
    version: str
    """Of the schema, after it was brought up to date."""
    was: str
    """Of the schema, as it lay in the backup."""
    tables: int
    rows: int
    seconds: float
    desk_role: str
    """As whom the program logs in there: a backup keeps the roles it was written with."""


def is_vacant(server: Server) -> bool:
    """Whether there is no database of that name, or one in which nobody has anything yet."""
    with connected(server.beside) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (server.name,)).fetchone():
            return True
    with connected(server.owner) as connection:
        tables = connection.execute(
            "SELECT count(*), to_regclass('public.businesses') IS NOT NULL FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchone()
        if not tables or tables[0] == 0:
            return True
        return bool(tables[1]) and connection.execute("SELECT 1 FROM businesses LIMIT 1").fetchone() is None


def restore(server: Server, path: Path, on_wait: OnWait | None = None) -> Restored:
    """Make the database of that name what the backup holds; one that is there is replaced, whoever is connected.

    Until the backup is read to its end nothing is touched. Raises NoBackup, BackupDamaged, BackupNewer,
    NoAdminAddress, Unreachable.
    """
    begun = time.monotonic()
    programs = programs_for(server.beside)
    with scratch_beside(server) as scratch:
        roles = read_into(programs, scratch, path, on_wait)
        was = version_of(scratch.owner) or ""
        if was > known_head():
            raise BackupNewer(path=path, found=was, known=known_head())
        with connected(scratch.owner) as connection:
            found = contents(connection)
        with connected(scratch.owner) as connection:
            # Who may connect belongs to a database and not to what is in it: a backup comes without.
            connection.execute("CALL guard_database()")
        _take_the_place_of(server, scratch)
    server.migrate()
    return Restored(
        server.name, path, version_of(server.owner) or "", was, len(found), sum(one.rows for one in found),
        time.monotonic() - begun, roles.desk,
    )  # fmt: skip


def _take_the_place_of(server: Server, scratch: Server) -> None:
    """The one that is there steps aside and is dropped last, so that at every moment one of the two is whole."""
    aside = beside(server, f"{scratch.name}_old")
    with connected(server.beside, autocommit=True) as connection:
        stands = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (server.name,)).fetchone()
        if stands:
            connection.execute(_named("ALTER DATABASE {} ALLOW_CONNECTIONS false", server))
        try:
            if stands:
                connection.execute(_LEAVE, (server.name,))
                connection.execute(_named("ALTER DATABASE {} RENAME TO {}", server, aside))
            connection.execute(_named("ALTER DATABASE {} RENAME TO {}", scratch, server))
        except psycopg.Error:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (aside.name,)).fetchone():
                connection.execute(_named("ALTER DATABASE {} RENAME TO {}", aside, server))
            if stands:
                connection.execute(_named("ALTER DATABASE {} ALLOW_CONNECTIONS true", server))
            raise
    if stands:
        aside.drop_database()


_LEAVE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"


def _named(command: LiteralString, *servers: Server) -> sql.Composed:
    return sql.SQL(command).format(*(sql.Identifier(server.name) for server in servers))
