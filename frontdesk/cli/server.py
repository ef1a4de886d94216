"""frontdesk server: the private PostgreSQL, which otherwise runs only while somebody uses it."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.desk import waiting
from frontdesk.cli.output import facts, say, show

if TYPE_CHECKING:
    from rich.table import Table

    from frontdesk.db.server import PrivateServer, ServerStatus

LOOK_EVERY = 2.0
"""Seconds between two looks of the keeper at the server it keeps."""


@dataclass(frozen=True)
class Stopped:
    """What came of stopping."""

    was_running: bool


@click.group()
def server() -> None:
    """The private database server. Without it being kept running, the first command starts it and the last stops it."""
    if asked().settings.database_url:
        raise click.UsageError("The settings name a shared server (FRONTDESK_DATABASE_URL); no private one is used.")


@server.command(cls=Bare)
def status() -> None:
    """Whether it runs, where its files are, and who holds it open. Changes nothing."""
    found = _server().status()
    show(asked(), _told(found), lambda: _drawn(found))


@server.command(cls=Bare)
def start() -> None:
    """Start it and keep it running until frontdesk server stop, so that every command finds it warm."""
    _start_keeper()
    found = _server().status()
    show(asked(), _told(found), lambda: _drawn(found))


@server.command(cls=Bare)
def stop() -> None:
    """Stop it, whoever uses it. What was saved is safe."""
    stopped = Stopped(_server().stop())
    show(asked(), stopped, lambda: ())
    say("Stopped." if stopped.was_running else "It was not running.")


@server.command(cls=Bare, hidden=True)
def keep() -> None:
    """Hold the server open until somebody stops it; one process for all that ask."""
    folder = asked().settings.data_folder
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "keeper.lock").open("w") as alone, _server().attach(waiting()):
        kept = _server().status().started_at
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _report_running()
            return
        _report_running()
        while _server().status().started_at == kept:
            time.sleep(LOOK_EVERY)


def _report_running() -> None:
    """To whoever started us and reads our output, which ends here."""
    click.echo("running")
    sys.stdout.flush()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def _server() -> PrivateServer:
    from frontdesk.db.server import PrivateServer

    settings = asked().settings
    return PrivateServer(settings.server_home, settings.server_version)


def _start_keeper() -> None:
    import subprocess

    from frontdesk.errors import Unreachable

    settings = asked().settings
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in asked().flags.items()]
    command = [sys.executable, "-m", "frontdesk", *flags, "server", "keep"]
    keeper = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True, text=True
    )
    assert keeper.stdout is not None
    with keeper.stdout:
        said = keeper.stdout.readline().strip()
    if said != "running":
        keeper.terminate()
        keeper.wait()
        raise Unreachable(reason=f"the server did not start; its story is in {settings.server_home}")
    keeper.returncode = 0  # it lives on without us: nobody waits for it


def _told(found: ServerStatus) -> dict[str, object]:
    return asdict(found)


def _drawn(found: ServerStatus) -> Iterator[Table]:
    connect = f"psql -h {found.socket_directory} -U postgres" if found.socket_directory else ""
    yield facts(
        [
            (
                "Server",
                f"PostgreSQL {found.server_version or found.version}, {'running' if found.running else 'not running'}",
            ),
            ("Since", f"{found.started_at:%Y-%m-%d %H:%M} UTC" if found.started_at else ""),
            ("Files", str(found.data_directory)),
            ("Log", str(found.log)),
            ("Held by", ", ".join(f"process {pid}" for pid in found.handles or ())),
            ("By hand", connect),
        ]
    )
