"""A line of a ticket before it is priced, and what closing the ticket means for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.rules.pricing import TaxAmount
from frontdesk.services.ticket.ticket_wishes import Off, Ticket
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Sale, SaleLine


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
    discount_why: str = ""
    """By which membership its discount is given; empty for one that was typed."""
    paid: bool = False
    """Paid with an earlier ticket: shown, and not asked for again."""
    hands: tuple[tuple[int, int], ...] = ()
    """Whose hands did it, when there was more than one pair: stylists with their minutes."""
    fee_id: int | None = None
    list_price: Decimal | None = None
    """Of one, where the unit price is another."""
    typed_price: Decimal | None = None
    """Of one, as somebody typed it for this line alone."""
    cost: Decimal = Decimal(0)
    """What one costs the shop."""
    voucher_value: Decimal | None = None
    """What the package or voucher that pays for it is worth to the shop."""
    wish: object = None
    """What was asked for, for whoever carries out what selling it means."""
    is_discounted: bool = True
    """Whether price classes, coupons and the ticket's discount reach it. Money in another form never is (`bill`)."""
    taxed_as: str = ""
    """`service`, `product` or `none`; by its kind when it is not said: gift cards, deposits and accounts bear none."""
    fixed_taxes: tuple[TaxAmount, ...] = ()
    """Of a `prepaid_tax` line alone, of total nothing: the taxes taken out again, negative and `inclusive`."""


@dataclass(frozen=True)
class SoldLine:
    """A line as it was written."""

    item: Item
    row: SaleLine


@dataclass(frozen=True)
class BackLine:
    """A line, or a part of it, that is given back."""

    original: SaleLine
    row: SaleLine
    """The refund's or the void's line: negative."""
    is_damaged: bool = False
    """A product that can't be sold again."""


def _nothing(work: Work, sale: Sale, lines: Sequence[SoldLine] | Sequence[BackLine]) -> None:
    """Selling it, or giving it back, moves nothing but money."""


def _as_they_are(work: Work, ticket: Ticket, items: list[Item]) -> list[Item]:
    """Nothing else on the ticket changes."""
    return items


@dataclass(frozen=True)
class Goods:
    """One kind of thing that can stand on a ticket: how it gets there, and what selling and giving it back mean."""

    kinds: tuple[str, ...]
    """Of sale lines."""
    items_of: Callable[[Work, Ticket], list[Item]]
    """What of the ticket is of these kinds, priced one by one. Raises what speaks against selling it."""
    sold: Callable[[Work, Sale, Sequence[SoldLine]], None] = _nothing
    """In the sale's transaction, when its lines are written and before it is closed."""
    given_back: Callable[[Work, Sale, Sequence[BackLine]], None] = _nothing
    """In a refund's or void's transaction, when its lines are written."""
    touches: Callable[[Work, Ticket, list[Item]], list[Item]] = _as_they_are
    """What it changes of all the ticket's lines once they are there, one answer for each: a session's own price."""
