"""frontdesk db: where the schema stands, up, down, a new migration, backups, a made-up shop, and beginning anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frontdesk.cli.ask import agreed, ask, is_somebody_there
from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.desk import waiting
from frontdesk.cli.mistyped import usage
from frontdesk.cli.output import facts, say, show, table, text
from frontdesk.cli.seed import seed

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.db.making import Server


@dataclass(frozen=True)
class Standing:
    """Where a database's schema stands."""

    database: str
    version: str | None
    known: str
    pending: tuple[str, ...] = ()
    was: str | None = None


@dataclass(frozen=True)
class Made:
    """A new migration's file."""

    path: Path


@dataclass(frozen=True)
class Maintained:
    """What upkeep did."""

    database: str
    months: tuple[str, ...]
    """Partitions of history that were made."""


@click.group()
def db() -> None:
    """The database itself: its schema, forwards and back."""


db.add_command(seed)


@db.command(cls=Bare)
def status() -> None:
    """Where the schema stands among the migrations this program knows. Changes nothing."""
    with _server() as server:
        found = _standing(server)
    show(asked(), found, lambda: _drawn(found))


@db.command(cls=Bare)
@click.option("--to", "target", default="head", show_default=True, help="A migration's number.")
def migrate(target: str) -> None:
    """Make the database if there is none, and bring its schema up to date.

    On a shared server this is done as FRONTDESK_ADMIN_URL; the desk's role gets the password that stands in
    FRONTDESK_DATABASE_URL, if there is one.
    """
    with _server() as server:
        was = server.migrate(target)
        found = _standing(server, was)
    show(asked(), found, lambda: _drawn(found))


@db.command(cls=Bare)
@click.option("--to", "target", default="-1", show_default=True, help="A migration's number, -2 for two back, or base.")
def rollback(target: str) -> None:
    """Take the schema back. What later migrations added is dropped with everything in it."""
    from frontdesk.db import migrations

    with _server() as server:
        was = server.schema().version
        if not agreed(f"Take {server.name} back from {was} to {target}? What came with it is lost", default=False):
            raise click.Abort
        migrations.rollback(server.owner, target=target)
        found = _standing(server, was)
    show(asked(), found, lambda: _drawn(found))


@db.command(cls=Bare)
@click.argument("message", nargs=-1, required=True)
def new(message: tuple[str, ...]) -> None:
    """Write the next numbered, empty migration into a checkout."""
    from frontdesk.db import migrations

    made = Made(migrations.new(" ".join(message)))
    show(asked(), made, lambda: [text(str(made.path))])


@db.command(cls=Bare)
def maintain() -> None:
    """What the database needs done now and then; safe while people work. Gives history its months ahead of time."""
    from frontdesk.db.upkeep import prepare_months

    with _server() as server:
        kept = Maintained(server.name, tuple(prepare_months(server.owner)))
    made = ", ".join(kept.months) or "every month was there"
    show(asked(), kept, lambda: [facts([("Database", kept.database), ("History", made)])])


@db.command(cls=Bare)
@click.option("--yes", "typed", metavar="NAME", help="The database's name, instead of typing it when asked.")
def reset(typed: str | None) -> None:
    """Drop the database with everything in it and make it anew, empty.

    Only the private database, or a shared one that is marked as a demo, and only after its name was typed.
    """
    with _server() as server:
        _refuse_unless_typed(server, typed)
        server.drop_database()
        server.migrate()
        found = _standing(server)
    show(asked(), found, lambda: _drawn(found))
    say("It is empty now. Next: frontdesk setup.")


@db.command(cls=Bare)
@click.option("--verify", is_flag=True, help="Read it back into a scratch database and compare every table.")
def backup(verify: bool) -> None:
    """Write everything into one file that only you can read. People go on working meanwhile."""
    from frontdesk.db.backup import back_up

    with usage():
        made = back_up(asked().settings, waiting(), verify=verify)
    checked = "read back, every table is the same" if made.verified else "not read back: --verify does"
    lines = [
        ("Backup", str(made.path)),
        ("Size", f"{made.bytes:,} bytes, {made.rows:,} rows of {made.tables} tables"),
        ("Verified", checked),
    ]
    show(asked(), made, lambda: [facts(lines)])


@db.command(cls=Bare)
def backups() -> None:
    """The backups on this machine, the newest first."""
    from frontdesk.db.backup import backups_folder, kept_backups

    found = kept_backups(asked().settings)
    folder = backups_folder(asked().settings)
    rows = [(f"{one.made_at:%Y-%m-%d %H:%M} UTC", f"{one.bytes:,}", one.path.name) for one in found]
    show(asked(), found, lambda: [table(("Made", "Bytes", "File"), rows, right=("Bytes",))] if rows else ())
    say(
        f"They lie in {folder}. One is read back with frontdesk db restore and its file."
        if found
        else f"There are none in {folder}. Make one: frontdesk db backup --verify."
    )


@db.command(cls=Bare)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", "name", metavar="NAME", help="Into a database of this name, beside the one that is there.")
@click.option("--yes", "typed", metavar="NAME", help="The database's name, instead of typing it when asked.")
def restore(file: Path, name: str | None, typed: str | None) -> None:
    """Make the database what a backup holds.

    The backup is read to its end before anything is touched. A database in which somebody has something is replaced
    only after its name was typed; on a shared server only if it is marked as a demo. --to reads it into another one.
    FILE is a path, or a name as frontdesk db backups lists it.
    """
    from frontdesk.db.backup import NoBackup, backups_folder, beside
    from frontdesk.db.restore import is_vacant
    from frontdesk.db.restore import restore as read_back

    if name is not None and not _NAME.fullmatch(name):
        raise click.UsageError(f"\"{name}\" can't be a database's name. Use small letters, digits and _.")
    listed = backups_folder(asked().settings) / file.name
    if file.name == str(file) and not file.exists() and listed.exists():
        file = listed
    file = file.expanduser().absolute()
    if not file.is_file():  # before anybody is asked whether all may be lost
        raise NoBackup(path=file)
    with _server() as server:
        target = beside(server, name) if name else server
        if not is_vacant(target):
            _refuse_unless_typed(target, typed)
        restored = read_back(target, file, waiting())
    was = "" if restored.was == restored.version else f", brought up to date from {restored.was}"
    lines = [
        ("Database", restored.database),
        ("Holds", f"{restored.rows:,} rows of {restored.tables} tables"),
        ("Schema", f"{restored.version}{was}"),
        ("Desk's role", restored.desk_role),
    ]
    show(asked(), restored, lambda: [facts(lines)])
    say(
        "Everybody works in what the backup holds now; who signed in after it was made signs in again."
        if name is None
        else f"Open it with --database {name}."
    )


_NAME = re.compile("[a-z][a-z0-9_]{0,39}")


def _refuse_unless_typed(server: Server, typed: str | None) -> None:
    """What is lost is lost on purpose. A usage error for another name."""
    server.refuse_unless_resettable()
    if typed is None and not is_somebody_there():
        raise click.UsageError(f"Everything in it will be lost: give its name, --yes {server.name}.")
    name = typed or ask(f"Everything in {server.name} will be lost. Type its name to go on", "--yes NAME")
    if name != server.name:
        raise click.UsageError(f'"{name}" is not its name; nothing was changed. It is called {server.name}.')


@contextmanager
def _server() -> Iterator[Server]:
    from frontdesk.db.database import open_server

    with ExitStack() as stack:
        with usage():
            server = stack.enter_context(open_server(asked().settings, waiting()))
        yield server


def _standing(server: Server, was: str | None = None) -> Standing:
    from frontdesk.db.making import known_migrations

    version, known = server.schema().version, known_migrations()
    return Standing(server.name, version, known[-1], tuple(n for n in known if version is None or n > version), was)


def _drawn(found: Standing) -> Iterator[Table]:
    stands = "up to date" if found.version == found.known else f"{len(found.pending)} to come: frontdesk db migrate"
    yield facts(
        [
            ("Database", found.database),
            ("Schema", f"{found.version or 'none'}, {stands}"),
            ("It was at", found.was if found.was and found.was != found.version else ""),
        ]
    )
