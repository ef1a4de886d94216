"""Opening the desk for a command: settings, then the database, then whoever is signed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from frontdesk.cli.asked import Asked, asked
from frontdesk.cli.output import say
from frontdesk.keeping import kept

if TYPE_CHECKING:
    from frontdesk.clock import Clock
    from frontdesk.db.database import Database
    from frontdesk.desk import Desk
    from frontdesk.services.people.sign_in import Sessions


@contextmanager
def open_desk() -> Iterator[Desk]:
    """The desk of the person whose token `frontdesk login` keeps, or of FRONTDESK_TOKEN. Raises NotSignedIn."""
    from frontdesk.errors import NotSignedIn
    from frontdesk.services.people import sign_in

    line = asked()
    token = token_of(line)
    if not token:
        raise NotSignedIn
    with open_sessions() as sessions:
        terminal = line.settings.card_terminal
        yield sign_in.open_desk(sessions, token, clock_of(line), shop_id=line.shop, card_terminal=terminal)


@contextmanager
def open_sessions() -> Iterator[Sessions]:
    """Sessions as the desk's role: those that are open already, or of the database that the settings mean."""
    line = asked()
    if line.sessions is not None:
        yield line.sessions
        return
    with open_database() as database:
        yield database.sessions


@contextmanager
def open_database() -> Iterator[Database]:
    """The database that the settings mean, ready to work in."""
    from frontdesk.cli.mistyped import usage
    from frontdesk.db import database

    settings = asked().settings
    with ExitStack() as stack:
        with usage():
            opened = stack.enter_context(database.open_database(settings, waiting()))
        yield opened


def waiting() -> Callable[[str], None]:
    """Says what is being waited for, once."""
    said: set[str] = set()

    def say_once(words: str) -> None:
        if words not in said:
            said.add(words)
            say(words)

    return say_once


def token_of(line: Asked) -> str:
    """FRONTDESK_TOKEN, or what login keeps; empty if there is neither."""
    return os.environ.get("FRONTDESK_TOKEN") or kept(line.settings.token_file)


def clock_of(line: Asked) -> Clock:
    """The machine's clock, unless the command runs by another."""
    from frontdesk.clock import SystemClock

    return line.clock or SystemClock()
