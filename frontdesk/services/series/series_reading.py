"""A series as it stands in the book: read from its visits. Private to the services of series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from frontdesk.errors import NotFound
from frontdesk.rules.recurrence import Recurrence, Unit
from frontdesk.rules.states import Status
from frontdesk.services.series.series_wishes import SeriesDateCard, SeriesSheet
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person


def sheet_of(work: Work, series_id: int) -> SeriesSheet:
    """One series. Raises NotFound."""
    found = sheets_of(work, [series_id])
    if not found:
        raise NotFound(what="series", name=series_id, remedy="Look at the customer's visits.")
    return found[0]


def sheets_of(work: Work, series_ids: Sequence[int]) -> tuple[SeriesSheet, ...]:
    """These series, in one question, in the order asked for."""
    rows: dict[int, list[Any]] = {series_id: [] for series_id in series_ids}
    for row in work.session.execute(_DATES, {"series": list(series_ids)}):
        rows[row.series_id].append(row)
    return tuple(_sheet(its) for its in rows.values() if its)


def to_come(work: Work, customer_id: int | None) -> list[int]:
    """Series of this shop that still have visits to come, the next one first."""
    asked = {"shop": work.shop.id, "customer": customer_id, "now": work.now}
    return list(work.session.execute(_TO_COME, asked).scalars())


_TO_COME = text("""
    SELECT s.id FROM series s JOIN series_dates d ON d.series_id = s.id JOIN appointments a ON a.id = d.appointment_id
     WHERE s.shop_id = :shop AND (CAST(:customer AS bigint) IS NULL OR s.customer_id = :customer)
       AND a.starts_at >= :now AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     GROUP BY s.id ORDER BY min(a.starts_at), s.id
""")
_DATES = text("""
    SELECT d.series_id, s.customer_id, c.first_name, c.last_name, c.code AS customer_code, s.guest_name, s.every,
           s.unit, s.count, s.starts_local AS first, d.number, d.starts_local AS wall, d.appointment_id, a.code,
           a.status, a.starts_at, a.starts_local,
           (SELECT string_agg(DISTINCT p.first_name, ' and ') FROM appointment_services l
              JOIN stylists p ON p.id = l.stylist_id WHERE l.appointment_id = a.id) AS stylist,
           (SELECT string_agg(l.name, ', ' ORDER BY l.position) FROM appointment_services l
             WHERE l.appointment_id = a.id) AS services
      FROM series_dates d JOIN series s ON s.id = d.series_id
      LEFT JOIN customers c ON c.id = s.customer_id
      LEFT JOIN appointments a ON a.id = d.appointment_id
     WHERE d.series_id = ANY (:series) ORDER BY d.series_id, d.number
""")


def _sheet(rows: Sequence[Any]) -> SeriesSheet:
    one = rows[0]
    rule = Recurrence(one.first, one.every, Unit(one.unit), one.count)
    services = next((row.services for row in rows if row.services), "")
    customer = person(one.first_name, one.last_name, one.customer_code, one.guest_name)
    words = f"{services}, {rule.words}" if services else rule.words
    return SeriesSheet(one.series_id, one.customer_id, customer, words, tuple(_date(row) for row in rows))


def _date(row: Any) -> SeriesDateCard:  # noqa: ANN401  a row
    return SeriesDateCard(
        row.number, row.wall, row.appointment_id, row.code, Status(row.status) if row.status else None, row.starts_at,
        row.stylist, row.starts_local is not None and row.starts_local != row.wall,
    )  # fmt: skip
