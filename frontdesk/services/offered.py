"""What the payer of a ticket has here that could pay for it: shown at the checkout without being asked for (BK24, CO8).

Whoever keeps such money adds its question to `ASKED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.services import paying, paying_credit, paying_deposit
from frontdesk.services.tenders import Counter
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class OfferedTender:
    """A way to pay that lies ready."""

    method: str
    amount: Decimal
    """How much of it could go towards this ticket."""
    name: str
    """`Deposit`, `Credit`."""


def offered(work: Work, counter: Counter) -> tuple[OfferedTender, ...]:
    """What could still be put down for this ticket, deposits first; nothing twice."""
    if not counter.items or not counter.due:
        return ()
    said = {pay.method for pay in counter.ticket.tenders}
    found = (one for ask in ASKED for one in ask(work, counter))
    return tuple(one for one in found if one.amount > 0 and one.method not in said)


def _deposit(work: Work, counter: Counter) -> Iterator[OfferedTender]:
    if held := paying_deposit.held_for(work, counter.ticket):
        yield OfferedTender("deposit", paying_deposit.deposit_for(work, counter, held), "Deposit")


def _credit(work: Work, counter: Counter) -> Iterator[OfferedTender]:
    if paying.payer_of(counter) is not None:
        yield OfferedTender("credit", paying_credit.credit_for(work, counter), "Credit")


ASKED: tuple[Callable[[Work, Counter], Iterator[OfferedTender]], ...] = (_deposit, _credit)
