"""What lies in a database, table by table: rows, money, and a digest of both, to be compared with another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class TableContents:
    """One table: how many rows, what its amounts of money add up to, and a digest of every value."""

    table: str
    rows: int
    money: Decimal
    digest: Decimal


Contents = tuple[TableContents, ...]


def contents(connection: psycopg.Connection[Any]) -> Contents:
    """Every table of the schema, as whoever owns them sees it. Row-level security hides nothing silently: it raises.

    The connection is inside a transaction, whose role and zone this sets.
    """
    connection.execute(
        "SELECT set_config('role', owner_role(), true), set_config('row_security', 'off', true),"
        " set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)"
    )
    tables = connection.execute(_TABLES).fetchall()
    counted = sql.SQL(" UNION ALL ").join(_counting(table, columns) for table, columns in tables)
    rows = connection.execute(sql.SQL("SELECT * FROM ({}) AS counted ORDER BY 1").format(counted)).fetchall()
    return tuple(TableContents(*row) for row in rows)


def differences(written: Contents, read: Contents) -> list[str]:
    """What differs, in words; nothing when both are the same."""
    before, after = ({one.table: one for one in found} for found in (written, read))
    found = [f"{table} is missing" for table in sorted(before.keys() - after.keys())]
    found += [f"{table} was not there" for table in sorted(after.keys() - before.keys())]
    for table in sorted(before.keys() & after.keys()):
        one, other = before[table], after[table]
        if one.rows != other.rows:
            found.append(f"{table} has {other.rows} rows instead of {one.rows}")
        elif one.money != other.money:
            found.append(f"the money in {table} adds up to {other.money} instead of {one.money}")
        elif one.digest != other.digest:
            found.append(f"{table} has other values")
    return found


def _counting(table: str, columns: list[str]) -> sql.Composed:
    money = sql.SQL(" + ").join(
        [sql.SQL("0"), *(sql.SQL("coalesce(sum(t.{}), 0)").format(sql.Identifier(column)) for column in columns)]
    )
    return sql.SQL(
        "SELECT {} AS name, count(*) AS rows, ({})::numeric AS money,"
        " coalesce(sum(hashtextextended(t::text, 0)), 0)::numeric AS digest FROM ONLY {} AS t"
    ).format(sql.Literal(table), money, sql.Identifier("public", table))


_TABLES = """
SELECT c.relname::text, coalesce(array_agg(a.attname::text ORDER BY a.attnum)
           FILTER (WHERE a.atttypid = 'public.money_amount'::regtype), '{}')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
 GROUP BY c.relname
"""
