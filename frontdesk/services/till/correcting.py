"""A wrong tender put right: an entry of today that names the sale and its Z; what was closed stays as it was (CD6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import ApprovalCodeMissing, BadInput, Refusal
from frontdesk.money import plain, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.giving_back import TenderLeft
from frontdesk.rules.pricing import CARD, CASH
from frontdesk.rules.tender_words import method_words
from frontdesk.services.drawers.drawer_counts import approver
from frontdesk.services.till import giving_back
from frontdesk.services.till.giving_back import SoldAlready, sold_already
from frontdesk.services.typed import reason_given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.sales import Payment, Sale, SaleLine
from frontdesk.text import clean

MOVABLE = (CASH, CARD, "transfer")
"""Tenders that are nothing but money. What is a balance somewhere is given back by a refund."""


class NotPaidSo(Refusal):
    """Nothing of receipt {number} is left that was paid by {method}. It was paid by {paid}."""


class NotMovable(Refusal):
    """{method} is not money alone, so it is not moved to another tender. Refund it and sell it again."""


@dataclass(frozen=True, kw_only=True)
class CorrectTender(Write):
    """A sale of which some was entered under a wrong tender."""

    number: int
    """Of the receipt."""
    out_of: str
    """What it was entered as."""
    into: str
    """What it was."""
    reason: str
    amount: Decimal | None = None
    """All that was entered so, when it is not said."""
    approval_code: str = ""
    """Of the card terminal, when it was a card."""


@dataclass(frozen=True)
class Corrected:
    """A correction as it was written."""

    sale_id: int
    number: int
    """Its own."""
    corrects_number: int
    z: int | None
    """The Z that covers the sale, which stays as it is; None when none does yet."""
    out_of: str
    into: str
    amount: Decimal
    reason: str


@use_case(Deed.REFUND)
def correct_tender(work: Work, request: CorrectTender) -> Corrected:
    """Move money from the tender it was entered as to the one it was, under a number of today.

    While its drawer is open its expected cash changes with it; a drawer that was counted keeps its figures, and what
    it was off by is put right here. Raises NotFound, RefundOfRefund, VoidedAlready, NotPaidSo, NotMovable,
    ApprovalCodeMissing, ReasonMissing, BadInput.
    """
    reason = reason_given(request.reason)
    sold = sold_already(work, sale_id=None, number=request.number)
    giving_back.refuse_voided(sold)
    for method in (request.out_of, request.into):
        if method not in MOVABLE:
            raise NotMovable(method=method_words(method))
    if request.out_of == request.into:
        raise BadInput("That is the tender it was entered as. Say which it really was.", field="into")
    code = clean(request.approval_code)
    if request.into == CARD and not code:
        raise ApprovalCodeMissing
    tender = _tender(sold, request)
    amount = _amount(request, tender, sold.sale.currency)
    sale = _open(work, sold, reason)
    _write(work, sale, request, tender, amount, code)
    giving_back.close(work, sale)
    work.tell("sale.corrected", sale.id, number=sale.number, corrects=sold.sale.id)
    asked = {"shop": work.shop.id, "number": sold.sale.number}
    z = work.session.execute(_Z, asked).scalar()
    return Corrected(sale.id, sale.number or 0, sold.sale.number or 0, z, request.out_of, request.into, amount, reason)


def _tender(sold: SoldAlready, request: CorrectTender) -> TenderLeft:
    left = [one for one in sold.tenders if one.amount > 0]
    mine = [one for one in left if one.method == request.out_of]
    if not mine:
        paid = ", ".join(method_words(one.method).lower() for one in left) or "nothing any more"
        raise NotPaidSo(number=sold.sale.number, method=method_words(request.out_of).lower(), paid=paid)
    return next((one for one in mine if one.amount == request.amount), max(mine, key=lambda one: one.amount))


def _amount(request: CorrectTender, tender: TenderLeft, currency: str) -> Decimal:
    amount = tender.amount if request.amount is None else request.amount
    if not 0 < amount <= tender.amount or rounded(amount, currency) != amount:
        raise BadInput(
            f"{plain(tender.amount, currency)} was entered as {method_words(tender.method).lower()}."
            " Move that or less of it.",
            field="amount",
        )
    return rounded(amount, currency)


def _open(work: Work, sold: SoldAlready, reason: str) -> Sale:
    nothing = rounded(Decimal(0), sold.sale.currency)
    sale = Sale(
        shop_id=work.shop.id,
        customer_id=sold.sale.customer_id,
        day=work.desk.today,
        closed_at=work.now,
        currency=sold.sale.currency,
        kind="correction",
        corrects_id=sold.sale.id,
        reason=reason,
        approved_by=approver(work, Deed.REFUND) if work.approval else None,
        drawer_session_id=work.session.execute(_OPEN, {"session": sold.sale.drawer_session_id}).scalar(),
        subtotal=nothing,
        discount=nothing,
        tax=nothing,
        total=nothing,
        tip=nothing,
    )
    work.session.add(sale)
    work.session.flush()
    return sale


_OPEN = text("SELECT id FROM drawer_sessions WHERE id = :session AND closed_at IS NULL FOR KEY SHARE")
_Z = text("""
    SELECT number FROM z_reports WHERE shop_id = :shop AND sales_after < :number AND sales_until >= :number
""")


def _write(work: Work, sale: Sale, request: CorrectTender, tender: TenderLeft, amount: Decimal, code: str) -> None:
    nothing = rounded(Decimal(0), sale.currency)
    words = f"{method_words(request.out_of)} was {method_words(request.into).lower()}"
    line = SaleLine(
        sale_id=sale.id, position=1, kind="other", name=words, quantity=Decimal(1), unit_price=nothing, gross=nothing,
        taxable=nothing, tax=nothing, total=nothing,
    )  # fmt: skip
    wrong = Payment(
        sale_id=sale.id, position=1, method=request.out_of, amount=-amount, tendered=-amount, taken_at=work.now,
        corrects_payment_id=tender.key,
    )  # fmt: skip
    right = Payment(
        sale_id=sale.id, position=2, method=request.into, amount=amount, tendered=amount, taken_at=work.now,
        approval_code=code or None,
    )  # fmt: skip
    work.session.add_all([line, wrong, right])
    work.session.flush()
