"""What a sale has left to give back, and how a refund or a void of it is written: private to both.

Nothing is locked here beforehand. At the end the database holds the sale and reckons again: of two tills that give back
the same money one is refused (`sales_give_back_what_was_paid`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlmodel import select

from frontdesk.errors import BadInput, NotFound, RefundOfRefund, VoidedAlready
from frontdesk.money import minor_digits, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.giving_back import PACKAGE, LineLeft, TenderLeft
from frontdesk.rules.pricing import CASH, TaxAmount
from frontdesk.services.ticket.items import BackLine
from frontdesk.services.till.goods import GOODS
from frontdesk.services.till.ways_to_pay import tender_kind
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale, SaleLine, SaleLineTax, Tip
from frontdesk.text import clean


@dataclass(frozen=True)
class SoldAlready:
    """A sale with what is left of it."""

    sale: Sale
    rows: Mapping[int, SaleLine]
    """Its lines as they were sold, by number."""
    lines: tuple[LineLeft, ...]
    """In their order, those that are gone too."""
    tenders: tuple[TenderLeft, ...]
    tips: Mapping[int, Decimal]
    """What each stylist still has of its tip."""
    voided_by: int | None
    """The number under which it was voided."""
    times: int
    """How often something of it has gone back."""

    @property
    def total(self) -> Decimal:
        """What is left without the tip."""
        return sum((line.total for line in self.lines), Decimal())

    @property
    def paid(self) -> Decimal:
        """What of its tenders is left: as much, but for what was rounded because there were no coins for it."""
        return sum((tender.amount for tender in self.tenders), Decimal())

    @property
    def tip(self) -> Decimal:
        """What is left of the tip."""
        return sum(self.tips.values(), Decimal())


@dataclass(frozen=True)
class Back:
    """What goes back: everything positive, as it was sold."""

    lines: Sequence[LineLeft]
    tips: Mapping[int, Decimal]
    tenders: Mapping[int, Decimal]
    """By payment."""
    method: str = ""
    """Another tender than the one it was paid by."""
    rounding: Decimal = Decimal(0)
    """More, or less, than the lines come to, because there are no coins for it."""
    damaged: frozenset[int] = frozenset()
    """Lines whose things can't be sold again."""
    approval_code: str = ""
    """Of the card terminal, for what goes back to a card."""


def sold_already(work: Work, *, sale_id: int | None, number: int | None, imported: str | None = None) -> SoldAlready:
    """A sale of this shop and what is left of it. `imported` is its number in the system that it was brought over from;
    empty when it may come from there and is asked for otherwise, None when it may not.

    Raises NotFound, RefundOfRefund and BadInput.
    """
    where = Sale.id == sale_id if sale_id is not None else Sale.number == number
    if imported:
        where = Sale.imported_number == imported
    sale = work.session.exec(
        select(Sale).where(where, Sale.shop_id == work.shop.id, Sale.status == "closed")
    ).one_or_none()
    if sale is None:
        name = imported or (number if sale_id is None else f"#{sale_id}")
        raise NotFound(what="receipt", name=name, remedy="Look at the day's report.")
    asked = {"sale": sale.id}
    if sale.kind != "sale":
        of = work.session.execute(
            text("SELECT number FROM sales WHERE id = :sale"), {"sale": sale.corrects_id}
        ).scalar()
        raise RefundOfRefund(number=sale.number, of=of)
    if sale.number is None and imported is None:
        raise BadInput(
            "That receipt was brought over from another system, and is only given back: frontdesk refund --imported.",
            field="number",
        )
    rows = {row.id: row for row in work.session.exec(select(SaleLine).where(SaleLine.sale_id == sale.id))}
    taxes: dict[int, list[TaxAmount]] = {}
    for line_id, *tax in work.session.execute(_TAXES, asked):
        taxes.setdefault(line_id, []).append(TaxAmount(*tax))
    void, times = work.session.execute(_CORRECTIONS, asked).one()
    return SoldAlready(
        sale,
        rows,
        tuple(
            LineLeft(row.id, row.name, row.quantity, row.gross, row.discount, row.taxable,
                     tuple(taxes.get(row.id, ())), row.total, row.by_package)
            for row in work.session.execute(_LINES, asked)
        ),
        tuple(TenderLeft(*row) for row in work.session.execute(_PAYMENTS, asked)),
        {row.stylist_id: row.amount for row in work.session.execute(_TIPS, asked)},
        void,
        times,
    )  # fmt: skip


_LINES = text("""
    SELECT o.id, o.name, o.quantity + coalesce(b.quantity, 0) AS quantity, o.gross + coalesce(b.gross, 0) AS gross,
           o.discount + coalesce(b.discount, 0) AS discount, o.taxable + coalesce(b.taxable, 0) AS taxable,
           o.total + coalesce(b.total, 0) AS total, o.voucher_value IS NOT NULL AS by_package
      FROM sale_lines o
      LEFT JOIN (SELECT corrects_line_id, sum(quantity) AS quantity, sum(gross) AS gross, sum(discount) AS discount,
                        sum(taxable) AS taxable, sum(total) AS total
                   FROM sale_lines WHERE corrects_line_id IN (SELECT id FROM sale_lines WHERE sale_id = :sale)
                  GROUP BY 1) b ON b.corrects_line_id = o.id
     WHERE o.sale_id = :sale ORDER BY o.position
""")
_TAXES = text("""
    SELECT t.sale_line_id, t.tax_id, t.name, t.percent, t.inclusive, t.taxable + coalesce(b.taxable, 0) AS taxable,
           t.amount + coalesce(b.amount, 0) AS amount
      FROM sale_line_taxes t JOIN sale_lines o ON o.id = t.sale_line_id
      LEFT JOIN (SELECT l.corrects_line_id, x.tax_id, sum(x.taxable) AS taxable, sum(x.amount) AS amount
                   FROM sale_lines l JOIN sale_line_taxes x ON x.sale_line_id = l.id
                  WHERE l.corrects_line_id IN (SELECT id FROM sale_lines WHERE sale_id = :sale)
                  GROUP BY 1, 2) b ON b.corrects_line_id = o.id AND b.tax_id = t.tax_id
     WHERE o.sale_id = :sale ORDER BY t.sale_line_id, t.id
""")
# What a correction of the close put into another tender is given back from there. By what another system was paid
# nobody knows any more: it goes back in cash.
_PAYMENTS = text("""
    SELECT p.id, CASE p.method WHEN 'imported' THEN 'cash' ELSE p.method END AS method,
           p.amount + coalesce(sum(b.amount), 0) AS amount
      FROM payments p JOIN sales s ON s.id = p.sale_id LEFT JOIN payments b ON b.corrects_payment_id = p.id
     WHERE (s.id = :sale OR (s.corrects_id = :sale AND s.kind NOT IN ('refund', 'void'))) AND p.amount > 0
     GROUP BY p.id ORDER BY p.sale_id, p.position
""")
_TIPS = text("""
    SELECT t.stylist_id, sum(t.amount) AS amount FROM tips t JOIN sales s ON s.id = t.sale_id
     WHERE s.id = :sale OR s.corrects_id = :sale GROUP BY 1 HAVING sum(t.amount) > 0 ORDER BY 1
""")
_CORRECTIONS = text("""
    SELECT max(number) FILTER (WHERE kind = 'void') AS void, count(*) FILTER (WHERE kind IN ('refund', 'void')) AS times
      FROM sales WHERE corrects_id = :sale
""")


def refuse_voided(sold: SoldAlready) -> None:
    """Raises VoidedAlready."""
    if sold.voided_by is not None:
        raise VoidedAlready(number=sold.sale.number)


def write(work: Work, sold: SoldAlready, back: Back, *, kind: str, reason: str, session_id: int | None) -> Sale:
    """Write the refund or the void with everything that it moves, and close it under the next number.

    Raises MoreThanWasPaid when another till was quicker, and what speaks against taking a thing back.
    """
    sale = _open(work, sold, back, kind=kind, reason=reason, session_id=session_id)
    _write_lines(work, sale, sold, back)
    _write_payments(work, sale, back)
    work.session.add_all(
        Tip(sale_id=sale.id, stylist_id=who, amount=-amount) for who, amount in back.tips.items() if amount
    )
    work.session.flush()
    return sale


def close(work: Work, sale: Sale) -> None:
    """The number comes last: it holds the shop's counter until the commit."""
    sale.number = work.session.execute(text("SELECT next_sale_number(:shop)"), {"shop": work.shop.id}).scalar_one()
    sale.status = "closed"
    work.session.flush()
    for promise in ("sales_give_back_what_was_paid", "sales_add_up"):
        work.session.execute(text(f"SET CONSTRAINTS {promise} IMMEDIATE; SET CONSTRAINTS {promise} DEFERRED"))


def _open(work: Work, sold: SoldAlready, back: Back, *, kind: str, reason: str, session_id: int | None) -> Sale:
    deed = Deed.VOID if kind == "void" else Deed.REFUND
    approver = None
    if work.approval:
        asked = {"code": work.approval, "deed": deed.name}
        approver = work.session.execute(text("SELECT approver_of(:code, :deed)"), asked).scalar()
    nothing = rounded(Decimal(0), sold.sale.currency)
    sale = Sale(
        shop_id=work.shop.id,
        customer_id=sold.sale.customer_id,
        day=work.desk.today,
        closed_at=work.now,
        currency=sold.sale.currency,
        kind=kind,
        corrects_id=sold.sale.id,
        reason=reason,
        approved_by=approver,
        drawer_session_id=session_id,
        price_class_id=sold.sale.price_class_id,
        tax_exempt_reason=sold.sale.tax_exempt_reason,
        subtotal=nothing - sum(line.gross for line in back.lines) - back.rounding,
        discount=nothing - sum(line.discount for line in back.lines),
        tax=nothing - sum(tax.amount for line in back.lines for tax in line.taxes),
        total=nothing - sum(line.total for line in back.lines) - back.rounding,
        tip=nothing - sum(back.tips.values()),
    )
    work.session.add(sale)
    work.session.flush()
    return sale


def _write_lines(work: Work, sale: Sale, sold: SoldAlready, back: Back) -> None:
    gone = [
        (BackLine(original, row, is_damaged=line.key in back.damaged), line)
        for position, line in enumerate(back.lines, start=1)
        for original in (sold.rows[line.key],)
        for row in (_line(sale, original, line, position),)
    ]
    work.session.add_all(one.row for one, _ in gone)
    if back.rounding:
        work.session.add(_rounding(sale, back.rounding, len(gone) + 1))
    work.session.flush()
    work.session.add_all(
        SaleLineTax(
            sale_line_id=one.row.id,
            tax_id=tax.tax_id,
            name=tax.name,
            percent=tax.percent,
            inclusive=tax.inclusive,
            taxable=-tax.taxable,
            amount=-tax.amount,
        )
        for one, line in gone
        for tax in line.taxes
    )
    work.session.flush()
    for goods in GOODS:
        if mine := [one for one, _ in gone if one.original.kind in goods.kinds]:
            goods.given_back(work, sale, mine)


def _line(sale: Sale, original: SaleLine, line: LineLeft, position: int) -> SaleLine:
    """The counter-entry. It pays for no line of a visit, so it names none."""
    return SaleLine(
        sale_id=sale.id,
        position=position,
        kind=original.kind,
        corrects_line_id=original.id,
        service_id=original.service_id,
        product_id=original.product_id,
        stylist_id=original.stylist_id,
        customer_id=original.customer_id,
        name=original.name,
        quantity=-line.quantity,
        unit_price=original.unit_price if line.quantity else rounded(Decimal(0), sale.currency),
        list_price=original.list_price,
        cost=original.cost,
        voucher_value=original.voucher_value,
        gross=-line.gross,
        discount=-line.discount,
        taxable=-line.taxable,
        tax=-sum((tax.amount for tax in line.taxes), rounded(Decimal(0), sale.currency)),
        total=-line.total,
    )


def _rounding(sale: Sale, more: Decimal, position: int) -> SaleLine:
    nothing = rounded(Decimal(0), sale.currency)
    return SaleLine(
        sale_id=sale.id, position=position, kind="rounding", name="Rounding", quantity=Decimal(1), unit_price=-more,
        gross=-more, discount=nothing, taxable=-more, tax=nothing, total=-more,
    )  # fmt: skip


def _write_payments(work: Work, sale: Sale, back: Back) -> None:
    originals = {
        one.id: one
        for one in work.session.exec(select(Payment).where(Payment.id.in_(list(back.tenders))))  # type: ignore[attr-defined]  # SQLModel types a column as its value
    }
    payments = [
        Payment(
            sale_id=sale.id,
            position=position,
            method=_method(back, originals[key]),
            amount=-amount,
            tendered=-amount,
            change=rounded(Decimal(0), sale.currency),
            approval_code=clean(back.approval_code) or None if originals[key].method == "card" else None,
            taken_at=work.now,
            corrects_payment_id=key,
            **(_named(originals[key]) if _method(back, originals[key]) == originals[key].method else {}),
        )
        for position, (key, amount) in enumerate(back.tenders.items(), start=1)
    ]
    work.session.add_all(payments)
    work.session.flush()
    for payment in payments:
        original = originals[payment.corrects_payment_id or 0]
        if payment.method == original.method and (kind := tender_kind(original.method)):
            kind.given_back(work, sale, payment, original)


def _named(original: Payment) -> dict[str, Any]:
    """Which gift card it was, and whose voucher."""
    return {"prepayment_id": original.prepayment_id, "issuer_id": original.issuer_id, "code": original.code}


def _method(back: Back, original: Payment) -> str:
    """By what it was paid, unless it becomes credit; what a package paid is a session again and no money."""
    paid = CASH if original.method == "imported" else original.method
    return back.method if back.method and original.method != PACKAGE else paid


def write_commissions(work: Work, sale: Sale, policy: str) -> None:
    """Take back what was earned, or let it be, as the policy says; nothing where the house reckons no refunds yet."""
    known = work.session.execute(text("SELECT to_regproc('write_refund_commissions') IS NOT NULL")).scalar()
    if known:
        asked = {"sale": sale.id, "policy": policy, "digits": minor_digits(sale.currency)}
        work.session.execute(text("SELECT write_refund_commissions(:sale, :policy, :digits)"), asked)
