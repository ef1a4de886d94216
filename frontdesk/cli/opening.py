"""Opening the desk itself, the screens, from a command."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import asked
from frontdesk.keeping import kept

if TYPE_CHECKING:
    from frontdesk.settings import Settings


def open_here() -> None:
    """Open the desk that the settings mean. Ends with its exit code."""
    open_app(asked().settings)


def open_app(settings: Settings, hints: tuple[str, ...] = ()) -> None:
    """Open the desk of these settings. `hints` are told on its sign-in screen. Ends with its exit code."""
    # With a driver of its own it draws elsewhere: in a browser's tab.
    if not (sys.stdin.isatty() and sys.stdout.isatty()) and "TEXTUAL_DRIVER" not in os.environ:
        raise click.UsageError("The desk needs a terminal. For programs there are commands: frontdesk --help.")
    from frontdesk.app import FrontDesk
    from frontdesk.backstage import Backstage
    from frontdesk.cli.desk import clock_of

    line = asked()
    backstage = Backstage(settings)
    try:
        app = FrontDesk(
            backstage, settings, clock_of(line), shop=line.shop, hints=hints,
            terminal_secret=kept(settings.terminal_file),
        )  # fmt: skip
        app.run()
    finally:
        backstage.close()
    if app.return_code:
        _turn_from_terminal()
        raise click.exceptions.Exit(app.return_code)


def _turn_from_terminal() -> None:
    """The terminal may be gone: Python would leave with 120 for what it can't write there any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
        os.dup2(nowhere, stream.fileno())
