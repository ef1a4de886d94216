"""From settings to a database one can work in: the private one is started, made and migrated, a shared one checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Engine, NullPool, text

from frontdesk.db.engine import open_engine
from frontdesk.db.making import NoAdminAddress, Server, conninfo_of, known_head, version_of
from frontdesk.db.server import Handle, PrivateServer
from frontdesk.db.transactions import spoken
from frontdesk.errors import Refusal, Unreachable
from frontdesk.settings import Settings

if TYPE_CHECKING:
    from sqlmodel import Session

OnWait = Callable[[str], None]

MAKING = "making the desk's database…"
MIGRATING = "bringing the database up to date…"


class DeskRoleTooStrong(Refusal):
    """FRONTDESK_DATABASE_URL signs in as {role}, who looks past the rules of who sees what. Use the desk's role,
    {desk}, there and keep {role} for FRONTDESK_ADMIN_URL."""


class SchemaBehind(Refusal):
    """The shared database is at version {found} and this program needs {known}. Run frontdesk db migrate where
    FRONTDESK_ADMIN_URL is set."""


class SchemaAhead(Refusal):
    """The shared database is at version {found}, newer than this program ({known}). Update frontdesk here."""


@dataclass(frozen=True)
class Database:
    """A database that answers, with its schema as this program knows it."""

    name: str
    desk_conninfo: str
    """As the role that owns nothing and, until somebody signs in, sees nothing."""
    owner_conninfo: str | None
    """As somebody who may do anything; None on a shared server without FRONTDESK_ADMIN_URL."""
    engine: Engine

    def sessions(self) -> Session:
        """A session as the desk's role."""
        from sqlmodel import Session

        return Session(self.engine)

    @contextmanager
    def owner_sessions(self) -> Iterator[Callable[[], Session]]:
        """Sessions for what comes before anybody can sign in. Raises NoAdminAddress."""
        from sqlmodel import Session

        if self.owner_conninfo is None:
            raise NoAdminAddress
        engine = open_engine(self.owner_conninfo, poolclass=NullPool)
        try:
            yield lambda: Session(engine)
        finally:
            engine.dispose()


@contextmanager
def open_server(settings: Settings, on_wait: OnWait | None = None) -> Iterator[Server]:
    """The server that settings mean; the private one is started. Says nothing about its database yet."""
    if settings.database_url:
        yield _shared_server(settings)
        return
    with PrivateServer(settings.server_home, settings.server_version).attach(on_wait) as handle:
        yield _private_server(handle, settings.database)


@contextmanager
def open_database(settings: Settings, on_wait: OnWait | None = None) -> Iterator[Database]:
    """A database to work in, until the context ends.

    The private one is made and migrated when it has to be. A shared one is taken as it is: raises SchemaBehind,
    SchemaAhead, and DeskRoleTooStrong for a role that row-level security does not bind. Raises Unreachable, and the
    refusals of the private server.
    """
    if settings.database_url:
        server = _shared_server(settings)
        desk = conninfo_of(settings.database_url, "FRONTDESK_DATABASE_URL")
        with _engine(desk) as engine:
            _check_shared(engine, server.name)
            yield Database(server.name, desk, server.owner_conninfo, engine)
        return
    with PrivateServer(settings.server_home, settings.server_version).attach(on_wait) as handle:
        desk = _private_desk(handle, settings.database, on_wait)
        with _engine(desk) as engine:
            yield Database(settings.database, desk, handle.conninfo(settings.database), engine)


def _shared_server(settings: Settings) -> Server:
    assert settings.database_url
    desk = conninfo_of(settings.database_url, "FRONTDESK_DATABASE_URL")
    admin = conninfo_of(settings.admin_url, "FRONTDESK_ADMIN_URL") if settings.admin_url else None
    name = conninfo_to_dict(admin or desk).get("dbname") or settings.database
    return Server(str(name), admin, make_conninfo(admin, dbname="postgres") if admin else None, desk)


def _private_server(handle: Handle, name: str) -> Server:
    return Server(name, handle.conninfo(name), handle.conninfo("postgres"), None)


@contextmanager
def _engine(conninfo: str) -> Iterator[Engine]:
    engine = open_engine(conninfo)
    try:
        yield engine
    finally:
        engine.dispose()


def _private_desk(handle: Handle, name: str, on_wait: OnWait | None) -> str:
    """How the desk's role connects, after the database was made or migrated if it had to be."""
    usual = handle.conninfo(name, user=f"{name}_desk")
    try:
        if version_of(usual) == known_head():
            return usual
    except Unreachable:  # there is no such database or role yet: look closer, as the superuser
        pass
    server = _private_server(handle, name)
    found = server.schema()
    if found.version != known_head():
        if on_wait is not None:
            on_wait(MIGRATING if found.version else MAKING)
        server.migrate()
        found = server.schema()
    # A copy keeps the roles of what it was copied from.
    return handle.conninfo(name, user=found.desk_role or f"{name}_desk")


_BOUND = text("""
    SELECT current_user AS role, rolsuper OR rolbypassrls OR coalesce((
               SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class
                WHERE oid = to_regclass('schema_version')), false) AS unbound,
           to_regclass('schema_version') IS NOT NULL AS is_made
      FROM pg_roles WHERE rolname = current_user
""")


def _check_shared(engine: Engine, name: str) -> None:
    with spoken(), engine.connect() as connection:
        row = connection.execute(_BOUND).one()
        if row.unbound:
            raise DeskRoleTooStrong(role=row.role, desk=f"{name}_desk")
        found = connection.execute(text("SELECT version_num FROM schema_version")).scalar() if row.is_made else None
    known = known_head()
    if found is None or found < known:
        raise SchemaBehind(found=found or "none", known=known)
    if found > known:
        raise SchemaAhead(found=found, known=known)
