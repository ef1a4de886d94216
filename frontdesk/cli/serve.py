"""frontdesk serve: the desk for browsers, one per tab."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.desk import waiting
from frontdesk.cli.output import say

if TYPE_CHECKING:
    from frontdesk.settings import Settings


@click.command(cls=Bare)
@click.option("--port", type=click.IntRange(0, 65535), help="Where it listens; 8017 when it is not said, 0 for any.")
@click.option("--host", help="Which of this machine's addresses; only this machine can reach it when it is not said.")
@click.option("--address", help="What a reverse proxy in front calls it: https://desk.example.com.")
def serve(port: int | None, host: str | None, address: str | None) -> None:
    """Show the desk in browsers, one desk per tab, until Ctrl+C.

    It listens for this machine only. For others, put a reverse proxy with TLS in front and name its address.
    """
    serve_desks((), asked().settings, port=port, host=host, address=address)


def serve_desks(
    words: tuple[str, ...], settings: Settings, *, port: int | None, host: str | None = None, address: str | None = None
) -> None:
    """Serve what `frontdesk` with these words opens. A private server is kept running for as long, so that tabs open
    quickly."""
    from frontdesk.db.database import open_server
    from frontdesk.web import server
    from frontdesk.web.place import LOOPBACK, PORT, Place

    place = Place(host=host or LOOPBACK, port=PORT if port is None else port, address=address)
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in asked().flags.items()]
    with open_server(settings, waiting()):
        server.serve([sys.executable, "-m", "frontdesk", *flags, *words], place, say)
