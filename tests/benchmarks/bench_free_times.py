"""Searching for free times: against the one SQL statement that computes them from hours and visits, and a bare read.

The figure is our statement and what turns its rows into start times. The whole use-case, with its transactions, the
catalogue and the answer's objects, is shown beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from frontdesk.clock import day_bounds, day_of
from frontdesk.db.transactions import transaction
from frontdesk.rules.hours import DAY
from frontdesk.services.placing.availability import FindFree, find_free, free_starts, search_windows
from frontdesk.services.placing.candidates import wanted
from frontdesk.services.team.slots import LONGEST_PIECE
from frontdesk.services.use_case import Work
from tests.benchmarks.figures import Figure, beside, interleaved, ratio
from tests.benchmarks.full_book import WITH_FIFTY, WITH_TWENTY, ZONE, fill_book, fill_strips
from tests.benchmarks.loading import NOW
from tests.benchmarks.scratch import Scratch, desk

Start = tuple[int, int]
"""Seconds since 1970, and the strip."""


def figures(scratch: Scratch) -> Iterator[Figure]:
    """All start times of twenty stylists in a month, and the first one with any of fifty in ninety days.

    The month again in a book of ten times the pieces, the two searches in turns.
    """
    book = scratch.database("book", fill_book)
    with scratch.owner(book) as owner, _covered(owner):
        yield from _every_start(scratch, book)
        yield from _first_start(scratch, book)
    if scratch.size.many_slots:
        tall = scratch.database("tall", fill_strips)
        with scratch.owner(tall) as owner, _covered(owner):
            yield from _every_start(scratch, tall, beside_book=book)


@contextmanager
def _covered(owner: psycopg.Connection) -> Iterator[None]:
    owner.execute(_COVER_FACTS)
    owner.execute("VACUUM (ANALYZE) time_slots")
    yield
    owner.execute("DROP INDEX benchmark_facts_index")


@contextmanager
def _a_month(scratch: Scratch, book: str) -> Iterator[Callable[[], list[Start]]]:
    """Our search for every start of twenty stylists in thirty days, in an open transaction."""
    at = desk(scratch.engine(book))
    with transaction(at) as session:
        work = Work(at, session)
        (need,) = wanted(session, at.shop.id, [WITH_TWENTY])

        def ours() -> list[Start]:
            found = free_starts(work, need, need.stylists, at.today, at.today + DAY * 30)
            return [(start, stylist.resource_id) for start, stylist in found]

        yield ours


def _every_start(scratch: Scratch, book: str, *, beside_book: str | None = None) -> Iterator[Figure]:
    at, asked = desk(scratch.engine(book)), _asked(stylists=20, days=30)
    with _a_month(scratch, book) as ours, _a_month(scratch, beside_book or book) as other:
        plain = scratch.plain(book)

        def one_statement() -> list[Start]:
            return plain.cursor(binary=True).execute(_MULTIRANGE, asked, prepare=True).fetchall()

        def bare_read() -> object:
            return plain.cursor(binary=True).execute(_PIECES, asked, prepare=True).fetchall()

        def use_case() -> object:
            return find_free(at, FindFree(service_id=WITH_TWENTY, days=30, limit=0))

        starts = ours()
        assert starts == one_statement(), "the strips and the rules they follow from disagree"
        taken = interleaved(scratch.size.rounds, ours, one_statement, bare_read, use_case, other)
        plain.close()
    us, sql, read, whole, first = map(min, taken)
    many = scratch.size.many_slots if beside_book else scratch.size.slots
    name = f"free: 20 stylists, 30 days, {many:,}"
    yield ratio(f"{name}: to a multirange", us, sql, 0.5)
    if beside_book:
        yield ratio(f"{name}: to {scratch.size.slots:,}", us, first, 1.25)
        return
    yield ratio(f"{name}: to a bare read", us, read, 2)
    yield beside(f"{name}: the whole use-case", whole, f"{len(starts)} starts")


def _first_start(scratch: Scratch, book: str) -> Iterator[Figure]:
    at, asked = desk(scratch.engine(book)), _asked(stylists=50, days=90)
    with transaction(at) as session, scratch.plain(book) as plain:
        work = Work(at, session)
        (need,) = wanted(session, at.shop.id, [WITH_FIFTY])

        def ours() -> list[Start]:
            for first, until in search_windows(at.today, at.today + DAY * 90, widen=True):
                found = free_starts(work, need, need.stylists, first, until)
                if found:
                    return [(start, stylist.resource_id) for start, stylist in found[:1]]
            return []

        def one_statement() -> list[Start]:
            limited = f"{_MULTIRANGE} LIMIT 1"
            return plain.cursor(binary=True).execute(limited, asked, prepare=True).fetchall()

        def use_case() -> object:
            return find_free(at, FindFree(service_id=WITH_FIFTY, days=90, limit=1))

        assert ours() == one_statement(), "the strips and the rules they follow from disagree"
        us, sql, whole = map(min, interleaved(scratch.size.rounds, ours, one_statement, use_case))
    yield ratio("free: first of 50 stylists in 90 days: to LIMIT 1", us, sql, 0.05)
    yield beside("free: first of 50 stylists in 90 days: the whole use-case", whole)


def _asked(*, stylists: int, days: int) -> dict[str, object]:
    first = day_of(NOW, ZONE)
    return {
        "resources": list(range(1, stylists + 1)),
        "shop": 1,
        "zone": ZONE,
        "first": first,
        "last": first + DAY * (days - 1),
        "since": NOW,
        "back": NOW - LONGEST_PIECE,
        "until": day_bounds(first + DAY * days, ZONE)[0],
        "takes": dt.timedelta(hours=1),
    }


_COVER_FACTS = """
    CREATE INDEX IF NOT EXISTS benchmark_facts_index ON time_slots (resource_id, starts_at)
    INCLUDE (ends_at, shop_id, business_id) WHERE status IN ('booked', 'held')
"""
"""What the one statement wants to be fast."""

_PIECES = """
    SELECT resource_id, starts_at, ends_at FROM time_slots
     WHERE status = 'available' AND resource_id = ANY (%(resources)s) AND shop_id = %(shop)s
       AND starts_at >= %(back)s AND starts_at < %(until)s AND ends_at > %(since)s
"""
_MULTIRANGE = """
    WITH days AS MATERIALIZED (
        SELECT CAST(day AS date) AS day FROM generate_series(CAST(%(first)s AS date), %(last)s, interval '1 day') AS day
    ), shifts AS MATERIALIZED (
        SELECT p.resource_id, range_agg(tstzrange((d.day + greatest(w.starts, h.opens)) AT TIME ZONE %(zone)s,
                                                  (d.day + least(w.ends, h.closes)) AT TIME ZONE %(zone)s)) AS open
          FROM stylists p
          JOIN weekly_shifts w ON w.stylist_id = p.id
          JOIN business_hours h ON h.shop_id = w.shop_id AND h.weekday = w.weekday
          JOIN days d ON extract(isodow FROM d.day) = w.weekday
         WHERE p.resource_id = ANY (%(resources)s) AND w.shop_id = %(shop)s GROUP BY p.resource_id
    ), pauses AS MATERIALIZED (
        SELECT p.resource_id, range_agg(tstzrange((d.day + b.starts) AT TIME ZONE %(zone)s,
                                                  (d.day + b.ends) AT TIME ZONE %(zone)s)) AS shut
          FROM stylists p
          JOIN breaks b ON b.stylist_id = p.id
          JOIN days d ON extract(isodow FROM d.day) = b.weekday
         WHERE p.resource_id = ANY (%(resources)s) GROUP BY p.resource_id
    ), taken AS MATERIALIZED (
        SELECT resource_id, range_agg(tstzrange(starts_at, ends_at)) AS busy FROM time_slots
         WHERE status IN ('booked', 'held') AND resource_id = ANY (%(resources)s)
           AND starts_at >= %(back)s AND starts_at < %(until)s AND ends_at > %(since)s GROUP BY resource_id
    ), gaps AS (
        SELECT resource_id, unnest((open - coalesce(shut, '{}') - coalesce(busy, '{}'))
                                   * tstzmultirange(tstzrange(%(since)s, %(until)s))) AS gap
          FROM shifts LEFT JOIN pauses USING (resource_id) LEFT JOIN taken USING (resource_id)
    )
    SELECT CAST(extract(epoch FROM starts) AS bigint) AS starts, resource_id
      FROM gaps, generate_series(date_bin('15 minutes', lower(gap) + interval '15 minutes' - interval '1 microsecond',
                                          '2000-01-01'), upper(gap) - %(takes)s, interval '15 minutes') AS starts
     ORDER BY starts, resource_id
"""
"""Published hours less breaks and facts, as multiranges, and every quarter of an hour in what is left."""
