"""What a database needs done now and then, by somebody who owns it: months of history, made ahead of their time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import psycopg
from psycopg import sql

from frontdesk.errors import Busy

_LOCK = 0x7570  # "up": one upkeep at a time per database

PATIENCE = "5s"
"""How long history may have to wait for a transaction that is writing it, and writers for history."""


def prepare_months(owner_conninfo: str, *, ahead: int = 3, patience: str | None = None) -> list[str]:
    """Give this month, the next ones and every month that lies in the default partition one of its own.

    Rows move with their month; the default partition then holds nothing and costs nothing. Months are those of the
    server's clock, in UTC, as `audit_log.at` is. Locks history for a moment per month and raises Busy when that takes
    too long; what was made until then stays. Returns the names of the partitions that were made.
    """
    with psycopg.connect(owner_conninfo, autocommit=True) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute("SELECT set_config('lock_timeout', %s, false)", (patience or PATIENCE,))
        connection.execute("SELECT set_config('role', owner_role(), false)")
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            return [_make(connection, month) for month in sorted(_missing(connection, ahead))]
        except psycopg.errors.LockNotAvailable as error:
            raise Busy from error


def months(first: dt.date, ahead: int) -> Iterator[dt.date]:
    """The first days of a month and of those that follow it."""
    for number in range(first.month - 1, first.month + ahead):
        yield dt.date(first.year + number // 12, number % 12 + 1, 1)


def _missing(connection: psycopg.Connection, ahead: int) -> set[dt.date]:
    wanted = {month for (month,) in connection.execute(_IN_DEFAULT)}
    now = connection.execute("SELECT date_trunc('month', now())::date").fetchone()
    assert now
    wanted |= set(months(now[0], ahead))
    made = {name for (name,) in connection.execute(_MADE)}
    return {month for month in wanted if _name(month) not in made}


def _name(month: dt.date) -> str:
    return f"audit_log_{month:%Y_%m}"


def _make(connection: psycopg.Connection, month: dt.date) -> str:
    name, (_, following) = _name(month), months(month, 1)
    names = {
        "month": sql.Identifier(name),
        "row_index": sql.Identifier(f"{name}_row_index"),
        "request_index": sql.Identifier(f"{name}_request_index"),
        "words": sql.Literal(f"History of {month:%B %Y}"),
        "since": sql.Literal(f"{month} 00:00:00+00"),
        "until": sql.Literal(f"{following} 00:00:00+00"),
    }
    with connection.transaction():
        connection.execute(sql.SQL(_MONTH).format(**names))
    return name


_IN_DEFAULT = "SELECT DISTINCT date_trunc('month', at)::date FROM audit_log_default"
_MADE = "SELECT relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = 'audit_log'::regclass"
_MONTH = """
CREATE TABLE {month} (LIKE audit_log INCLUDING COMMENTS INCLUDING DEFAULTS);
COMMENT ON TABLE {month} IS {words};
ALTER TABLE {month} ENABLE ROW LEVEL SECURITY;
LOCK TABLE audit_log_default IN ACCESS EXCLUSIVE MODE;
WITH moved AS (DELETE FROM audit_log_default WHERE at >= {since} AND at < {until} RETURNING *)
INSERT INTO {month} SELECT * FROM moved;
CREATE INDEX {row_index} ON {month} (table_name, row_id, at);
CREATE INDEX {request_index} ON {month} (request_id) WHERE request_id IS NOT NULL;
ALTER TABLE audit_log ATTACH PARTITION {month} FOR VALUES FROM ({since}) TO ({until});
"""
