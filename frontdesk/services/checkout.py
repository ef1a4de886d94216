"""A visit becomes a ticket, and the ticket a closed sale: one transaction, once per request id (features 4.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import AlreadyPaid, ApprovalCodeMissing, BadInput, NotFound, NothingToPay
from frontdesk.money import minor_digits, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.pricing import (
    Discount,
    Line,
    Priced,
    PricedLine,
    Settled,
    TaxRate,
    TaxRounding,
    Tender,
    price,
    settle,
    tip_shares,
)
from frontdesk.services.receipts import printed
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.sales import Payment, Sale, SaleLine, SaleLineTax, Tip
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class Off:
    """A discount: a share or an amount."""

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class SellProduct:
    """A product on the ticket."""

    product_id: int
    quantity: int = 1
    stylist_id: int | None = None
    """Who sold it, for commission."""
    discount: Off | None = None


@dataclass(frozen=True, kw_only=True)
class Pay:
    """What the customer puts down. Without an amount it takes the rest."""

    method: str
    amount: Decimal | None = None
    approval_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class CheckOut(Write):
    """A ticket and how it is paid."""

    appointment_ids: tuple[int, ...] = ()
    """Visits paid for: one, several, or none for products alone."""
    products: tuple[SellProduct, ...] = ()
    line_discounts: dict[int, Off] = field(default_factory=dict)
    """By line of a visit."""
    discount: Off | None = None
    """On the whole ticket."""
    tip: Decimal = Decimal(0)
    tip_stylist_id: int | None = None
    """Whose the tip is; shared by what each did when it is not said."""
    tenders: tuple[Pay, ...] = ()
    customer_id: int | None = None
    """Who pays, when it is not the visit's customer."""


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


@dataclass(frozen=True)
class _Item:
    """A line of the ticket before it is priced."""

    kind: str
    name: str
    quantity: int
    unit_price: Decimal
    stylist_id: int | None
    customer_id: int | None
    visit_line_id: int | None = None
    service_id: int | None = None
    product_id: int | None = None
    discount: Off | None = None


@use_case(Deed.SELL)
def check_out(work: Work, request: CheckOut) -> Receipted:
    """Take the money for visits and products and close the sale, or change nothing.

    Raises NothingToPay, AlreadyPaid, NotPaidInFull, CardOverTender, ApprovalCodeMissing, NobodyToTip,
    DiscountTooLarge, NotFound. Locks the visits; two tills that take the same visit meet AlreadyPaid.
    """
    currency = work.shop.currency
    items = [*_visit_items(work, request), *_product_items(work, request)]
    if not items:
        raise NothingToPay
    tip = rounded(request.tip, currency)
    if tip < 0:
        raise BadInput("A tip is not less than nothing.", field="tip")
    priced = _priced(work, request, items)
    tenders = [Tender(t.method, _to_the_cent(t.amount, currency)) for t in request.tenders]
    settled = settle(priced.total + tip, tenders, currency)
    sale = _open_sale(work, request, items, priced, tip)
    _write_lines(work, sale, items, priced)
    _write_payments(work, sale, request.tenders, settled)
    _write_tips(work, sale, tip, request.tip_stylist_id, items, priced)
    digits = {"sale": sale.id, "digits": minor_digits(currency)}
    work.session.execute(text("SELECT write_commissions(:sale, :digits)"), digits)
    number = _close(work, sale)
    work.tell("sale.closed", sale.id, number=number)
    return Receipted(
        sale.id,
        number,
        priced.subtotal,
        priced.discount,
        sale.tax,
        priced.total,
        tip,
        tuple(
            PaidBy(method, amount, given)
            for (method, amount), (_, given) in zip(settled.payments, settled.handed_over, strict=True)
        ),
        settled.change,
        printed(work, sale.id, copy=False),
    )


def _to_the_cent(amount: Decimal | None, currency: str) -> Decimal | None:
    if amount is not None and rounded(amount, currency) != amount:
        raise BadInput(f"{amount} is finer than {currency} can be paid.", field="tenders")
    return None if amount is None else rounded(amount, currency)


def _visit_items(work: Work, request: CheckOut) -> list[_Item]:
    if not request.appointment_ids:
        return []
    ids = sorted(set(request.appointment_ids))
    locked = work.session.execute(_LOCK_VISITS, {"visits": ids}).scalars().all()
    missing = [i for i in ids if i not in locked]
    if missing:
        raise NotFound(what="visit", name=missing[0], remedy="Look at the day's book.")
    rows = work.session.execute(_VISIT_LINES, {"visits": ids}).all()
    if rows and all(row.paid for row in rows):
        raise AlreadyPaid
    return [
        _Item(
            "service",
            row.name,
            row.quantity,
            row.price,
            row.stylist_id,
            row.customer_id,
            visit_line_id=row.id,
            service_id=row.service_id,
            discount=request.line_discounts.get(row.id),
        )
        for row in rows
        if not row.paid
    ]


_LOCK_VISITS = text("SELECT id FROM appointments WHERE id = ANY (:visits) ORDER BY id FOR UPDATE")
_VISIT_LINES = text("""
    SELECT l.id, l.name, l.quantity, l.price, l.stylist_id, l.service_id, a.customer_id,
           EXISTS (SELECT FROM sale_lines p WHERE p.appointment_service_id = l.id) AS paid
      FROM appointment_services l JOIN appointments a ON a.id = l.appointment_id
     WHERE a.id = ANY (:visits) AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY a.starts_at, a.id, l.position
""")


def _product_items(work: Work, request: CheckOut) -> list[_Item]:
    if not request.products:
        return []
    asked = {"products": [p.product_id for p in request.products]}
    rows = {row.id: row for row in work.session.execute(_PRODUCTS, asked)}
    items = []
    for wish in request.products:
        if wish.product_id not in rows:
            raise NotFound(what="product", name=wish.product_id, remedy="Look at the list of products.")
        if wish.quantity < 1:
            raise BadInput("Sell at least one of a product; what comes back is a refund.", field="quantity")
        row = rows[wish.product_id]
        items.append(
            _Item(
                "product",
                row.name,
                wish.quantity,
                row.price,
                wish.stylist_id,
                request.customer_id,
                product_id=wish.product_id,
                discount=wish.discount,
            )
        )
    return items


_PRODUCTS = text("SELECT id, name, price FROM products WHERE id = ANY (:products) AND is_active")


def _priced(work: Work, request: CheckOut, items: Sequence[_Item]) -> Priced:
    rates = work.session.execute(_TAXES, {"day": work.desk.today}).all()
    taxes = {
        kind: tuple(TaxRate(r.id, r.name, r.percent, r.inclusive) for r in rates if getattr(r, column))
        for kind, column in (("service", "on_services"), ("product", "on_products"))
    }
    lines = [
        Line(key, Decimal(item.quantity), item.unit_price, taxes[item.kind], _discount(item.discount))
        for key, item in enumerate(items)
    ]
    rounding: TaxRounding = "ticket" if work.shop.tax_rounding == "ticket" else "line"
    return price(lines, ticket_discount=_discount(request.discount), currency=work.shop.currency, tax_rounding=rounding)


_TAXES = text("""
    SELECT id, name, percent, inclusive, on_services, on_products FROM taxes
     WHERE valid_from <= :day AND valid_until > :day ORDER BY id
""")


def _discount(off: Off | None) -> Discount | None:
    if off is None:
        return None
    if (off.percent is None) == (off.amount is None):
        raise BadInput("A discount is a share or an amount: say one of the two.", field="discount")
    return Discount(percent=off.percent, amount=off.amount)


def _open_sale(work: Work, request: CheckOut, items: Sequence[_Item], priced: Priced, tip: Decimal) -> Sale:
    sale = Sale(
        shop_id=work.shop.id,
        customer_id=request.customer_id or next((i.customer_id for i in items if i.customer_id), None),
        day=work.desk.today,
        closed_at=work.now,
        currency=work.shop.currency,
        subtotal=priced.subtotal,
        discount=priced.discount,
        tax=sum((tax.amount for tax in priced.taxes), Decimal(0)),
        total=priced.total,
        tip=tip,
    )
    work.session.add(sale)
    work.session.flush()
    return sale


def _write_lines(work: Work, sale: Sale, items: Sequence[_Item], priced: Priced) -> None:
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
    for position, (tender, (method, amount), (_, given)) in enumerate(taken, start=1):
        code = clean(tender.approval_code or "") or None
        if method == "card" and code is None:
            raise ApprovalCodeMissing
        if method not in ("cash", "card"):
            raise BadInput(f"{method!r} is no tender here. Use cash or card.", field="tenders")
        work.session.add(
            Payment(
                sale_id=sale.id,
                position=position,
                method=method,
                amount=amount,
                tendered=given,
                change=given - amount,
                approval_code=code,
                taken_at=work.now,
            )
        )
    work.session.flush()


def _write_tips(
    work: Work, sale: Sale, tip: Decimal, stylist_id: int | None, items: Sequence[_Item], priced: Priced
) -> None:
    if not tip:
        return
    shares = {stylist_id: tip} if stylist_id else tip_shares(tip, _served(items, priced), work.shop.currency)
    work.session.add_all(
        Tip(sale_id=sale.id, stylist_id=who, amount=amount) for who, amount in shares.items() if amount
    )
    work.session.flush()


def _served(items: Sequence[_Item], priced: Priced) -> Mapping[int, Decimal]:
    """What each stylist's services came to: tips are for services, not for products."""
    nets: dict[int, Decimal] = {}
    for item, line in zip(items, priced.lines, strict=True):
        if item.kind == "service" and item.stylist_id is not None:
            nets[item.stylist_id] = nets.get(item.stylist_id, Decimal(0)) + line.net
    return nets


def _close(work: Work, sale: Sale) -> int:
    """The number comes last: it holds the shop's counter until the commit, and a sale that fails gives it back."""
    number: int = work.session.execute(text("SELECT next_sale_number(:shop)"), {"shop": work.shop.id}).scalar_one()
    sale.number, sale.status = number, "closed"
    work.session.flush()
    # Checked here, where the refusal still has somewhere to go, and for later sales of the same transaction again.
    work.session.execute(text("SET CONSTRAINTS sales_add_up IMMEDIATE; SET CONSTRAINTS sales_add_up DEFERRED"))
    return number
