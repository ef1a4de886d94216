"""What a way to pay is: how far it goes for a ticket, and what taking it and giving it back mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.rules.pricing import Priced
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.ticket_wishes import Pay, Ticket
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale


@dataclass(frozen=True)
class Counter:
    """A priced ticket that is about to be paid."""

    ticket: Ticket
    items: Sequence[Item]
    priced: Priced
    due: Decimal
    """With tip."""


def _no_end(work: Work, counter: Counter, pay: Pay) -> Decimal | None:
    return None


def _just_money(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    """It is what it is."""


def _money_back(work: Work, sale: Sale, payment: Payment, original: Payment) -> None:
    """It is what it is."""


def _no_lines(work: Work, counter: Counter, pay: Pay, amount: Decimal) -> list[Item]:
    """Paying so puts nothing on the ticket."""
    return []


def _nothing_more(work: Work, pay: Pay, amount: Decimal) -> Mapping[str, object]:
    """A payment is its method and its amount."""
    return {}


def _as_said(work: Work, counter: Counter, tenders: Sequence[Pay]) -> tuple[Pay, ...]:
    """What is put down is what was said."""
    return tuple(tenders)


@dataclass(frozen=True)
class TenderKind:
    """One way to pay."""

    method: str
    """Of payments."""
    most: Callable[[Work, Counter, Pay], Decimal | None] = _no_end
    """How much of it can go towards this ticket; None for any amount. Raises what speaks against it: unknown, empty."""
    taken: Callable[[Work, Sale, Payment, Pay], None] = _just_money
    """In the sale's transaction, when the payment is written. Locks, and raises what speaks against it by now."""
    given_back: Callable[[Work, Sale, Payment, Payment], None] = _money_back
    """In a refund's or void's transaction: its negative payment, and the one it gives back."""
    lines: Callable[[Work, Counter, Pay, Decimal], list[Item]] = _no_lines
    """Lines of total nothing that stand there because so much is paid so: a prepayment's tax, out again."""
    columns: Callable[[Work, Pay, Decimal], Mapping[str, object]] = _nothing_more
    """What else is written of a payment of so much: which gift card, whose voucher."""

    completed: Callable[[Work, Counter, Sequence[Pay]], tuple[Pay, ...]] = _as_said
    """All of a ticket's tenders with what goes without saying: what its sessions pay, what a terminal charged."""
