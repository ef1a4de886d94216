"""What a database is and what it holds, in a form two of which can be compared."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from frontdesk.db.server import bin_directory


def schema_of(conninfo: str, version: int) -> list[str]:
    """Everything that makes the schema, as pg_dump writes it down: tables, policies, grants, comments, functions."""
    command = [str(bin_directory(version) / "pg_dump"), "--schema-only", f"--dbname={conninfo}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # \restrict carries a password of the moment.
    return [line for line in done.stdout.splitlines() if line and not line.startswith(("--", "\\"))]


RENAMED = {"stylist_rates": "commission_rules", "rate_id": "rule_id"}
"""Tables and columns that a later migration calls otherwise: compared by their last name."""
REPLACED = {("products", "supplier"), ("products", "supplier_code")}
"""Columns whose words a later migration keeps as rows of their own."""

Rows = list[dict[str, Any]]


def rows_of(conninfo: str, tables: set[str]) -> dict[str, Rows]:
    """All the rows of each table that there is."""
    with psycopg.connect(conninfo) as connection:
        found = {name for (name,) in connection.execute(TABLES)}
        wanted = {RENAMED.get(name, name) for name in tables}
        return {
            RENAMED.get(name, name): _rows(connection, name)
            for name in sorted(found)
            if RENAMED.get(name, name) in wanted
        }


def as_far_as_in(rows: dict[str, Rows], kept: dict[str, Rows]) -> dict[str, Rows]:
    """The rows of the tables that are kept, with the columns that are."""
    return {
        table: _sorted({column: row[column] for column in kept[table][0]} for row in rows[table])
        if kept[table]
        else rows[table]
        for table in kept
    }


def tables_of(conninfo: str) -> set[str]:
    """The names of all tables."""
    with psycopg.connect(conninfo) as connection:
        return {name for (name,) in connection.execute(TABLES)}


def silent(connection: psycopg.Connection) -> set[str]:
    """Tables and columns without a COMMENT."""
    return {str(row[0]) for row in connection.execute(SILENT)}


def oddly_named(connection: psycopg.Connection) -> set[str]:
    """Constraints and indexes with names that PostgreSQL made up, or cut off."""
    return {str(row[0]) for row in connection.execute(NAMED) if ODD.search(str(row[0])) or len(str(row[0])) >= 63}


def _rows(connection: psycopg.Connection, table: str) -> Rows:
    rows = connection.execute(sql.SQL("SELECT to_jsonb(t) FROM {} t").format(sql.Identifier(table)))
    return _sorted(
        {RENAMED.get(column, column): row[column] for column in row if (table, column) not in REPLACED}
        for (row,) in rows
    )


def _sorted(rows: Iterable[dict[str, Any]]) -> Rows:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
SILENT = """
SELECT c.relname || coalesce('.' || a.attname, '')
  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
   AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL)
"""
NAMED = """
SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('n', 'p')
UNION SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
 WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary
"""
ODD = re.compile(r"_(check|excl|idx|key|fkey)\d+$|_(check|excl|idx|id_fkey)$")
