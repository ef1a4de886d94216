"""Gift cards as they are shown: what is on one, what happened to it, and which there are (features CO7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.permissions import Deed
from frontdesk.services.prepaid import prepaid
from frontdesk.services.prepaid.paying_gift_card import card_of
from frontdesk.services.prepaid.prepaid import Holding
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.prepaid import Prepayment
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ShowGiftCard:
    """A card by its code, typed or scanned."""

    code: str


@dataclass(frozen=True, kw_only=True)
class ListGiftCards:
    """Cards with money on them."""

    all: bool = False
    """With the empty ones."""
    most: int = 200


@dataclass(frozen=True, kw_only=True)
class ExtendGiftCard(Write):
    """Another last day for a card; none for good for ever."""

    code: str
    expires_on: dt.date | None
    reason: str = ""


@dataclass(frozen=True)
class CardStep:
    """What came onto a card or went off it."""

    at: dt.datetime
    kind: str
    """received, redeemed, returned, expired, transferred, corrected."""
    amount: Decimal
    shop: str
    receipt: int | None
    who: str


@dataclass(frozen=True)
class GiftCard:
    """A gift card and what is on it."""

    id: int
    code: str
    customer: str
    """Whom it is for, when that is known."""
    service: str
    """What it is for; empty for anything."""
    shop: str
    issued_at: dt.datetime
    issued_by: str
    expires_on: dt.date | None
    is_over: bool
    waits: bool
    """For the transfer that paid for it."""
    received: Decimal
    balance: Decimal
    steps: tuple[CardStep, ...] = ()


@dataclass(frozen=True)
class GiftCards:
    """What is over first comes first."""

    cards: tuple[GiftCard, ...]
    total: Decimal
    """Of those listed."""


@use_case(Deed.SELL)
def show_gift_card(work: Work, request: ShowGiftCard) -> GiftCard:
    """What is on a card and what happened to it. Raises CardUnknown, BadInput."""
    card = card_of(work, request.code)
    steps = tuple(CardStep(*row) for row in work.session.execute(_STEPS, {"card": card.id}))
    return _card(work, card, steps)


_STEPS = text("""
    SELECT e.at, e.kind, e.amount, CAST(h.name AS text), s.number, coalesce(CAST(u.name AS text), '')
      FROM prepayment_entries e JOIN shops h ON h.id = e.shop_id
      LEFT JOIN sales s ON s.id = e.sale_id LEFT JOIN users u ON u.id = e.user_id
     WHERE e.prepayment_id = :card ORDER BY e.at, e.id
""")


@use_case(Deed.SELL)
def list_gift_cards(work: Work, request: ListGiftCards) -> GiftCards:
    """Which cards there are and what is on them."""
    found = prepaid.holdings(work, "kind", kind="gift_card", all=request.all, most=request.most)
    return GiftCards(
        tuple(_card(work, one) for one in found), sum((one.balance for one in found), prepaid.nothing(work))
    )


@use_case(Deed.EDIT_CATALOGUE)
def extend_gift_card(work: Work, request: ExtendGiftCard) -> GiftCard:
    """Give a card more time, or less. Raises CardUnknown."""
    card = card_of(work, request.code)
    row = work.session.get_one(Prepayment, card.id)
    row.expires_on = request.expires_on
    work.session.flush()
    work.tell("gift_card.changed", card.id, reason=clean(request.reason))
    return _card(work, card_of(work, request.code))


def _card(work: Work, one: Holding, steps: tuple[CardStep, ...] = ()) -> GiftCard:
    return GiftCard(
        one.id, one.code, one.customer, one.service, one.shop, one.issued_at, one.issued_by, one.expires_on,
        one.is_over(work.desk.today), one.waits, one.received, one.balance, steps,
    )  # fmt: skip
