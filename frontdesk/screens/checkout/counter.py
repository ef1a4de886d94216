"""What lies on the counter: tickets as they are changed by hand, and those put aside. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from frontdesk.rules.tender_line import TenderLine
from frontdesk.services.checkout import CheckOut
from frontdesk.services.ticket_wishes import Off, Pay, SellProduct, Ticket

EMPTY = Ticket()


@dataclass(frozen=True)
class Parked:
    """A ticket put aside, with what was half typed on its line."""

    ticket: Ticket
    customer: str
    due: str
    """As it was shown."""
    at: dt.datetime
    line: str = ""


@dataclass(frozen=True)
class Kept:
    """Everything on the counter, as a draft keeps it."""

    ticket: Ticket = EMPTY
    line: str = ""
    parked: tuple[Parked, ...] = ()
    sent: CheckOut | None = None
    """The sale as it was sent last. Sent again as it was, it is never closed twice."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return self.ticket == EMPTY and not self.line and not self.parked


def sale_of(ticket: Ticket, sent: CheckOut | None) -> CheckOut:
    """The sale of a ticket: the one that was sent last, if it is the same."""
    sale = CheckOut(**vars(ticket))
    if sent is not None and replace(sale, request_id=sent.request_id, approval=sent.approval) == sent:
        return sent
    return sale


def with_visit(ticket: Ticket, appointment_id: int) -> Ticket:
    """With this visit too."""
    if appointment_id in ticket.appointment_ids:
        return ticket
    return replace(ticket, appointment_ids=(*ticket.appointment_ids, appointment_id))


def without_visits(ticket: Ticket, appointment_ids: Iterable[int], line_ids: Iterable[int]) -> Ticket:
    """Without these visits, and without what was taken off their lines."""
    gone, lines = set(appointment_ids), set(line_ids)
    return replace(
        ticket,
        appointment_ids=tuple(one for one in ticket.appointment_ids if one not in gone),
        line_discounts={line: off for line, off in ticket.line_discounts.items() if line not in lines},
    )


def with_product(ticket: Ticket, product_id: int, quantity: int = 1, stylist_id: int | None = None) -> Ticket:
    """With so many more of a product: on its own line if it is there already, sold by the same person."""
    for index, one in enumerate(ticket.products):
        if (one.product_id, one.stylist_id) == (product_id, stylist_id):
            return _with_nth(ticket, index, replace(one, quantity=one.quantity + quantity))
    added = SellProduct(product_id=product_id, quantity=quantity, stylist_id=stylist_id)
    return replace(ticket, products=(*ticket.products, added))


def without_product(ticket: Ticket, index: int) -> Ticket:
    """Without that product."""
    return replace(ticket, products=(*ticket.products[:index], *ticket.products[index + 1 :]))


def with_fee(ticket: Ticket, fee_id: int) -> Ticket:
    """With a fee for a visit that was left late or missed."""
    return ticket if fee_id in ticket.fee_ids else replace(ticket, fee_ids=(*ticket.fee_ids, fee_id))


def without_fee(ticket: Ticket, fee_id: int) -> Ticket:
    """Without it: it stays open."""
    return replace(ticket, fee_ids=tuple(one for one in ticket.fee_ids if one != fee_id))


def with_line_discount(ticket: Ticket, line_id: int, off: Off | None) -> Ticket:
    """With something off one line of a visit; None takes it back."""
    others = {line: each for line, each in ticket.line_discounts.items() if line != line_id}
    return replace(ticket, line_discounts=others if off is None else {**others, line_id: off})


def with_product_discount(ticket: Ticket, index: int, off: Off | None) -> Ticket:
    """With something off one product; None takes it back."""
    return _with_nth(ticket, index, replace(ticket.products[index], discount=off))


def _with_nth(ticket: Ticket, index: int, product: SellProduct) -> Ticket:
    return replace(ticket, products=(*ticket.products[:index], product, *ticket.products[index + 1 :]))


def with_typed(ticket: Ticket, typed: TenderLine) -> Ticket:
    """With the tenders and the discount of a line. Its tip needs the sum of the ticket: see `tip_typed`."""
    tenders = tuple(Pay(method=one.method, amount=one.amount, approval_code=one.approval_code) for one in typed.tenders)
    said = typed.discount
    off = Off(percent=said.percent, amount=said.amount) if said else ticket.discount
    return replace(ticket, tenders=(*ticket.tenders, *tenders), discount=off)


def without_tender(ticket: Ticket, index: int) -> Ticket:
    """Without that tender."""
    return replace(ticket, tenders=(*ticket.tenders[:index], *ticket.tenders[index + 1 :]))


def with_code(ticket: Ticket, index: int, code: str) -> Ticket:
    """With a card's approval code."""
    paid = replace(ticket.tenders[index], approval_code=code)
    return replace(ticket, tenders=(*ticket.tenders[:index], paid, *ticket.tenders[index + 1 :]))
