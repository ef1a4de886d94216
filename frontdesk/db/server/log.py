"""The server's log: one file below home, kept short."""

from __future__ import annotations

import os

from frontdesk.db.server.folders import Place

LONG = 1 << 20
"""Bytes; a longer one is put aside as `server.log.1` at the next start."""


def open_log(place: Place) -> tuple[int, int]:
    """A descriptor to write to, and where the new words will begin. Whoever asked closes it."""
    if place.log.exists() and place.log.stat().st_size > LONG:
        os.replace(place.log, place.log.with_suffix(".log.1"))
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(place.log, flags, 0o600)
    place.account.own(descriptor)
    return descriptor, os.fstat(descriptor).st_size


def append(place: Place, words: str) -> None:
    """Keep what a program said before there was a server."""
    descriptor, _ = open_log(place)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as log:
        log.write(words)


def words_since(place: Place, begins: int) -> str:
    """What was logged after that place."""
    with place.log.open("rb") as log:
        log.seek(begins)
        return log.read().decode(errors="replace")
