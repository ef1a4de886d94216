"""What stands on a ticket and what it comes to: shared by whoever shows a ticket and whoever closes it.

Nothing here writes. A quote and a sale ask the same functions, so that what was shown is what is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import AlreadyPaid, BadInput, NotFound
from frontdesk.money import rounded, split
from frontdesk.rules.hands import Hand, hands_on
from frontdesk.rules.pricing import METHODS, Discount, Line, Priced, TaxRate, TaxRounding, Tender, price, tip_shares
from frontdesk.services.fees import fees_of
from frontdesk.services.use_case import Work


@dataclass(frozen=True, kw_only=True)
class Off:
    """A discount: a share or an amount."""

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class SellProduct:
    """A product on the ticket."""

    product_id: int
    quantity: int = 1
    stylist_id: int | None = None
    """Who sold it, for commission."""
    discount: Off | None = None


@dataclass(frozen=True, kw_only=True)
class Pay:
    """What the customer puts down. Without an amount it takes the rest."""

    method: str
    amount: Decimal | None = None
    approval_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as it is wished for."""

    appointment_ids: tuple[int, ...] = ()
    """Visits paid for: one, several, or none for products alone."""
    products: tuple[SellProduct, ...] = ()
    line_discounts: dict[int, Off] = field(default_factory=dict)
    """By line of a visit."""
    discount: Off | None = None
    """On the whole ticket."""
    tip: Decimal = Decimal(0)
    tip_stylist_id: int | None = None
    """Whose the tip is; shared by what each did when it is not said."""
    tenders: tuple[Pay, ...] = ()
    customer_id: int | None = None
    """Who pays, when it is not the visit's customer."""
    fee_ids: tuple[int, ...] = ()
    """Fees for late cancellations and no-shows that are paid with it (features BK26)."""


@dataclass(frozen=True)
class TicketVisit:
    """A visit on the ticket."""

    id: int
    code: str
    customer_id: int | None
    arrived_at: dt.datetime | None


@dataclass(frozen=True)
class Item:
    """A line of the ticket before it is priced."""

    kind: str
    name: str
    quantity: int
    unit_price: Decimal
    stylist_id: int | None
    customer_id: int | None
    stylist: str = ""
    appointment_id: int | None = None
    visit_line_id: int | None = None
    service_id: int | None = None
    product_id: int | None = None
    discount: Off | None = None
    paid: bool = False
    """Paid with an earlier ticket: shown, and not asked for again."""
    hands: tuple[tuple[int, int], ...] = ()
    """Whose hands did it, when there was more than one pair: stylists with their minutes."""
    fee_id: int | None = None


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
    """Everything on the ticket in its order: services by visit, then fees, then products. Paid lines are among them.

    Raises NotFound, AlreadyPaid and BadInput.
    """
    return [*_visit_items(work, ticket), *_fee_items(work, ticket), *_product_items(work, ticket)]


def lock_fees(work: Work, ticket: Ticket) -> None:
    """Hold the ticket's fees for the rest of the transaction, so that no other till takes them too."""
    if ticket.fee_ids:
        work.session.execute(_LOCK_FEES, {"fees": sorted(set(ticket.fee_ids))}).all()


_LOCK_FEES = text("SELECT id FROM appointment_fees WHERE id = ANY (:fees) ORDER BY id FOR UPDATE")


def _fee_items(work: Work, ticket: Ticket) -> list[Item]:
    wanted = sorted(set(ticket.fee_ids))
    if not wanted:
        return []
    open_ones = {fee.id: fee for fee in fees_of(work, fee_ids=wanted)}
    for fee_id in wanted:
        if fee_id not in open_ones:
            paid = text("SELECT true FROM appointment_fees WHERE id = :id AND sale_line_id IS NOT NULL")
            if work.session.execute(paid, {"id": fee_id}).scalar():
                raise AlreadyPaid
            raise NotFound(what="open fee", name=fee_id, remedy="It may have been taken back: look at the ticket.")
    return [
        Item("fee", open_ones[one].name, 1, open_ones[one].amount, None, open_ones[one].customer_id, fee_id=one)
        for one in wanted
    ]


def _visit_items(work: Work, ticket: Ticket) -> list[Item]:
    if not ticket.appointment_ids:
        return []
    return [
        Item(
            "service",
            row.name,
            row.quantity,
            row.price,
            row.stylist_id,
            row.customer_id,
            row.stylist or "",
            appointment_id=row.appointment_id,
            visit_line_id=row.id,
            service_id=row.service_id,
            discount=ticket.line_discounts.get(row.id),
            paid=row.paid,
            hands=_hands(row.hands),
        )
        for row in work.session.execute(_VISIT_LINES, {"visits": sorted(set(ticket.appointment_ids))})
    ]


def _hands(parts: Sequence[tuple[int, str, str, int, int]] | None) -> tuple[tuple[int, int], ...]:
    """More than one pair of hands, or nothing: then the line is its stylist's."""
    minutes = hands_on(Hand(*part) for part in parts or ())
    return tuple(minutes.items()) if len(minutes) > 1 else ()


_VISIT_LINES = text("""
    SELECT l.id, l.appointment_id, l.name, l.quantity, l.price, l.stylist_id, l.service_id, a.customer_id,
           s.first_name AS stylist,
           (SELECT jsonb_agg(jsonb_build_array(p.position, p.kind, p.role, h.id,
                                               CAST(extract(epoch FROM p.ends_at - p.starts_at) / 60 AS integer))
                            ORDER BY p.starts_at, p.id)
              FROM appointment_parts p JOIN stylists h ON h.resource_id = p.resource_id
             WHERE p.appointment_service_id = l.id AND p.role IN ('lead', 'assistant')) AS hands,
           EXISTS (SELECT FROM sale_lines p WHERE p.appointment_service_id = l.id) AS paid
      FROM appointment_services l JOIN appointments a ON a.id = l.appointment_id
      LEFT JOIN stylists s ON s.id = l.stylist_id
     WHERE a.id = ANY (:visits) AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY a.starts_at, a.id, l.position
""")


def _product_items(work: Work, ticket: Ticket) -> list[Item]:
    if not ticket.products:
        return []
    sellers = [wish.stylist_id for wish in ticket.products if wish.stylist_id]
    asked = {"products": [wish.product_id for wish in ticket.products], "sellers": sellers}
    rows = {(row.kind, row.id): row for row in work.session.execute(_PRODUCTS, asked)}
    items = []
    for wish in ticket.products:
        row = rows.get(("product", wish.product_id))
        if row is None:
            raise NotFound(what="product", name=wish.product_id, remedy="Look at the list of products.")
        if wish.quantity < 1:
            raise BadInput("Sell at least one of a product; what comes back is a refund.", field="quantity")
        seller = rows.get(("stylist", wish.stylist_id)) if wish.stylist_id else None
        items.append(
            Item(
                "product",
                row.name,
                wish.quantity,
                row.price,
                wish.stylist_id,
                ticket.customer_id,
                seller.name if seller else "",
                product_id=wish.product_id,
                discount=wish.discount,
            )
        )
    return items


_PRODUCTS = text("""
    SELECT 'product' AS kind, id, name, price FROM products WHERE id = ANY (:products) AND is_active
     UNION ALL
    SELECT 'stylist', id, first_name, NULL FROM stylists WHERE id = ANY (CAST(:sellers AS bigint[]))
""")


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


def tenders_of(work: Work, ticket: Ticket) -> list[Tender]:
    """What is put down, in order. Raises BadInput for a method that the till does not take, or half a cent."""
    for pay in ticket.tenders:
        if pay.method not in METHODS:
            raise BadInput(f"{pay.method!r} is no tender here. Use cash or card.", field="tenders")
    return [Tender(pay.method, _to_the_cent(pay.amount, work.shop.currency)) for pay in ticket.tenders]


def _to_the_cent(amount: Decimal | None, currency: str) -> Decimal | None:
    if amount is not None and rounded(amount, currency) != amount:
        raise BadInput(f"{amount} is finer than {currency} can be paid.", field="tenders")
    return None if amount is None else rounded(amount, currency)
