"""Cards on file: a provider's token, and what a person needs to tell one card from another (features BK25)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.channels.card_terminal import terminal_of
from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.card_numbers import refuse_card_numbers
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.cards import CustomerCard
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class KeepCard(Write):
    """A card that a provider keeps for a customer. Its number is never said here."""

    customer_id: int
    token: str
    brand: str
    last4: str
    expires: str
    """As it stands on the card: 08/28."""
    provider: str = "external"


@dataclass(frozen=True, kw_only=True)
class DropCard(Write):
    """A card that is not charged any more."""

    card_id: int


@dataclass(frozen=True, kw_only=True)
class ShowCards:
    """A customer."""

    customer_id: int


@dataclass(frozen=True)
class CardOnFile:
    """A card."""

    id: int
    words: str
    """`Visa 4242 exp 08/28`."""
    brand: str
    last4: str
    expires_on: dt.date
    """Its last day."""
    provider: str
    has_expired: bool
    why_not: str = ""
    """Why this till can't charge it; empty when it can."""


@dataclass(frozen=True)
class CardsOnFile:
    """A customer's cards, the newest first."""

    customer_id: int
    cards: tuple[CardOnFile, ...]


@use_case(Deed.EDIT_CUSTOMERS)
def keep_card(work: Work, request: KeepCard) -> CardsOnFile:
    """Keep a card's token for a customer. Raises CardNumberTyped, BadInput naming the field, NotFound, NameTaken."""
    refuse_card_numbers(request.token, request.brand, request.last4, request.expires, request.provider)
    known = work.session.execute(text("SELECT id FROM customers WHERE id = :id"), {"id": request.customer_id}).scalar()
    if known is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Add them first.")
    last4 = clean(request.last4)
    if len(last4) != 4 or not (last4.isascii() and last4.isdigit()):
        raise BadInput("Type the card's last four digits, like 4242, and no more of it.", field="last4")
    token = given(request.token, "card", "the provider's token for it", "token")
    if token.replace(" ", "").replace("-", "").replace(".", "").isdigit() and len(token) >= 12:
        raise BadInput("A token is the provider's name for the card, never a number of it.", field="token")
    work.session.add(
        CustomerCard(
            customer_id=request.customer_id,
            provider=given(request.provider, "card", "a provider", "provider"),
            token=token,
            brand=given(request.brand, "card", "a brand, like Visa", "brand"),
            last4=last4,
            expires_on=_last_day(request.expires),
            created_at=work.now,
        )
    )
    work.session.flush()
    work.tell("customer.changed", request.customer_id)
    return CardsOnFile(request.customer_id, tuple(cards_of(work, request.customer_id)))


def _last_day(expires: str) -> dt.date:
    month, _, year = clean(expires).replace(" ", "").partition("/")
    if not (month.isdecimal() and year.isdecimal() and 1 <= int(month) <= 12 and len(year) in (2, 4)):
        raise BadInput("Type when it expires as it stands on the card, like 08/28.", field="expires")
    full = int(year) if len(year) == 4 else 2000 + int(year)
    if not 2000 <= full <= 2099:
        raise BadInput("Type when it expires as it stands on the card, like 08/28.", field="expires")
    return dt.date(full, int(month), calendar.monthrange(full, int(month))[1])


@use_case(Deed.EDIT_CUSTOMERS)
def drop_card(work: Work, request: DropCard) -> CardsOnFile:
    """A card is not charged any more. Raises NotFound."""
    gone = text("UPDATE customer_cards SET is_active = false WHERE id = :id AND is_active RETURNING customer_id")
    customer: int | None = work.session.execute(gone, {"id": request.card_id}).scalar()
    if customer is None:
        raise NotFound(what="card", name=request.card_id, remedy="Look at the customer's cards.")
    work.tell("customer.changed", customer)
    return CardsOnFile(customer, tuple(cards_of(work, customer)))


@use_case(Deed.SEE_CUSTOMERS)
def show_cards(work: Work, request: ShowCards) -> CardsOnFile:
    """The cards that are kept for a customer."""
    return CardsOnFile(request.customer_id, tuple(cards_of(work, request.customer_id)))


def cards_of(work: Work, customer_id: int) -> Sequence[CardOnFile]:
    """The same over open work."""
    return [
        CardOnFile(
            row.id,
            f"{row.brand} {row.last4} exp {row.expires_on:%m/%y}",
            row.brand,
            row.last4,
            row.expires_on,
            row.provider,
            row.expires_on < work.desk.today,
            why_not_charged(work, row.provider, row.expires_on),
        )
        for row in work.session.execute(_CARDS, {"customer": customer_id})
    ]


def why_not_charged(work: Work, provider: str, expires_on: dt.date) -> str:
    """Why the card terminal of this till can't charge a card on file; empty when it can."""
    if expires_on < work.desk.today:
        return "it has expired"
    mine = terminal_of(work.desk.card_terminal).name
    if mine == "external":
        return "the card terminal here is not connected"
    return "" if mine == provider else f"{provider} keeps it, and the terminal here is {mine}"


_CARDS = text("""
    SELECT id, brand, last4, expires_on, provider FROM customer_cards
     WHERE customer_id = :customer AND is_active ORDER BY created_at DESC, id DESC
""")
