"""Receipts of closed sales, as they were and as copies (features CO15)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.pricing import TaxAmount
from frontdesk.rules.receipt import Receipt, ReceiptLine, receipt_text
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person


@dataclass(frozen=True, kw_only=True)
class ShowReceipt:
    """A receipt by its number."""

    number: int


@dataclass(frozen=True)
class PrintedReceipt:
    """A receipt's text, 42 columns wide."""

    sale_id: int
    receipt: str


@use_case(Deed.SELL)
def copy_receipt(work: Work, request: ShowReceipt) -> PrintedReceipt:
    """The receipt again; it says that it is a copy. Raises NotFound."""
    sale_id = work.session.execute(
        text("SELECT id FROM sales WHERE shop_id = :shop AND number = :number AND status = 'closed'"),
        {"shop": work.shop.id, "number": request.number},
    ).scalar()
    if sale_id is None:
        raise NotFound(what="receipt", name=request.number, remedy="Look at the day's report.")
    return PrintedReceipt(sale_id, printed(work, sale_id, copy=True))


def printed(work: Work, sale_id: int, *, copy: bool) -> str:
    """The text of a sale's receipt, from what was written and nothing else: a copy says what the first one said."""
    sale = work.session.execute(_SALE, {"sale": sale_id}).one()
    when = f"{local(sale.closed_at, work.shop.timezone):%d %b %Y %H:%M}" if sale.closed_at else f"{sale.day:%d %b %Y}"
    payments = work.session.execute(_PAYMENTS, {"sale": sale_id}).all()
    receipt = Receipt(
        shop=sale.shop,
        address=tuple(sale.address.splitlines()),
        number=str(sale.number or sale.imported_number),
        when=when,
        cashier=sale.cashier or "",
        customer=person(sale.first_name, sale.last_name, sale.code) if sale.customer_id else "",
        lines=tuple(ReceiptLine(*row) for row in work.session.execute(_LINES, {"sale": sale_id})),
        discounts=(("Discount", sale.discount),) if sale.discount else (),
        taxes=tuple(TaxAmount(*row) for row in work.session.execute(_TAXES, {"sale": sale_id})),
        total=sale.total,
        tip=sale.tip,
        payments=tuple((row.method.capitalize(), row.tendered) for row in payments),
        change=sum((row.change for row in payments), Decimal(0)),
        footer=tuple(sale.receipt_footer.splitlines()),
        copy=copy,
    )
    return receipt_text(receipt, sale.currency, work.shop.locale)


_SALE = text("""
    SELECT s.*, h.name AS shop, h.address, h.receipt_footer, u.name AS cashier, c.first_name, c.last_name, c.code
      FROM sales s JOIN shops h ON h.id = s.shop_id
      LEFT JOIN users u ON u.id = s.cashier_id LEFT JOIN customers c ON c.id = s.customer_id
     WHERE s.id = :sale
""")
_LINES = text("""
    SELECT l.name, l.quantity, coalesce(p.first_name, '') AS stylist, l.gross
      FROM sale_lines l LEFT JOIN stylists p ON p.id = l.stylist_id WHERE l.sale_id = :sale ORDER BY l.position
""")
_TAXES = text("""
    SELECT t.tax_id, t.name, t.percent, t.inclusive, sum(t.taxable) AS taxable, sum(t.amount) AS amount
      FROM sale_line_taxes t JOIN sale_lines l ON l.id = t.sale_line_id WHERE l.sale_id = :sale
     GROUP BY t.tax_id, t.name, t.percent, t.inclusive ORDER BY t.tax_id
""")
_PAYMENTS = text("SELECT method, tendered, change FROM payments WHERE sale_id = :sale ORDER BY position")
