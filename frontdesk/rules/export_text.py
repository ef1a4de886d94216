"""From the text of an export's files to its rows: strict, and every fault named by file, row and column."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, TypeVar

from frontdesk.errors import BadInput
from frontdesk.money import LARGEST
from frontdesk.rules.export_rows import (
    BookingRow,
    CancellationRow,
    CustomerRow,
    Export,
    Fault,
    NoShowRow,
    ProductRow,
    ReceiptRow,
    Row,
    ServiceRow,
)  # fmt: skip
from frontdesk.rules.mapping import FileMap, ImportMap, Kind
from frontdesk.text import clean

_YES = {"true", "t", "yes", "y", "1", ""}
_NO = {"false", "f", "no", "n", "0"}
_LONGEST_CODE = 100
"""Letters. Codes are in indexes, and a code that long is a sentence in the wrong column."""
R = TypeVar("R", bound=Row)


def read_export(texts: dict[str, str], mapping: ImportMap) -> Export:
    """The rows of every file of the map, from each file's text. Raises BadInput when a file is no table at all."""
    rows: list[Row] = []
    faults: list[Fault] = []
    unread: list[tuple[str, tuple[str, ...]]] = []
    for file in mapping.files:
        for record in _records(texts[file.file], file, mapping, unread):
            if isinstance(record, Fault):
                faults.append(record)
                continue
            try:
                rows.append(_READERS[file.kind](record))
            except _Unreadable as unreadable:
                faults.append(unreadable.fault)
    return Export(
        _only(ServiceRow, rows), _only(ProductRow, rows), _only(CustomerRow, rows), _only(BookingRow, rows),
        _only(NoShowRow, rows), _only(CancellationRow, rows), _only(ReceiptRow, rows), tuple(faults),
        tuple(unread),
    )  # fmt: skip


def _only(kind: type[R], rows: Iterable[Row]) -> tuple[R, ...]:
    return tuple(row for row in rows if isinstance(row, kind))


_MOST_PIECES = 1_000_000


class _Unreadable(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence)
        self.fault = fault


@dataclass(frozen=True)
class _Cells:
    """One row's cells by field, read as what they should be. Raises _Unreadable."""

    file: str
    row: int
    cells: dict[str, str]
    columns: dict[str, str]
    mapping: ImportMap

    def text(self, field: str, longest: int = 1000) -> str:
        found = clean(self.cells.get(field, ""))
        if len(found) > longest:
            self.refuse(field, f'"{_short(found)}" is longer than {longest} letters.')
        return found

    def code(self, field: str) -> str:
        return self.text(field, _LONGEST_CODE)

    def needed(self, field: str, longest: int = _LONGEST_CODE) -> str:
        return self.text(field, longest) or self.refuse(field, "is empty.")

    def customer(self) -> str:
        code = self.code("customer")
        return "" if code in self.mapping.no_customers else code

    def staff(self) -> str:
        code = self.code("staff")
        return "" if code in self.mapping.no_staff else code

    def day(self, field: str = "day") -> dt.date:
        found = self._moment(field, self.mapping.date_format, self.mapping.sample_day, "a day").date()
        if not 1900 <= found.year <= 2100:
            self.refuse(field, f'"{self.text(field)}" lies outside 1900 to 2100.')
        return found

    def time(self) -> dt.time:
        return self._moment("time", self.mapping.time_format, self.mapping.sample_time, "a time").time()

    def _moment(self, field: str, form: str, sample: str, what: str) -> dt.datetime:
        try:
            return dt.datetime.strptime(self.text(field), form)  # noqa: DTZ007  wall time
        except ValueError:
            self.refuse(field, f'"{_short(self.text(field))}" is not {what} like {sample}.')

    def amount(self, field: str) -> Decimal:
        """An amount; nothing where the map or the cell has none."""
        return self._number(field) or Decimal(0)

    def given_amount(self, field: str) -> Decimal:
        """An amount that has to be there."""
        found = self._number(field)
        return self.refuse(field, "is empty.") if found is None else found

    def tax(self, field: str) -> Decimal | None:
        return self._number(field)

    def price(self, field: str) -> Decimal:
        found = self.amount(field)
        return found if found >= 0 else self.refuse(field, f'"{self.text(field)}" is below zero.')

    def pieces(self, field: str) -> int | None:
        """Whole pieces, perhaps below zero; None where nothing stands."""
        found = self._number(field)
        if found is not None and (found != int(found) or abs(found) > _MOST_PIECES):
            self.refuse(field, f'"{self.text(field)}" is not a number of pieces like 12.')
        return None if found is None else int(found)

    def quantity(self) -> Decimal:
        found = self._number("quantity")
        return self.refuse("quantity", "is zero. Leave it empty for one.") if found == 0 else found or Decimal(1)

    def _number(self, field: str) -> Decimal | None:
        typed = self.text(field)
        if not typed:
            return None
        group, point = re.escape(self.mapping.group), re.escape(self.mapping.decimal)
        whole = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)" if group else "[0-9]+"
        if not re.fullmatch(rf"-?{whole}(?:{point}[0-9]+)?", typed):
            self.refuse(field, f'"{_short(typed)}" is not a number like 1234{self.mapping.decimal}50.')
        digits = typed.replace(self.mapping.group, "") if group else typed
        found = Decimal(digits.replace(self.mapping.decimal, "."))
        if abs(found) >= LARGEST / 1000:
            self.refuse(field, f'"{_short(typed)}" is too large.')
        return found

    def yes(self, field: str) -> bool:
        typed = self.text(field).lower()
        if typed not in _YES | _NO:
            self.refuse(field, f'"{_short(typed)}" is neither true nor false.')
        return typed in _YES

    def refuse(self, field: str, problem: str) -> NoReturn:
        raise _Unreadable(Fault(self.file, self.row, self.columns.get(field, field), problem))


def _service(cells: _Cells) -> ServiceRow:
    code = cells.needed("code")
    return ServiceRow(
        cells.file, cells.row, code, cells.text("name") or code, cells.code("category"), cells.price("price"),
        cells.price("cost"), cells.yes("active"),
    )  # fmt: skip


def _product(cells: _Cells) -> ProductRow:
    code = cells.needed("code")
    return ProductRow(
        cells.file, cells.row, code, cells.text("name") or code, cells.text("brand"), cells.text("supplier"),
        cells.text("category"), cells.code("barcode") or None, cells.price("price"), cells.price("cost"),
        cells.yes("active"), cells.pieces("on_hand"), cells.pieces("low_at"), cells.pieces("order_to"),
    )  # fmt: skip


def _customer(cells: _Cells) -> CustomerRow:
    names = cells.text("first_name"), cells.text("last_name")
    return CustomerRow(cells.file, cells.row, cells.needed("code"), *names, cells.text("phone"), cells.text("email"))


def _booking(cells: _Cells) -> BookingRow:
    service, day, time = cells.needed("service"), cells.day(), cells.time()
    return BookingRow(cells.file, cells.row, cells.customer(), cells.staff(), service, day, time)


def _no_show(cells: _Cells) -> NoShowRow:
    service = cells.needed("service")
    return NoShowRow(cells.file, cells.row, cells.customer(), cells.staff(), service, cells.day())


def _cancellation(cells: _Cells) -> CancellationRow:
    service, day, cancelled_on = cells.needed("service"), cells.day(), cells.day("cancelled_on")
    by = cells.text("cancelled_by")
    return CancellationRow(cells.file, cells.row, cells.customer(), cells.staff(), service, day, cancelled_on, by)


def _receipt(cells: _Cells) -> ReceiptRow:
    number, day, description = cells.needed("number"), cells.day(), cells.needed("description", 1000)
    taxes = tuple(cells.tax(f"tax {tax.name}") for tax in cells.mapping.taxes)
    return ReceiptRow(
        cells.file, cells.row, number, day, description, cells.customer(), cells.staff(), cells.quantity(),
        cells.given_amount("amount"), taxes,
    )  # fmt: skip


_READERS: dict[Kind, Callable[[_Cells], Row]] = {
    Kind.SERVICE: _service, Kind.PRODUCT: _product, Kind.CUSTOMER: _customer, Kind.BOOKING: _booking,
    Kind.NO_SHOW: _no_show, Kind.CANCELLATION: _cancellation, Kind.RECEIPT: _receipt,
}  # fmt: skip


def _records(
    text: str, file: FileMap, mapping: ImportMap, unread: list[tuple[str, tuple[str, ...]]]
) -> Iterator[_Cells | Fault]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
    columns = dict(file.columns)
    if file.kind is Kind.RECEIPT:
        columns |= {f"tax {tax.name}": tax.column for tax in mapping.taxes}
    headings: list[str] | None = None
    places: dict[str, int] = {}
    begins = 1
    while True:
        try:
            record = next(lines)
        except StopIteration:
            break
        except csv.Error as error:
            # What follows a broken quotation mark would be read askew, so nothing of this file can be trusted.
            raise BadInput(f"{file.file}, row {begins}: {_csv_words(error)}", field=file.file) from None
        row, begins = begins, lines.line_num + 1
        if not any(map(clean, record)):
            continue
        if headings is None:
            headings = [clean(cell) for cell in record]
            places = _places(headings, columns, file.file, row)
            if others := tuple(heading for heading in headings if heading and heading not in columns.values()):
                unread.append((file.file, others))
        elif len(record) != len(headings):
            problem = f"there are {len(record)} cells, but {len(headings)} headings."
            yield Fault(file.file, row, "", problem)
        else:
            yield _Cells(file.file, row, {f: record[place] for f, place in places.items()}, columns, mapping)
    if headings is None:
        raise BadInput(f"{file.file} is empty: not even row 1 with the headings is there.", field=file.file)


def _places(headings: list[str], columns: dict[str, str], file: str, row: int) -> dict[str, int]:
    for column in columns.values():
        if headings.count(column) != 1:
            how = "has no column" if column not in headings else "has more than one column"
            shown = ", ".join(filter(None, headings))
            raise BadInput(
                f'{file}, row {row} {how} "{column}". It has {shown}. Change the file or the map.', field=column
            )
    return {field: headings.index(column) for field, column in columns.items()}


def _csv_words(error: csv.Error) -> str:
    if "field limit" in str(error):
        return "a cell is longer than any text can be. A quotation mark may be missing."
    return "a quotation mark opens a cell and is not closed, or stands inside one. Put it right and try again."


def _short(typed: str) -> str:
    return typed if len(typed) <= 40 else typed[:39] + "…"
