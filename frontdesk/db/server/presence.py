"""Is the server there, and is it the right one: asked over its socket, never read from a pid."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from frontdesk.db.server.folders import Place
from frontdesk.db.server.processes import grip, is_postgres_in, parent_of, postgres_in
from frontdesk.db.server.wire import Declined, Line

WHOSE = "SHOW data_directory"


class Presence(Enum):
    """What came of a call."""

    HERE = "here"
    BUSY = "busy"
    """Somebody is there and can't talk yet: starting, recovering, shutting down, or hanging."""
    AWAY = "away"


@dataclass(frozen=True)
class Seen:
    """What came of a call, and on which socket."""

    presence: Presence
    socket_directory: Path | None = None


def look(place: Place) -> Seen:
    """Call the server of this place."""
    busy = False
    for folder in place.socket_directories():
        try:
            with Line(folder) as line:
                line.greet()
                if _same(line.ask(WHOSE), place):
                    return Seen(Presence.HERE, folder)
        except Declined as answer:
            if not answer.passing:
                # Full, or its database "postgres" is gone: it talks all the same, on a socket that only this user
                # can make and that bears this very folder's name.
                return Seen(Presence.HERE, folder)
            busy = True
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            continue
        except OSError:   # no answer in time, a full queue, or it hung up half-way
            busy = True
    return Seen(Presence.BUSY if busy else Presence.AWAY)


def ask(place: Place, query: str) -> tuple[Path, list[str]] | None:
    """The first row of the server's answer and the socket it came from; None when no server of this place answers."""
    for folder in place.socket_directories():
        try:
            with Line(folder) as line:
                line.greet()
                if _same(line.ask(WHOSE), place):
                    return folder, line.ask(query)
        except (Declined, OSError):
            continue
    return None


def shut_down(place: Place) -> bool:
    """Stop the server of this place and wait until it has ended. False when none runs."""
    for folder in place.socket_directories():
        try:
            with Line(folder) as line:
                if _shut_down_behind(line, place):
                    return True
        except (Declined, OSError):
            continue
    return any(_shut_down(found.pid, place) for found in postgres_in(place.data) if found.leads)


def _shut_down_behind(line: Line, place: Place) -> bool:
    if line.peer is None:
        line.greet()
        parent = parent_of(line.backend)
        if parent is None or not _same(line.ask(WHOSE), place):
            return False
        with grip(parent) as leader:
            leader.shut_down_fast()
            leader.wait()
        return True
    pid, _ = line.peer
    if pid == 0:   # listening in a container whose processes we can't see
        return False
    with grip(pid) as leader:
        if not is_postgres_in(pid, place.data):
            line.greet()
            if not _same(line.ask(WHOSE), place):
                return False
        leader.shut_down_fast()
        leader.wait()
    return True


def _shut_down(pid: int, place: Place) -> bool:
    with grip(pid) as leader:
        if not is_postgres_in(pid, place.data):
            return False
        leader.shut_down_fast()
        leader.wait()
    return True


def _same(answer: list[str], place: Place) -> bool:
    return bool(answer) and os.path.realpath(answer[0]) == str(place.data)
