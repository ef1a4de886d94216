"""Owing as a tender: it goes on the customer's house account, up to its limit (features CO19)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import Refusal
from frontdesk.services.customers.because import Because
from frontdesk.services.prepaid import house_accounts, paying, prepaid
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale


class WhoOwes(Refusal):
    """Somebody has to owe it, and nobody is named on this ticket. Name the customer who pays."""


class LimitReached(Refusal):
    """{customer} owes {owed} and may owe {limit} at most. Take it another way, or have a manager raise the limit."""


class PaidOffAlready(Refusal):
    """{customer} owes {owed} by now, less than is to come off the account. Give it back in cash or as credit."""


def _most(work: Work, counter: Counter, pay: Pay) -> Decimal | None:
    payer = paying.payer_of(counter)
    if payer is None:
        if not counter.items:
            return prepaid.nothing(work)
        raise WhoOwes
    account = house_accounts.account_of(work, payer)
    if not account.free:
        owed, limit = prepaid.money(work, account.owed), prepaid.money(work, account.limit)
        raise LimitReached(customer=account.customer, owed=owed, limit=limit)
    return min(account.free, paying.payable(counter, without=("account",)))


def _taken(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    assert sale.customer_id is not None
    account = house_accounts.account_of(work, sale.customer_id)
    house_accounts.enter(work, account.id, "owed", payment.amount, Because(sale.id, payment_id=payment.id))


def _given_back(work: Work, sale: Sale, payment: Payment, original: Payment) -> None:
    row = work.session.execute(_OWED, {"payment": original.id}).one()
    account = house_accounts.account_of(work, row.customer_id)
    if account.owed < -payment.amount:
        raise PaidOffAlready(customer=account.customer, owed=prepaid.money(work, account.owed))
    because = Because(sale.id, payment_id=payment.id, corrects_id=row.id)
    house_accounts.enter(work, account.id, "owed", payment.amount, because)


_OWED = text("""
    SELECT e.id, a.customer_id FROM account_entries e JOIN house_accounts a ON a.id = e.account_id
     WHERE e.payment_id = :payment AND e.kind = 'owed' AND e.corrects_id IS NULL
""")

TENDER = TenderKind("account", _most, _taken, _given_back)
