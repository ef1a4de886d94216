"""Charges as rows: written down before a provider is asked, settled by what it says the first time, and listed while
something is left to do (features CO20). Private to the talks of `card_payments`, but for what is shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, RowMapping, text

from frontdesk.channels.card_terminal import ChargeByHand
from frontdesk.errors import BadInput, NotFound, Refusal
from frontdesk.money import money_text
from frontdesk.permissions import Deed
from frontdesk.services.cards.customer_cards import why_not_charged
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import when_said
from frontdesk.tables.cards import CardPayment
from frontdesk.text import clean

Status = Literal["pending", "approved", "declined", "failed"]

_ASK_ABOUT_BACK = "Nobody knows yet whether the card has its money back. Ask the terminal: it is never given twice."
_ASK_AGAIN = "Nobody knows yet whether the card was charged. Ask the terminal again before you charge anew."


class OtherTerminal(Refusal):
    """Charge {id} was asked of {provider}, and this till has another card terminal. Ask at the till that has it."""


class ReceiptStands(Refusal):
    """That charge paid for receipt {number}. Refund or void the receipt first; then as much goes back to the card."""


class CardGone(Refusal):
    """{card} can't be charged: {why}. Take another card, or pay another way."""


@dataclass(frozen=True, kw_only=True)
class ShowCharge:
    """A charge."""

    card_payment_id: int


@dataclass(frozen=True)
class CardCharge:
    """A charge, or what went back of one, as it is known."""

    id: int
    kind: str
    status: Status
    amount: Decimal
    currency: str
    approval_code: str
    card: str
    """`Visa 4242`; empty while it is not known."""
    message: str
    """What the provider said."""
    asked_at: dt.datetime
    sale_number: int | None
    """The receipt that it paid."""
    next: str
    """What to do with it; empty when there is nothing left to do."""
    left: Decimal = Decimal(0)
    """How much of it has still to go back to the card."""


@dataclass(frozen=True)
class CardCharges:
    """Charges, oldest first."""

    charges: tuple[CardCharge, ...]


@dataclass(frozen=True, kw_only=True)
class BeginCharge(Write):
    """A charge that a provider is about to be asked for."""

    amount: Decimal
    provider: str
    customer_card_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class BeginRefund(Write):
    """What a provider is about to be asked to give back."""

    card_payment_id: int
    provider: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Begun:
    """What is written down and can be asked for now."""

    id: int
    reference: UUID
    charge: str
    """The provider's number of the charge that a refund gives back."""
    token: str
    """Of a card on file."""


@use_case(Deed.SELL)
def begin_charge(work: Work, request: BeginCharge) -> Begun:
    """Write down what a provider will be asked for: first half of `charge`. Raises BadInput, ChargeByHand, CardGone."""
    if request.provider == "external" and request.customer_card_id is None:
        raise ChargeByHand
    amount = amount_of(work, request.amount, "amount")
    if not amount:
        raise BadInput("There is nothing to charge. Say how much.", field="amount")
    token = token_of(work, request.customer_card_id) if request.customer_card_id is not None else ""
    row = CardPayment(
        shop_id=work.shop.id, kind="charge", customer_card_id=request.customer_card_id, provider=request.provider,
        reference=request.request_id, amount=amount, currency=work.shop.currency, asked_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    work.tell("card.asked", row.id)
    return Begun(row.id, row.reference, "", token)


def token_of(work: Work, customer_card_id: int) -> str:
    """What the provider of this till's terminal calls a card on file. Raises NotFound, CardGone."""
    asked = text("SELECT token, brand, last4, expires_on, provider, is_active FROM customer_cards WHERE id = :id")
    card = work.session.execute(asked, {"id": customer_card_id}).one_or_none()
    if card is None:
        raise NotFound(what="card", name=customer_card_id, remedy="Look at the customer's cards.")
    why = why_not_charged(work, card.provider, card.expires_on) if card.is_active else "it was taken off file"
    if why:
        raise CardGone(card=f"{card.brand} …{card.last4}", why=why)
    return str(card.token)


@use_case(Deed.REFUND)
def begin_refund(work: Work, request: BeginRefund) -> Begun:
    """Write down what goes back to a card: first half of `refund_charge`.

    Raises NotFound, OtherTerminal, BadInput, CardRefundTooMuch. Holds the charge.
    """
    taken = work.session.execute(_TAKEN, {"id": request.card_payment_id, "shop": work.shop.id}).one_or_none()
    if taken is None or taken.kind != "charge":
        raise NotFound(what="charge", name=request.card_payment_id, remedy="Look at the open charges.")
    if taken.provider != request.provider:
        raise OtherTerminal(id=taken.id, provider=taken.provider)
    paid = work.session.execute(_PAID_WITH, {"id": taken.id}).one_or_none()
    left = (taken.amount if paid is None else paid.back) - work.session.execute(_GONE, {"id": taken.id}).scalar_one()
    if paid is not None and (not left or (request.amount or left) > left):
        raise ReceiptStands(number=paid.number)
    amount = left if request.amount is None else amount_of(work, request.amount, "amount")
    if not amount:
        raise BadInput("There is nothing left to give back of that charge.", field="amount")
    row = CardPayment(
        shop_id=work.shop.id, kind="refund", refunds_id=taken.id, provider=taken.provider,
        reference=request.request_id, amount=amount, currency=taken.currency, asked_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    work.tell("card.asked", row.id)
    return Begun(row.id, row.reference, taken.provider_charge or "", "")


_PAID_WITH = text("""
    SELECT s.number, (SELECT coalesce(-sum(b.amount), 0) FROM payments b
                       WHERE b.corrects_payment_id = p.id AND b.method = 'card') AS back
      FROM payments p JOIN sales s ON s.id = p.sale_id WHERE p.card_payment_id = :id
""")
_GONE = text("""
    SELECT coalesce(sum(amount), 0) FROM card_payments WHERE refunds_id = :id AND status IN ('pending', 'approved')
""")
_TAKEN = text("SELECT * FROM card_payments WHERE id = :id AND shop_id = :shop FOR NO KEY UPDATE")


@dataclass(frozen=True, kw_only=True)
class HearCard(Write):
    """What a provider said about something that it was asked for, or that it said nothing."""

    provider: str
    reference: UUID
    event: str
    """The provider's number of it: heard twice, it counts once."""
    kind: Literal["approved", "declined", "timeout", "unknown"]
    charge: str = ""
    approval_code: str = ""
    brand: str = ""
    last4: str = ""
    message: str = ""


@dataclass(frozen=True)
class CardHeard:
    """What came of it."""

    id: int
    status: Status
    is_news: bool
    """Whether it was heard for the first time."""


@use_case(Deed.SELL)
def hear(work: Work, request: HearCard) -> CardHeard:
    """Write down what a provider said; the first time it changes what is known, and never again.

    Raises NotFound for what nobody here asked for. Holds the charge.
    """
    asked = {"provider": request.provider, "reference": request.reference}
    row = work.session.execute(_HELD, asked).one_or_none()
    if row is None:
        raise NotFound(what="charge", name=request.reference, remedy="It was asked for elsewhere.")
    event = {
        "payment": row.id, "provider": request.provider, "event": clean(request.event), "kind": request.kind,
        "message": clean(request.message), "now": work.now,
    }  # fmt: skip
    if work.session.execute(_NOTE, event).scalar() is None:
        return CardHeard(row.id, row.status, is_news=False)
    settled: dict[str, str] = {"approved": "approved", "declined": "declined", "unknown": "failed"}
    status = settled.get(request.kind, row.status)
    if row.status in ("approved", "declined") or request.kind == "timeout":
        status = row.status
    else:
        work.session.execute(
            _SETTLE,
            {
                "id": row.id, "status": status, "charge": clean(request.charge) or None,
                "code": clean(request.approval_code) or None, "brand": clean(request.brand), "last4": request.last4,
                "message": clean(request.message), "now": work.now,
            },
        )  # fmt: skip
    work.tell("card.settled", row.id)
    return CardHeard(row.id, status, is_news=True)


_HELD = text(
    "SELECT id, status FROM card_payments WHERE provider = :provider AND reference = :reference FOR NO KEY UPDATE"
)
_NOTE = text("""
    INSERT INTO card_events (card_payment_id, provider, provider_event, kind, message, at)
    VALUES (:payment, :provider, :event, :kind, :message, :now)
    ON CONFLICT (business_id, provider, provider_event) DO NOTHING RETURNING id
""")
_SETTLE = text("""
    UPDATE card_payments SET status = :status, provider_charge = :charge, approval_code = :code, brand = :brand,
           last4 = :last4, message = :message, settled_at = :now WHERE id = :id
""")


@dataclass(frozen=True)
class AskedFor:
    """Under which name a provider was asked."""

    provider: str
    reference: UUID


@use_case(Deed.SELL)
def asked_for(work: Work, request: ShowCharge) -> AskedFor:
    """Under which name a provider was asked for a charge. Raises NotFound."""
    found = text("SELECT provider, reference FROM card_payments WHERE id = :id AND shop_id = :shop")
    row = work.session.execute(found, {"id": request.card_payment_id, "shop": work.shop.id}).one_or_none()
    if row is None:
        raise NotFound(what="charge", name=request.card_payment_id, remedy="Look at the open charges.")
    return AskedFor(*row)


@use_case(Deed.SELL)
def show_charge(work: Work, request: ShowCharge) -> CardCharge:
    """A charge as it is known. Raises NotFound."""
    rows = work.session.execute(_CHARGES, {"shop": work.shop.id, "id": request.card_payment_id, "open": False}).all()
    if not rows:
        raise NotFound(what="charge", name=request.card_payment_id, remedy="Look at the open charges.")
    return _charge(work, rows[0])


@dataclass(frozen=True, kw_only=True)
class OpenCharges:
    """This shop's loose ends."""


@use_case(Deed.SELL)
def open_charges(work: Work, request: OpenCharges) -> CardCharges:
    """Charges with something left to do: nobody knows about them, they paid for nothing, or they have to go back."""
    return CardCharges(tuple(loose_ends(work)))


def loose_ends(work: Work) -> list[CardCharge]:
    """The same over open work: for whoever closes the day."""
    rows = work.session.execute(_CHARGES, {"shop": work.shop.id, "id": None, "open": True})
    return [found for found in (_charge(work, row) for row in rows) if found.next]


def _charge(work: Work, row: Row[Any]) -> CardCharge:
    found = row._mapping
    return CardCharge(
        found["id"],
        found["kind"],
        found["status"],
        found["amount"],
        found["currency"],
        found["approval_code"] or "",
        f"{found['brand']} {found['last4']}".strip(),
        found["message"],
        found["asked_at"],
        found["number"],
        _next(work, found),
        _left(found) if found["status"] == "approved" else Decimal(0),
    )


def _left(found: RowMapping) -> Decimal:
    """All of a charge that paid for nothing; otherwise what its receipt gave back and the card has not."""
    if found["kind"] == "refund":
        return Decimal(0)
    due = found["amount"] if found["number"] is None else found["back"]
    return max(Decimal(due - found["refunded"]), Decimal(0))


def _next(work: Work, found: RowMapping) -> str:
    if found["status"] == "pending":
        return _ASK_AGAIN if found["kind"] == "charge" else _ASK_ABOUT_BACK
    if found["status"] != "approved" or not _left(found):
        return ""
    if found["number"] is None:
        when = when_said(found["asked_at"], work.desk.today, work.shop.timezone)
        return f"Charged at {when}, and on no ticket. Pay a ticket with it, or give it back to the card."
    left = money_text(_left(found), work.shop.currency, work.shop.locale)
    return f"Its receipt was given back. Give {left} back to the card."


# An imported receipt has no number, and none of ours pays one.
_CHARGES = text("""
    SELECT c.id, c.kind, c.status, c.amount, c.currency, c.approval_code, c.brand, c.last4, c.message, c.asked_at,
           s.number, coalesce(b.back, 0) AS back,
           (SELECT coalesce(sum(r.amount), 0) FROM card_payments r
             WHERE r.refunds_id = c.id AND r.status IN ('pending', 'approved')) AS refunded
      FROM card_payments c LEFT JOIN payments p ON p.card_payment_id = c.id LEFT JOIN sales s ON s.id = p.sale_id
      LEFT JOIN LATERAL (SELECT -sum(o.amount) AS back FROM payments o
                          WHERE o.corrects_payment_id = p.id AND o.method = 'card') b ON true
     WHERE c.shop_id = :shop AND (CAST(:id AS bigint) IS NULL OR c.id = :id)
       AND (NOT :open OR c.status IN ('pending', 'approved'))
       AND (NOT :open OR c.status = 'pending' OR p.id IS NULL OR b.back IS NOT NULL)
     ORDER BY c.asked_at, c.id
""")
