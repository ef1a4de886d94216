"""Charges by a card terminal of ours: written down before it is asked, known once, used by one sale (features CO20).

A charge is a talk of several transactions: what is asked for is committed first, the provider is asked outside of any
transaction, and what it says is heard in another. Whatever dies in between leaves a row that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from frontdesk.channels.card_terminal import Asked, CardTerminal, Said, TerminalSilent, terminal_of
from frontdesk.desk import Desk
from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.services.cards.card_charges import (
    BeginCharge,
    BeginRefund,
    Begun,
    CardCharge,
    CardCharges,
    CardGone,
    HearCard,
    OpenCharges,
    OtherTerminal,
    ReceiptStands,
    ShowCharge,
    asked_for,
    begin_charge,
    begin_refund,
    hear,
    open_charges,
    show_charge,
)
from frontdesk.services.use_case import Write, talk

__all__ = [
    "AskAgain",
    "CallsHeard",
    "CardCharge",
    "CardCharges",
    "CardGone",
    "ChargeCard",
    "HearCalls",
    "OpenCharges",
    "OtherTerminal",
    "ReceiptStands",
    "RefundCard",
    "ShowCharge",
    "ask_again",
    "charge",
    "hear_calls",
    "open_charges",
    "refund_charge",
    "show_charge",
]


@dataclass(frozen=True, kw_only=True)
class ChargeCard(Write):
    """An amount for the card terminal. Sent again with its request id, it finds the one charge."""

    amount: Decimal
    customer_card_id: int | None = None
    """A card on file; what is held to the reader otherwise."""


@dataclass(frozen=True, kw_only=True)
class RefundCard(Write):
    """An amount that goes back to the card of a charge."""

    card_payment_id: int
    amount: Decimal | None = None
    """All that is left of it when it is not said."""


@dataclass(frozen=True, kw_only=True)
class AskAgain(Write):
    """What became of a charge about which nobody knows; of all of this shop's when none is said."""

    card_payment_id: int | None = None


@talk(Deed.SELL)
def charge(desk: Desk, request: ChargeCard) -> CardCharge:
    """Charge a card at this till's terminal: approved, declined, or pending when it does not answer.

    Raises ChargeByHand where the terminal is not connected, BadInput, CardGone. A pending charge is asked about again,
    never charged anew.
    """
    terminal = terminal_of(desk.card_terminal)
    begun = begin_charge(
        desk,
        BeginCharge(
            amount=request.amount, customer_card_id=request.customer_card_id, provider=terminal.name,
            request_id=request.request_id,
        ),
    )  # fmt: skip
    return ask_for(desk, terminal, begun)


@talk(Deed.REFUND)
def refund_charge(desk: Desk, request: RefundCard) -> CardCharge:
    """Give money back to the card of a charge. Raises CardRefundTooMuch, NotFound, OtherTerminal, ChargeByHand."""
    terminal = terminal_of(desk.card_terminal)
    begun = begin_refund(
        desk,
        BeginRefund(
            card_payment_id=request.card_payment_id, amount=request.amount, provider=terminal.name,
            request_id=request.request_id, approval=request.approval,
        ),
    )  # fmt: skip
    return ask_for(desk, terminal, begun)


@talk(Deed.SELL)
def ask_again(desk: Desk, request: AskAgain) -> CardCharges:
    """Ask the provider what became of charges that nobody knows about. Raises NotFound, OtherTerminal."""
    terminal = terminal_of(desk.card_terminal)
    pending = [one for one in open_charges(desk, OpenCharges()).charges if one.status in ("pending", "failed")]
    if request.card_payment_id is not None:
        pending = [show_charge(desk, ShowCharge(card_payment_id=request.card_payment_id))]
    for one in pending:
        asked = asked_for(desk, ShowCharge(card_payment_id=one.id))
        if asked.provider != terminal.name:
            if request.card_payment_id is not None:
                raise OtherTerminal(id=one.id, provider=asked.provider)
            continue
        try:
            said = terminal.outcome(asked.reference)
        except TerminalSilent:
            continue
        hear(desk, _heard(terminal, said) if said else _unheard(terminal, asked.reference))
    return CardCharges(tuple(show_charge(desk, ShowCharge(card_payment_id=one.id)) for one in pending))


@dataclass(frozen=True, kw_only=True)
class HearCalls(Write):
    """What the provider calls about."""


@dataclass(frozen=True)
class CallsHeard:
    """How often it called, and how much of that was news."""

    calls: int
    news: int
    unknown: int
    """About charges that are not of this business: somebody else's to hear."""


@talk(Deed.SELL)
def hear_calls(desk: Desk, request: HearCalls) -> CallsHeard:
    """Hear what the provider calls about: each saying counts once, however often it is said."""
    terminal = terminal_of(desk.card_terminal)
    calls = terminal.calls()
    news, known = 0, []
    for said in calls:
        try:
            news += hear(desk, _heard(terminal, said)).is_news
        except NotFound:
            continue
        known.append(said)
    terminal.thank(known)
    return CallsHeard(len(calls), news, len(calls) - len(known))


def ask_for(desk: Desk, terminal: CardTerminal, begun: Begun) -> CardCharge:
    """Ask outside of any transaction, unless it is known by now; then hear what was said."""
    known = show_charge(desk, ShowCharge(card_payment_id=begun.id))
    if known.status == "pending":
        try:
            said = terminal.ask(
                Asked(
                    begun.reference,
                    known.amount,
                    known.currency,
                    "refund" if known.kind == "refund" else "charge",
                    begun.charge,
                    begun.token,
                )
            )
        except TerminalSilent:
            hear(desk, _silence(terminal, begun.reference))
        else:
            hear(desk, _heard(terminal, said))
        known = show_charge(desk, ShowCharge(card_payment_id=begun.id))
    return known


def _heard(terminal: CardTerminal, said: Said) -> HearCard:
    return HearCard(
        provider=terminal.name, reference=said.reference, event=said.event, kind=said.outcome, charge=said.charge,
        approval_code=said.approval_code, brand=said.brand, last4=said.last4, message=said.message,
    )  # fmt: skip


def _silence(terminal: CardTerminal, reference: UUID) -> HearCard:
    return HearCard(
        provider=terminal.name, reference=reference, event=f"ours {uuid4()}", kind="timeout", message="No answer"
    )


def _unheard(terminal: CardTerminal, reference: UUID) -> HearCard:
    return HearCard(
        provider=terminal.name, reference=reference, event=f"ours {uuid4()}", kind="unknown", message="Never arrived"
    )
