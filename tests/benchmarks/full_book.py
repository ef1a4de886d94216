"""Sixty stylists with years of visits: strips about seventy percent full, and the rules they follow from."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg

from frontdesk.clock import day_of, instant
from tests.benchmarks.loading import NOW, indexed_afterwards
from tests.benchmarks.scratch import Size

ZONE = "Europe/London"
STYLISTS = 60
AHEAD = dt.timedelta(days=200)
"""How far the strips are laid out: past the half year below which a search lays out more."""
WITH_TWENTY, WITH_FIFTY = 1, 2
"""Services of an hour, which so many of the stylists do."""
COLOUR, BLOW_DRY = 4, 5
"""Half an hour of hands, three quarters of waiting, half an hour of hands; and half an hour. Twenty do both."""

_PIECES_A_DAY = 9.5


def fill_book(connection: psycopg.Connection, size: Size) -> None:
    """Put the people and their rules, visits with their lines and parts, and the strips into the book."""
    _fill_pieces(connection, size.slots, STYLISTS)
    tables = ("time_slots", "appointments", "appointment_services")
    with ExitStack() as indexes:
        for table in tables:
            indexes.enter_context(indexed_afterwards(connection, table))
        connection.execute(_VISITS)


def fill_strips(connection: psycopg.Connection, size: Size) -> None:
    """Ten times the people with as many years behind them: the strips alone, as a search reads them.

    Their pieces belong to visits that are not there, and nothing keeps them apart: that index alone takes a quarter
    of an hour.
    """
    _fill_pieces(connection, size.many_slots, STYLISTS * 10)
    with indexed_afterwards(connection, "time_slots", without=("time_slots_no_overlap", "time_slots_part_key")):
        connection.execute(_STRIPS)


def _fill_pieces(connection: psycopg.Connection, slots: int, stylists: int) -> None:
    today = day_of(NOW, ZONE)
    until = today + AHEAD
    first = min(today, until - dt.timedelta(days=round(slots / stylists / _PIECES_A_DAY)))
    connection.execute(_PEOPLE, {"stylists": stylists})
    connection.execute(f"SET book.first = '{first}'; SET book.until = '{until}'")
    connection.execute(_RULES)
    with connection.cursor().copy("COPY pieces (resource_id, starts_at, ends_at, status) FROM STDIN") as copy:
        for rows in _pieces(first, until, stylists):
            copy.write(rows)


def _pieces(first: dt.date, until: dt.date, stylists: int) -> Iterator[str]:
    """Rows of resource, from, until and status, a day at a time."""
    seeded = random.Random(20260302)
    for n in range((until - first).days):
        day = first + dt.timedelta(days=n)
        if day.isoweekday() == 7:
            continue
        nine = instant(day, dt.time(9), ZONE)  # the clocks change before nine
        rows = []
        for resource in range(1, stylists + 1):
            shift = [*_shift(seeded, 0, 210), (210, 240, "blocked"), *_shift(seeded, 240, 480)]
            for start, end, status in shift:
                since, till = nine + dt.timedelta(minutes=start), nine + dt.timedelta(minutes=end)
                rows.append(f"{resource}\t{since.isoformat()}\t{till.isoformat()}\t{status}\n")
        yield "".join(rows)


def _shift(seeded: random.Random, opens: int, closes: int) -> Iterator[tuple[int, int, str]]:
    at = free_from = opens
    while True:
        start = at + seeded.choice((0, 0, 0, 15, 15, 30, 60))
        end = start + seeded.choice((30, 45, 45, 60, 60, 90))
        if end > closes:
            break
        if start > free_from:
            yield free_from, start, "available"
        yield start, end, "booked"
        at = free_from = end
    if free_from < closes:
        yield free_from, closes, "available"


_PEOPLE = """
    INSERT INTO resources (id, business_id, shop_id, kind, name, position)
    SELECT n, 1, 1, 'stylist', 'Stylist ' || n, n FROM generate_series(1, %(stylists)s) AS n
"""
_RULES = """
    INSERT INTO stylists (id, business_id, resource_id, first_name)
    SELECT id, 1, id, name FROM resources;
    INSERT INTO services (id, business_id, code, name, price)
    VALUES (1, 1, 'TWENTY', 'With twenty', 60), (2, 1, 'FIFTY', 'With fifty', 60), (3, 1, 'ALL', 'With all', 60),
           (4, 1, 'COLOUR', 'Colour', 120), (5, 1, 'DRY', 'Blow-dry', 30);
    INSERT INTO service_parts (business_id, service_id, position, kind, minutes, holds)
    VALUES (1, 1, 1, 'active', 60, '{lead}'), (1, 2, 1, 'active', 60, '{lead}'), (1, 3, 1, 'active', 60, '{lead}'),
           (1, 4, 1, 'active', 30, '{lead}'), (1, 4, 2, 'processing', 45, '{}'), (1, 4, 3, 'finish', 30, '{lead}'),
           (1, 5, 1, 'active', 30, '{lead}');
    INSERT INTO stylist_specialties (business_id, stylist_id, service_id)
    SELECT 1, p.id, v.id FROM stylists p, services v
     WHERE p.id <= CASE v.code WHEN 'FIFTY' THEN 50 WHEN 'ALL' THEN 1000 ELSE 20 END;
    INSERT INTO business_hours (business_id, shop_id, weekday, opens, closes)
    SELECT 1, 1, day, '09:00', '18:00' FROM generate_series(1, 6) AS day;
    INSERT INTO weekly_shifts (business_id, stylist_id, shop_id, weekday, starts, ends)
    SELECT 1, p.id, 1, day, '09:00', '17:00' FROM stylists p, generate_series(1, 6) AS day;
    INSERT INTO breaks (business_id, stylist_id, weekday, starts, ends, name)
    SELECT 1, p.id, day, '12:30', '13:00', 'lunch' FROM stylists p, generate_series(1, 6) AS day;
    INSERT INTO customers (id, business_id, first_name, last_name, sort_key)
    SELECT n, 1, 'Customer', 'No ' || n, 'no ' || n || ' customer' FROM generate_series(1, 40000) AS n;
    INSERT INTO strips (resource_id, business_id, published_from, published_until)
    SELECT id, 1, CAST(current_setting('book.first') AS date), CAST(current_setting('book.until') AS date)
      FROM resources;
    CREATE TEMP TABLE pieces (resource_id integer, starts_at timestamptz, ends_at timestamptz, status text);
"""
_STRIPS = """
    INSERT INTO time_slots (business_id, resource_id, shop_id, starts_at, ends_at, status, reason, part_id)
    SELECT 1, resource_id, 1, starts_at, ends_at, status, CASE status WHEN 'blocked' THEN 'lunch' END,
           CASE status WHEN 'booked' THEN row_number() OVER () END
      FROM pieces
"""
_VISITS = """
    CREATE TEMP TABLE visits AS
    SELECT row_number() OVER (ORDER BY starts_at, resource_id) AS n, resource_id, starts_at, ends_at
      FROM pieces WHERE status = 'booked';
    INSERT INTO appointments (id, business_id, shop_id, code, customer_id, status, starts_at, ends_at, starts_local)
    SELECT n, 1, 1, to_char(n, 'FM00000000'), 1 + n % 20000, 'completed', starts_at, ends_at,
           starts_at AT TIME ZONE 'Europe/London' FROM visits;
    INSERT INTO appointment_services (id, business_id, appointment_id, position, service_id, stylist_id, name, price,
                                      status, starts_at, ends_at)
    SELECT n, 1, n, 1, 3, resource_id, 'With all', 60, 'completed', starts_at, ends_at FROM visits;
    INSERT INTO appointment_parts (id, business_id, appointment_service_id, position, kind, role, resource_id,
                                   starts_at, ends_at)
    SELECT n, 1, n, 1, 'active', 'lead', resource_id, starts_at, ends_at FROM visits;
    INSERT INTO time_slots (business_id, resource_id, shop_id, starts_at, ends_at, status, reason, part_id)
    SELECT 1, p.resource_id, 1, p.starts_at, p.ends_at, p.status, CASE p.status WHEN 'blocked' THEN 'lunch' END, v.n
      FROM pieces p LEFT JOIN visits v ON p.status = 'booked' AND v.resource_id = p.resource_id
       AND v.starts_at = p.starts_at ORDER BY p.starts_at, p.resource_id;
    SELECT setval(pg_get_serial_sequence(name, 'id'), 100000000)
      FROM unnest(ARRAY['customers', 'resources', 'stylists', 'services', 'appointments', 'appointment_services',
                        'appointment_parts']) AS name;
"""
