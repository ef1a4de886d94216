"""The ledger of tenders whose money is still to come: vouchers of others and bank transfers. Private to the services
that take them and list them, but for what is shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import Refusal
from frontdesk.money import money_text, rounded
from frontdesk.services.customers.because import Because
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person
from frontdesk.tables.owed import Receivable, ReceivableEntry
from frontdesk.tables.sales import Payment, Sale


class CameAlready(Refusal):
    """The money for {what} has come, and only {left} of it is still out. Give it back in cash or as credit."""


@dataclass(frozen=True)
class ToCome:
    """A voucher or a transfer, and what of it is still to come."""

    id: int
    kind: str
    """voucher, transfer."""
    receipt: int
    day: dt.date
    customer: str
    issuer_id: int | None
    issuer: str
    code: str
    reference: str
    amount: Decimal
    """What it paid for."""
    fee: Decimal
    """What the issuer keeps."""
    left: Decimal
    """Still to come."""


_SELECT = """
    SELECT r.id, r.kind, s.number AS receipt, s.day, c.first_name, c.last_name, c.code AS customer_code, r.issuer_id,
           i.name AS issuer, coalesce(r.code, '') AS code, r.reference, e.amount, e.fee, e.left
      FROM receivables r JOIN sales s ON s.id = r.sale_id
      LEFT JOIN customers c ON c.id = r.customer_id LEFT JOIN voucher_issuers i ON i.id = r.issuer_id
      CROSS JOIN LATERAL (
          SELECT coalesce(sum(x.amount), 0) AS left,
                 coalesce(sum(x.amount) FILTER (WHERE x.kind = 'owed'), 0) AS amount,
                 coalesce(-sum(x.amount) FILTER (WHERE x.kind = 'fee'), 0) AS fee
            FROM receivable_entries x WHERE x.receivable_id = r.id) e
     WHERE {which} ORDER BY s.day, r.id
"""
_FIND = {
    name: text(_SELECT.format(which=which))
    for name, which in {
        "kind": "r.kind = :kind AND r.currency = :currency AND (:all OR e.left <> 0)",
        "ids": "r.id = ANY (CAST(:ids AS bigint[]))",
    }.items()
}


def to_come(work: Work, which: str, **asked: object) -> list[ToCome]:
    """By `kind` or `ids`, the oldest first."""
    found = []
    for row in work.session.execute(_FIND[which], {"currency": work.shop.currency, **asked}):
        facts = dict(row._mapping)
        name = (facts.pop("first_name"), facts.pop("last_name"), facts.pop("customer_code"))
        facts["issuer"] = facts["issuer"] or ""
        found.append(ToCome(customer=person(*name) if any(name) else "", **facts))
    return found


def take(work: Work, sale: Sale, payment: Payment, kind: str, **facts: Any) -> Receivable:  # noqa: ANN401  columns of its table
    """A payment whose money is to come, without what its issuer keeps. Raises VoucherUsed."""
    owed = Receivable(
        shop_id=work.shop.id,
        kind=kind,
        sale_id=sale.id,
        payment_id=payment.id,
        customer_id=sale.customer_id,
        currency=sale.currency,
        **facts,
    )
    work.session.add(owed)
    work.session.flush()
    because = Because(sale.id, payment_id=payment.id)
    enter(work, owed.id, "owed", payment.amount, because)
    if payment.fee:
        enter(work, owed.id, "fee", -payment.fee, because)
    return owed


def enter(
    work: Work, receivable_id: int, kind: str, amount: Decimal, because: Because, day: dt.date | None = None
) -> ReceivableEntry:
    """One entry in the caller's transaction. Holds the receivable; raises NotToCome."""
    entry = ReceivableEntry(
        receivable_id=receivable_id,
        shop_id=work.shop.id,
        kind=kind,
        amount=amount,
        day=day or work.desk.today,
        at=work.now,
        sale_id=because.sale_id,
        payment_id=because.payment_id,
        corrects_id=because.corrects_id,
        reason=because.reason,
    )
    work.session.add(entry)
    work.session.flush()
    return entry


def give_back(work: Work, sale: Sale, payment: Payment, original: Payment) -> None:
    """What a refund or a void gives back is not to come any more, nor is the issuer's fee on it. Raises CameAlready."""
    row = work.session.execute(_TAKEN, {"payment": original.id}).one()
    back = -payment.amount
    whole = back >= row.amount
    fee = row.fee if whole else rounded(row.fee * back / row.amount, sale.currency)
    if row.left < back - fee:
        left = money_text(row.left, sale.currency, work.shop.locale)
        raise CameAlready(what=f"the {row.kind}", left=left)
    if fee:
        enter(work, row.id, "fee", fee, Because(sale.id, payment_id=payment.id, corrects_id=row.fee_id))
    enter(work, row.id, "owed", -back, Because(sale.id, payment_id=payment.id, corrects_id=row.owed_id))
    if whole:
        work.session.execute(_FREE, {"id": row.id, "at": work.now})


_TAKEN = text("""
    SELECT r.id, r.kind,
           sum(e.amount) AS left, sum(e.amount) FILTER (WHERE e.kind = 'owed') AS amount,
           coalesce(-sum(e.amount) FILTER (WHERE e.kind = 'fee'), 0) AS fee,
           min(e.id) FILTER (WHERE e.kind = 'owed') AS owed_id, min(e.id) FILTER (WHERE e.kind = 'fee') AS fee_id
      FROM receivables r JOIN receivable_entries e ON e.receivable_id = r.id
     WHERE r.payment_id = :payment GROUP BY r.id
""")
_FREE = text("UPDATE receivables SET freed_at = :at WHERE id = :id")
