"""How migrations are written: SQL in which `--: words` beside a table or column becomes its COMMENT."""

from __future__ import annotations

import re
from collections.abc import Iterator

AS_OWNER = "SELECT set_config('role', owner_role(), true)"
"""First statement of every migration: what it makes belongs to the role that can't log in, until it ends."""

_TABLE = re.compile(r"^CREATE TABLE (?P<table>\w+) \(\s*--: (?P<words>.+)$")
_COLUMN = re.compile(r"^    (?P<column>[a-z][a-z0-9_]*) ")
_WORDS = re.compile(r"--: (?P<words>.+)$")


def statements(sql: str) -> str:
    """The SQL with a COMMENT ON statement for every `--:` in it, ready for one execute."""
    return sql + "\n" + "\n".join(_comments(sql))


def _comments(sql: str) -> Iterator[str]:
    table = column = None
    for line in sql.splitlines():
        if found := _TABLE.match(line):
            table = found["table"]
            yield f"COMMENT ON TABLE {table} IS {_quoted(found['words'])};"
            continue
        if line.startswith(")"):
            table = None
        if started := _COLUMN.match(line):
            column = started["column"]  # its definition may take several lines, the words stand in the last
        if table and column and (found := _WORDS.search(line)):
            yield f"COMMENT ON COLUMN {table}.{column} IS {_quoted(found['words'])};"


def _quoted(words: str) -> str:
    return "'" + words.strip().replace("'", "''") + "'"
