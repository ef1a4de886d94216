"""Deposits on a ticket: money for a visit that is still to come (features BK24)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, Refusal
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import prepaid
from frontdesk.services.ticket.items import Goods, Item, SoldLine
from frontdesk.services.ticket.ticket_wishes import TakeDeposit, Ticket
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Sale


class VisitIsOver(Refusal):
    """Visit {visit} is {status}, and a deposit is for one that is still to come. Take the money for the visit
    itself."""


class DepositTooHigh(Refusal):
    """{amount} is more than is left of the price of visit {visit}. Take {most} at most."""


def _items_of(work: Work, ticket: Ticket) -> list[Item]:
    if not ticket.deposits:
        return []
    visits = [wish.appointment_id for wish in ticket.deposits]
    asked = {"visits": visits, "shop": work.shop.id, "exits": sorted(EXITS)}
    rows = {row.id: row for row in work.session.execute(_VISITS, asked)}
    taxed = "service" if prepaid.rule_of(work, "deposit").tax_point == "received" else "none"
    items = []
    for wish in ticket.deposits:
        row = rows.get(wish.appointment_id)
        if row is None:
            raise NotFound(what="visit", name=wish.appointment_id, remedy="Look at the day's book.")
        if Status(row.status) in EXITS | {Status.COMPLETED}:
            raise VisitIsOver(visit=row.code, status=Status(row.status).words)
        amount = amount_of(work, wish.amount, "deposit")
        if not amount:
            raise BadInput("A deposit of nothing holds nothing. Type how much.", field="deposit")
        if amount > row.price - row.held:
            most = prepaid.money(work, max(row.price - row.held, prepaid.nothing(work)))
            raise DepositTooHigh(amount=prepaid.money(work, amount), visit=row.code, most=most)
        items.append(
            Item(
                "deposit",
                f"Deposit for {row.code}",
                1,
                amount,
                None,
                row.customer_id,
                is_discounted=False,
                taxed_as=taxed,
                wish=wish,
            )
        )
    return items


_VISITS = text("""
    SELECT a.id, a.code, a.status, a.customer_id,
           (SELECT coalesce(sum(l.price * l.quantity), 0) FROM appointment_services l
             WHERE l.appointment_id = a.id AND l.status <> ALL (:exits)) AS price,
           (SELECT coalesce(sum(e.amount), 0) FROM prepayments p JOIN prepayment_entries e ON e.prepayment_id = p.id
             WHERE p.appointment_id = a.id AND p.kind = 'deposit') AS held
      FROM appointments a WHERE a.id = ANY (:visits) AND a.shop_id = :shop
""")


def _sold(work: Work, sale: Sale, lines: Sequence[SoldLine]) -> None:
    rule = prepaid.rule_of(work, "deposit")
    _refuse_too_much(work, lines)
    for line in lines:
        wish = line.item.wish
        assert isinstance(wish, TakeDeposit)
        deposit = prepaid.issue(
            work, "deposit", rule, customer_id=line.item.customer_id, appointment_id=wish.appointment_id
        )
        taxes = prepaid.taxes_of_line(work, line.row.id)
        prepaid.enter(work, deposit.id, "received", line.row.total, Because(sale.id, line.row.id), taxes)


def _refuse_too_much(work: Work, lines: Sequence[SoldLine]) -> None:
    """Under the held visits: what another till has just taken for them counts, too."""
    coming: dict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        assert isinstance(line.item.wish, TakeDeposit)
        coming[line.item.wish.appointment_id] += line.item.unit_price
    work.session.execute(_HOLD, {"visits": sorted(coming)}).all()
    asked = {"visits": sorted(coming), "shop": work.shop.id, "exits": sorted(EXITS)}
    for row in work.session.execute(_VISITS, asked):
        if coming[row.id] > row.price - row.held:
            most = prepaid.money(work, max(row.price - row.held, prepaid.nothing(work)))
            raise DepositTooHigh(amount=prepaid.money(work, coming[row.id]), visit=row.code, most=most)


_HOLD = text("SELECT id FROM appointments WHERE id = ANY (:visits) ORDER BY id FOR NO KEY UPDATE")

GOODS = Goods(("deposit",), _items_of, _sold, prepaid.take_off)
TAX_GOODS = Goods(("prepaid_tax",), lambda work, ticket: [])
"""The tax of a prepayment out again: its lines come with the tender that used it."""
