"""What the payer of a ticket has here that could pay for it: shown at the checkout without being asked for (features
BK24, CO8)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from frontdesk.services.prepaid import paying, paying_credit, paying_deposit, prepaid
from frontdesk.services.ticket.tenders import Counter
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
    """What could still be put down for this ticket, deposits first; nothing twice. One question."""
    ticket = counter.ticket
    if not counter.items or not counter.due:
        return ()
    held = prepaid.holdings(
        work,
        "payer",
        customer=paying.payer_of(counter),
        visits=list(ticket.appointment_ids),
        fees=list(ticket.fee_ids),
    )
    deposits = [one for one in held if one.kind == "deposit"]
    credits_ = paying_credit.usable(work, [one for one in held if one.kind == "credit"])
    found = (
        OfferedTender("deposit", paying_deposit.deposit_for(work, counter, deposits), "Deposit"),
        OfferedTender("credit", paying_credit.credit_for(work, counter, credits_), "Credit"),
    )
    said = {pay.method for pay in ticket.tenders}
    return tuple(one for one in found if one.amount > 0 and one.method not in said)
