"""Vouchers of others as a tender: each code once per issuer, its money to come without the issuer's fee."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, VoucherUsed
from frontdesk.money import rounded
from frontdesk.rules.prepayments import code_of
from frontdesk.services.prepaid import paying, receivables
from frontdesk.services.ticket.tenders import Counter, TenderKind
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale


def _most(work: Work, counter: Counter, pay: Pay) -> Decimal | None:
    issuer_id, _ = _issuer(work, pay)
    code = _code(pay)
    if work.session.execute(_USED, {"issuer": issuer_id, "code": code}).scalar():
        raise VoucherUsed
    return paying.payable(counter, without=("gift_card", "account"))


def _issuer(work: Work, pay: Pay) -> tuple[int, Decimal]:
    """Whose voucher it is, and what they keep of it. The only one when none is said."""
    rows = work.session.execute(_ISSUERS, {"id": pay.issuer_id}).all()
    if pay.issuer_id is not None and not rows:
        raise NotFound(what="voucher issuer", name=pay.issuer_id, remedy="Look at frontdesk voucher issuers.")
    if not rows:
        raise BadInput("No vouchers are taken here. A manager can add who issues them.", field="issuer")
    if len(rows) > 1:
        raise BadInput(f"Say whose voucher it is: {', '.join(row.name for row in rows)}.", field="issuer")
    return rows[0].id, rows[0].fee_percent


def _code(pay: Pay) -> str:
    code = code_of(pay.code)
    if not code:
        raise BadInput("Type the voucher's code: 4 to 32 letters and digits, as it is printed.", field="code")
    return code


_ISSUERS = text("""
    SELECT id, CAST(name AS text) AS name, fee_percent FROM voucher_issuers
     WHERE is_active AND (CAST(:id AS bigint) IS NULL OR id = :id) ORDER BY name
""")
_USED = text("SELECT EXISTS (SELECT FROM receivables WHERE issuer_id = :issuer AND code = :code AND freed_at IS NULL)")


def _taken(work: Work, sale: Sale, payment: Payment, pay: Pay) -> None:
    receivables.take(work, sale, payment, "voucher", issuer_id=payment.issuer_id, code=payment.code)


def _columns(work: Work, pay: Pay, amount: Decimal) -> Mapping[str, object]:
    issuer_id, percent = _issuer(work, pay)
    return {"issuer_id": issuer_id, "code": _code(pay), "fee": rounded(amount * percent / 100, work.shop.currency)}


TENDER = TenderKind("voucher", _most, _taken, receivables.give_back, columns=_columns)
