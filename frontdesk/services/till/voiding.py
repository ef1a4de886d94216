"""A sale taken back as a whole before its drawer is counted: its number stays, all it moved goes back (CO14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import Refusal, VoidAfterClose
from frontdesk.permissions import Deed
from frontdesk.services.papers import invoices
from frontdesk.services.papers.receipts import printed
from frontdesk.services.till import giving_back
from frontdesk.services.till.giving_back import Back, SoldAlready, sold_already
from frontdesk.services.typed import reason_given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import person


class RefundedAlready(Refusal):
    """Some of receipt {number} has gone back already, so it can't be voided. Give the rest back as a refund."""


@dataclass(frozen=True, kw_only=True)
class VoidSale(Write):
    """A sale by its receipt's number or its row's, and why it is void."""

    reason: str
    number: int | None = None
    sale_id: int | None = None


@dataclass(frozen=True)
class Voided:
    """A void as it was written. Amounts are positive: what went back."""

    sale_id: int
    number: int
    """Its own; the sale keeps the one it has."""
    corrects_id: int
    corrects_number: int
    total: Decimal
    tip: Decimal
    payments: tuple[tuple[str, Decimal], ...]
    visits: tuple[int, ...]
    """Visits that are to be paid again."""
    receipt: str
    credit_note: int | None = None
    """Its number, when the sale had an invoice."""


@dataclass(frozen=True, kw_only=True)
class ShowLastSale:
    """What the person at this desk took last today."""


@dataclass(frozen=True)
class LastSale:
    """A sale of today that can be taken back."""

    sale_id: int
    number: int
    customer: str
    total: Decimal
    """With tip."""


@dataclass(frozen=True)
class LastSales:
    """The sale that `u` offers to void; none when there is nothing to take back."""

    sale: LastSale | None


@use_case(Deed.VOID)
def void(work: Work, request: VoidSale) -> Voided:
    """Take a whole sale back while its drawer is open; its visits are to be paid again.

    Raises NotFound, RefundOfRefund, VoidedAlready, RefundedAlready, VoidAfterClose, ReasonMissing, and what speaks
    against taking a thing back.
    """
    reason = reason_given(request.reason)
    sold = sold_already(work, sale_id=request.sale_id, number=request.number)
    giving_back.refuse_voided(sold)
    if sold.times:
        raise RefundedAlready(number=sold.sale.number)
    if _is_closed(work, sold):
        raise VoidAfterClose
    everything = Back(sold.lines, sold.tips, {one.key: one.amount for one in sold.tenders if one.amount})
    session_id = sold.sale.drawer_session_id
    sale = giving_back.write(work, sold, everything, kind="void", reason=reason, session_id=session_id)
    giving_back.write_commissions(work, sale, "withhold")
    giving_back.close(work, sale)
    note = invoices.credit(work, sale)
    work.tell("sale.voided", sale.id, number=sale.number, corrects=sold.sale.id)
    return Voided(
        sale.id,
        sale.number or 0,
        sold.sale.id,
        sold.sale.number or 0,
        -sale.total,
        -sale.tip,
        tuple((row.method, row.amount) for row in work.session.execute(_BACK_BY, {"sale": sale.id})),
        tuple(work.session.execute(_VISITS, {"sale": sold.sale.id}).scalars()),
        printed(work, sale.id, copy=False),
        note.number if note else None,
    )


_BACK_BY = text("SELECT method, -amount AS amount FROM payments WHERE sale_id = :sale ORDER BY position")
_VISITS = text("""
    SELECT DISTINCT v.appointment_id FROM sale_lines l JOIN appointment_services v ON v.id = l.appointment_service_id
     WHERE l.sale_id = :sale ORDER BY 1
""")


@use_case(Deed.SELL)
def last_sale(work: Work, request: ShowLastSale) -> LastSales:
    """What this person took last today, if it can still be voided."""
    rows: Sequence[int] = work.session.execute(
        _LAST, {"shop": work.shop.id, "day": work.desk.today, "user": work.actor.user_id}
    ).scalars().all()  # fmt: skip
    for sale_id in rows:
        sold = sold_already(work, sale_id=sale_id, number=None)
        if why_no_void(work, sold):
            return LastSales(None)
        named = work.session.execute(_CUSTOMER, {"id": sold.sale.customer_id}).one_or_none()
        return LastSales(
            LastSale(
                sale_id,
                sold.sale.number or 0,
                person(named.first_name, named.last_name, named.code) if named else "",
                sold.sale.total + sold.sale.tip,
            )
        )
    return LastSales(None)


_LAST = text("""
    SELECT s.id FROM sales s
     WHERE s.shop_id = :shop AND s.day = :day AND s.cashier_id = :user AND s.kind = 'sale' AND s.number IS NOT NULL
       AND NOT EXISTS (SELECT FROM sales v WHERE v.corrects_id = s.id AND v.kind = 'void')
     ORDER BY s.number DESC LIMIT 1
""")
_CUSTOMER = text("SELECT first_name, last_name, code FROM customers WHERE id = :id")


def why_no_void(work: Work, sold: SoldAlready) -> str:
    """Why a sale can't be voided, in a sentence; empty when it can."""
    if sold.voided_by is not None:
        return f"It was voided as {sold.voided_by}."
    if sold.times:
        return "Some of it has gone back already."
    return VoidAfterClose().sentence if _is_closed(work, sold) else ""


def _is_closed(work: Work, sold: SoldAlready) -> bool:
    """Whether its drawer is counted, its day is closed, or, where there are no drawers, its day is over."""
    asked = {"session": sold.sale.drawer_session_id, "shop": sold.sale.shop_id, "number": sold.sale.number}
    if work.session.execute(_CLOSED, asked).scalar():
        return True
    return sold.sale.drawer_session_id is None and sold.sale.day != work.desk.today


_CLOSED = text("""
    SELECT EXISTS (SELECT FROM drawer_sessions WHERE id = :session AND closed_at IS NOT NULL)
        OR EXISTS (SELECT FROM z_reports WHERE shop_id = :shop AND sales_until >= :number)
""")
