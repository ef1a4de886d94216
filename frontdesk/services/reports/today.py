"""The day as a manager reads it: takings, visits, who did what, when it was busy, and what to look at (RE1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import TimeSkipped, day_bounds, instant, local
from frontdesk.money import rounded
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.hours import DAY
from frontdesk.rules.shares import percent
from frontdesk.services.reports.loose_ends import LookAt, to_look_at
from frontdesk.services.sheets.day_figures import (
    HourFigures,
    Money,
    ServiceFigures,
    StylistFigures,
    VisitCount,
    hour_figures,
    rebooked_percent,
    service_figures,
    stylist_figures,
    visit_count,
    waited_minutes,
)
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case


@dataclass(frozen=True, kw_only=True)
class ShowToday:
    """A day; today when none is named."""

    day: dt.date | None = None


@dataclass(frozen=True)
class TodaySheet:
    """A day of one shop."""

    day: dt.date
    shop: str
    currency: str
    is_today: bool
    takings: Decimal
    """To pay, with tax, without tips."""
    takings_before: Decimal
    """The same weekday a week before; today, only until the same time of day."""
    up: int | None
    """Percent more than then, or less; None when there was nothing then."""
    sales: int
    average_ticket: Decimal
    tips: Decimal
    tenders: dict[str, Decimal]
    """By method; with tips, without change."""
    visits: VisitCount
    rebooked: int | None
    """Percent of those served who have a later visit in the book."""
    used: int | None
    """Percent of the shift time that is booked."""
    waited: int | None
    """Average minutes between coming in and being begun with."""
    stylists: tuple[StylistFigures, ...]
    services: tuple[ServiceFigures, ...]
    """What brought most first."""
    hours: tuple[HourFigures, ...]
    """All 24 of them."""
    to_look_at: tuple[LookAt, ...]

    @property
    def open_hours(self) -> tuple[HourFigures, ...]:
        """From the first hour in which something happened to the last."""
        busy = [one.hour for one in self.hours if one.takings or one.visits]
        return self.hours[busy[0] : busy[-1] + 1] if busy else ()


@use_case(Deed.SEE_TAKINGS)
def show_today(work: Work, request: ShowToday) -> TodaySheet:
    """A day of this shop, from closed sales, the book and the strips."""
    day = request.day or work.desk.today
    since, until = day_bounds(day, work.shop.timezone)
    asked = {
        "shop": work.shop.id,
        "day": day,
        "since": since,
        "until": until,
        "back": since - slots.LONGEST_PIECE,
        "before": day - 7 * DAY,
        "until_then": _same_time(work, day),
    }
    takings = work.session.execute(_TAKINGS, asked).all()
    now, then = [row for row in takings if row.day == day], [row for row in takings if row.day != day]
    lines = work.session.execute(_VISIT_LINES, asked).all()
    strips = work.session.execute(_STRIPS, asked).all()
    sold = work.session.execute(_SOLD, asked).all()
    may_see_rates = refusal_for(work.actor, Deed.SEE_RATES) is None
    money = Money(work.session.execute(_MONEY, asked).all(), may_see_rates=may_see_rates)
    total, before, sales = _sum(now, "total"), _sum(then, "total"), sum(row.sales for row in now)
    return TodaySheet(
        day=day,
        shop=work.shop.name,
        currency=work.shop.currency,
        is_today=day == work.desk.today,
        takings=total,
        takings_before=before,
        up=percent(total - before, before),
        sales=sales,
        average_ticket=rounded(total / sales if sales else Decimal(0), work.shop.currency),
        tips=_sum(now, "tips"),
        tenders=money.tenders,
        visits=visit_count(lines),
        rebooked=rebooked_percent(lines),
        used=percent(sum(row.booked for row in strips), sum(row.booked + row.available for row in strips)),
        waited=waited_minutes(lines),
        stylists=tuple(stylist_figures(lines, strips, sold, money)),
        services=tuple(service_figures(sold)),
        hours=tuple(hour_figures(work.shop.timezone, now, lines)),
        to_look_at=to_look_at(work, day, [row.resource_id for row in strips if row.is_here]),
    )


def _same_time(work: Work, day: dt.date) -> dt.datetime:
    """Until when the week before is counted: a day that is not over is held against what had been taken by then."""
    before = day - 7 * DAY
    if day != work.desk.today:
        return day_bounds(before, work.shop.timezone)[1]
    wall = local(work.now, work.shop.timezone).time()
    try:
        return instant(before, wall, work.shop.timezone, second=False)
    except TimeSkipped:
        return work.now - 7 * DAY


_TAKINGS = text("""
    SELECT day, date_bin(interval '15 minutes', closed_at, timestamptz '2000-01-01 00:00+00') AS quarter,
           count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'void') AS sales,
           sum(total) AS total, sum(tip) AS tips
      FROM sales
     WHERE shop_id = :shop AND status = 'closed'
       AND (day = :day OR (day = :before AND coalesce(closed_at <= :until_then, true)))
     GROUP BY 1, 2
""")
# In quarters of an hour, because some zones are half an hour or three quarters off the server's.

_VISIT_LINES = text("""
    SELECT a.id, a.status AS visit_status, a.starts_at, a.customer_id, l.status, l.stylist_id,
           l.arrived_at, l.started_at,
           a.status = 'completed' AND EXISTS (
               SELECT FROM appointments b WHERE b.customer_id = a.customer_id AND b.starts_at > a.starts_at
                  AND b.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')) AS rebooked
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :until
""")
_STRIPS = text("""
    SELECT p.id AS stylist_id, p.resource_id, p.first_name AS name, r.shop_id = :shop AS is_here,
           coalesce(sum(t.minutes) FILTER (WHERE t.status IN ('booked', 'held')), 0) AS booked,
           coalesce(sum(t.minutes) FILTER (WHERE t.status = 'available'), 0) AS available
      FROM stylists p JOIN resources r ON r.id = p.resource_id
      LEFT JOIN LATERAL (
          SELECT status, extract(epoch FROM least(ends_at, :until) - greatest(starts_at, :since)) / 60 AS minutes
            FROM time_slots
           WHERE resource_id = p.resource_id AND shop_id = :shop AND status IN ('booked', 'held', 'available')
             AND starts_at >= :back AND starts_at < :until AND ends_at > :since) t ON true
     GROUP BY p.id, r.id ORDER BY r.position, p.id
""")
_SOLD = text("""
    SELECT l.stylist_id, l.kind, l.service_id, l.product_id, min(l.name) AS name,
           sum(l.quantity) AS times, sum(l.taxable) AS amount
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed'
     GROUP BY l.stylist_id, l.kind, l.service_id, l.product_id,
              CASE WHEN num_nonnulls(l.service_id, l.product_id) = 0 THEN l.name END
""")
_MONEY = text("""
    SELECT 'tender' AS kind, p.method AS method, NULL AS stylist_id, sum(p.amount) AS amount
      FROM sales s JOIN payments p ON p.sale_id = s.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed' GROUP BY p.method
     UNION ALL
    SELECT 'tip', NULL, t.stylist_id, sum(t.amount) FROM sales s JOIN tips t ON t.sale_id = s.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed' GROUP BY t.stylist_id
     UNION ALL
    SELECT 'commission', NULL, c.stylist_id, sum(c.amount)
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id JOIN commissions c ON c.sale_line_id = l.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed' GROUP BY c.stylist_id
     ORDER BY 1, 4 DESC
""")


def _sum(rows: Iterable[Any], column: str) -> Decimal:
    return sum((getattr(row, column) for row in rows), Decimal(0))
