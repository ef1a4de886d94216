"""What a day came to: takings, tenders, taxes, and what each stylist did (features CD8)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.money import rounded
from frontdesk.permissions import Deed, refusal_for
from frontdesk.services.use_case import Work, use_case


@dataclass(frozen=True, kw_only=True)
class ReportDay:
    """A day to report; today when none is named."""

    day: dt.date | None = None


@dataclass(frozen=True)
class StylistDay:
    """What one stylist did and sold. Amounts are after discount and before tax."""

    stylist_id: int | None
    """None for the house: lines that nobody in particular did."""
    name: str
    code: str | None
    lines: int
    services: Decimal
    products: Decimal
    other: Decimal
    """Bundles, fees and the rest."""
    taxes: dict[str, Decimal]
    """By the tax's name."""
    total: Decimal
    """To pay, with tax."""
    tips: Decimal
    commission: Decimal | None
    """None for who may not see it."""


@dataclass(frozen=True)
class DayReport:
    """A day of one shop."""

    day: dt.date
    shop: str
    currency: str
    sales: int
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    """To pay, with tax, without tips."""
    tips: Decimal
    average: Decimal
    """Of the sales' totals."""
    tenders: dict[str, Decimal]
    """By method; with tips, without change."""
    taxes: dict[str, Decimal]
    visits: dict[str, int]
    """By state."""
    stylists: tuple[StylistDay, ...]
    refunds: int
    refunded: Decimal
    """Given back, with tax, without tips; taken off the takings already."""
    voids: int
    """Sales taken back before the close. They and what took them back are nothing together."""


@use_case(Deed.SEE_TAKINGS)
def day_report(work: Work, request: ReportDay) -> DayReport:
    """What a day of this shop came to, from closed sales and the day's visits."""
    day = request.day or work.desk.today
    since, until = day_bounds(day, work.shop.timezone)
    asked = {"shop": work.shop.id, "day": day, "since": since, "until": until}
    takings = work.session.execute(TAKINGS, asked).one()
    stylists = _stylists(work, asked)
    taxes: dict[str, Decimal] = defaultdict(Decimal)
    for one in stylists:
        for name, amount in one.taxes.items():
            taxes[name] += amount
    return DayReport(
        day,
        work.shop.name,
        work.shop.currency,
        takings.sales,
        takings.subtotal,
        takings.discount,
        takings.tax,
        takings.total,
        takings.tips,
        rounded(takings.total / takings.sales if takings.sales else Decimal(0), work.shop.currency),
        {row.method: row.amount for row in work.session.execute(_TENDERS, asked)},
        dict(taxes),
        {row.status: row.visits for row in work.session.execute(VISITS, asked)},
        stylists,
        takings.refunds,
        takings.refunded,
        takings.voids,
    )


TAKINGS = text("""
    SELECT count(*) FILTER (WHERE kind = 'sale') - count(*) FILTER (WHERE kind = 'void') AS sales,
           coalesce(sum(subtotal), 0) AS subtotal, coalesce(sum(discount), 0) AS discount,
           coalesce(sum(tax), 0) AS tax, coalesce(sum(total), 0) AS total, coalesce(sum(tip), 0) AS tips,
           count(*) FILTER (WHERE kind = 'refund') AS refunds, count(*) FILTER (WHERE kind = 'void') AS voids,
           coalesce(-sum(total) FILTER (WHERE kind = 'refund'), 0) AS refunded
      FROM sales WHERE shop_id = :shop AND day = :day AND status = 'closed'
""")
"""A day's takings from the index alone. What was voided is no sale, and a refund is none of its own."""

VISITS = text("""
    SELECT status, count(*) AS visits FROM appointments
     WHERE shop_id = :shop AND starts_at >= :since AND starts_at < :until GROUP BY status ORDER BY status
""")
"""A day's visits by state, from the index alone."""

_TENDERS = text("""
    SELECT p.method, sum(p.amount) AS amount FROM sales s JOIN payments p ON p.sale_id = s.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed' GROUP BY p.method ORDER BY p.method
""")


def _stylists(work: Work, asked: dict[str, object]) -> tuple[StylistDay, ...]:
    taxes: dict[int | None, dict[str, Decimal]] = defaultdict(dict)
    for row in work.session.execute(_TAXES, asked):
        taxes[row.stylist_id][row.name] = row.amount
    tips = {row.stylist_id: row.amount for row in work.session.execute(_TIPS, asked)}
    may_see = refusal_for(work.actor, Deed.SEE_RATES) is None
    earned = {row.stylist_id: row.amount for row in work.session.execute(_COMMISSIONS, asked)} if may_see else {}
    return tuple(
        StylistDay(
            row.stylist_id,
            row.first_name or "House",
            row.code,
            row.lines,
            row.services,
            row.products,
            row.other,
            taxes[row.stylist_id],
            row.total,
            tips.get(row.stylist_id, Decimal(0)),
            earned.get(row.stylist_id, Decimal(0)) if may_see else None,
        )
        for row in work.session.execute(_BY_STYLIST, asked)
    )


_BY_STYLIST = text("""
    SELECT l.stylist_id, p.first_name, p.code, count(*) AS lines,
           coalesce(sum(l.taxable) FILTER (WHERE l.kind = 'service'), 0) AS services,
           coalesce(sum(l.taxable) FILTER (WHERE l.kind = 'product'), 0) AS products,
           coalesce(sum(l.taxable) FILTER (WHERE l.kind NOT IN ('service', 'product')), 0) AS other,
           sum(l.total) AS total
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id
      LEFT JOIN stylists p ON p.id = l.stylist_id LEFT JOIN resources r ON r.id = p.resource_id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed'
     GROUP BY l.stylist_id, p.first_name, p.code, r.position ORDER BY r.position NULLS LAST, l.stylist_id
""")
_TAXES = text("""
    SELECT l.stylist_id, t.name, sum(t.amount) AS amount
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id JOIN sale_line_taxes t ON t.sale_line_id = l.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed' GROUP BY l.stylist_id, t.name ORDER BY t.name
""")
_TIPS = text("""
    SELECT t.stylist_id, sum(t.amount) AS amount FROM sales s JOIN tips t ON t.sale_id = s.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed' GROUP BY t.stylist_id
""")
_COMMISSIONS = text("""
    SELECT c.stylist_id, sum(c.amount) AS amount
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id JOIN commissions c ON c.sale_line_id = l.id
     WHERE s.shop_id = :shop AND s.day = :day AND s.status = 'closed' GROUP BY c.stylist_id
""")
