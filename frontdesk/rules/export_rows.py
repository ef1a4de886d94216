"""Rows of another system's export as plain typed values, and what names each of them there.

Rows are numbered as an editor numbers lines: the heading is row 1.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.rules.mapping import ImportMap

_LONGEST_KEY = 300
"""An index holds no more than a third of a page."""


@dataclass(frozen=True)
class Fault:
    """A cell that can't be understood."""

    file: str
    row: int
    column: str
    problem: str

    @property
    def sentence(self) -> str:
        """For the person who has to mend it."""
        where = f"{self.file}, row {self.row}" + f", column {self.column}" * bool(self.column)
        return f"{where}: {self.problem}"


@dataclass(frozen=True)
class Row:
    """Where a row stands."""

    file: str
    row: int


@dataclass(frozen=True)
class ServiceRow(Row):
    """A service of the menu."""

    code: str
    name: str
    category: str
    price: Decimal
    cost: Decimal
    is_active: bool


@dataclass(frozen=True)
class ProductRow(Row):
    """A product of the shelf."""

    code: str
    name: str
    brand: str
    supplier: str
    category: str
    barcode: str | None
    price: Decimal
    cost: Decimal
    is_active: bool
    on_hand: int | None = None
    """How many there are; below zero where more were sold than came."""
    low_at: int | None = None
    order_to: int | None = None


@dataclass(frozen=True)
class CustomerRow(Row):
    """A person of the card file."""

    code: str
    first_name: str
    last_name: str
    phone: str
    email: str


@dataclass(frozen=True)
class BookingRow(Row):
    """One service booked by one client. An empty client or staff is somebody who is not a person in the book."""

    customer: str
    staff: str
    service: str
    day: dt.date
    time: dt.time


@dataclass(frozen=True)
class NoShowRow(Row):
    """One booked service that was missed."""

    customer: str
    staff: str
    service: str
    day: dt.date


@dataclass(frozen=True)
class CancellationRow(Row):
    """One service that was cancelled, and when."""

    customer: str
    staff: str
    service: str
    day: dt.date
    cancelled_on: dt.date
    cancelled_by: str


@dataclass(frozen=True)
class ReceiptRow(Row):
    """One line of a receipt, before and beside its taxes, as exact as the file has them."""

    number: str
    day: dt.date
    description: str
    customer: str
    staff: str
    quantity: Decimal
    amount: Decimal
    taxes: tuple[Decimal | None, ...]
    """In the map's order; None where the cell is empty."""


@dataclass(frozen=True)
class Export:
    """Everything that an export says, and every cell of it that can't be understood."""

    services: tuple[ServiceRow, ...] = ()
    products: tuple[ProductRow, ...] = ()
    customers: tuple[CustomerRow, ...] = ()
    bookings: tuple[BookingRow, ...] = ()
    no_shows: tuple[NoShowRow, ...] = ()
    cancellations: tuple[CancellationRow, ...] = ()
    receipts: tuple[ReceiptRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    unread: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Files, and their headings that the map does not name."""


def key_of(row: Row, mapping: ImportMap) -> str:
    """What names a row in the other system, by its content: the same in a later export that has more rows.

    Services, products and customers have codes. Other rows are all they say; identical ones are told apart by counting.
    """
    match row:
        case ServiceRow() | ProductRow() | CustomerRow():
            parts = [row.code]
        case BookingRow():
            parts = [row.customer, row.staff, row.service, f"{row.day}", f"{row.time:%H:%M:%S}"]
        case NoShowRow():
            parts = [row.customer, row.staff, row.service, f"{row.day}"]
        case CancellationRow():
            parts = [row.customer, row.staff, row.service, f"{row.day}", f"{row.cancelled_on}", row.cancelled_by]
        case ReceiptRow():
            taxes = [f"{tax.name} {_plain(amount)}" for tax, amount in zip(mapping.taxes, row.taxes, strict=True)]
            amounts = [_plain(row.quantity), _plain(row.amount), *taxes]
            parts = [row.number, f"{row.day}", row.description, row.customer, row.staff, *amounts]
        case _:
            raise TypeError(row)
    key = json.dumps(parts, ensure_ascii=False)
    return key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"
