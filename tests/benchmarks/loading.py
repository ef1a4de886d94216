"""Filling a database fast: rows without triggers, indexes afterwards, and who may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
"""Monday 2 March 2026, 09:00 in London. The clocks go forward within the month that is searched."""

PEOPLE = {"ria": "receptionist", "mo": "manager"}

SETTINGS = (
    "ALTER SYSTEM SET max_wal_size = '8GB'",
    "ALTER SYSTEM SET autovacuum = off",
)
"""So that loading and upkeep do not strike into a measurement; what is measured runs as it would anywhere."""


def token(login: str) -> str:
    """The token with which somebody is signed in."""
    return f"token of {login}"


def load(conninfo: str, *fill: Callable[[psycopg.Connection], None]) -> None:
    """Found the salon and fill its tables as their owner would restore them: without triggers, then vacuumed."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute(_SALON)
        for login, role in PEOPLE.items():
            connection.execute(_SIGN_IN, {"login": login, "role": role, "token": token(login)})
        for each in fill:
            each(connection)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE, FREEZE)")
        connection.execute("CHECKPOINT")


@contextmanager
def indexed_afterwards(connection: psycopg.Connection, table: str, *, without: tuple[str, ...] = ()) -> Iterator[None]:
    """Take a table's indexes away, but for those that keys are made of, and put them back, except those left out."""
    constraints = connection.execute(_CONSTRAINTS, {"table": table}).fetchall()
    for name, _ in constraints:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = connection.execute(_INDEXES, {"table": table}).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    for name, definition in indexes:
        if name not in without:
            connection.execute(definition)
    for name, definition in constraints:
        if name not in without:
            connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint c
     WHERE conrelid = CAST(%(table)s AS regclass) AND contype IN ('x', 'u', 'p')
       AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)
"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
     WHERE i.indrelid = CAST(%(table)s AS regclass)
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
_SALON = """
    INSERT INTO businesses (id, code, name) OVERRIDING SYSTEM VALUE VALUES (1, 'long', 'Long Lane');
    INSERT INTO shops (id, business_id, name, timezone, currency, locale, country)
    OVERRIDING SYSTEM VALUE VALUES (1, 1, 'Long Lane', 'Europe/London', 'GBP', 'en_GB', 'GB');
"""
_SIGN_IN = """
    WITH person AS (
        INSERT INTO users (business_id, login, name, role)
        VALUES (1, CAST(%(login)s AS text), initcap(CAST(%(login)s AS text)), %(role)s)
        RETURNING id
    )
    INSERT INTO sign_ins (business_id, user_id, method, token_hash, expires_at)
    SELECT 1, id, 'password', sha256(convert_to(%(token)s, 'UTF8')), 'infinity' FROM person
"""
