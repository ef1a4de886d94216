"""What `matrix.toml` says of who may do what, and whether it speaks of every table there is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

WRITTEN = Path(__file__).with_name("matrix.toml")


@dataclass(frozen=True)
class Line:
    """What the matrix expects of a table."""

    table: str
    tenant: str = "business_id"
    see: frozenset[str] = frozenset()
    add: frozenset[str] = frozenset()
    change: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    see_own: frozenset[str] = frozenset()
    own: str = "true"
    writes_own: bool = False
    fresh: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refused_by: str | None = None
    anybody: bool = False
    """Even who is not signed in sees it."""


@dataclass(frozen=True)
class Matrix:
    """The whole of `matrix.toml`."""

    lines: dict[str, Line]
    doors: frozenset[str]


def read() -> Matrix:
    """The matrix as it is written down."""
    written = tomllib.loads(WRITTEN.read_text(encoding="utf-8"))
    groups = {"": frozenset[str](), "anybody": frozenset[str]()}
    groups |= {name: frozenset(roles) for name, roles in written["groups"].items()}
    lines = {}
    for table, words in written["tables"].items():
        named = {verb: words.pop(verb, "") for verb in ("see", "add", "change", "remove")}
        see, add, change, remove = (groups[name] for name in named.values())
        own = frozenset(words.pop("see_own", ()))
        anybody = named["see"] == "anybody"
        lines[table] = Line(
            table, see=see, add=add, change=change, remove=remove, see_own=own, anybody=anybody, **words
        )
    return Matrix(lines, frozenset(written["doors"]["names"]))


def unlisted(owner: psycopg.Connection, matrix: Matrix) -> list[str]:
    """What the catalogue has that the matrix can't know of, or has unguarded."""
    tables = owner.execute(TABLES).fetchall()
    names = [name for name, *_ in tables]
    found = [f"{name} has no line in matrix.toml" for name in names if name not in matrix.lines]
    found += [f"{name} stands in matrix.toml only" for name in matrix.lines if name not in names]
    for name, guarded, granted, policies in tables:
        if not guarded:
            found.append(f"{name} has no row security")
        found += [
            f"{name} may be {VERBS[verb]}, and no policy says by whom" for verb in granted if verb not in policies
        ]
    return found


VERBS = {"r": "read", "a": "added to", "w": "changed", "d": "removed from"}
TABLES = """
SELECT c.relname, c.relrowsecurity,
       ARRAY(SELECT cmd FROM (VALUES ('r', 'SELECT'), ('a', 'INSERT'), ('w', 'UPDATE')) AS verb (cmd, name)
              WHERE has_any_column_privilege(desk_role(), c.oid, name)
             UNION ALL SELECT 'd' WHERE has_table_privilege(desk_role(), c.oid, 'DELETE')),
       ARRAY(SELECT p.polcmd::text FROM pg_policy p WHERE p.polrelid = c.oid)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   -- A view with its reader's rights opens nothing that its tables don't.
   AND NOT (c.relkind = 'v' AND coalesce('security_invoker=true' = ANY (c.reloptions), false))
 ORDER BY c.relname
"""
