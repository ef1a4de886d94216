"""What an import has left in the book, as its tests ask for it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.importing import Fate, ImportPlan
from frontdesk.services.sheets.day import DaySheet, ShowDay, show_day

DAY = dt.date(2026, 3, 3)
TABLES = (
    "services", "service_parts", "products", "taxes", "resources", "stylists", "customers", "customer_tokens",
    "appointments", "appointment_services", "appointment_parts", "time_slots", "appointment_status_history",
    "appointment_cancellations", "sales", "sale_lines", "sale_line_taxes", "payments", "import_batches",
    "imported_rows", "outbox_events", "audit_log",
)  # fmt: skip


def rows(desk: Desk, question: str, **given: object) -> list[tuple[object, ...]]:
    """What the tables say to whoever sits here."""
    with transaction(desk) as session:
        return [tuple(row) for row in session.execute(text(question), given)]


def counts(desk: Desk) -> dict[str, object]:
    """How many rows there are of everything."""
    return {table: rows(desk, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def fates(answer: ImportPlan) -> dict[tuple[str, int], Fate]:
    """By file and row."""
    return {(row.file, row.row): row.fate for row in answer.rows}


def sheet(desk: Desk, day: dt.date = DAY) -> DaySheet:
    """The book of a day."""
    return show_day(desk, ShowDay(day=day))


def entries(desk: Desk, day: dt.date = DAY) -> list[tuple[str, str, str, str, str]]:
    """Column, time, customer, service and marks of a day's book."""
    return [
        (column.name, f"{entry.starts_at:%H:%M}", entry.customer, entry.service, entry.marks.rstrip("*"))
        for column in sheet(desk, day).columns
        for entry in column.entries
    ]
