"""One booking from request to commit, against the same statements with the same parameters from a bare loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlmodel import Session

from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, Booked, BookLine, book
from tests.benchmarks.bare_client import Sent
from tests.benchmarks.figures import Figure, beside, median, ratio, timed
from tests.benchmarks.full_book import WITH_TWENTY, fill_book
from tests.benchmarks.openings import Opening, openings
from tests.benchmarks.scratch import Scratch, desk

_SEQUENCES = ("appointments_id_seq", "appointment_services_id_seq", "appointment_parts_id_seq")
"""Whose numbers stand in later statements of the same booking."""


class Rehearsed(Exception):
    """A booking that was all there and was taken back instead of committed."""


class Rehearsal(Session):
    """Takes back what it would commit."""

    def commit(self) -> None:
        self.rollback()
        raise Rehearsed


def figures(scratch: Scratch) -> Iterator[Figure]:
    """Bookings through the service and bare, in turns, each on an hour of its own."""
    database = scratch.database("book", fill_book)
    engine, rehearsing = scratch.engine(database), scratch.engine(database)
    at = desk(engine)
    ours: list[float] = []
    bare: list[float] = []
    with scratch.owner(database) as owner, scratch.driver(database) as plain:
        free = openings(at, owner)
        for turn in range(scratch.size.rounds + 10):
            sent = rehearsed(rehearsing, at, next(free), owner)
            seconds = timed(partial(_send, plain, sent)), timed(lambda: booked(at, next(free)))
            if turn >= 10:  # by then both have prepared their statements
                bare.append(seconds[0])
                ours.append(seconds[1])
    yield ratio("booking: one, to the same statements from psycopg", median(ours), median(bare), 4)
    yield beside("booking: one, the quickest", min(ours), f"{len(sent)} statements")


def booked(at: Desk, opening: Opening) -> Booked:
    """A visit through the service."""
    line = BookLine(service_id=WITH_TWENTY, stylist_id=opening.stylist_id)
    return book(at, BookAppointment(customer_id=opening.customer_id, lines=(line,), starts_at=opening.starts_at))


def rehearsed(engine: Engine, at: Desk, opening: Opening, owner: psycopg.Connection) -> list[Sent]:
    """What the service sends for a booking, which is taken back: the same statements can be sent once more."""
    return rehearsed_deed(engine, at, lambda rehearsing: booked(rehearsing, opening), owner)


def rehearsed_deed(engine: Engine, at: Desk, deed: Callable[[Desk], object], owner: psycopg.Connection) -> list[Sent]:
    """What the service sends for anything that books, which is taken back."""
    sent: list[Sent] = []

    def note(_: object, __: object, statement: str, parameters: Any, ___: object, ____: object) -> None:  # noqa: ANN401
        sent.append((statement, parameters))

    numbers = [owner.execute(f"SELECT last_value, is_called FROM {name}").fetchone() for name in _SEQUENCES]
    event.listen(engine, "before_cursor_execute", note)
    with suppress(Rehearsed):
        deed(Desk(at.actor, at.shop, at.token, at.clock, lambda: Rehearsal(engine)))
    event.remove(engine, "before_cursor_execute", note)
    for name, number in zip(_SEQUENCES, numbers, strict=True):
        assert number is not None
        owner.execute("SELECT setval(CAST(%s AS regclass), %s, %s)", (name, *number))
    return sent


def _send(plain: psycopg.Connection, sent: Sequence[Sent]) -> None:
    for statement, parameters in sent:
        cursor = plain.execute(statement, parameters)
        if cursor.description:
            cursor.fetchall()
    plain.commit()
