"""frontdesk info: paths, versions, and where each setting comes from."""

from __future__ import annotations

import click

from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.output import show, table, text


@click.command(cls=Bare)
def info() -> None:
    """Paths, versions, and where each setting comes from. Opens no database and shows no password."""
    from frontdesk.installation import info_of

    here = info_of(asked().settings)
    show(
        asked(),
        here,
        lambda: [
            text(f"frontdesk {here.version}, Python {here.python}, {here.system}"),
            text(""),
            table(
                ("Setting", "Value", "From"),
                [(s.name, "" if s.value is None else str(s.value), s.origin) for s in here.settings],
            ),
            text(""),
            table(("File", "Place"), here.files.items()),
            text(""),
            table(("Library", "Version"), here.libraries.items()),
        ],
    )
