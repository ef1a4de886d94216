"""What a refund or a void owes to cards of connected terminals, sent there: each part once (features CO13, CO20).

The refund's receipt is written first and stands, whatever the terminal says: it says how much goes back, and nobody
needs to be asked again. What a card did not take stays among the open charges until it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import text

from frontdesk.channels.card_terminal import terminal_of
from frontdesk.desk import Desk
from frontdesk.errors import BadInput
from frontdesk.money import money_text
from frontdesk.permissions import Deed
from frontdesk.services.cards.card_charges import Begun, CardCharge, OtherTerminal
from frontdesk.services.cards.card_payments import ask_for
from frontdesk.services.use_case import Work, Write, talk, use_case
from frontdesk.tables.cards import CardPayment

_KEYS = UUID("6f1f3b0e-52cb-4f0a-9c6e-7d3a52f7a4c1")
"""Keys of what goes back are made of this and of the payment that gives it back: asked twice, it is one wish."""


@dataclass(frozen=True, kw_only=True)
class SendBack(Write):
    """Of a refund or a void, by its row, or of one charge: everything that its receipts gave back and no card has."""

    sale_id: int | None = None
    card_payment_id: int | None = None


@dataclass(frozen=True)
class SentBack:
    """What the terminal said of each part."""

    charges: tuple[CardCharge, ...]
    sentences: tuple[str, ...]
    """One for each part; what is still to be done stands in it."""
    is_done: bool
    """Whether every card has its money. There may have been none."""


@dataclass(frozen=True, kw_only=True)
class ShowOwedToCards:
    """Of a refund or a void, or of one charge."""

    sale_id: int | None = None
    card_payment_id: int | None = None


@dataclass(frozen=True)
class OwedToCard:
    """A part that goes back to a card."""

    payment_id: int
    """The negative one."""
    charge_id: int
    provider: str
    amount: Decimal
    card: str
    """`Visa …4242`."""
    tries: int
    """How often its terminal has said no, or never heard of it."""


@dataclass(frozen=True)
class WaitingBack:
    """What a terminal was asked to give back and has not answered."""

    begun: Begun
    charge_id: int
    provider: str
    card: str


@dataclass(frozen=True)
class OwedToCards:
    """All of it, in the order of the receipts."""

    parts: tuple[OwedToCard, ...]
    waiting: tuple[WaitingBack, ...]
    """To be asked for again first, under their own references."""
    currency: str
    locale: str


@use_case(Deed.SELL)
def owed_to_cards(work: Work, request: ShowOwedToCards) -> OwedToCards:
    """What of these receipts no card has yet, or may not have: what is asked for and unanswered is among it."""
    if (request.sale_id is None) == (request.card_payment_id is None):
        raise BadInput("Say which refund, or which charge.", field="sale_id")
    asked = {"shop": work.shop.id, "sale": request.sale_id, "charge": request.card_payment_id}
    parts = tuple(OwedToCard(*row) for row in work.session.execute(_OWED, asked))
    rows = work.session.execute(_WAITING, {"charges": sorted({one.charge_id for one in parts})})
    waiting = tuple(
        WaitingBack(Begun(row.id, row.reference, row.provider_charge or "", ""), row.charge_id, row.provider, row.card)
        for row in rows
    )
    return OwedToCards(parts, waiting, work.shop.currency, work.shop.locale)


_WAITING = text("""
    SELECT r.id, r.reference, c.provider_charge, c.id AS charge_id, c.provider, concat(c.brand, ' …', c.last4) AS card
      FROM card_payments r JOIN card_payments c ON c.id = r.refunds_id
     WHERE c.id = ANY (CAST(:charges AS bigint[])) AND r.status = 'pending' ORDER BY r.id
""")


# What was given back of a charge otherwise counts for the oldest of its receipts.
_OWED = text("""
    SELECT payment_id, charge_id, provider, least(amount, upto - refunded) AS amount, card, tries FROM (
        SELECT o.id AS payment_id, o.sale_id, c.id AS charge_id, c.provider, -o.amount AS amount,
               concat(c.brand, ' …', c.last4) AS card,
               sum(-o.amount) OVER (PARTITION BY c.id ORDER BY o.id) AS upto,
               (SELECT coalesce(sum(r.amount), 0) FROM card_payments r
                 WHERE r.refunds_id = c.id AND r.status = 'approved') AS refunded,
               (SELECT count(*) FROM card_payments r
                 WHERE r.refunds_id = c.id AND r.status IN ('declined', 'failed')) AS tries
          FROM payments o JOIN payments p ON p.id = o.corrects_payment_id
          JOIN card_payments c ON c.id = p.card_payment_id
         WHERE c.shop_id = :shop AND o.method = 'card') parts
     WHERE upto > refunded AND (CAST(:sale AS bigint) IS NULL OR sale_id = :sale)
       AND (CAST(:charge AS bigint) IS NULL OR charge_id = :charge)
     ORDER BY payment_id
""")


@dataclass(frozen=True, kw_only=True)
class BeginBack(Write):
    """A part that a provider is about to be asked to give back."""

    payment_id: int
    provider: str
    amount: Decimal


@use_case(Deed.SELL)
def begin_back(work: Work, request: BeginBack) -> Begun:
    """Write down what goes back to a card because a receipt says so: first half of `send_back`.

    Raises OtherTerminal, CardRefundTooMuch, BadInput for more than its receipt gave back. Holds the charge.
    """
    row = work.session.execute(_PART, {"payment": request.payment_id, "shop": work.shop.id}).one_or_none()
    if row is None or not 0 < request.amount <= min(row.back, row.owed - row.gone):
        raise BadInput("No receipt gives so much back to a card.", field="amount")
    if row.provider != request.provider:
        raise OtherTerminal(id=row.id, provider=row.provider)
    back = CardPayment(
        shop_id=work.shop.id, kind="refund", refunds_id=row.id, provider=row.provider, reference=request.request_id,
        amount=request.amount, currency=row.currency, asked_at=work.now,
    )  # fmt: skip
    work.session.add(back)
    work.session.flush()
    work.tell("card.asked", back.id)
    return Begun(back.id, back.reference, row.provider_charge or "", "")


_PART = text("""
    SELECT c.id, c.provider, c.currency, c.provider_charge, -o.amount AS back,
           (SELECT -sum(b.amount) FROM payments b WHERE b.corrects_payment_id = p.id AND b.method = 'card') AS owed,
           (SELECT coalesce(sum(r.amount), 0) FROM card_payments r
             WHERE r.refunds_id = c.id AND r.status IN ('pending', 'approved')) AS gone
      FROM payments o JOIN payments p ON p.id = o.corrects_payment_id JOIN card_payments c ON c.id = p.card_payment_id
     WHERE o.id = :payment AND o.method = 'card' AND c.shop_id = :shop FOR NO KEY UPDATE OF c
""")


@talk(Deed.SELL)
def send_back(desk: Desk, request: SendBack) -> SentBack:
    """Send what receipts gave back to the cards that paid: once each, however often it is asked.

    The receipts allowed it, so nobody is asked again. What is declined, unanswered or another till's is said, and stays
    among the open charges.
    """
    terminal = terminal_of(desk.card_terminal)
    asked = ShowOwedToCards(sale_id=request.sale_id, card_payment_id=request.card_payment_id)
    owed = owed_to_cards(desk, asked)
    backs: list[tuple[CardCharge, str]] = [
        (ask_for(desk, terminal, one.begun), one.card) for one in owed.waiting if one.provider == terminal.name
    ]
    if owed.waiting:
        owed = owed_to_cards(desk, asked)
    unanswered, others = {one.charge_id for one in owed.waiting}, []
    for part in owed.parts:
        if part.provider != terminal.name:
            others.append(OtherTerminal(id=part.charge_id, provider=part.provider).sentence)
            continue
        if part.charge_id in unanswered:
            continue
        key = uuid5(_KEYS, f"{desk.actor.business_id} {part.payment_id} {part.tries} {part.amount}")
        wish = BeginBack(payment_id=part.payment_id, provider=part.provider, amount=part.amount, request_id=key)
        backs.append((ask_for(desk, terminal, begin_back(desk, wish)), part.card))
    said = tuple(_sentence(back, card, owed.locale) for back, card in backs)
    is_done = not others and all(back.status == "approved" for back, _ in backs)
    return SentBack(tuple(back for back, _ in backs), (*said, *others), is_done)


def _sentence(back: CardCharge, card: str, locale: str) -> str:
    money = money_text(back.amount, back.currency, locale)
    if back.status == "approved":
        return f"{money} is back on {card}."
    later = "It stands at the top of the till's list until then."
    if back.status == "pending":
        return f"The card terminal does not answer about {money} back to {card}; it is never given twice. {later}"
    why = f" ({back.message})" if back.message else ""
    return f"{card} did not take {money} back{why}. {later}"
