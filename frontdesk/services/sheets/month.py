"""A month of the book: how full each day is (features BK2)."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.shares import percent
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case


@dataclass(frozen=True, kw_only=True)
class ShowMonth:
    """The month in which a day is."""

    day: dt.date | None = None
    """Today when it is not given."""


@dataclass(frozen=True)
class MonthDay:
    """A day and how full it is."""

    day: dt.date
    booked_minutes: int
    free_minutes: int
    """As the strips lie: of today the hours that are over too, and none on days not laid out yet."""
    visits: int
    closure: str | None
    """Why the shop is shut."""

    @property
    def load(self) -> int | None:
        """Percent of everybody's time that is booked; None when nobody works."""
        return percent(self.booked_minutes, self.booked_minutes + self.free_minutes)


@dataclass(frozen=True)
class MonthSheet:
    """The days of a month."""

    first_day: dt.date
    days: tuple[MonthDay, ...]


@use_case(Deed.SEE_BOOK)
def show_month(work: Work, request: ShowMonth) -> MonthSheet:
    """How full each day of a month is: one question, however many stylists there are."""
    first = (request.day or work.desk.today).replace(day=1)
    days = [first + DAY * number for number in range(calendar.monthrange(first.year, first.month)[1])]
    bounds = [day_bounds(day, work.shop.timezone) for day in days]
    asked = {
        "days": days,
        "starts": [start for start, _ in bounds],
        "ends": [end for _, end in bounds],
        "shop": work.shop.id,
        "back": bounds[0][0] - slots.LONGEST_PIECE,
        "since": bounds[0][0],
        "until": bounds[-1][1],
    }
    rows = work.session.execute(_DAYS, asked)
    return MonthSheet(first, tuple(MonthDay(*row) for row in rows))


_DAYS = text("""
    WITH day AS (SELECT * FROM unnest(CAST(:days AS date[]), CAST(:starts AS timestamptz[]),
                                      CAST(:ends AS timestamptz[])) AS d (day, starts, ends)),
    load AS (
        SELECT d.day, t.status IN ('booked', 'held') AS taken,
               sum(extract(epoch FROM least(t.ends_at, d.ends) - greatest(t.starts_at, d.starts)) / 60)::int AS minutes
          FROM day d JOIN time_slots t ON t.starts_at < d.ends AND t.ends_at > d.starts
         WHERE t.resource_id IN (SELECT resource_id FROM stylists) AND t.shop_id = :shop
           AND t.starts_at >= :back AND t.starts_at < :until AND t.status IN ('booked', 'held', 'available')
         GROUP BY 1, 2),
    visits AS (
        SELECT d.day, count(*) AS visits
          FROM day d JOIN appointments a ON a.starts_at >= d.starts AND a.starts_at < d.ends
         WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :until
           AND a.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
         GROUP BY 1)
    SELECT d.day, coalesce(b.minutes, 0), coalesce(f.minutes, 0), coalesce(v.visits, 0), c.name
      FROM day d
      LEFT JOIN load b ON b.day = d.day AND b.taken
      LEFT JOIN load f ON f.day = d.day AND NOT f.taken
      LEFT JOIN visits v ON v.day = d.day
      LEFT JOIN LATERAL (SELECT name FROM closures WHERE shop_id = :shop AND d.day BETWEEN first_day AND last_day
                          ORDER BY id LIMIT 1) c ON true
     ORDER BY d.day
""")
