"""A plan becomes rows: COPY in the order of the foreign keys, with every constraint and every promise switched on.

Only history is left out. 150,000 entries that all say "made by hand, just now" would tell nobody anything, take twice
the room of the book itself and six of its nine seconds (measured on two cores).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from frontdesk.services.seeding import rows
from frontdesk.services.seeding.plan import Plan
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
    rows.Rate: "stylist_rates",
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
    "rate_id": rows.Rate,
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
    """Writes a plan into one shop."""

    def __init__(self, connection: psycopg.Connection[Any], business_id: int, shop_id: int) -> None:
        self._connection, self._business, self._shop = connection, business_id, shop_id
        self.numbers: dict[type[Any], list[int]] = {}
        """The real numbers of planned rows, in order."""

    def write(self, plan: Plan, on_progress: OnProgress) -> dict[str, int]:
        """Write all of it. Returns how many rows each table got."""
        done, total = 0, sum(map(len, plan.rows.values()))
        with _without_history(self._connection):
            for kind, table in TABLES.items():
                planned = plan.rows.get(kind, [])
                if "id" in kind._fields:
                    self.numbers[kind] = self._take_numbers(table, len(planned))
                for start in range(0, len(planned), _AT_ONCE):
                    chunk = planned[start : start + _AT_ONCE]
                    self._copy(kind, table, chunk)
                    done += len(chunk)
                    on_progress("Writing", done, total)
            self._close_sales(len(plan.rows.get(rows.Sale, [])))
        self._connection.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(map(sql.Identifier, TABLES.values()))))
        return {table: len(plan.rows[kind]) for kind, table in TABLES.items() if plan.rows.get(kind)}

    def _take_numbers(self, table: str, how_many: int) -> list[int]:
        taken = self._connection.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, how_many)
        )
        return [number for (number,) in taken]

    def _copy(self, kind: type[Any], table: str, chunk: Sequence[Any]) -> None:
        beside = {"business_id": self._business, **({"shop_id": self._shop} if kind in _OF_A_SHOP else {})}
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, (*beside, *kind._fields)))
        )
        columns = [repeat(value) for value in beside.values()]
        written = [
            self._column(kind, name, values)
            for name, values in zip(kind._fields, zip(*chunk, strict=True), strict=True)
        ]
        with self._connection.cursor().copy(statement) as copy:
            for row in zip(*columns, *written):  # noqa: B905  the repeated ones have no end
                copy.write_row(row)

    def _column(self, kind: type[Any], name: str, values: Sequence[Any]) -> Sequence[Any]:
        if name == "preferences":
            return [Jsonb(value) for value in values]
        numbers = self.numbers.get(kind if name == "id" else REFERENCES.get(name, type(None)))
        if numbers is None:
            return values
        return [None if value is None else numbers[value - 1] for value in values]

    def _close_sales(self, sales: int) -> None:
        """Closed last: nothing may be added to a closed sale. That they add up is checked here, not at the commit."""
        here = (self._business, self._shop)
        self._connection.execute(
            "INSERT INTO sale_numbers (business_id, shop_id, last_number) VALUES (%s, %s, %s)", (*here, sales)
        )
        self._connection.execute(
            "UPDATE sales SET status = 'closed' WHERE business_id = %s AND shop_id = %s AND status = 'open'", here
        )
        self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def _without_history(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """The history triggers of the tables are off within this transaction, and on again before anybody sees it."""
    found = connection.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgfoid = 'note_history'::regproc AND c.relname = ANY (%s)",
        (list(TABLES.values()),),
    ).fetchall()
    for switch in ("DISABLE", "ENABLE"):
        for table, trigger in found:
            connection.execute(
                sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
                    sql.Identifier(table), sql.SQL(switch), sql.Identifier(trigger)
                )
            )
        if switch == "DISABLE":
            yield
