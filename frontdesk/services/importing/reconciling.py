"""The book held against the files: every day's sums by staff, computed twice on ways that share nothing.

The file's side is read again from its raw text and added up in whole fractions; the book's side is one question to the
database. Neither the import's reader nor `money` has a part in the file's side, so that a fault in them shows.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.errors import Refusal
from frontdesk.money import minor_digits
from frontdesk.rules.mapping import ImportMap, Kind
from frontdesk.services.importing.answers import Difference, Rounding
from frontdesk.text import clean

AMOUNT = "amount"


class DoesNotAddUp(Refusal):
    """The book would have {in_book} as {what} of {staff} on {day}, the file has {in_file}. Nothing was imported; this
    is a fault of the program and worth a report."""


@dataclass(frozen=True, order=True)
class Sum:
    """What is added up: one receipt's share of a day, a member of staff and an amount or tax."""

    receipt: str
    day: dt.date
    staff: str
    what: str


def sums_of_file(content: str, mapping: ImportMap, currency: str) -> dict[Sum, Decimal]:
    """The file's sums, every line's amount and taxes rounded half up to the minor unit, straight from its text."""
    sums: dict[Sum, int] = defaultdict(int)
    for receipt, day, staff, what, amount in _raw(content, mapping):
        sums[Sum(receipt, day, staff, what)] += _half_up(amount * 10 ** minor_digits(currency))
    return {key: Decimal(units).scaleb(-minor_digits(currency)) for key, units in sums.items()}


def roundings(content: str, mapping: ImportMap, currency: str) -> tuple[Rounding, ...]:
    """The receipts whose taxes would differ if each were rounded once per receipt."""
    scale = 10 ** minor_digits(currency)
    exact: dict[tuple[str, dt.date, str], list[Fraction]] = defaultdict(list)
    for receipt, day, _, what, amount in _raw(content, mapping):
        if what != AMOUNT:
            exact[receipt, day, what].append(amount * scale)
    found = []
    for (receipt, day, tax), amounts in exact.items():
        by_line, by_receipt = sum(map(_half_up, amounts)), _half_up(sum(amounts, Fraction()))
        if by_line != by_receipt:
            in_words = (Decimal(units).scaleb(-minor_digits(currency)) for units in (by_line, by_receipt))
            found.append(Rounding(receipt, day, tax, *in_words))
    return tuple(sorted(found, key=lambda each: (each.day, each.receipt, each.tax)))


def _raw(content: str, mapping: ImportMap) -> Iterator[tuple[str, dt.date, str, str, Fraction]]:
    file = mapping.file_of(Kind.RECEIPT)
    if file is None:
        return
    columns = {AMOUNT: file.columns["amount"]} | {tax.name: tax.column for tax in mapping.taxes}
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=mapping.delimiter)
    headings = [clean(cell) for cell in next(lines)]
    for cells in lines:
        if not any(map(clean, cells)):
            continue
        row = dict(zip(headings, map(clean, cells), strict=True))
        receipt = row[file.columns["number"]]
        staff = row[file.columns["staff"]] if "staff" in file.columns else ""
        day = dt.datetime.strptime(row[file.columns["day"]], mapping.date_format).date()  # noqa: DTZ007  wall time
        for what, column in columns.items():
            written = row[column].replace(mapping.group, "").replace(mapping.decimal, ".")
            yield receipt, day, "" if staff in mapping.no_staff else staff, what, Fraction(written or "0")


def _half_up(units: Fraction) -> int:
    """Halves away from zero."""
    whole = int(abs(units) * 2 + 1) // 2
    return -whole if units < 0 else whole


def sums_of_book(session: Session, shop_id: int, receipts: Iterable[str]) -> dict[Sum, Decimal]:
    """The same sums of the sales that these receipts became."""
    rows = session.execute(_BOOK, {"shop": shop_id, "receipts": sorted(set(receipts)), "amount": AMOUNT})
    return {Sum(row.receipt, row.day, row.staff, row.what): row.sum for row in rows}


_BOOK = text("""
    WITH lines AS (
        SELECT l.id, s.imported_number AS receipt, s.day, coalesce(p.code, '') AS staff, l.taxable
          FROM sales s JOIN sale_lines l ON l.sale_id = s.id LEFT JOIN stylists p ON p.id = l.stylist_id
         WHERE s.shop_id = :shop AND s.status = 'closed' AND s.imported_number = ANY (:receipts)
    )
    SELECT receipt, day, staff, :amount AS what, sum(taxable) AS sum FROM lines GROUP BY receipt, day, staff
    UNION ALL
    SELECT receipt, day, staff, t.name, sum(t.amount) FROM lines JOIN sale_line_taxes t ON t.sale_line_id = lines.id
     GROUP BY receipt, day, staff, t.name
""")


@dataclass(frozen=True)
class Compared:
    """How many sums of a day, a member of staff and an amount or tax there were, and which of them differ."""

    sums: int
    differences: tuple[Difference, ...]


def compare(of_file: Mapping[Sum, Decimal], of_book: Mapping[Sum, Decimal], here_before: frozenset[str]) -> Compared:
    """Hold the sums of every day and member of staff against each other.

    A receipt that was here before the import is closed and stays as it is, whatever the file says now: that explains
    a difference. Nothing else does.
    """
    odd: dict[tuple[dt.date, str, str], set[str]] = defaultdict(set)
    totals: dict[tuple[dt.date, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for key in of_file.keys() | of_book.keys():
        place = key.day, key.staff, key.what
        both = of_file.get(key, Decimal(0)), of_book.get(key, Decimal(0))
        totals[place] = [total + part for total, part in zip(totals[place], both, strict=True)]
        if both[0] != both[1]:
            odd[place].add(key.receipt)
    differences = [
        Difference(*place, in_file, in_book, _explanation(odd[place], here_before))
        for place, (in_file, in_book) in sorted(totals.items())
        if in_file != in_book
    ]
    return Compared(len(totals), tuple(differences))


def _explanation(receipts: set[str], here_before: frozenset[str]) -> str:
    if not receipts <= here_before:
        return ""
    numbers = ", ".join(sorted(receipts))
    return f"Receipt {numbers} was imported before and reads otherwise in this file; nothing closed is edited."


def refuse_unexplained(compared: Compared) -> None:
    """An import whose book is not the file is no import. Raises DoesNotAddUp."""
    for each in compared.differences:
        if not each.explanation:
            raise DoesNotAddUp(
                in_book=each.in_book, in_file=each.in_file, what=each.what, staff=each.staff or "nobody", day=each.day
            )
