"""Receipts of an import: closed sales under their own numbers, their lines matched with the catalogue and the book."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from frontdesk.money import minor_digits, rounded
from frontdesk.rules.export_rows import ReceiptRow
from frontdesk.rules.states import Status
from frontdesk.services.importing.answers import Fate
from frontdesk.services.importing.catalogue import Menu
from frontdesk.services.importing.draft import Draft, DraftLine, DraftLot, DraftSale, DraftSaleLine
from frontdesk.services.importing.endings import Book
from frontdesk.services.importing.packages import plan_packages, tell_packages
from frontdesk.services.importing.shelf import tell_stock


def plan_receipts(draft: Draft, menu: Menu) -> None:
    """A sale for every number that is not here yet. Nothing closed is edited: later rows of a known number are not."""
    by_number: dict[str, list[ReceiptRow]] = defaultdict(list)
    for row in draft.export.receipts:
        if not draft.is_new(row):
            continue
        if row.number in draft.known.receipts:
            draft.tell(row, Fate.CHANGED, f"receipt {row.number} is here and closed; nothing closed is edited")
            continue
        by_number[row.number].append(row)
    for number, rows in by_number.items():
        if any(row.day != rows[0].day for row in rows):
            for row in rows:
                draft.refuse(row, "day", f"receipt {number} has more than one day.")
            continue
        draft.sales.append(DraftSale(number, rows[0].day, [_line(draft, row, menu) for row in rows]))
    draft.sales.sort(key=lambda sale: (sale.day, _natural(sale.number)))
    _match(draft)
    plan_packages(draft)
    _tell(draft)


def _line(draft: Draft, row: ReceiptRow, menu: Menu) -> DraftSaleLine:
    service, product = menu.meant(row)
    if row.amount < 0 and draft.mapping.negative_bundles:
        return DraftSaleLine(row, "bundle")
    if service is not None:
        kind = "bundle" if service in draft.mapping.bundles else "service"
        return DraftSaleLine(row, kind, service=service)
    return DraftSaleLine(row, "product" if product else "other", product=product)


_Fit = Callable[[DraftSaleLine, DraftLine], bool]
_FITS: tuple[_Fit, ...] = (
    lambda sold, booked: sold.service == booked.service and sold.row.staff == booked.staff,
    lambda sold, booked: sold.service == booked.service,
    # The service was changed in the chair.
    lambda sold, booked: sold.row.staff == booked.staff and booked.status is not Status.NO_SHOW,
)


def _match(draft: Draft) -> None:
    """Which booked service each line pays for: the best fits of all receipts first."""
    book = Book(draft.lines)
    sold = [line for sale in draft.sales for line in sale.lines if line.service and line.row.customer]
    for fits in _FITS:
        for line in sold:
            if line.pays is not None or line.row.amount < 0:
                continue
            candidates = book.lines(line.row.customer, line.row.day)
            line.pays = next((booked for booked in candidates if not booked.paid and fits(line, booked)), None)
            if line.pays is not None:
                line.pays.paid = True
                _price(draft, line, line.pays)


def _price(draft: Draft, sold: DraftSaleLine, booked: DraftLine) -> None:
    """A booked price is the receipt's: list prices are 0 where the price is the stylist's."""
    if booked.id is None:
        booked.price = abs(rounded(sold.row.amount / sold.row.quantity, draft.currency))


def _tell(draft: Draft) -> None:
    sold = {lot.sold: lot for lot in draft.lots if lot.sold}
    for sale in draft.sales:
        for line in sale.lines:
            words = [f"receipt {sale.number}"]
            if line.row.amount < 0:
                words.append("takes back a bundle's" if line.kind == "bundle" else "negative")
            words += [
                f"uses {_sessions(many)} of {lot.bundle}" + " sold before this export" * _is_earlier(lot)
                for lot, many in line.sessions
            ]
            if lot := sold.get(line):
                words.append(f"a package of {_sessions(lot.sessions)}")
            if line.kind == "other":
                words.append("nothing in the catalogue is called so")
            if line.pays is not None:
                words.append(f"pays for {draft.wall(line.pays.starts_at):%H:%M}")
                if line.pays.status is Status.NO_SHOW:
                    words.append("a no-show that was charged")
            draft.tell(line.row, Fate.NEW, ", ".join(words))
    tell_packages(draft)
    tell_stock(draft)
    _tell_gaps(draft)
    _tell_odd_taxes(draft)


def _sessions(many: int) -> str:
    return f"{many} session{'s' * (many != 1)}"


def _is_earlier(lot: DraftLot) -> bool:
    return lot.sold is None and lot.id is None


def _tell_gaps(draft: Draft) -> None:
    numbers = sorted({int(row.number) for row in draft.export.receipts if re.fullmatch("[0-9]{1,9}", row.number)})
    missing = numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0
    if missing:
        draft.notes.append(f"{missing} receipt numbers between {numbers[0]} and {numbers[-1]} are not in the export.")


def _tell_odd_taxes(draft: Draft) -> None:
    cent = Decimal(1).scaleb(-minor_digits(draft.currency))
    for place, tax in enumerate(draft.mapping.taxes):
        odd = [
            row.row
            for row in draft.export.receipts
            if (given := row.taxes[place]) is not None and abs(given - row.amount * tax.percent / 100) > cent
        ]
        if odd:
            rows = ", ".join(map(str, odd[:10])) + ", …" * (len(odd) > 10)
            draft.notes.append(f"{tax.name} is not {tax.percent} % of the amount in row {rows}. The file's is kept.")


def _natural(number: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", number)]
