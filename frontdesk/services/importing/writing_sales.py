"""The till of an import: receipts as closed sales under their own numbers, each tax rounded on its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.money import rounded
from frontdesk.services.importing.draft import Draft, DraftSale, DraftSaleLine
from frontdesk.services.importing.packages import write_packages
from frontdesk.services.importing.rows import add_all
from frontdesk.services.importing.shelf import write_sold
from frontdesk.services.importing.writing import Ids
from frontdesk.services.use_case import Work
from frontdesk.tables.sales import Payment, Sale, SaleLine, SaleLineTax


@dataclass(frozen=True)
class _Amounts:
    amount: Decimal
    taxes: tuple[Decimal | None, ...]

    @classmethod
    def of(cls, line: DraftSaleLine, currency: str) -> _Amounts:
        taxes = (None if tax is None else rounded(tax, currency) for tax in line.row.taxes)
        return cls(rounded(line.row.amount, currency), tuple(taxes))

    @property
    def tax(self) -> Decimal:
        return sum((tax for tax in self.taxes if tax is not None), Decimal(0))


def write_sales(work: Work, draft: Draft, ids: Ids) -> None:
    """Sales with their lines, taxes and one tender each, then closed. They take no number of the shop's own series."""
    if not draft.sales:
        return
    amounts = {line: _Amounts.of(line, draft.currency) for sale in draft.sales for line in sale.lines}
    sales = [_sale(work, draft, ids, sale, [amounts[line] for line in sale.lines]) for sale in draft.sales]
    sale_ids = add_all(work.session, Sale, sales)
    lines = [
        (sale_id, position, line)
        for sale, sale_id in zip(draft.sales, sale_ids, strict=True)
        for position, line in enumerate(sale.lines, start=1)
    ]
    rows = [_line(ids, sale_id, position, line, amounts[line], draft.currency) for sale_id, position, line in lines]
    taxes: list[dict[str, object]] = []
    written: dict[DraftSaleLine, tuple[int, int]] = {}
    for (sale_id, _, line), line_id in zip(lines, add_all(work.session, SaleLine, rows), strict=True):
        ids.written[line.row] = ("sale_lines", line_id)
        written[line] = (sale_id, line_id)
        taxes += _line_taxes(draft, ids, line_id, amounts[line])
    add_all(work.session, SaleLineTax, taxes)
    add_all(work.session, Payment, [_payment(sale, row) for sale, row in zip(sale_ids, sales, strict=True)])
    work.session.execute(text("UPDATE sales SET status = 'closed' WHERE id = ANY (:sales)"), {"sales": sale_ids})
    write_packages(work, draft, ids, written)
    write_sold(work, draft, ids, written)
    # Here rather than at the commit, so that a sum that is wrong is met before the files are compared.
    work.session.execute(text("SET CONSTRAINTS sales_add_up IMMEDIATE"))
    work.session.execute(text("SET CONSTRAINTS sales_add_up DEFERRED"))


def _sale(work: Work, draft: Draft, ids: Ids, sale: DraftSale, amounts: Sequence[_Amounts]) -> dict[str, object]:
    subtotal = sum((each.amount for each in amounts), Decimal(0))
    tax = sum((each.tax for each in amounts), Decimal(0))
    payer = next((line.row.customer for line in sale.lines if line.row.customer), "")
    return {
        "shop_id": work.shop.id, "imported_number": sale.number, "customer_id": ids.customers.get(payer),
        "status": "open", "day": sale.day, "cashier_id": None, "currency": draft.currency, "subtotal": subtotal,
        "discount": 0, "tax": tax, "total": subtotal + tax, "tip": 0,
    }  # fmt: skip


def _line(
    ids: Ids, sale_id: int, position: int, line: DraftSaleLine, amounts: _Amounts, currency: str
) -> dict[str, object]:
    return {
        "sale_id": sale_id, "position": position, "kind": line.kind,
        "appointment_service_id": line.pays.id if line.pays else None,
        "service_id": ids.services[line.service] if line.service else None,
        "product_id": ids.products[line.product] if line.product else None,
        "stylist_id": ids.stylists.get(line.row.staff), "customer_id": ids.customers.get(line.row.customer),
        "name": line.row.description, "quantity": line.row.quantity,
        "unit_price": rounded(line.row.amount / line.row.quantity, currency), "gross": amounts.amount, "discount": 0,
        "taxable": amounts.amount, "tax": amounts.tax, "total": amounts.amount + amounts.tax,
    }  # fmt: skip


def _line_taxes(draft: Draft, ids: Ids, line_id: int, amounts: _Amounts) -> list[dict[str, object]]:
    return [
        {
            "sale_line_id": line_id, "tax_id": tax_id, "name": tax.name, "percent": tax.percent, "inclusive": False,
            "taxable": amounts.amount, "amount": amount,
        }
        for tax, tax_id, amount in zip(draft.mapping.taxes, ids.taxes, amounts.taxes, strict=True)
        if amount is not None
    ]  # fmt: skip


def _payment(sale_id: int, sale: dict[str, object]) -> dict[str, object]:
    return {
        "sale_id": sale_id, "position": 1, "method": "imported", "amount": sale["total"], "tendered": sale["total"],
        "change": 0, "taken_at": None,
    }  # fmt: skip
