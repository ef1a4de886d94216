"""The data folder: made whole or not at all, and configured by one file that is frontdesk's."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from frontdesk.db.server.children import run_as
from frontdesk.db.server.folders import Place, fsync_folder, write_durably
from frontdesk.db.server.locks import Lock
from frontdesk.db.server.log import append
from frontdesk.db.server.meaning import refusal_from
from frontdesk.db.server.refusals import ServerWouldNotStart
from frontdesk.db.server.wire import PORT, SUPERUSER

ACCESS = "# Only who can open the socket's private folder gets this far.\nlocal all all trust\n"
"""pg_hba.conf: no network, nobody but this user."""

SETTINGS = f"""\
# frontdesk writes this file at each start. Settings of your own: ALTER SYSTEM.
listen_addresses = ''
port = {PORT}
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 64MB
io_method = sync
jit = off
fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'
log_checkpoints = off
log_line_prefix = '%m [%p] '
log_error_verbosity = terse
log_min_error_statement = panic
"""
"""postgresql.conf. The log carries no statements and no details: they hold customers' names."""


def make_cluster(place: Place, binaries: Path, running: Lock) -> None:
    """Make the data folder beside its place and rename it there, so that a half-made one is never seen.

    `running` is inherited by initdb: should we be killed now, the next terminal waits until it has ended too.
    """
    made = Path(tempfile.mkdtemp(prefix="making-", dir=place.folder))
    try:
        os.chown(made, place.account.uid, place.account.gid)
        _fill(place, binaries, running, made)
        write_durably(made / "pg_hba.conf", ACCESS, place.account)
        write_durably(made / "postgresql.conf", _settings(place), place.account)
        _initdb(place, binaries, running, [f"--pgdata={made}", "--sync-only"])
        os.rename(made, place.data)
        fsync_folder(place.folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def sweep(place: Place) -> None:
    """Throw away what a killed initdb left; only for the one who holds `running`."""
    for left in place.folder.glob("making-*"):
        shutil.rmtree(left)


def configure(place: Place) -> None:
    """Bring the two configuration files up to date, touching neither when it is."""
    for name, text in (("postgresql.conf", _settings(place)), ("pg_hba.conf", ACCESS)):
        path = place.data / name
        if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != text:
            write_durably(path, text, place.account)


def _settings(place: Place) -> str:
    return SETTINGS if place.version >= 18 else SETTINGS.replace("io_method = sync\n", "")


def _fill(place: Place, binaries: Path, running: Lock, made: Path) -> None:
    options = [
        f"--pgdata={made}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--data-checksums",
        "--no-sync",
        "--no-instructions",
    ]
    if place.version >= 17:
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        _initdb(place, binaries, running, options)
        return
    try:  # before 17 PostgreSQL has no locale of its own, and not every system has this one
        _initdb(place, binaries, running, [*options, "--locale=C.UTF-8"])
    except ServerWouldNotStart:
        _initdb(place, binaries, running, [*options, "--locale=C"])


def _initdb(place: Place, binaries: Path, running: Lock, options: list[str]) -> None:
    done = run_as(place.account, [binaries / "initdb", *options], inherits=[running.descriptor])
    if done.returncode != 0:
        append(place, done.stderr)
        raise refusal_from(done.stderr, place)
