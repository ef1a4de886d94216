"""Opening the desk itself, the screens, from a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import asked

if TYPE_CHECKING:
    from frontdesk.settings import Settings


def open_here() -> None:
    """Open the desk that the settings mean. Ends with its exit code."""
    open_app(asked().settings)


def open_app(settings: Settings, hints: tuple[str, ...] = ()) -> None:
    """Open the desk of these settings. `hints` are told on its sign-in screen. Ends with its exit code."""
    from frontdesk import opening
    from frontdesk.cli.desk import clock_of

    if not opening.has_terminal():
        raise click.UsageError(opening.NEEDS_TERMINAL)
    line = asked()
    code = opening.open_app(settings, clock=clock_of(line), shop=line.shop, hints=hints)
    if code:
        raise click.exceptions.Exit(code)
