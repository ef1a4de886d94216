"""A plan becomes rows: COPY in the order of the foreign keys, with every constraint and every promise switched on.

Only history is left out. Of a busy shop it would be 187,000 entries that all say "made by hand, just now". They take
101 of 184 MB and 5.5 of the server's 13.5 seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from frontdesk.services.seeding import rows
from frontdesk.services.seeding.wish import OnProgress

TABLES: Mapping[type[Any], str] = {
    rows.User: "users",
    rows.Category: "service_categories",
    rows.Service: "services",
    rows.ServicePart: "service_parts",
    rows.Tax: "taxes",
    rows.Product: "products",
    rows.CancelReason: "cancel_reasons",
    rows.Resource: "resources",
    rows.Stylist: "stylists",
    rows.Specialty: "stylist_specialties",
    rows.Rate: "commission_rules",
    rows.BusinessHours: "business_hours",
    rows.WeeklyShift: "weekly_shifts",
    rows.DatedShift: "dated_shifts",
    rows.Break: "breaks",
    rows.TimeOff: "time_off",
    rows.Closure: "closures",
    rows.Block: "blocks",
    rows.Customer: "customers",
    rows.CustomerToken: "customer_tokens",
    rows.Visit: "appointments",
    rows.Line: "appointment_services",
    rows.Part: "appointment_parts",
    rows.Slot: "time_slots",
    rows.Strip: "strips",
    rows.Step: "appointment_status_history",
    rows.Cancellation: "appointment_cancellations",
    rows.Sale: "sales",
    rows.SaleLine: "sale_lines",
    rows.SaleLineTax: "sale_line_taxes",
    rows.Payment: "payments",
    rows.Tip: "tips",
    rows.Commission: "commissions",
}
"""Which rows go where, in an order in which nothing is named before it is there."""

_OF_A_SHOP = frozenset(
    {rows.Resource, rows.BusinessHours, rows.WeeklyShift, rows.DatedShift, rows.Closure, rows.Visit, rows.Slot,
     rows.Cancellation, rows.Sale}
)  # fmt: skip
REFERENCES: Mapping[str, type[Any]] = {
    "user_id": rows.User,
    "cashier_id": rows.User,
    "category_id": rows.Category,
    "service_id": rows.Service,
    "tax_id": rows.Tax,
    "product_id": rows.Product,
    "reason_id": rows.CancelReason,
    "resource_id": rows.Resource,
    "stylist_id": rows.Stylist,
    "preferred_stylist_id": rows.Stylist,
    "manager_id": rows.Stylist,
    "rule_id": rows.Rate,
    "customer_id": rows.Customer,
    "appointment_id": rows.Visit,
    "appointment_service_id": rows.Line,
    "part_id": rows.Part,
    "sale_id": rows.Sale,
    "sale_line_id": rows.SaleLine,
}
"""Columns that hold a planned row's number."""

_AT_ONCE = 5_000
"""Rows of one COPY: its foreign keys are checked at its end, and progress is seen only between two."""


class PlanWriter:
    """Writes a plan into one shop, as it grows."""

    def __init__(self, connection: psycopg.Connection[Any], business_id: int, shop_id: int) -> None:
        self._connection, self._business, self._shop = connection, business_id, shop_id
        self._before: dict[type[Any], int] = {}
        self.counts: dict[str, int] = {}
        """How many rows each table got so far."""

    def write(self, fresh: Mapping[type[Any], Sequence[Any]], planned: int, on_progress: OnProgress) -> None:
        """Write rows that were not written yet; `planned` is how many there are with those that were."""
        for kind, table in TABLES.items():
            news = fresh.get(kind, ())
            if "id" in kind._fields and news:
                self._number(kind, table, len(news))
            for start in range(0, len(news), _AT_ONCE):
                chunk = news[start : start + _AT_ONCE]
                self._copy(kind, table, chunk)
                if table not in self.counts:
                    self._measure(table)
                self.counts[table] = self.counts.get(table, 0) + len(chunk)
                on_progress("Writing", sum(self.counts.values()), planned)

    def number(self, kind: type[Any], planned: int) -> int:
        """The real number of a planned row."""
        return self._before[kind] + planned

    def close_sales(self, today: dt.date, drawer_session: int | None) -> None:
        """Closed last: nothing may be added to a closed sale. That they add up is checked here, not at the commit.

        Those of today went into the drawer that is open.
        """
        here = (self._business, self._shop)
        self._connection.execute(
            "INSERT INTO sale_numbers (business_id, shop_id, last_number) VALUES (%s, %s, %s)",
            (*here, self.counts.get(TABLES[rows.Sale], 0)),
        )
        self._connection.execute(
            "UPDATE sales SET status = 'closed', drawer_session_id = CASE WHEN day = %s THEN %s::bigint END"
            " WHERE business_id = %s AND shop_id = %s AND status = 'open'",
            (today, drawer_session, *here),
        )
        self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _measure(self, table: str) -> None:
        """Before anything names these rows: foreign keys are checked by a plan that is made once per connection, and
        one made for an empty table reads all of it for every row: 160 seconds of the server's instead of 7."""
        self._connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))

    def _number(self, kind: type[Any], table: str, how_many: int) -> None:
        """Take as many numbers, in one run: while history is off nobody else adds to these tables."""
        taken = self._connection.execute(
            "SELECT first, setval(series, first + %s - 1) FROM (SELECT series, nextval(series) AS first"
            " FROM pg_get_serial_sequence(%s, 'id') AS series) AS taken",
            (how_many, table),
        ).fetchone()
        assert taken is not None
        self._before.setdefault(kind, taken[0] - 1)
        assert taken[0] == self._before[kind] + self.counts.get(table, 0) + 1

    def _copy(self, kind: type[Any], table: str, chunk: Sequence[Any]) -> None:
        beside = {"business_id": self._business, **({"shop_id": self._shop} if kind in _OF_A_SHOP else {})}
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, (*beside, *kind._fields)))
        )
        same = [repeat(value) for value in beside.values()]
        columns = map(self._column, repeat(kind), kind._fields, zip(*chunk, strict=True))
        with self._connection.cursor().copy(statement) as copy:
            for row in zip(*same, *columns):  # noqa: B905  what is the same in every row has no end
                copy.write_row(row)

    def _column(self, kind: type[Any], name: str, values: Sequence[Any]) -> Sequence[Any]:
        if name == "preferences":
            return [Jsonb(value) for value in values]
        named = kind if name == "id" else REFERENCES.get(name)
        if named is None:
            return values
        before = self._before[named]
        return [None if value is None else before + value for value in values]


@contextmanager
def without_history(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """History is off within this transaction, and on again before anybody sees it.

    Nobody else writes to these tables until the commit: switching a trigger locks its table against that.
    """
    found = connection.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgfoid = 'note_history'::regproc AND c.relname = ANY (%s) ORDER BY c.relname, t.tgname",
        (list(TABLES.values()),),
    ).fetchall()
    for table, trigger in found:
        connection.execute(_SWITCH.format(sql.Identifier(table), sql.SQL("DISABLE"), sql.Identifier(trigger)))
    yield
    for table, trigger in found:
        connection.execute(_SWITCH.format(sql.Identifier(table), sql.SQL("ENABLE"), sql.Identifier(trigger)))
    connection.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, TABLES.values()))))


_SWITCH = sql.SQL("ALTER TABLE {} {} TRIGGER {}")
