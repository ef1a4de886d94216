"""What stands on a ticket and what it comes to: shared by whoever shows a ticket and whoever closes it.

Nothing here writes. A quote and a sale ask the same functions, so that what was shown is what is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.money import rounded, split
from frontdesk.rules.pricing import Discount, Line, Priced, TaxRate, TaxRounding, Tender, price, tip_shares
from frontdesk.services.goods import GOODS
from frontdesk.services.items import Item
from frontdesk.services.tenders import TENDERS, Counter, tender_kind
from frontdesk.services.ticket_wishes import Off, Pay, Ticket
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class TicketVisit:
    """A visit on the ticket."""

    id: int
    code: str
    customer_id: int | None
    arrived_at: dt.datetime | None


def visits_of(work: Work, ticket: Ticket, *, locked: bool) -> list[TicketVisit]:
    """The ticket's visits, held for the rest of the transaction when they are about to be paid. Raises NotFound."""
    ids = sorted(set(ticket.appointment_ids))
    if not ids:
        return []
    if locked:
        work.session.execute(_LOCK_VISITS, {"visits": ids}).all()
    found = [TicketVisit(*row) for row in work.session.execute(_VISITS, {"visits": ids})]
    missing = set(ids) - {visit.id for visit in found}
    if missing:
        raise NotFound(what="visit", name=min(missing), remedy="Look at the day's book.")
    return found


_LOCK_VISITS = text("SELECT id FROM appointments WHERE id = ANY (:visits) ORDER BY id FOR UPDATE")
_VISITS = text("""
    SELECT a.id, a.code, a.customer_id,
           (SELECT min(l.arrived_at) FROM appointment_services l WHERE l.appointment_id = a.id) AS arrived_at
      FROM appointments a WHERE a.id = ANY (:visits) ORDER BY a.starts_at, a.id
""")


def items_of(work: Work, ticket: Ticket) -> list[Item]:
    """Everything on the ticket, kind by kind, what is paid already among it. Raises what speaks against any of it."""
    items = [item for goods in GOODS for item in goods.items_of(work, ticket)]
    for goods in GOODS:
        items = goods.touches(work, ticket, items)
    return items


def priced(work: Work, ticket: Ticket, items: Sequence[Item]) -> Priced:
    """What these items come to with the day's taxes and the ticket's discount. Raises DiscountTooLarge, BadInput."""
    rates = work.session.execute(_TAXES, {"day": work.desk.today}).all()
    taxes = {
        kind: tuple(TaxRate(r.id, r.name, r.percent, r.inclusive) for r in rates if getattr(r, column))
        for kind, column in (("service", "on_services"), ("product", "on_products"), ("fee", "on_services"))
    }
    lines = [
        Line(key, Decimal(item.quantity), item.unit_price, taxes[item.kind], _discount(item.discount))
        for key, item in enumerate(items)
    ]
    rounding: TaxRounding = "ticket" if work.shop.tax_rounding == "ticket" else "line"
    return price(lines, ticket_discount=_discount(ticket.discount), currency=work.shop.currency, tax_rounding=rounding)


_TAXES = text("""
    SELECT id, name, percent, inclusive, on_services, on_products FROM taxes
     WHERE valid_from <= :day AND valid_until > :day ORDER BY id
""")


def _discount(off: Off | None) -> Discount | None:
    if off is None:
        return None
    if (off.percent is None) == (off.amount is None):
        raise BadInput("A discount is a share or an amount: say one of the two.", field="discount")
    return Discount(percent=off.percent, amount=off.amount)


def tip_of(work: Work, ticket: Ticket) -> Decimal:
    """The tip to the cent. Raises BadInput."""
    tip = rounded(ticket.tip, work.shop.currency)
    if tip < 0:
        raise BadInput("A tip is not less than nothing.", field="tip")
    return tip


def tips_of(work: Work, ticket: Ticket, items: Sequence[Item], sums: Priced) -> Mapping[int, Decimal]:
    """Each stylist's part of the tip; nobody's that is nothing. Raises NobodyToTip."""
    tip = tip_of(work, ticket)
    if not tip:
        return {}
    if ticket.tip_stylist_id:
        return {ticket.tip_stylist_id: tip}
    shares = tip_shares(tip, served(work, items, sums), work.shop.currency)
    return {who: amount for who, amount in shares.items() if amount}


def served(work: Work, items: Sequence[Item], sums: Priced) -> Mapping[int, Decimal]:
    """What each stylist's services came to: tips are for services, not for products."""
    nets: dict[int, Decimal] = {}
    for item, line in zip(items, sums.lines, strict=True):
        if item.kind != "service":
            continue
        for stylist_id, amount in by_hand(item, line.net, work.shop.currency):
            nets[stylist_id] = nets.get(stylist_id, Decimal(0)) + amount
    return nets


def by_hand(item: Item, amount: Decimal, currency: str) -> list[tuple[int, Decimal]]:
    """An amount of a line to those whose hands did it, by their minutes; to its stylist when there is one pair."""
    if not item.hands:
        return [] if item.stylist_id is None else [(item.stylist_id, amount)]
    shared = split(amount, [minutes for _, minutes in item.hands], currency)
    return [(stylist_id, mine) for (stylist_id, _), mine in zip(item.hands, shared, strict=True)]


def tenders_of(work: Work, counter: Counter) -> list[Tender]:
    """What is put down, in order, and how far each goes. Raises BadInput for what the till does not take, or half a
    cent, and what speaks against a tender."""
    return [_tender(work, counter, pay) for pay in counter.ticket.tenders]


def _tender(work: Work, counter: Counter, pay: Pay) -> Tender:
    kind = tender_kind(pay.method)
    if kind is None:
        known = [one.method.replace("_", " ") for one in TENDERS]
        raise BadInput(
            f"{pay.method!r} is no tender here. Use {', '.join(known[:-1])} or {known[-1]}.", field="tenders"
        )
    most = kind.most(work, counter, pay)
    return Tender(pay.method, _to_the_cent(pay.amount, work.shop.currency), most)


def _to_the_cent(amount: Decimal | None, currency: str) -> Decimal | None:
    if amount is not None and rounded(amount, currency) != amount:
        raise BadInput(f"{amount} is finer than {currency} can be paid.", field="tenders")
    return None if amount is None else rounded(amount, currency)
