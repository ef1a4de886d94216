"""Cards as a tender: by an approval code that somebody typed, or by a charge of a terminal of ours (features CO20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, CardPaymentUsed, NotFound, Refusal
from frontdesk.money import plain
from frontdesk.rules.card_numbers import refuse_card_numbers
from frontdesk.rules.pricing import CARD
from frontdesk.services.cards.card_charges import token_of
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work


class ChargeNotApproved(Refusal):
    """Charge {id} is {status}, and pays for nothing. {remedy}"""


def _completed(work: Work, counter: Counter, tenders: Sequence[Pay]) -> tuple[Pay, ...]:
    """A charge says itself how much it is and what its approval code is; a card on file has to be one that this till
    can charge."""
    refuse_card_numbers(*(pay.approval_code or "" for pay in tenders))
    for pay in tenders:
        if pay.customer_card_id is not None and pay.card_payment_id is None:
            token_of(work, pay.customer_card_id)
    wanted = [pay.card_payment_id for pay in tenders if pay.card_payment_id is not None]
    if not wanted:
        return tuple(tenders)
    rows = {row.id: row for row in work.session.execute(_CHARGES, {"ids": wanted, "shop": work.shop.id})}
    completed = []
    for pay in tenders:
        if pay.card_payment_id is None:
            completed.append(pay)
            continue
        row = rows.get(pay.card_payment_id)
        if row is None or pay.method != CARD:
            raise NotFound(what="charge", name=pay.card_payment_id, remedy="Look at the open charges.")
        if row.status != "approved":
            remedy = "Ask the terminal again." if row.status == "pending" else "Charge another card, or pay otherwise."
            raise ChargeNotApproved(id=row.id, status=row.status, remedy=remedy)
        if row.used or wanted.count(row.id) > 1:
            raise CardPaymentUsed
        if pay.amount not in (None, row.amount):
            raise BadInput(
                f"Charge {row.id} took {plain(row.amount, work.shop.currency)} from the card. Put down as much.",
                field="tenders",
            )
        completed.append(replace(pay, amount=Decimal(row.amount), approval_code=row.approval_code))
    return tuple(completed)


_CHARGES = text("""
    SELECT c.id, c.status, c.amount, c.approval_code,
           EXISTS (SELECT FROM payments p WHERE p.card_payment_id = c.id)
           OR EXISTS (SELECT FROM card_payments r
                       WHERE r.refunds_id = c.id AND r.status IN ('pending', 'approved')) AS used
      FROM card_payments c WHERE c.id = ANY (:ids) AND c.shop_id = :shop AND c.kind = 'charge'
""")


def _columns(work: Work, pay: Pay, amount: Decimal) -> Mapping[str, object]:
    return {} if pay.card_payment_id is None else {"card_payment_id": pay.card_payment_id}


TENDER = TenderKind(CARD, completed=_completed, columns=_columns)
