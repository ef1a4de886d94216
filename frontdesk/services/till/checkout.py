"""A visit becomes a ticket, and the ticket a closed sale: one transaction, once per request id (features 4.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import AlreadyPaid, ApprovalCodeMissing, NothingToPay
from frontdesk.money import minor_digits
from frontdesk.permissions import Deed
from frontdesk.rules.pricing import CARD, CASH, PricedLine, Settled, settle
from frontdesk.services.drawers.drawer_sessions import open_session_for
from frontdesk.services.papers.outbox import queue_mail
from frontdesk.services.papers.receipts import printed
from frontdesk.services.ticket import coupons
from frontdesk.services.ticket.items import Item, SoldLine
from frontdesk.services.ticket.tenders import Counter
from frontdesk.services.ticket.ticket_wishes import Pay, Ticket
from frontdesk.services.till import bill, discounts, parked, selling_fees
from frontdesk.services.till.bill import Bill
from frontdesk.services.till.goods import GOODS
from frontdesk.services.till.ways_to_pay import tender_kind
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.sales import Payment, Sale, SaleLine, SaleLineTax, Tip
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class CheckOut(Ticket, Write):
    """A ticket and how it is paid."""

    parked_id: int | None = None
    """Which parked ticket it was; it is done with when this one is paid."""

    mail_to: str | None = None
    """Whom the receipt is sent to with the sale; empty for the customer's own address, None for nobody."""


@dataclass(frozen=True)
class PaidBy:
    """One tender as it was taken."""

    method: str
    amount: Decimal
    handed_over: Decimal


@dataclass(frozen=True)
class Receipted:
    """A closed sale."""

    sale_id: int
    number: int
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    tip: Decimal
    payments: tuple[PaidBy, ...]
    change: Decimal
    receipt: str
    """42 columns, ready to print."""


@use_case(Deed.SELL)
def check_out(work: Work, request: CheckOut) -> Receipted:
    """Take the money for visits and products and close the sale, or change nothing.

    Raises NothingToPay, AlreadyPaid, NotPaidInFull, CardOverTender, ApprovalCodeMissing, NobodyToTip,
    DiscountTooLarge, NotFound. Locks the visits; two tills that take the same visit meet AlreadyPaid.
    """
    made, tip = bill.drawn_up(work, request, _to_pay(work, request)), bill.tip_of(work, request)
    counter = bill.completed(work, Counter(request, made.items, made.priced, made.priced.total + tip))
    settled = settle(counter.due, bill.tenders_of(work, counter), work.shop.currency, made.cash_step)
    approver = discounts.allow(work, request, made)
    paid = [amount for _, amount in settled.payments]
    made = bill.with_lines(work, made, bill.lines_of_tenders(work, counter, paid, settled.rounding))
    sale = _open_sale(work, request, made, tip + settled.kept, approver)
    rows, shared = _write_lines(work, sale, request, made)
    discounts.keep(work, sale, request, made, rows, approver)
    coupons.use(work, sale, made.coupons)
    if request.parked_id is not None:
        parked.paid(work, request.parked_id)
    _write_payments(work, sale, counter.ticket.tenders, settled)
    _write_tips(work, sale, bill.tips_of(work, request, made.items, made.priced, settled.kept))
    _write_commissions(work, sale, shared)
    number = _close(work, sale)
    if request.mail_to is not None:
        queue_mail(work, sale.id, "receipt", request.mail_to)
    work.tell("sale.closed", sale.id, number=number)
    return Receipted(
        sale.id,
        number,
        sale.subtotal,
        sale.discount,
        sale.tax,
        sale.total,
        sale.tip,
        tuple(
            PaidBy(method, amount, given)
            for (method, amount), (_, given) in zip(settled.payments, settled.handed_over, strict=True)
        ),
        settled.change,
        printed(work, sale.id, copy=False),
    )


def _to_pay(work: Work, request: CheckOut) -> list[Item]:
    bill.visits_of(work, request, locked=True)
    selling_fees.lock(work, request)
    items = bill.items_of(work, request)
    services = [item for item in items if item.kind == "service"]
    if services and all(item.paid for item in services):
        raise AlreadyPaid
    items = [item for item in items if not item.paid]
    if not items:
        raise NothingToPay
    return items


def _open_sale(work: Work, request: CheckOut, made: Bill, tip: Decimal, approver: int | None) -> Sale:
    priced = made.priced
    sale = Sale(
        shop_id=work.shop.id,
        customer_id=made.customer_id,
        day=work.desk.today,
        closed_at=work.now,
        drawer_session_id=open_session_for(
            work, request.drawer_session_id, any(pay.method == CASH for pay in request.tenders)
        ),
        currency=work.shop.currency,
        subtotal=priced.subtotal,
        discount=priced.discount,
        tax=sum((tax.amount for tax in priced.taxes), Decimal(0)),
        total=priced.total,
        tip=tip,
        price_class_id=request.price_class_id,
        tax_exempt_reason=made.tax_exempt_reason,
        approved_by=approver,
    )
    work.session.add(sale)
    work.session.flush()
    return sale


def _write_lines(
    work: Work, sale: Sale, request: CheckOut, made: Bill
) -> tuple[list[SaleLine], list[dict[str, object]]]:
    """Write the lines with their taxes; answers them, and whose hands did those that more than one pair did."""
    items, priced = made.items, made.priced
    lines = [
        SaleLine(
            sale_id=sale.id,
            position=position,
            kind=item.kind,
            appointment_service_id=item.visit_line_id,
            service_id=item.service_id,
            product_id=item.product_id,
            stylist_id=item.stylist_id,
            customer_id=item.customer_id,
            name=item.name,
            quantity=Decimal(item.quantity),
            unit_price=item.unit_price,
            list_price=item.list_price,
            price_reason="" if item.typed_price is None else clean(request.discount_reason),
            cost=item.cost,
            voucher_value=item.voucher_value,
            gross=line.gross,
            discount=line.discount,
            taxable=line.taxable,
            tax=sum((tax.amount for tax in line.taxes), Decimal(0)),
            total=line.total,
        )
        for position, (item, line) in enumerate(zip(items, priced.lines, strict=True), start=1)
    ]
    work.session.add_all(lines)
    work.session.flush()
    work.session.add_all(
        tax for row, line in zip(lines, priced.lines, strict=True) for tax in _line_taxes(row.id, line)
    )
    work.session.flush()
    sold = [SoldLine(item, row) for item, row in zip(items, lines, strict=True)]
    for goods in GOODS:
        if mine := [line for line in sold if line.item.kind in goods.kinds]:
            goods.sold(work, sale, mine)
    return lines, [
        {"line": row.id, "stylist": stylist_id, "minutes": minutes}
        for row, item in zip(lines, items, strict=True)
        for stylist_id, minutes in item.hands
    ]


def _write_commissions(work: Work, sale: Sale, shared: list[dict[str, object]]) -> None:
    """Each pair of hands earns on its share of a line, by minutes; the shares add up to the line to the cent."""
    asked = {"sale": sale.id, "digits": minor_digits(sale.currency), "hands": json.dumps(shared)}
    work.session.execute(_COMMISSIONS, asked)


_COMMISSIONS = text("SELECT write_commissions(:sale, :digits, CAST(:hands AS jsonb))")


def _line_taxes(line_id: int, line: PricedLine) -> list[SaleLineTax]:
    return [
        SaleLineTax(
            sale_line_id=line_id,
            tax_id=tax.tax_id,
            name=tax.name,
            percent=tax.percent,
            inclusive=tax.inclusive,
            taxable=tax.taxable,
            amount=tax.amount,
        )
        for tax in line.taxes
    ]


def _write_payments(work: Work, sale: Sale, tenders: Sequence[Pay], settled: Settled) -> None:
    taken = zip(tenders, settled.payments, settled.handed_over, strict=True)
    payments = [
        Payment(
            sale_id=sale.id,
            position=position,
            method=method,
            amount=amount,
            tendered=given,
            change=given - amount,
            approval_code=clean(tender.approval_code or "") or None,
            taken_at=work.now,
            **_columns(work, tender, amount),
        )
        for position, (tender, (method, amount), (_, given)) in enumerate(taken, start=1)
    ]
    for payment in payments:
        if payment.method == CARD and payment.approval_code is None:
            raise ApprovalCodeMissing
    work.session.add_all(payments)
    work.session.flush()
    for payment, tender in zip(payments, tenders, strict=True):
        if kind := tender_kind(payment.method):
            kind.taken(work, sale, payment, tender)


def _columns(work: Work, tender: Pay, amount: Decimal) -> dict[str, Any]:
    kind = tender_kind(tender.method)
    return dict(kind.columns(work, tender, amount)) if kind else {}


def _write_tips(work: Work, sale: Sale, shares: Mapping[int, Decimal]) -> None:
    work.session.add_all(Tip(sale_id=sale.id, stylist_id=who, amount=amount) for who, amount in shares.items())
    work.session.flush()


def _close(work: Work, sale: Sale) -> int:
    """The number comes last: it holds the shop's counter until the commit, and a sale that fails gives it back."""
    number: int = work.session.execute(text("SELECT next_sale_number(:shop)"), {"shop": work.shop.id}).scalar_one()
    sale.number, sale.status = number, "closed"
    work.session.flush()
    # Checked here, where the refusal still has somewhere to go, and for later sales of the same transaction again.
    work.session.execute(text("SET CONSTRAINTS sales_add_up IMMEDIATE; SET CONSTRAINTS sales_add_up DEFERRED"))
    return number
