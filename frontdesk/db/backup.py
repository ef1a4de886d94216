"""Backups: the whole database in one file, written as its owner, and proved by reading it back (features AD10).

`pg_restore -l` is content with a truncated archive and with a flipped bit, so only a restore into a scratch database
whose contents are compared counts as verified. Of what becomes of the file later a digest beside it tells, as
`sha256sum -c` reads it: the list of what is in an archive has no checksum of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from frontdesk.clock import Clock, SystemClock
from frontdesk.db.contents import Contents, contents, differences
from frontdesk.db.database import open_server
from frontdesk.db.dump_programs import DumpPrograms, OnWait, ProgramFailed, programs_for, without_password
from frontdesk.db.making import Server, connected
from frontdesk.errors import Refusal
from frontdesk.keeping import keep
from frontdesk.settings import Settings

WRITING = "writing the backup…"
READING = "reading the backup back…"

_STAMP = "%Y%m%d-%H%M%S"
_NAMED = re.compile(r"(?P<database>.+)-(?P<stamp>\d{8}-\d{6})\.dump")


class BackupFailed(Refusal):
    """No backup was made: {reason}. Earlier backups are as they were."""


class NothingToBackUp(Refusal):
    """There is nothing in {database} to back up yet. Next: frontdesk setup."""


class BackupDamaged(Refusal):
    """{path} can't be read back: {reason}. Use another backup; nothing was changed."""


class BackupDiffers(Refusal):
    """What was read back is not what was written: {what}. The backup was not kept; make another."""


class NoBackup(Refusal):
    """{path} is no backup of frontdesk. frontdesk db backups lists those on this machine."""


@dataclass(frozen=True)
class BackedUp:
    """A backup that was made."""

    path: Path
    bytes: int
    seconds: float
    verified: bool
    """It was read back into a scratch database, and every table was the same."""
    tables: int
    rows: int


@dataclass(frozen=True)
class KeptBackup:
    """A backup on this machine."""

    path: Path
    database: str
    made_at: dt.datetime
    bytes: int


@dataclass(frozen=True)
class Roles:
    """The two roles a backup was written with: who owns everything, and as whom the program logs in."""

    owner: str
    desk: str


def backups_folder(settings: Settings) -> Path:
    """Where backups lie."""
    return settings.data_folder / "backups"


def kept_backups(settings: Settings) -> tuple[KeptBackup, ...]:
    """The backups on this machine, the newest first. What lies there under other names is left out."""
    found = []
    for path in backups_folder(settings).glob("*.dump"):
        named = _NAMED.fullmatch(path.name)
        if named is None:
            continue
        with suppress(FileNotFoundError, ValueError):
            made_at = dt.datetime.strptime(named["stamp"], _STAMP).replace(tzinfo=dt.UTC)
            found.append(KeptBackup(path, named["database"], made_at, path.stat().st_size))
    return tuple(sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True))


def back_up(
    settings: Settings, on_wait: OnWait | None = None, *, verify: bool = True, clock: Clock | None = None
) -> BackedUp:
    """Write the database that settings mean into a file of mode 0600 below the data folder.

    The file gets its name only when it is whole and, if asked for, verified. Blocks for as long as it takes; people
    go on working meanwhile. Raises BackupFailed, BackupDiffers, NothingToBackUp, NoAdminAddress, Unreachable.
    """
    begun = time.monotonic()
    with open_server(settings, on_wait) as server:
        if server.schema().version is None:
            raise NothingToBackUp(database=server.name)
        programs = programs_for(server.owner)
        stamp = (clock or SystemClock()).now().strftime(_STAMP)
        path = backups_folder(settings) / f"{re.sub(r'[^A-Za-z0-9._]', '_', server.name)}-{stamp}.dump"
        with _half_written(path) as half:
            written = _dump(programs, server, half, on_wait)
            if verify:
                read = _read_back(programs, server, half, on_wait)
                if found := differences(written, read):
                    raise BackupDiffers(what=", ".join(found[:3]), found=found)
            _keep(half, path)
    rows = sum(one.rows for one in written)
    return BackedUp(path, path.stat().st_size, time.monotonic() - begun, verify, len(written), rows)


def _dump(programs: DumpPrograms, server: Server, half: Path, on_wait: OnWait | None) -> Contents:
    """Write the file and count, both from one snapshot: what people change meanwhile is in neither."""
    with connected(server.owner) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot, owner = connection.execute("SELECT pg_export_snapshot(), owner_role()::text").fetchone() or ("", "")
        try:
            programs.run(
                "pg_dump", "--format=custom", "--no-password", f"--role={owner}", f"--snapshot={snapshot}",
                "--lock-wait-timeout=60s", f"--file={half}", f"--dbname={without_password(server.owner)}",
                on_wait=on_wait, saying=WRITING,
            )  # fmt: skip
        except ProgramFailed as fault:
            raise BackupFailed(reason=fault) from fault
        return contents(connection)


def _read_back(programs: DumpPrograms, server: Server, half: Path, on_wait: OnWait | None) -> Contents:
    with scratch_beside(server) as scratch:
        read_into(programs, scratch, half, on_wait)
        with connected(scratch.owner) as connection:
            return contents(connection)


@contextmanager
def scratch_beside(server: Server) -> Iterator[Server]:
    """An empty database beside another, gone at the end unless it was renamed meanwhile."""
    scratch = beside(server, f"{server.name[:40]}_reading_{secrets.token_hex(4)}")
    with connected(server.beside, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(scratch.name)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(scratch.name)))
    try:
        yield scratch
    finally:
        scratch.drop_database()


def beside(server: Server, name: str) -> Server:
    """Another database of the same server."""
    return replace(server, name=name, owner_conninfo=make_conninfo(server.owner, dbname=name))


def read_into(programs: DumpPrograms, target: Server, path: Path, on_wait: OnWait | None = None) -> Roles:
    """Read a backup into an empty database: all of it or nothing. Its two roles are made if the server has none.

    Raises NoBackup for another file, BackupDamaged for one that can't be read to its end.
    """
    _refuse_changed(path)
    roles = _roles_in(programs, path)
    with connected(target.owner) as connection:
        _make_roles(connection, roles)
    try:
        programs.run(
            "pg_restore", "--single-transaction", "--exit-on-error", "--no-password",
            f"--dbname={without_password(target.owner)}", path, on_wait=on_wait, saying=READING,
        )  # fmt: skip
    except ProgramFailed as fault:
        raise BackupDamaged(path=path, reason=fault) from fault
    return roles


def digest_file(path: Path) -> Path:
    """Where a backup's digest lies, if it came with it."""
    return path.with_name(f"{path.name}.sha256")


def _refuse_changed(path: Path) -> None:
    """What was written is still what is there. Raises NoBackup, BackupDamaged."""
    if not path.is_file():
        raise NoBackup(path=path)
    with suppress(FileNotFoundError):
        kept = digest_file(path).read_text(encoding="ascii", errors="replace").split()
        if kept and kept[0] != _digest(path):
            raise BackupDamaged(path=path, reason=f"it is not what it was when {digest_file(path).name} was written")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _roles_in(programs: DumpPrograms, path: Path) -> Roles:
    """A database's roles stand in two functions of its own, and so in its backup."""
    try:
        schema = programs.run("pg_restore", "--schema-only", "--file=-", path)
    except ProgramFailed as fault:
        if path.read_bytes()[:5] == b"PGDMP":
            raise BackupDamaged(path=path, reason=fault) from fault
        raise NoBackup(path=path) from fault
    found = {match["which"]: match["name"].replace("''", "'") for match in _ROLE.finditer(schema)}
    if found.keys() != {"owner", "desk"}:
        raise NoBackup(path=path)
    return Roles(found["owner"], found["desk"])


_ROLE = re.compile(
    r"CREATE FUNCTION public\.(?P<which>owner|desk)_role\(\) RETURNS name\s+LANGUAGE sql IMMUTABLE\s+"
    r"RETURN '(?P<name>(?:[^']|'')+)'::name;"
)


def _make_roles(connection: psycopg.Connection, roles: Roles) -> None:
    """As the first migration makes them; under its lock, because roles are shared by a whole server."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('frontdesk roles'))")
    for role, may in ((roles.owner, "NOLOGIN"), (roles.desk, "LOGIN NOINHERIT NOCREATEDB NOCREATEROLE")):
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(may)))
    owner = sql.Identifier(roles.owner)
    strong = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if strong and not strong[0]:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
    # Only who may make things in a schema is given things in it, and a backup's grants come last.
    connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(owner))


@contextmanager
def _half_written(path: Path) -> Iterator[Path]:
    """A file beside the one that will be, readable by nobody else, gone when it does not become it."""
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as problem:
        raise BackupFailed(reason=f"{path.parent}: {problem.strerror}") from problem
    try:
        yield half
    finally:
        half.unlink(missing_ok=True)


def _keep(half: Path, path: Path) -> None:
    """The file under its name, its digest first; after a power cut it is there whole, or not at all."""
    keep(digest_file(path), f"{_digest(half)}  {path.name}")
    _sync(half)
    os.replace(half, path)
    _sync(path.parent)


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
