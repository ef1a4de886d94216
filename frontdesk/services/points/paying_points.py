"""Points as a tender: they are worth what the day's rule says, and go back with what they paid for (features CO10)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.rules.points import points_for, worth_of
from frontdesk.services.packages.using_sessions import SessionUsed
from frontdesk.services.points import points_held
from frontdesk.services.prepaid.paying import payable, payer_of
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work
from frontdesk.tables.loyalty import LoyaltyEntry
from frontdesk.tables.sales import Payment, Sale


def _most(work: Work, counter: Counter, pay: Pay) -> Decimal:
    """What the payer's points are worth, as far as the ticket goes: no gift card or package is bought with points."""
    payer = payer_of(counter)
    if payer is None:
        raise BadInput("Points are somebody's. Say which customer pays.", field="tenders")
    rule = points_held.rule_today(work)
    if rule is None:
        raise BadInput("No points are given here. Pay another way.", field="tenders")
    worth = worth_of(points_held.usable(work, payer), rule.point_value, work.shop.currency)
    if not worth:
        raise BadInput("There are no points to pay with. Pay another way.", field="tenders")
    lines = zip(counter.items, counter.priced.lines, strict=True)
    by_session = sum((line.total for item, line in lines if isinstance(item.wish, SessionUsed)), Decimal(0))
    return min(worth, max(payable(counter) - by_session, Decimal(0)))


def _taken(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    rule = points_held.rule_today(work)
    assert rule is not None
    assert sale.customer_id is not None
    points_held.hold(work, sale.customer_id)
    points_held.lapse(work, sale.customer_id)
    work.session.add(
        LoyaltyEntry(
            shop_id=work.shop.id,
            customer_id=sale.customer_id,
            kind="redeemed",
            points=-points_for(payment.amount, rule.point_value),
            value=-payment.amount,
            rate=rule.point_value,
            sale_id=sale.id,
            payment_id=payment.id,
            day=sale.day,
            at=work.now,
        )
    )
    work.session.flush()


def _given_back(work: Work, sale: Sale, payment: Payment, original: Payment) -> None:
    """As many come back as are no longer needed for what stays paid; they are good for as long as new ones."""
    paid = work.session.execute(_REDEEMED, {"payment": original.id}).one()
    points_held.hold(work, paid.customer_id)
    back = work.session.execute(_BACK, {"payment": original.id}).scalar_one()
    stays = original.amount + back
    points = -paid.points - paid.returned - points_for(stays, paid.rate)
    work.session.add(
        LoyaltyEntry(
            shop_id=work.shop.id,
            customer_id=paid.customer_id,
            kind="returned",
            points=points,
            value=-payment.amount,
            expires_on=_good_until(work),
            sale_id=sale.id,
            payment_id=payment.id,
            day=sale.day,
            at=work.now,
        )
    )
    work.session.flush()


def _good_until(work: Work) -> dt.date | None:
    rule = points_held.rule_today(work)
    months = rule.months if rule else None
    return None if months is None else work.desk.today + relativedelta(months=months)


_REDEEMED = text("""
    SELECT e.customer_id, e.points, e.rate,
           (SELECT coalesce(sum(r.points), 0) FROM loyalty_entries r JOIN payments p ON p.id = r.payment_id
             WHERE p.corrects_payment_id = :payment AND r.kind = 'returned') AS returned
      FROM loyalty_entries e WHERE e.payment_id = :payment AND e.kind = 'redeemed'
""")
_BACK = text("SELECT coalesce(sum(amount), 0) FROM payments WHERE corrects_payment_id = :payment")

TENDER = TenderKind("points", most=_most, taken=_taken, given_back=_given_back)
