"""A visit's deposit as a tender for it, or for the fee of having left it (features BK24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import Refusal, SpentMeanwhile
from frontdesk.rules.prepayments import drawn_down
from frontdesk.services.prepaid import paying, prepaid
from frontdesk.services.prepaid.prepaid import Holding
from frontdesk.services.ticket.items import Item
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay, Ticket
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale

NOT_BY_DEPOSIT = paying.PREPAID | {"deposit"}


class NoDepositPaid(Refusal):
    """No deposit is held for what is on this ticket. Take another tender."""


def held_for(work: Work, ticket: Ticket) -> list[Holding]:
    """Deposits with something on them for the ticket's visits and for the visits of its fees, the oldest first."""
    visits = set(ticket.appointment_ids)
    if ticket.fee_ids:
        visits |= set(work.session.execute(_OF_FEES, {"fees": list(ticket.fee_ids)}).scalars())
    found = prepaid.holdings(work, "visits", visits=sorted(visits)) if visits else []
    return [one for one in found if one.balance]


_OF_FEES = text("""
    SELECT l.appointment_id FROM appointment_fees f JOIN appointment_services l ON l.id = f.appointment_service_id
     WHERE f.id = ANY (:fees)
""")


def deposit_for(work: Work, counter: Counter, held: Sequence[Holding]) -> Decimal:
    """How much of these deposits could go towards a ticket."""
    usable = [one for one in held if not one.waits and one.currency == work.shop.currency]
    all_of_it = sum((one.balance for one in usable), prepaid.nothing(work))
    return min(all_of_it, paying.payable(counter, without=NOT_BY_DEPOSIT))


def _most(work: Work, counter: Counter, pay: Pay) -> Decimal | None:
    held = held_for(work, counter.ticket)
    if not held:
        if not counter.items:
            return prepaid.nothing(work)
        raise NoDepositPaid
    most = deposit_for(work, counter, held)
    if not most and counter.due:
        for one in held:
            prepaid.refuse_unusable(work, one)
    return most


def _taken(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    visits = list(work.session.execute(_OF_SALE, {"sale": sale.id}).scalars())
    held = prepaid.holdings(work, "visits", visits=visits)
    parts = _parts(held, payment.amount)
    if sum((amount for _, amount in parts), Decimal(0)) != payment.amount:
        raise SpentMeanwhile
    prepaid.redeem(work, sale, payment, parts)


_OF_SALE = text("""
    SELECT DISTINCT s.appointment_id
      FROM sale_lines l LEFT JOIN appointment_fees f ON f.sale_line_id = l.id
      JOIN appointment_services s ON s.id = coalesce(l.appointment_service_id, f.appointment_service_id)
     WHERE l.sale_id = :sale
""")


def _parts(held: Sequence[Holding], amount: Decimal) -> list[tuple[Holding, Decimal]]:
    return drawn_down([(one, one.balance) for one in held if not one.waits], amount)


def _lines(work: Work, counter: Counter, pay: Pay, amount: Decimal) -> list[Item]:
    return paying.tax_items(work, _parts(held_for(work, counter.ticket), amount))


def _columns(work: Work, pay: Pay, amount: Decimal) -> Mapping[str, object]:
    return {}


TENDER = TenderKind("deposit", _most, _taken, prepaid.put_back, _lines, _columns)
