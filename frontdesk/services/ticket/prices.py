"""Other prices than the list's: a price class, or one that was typed for a line (features CO6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.money import rounded
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.use_case import Work

_CLASSED = ("service", "product")
"""Kinds of lines that have a class's prices."""


def at_their_prices(work: Work, ticket: Ticket, items: Sequence[Item]) -> list[Item]:
    """The items with typed prices first, and the ticket's price class on the others; the list's price stays beside it.

    Raises BadInput and NotFound.
    """
    percent = percent_off(work, ticket)
    return [_priced(item, percent, work.shop.currency) for item in items]


def _priced(item: Item, percent: Decimal | None, currency: str) -> Item:
    typed = item.typed_price
    if item.paid or (typed is None and percent is None):
        return item
    if typed is not None:
        if typed < 0 or rounded(typed, currency) != typed:
            raise BadInput(f"A price of {typed} can't be paid in {currency}. Type whole coins.", field="price")
        price = rounded(typed, currency)
    elif percent and item.kind in _CLASSED:
        price = rounded(item.unit_price * (100 - percent) / 100, currency)
    else:
        return item
    return item if price == item.unit_price else replace(item, unit_price=price, list_price=item.unit_price)


def percent_off(work: Work, ticket: Ticket) -> Decimal | None:
    """What the ticket's price class takes off, in percent; None without one. Raises NotFound."""
    if ticket.price_class_id is None:
        return None
    percent: Decimal | None = work.session.execute(_CLASS, {"id": ticket.price_class_id}).scalar()
    if percent is None:
        remedy = "It may not be given any more: look at the price classes."
        raise NotFound(what="price class", name=ticket.price_class_id, remedy=remedy)
    return percent


_CLASS = text("SELECT percent FROM price_classes WHERE id = :id AND is_active")
