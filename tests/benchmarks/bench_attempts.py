"""Desks that want what others want too: whatever was confirmed is in the book, and nothing in it is there twice."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

import psycopg
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.errors import Busy, Refusal
from frontdesk.services.people.sign_in import open_desk
from tests.benchmarks.bench_booking import booked
from tests.benchmarks.figures import Figure, fact
from tests.benchmarks.full_book import fill_book
from tests.benchmarks.loading import NOW, token
from tests.benchmarks.openings import Opening, openings
from tests.benchmarks.scratch import Scratch, desk

_PROCESSES = 2
_WISHES_FOR_EACH = 8
"""So many attempts there are for every free hour."""


@dataclass(frozen=True)
class Attempts:
    """What became of some of them."""

    confirmed: tuple[int, ...]
    """Visits that a desk was told it has."""
    refused: int
    stuck: int
    """Those that the server ended: deadlocks, and waits that were too long."""


def figures(scratch: Scratch) -> Iterator[Figure]:
    """All desks at once, through the service."""
    desks, attempts = scratch.size.racers, scratch.size.attempts
    with scratch.copied(scratch.database("book", fill_book), "attempts") as book:
        with scratch.owner(book) as owner:
            [(before,)] = owner.execute("SELECT max(id) FROM appointments").fetchall()
            wishes = _wishes(scratch, book, owner, attempts)
        shares = [[wishes[n::desks] for n in range(first, desks, _PROCESSES)] for first in range(_PROCESSES)]
        with multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool:
            halves = pool.starmap(_some_desks, [(scratch.desk_conninfo(book), share) for share in shares], 1)
        ended = [each for half in halves for each in half]
        confirmed = Counter(visit for each in ended for visit in each.confirmed)
        with scratch.owner(book) as owner:
            lost, untold, twice = (_count(owner, ask, before, list(confirmed)) for ask in (_LOST, _UNTOLD, _TWICE))
    refused, stuck = sum(each.refused for each in ended), sum(each.stuck for each in ended)
    name = f"attempts: {desks} desks"
    note = f"{confirmed.total()} confirmed, {refused} refused"
    yield fact(f"{name}: attempts that ended", confirmed.total() + refused + stuck, attempts, note)
    yield fact(f"{name}: hours that two visits have", twice, 0)
    yield fact(f"{name}: confirmed and not in the book", lost + confirmed.total() - len(confirmed), 0)
    yield fact(f"{name}: in the book and not confirmed", untold, 0)
    yield fact(f"{name}: deadlocks and timeouts", stuck, 0)


def _wishes(scratch: Scratch, book: str, owner: psycopg.Connection, many: int) -> list[Opening]:
    """Hours that many want, some a quarter or half an hour later than others, for customers who may want two."""
    seeded = random.Random(11)
    engine = scratch.engine(book)
    free = list(islice(openings(desk(engine), owner), max(1, many // _WISHES_FOR_EACH)))
    engine.dispose()
    wishes = []
    for _ in range(many):
        hour, whose = seeded.choice(free), seeded.choice(free).customer_id
        later = timedelta(minutes=seeded.choice((0, 0, 15, 30)))
        wishes.append(replace(hour, starts_at=hour.starts_at + later, customer_id=whose))
    return wishes


def _some_desks(conninfo: str, shares: Sequence[Sequence[Opening]]) -> list[Attempts]:
    with ThreadPoolExecutor(len(shares)) as room:
        return list(room.map(lambda wishes: _one_desk(conninfo, wishes), shares))


def _one_desk(conninfo: str, wishes: Sequence[Opening]) -> Attempts:
    engine = open_engine(conninfo)
    at = open_desk(lambda: Session(engine), token("ria"), SetClock(NOW))
    confirmed = []
    refused = stuck = 0
    for wish in wishes:
        try:
            confirmed.append(booked(at, wish).appointment_id)
        except Busy:
            stuck += 1
        except Refusal:
            refused += 1
    engine.dispose()
    return Attempts(tuple(confirmed), refused, stuck)


def _count(owner: psycopg.Connection, ask: str, before: int, confirmed: list[int]) -> int:
    [(many,)] = owner.execute(ask, {"before": before, "confirmed": confirmed}).fetchall()
    return int(many)


_LOST = """
    SELECT count(*) FROM unnest(CAST(%(confirmed)s AS bigint[])) AS told (id)
     WHERE NOT EXISTS (SELECT FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
                         JOIN appointment_parts p ON p.appointment_service_id = l.id
                         JOIN time_slots t ON t.part_id = p.id AND t.resource_id = p.resource_id
                          AND t.starts_at = p.starts_at AND t.ends_at = p.ends_at AND t.status = 'booked'
                        WHERE a.id = told.id AND a.status = 'pending')
"""
_UNTOLD = """
    SELECT count(*) FROM appointments WHERE id > %(before)s AND id <> ALL (CAST(%(confirmed)s AS bigint[]))
"""
# Visits are asked, and not the strips alone: on a strip nothing can overlap, whatever a booking does.
_TWICE = """
    SELECT count(*) FROM appointment_parts p
      JOIN appointment_parts o ON o.resource_id = p.resource_id AND o.id <> p.id
       AND o.starts_at < p.ends_at AND o.ends_at > p.starts_at
     WHERE p.appointment_service_id IN (SELECT id FROM appointment_services WHERE appointment_id > %(before)s)
"""
