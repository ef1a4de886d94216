"""What stands on a ticket and what it comes to: shared by whoever shows a ticket and whoever closes it.

Nothing here writes. A quote and a sale ask the same functions, so that what was shown is what is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, ReasonMissing
from frontdesk.money import rounded, split
from frontdesk.rules.pricing import (
    Cut,
    Discount,
    Line,
    Priced,
    TaxRate,
    TaxRounding,
    Tender,
    joined,
    price,
    shares_of_taxes,
    tip_shares,
    tips_by_hand,
)
from frontdesk.services.ticket.coupons import TicketCoupon, coupons_on
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.prices import at_their_prices
from frontdesk.services.ticket.tenders import Counter
from frontdesk.services.ticket.ticket_wishes import Off, Pay, Ticket
from frontdesk.services.till.goods import GOODS
from frontdesk.services.till.ways_to_pay import TENDERS, tender_kind
from frontdesk.services.use_case import Work
from frontdesk.text import clean

MONEY = ("gift_card", "deposit", "account", "prepaid_tax", "rounding", "charge")
"""Kinds of lines that no discount reaches: money in another form, and what is reckoned from the rest."""

_TAXED_AS = {
    "service": "service",
    "product": "product",
    "fee": "service",
    "charge": "service",
    "bundle": "service",
    "package": "service",
    "membership": "service",
    "other": "service",
}
"""Whose taxes a kind of line bears; what is not here bears none."""


@dataclass(frozen=True)
class TicketVisit:
    """A visit on the ticket."""

    id: int
    code: str
    customer_id: int | None
    arrived_at: dt.datetime | None


@dataclass(frozen=True)
class Bill:
    """A ticket's lines to pay, the service charge among them, and what they come to."""

    items: tuple[Item, ...]
    priced: Priced
    lines: tuple[Line, ...]
    """As they went into the engine, line by line: what "why?" is answered from."""
    ticket_discount: Discount | None
    coupons: tuple[TicketCoupon, ...]
    customer_id: int | None
    """Who pays, when anybody on the ticket is known."""
    tax_exempt_reason: str
    exempted: Mapping[int, tuple[Decimal, Decimal]]
    """By place, where tax was taken out of a price: the price with it, and how many percent were inside."""
    tax_rounding: TaxRounding
    cash_step: Decimal
    """To what cash is rounded here; nothing where every coin exists."""
    tip_percents: tuple[int, ...]
    """Which tips are suggested."""
    discount_limit: Decimal | None
    """How many percent whoever sits here may take off without a manager; None for any."""


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
    items = at_their_prices(work, ticket, items)
    for goods in GOODS:
        items = goods.touches(work, ticket, items)
    return items


def payer_of(ticket: Ticket, items: Sequence[Item]) -> int | None:
    """Who pays: whoever was said, or the first customer on the ticket."""
    return ticket.customer_id or next((item.customer_id for item in items if item.customer_id), None)


def drawn_up(work: Work, ticket: Ticket, items: Sequence[Item]) -> Bill:
    """What these items come to with the day's taxes, the shop's service charge and everything that comes off.

    Raises DiscountTooLarge, BadInput, ReasonMissing, and what speaks against a coupon.
    """
    exempt, currency = exemption_of(ticket), work.shop.currency
    asked = {"day": work.desk.today, "shop": work.shop.id, "role": work.actor.role.value}
    row = work.session.execute(_RULES, asked).one()
    taxes = _taxes(row.rates)
    if row.service_charge and any(item.kind == "service" for item in items):
        items = [*items, Item("charge", "Service charge", 1, Decimal(0), None, None, is_discounted=False)]
    exempted = _inside(items, taxes) if exempt else {}
    items = [_untaxed(item, exempted.get(key), currency) for key, item in enumerate(items)]
    lines = tuple(
        Line(
            key,
            Decimal(item.quantity),
            item.unit_price,
            () if exempt else taxes[_taxed_as(item)],
            _discount(item.discount),
            is_discounted=item.is_discounted and item.kind not in MONEY,
            is_charged=item.kind == "service",
            charge=row.service_charge if item.kind == "charge" else None,
            fixed=item.fixed_taxes,
        )
        for key, item in enumerate(items)
    )
    payer, discount = payer_of(ticket, items), _discount(ticket.discount)
    coupons = coupons_on(work, ticket, items, payer)
    rounding: TaxRounding = "ticket" if work.shop.tax_rounding == "ticket" else "line"
    cuts = [Cut(coupon.id, coupon.discount, coupon.reaches) for coupon in coupons]
    sums = price(lines, ticket_discount=discount, cuts=cuts, currency=currency, tax_rounding=rounding)
    items = [
        replace(item, unit_price=line.gross) if item.kind == "charge" else item
        for item, line in zip(items, sums.lines, strict=True)
    ]
    return Bill(
        tuple(items),
        sums,
        lines,
        discount,
        coupons,
        payer,
        exempt,
        exempted,
        rounding,
        row.cash_rounding,
        tuple(row.tip_percents),
        row.discount_limit,
    )


def with_lines(work: Work, made: Bill, items: Sequence[Item]) -> Bill:
    """A bill with lines that paying puts on it: the rounding of cash, the tax of a prepayment out again."""
    if not items:
        return made
    first = len(made.items)
    lines = tuple(
        Line(key, Decimal(item.quantity), item.unit_price, is_discounted=False, fixed=item.fixed_taxes)
        for key, item in enumerate(items, start=first)
    )
    sums = joined(made.priced, price(lines, currency=work.shop.currency, tax_rounding=made.tax_rounding))
    return replace(made, items=(*made.items, *items), priced=sums, lines=(*made.lines, *lines))


_RULES = text("""
    SELECT h.service_charge, h.cash_rounding, h.tip_percents,
           (SELECT percent FROM discount_limits WHERE role = :role) AS discount_limit,
           (SELECT jsonb_agg(jsonb_build_array(t.id, t.name, CAST(t.percent AS text), t.inclusive, t.position,
                                               t.compounds, t.on_services, t.on_products) ORDER BY t.position, t.id)
              FROM taxes t WHERE t.valid_from <= :day AND t.valid_until > :day) AS rates
      FROM shops h WHERE h.id = :shop
""")


def _taxes(rates: list[tuple[int, str, str, bool, int, bool, bool, bool]] | None) -> dict[str, tuple[TaxRate, ...]]:
    by_kind: dict[str, tuple[TaxRate, ...]] = {"service": (), "product": (), "none": ()}
    for id_, name, percent, inclusive, position, compounds, on_services, on_products in rates or ():
        rate = TaxRate(id_, name, Decimal(percent), inclusive, position, compounds)
        by_kind["service"] += (rate,) * on_services
        by_kind["product"] += (rate,) * on_products
    return by_kind


def _taxed_as(item: Item) -> str:
    return "none" if item.fixed_taxes else item.taxed_as or _TAXED_AS.get(item.kind, "none")


def exemption_of(ticket: Ticket) -> str:
    """Why no tax is taken; empty when it is. Raises ReasonMissing."""
    reason = clean(ticket.tax_exempt_reason)
    if ticket.tax_exempt_reason and not reason:
        raise ReasonMissing
    return reason


def _inside(items: Sequence[Item], taxes: Mapping[str, tuple[TaxRate, ...]]) -> dict[int, tuple[Decimal, Decimal]]:
    """Whoever is exempt does not pay the tax that is inside the price. What a package pays for keeps its value."""
    found = {}
    for key, item in enumerate(items):
        shares = shares_of_taxes(taxes[_taxed_as(item)])
        inside = sum((share for tax, share in shares.items() if tax.inclusive), Decimal(0))
        if inside and item.voucher_value is None and item.kind != "charge":
            found[key] = (item.unit_price, inside)
    return found


def _untaxed(item: Item, exempted: tuple[Decimal, Decimal] | None, currency: str) -> Item:
    if exempted is None:
        return item
    with_tax, inside = exempted
    bare = rounded(with_tax * 100 / (100 + inside), currency)
    return replace(item, unit_price=bare, list_price=with_tax if item.list_price is None else item.list_price)


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
        raise BadInput("A tip is not less than nothing. Type what is given, or leave it off.", field="tip")
    return tip


def tips_of(
    work: Work, ticket: Ticket, items: Sequence[Item], sums: Priced, kept: Decimal = Decimal(0)
) -> Mapping[int, Decimal]:
    """Each stylist's part of the tip, with the change that was kept; nobody's that is nothing.

    Raises NobodyToTip, TipTooSmall, BadInput.
    """
    tip, currency = tip_of(work, ticket) + kept, work.shop.currency
    said = {who: rounded(amount, currency) for who, amount in ticket.tip_to.items()}
    if any(amount < 0 for amount in said.values()):
        raise BadInput("A tip is not less than nothing. Type what is given, or leave it off.", field="tip_to")
    if not tip and not any(said.values()):
        return {}
    if ticket.tip_stylist_id:
        nets: Mapping[int, Decimal] = {ticket.tip_stylist_id: Decimal(1)}
    else:
        nets = served(work, items, sums)
    shares = tips_by_hand(tip, said, nets, currency) if said else tip_shares(tip, nets, currency)
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


def completed(work: Work, counter: Counter) -> Counter:
    """The counter with every tender as it has to be, said or not. Raises what speaks against one."""
    tenders: tuple[Pay, ...] = counter.ticket.tenders
    for kind in TENDERS:
        tenders = kind.completed(work, counter, tenders)
    return (
        counter
        if tenders == counter.ticket.tenders
        else replace(counter, ticket=replace(counter.ticket, tenders=tenders))
    )


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
    return Tender(pay.method, _to_the_cent(pay.amount, work.shop.currency), most, pay.keep_change)


def _to_the_cent(amount: Decimal | None, currency: str) -> Decimal | None:
    if amount is not None and rounded(amount, currency) != amount:
        raise BadInput(f"{amount} is finer than {currency} can be paid.", field="tenders")
    return None if amount is None else rounded(amount, currency)


def lines_of_tenders(work: Work, counter: Counter, amounts: Sequence[Decimal], rounding: Decimal) -> list[Item]:
    """What stands on the ticket because it is paid so: a prepayment's tax out again, and what cash was rounded by."""
    items = []
    for pay, amount in zip(counter.ticket.tenders, amounts, strict=True):
        if kind := tender_kind(pay.method):
            items += kind.lines(work, counter, pay, amount)
    if rounding:
        items.append(Item("rounding", "Rounding", 1, rounding, None, None, is_discounted=False))
    return items
