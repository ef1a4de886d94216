"""Is the server there, and is it the right one: asked over its socket, never read from a pid."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from frontdesk.db.server.folders import Place, pid_file_lines
from frontdesk.db.server.locks import is_held
from frontdesk.db.server.processes import command_of, grip, has_proc, is_postgres_in, parent_of, postgres_in
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
        except OSError:  # no answer in time, a full queue, or it hung up half-way
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
    """Stop the server of this place and wait until it has ended. False when none of ours runs: one that somebody
    started by hand is somebody's, and left alone.
    """
    if not is_held(place.running):
        return False
    for folder in place.socket_directories():
        try:
            line = Line(folder)
        except OSError:
            continue
        with line:
            if _shut_down_behind(line, place):
                return True
    return any(_shut_down(found.pid, place) for found in postgres_in(place.data) if found.leads)


def _shut_down_behind(line: Line, place: Place) -> bool:
    pid = _listener(line, place)
    return pid is not None and _shut_down(pid, place, line)


def _listener(line: Line, place: Place) -> int | None:
    if line.peer is not None:
        return line.peer[0] or None  # 0 listens in a container whose processes we can't see
    # macOS: the kernel names no listener, but each backend is a child of the postmaster.
    return parent_of(line.backend) if _answers(line, place) else None


def _shut_down(pid: int, place: Place, line: Line | None = None) -> bool:
    with grip(pid) as leader:
        # Asked while we hold the process: it is the server of this folder now, and nobody else can take its number.
        if not is_postgres_in(pid, place.data) and (line is None or not _answers(line, place)):
            return False
        leader.shut_down_fast()
        if line is not None:  # a caller that says nothing is waited for a minute, even by a server that is leaving
            line.close()
        leader.wait()
    return True


def _answers(line: Line, place: Place) -> bool:
    try:
        if not line.backend:
            line.greet()
        return _same(line.ask(WHOSE), place)
    except (Declined, OSError):
        return False


def leader_of(place: Place) -> int | None:
    """The postmaster of this place, reachable or not. A hint: check again with a grip on it before signalling."""
    found = next((found.pid for found in postgres_in(place.data) if found.leads), None)
    if found is None and not has_proc():
        noted = pid_file_lines(place)[:1]
        if noted and noted[0].isdigit() and command_of(int(noted[0])) == "postgres":
            return int(noted[0])
    return found


def _same(answer: list[str], place: Place) -> bool:
    """By the folder itself, not its name: one folder has several names behind links and mounts."""
    try:
        return bool(answer) and os.path.samefile(answer[0], place.data)
    except OSError:
        return False
