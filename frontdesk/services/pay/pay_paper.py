"""A statement on paper: every entry with its arithmetic below it, on as many pages as it takes (feature ST12)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from frontdesk.channels.pdf import Cell, Letter, Table, letter_pdf
from frontdesk.desk import Desk
from frontdesk.money import money_text, number_text
from frontdesk.services.pay.pay import ShowStatement, show_statement
from frontdesk.services.pay.pay_statements import StatementSheet
from frontdesk.services.shop.shops import ShopCard, ShowShop, show_shop

TIP_WORDS = {"own": "Tip", "pool": "Share of the tip pool", "paid_out": "Tips paid out", "in_pay": "Tips with the pay"}
KIND_WORDS = {"earned": "", "refund": " (given back)", "adjustment": " (adjustment)", "top_up": " (guarantee)"}


def statement_pdf(desk: Desk, request: ShowStatement) -> tuple[str, bytes]:
    """A statement as PDF, and what to call the file. A closed one is the same bytes, always. Raises as it is shown."""
    sheet, shop = show_statement(desk, request), show_shop(desk, ShowShop())
    page = "LETTER" if shop.country in ("US", "CA") else "A4"
    name = f"statement-{sheet.first_day}-{sheet.last_day}-{sheet.stylist_id}.pdf"
    return name, letter_pdf(statement_letter(sheet, shop, page))


def statement_letter(sheet: StatementSheet, shop: ShopCard, page: str = "A4") -> Letter:
    """The statement as a page of business."""
    headings = (Cell("Day"), Cell("What"), Cell("Receipt", True), Cell("Reckoned", True), Cell("Amount", True))
    tables = [Table(headings, (0.14, 0.30, 0.08, 0.38, 0.10), list(_entries(sheet, shop)))]
    if sheet.tips:
        tables.append(
            Table((Cell("Day"), Cell("Tips"), Cell("Amount", True)), (0.14, 0.72, 0.14), list(_tips(sheet, shop)))
        )
    facts = [("From", str(sheet.first_day)), ("To", str(sheet.last_day)), ("Currency", sheet.currency)]
    facts.append(("Closed", f"{sheet.closed_at:%Y-%m-%d}") if sheet.closed_at else ("State", "still open"))
    return Letter(
        "Statement of pay", (shop.business, *shop.address.splitlines()), (sheet.stylist,), facts, tables,
        list(_totals(sheet, shop)), notes=(_NOTE,), watermark="" if sheet.closed_at else "DRAFT", page=page,
    )  # fmt: skip


_NOTE = "Each line says what it was reckoned of. Amounts are rounded half up to the smallest coin."


def _amount(amount: Decimal, sheet: StatementSheet, shop: ShopCard) -> str:
    return number_text(amount, sheet.currency, shop.locale)


def _entries(sheet: StatementSheet, shop: ShopCard) -> Iterator[tuple[str, ...]]:
    for one in sheet.entries:
        late = f" for {one.for_day}" if one.for_day != one.day else ""
        what = f"{one.name}{KIND_WORDS[one.kind]}{late}"
        yield str(one.day), what, str(one.sale_number or ""), "", _amount(one.amount, sheet, shop)
        for step in one.steps:
            figures = f"{step.figures} = {step.value}" if step.figures else step.value
            yield "", step.words.removeprefix(f"{one.name}, "), "", figures, ""
    if not sheet.entries:
        yield "", "Nothing was earned in these days.", "", "", ""


def _tips(sheet: StatementSheet, shop: ShopCard) -> Iterator[tuple[str, ...]]:
    for tip in sheet.tips:
        receipt = f", receipt {tip.number}" if tip.kind == "own" and tip.number else ""
        yield str(tip.day), f"{TIP_WORDS[tip.kind]}{receipt}", _amount(tip.amount, sheet, shop)


def _totals(sheet: StatementSheet, shop: ShopCard) -> Iterator[tuple[str, str]]:
    yield "Commission", _amount(sheet.commission, sheet, shop)
    if sheet.guarantee is not None:
        yield f"Up to the guarantee of {_amount(sheet.guarantee, sheet, shop)}", _amount(sheet.top_up, sheet, shop)
    if sheet.tips_before:
        yield "Tips owed from before", _amount(sheet.tips_before, sheet, shop)
    yield "Tips", _amount(sheet.tips_due - sheet.tips_before, sheet, shop)
    yield "To pay", money_text(sheet.total, sheet.currency, shop.locale)
