"""Bookings of one stylist on different days never wait for each other; those of one day do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial

import psycopg

from frontdesk.desk import Desk
from tests.benchmarks.bare_client import Sent
from tests.benchmarks.bench_booking import booked, rehearsed
from tests.benchmarks.figures import Figure, fact, median, ratio, timed
from tests.benchmarks.full_book import fill_book
from tests.benchmarks.openings import Opening, openings, without_visits
from tests.benchmarks.scratch import Scratch, desk


def figures(scratch: Scratch) -> Iterator[Figure]:
    """A booking while another has its strips and does not end, and one while nobody has any, in turns."""
    with scratch.copied(scratch.database("book", fill_book), "days") as book:
        engine, rehearsing = scratch.engine(book), scratch.engine(book)
        at = desk(engine)
        beside_another: list[float] = []
        alone: list[float] = []
        with scratch.owner(book) as owner, scratch.driver(book) as holder:
            threes = _on_three_days(openings(at, owner))
            for turn in range(scratch.size.rounds + 10):
                held, first, second = next(threes)
                _hold(holder, rehearsed(rehearsing, at, held, owner))
                beside = timed(partial(booked, at, first))
                holder.rollback()
                undisturbed = timed(partial(booked, at, second))
                if turn >= 10:  # by then statements are prepared
                    beside_another.append(beside)
                    alone.append(undisturbed)
            held = next(threes)[0]
            _hold(holder, rehearsed(rehearsing, at, held, owner))
            last = replace(held, customer_id=max(without_visits(owner)))
            waited = _waits(at, owner, holder, last)
        yield ratio("days: while one of another day is open, to alone", median(beside_another), median(alone), 1.25)
        yield fact("days: whoever wants the same day waits until it ends", waited, True)
        engine.dispose()
        rehearsing.dispose()


def _on_three_days(free: Iterator[Opening]) -> Iterator[list[Opening]]:
    """Three hours of one stylist."""
    by_stylist: dict[int, dict[date, Opening]] = defaultdict(dict)
    for opening in free:
        days = by_stylist[opening.stylist_id]
        days.setdefault(opening.starts_at.date(), opening)
        if len(days) == 3:
            yield list(by_stylist.pop(opening.stylist_id).values())


def _hold(holder: psycopg.Connection, sent: list[Sent]) -> None:
    for statement, parameters in sent:
        holder.execute(statement, parameters)


def _waits(at: Desk, owner: psycopg.Connection, holder: psycopg.Connection, wish: Opening) -> bool:
    """Whether somebody else's booking stands still until the holder lets go, and is made then."""
    with ThreadPoolExecutor(1) as room:
        booking = room.submit(booked, at, wish)
        waited = False
        while not (waited or booking.done()):
            waited = owner.execute(_WAITING, {"holder": holder.info.backend_pid}).fetchone() is not None
        holder.rollback()
        booking.result()
    return waited


_WAITING = """
    SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND %(holder)s = ANY (pg_blocking_pids(pid))
"""
