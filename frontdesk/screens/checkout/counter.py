"""What lies on the counter: a ticket as it is changed by hand. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from frontdesk.rules.tender_said import TenderLine, TypedTip
from frontdesk.screens.checkout.drawing import Key
from frontdesk.services.cards.card_payments import ChargeCard
from frontdesk.services.packages.packages import UsableSession
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct, Ticket, UseSession
from frontdesk.services.till.checkout import CheckOut

EMPTY = Ticket()

T = TypeVar("T")


@dataclass(frozen=True)
class Kept:
    """Everything on the counter, as a draft keeps it."""

    ticket: Ticket = EMPTY
    line: str = ""
    sent: CheckOut | None = None
    """The sale as it was sent last. Sent again as it was, it is never closed twice."""
    charge: ChargeCard | None = None
    """The card terminal's charge as it was asked for last. Asked again as it was, it is never charged twice."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return self.ticket == EMPTY and not self.line


def sale_of(ticket: Ticket, sent: CheckOut | None) -> CheckOut:
    """The sale of a ticket: the one that was sent last, if it is the same."""
    sale = CheckOut(**vars(ticket))
    if sent is not None and replace(sale, request_id=sent.request_id, approval=sent.approval) == sent:
        return sent
    return sale


def with_visit(ticket: Ticket, appointment_id: int, payer: int | None = None) -> Ticket:
    """With this visit too; whoever pays the ticket goes on paying it."""
    if appointment_id in ticket.appointment_ids:
        return ticket
    whose = ticket.customer_id or payer
    return replace(ticket, appointment_ids=(*ticket.appointment_ids, appointment_id), customer_id=whose)


def without_visits(ticket: Ticket, appointment_ids: Iterable[int], line_ids: Iterable[int]) -> Ticket:
    """Without these visits, and without what was taken off their lines."""
    gone, lines = set(appointment_ids), set(line_ids)
    return replace(
        ticket,
        appointment_ids=tuple(one for one in ticket.appointment_ids if one not in gone),
        line_discounts={line: off for line, off in ticket.line_discounts.items() if line not in lines},
        line_prices={line: price for line, price in ticket.line_prices.items() if line not in lines},
        sessions=tuple(one for one in ticket.sessions if one.line_id not in lines),
    )


def with_product(ticket: Ticket, product_id: int, quantity: int = 1, stylist_id: int | None = None) -> Ticket:
    """With so many more of a product: on its own line if it is there already, sold by the same person."""
    for index, one in enumerate(ticket.products):
        if (one.product_id, one.stylist_id) == (product_id, stylist_id):
            return _with_nth(ticket, index, replace(one, quantity=one.quantity + quantity))
    added = SellProduct(product_id=product_id, quantity=quantity, stylist_id=stylist_id)
    return replace(ticket, products=(*ticket.products, added))


def with_fee(ticket: Ticket, fee_id: int) -> Ticket:
    """With a fee for a visit that was left late or missed."""
    return ticket if fee_id in ticket.fee_ids else replace(ticket, fee_ids=(*ticket.fee_ids, fee_id))


def with_session(ticket: Ticket, line_id: int, customer_package_id: int | None) -> Ticket:
    """With a session that pays for a line, None for one of a package on the same ticket."""
    others = tuple(one for one in ticket.sessions if one.line_id != line_id)
    return replace(ticket, sessions=(*others, UseSession(line_id=line_id, customer_package_id=customer_package_id)))


def without_session(ticket: Ticket, line_id: int) -> Ticket:
    """Without the session that pays for this line."""
    return replace(ticket, sessions=tuple(one for one in ticket.sessions if one.line_id != line_id))


def without_row(ticket: Ticket, kind: str, at: int) -> Ticket:
    """Without one thing that was put on it by hand; a fee stays open."""
    if kind == "product":
        return replace(ticket, products=_but(ticket.products, at))
    if kind == "fee":
        return replace(ticket, fee_ids=tuple(one for one in ticket.fee_ids if one != at))
    if kind == "package":
        known = tuple(one for one in ticket.sessions if one.customer_package_id is not None)
        return replace(ticket, packages=_but(ticket.packages, at), sessions=known)
    if kind == "gift_card":
        return replace(ticket, gift_cards=_but(ticket.gift_cards, at))
    if kind == "deposit":
        return replace(ticket, deposits=_but(ticket.deposits, at))
    if kind == "account":
        return replace(ticket, accounts=_but(ticket.accounts, at))
    if kind == "tender":
        return replace(ticket, tenders=_but(ticket.tenders, at))
    return ticket


def _but(things: tuple[T, ...], at: int) -> tuple[T, ...]:
    return (*things[:at], *things[at + 1 :])


def has_goods(ticket: Ticket) -> bool:
    """Whether there is anything on it that could be paid for."""
    return bool(
        ticket.appointment_ids
        or ticket.products
        or ticket.fee_ids
        or ticket.packages
        or ticket.gift_cards
        or ticket.deposits
        or ticket.accounts
    )


def charges_of(ticket: Ticket) -> tuple[int, ...]:
    """What a card terminal of ours has charged for it."""
    return tuple(one.card_payment_id for one in ticket.tenders if one.card_payment_id is not None)


def with_line_discount(ticket: Ticket, line_id: int, off: Off | None) -> Ticket:
    """With something off one line of a visit; None takes it back."""
    others = {line: each for line, each in ticket.line_discounts.items() if line != line_id}
    return replace(ticket, line_discounts=others if off is None else {**others, line_id: off})


def with_product_discount(ticket: Ticket, index: int, off: Off | None) -> Ticket:
    """With something off one product; None takes it back."""
    return _with_nth(ticket, index, replace(ticket.products[index], discount=off))


def with_price(ticket: Ticket, key: Key, price: Decimal | None) -> Ticket:
    """With another price of one, on a line of a visit or on a product; None for the list's."""
    if key.kind == "product":
        return _with_nth(ticket, key.at, replace(ticket.products[key.at], price=price))
    others = {line: each for line, each in ticket.line_prices.items() if line != key.at}
    return replace(ticket, line_prices=others if price is None else {**others, key.at: price})


def _with_nth(ticket: Ticket, index: int, product: SellProduct) -> Ticket:
    return replace(ticket, products=(*ticket.products[:index], product, *ticket.products[index + 1 :]))


def with_typed(ticket: Ticket, typed: TenderLine) -> Ticket:
    """With what a line says but for its tips and sessions: those need to be asked for."""
    said = typed.discount
    kept = _without(ticket, typed.without)
    tenders = tuple(
        Pay(
            method=one.method,
            amount=one.amount,
            approval_code=one.approval_code,
            code=one.code,
            issuer_id=one.issuer_id,
            keep_change=one.keep_change,
            customer_card_id=one.customer_card_id,
        )
        for one in typed.tenders
    )
    return replace(
        kept,
        tenders=(*kept.tenders, *tenders),
        discount=Off(percent=said.percent, amount=said.amount) if said else kept.discount,
        discount_reason=typed.reason or kept.discount_reason,
        coupons=(*kept.coupons, *(code for code in typed.coupons if code not in kept.coupons)),
        price_class_id=typed.price_class_id or kept.price_class_id,
        tax_exempt_reason=typed.exempt or kept.tax_exempt_reason,
    )


def _without(ticket: Ticket, what: frozenset[str]) -> Ticket:
    if "tip" in what:
        ticket = replace(ticket, tip=Decimal(0), tip_stylist_id=None, tip_to={})
    if "discount" in what:
        ticket = replace(ticket, discount=None, discount_reason="")
    if "coupon" in what:
        ticket = replace(ticket, coupons=())
    if "class" in what:
        ticket = replace(ticket, price_class_id=None)
    if "price" in what:
        ticket = replace(ticket, line_prices={}, products=tuple(replace(one, price=None) for one in ticket.products))
    if "exempt" in what:
        ticket = replace(ticket, tax_exempt_reason="")
    if "session" in what:
        ticket = replace(ticket, sessions=())
    return ticket


def with_usable_sessions(ticket: Ticket, usable: Sequence[UsableSession]) -> Ticket:
    """With a session for each line that can have one, no package used more often than it has sessions left."""
    taken = {one.line_id for one in ticket.sessions}
    used = Counter(
        (one.customer_package_id, service.service)
        for one in ticket.sessions
        for service in usable
        if service.line_id == one.line_id and service.customer_package_id == one.customer_package_id
    )
    added = []
    for one in usable:
        purse = (one.customer_package_id, one.service)
        if one.line_id not in taken and used[purse] < one.left:
            taken.add(one.line_id)
            used[purse] += 1
            added.append(UseSession(line_id=one.line_id, customer_package_id=one.customer_package_id))
    return replace(ticket, sessions=(*ticket.sessions, *added)) if added else ticket


def with_tips(ticket: Ticket, tips: Sequence[TypedTip], base: Decimal, currency: str) -> Ticket:
    """With the tips of a line, shares of what the services come to: instead of the one that is there, or to it."""
    for one in tips:
        ticket = _with_tip(ticket, one.of(base, currency), one.stylist_id, is_more=one.is_more)
    return ticket


def _with_tip(ticket: Ticket, amount: Decimal, whom: int | None, *, is_more: bool) -> Ticket:
    if not is_more or not ticket.tip:
        return replace(ticket, tip=amount, tip_stylist_id=whom or ticket.tip_stylist_id, tip_to={})
    to = dict(ticket.tip_to)
    if ticket.tip_stylist_id is not None:  # what was one person's becomes a part of the whole
        to[ticket.tip_stylist_id] = to.get(ticket.tip_stylist_id, Decimal(0)) + ticket.tip - sum(to.values())
    if whom is not None:
        to[whom] = to.get(whom, Decimal(0)) + amount
    return replace(ticket, tip=ticket.tip + amount, tip_stylist_id=None, tip_to=to)


def with_code(ticket: Ticket, index: int, code: str) -> Ticket:
    """With a card's approval code."""
    paid = replace(ticket.tenders[index], approval_code=code)
    return replace(ticket, tenders=(*ticket.tenders[:index], paid, *ticket.tenders[index + 1 :]))


def with_charge(ticket: Ticket, index: int, card_payment_id: int, amount: Decimal) -> Ticket:
    """With what the card terminal has charged."""
    paid = replace(ticket.tenders[index], card_payment_id=card_payment_id, amount=amount)
    return replace(ticket, tenders=(*ticket.tenders[:index], paid, *ticket.tenders[index + 1 :]))
