"""Receipts of closed sales, refunds and voids, as they were and as copies (features CO15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import NotFound
from frontdesk.money import number_text, percent_text
from frontdesk.permissions import Deed
from frontdesk.rules.prepayments import code_shown
from frontdesk.rules.pricing import TaxAmount
from frontdesk.rules.receipt import Receipt, ReceiptLine, Row, as_text, gift_rows, receipt_rows
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person


@dataclass(frozen=True, kw_only=True)
class ShowReceipt:
    """A receipt by its number."""

    number: int
    gift: bool = False
    """Without prices."""


@dataclass(frozen=True)
class PrintedReceipt:
    """A receipt's text, 42 columns wide."""

    sale_id: int
    receipt: str


@use_case(Deed.SELL)
def copy_receipt(work: Work, request: ShowReceipt) -> PrintedReceipt:
    """The receipt again; it says that it is a copy. Raises NotFound."""
    sale_id = sale_numbered(work, request.number)
    return PrintedReceipt(sale_id, as_text(rows_of(work, sale_id, copy=True, gift=request.gift)))


def sale_numbered(work: Work, number: int) -> int:
    """The sale, refund or void under a number of this shop. Raises NotFound."""
    found = text("SELECT id FROM sales WHERE shop_id = :shop AND number = :number AND status = 'closed'")
    sale_id = work.session.execute(found, {"shop": work.shop.id, "number": number}).scalar()
    if sale_id is None:
        raise NotFound(what="receipt", name=number, remedy="Look at the day's report.")
    return int(sale_id)


def printed(work: Work, sale_id: int, *, copy: bool) -> str:
    """The text of a sale's receipt, from what was written and nothing else: a copy says what the first one said."""
    return as_text(rows_of(work, sale_id, copy=copy))


def rows_of(work: Work, sale_id: int, *, copy: bool, gift: bool = False) -> tuple[Row, ...]:
    """The same row by row, for a printer; a gift receipt says no prices."""
    sale = work.session.execute(_SALE, {"sale": sale_id}).one()
    receipt = _receipt(work, sale, copy=copy)
    return (gift_rows if gift else receipt_rows)(receipt, sale.currency, sale.locale)


def _receipt(work: Work, sale: Any, *, copy: bool) -> Receipt:  # noqa: ANN401  a row
    asked = {"sale": sale.id}
    payments = work.session.execute(_PAYMENTS, asked).all()
    return Receipt(
        shop=sale.shop,
        address=tuple(sale.address.splitlines()),
        number=str(sale.number or sale.imported_number),
        when=_said_when(sale),
        cashier=sale.cashier or "",
        customer=person(sale.first_name, sale.last_name, sale.code) if sale.customer_id else "",
        lines=tuple(
            ReceiptLine(
                row.name,
                row.quantity,
                row.stylist,
                row.gross,
                person(row.first_name, row.last_name, row.code) if row.customer_id else "",
                row.kind,
            )
            for row in work.session.execute(_LINES, asked)
        ),
        discounts=tuple(_discounts(work, sale)),
        taxes=tuple(TaxAmount(*row) for row in work.session.execute(_TAXES, asked)),
        total=sale.total,
        tip=sale.tip,
        payments=tuple((row.method, row.tendered) for row in payments),
        change=sum((row.change for row in payments), Decimal(0)),
        footer=tuple(sale.receipt_footer.splitlines()),
        copy=copy,
        kind=sale.kind,
        of=str(sale.of or ""),
        voided_by=str(sale.voided_by or ""),
        reason=sale.reason,
        tax_number=sale.tax_number,
        no_tax_because=sale.tax_exempt_reason,
        left=tuple(_left(work, sale)),
    )


def _said_when(sale: Any) -> str:  # noqa: ANN401  a row
    """Day and time of a sale in the shop's zone; an imported one may have no time."""
    if sale.closed_at is None:
        return f"{sale.day:%d %b %Y}"
    return f"{local(sale.closed_at, sale.timezone):%d %b %Y %H:%M}"


# What a prepayment's tax takes out again costs nothing and is in the taxes.
_SALE = text("""
    SELECT s.*, h.name AS shop, h.address, h.receipt_footer, h.tax_number, h.timezone, h.locale, u.name AS cashier,
           c.first_name, c.last_name, c.code, coalesce(CAST(o.number AS text), o.imported_number) AS of,
           (SELECT v.number FROM sales v WHERE v.corrects_id = s.id AND v.kind = 'void') AS voided_by
      FROM sales s JOIN shops h ON h.id = s.shop_id LEFT JOIN sales o ON o.id = s.corrects_id
      LEFT JOIN users u ON u.id = s.cashier_id LEFT JOIN customers c ON c.id = s.customer_id
     WHERE s.id = :sale
""")
_LINES = text("""
    SELECT l.name, l.quantity, coalesce(p.first_name, '') AS stylist, l.gross, l.kind, l.customer_id, c.first_name,
           c.last_name, c.code
      FROM sale_lines l LEFT JOIN stylists p ON p.id = l.stylist_id LEFT JOIN customers c ON c.id = l.customer_id
     WHERE l.sale_id = :sale AND l.kind <> 'prepaid_tax' ORDER BY l.position
""")
_TAXES = text("""
    SELECT t.tax_id, t.name, t.percent, t.inclusive, sum(t.taxable) AS taxable, sum(t.amount) AS amount
      FROM sale_line_taxes t JOIN sale_lines l ON l.id = t.sale_line_id WHERE l.sale_id = :sale
     GROUP BY t.tax_id, t.name, t.percent, t.inclusive ORDER BY t.tax_id
""")
_PAYMENTS = text("SELECT method, tendered, change FROM payments WHERE sale_id = :sale ORDER BY position")


def _discounts(work: Work, sale: Any) -> Iterator[tuple[str, Decimal]]:  # noqa: ANN401  a row
    """What came off, of what, how much and why; what nobody told of comes last."""
    told = Decimal(0)
    for row in work.session.execute(_DISCOUNTS, {"sale": sale.id}):
        what = f"Coupon {row.coupon}" if row.coupon else "Discount"
        share = f" {percent_text(row.percent, sale.locale)}" if row.percent is not None else ""
        of = f", {row.line}" if row.line else ""
        told += row.amount
        yield f"{what}{share}{of}{f': {row.reason}' if row.reason else ''}", row.amount
    if sale.discount - told:
        yield "Discount", sale.discount - told


_DISCOUNTS = text("""
    SELECT d.kind, d.percent, d.reason, p.code AS coupon, CASE d.kind WHEN 'line' THEN l.name END AS line,
           sum(d.amount) AS amount
      FROM sale_discounts d JOIN sale_lines l ON l.id = d.sale_line_id LEFT JOIN coupons p ON p.id = d.coupon_id
     WHERE d.sale_id = :sale
     GROUP BY 1, 2, 3, 4, 5, CASE d.kind WHEN 'line' THEN l.id END ORDER BY min(l.position), min(d.position)
""")


def _left(work: Work, sale: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  a row
    """What this sale left on whatever it touched: as it was then, whatever has happened since."""
    for row in work.session.execute(_LEFT, {"sale": sale.id}):
        if row.kind == "points":
            yield "Points", f"{row.amount.normalize():f}"
        elif row.kind == "package" and row.amount is not None:
            yield row.name, f"{row.amount.normalize():f} left"
        elif row.kind != "package":
            code = code_shown(row.name) if row.is_new else f"…{row.name}"
            name = f"Gift card {code}" if row.name else row.kind.capitalize()
            yield f"{name}, left", number_text(row.amount, sale.currency, sale.locale)


_LEFT = text("""
    WITH money AS (
        SELECT prepayment_id, max(id) AS last, bool_or(kind = 'received') AS is_new
          FROM prepayment_entries WHERE sale_id = :sale GROUP BY 1),
    used AS (
        SELECT t.customer_package_id, max(e.id) AS last FROM package_entries e JOIN package_lots t ON t.id = e.lot_id
         WHERE e.sale_id = :sale GROUP BY 1),
    points AS (SELECT customer_id, max(id) AS last FROM loyalty_entries WHERE sale_id = :sale GROUP BY 1)
    SELECT 1 AS turn, p.kind, m.last,
           CASE WHEN p.kind <> 'gift_card' THEN '' WHEN m.is_new THEN p.code ELSE right(p.code, 4) END AS name,
           m.is_new,
           (SELECT sum(e.amount) FROM prepayment_entries e WHERE e.prepayment_id = p.id AND e.id <= m.last) AS amount
      FROM money m JOIN prepayments p ON p.id = m.prepayment_id
    UNION ALL
    SELECT 2, 'package', u.last, k.name, false,
           (SELECT sum(e.sessions) FROM package_entries e JOIN package_lots t ON t.id = e.lot_id
             WHERE t.customer_package_id = c.id AND e.id <= u.last)
      FROM used u JOIN customer_packages c ON c.id = u.customer_package_id JOIN packages k ON k.id = c.package_id
    UNION ALL
    SELECT 3, 'points', p.last, '', false,
           (SELECT sum(e.points) FROM loyalty_entries e WHERE e.customer_id = p.customer_id AND e.id <= p.last)
      FROM points p
     ORDER BY 1, 3
""")
