"""Runs Alembic: up, down, status, and the checks around it. Imported only when migrating."""

from __future__ import annotations

import hashlib
import re
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, exc, text

from frontdesk.db.engine import open_engine
from frontdesk.errors import Busy, Refusal

_LOCK = 0x66726F6E74  # "front": one migration at a time per database

PATIENCE = "5s"
"""How long a migration waits for a table that somebody is writing. Everybody else waits behind it meanwhile."""


class SchemaNewer(Refusal):
    """This database is at version {found}, newer than this program ({known}). Update frontdesk on this machine."""


class MigrationEdited(Refusal):
    """Migration {revision} was changed after it was applied here. Bring its file back to what it was; a correction is
    a new migration."""


class MigrationMissing(Refusal):
    """Migration {revision} is missing from {folder}. Install frontdesk again."""


@dataclass(frozen=True)
class SchemaStatus:
    """Where a database stands among the migrations this program knows."""

    current: str | None
    head: str
    pending: tuple[str, ...]


def scripts_folder() -> Path:
    """Inside the installed package, or at the top of a checkout."""
    inside = Path(__file__).parent.parent / "migrations"
    return inside if inside.exists() else inside.parent.parent / "migrations"


def migrate(conninfo: str, *, target: str = "head") -> SchemaStatus:
    """Bring the database up to `target`, each migration in a transaction of its own.

    Raises MigrationEdited, MigrationMissing, SchemaNewer, and Busy when a table stays in use for too long.
    """
    with _locked(conninfo) as connection:
        _check(connection)
        command.upgrade(_config(connection), target)
        _guard(connection)
        return _status(connection)


def rollback(conninfo: str, *, target: str) -> SchemaStatus:
    """Take the database back to `target` (`0003`, `-1` or `base`)."""
    with _locked(conninfo) as connection:
        _check(connection)
        command.downgrade(_config(connection), target)
        return _status(connection)


def status(conninfo: str) -> SchemaStatus:
    """Where the database stands. Changes nothing."""
    engine = open_engine(conninfo)
    try:
        with engine.connect() as connection:
            return _status(connection)
    finally:
        engine.dispose()


def new(message: str) -> Path:
    """Write the next numbered, empty migration into a checkout and say where it lies."""
    number = f"{int(max(_files())) + 1:04d}"
    name = "_".join(re.findall("[a-z0-9]+", message.lower())) or "change"
    written = message.strip(" .").replace("\\", "\\\\").replace('"""', "'''")
    made = command.revision(_config(None, file_template=f"{number}_{name}"), message=written, rev_id=number)
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


@contextmanager
def _locked(conninfo: str) -> Iterator[Connection]:
    # The lock has a connection of its own: on the migrating one it would open a transaction, and Alembic would then
    # create everything inside it and never commit.
    with psycopg.connect(conninfo, autocommit=True) as lock:
        lock.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        engine = open_engine(conninfo)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT set_config('lock_timeout', :patience, false)"), {"patience": PATIENCE})
                connection.commit()
                yield connection
                connection.commit()
        except exc.OperationalError as error:
            if isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise Busy from error
            raise
        finally:
            engine.dispose()


def _config(connection: Connection | None, **options: str) -> Config:
    config = Config(cmd_opts=Namespace(quiet=True))  # stdout is for answers
    config.set_main_option("script_location", str(scripts_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    for name, value in options.items():
        config.set_main_option(name, value)
    config.attributes.update(connection=connection, on_version_apply=_note_checksum)
    return config


def _files() -> dict[str, Path]:
    return {file.name[:4]: file for file in sorted(scripts_folder().glob("versions/[0-9]*.py"))}


def _status(connection: Connection) -> SchemaStatus:
    known = sorted(_files())
    current = _current(connection)
    return SchemaStatus(current, known[-1], tuple(r for r in known if current is None or r > current))


def _current(connection: Connection) -> str | None:
    if connection.execute(text("SELECT to_regclass('schema_version')")).scalar() is None:
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM schema_version")).scalar()
    return found


def _check(connection: Connection) -> None:
    current, files = _current(connection), _files()
    if current and current > max(files):
        raise SchemaNewer(found=current, known=max(files))
    for number in range(1, int(max(files))):
        if f"{number:04d}" not in files:
            raise MigrationMissing(revision=f"{number:04d}", folder=scripts_folder())
    if current:
        for revision, digest in connection.execute(text("SELECT revision, sha256 FROM schema_checksums")):
            if revision in files and digest != _digest(files[revision]):
                raise MigrationEdited(revision=revision)
    connection.commit()


def _guard(connection: Connection) -> None:
    """Close what a database that was copied or restored comes open with."""
    if connection.execute(text("SELECT to_regprocedure('guard_database()')")).scalar():
        connection.execute(text("CALL guard_database()"))


def _note_checksum(*, ctx: Any, step: Any, **_: Any) -> None:  # noqa: ANN401  Alembic's own types are not exported
    for revision in step.up_revision_ids if step.is_upgrade else ():
        ctx.connection.execute(
            text("INSERT INTO schema_checksums (revision, sha256) VALUES (:revision, :digest)"),
            {"revision": revision, "digest": _digest(_files()[revision])},
        )
    if not step.is_upgrade and ctx.connection.execute(text("SELECT to_regclass('schema_checksums')")).scalar():
        ctx.connection.execute(
            text("DELETE FROM schema_checksums WHERE revision = ANY (:gone)"), {"gone": list(step.up_revision_ids)}
        )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
