"""A day of the book to print: for tomorrow, per stylist, with what to know and who has not confirmed (features CD9)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds, local
from frontdesk.permissions import Deed
from frontdesk.rules.day_print import PrintedColumn, PrintedLine, day_text
from frontdesk.rules.hours import DAY
from frontdesk.rules.states import Status
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import day_words, person


@dataclass(frozen=True, kw_only=True)
class PrintDay:
    """A day; tomorrow when none is named."""

    day: dt.date | None = None


@dataclass(frozen=True)
class PrintedDay:
    """A day as it is printed."""

    day: dt.date
    columns: tuple[PrintedColumn, ...]
    sheet: str
    """80 columns."""


@use_case(Deed.SEE_BOOK)
def print_day(work: Work, request: PrintDay) -> PrintedDay:
    """A day of the book as a list for each stylist: who, what, alerts, notes, and who has not confirmed."""
    day = request.day or work.desk.today + DAY
    since, until = day_bounds(day, work.shop.timezone)
    found: dict[str, list[PrintedLine]] = defaultdict(list)
    for row in work.session.execute(_LINES, {"shop": work.shop.id, "since": since, "until": until}):
        found[row.stylist].append(_line(work, row))
    columns = tuple(PrintedColumn(name, tuple(lines)) for name, lines in found.items())
    return PrintedDay(day, columns, day_text(work.shop.name, f"{day_words(day)} {day.year}", columns))


def _line(work: Work, row: Any) -> PrintedLine:  # noqa: ANN401  a row
    zone = work.shop.timezone
    status = Status(row.status)
    who = person(row.first_name, row.last_name, row.customer_code, row.guest_name)
    tail = f" {row.phone[-4:]}" if row.phone else ""
    notes = [*(f"! {one}" for one in row.alerts), *(note for note in (row.notes, row.internal_notes) if note)]
    return PrintedLine(
        f"{local(row.starts_at, zone):%H:%M}-{local(row.ends_at, zone):%H:%M}",
        "?" if status is Status.PENDING else status.letter,
        f"{who}{tail}{' *' if row.is_new else ''}",
        row.name,
        tuple(notes),
    )


_LINES = text("""
    SELECT coalesce(p.first_name, '') AS stylist, l.starts_at, l.ends_at, l.status, l.name, a.guest_name, a.notes,
           a.internal_notes, c.first_name, c.last_name, c.code AS customer_code, c.phone,
           c.id IS NOT NULL AND NOT EXISTS (
               SELECT FROM appointments b WHERE b.customer_id = c.id AND b.status = 'completed') AS is_new,
           coalesce((SELECT array_agg(concat_ws(': ', nullif(t.kind, 'alert'), CAST(t.words AS text)) ORDER BY t.id)
                       FROM customer_alerts t WHERE t.customer_id = c.id AND t.ended_at IS NULL), '{}') AS alerts
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN stylists p ON p.id = l.stylist_id LEFT JOIN resources r ON r.id = p.resource_id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :until
       AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY r.position NULLS LAST, p.id, l.starts_at, l.id
""")
