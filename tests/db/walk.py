"""Walks a table as every role: each verb tried for real, as the desk's login role, and held against the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tests import vale_street
from tests.db.matrix import Line
from tests.db.two_businesses import ELM, VALE

Row = dict[str, Any]
NO_PRIVILEGE = "42501"
NO_SUCH_PARENT = "23503"
STILL_REFERRED_TO = ("23503", "23001")


@dataclass(frozen=True)
class Somebody:
    """Who tries."""

    name: str
    role: str | None
    login: str | None
    business: int

    @property
    def token(self) -> str:
        """What their connection carries."""
        return vale_street.token(self.login) if self.login else ""


EVERYBODY = (
    Somebody("nobody", None, None, VALE),
    Somebody("the trainee", "trainee", "tess", VALE),
    Somebody("the receptionist", "receptionist", "ria", VALE),
    Somebody("the stylist", "stylist", "anna", VALE),
    Somebody("the manager", "manager", "mo", VALE),
    Somebody("the admin", "admin", "ada", VALE),
    Somebody("the auditor", "auditor", "otto", VALE),
    Somebody("the other business's admin", "admin", "eve", ELM),
)


@dataclass(frozen=True)
class Outcome:
    """What came of a statement."""

    rows: int = 0
    found: tuple[tuple[Any, ...], ...] = ()
    refusal: str | None = None
    constraint: str | None = None

    def closed_by(self, constraint: str | None) -> bool:
        """Refused by the constraint that keeps what is closed."""
        return constraint is not None and self.constraint == constraint

    def __str__(self) -> str:
        return f"{self.refusal} {self.constraint or ''}".strip() if self.refusal else f"{self.rows} rows"


class Walk:
    """One walk through the tables of one database, which holds `two_businesses`. Changes nothing."""

    def __init__(self, owner: psycopg.Connection, desk: psycopg.Connection) -> None:
        self.owner = owner
        self.desk = desk
        self._kept: dict[tuple[str, tuple[Any, ...]], list[tuple[Any, ...]]] = {}

    def surprises(self, line: Line) -> list[str]:
        """Everything about a table that is not as the matrix says."""
        found = []
        for somebody in EVERYBODY:
            with self.desk.transaction(force_rollback=True):
                self.desk.execute("SELECT set_config('frontdesk.token', %s, true)", (somebody.token,))
                found += [f"{line.table}: {somebody.name} {words}" for words in self._tried(line, somebody)]
        return found

    def _tried(self, line: Line, somebody: Somebody) -> Iterator[str]:
        yield from self._see(line, somebody)
        yield from self._add(line, somebody)
        yield from self._change(line, somebody)
        yield from self._remove(line, somebody)
        outcome = self._try(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(line.table)))
        if outcome.refusal != NO_PRIVILEGE:
            yield f"empties it: {outcome}"

    def _see(self, line: Line, somebody: Somebody) -> Iterator[str]:
        outcome = self._try(
            sql.SQL("SELECT {}, count(*) FROM {} GROUP BY 1").format(_tenant(line), sql.Identifier(line.table))
        )
        expected: tuple[tuple[Any, ...], ...] = ()
        if line.anybody or somebody.role in line.see:
            expected = self._counted(line, somebody, "true")
            assert expected, f"{line.table} has no row to see"
        elif somebody.role in line.see_own and somebody.business == VALE:
            expected = self._counted(line, somebody, line.own)
            assert expected, f"{line.table} has no row of their own to see"
        if outcome.found != expected or outcome.refusal not in (None, NO_PRIVILEGE):
            yield f"sees {outcome.found or outcome} instead of {expected}"

    def _add(self, line: Line, somebody: Somebody) -> Iterator[str]:
        for business in (VALE, ELM) if line.tenant else (VALE,):
            row = self._fresh(line, somebody, business)
            may = somebody.role in line.add and business == somebody.business
            outcome = self._insert(line, row)
            if may and outcome.rows != 1:
                yield f"can't add a row: {outcome}"
            if not may and outcome.refusal != NO_PRIVILEGE:
                yield f"adds a row to business {business}: {outcome}"
            for column, parent in self._parents(line) if may else ():
                stranger = self._first(parent, ELM + VALE - business, order="DESC")
                assert stranger is not None, f"{parent} has no row of the other business"
                beside = self._filled(line.beside.get(column, {}), somebody, business)
                outcome = self._insert(line, row | {column: stranger["id"]} | beside)
                if outcome.refusal not in (NO_SUCH_PARENT, NO_PRIVILEGE):
                    yield f"adds a row with the other business's {column}: {outcome}"

    def _change(self, line: Line, somebody: Somebody) -> Iterator[str]:
        column = self._plain_column(line)
        may = somebody.role in line.change
        update = sql.SQL("UPDATE {} SET {} = {}")
        for business in (VALE, ELM) if line.tenant else ():
            mine = may and business == somebody.business
            row = self._first(line.table, business, line.own if line.writes_own and mine else "true", somebody)
            assert row is not None, f"{line.table} has no row of business {business}"
            same = update.format(sql.Identifier(line.table), sql.Identifier(column), sql.Identifier(column))
            outcome = self._try(sql.SQL("{} WHERE {}").format(same, self._key(line, row)))
            if mine and outcome.rows != 1 and not outcome.closed_by(line.refused_by):
                yield f"can't change a row: {outcome}"
            if not mine and (outcome.rows or outcome.refusal not in (None, NO_PRIVILEGE)):
                yield f"changes a row of business {business}: {outcome}"
            other = update.format(sql.Identifier(line.table), _tenant(line), ELM + VALE - business)
            outcome = self._try(sql.SQL("{} WHERE {}").format(other, self._key(line, row)))
            if outcome.refusal != NO_PRIVILEGE:
                yield f"moves a row of business {business} to the other: {outcome}"
        # An UPDATE that reads no column meets no SELECT policy.
        sample = self._first(line.table, somebody.business if line.tenant else None) or {}
        blind = sql.SQL("UPDATE {} SET {} = (SELECT {} FROM jsonb_populate_record(NULL::{}, {}))").format(
            sql.Identifier(line.table), sql.Identifier(column), sql.Identifier(column), sql.Identifier(line.table),
            Jsonb(sample),
        )  # fmt: skip
        outcome = self._try(blind)
        expected = self._count(line, somebody, line.own if line.writes_own else "true") if may else 0
        if outcome.rows != expected and not (may and outcome.closed_by(line.refused_by)):
            yield f"changes {outcome} blindly instead of {expected}"

    def _remove(self, line: Line, somebody: Somebody) -> Iterator[str]:
        for business in (VALE, ELM) if line.tenant else ():
            may = somebody.role in line.remove and business == somebody.business
            row = self._first(line.table, business) or {}
            outcome = self._try(
                sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(line.table), self._key(line, row))
            )
            if may and outcome.rows != 1 and outcome.refusal not in STILL_REFERRED_TO:
                yield f"can't remove a row: {outcome}"
            if not may and (outcome.rows or outcome.refusal not in (None, NO_PRIVILEGE)):
                yield f"removes a row of business {business}: {outcome}"
        outcome = self._try(sql.SQL("DELETE FROM {}").format(sql.Identifier(line.table)))
        expected = self._count(line, somebody, "true") if somebody.role in line.remove else 0
        if outcome.rows != expected and outcome.refusal not in STILL_REFERRED_TO:
            yield f"removes {outcome.rows} rows instead of {expected}"

    def _try(self, statement: sql.Composed) -> Outcome:
        try:
            with self.desk.transaction(force_rollback=True):
                cursor = self.desk.execute(statement)
                found = tuple(sorted(cursor.fetchall())) if cursor.description else ()
                return Outcome(max(cursor.rowcount, 0), found)
        except psycopg.Error as error:
            return Outcome(refusal=error.sqlstate, constraint=error.diag.constraint_name)

    def _insert(self, line: Line, row: Row) -> Outcome:
        columns = sql.SQL(", ").join(map(sql.Identifier, row))
        return self._try(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM jsonb_populate_record(NULL::{}, {})").format(
                sql.Identifier(line.table), columns, columns, sql.Identifier(line.table), Jsonb(row)
            )
        )

    def _fresh(self, line: Line, somebody: Somebody, business: int) -> Row:
        """The first row there, with what has to differ, and without the number that the database gives."""
        row = self._first(line.table, business if line.tenant else None) or {}
        if self._is_numbered(line.table):
            del row["id"]
        return row | self._filled(line.fresh, somebody, business)

    def _filled(self, words: Mapping[str, Any], somebody: Somebody, business: int) -> Row:
        return {
            column: self._value(value[1:], somebody, business) if str(value).startswith("=") else value
            for column, value in words.items()
        }

    def _value(self, words: str, somebody: Somebody, business: int) -> object:
        numbers = {"business": sql.Literal(business), "actor": sql.Literal(self._user(somebody, business))}
        asked = sql.SQL(words).format(**numbers)
        return self._ask(sql.SQL("SELECT to_jsonb(({}))").format(asked))[0][0]

    def _first(
        self, table: str, business: int | None, own: str = "true", somebody: Somebody | None = None, order: str = "ASC"
    ) -> Row | None:
        whose = sql.SQL("true") if business is None else sql.SQL("{} = {}").format(self._whose(table), business)
        statement = sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE {} AND {} ORDER BY t.tableoid, t.ctid {} LIMIT 1")
        found = self._ask(statement.format(sql.Identifier(table), whose, self._own(own, somebody), sql.SQL(order)))
        return dict(found[0][0]) if found else None

    def _ask(self, statement: sql.Composed | str, *given: object) -> list[tuple[Any, ...]]:
        """Of the owner, who sees everything; the same question once."""
        key = (repr(statement), given)
        if key not in self._kept:
            self._kept[key] = self.owner.execute(statement, given or None).fetchall()
        return self._kept[key]

    def _whose(self, table: str) -> sql.Identifier:
        return sql.Identifier("id" if table == "businesses" else "business_id")

    def _counted(self, line: Line, somebody: Somebody, own: str) -> tuple[tuple[Any, ...], ...]:
        whose = sql.SQL("{} = {}").format(_tenant(line), somebody.business) if line.tenant else sql.SQL("true")
        asked = sql.SQL("SELECT {}, count(*) FROM {} WHERE {} AND {} GROUP BY 1").format(
            _tenant(line), sql.Identifier(line.table), whose, self._own(own, somebody)
        )
        return tuple(sorted(self._ask(asked)))

    def _count(self, line: Line, somebody: Somebody, own: str) -> int:
        return sum(count for _, count in self._counted(line, somebody, own))

    def _own(self, own: str, somebody: Somebody | None) -> sql.Composed:
        user = self._user(somebody, somebody.business) if somebody else None
        return sql.SQL(own).format(actor=user)

    def _user(self, somebody: Somebody, business: int) -> int:
        found = self._ask(
            "SELECT id FROM users WHERE business_id = %s ORDER BY login = %s DESC, id LIMIT 1",
            business, somebody.login or "",
        )  # fmt: skip
        return int(found[0][0])

    def _key(self, line: Line, row: Row) -> sql.Composed:
        columns = [name for (name,) in self._ask(KEY_COLUMNS, line.table)]
        return sql.SQL("({}) = (SELECT {} FROM jsonb_populate_record(NULL::{}, {}))").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.Identifier(line.table), Jsonb(row),
        )  # fmt: skip

    def _plain_column(self, line: Line) -> str:
        """A column that may take any other row's value."""
        return str(self._ask(PLAIN_COLUMN, line.table)[0][0])

    def _is_numbered(self, table: str) -> bool:
        return bool(self._ask(NUMBERED, table))

    def _parents(self, line: Line) -> list[tuple[Any, ...]]:
        return self._ask(PARENTS, line.table)


def _tenant(line: Line) -> sql.Composable:
    return sql.Identifier(line.tenant) if line.tenant else sql.SQL("NULL::bigint")


KEY_COLUMNS = """
SELECT a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
 WHERE c.conrelid = %s::regclass AND c.contype = 'p' ORDER BY a.attnum
"""
PLAIN_COLUMN = """
SELECT a.attname FROM pg_attribute a
  LEFT JOIN pg_constraint c ON c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey) AND c.contype <> 'n'
 WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
 GROUP BY a.attname, a.attnum
 ORDER BY a.attname IN ('id', 'business_id'), count(*) FILTER (WHERE c.contype <> 'c'),
          max(cardinality(c.conkey)) NULLS FIRST, a.attnum LIMIT 1
"""
NUMBERED = "SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> '' AND attname = 'id'"
PARENTS = """
SELECT a.attname, c.confrelid::regclass::text
  FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
 WHERE c.conrelid = %s::regclass AND c.contype = 'f' AND a.attname <> 'business_id'
"""
