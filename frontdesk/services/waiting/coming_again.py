"""Who comes how often, and what they had done last: read for many customers at once. Private to gaps and rebooking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.rules.rhythm import LEAST_GAPS, is_due, rhythm
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person

_LOOK_BACK = dt.timedelta(days=730)
"""What was longer ago says nothing about how often somebody comes."""


@dataclass(frozen=True)
class Regular:
    """Somebody who comes again and again."""

    customer_id: int
    customer: str
    phone: str | None
    last: dt.date
    every: int
    """Days."""

    def off(self, day: dt.date) -> int:
        """How many days a day lies beside their rhythm."""
        return abs((day - self.last).days - self.every)


@dataclass(frozen=True)
class LastVisit:
    """What somebody had done last."""

    appointment_id: int
    starts_local: dt.datetime
    services: tuple[int, ...]
    names: tuple[str, ...]
    stylists: tuple[int | None, ...]
    """Who did each."""


def due_on(work: Work, day: dt.date) -> list[Regular]:
    """Everybody due within a week of their own rhythm who has no visit ahead, the nearest to it first."""
    since = day_bounds(day - _LOOK_BACK, work.shop.timezone)[0]
    today = day_bounds(work.desk.today, work.shop.timezone)[0]
    asked = {
        "shop": work.shop.id, "since": since, "now": work.now, "today": today, "visits": LEAST_GAPS + 1, "day": day,
    }  # fmt: skip
    found = []
    for row in work.session.execute(_REGULARS, asked):
        every = rhythm(row.days)
        if every is not None and is_due(max(row.days), every, day):
            name = person(row.first_name, row.last_name, row.code)
            found.append(Regular(row.id, name, row.phone, max(row.days), every))
    return sorted(found, key=lambda one: (one.off(day), one.customer_id))


_REGULARS = text("""
    SELECT c.id, c.first_name, c.last_name, c.code, c.phone, array_agg(DISTINCT CAST(a.starts_local AS date)) AS days
      FROM appointments a JOIN customers c ON c.id = a.customer_id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :now AND a.status = 'completed'
       AND NOT a.for_guest AND c.is_active
       AND NOT EXISTS (SELECT FROM appointments n WHERE n.customer_id = c.id AND n.starts_at >= :today
                          AND n.status NOT IN ('completed', 'cancelled', 'late_cancelled', 'no_show', 'void'))
     GROUP BY c.id
    HAVING count(DISTINCT CAST(a.starts_local AS date)) >= :visits AND max(CAST(a.starts_local AS date)) < :day
""")


def last_visits(work: Work, customer_ids: Iterable[int]) -> dict[int, LastVisit]:
    """What each of these customers had done last in this shop, in one question. Add-ons come with what they go with."""
    ids = sorted(set(customer_ids))
    rows = work.session.execute(_LAST, {"customers": ids, "shop": work.shop.id, "now": work.now}).all() if ids else []
    return {
        row.customer_id: LastVisit(row.id, row.starts_local, tuple(row.services), tuple(row.names), tuple(row.stylists))
        for row in rows
    }


_LAST = text("""
    SELECT DISTINCT ON (a.customer_id) a.customer_id, a.id, a.starts_local, l.services, l.names, l.stylists
      FROM appointments a
      CROSS JOIN LATERAL (
          SELECT array_agg(s.service_id ORDER BY s.position) AS services,
                 array_agg(CAST(v.name AS text) ORDER BY s.position) AS names,
                 array_agg(s.stylist_id ORDER BY s.position) AS stylists
            FROM appointment_services s JOIN services v ON v.id = s.service_id
           WHERE s.appointment_id = a.id AND s.status = 'completed' AND s.addon_of IS NULL AND v.is_active
             AND v.kind = 'service') l
     WHERE a.customer_id = ANY (:customers) AND a.shop_id = :shop AND a.status = 'completed' AND a.starts_at < :now
       AND NOT a.for_guest AND l.services IS NOT NULL
     ORDER BY a.customer_id, a.starts_at DESC
""")
