"""What a shop's sales since the last Z came to, and what its drawers held: the figures of X and Z (features CD4)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.money import rounded
from frontdesk.rules.z_report import (
    MOVES,
    CardCount,
    CorrectionSum,
    DrawerSum,
    StaffSum,
    Sum,
    TaxSum,
    ZFigures,
)
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class Span:
    """Sales by number: above the first and up to the second; drawers that no Z has reported yet."""

    after: int
    until: int


def open_span(work: Work) -> Span:
    """Everything since the last Z."""
    found = work.session.execute(_OPEN_SPAN, {"shop": work.shop.id}).one()
    return Span(found.after, max(found.after, found.until))


_OPEN_SPAN = text("""
    SELECT uncovered_sales(:shop) AS after,
           coalesce((SELECT max(number) FROM sales
                      WHERE business_id = actor_business() AND shop_id = :shop AND status = 'closed'), 0) AS until
""")


def figures_of(work: Work, span: Span) -> ZFigures:
    """All figures of a span, as an X has them: without a number, a time, or who closes."""
    asked = {"shop": work.shop.id, "after": span.after, "until": span.until}
    kinds = {row.kind: row for row in work.session.execute(_SALES, asked)}
    nothing = rounded(Decimal(0), work.shop.currency)
    sold = kinds.get("sale")
    tips = {row.stylist_id: row.amount for row in work.session.execute(_TIPS, asked)}
    first = min((row.first for row in kinds.values()), default=None)
    last = max((row.last for row in kinds.values()), default=None)
    drawers, still_open = _drawers(work)
    return ZFigures(
        shop=work.shop.name,
        number=None,
        when="",
        closed_by="",
        first_sale=first,
        last_sale=last,
        sales=sold.times if sold else 0,
        sold=sold.subtotal if sold else nothing,
        discount=sold.discount if sold else nothing,
        tax_on_top=sold.total - sold.subtotal + sold.discount if sold else nothing,
        refunds=_back("refund", kinds.get("refund"), nothing),
        voids=_back("void", kinds.get("void"), nothing),
        takings=sum((row.total for row in kinds.values()), nothing),
        tips=sum((row.tip for row in kinds.values()), nothing),
        tenders=tuple(Sum(*row) for row in work.session.execute(_TENDERS, asked)),
        taxes=tuple(TaxSum(*row) for row in work.session.execute(_TAXES, asked)),
        staff=_staff(work, asked, tips, nothing),
        categories=tuple(Sum(*row) for row in work.session.execute(_CATEGORIES, asked)),
        discounts=tuple(Sum(*row) for row in work.session.execute(_DISCOUNTS, asked)),
        drawers=drawers,
        not_counted=still_open,
        cards=None,
        corrections=tuple(CorrectionSum(*row) for row in work.session.execute(_CORRECTIONS, asked)),
    )


def card_count(figures: ZFigures, counted: Decimal | None, note: str) -> CardCount | None:
    """What the card terminal says beside what was charged here."""
    if counted is None:
        return None
    charged = sum((one.amount for one in figures.tenders if one.name == "card"), Decimal(0))
    return CardCount(charged, counted, note)


def _back(name: str, row: object, nothing: Decimal) -> Sum:
    return Sum(name, getattr(row, "times", 0), getattr(row, "total", nothing))


def _staff(
    work: Work, asked: dict[str, int], tips: dict[int | None, Decimal], nothing: Decimal
) -> tuple[StaffSum, ...]:
    found = [
        StaffSum(row.name, row.services, row.other, tips.pop(row.stylist_id, nothing))
        for row in work.session.execute(_STAFF, asked)
    ]
    names = {row.id: row.name for row in work.session.execute(_NAMES, {"ids": [one for one in tips if one]})}
    found += [StaffSum(names.get(who or 0, ""), nothing, nothing, amount) for who, amount in tips.items()]
    return tuple(one for one in found if one.services or one.other or one.tips)


_SPAN = "s.shop_id = :shop AND s.business_id = actor_business() AND s.number > :after AND s.number <= :until"
_SALES = text(f"""
    SELECT s.kind, count(*) AS times, sum(s.subtotal) AS subtotal, sum(s.discount) AS discount, sum(s.total) AS total,
           sum(s.tip) AS tip, min(s.number) AS first, max(s.number) AS last
      FROM sales s WHERE {_SPAN} AND s.status = 'closed' GROUP BY s.kind
""")  # noqa: S608  a piece of our own
_TENDERS = text(f"""
    SELECT p.method, count(*), sum(p.amount) FROM sales s JOIN payments p ON p.sale_id = s.id
     WHERE {_SPAN} GROUP BY p.method ORDER BY p.method <> 'cash', p.method <> 'card', p.method
""")  # noqa: S608
_TAXES = text(f"""
    SELECT t.name, t.percent, sum(t.taxable), sum(t.amount)
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id JOIN sale_line_taxes t ON t.sale_line_id = l.id
     WHERE {_SPAN} GROUP BY t.name, t.percent ORDER BY t.name, t.percent
""")  # noqa: S608
_STAFF = text(f"""
    SELECT l.stylist_id, coalesce(p.first_name, '') AS name,
           coalesce(sum(l.taxable) FILTER (WHERE l.kind IN ('service', 'bundle')), 0) AS services,
           coalesce(sum(l.taxable) FILTER (WHERE l.kind NOT IN ('service', 'bundle')), 0) AS other
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id
      LEFT JOIN stylists p ON p.id = l.stylist_id LEFT JOIN resources r ON r.id = p.resource_id
     WHERE {_SPAN} GROUP BY l.stylist_id, p.first_name, r.position ORDER BY r.position NULLS LAST, l.stylist_id
""")  # noqa: S608
_TIPS = text(f"""
    SELECT t.stylist_id, sum(t.amount) AS amount FROM sales s JOIN tips t ON t.sale_id = s.id
     WHERE {_SPAN} GROUP BY t.stylist_id
""")  # noqa: S608
_NAMES = text("SELECT id, first_name AS name FROM stylists WHERE id = ANY (:ids) ORDER BY id")
_CATEGORIES = text(f"""
    SELECT CASE WHEN l.kind IN ('service', 'bundle') THEN coalesce(c.name, 'Services')
                WHEN l.kind = 'product' THEN coalesce(nullif(i.category, ''), 'Products')
                WHEN l.kind = 'charge' THEN 'Service charge' WHEN l.kind = 'gift_card' THEN 'Gift cards'
                WHEN l.kind IN ('package', 'membership') THEN 'Packages' WHEN l.kind = 'account' THEN 'House accounts'
                WHEN l.kind = 'prepaid_tax' THEN 'Tax on prepayments' WHEN l.kind = 'rounding' THEN 'Cash rounding'
                WHEN l.kind = 'fee' THEN 'Fees' WHEN l.kind = 'deposit' THEN 'Deposits' ELSE 'Other' END,
           count(*), sum(l.taxable) AS amount
      FROM sales s JOIN sale_lines l ON l.sale_id = s.id
      LEFT JOIN services v ON v.id = l.service_id LEFT JOIN service_categories c ON c.id = v.category_id
      LEFT JOIN products i ON i.id = l.product_id
     WHERE {_SPAN} AND s.kind <> 'correction' GROUP BY 1 HAVING sum(l.taxable) <> 0 ORDER BY 3 DESC, 1
""")  # noqa: S608
_DISCOUNTS = text(f"""
    SELECT coalesce('coupon ' || c.code, nullif(d.reason, ''), CASE d.kind WHEN 'line' THEN 'lines' ELSE 'tickets' END),
           count(*), sum(d.amount)
      FROM sales s JOIN sale_discounts d ON d.sale_id = s.id LEFT JOIN coupons c ON c.id = d.coupon_id
     WHERE {_SPAN} AND s.kind = 'sale' GROUP BY 1 ORDER BY 3 DESC, 1
""")  # noqa: S608
_CORRECTIONS = text(f"""
    SELECT s.number, o.number,
           (SELECT min(z.number) FROM z_reports z WHERE z.shop_id = s.shop_id AND z.sales_until >= o.number
               AND z.sales_after < o.number),
           w.method, r.method, r.amount, s.reason
      FROM sales s JOIN sales o ON o.id = s.corrects_id
      JOIN payments w ON w.sale_id = s.id AND w.amount < 0 JOIN payments r ON r.sale_id = s.id AND r.amount > 0
     WHERE {_SPAN} AND s.kind = 'correction' ORDER BY s.number
""")  # noqa: S608


def _drawers(work: Work) -> tuple[tuple[DrawerSum, ...], tuple[str, ...]]:
    """The drawers closed since the last Z with all their entries, and the names of those still open."""
    sessions = work.session.execute(_SESSIONS, {"shop": work.shop.id}).all()
    closed = [row for row in sessions if row.closed_at is not None]
    ids = {"sessions": [row.id for row in closed]}
    entries: dict[int, list[Sum]] = defaultdict(list)
    for row in work.session.execute(_ENTRIES, ids):
        label = MOVES.get(row.kind, row.kind)
        entries[row.session_id].append(Sum(f"{label}: {row.reason}" if row.reason else label, row.times, row.amount))
    counts: dict[int, list[Decimal]] = defaultdict(list)
    for row in work.session.execute(_COUNTS, ids):
        counts[row.session_id].append(row.total)
    zone = work.shop.timezone
    return tuple(
        DrawerSum(
            row.name,
            _moment(row.opened_at, row.closed_at, zone),
            f"{local(row.closed_at, zone):%H:%M}",
            tuple(entries[row.id]),
            row.expected,
            tuple(counts[row.id]) or (row.counted,),
            row.float_left,
            row.banked,
            row.note,
            row.accepted_by or "",
        )
        for row in closed
    ), tuple(row.name for row in sessions if row.closed_at is None)


def _moment(opened_at: dt.datetime, closed_at: dt.datetime, zone: str) -> str:
    opened, closed = local(opened_at, zone), local(closed_at, zone)
    return f"{opened:%H:%M}" if opened.date() == closed.date() else f"{opened:%a %H:%M}"


_SESSIONS = text("""
    SELECT s.id, s.opened_at, s.closed_at, s.expected, s.counted, s.float_left, s.banked, s.note, d.name,
           u.name AS accepted_by
      FROM drawer_sessions s JOIN drawers d ON d.id = s.drawer_id LEFT JOIN users u ON u.id = s.accepted_by
     WHERE s.shop_id = :shop AND s.z_report_id IS NULL ORDER BY d.name, s.closed_at NULLS LAST, s.id
""")
_ENTRIES = text("""
    SELECT c.session_id, c.kind, coalesce(m.reason, '') AS reason, count(*) AS times, sum(c.amount) AS amount
      FROM drawer_cash c LEFT JOIN drawer_moves m ON m.id = c.move_id
     WHERE c.session_id = ANY (:sessions)
     GROUP BY 1, 2, 3
     ORDER BY c.session_id,
              array_position(CAST('{float,taken,given_back,pay_in,pay_out,drop,transfer,tip_out}' AS text[]), c.kind), 3
""")
_COUNTS = text("""
    SELECT session_id, total FROM drawer_counts WHERE session_id = ANY (:sessions) AND kind = 'closing'
     ORDER BY session_id, attempt
""")
