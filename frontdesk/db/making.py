"""Making, migrating and dropping a database on a server, as somebody who may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from frontdesk.errors import BadInput, Refusal, Unreachable

DEMO_MARK = "frontdesk demo"
"""The comment on a database that may be thrown away though it lies on a shared server."""


class NoAdminAddress(Refusal):
    """That changes the shared database itself. Set FRONTDESK_ADMIN_URL to the address of somebody who owns it."""


class OtherDeskRole(Refusal):
    """FRONTDESK_DATABASE_URL signs in as {role}, and the desk's role in this database is {desk}. Put {desk} there."""


class NotToBeReset(Refusal):
    """{database} lies on a shared server and is not marked as a demo, so it is not thrown away from here."""


@dataclass(frozen=True)
class Schema:
    """Where a database stands."""

    version: str | None
    desk_role: str | None


@dataclass(frozen=True)
class Server:
    """A server that answers, and how its database is reached."""

    name: str
    owner_conninfo: str | None
    """As somebody who may do anything; None on a shared server without FRONTDESK_ADMIN_URL."""
    beside_conninfo: str | None
    """The database `postgres` beside it, from where it can be made or dropped."""
    desk_conninfo: str | None
    """What a shared server's settings say; None on the private one."""

    @property
    def owner(self) -> str:
        """Raises NoAdminAddress."""
        if self.owner_conninfo is None:
            raise NoAdminAddress
        return self.owner_conninfo

    @property
    def beside(self) -> str:
        """Raises NoAdminAddress."""
        if self.beside_conninfo is None:
            raise NoAdminAddress
        return self.beside_conninfo

    def schema(self) -> Schema:
        """Where the database stands; nowhere, if there is none."""
        if self.beside_conninfo is None:
            assert self.desk_conninfo is not None
            return Schema(version_of(self.desk_conninfo), None)
        with self._beside() as connection:
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self.name,)).fetchone()
        return _schema_of(self.owner) if exists else Schema(None, None)

    def make_database(self) -> None:
        """Make the database if there is none of that name."""
        with self._beside() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self.name,)).fetchone():
                return
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
            except psycopg.errors.DuplicateDatabase:  # another terminal was quicker
                return

    def migrate(self, target: str = "head") -> str | None:
        """Make the database if need be, bring it up to date, and let the desk's role in. Returns where it was."""
        self.make_database()
        before = version_of(self.owner)
        if target != "head" or before != known_head():
            from frontdesk.db import migrations

            migrations.migrate(self.owner, target=target)
        self._let_desk_in()
        return before

    def refuse_unless_resettable(self) -> None:
        """Raises NotToBeReset for a shared database that is not marked as a demo, NoAdminAddress."""
        if self.desk_conninfo is None:
            return
        with self._beside() as connection:
            marked = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (self.name,)
            ).fetchone()
        if marked is None or not str(marked[0]).startswith(DEMO_MARK):
            raise NotToBeReset(database=self.name)

    def drop_database(self) -> None:
        """Drop it with everything in it, whoever is connected. The roles stay: they belong to the whole server."""
        with self._beside() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def drop_roles(self) -> None:
        """Drop the two roles of a scratch database that is gone."""
        with self._beside() as connection:
            for role in ("desk", "owner"):
                name = sql.Identifier(f"{self.name}_{role}")
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))

    @contextmanager
    def _beside(self) -> Iterator[psycopg.Connection[Any]]:
        with connected(self.beside, autocommit=True) as connection:
            yield connection

    def _let_desk_in(self) -> None:
        """Give the desk's role the password of FRONTDESK_DATABASE_URL. It leaves this machine as a digest only."""
        desk = _schema_of(self.owner).desk_role
        if self.desk_conninfo is None or desk is None:
            return
        asked = conninfo_to_dict(self.desk_conninfo)
        role, password = asked.get("user"), asked.get("password")
        if role is not None and role != desk:
            raise OtherDeskRole(role=role, desk=desk)
        if password is None:
            return
        with connected(self.owner) as connection:
            digest = connection.pgconn.encrypt_password(str(password).encode(), desk.encode(), b"scram-sha-256")
            change = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(change.format(sql.Identifier(desk), sql.Literal(digest.decode())))


def known_migrations() -> list[str]:
    """The numbers of the migrations this program brings, without importing Alembic, which costs a third of a second."""
    inside = Path(__file__).parent.parent / "migrations"
    folder = inside if inside.exists() else inside.parent.parent / "migrations"
    return sorted(file.name[:4] for file in (folder / "versions").glob("[0-9]*.py"))


def known_head() -> str:
    """The newest of them."""
    return known_migrations()[-1]


def version_of(conninfo: str) -> str | None:
    """Where a database stands, asked by anybody who may connect. Raises Unreachable."""
    with connected(conninfo) as connection:
        return _version(connection)


def _version(connection: psycopg.Connection[Any]) -> str | None:
    row = connection.execute("SELECT to_regclass('schema_version')").fetchone()
    if row is None or row[0] is None:
        return None
    found = connection.execute("SELECT version_num FROM schema_version").fetchone()
    return str(found[0]) if found else None


def _schema_of(owner: str) -> Schema:
    with connected(owner) as connection:
        version = _version(connection)
        known = connection.execute("SELECT to_regprocedure('desk_role()')").fetchone()
        desk = connection.execute("SELECT desk_role()").fetchone() if known and known[0] else None
    return Schema(version, desk[0] if desk else None)


@contextmanager
def connected(conninfo: str, *, autocommit: bool = False) -> Iterator[psycopg.Connection[Any]]:
    """A plain connection. Raises Unreachable if there is none to be had."""
    try:
        connection = psycopg.connect(conninfo, autocommit=autocommit, connect_timeout=5, application_name="frontdesk")
    except psycopg.OperationalError as error:
        raise Unreachable(reason=str(error).strip().splitlines()[0]) from error
    with connection:
        yield connection


def conninfo_of(address: str, setting: str) -> str:
    """What psycopg connects with, of a URL as people write it. Raises BadInput naming the setting."""
    plain = address.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        conninfo_to_dict(plain)
    except psycopg.ProgrammingError as error:
        wish = "Write it like postgresql://desk@host/frontdesk."
        raise BadInput(f"{setting} is not the address of a database. {wish}", field=setting) from error
    return plain
