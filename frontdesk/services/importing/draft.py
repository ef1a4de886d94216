"""An import on paper: what would be written, and every row's fate. Filled room by room, before anything is written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from frontdesk.clock import local
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
    key_of,
)
from frontdesk.rules.mapping import ImportMap, Kind, TaxMap
from frontdesk.rules.states import EXITS, Status, visit_status
from frontdesk.services.importing.answers import Fate, Overlap, RowFate
from frontdesk.services.importing.known import Known

KINDS: dict[type[Row], Kind] = {
    ServiceRow: Kind.SERVICE,
    ProductRow: Kind.PRODUCT,
    CustomerRow: Kind.CUSTOMER,
    BookingRow: Kind.BOOKING,
    NoShowRow: Kind.NO_SHOW,
    CancellationRow: Kind.CANCELLATION,
    ReceiptRow: Kind.RECEIPT,
}


@dataclass(eq=False)
class DraftLine:
    """One booked service: new from a row, or already in the book."""

    customer: str
    staff: str
    service: str
    day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: Status
    row: BookingRow | None = None
    id: int | None = None
    price: Decimal = Decimal(0)
    overbooked: bool = False
    paid: bool = False
    odd_time: Fate | None = None
    """The row's time was skipped or repeated by a clock change."""

    @property
    def holds(self) -> bool:
        """It keeps a piece of its stylist's strip."""
        return bool(self.staff) and not self.overbooked and self.status not in EXITS


@dataclass(eq=False)
class DraftVisit:
    """One client's lines of one day."""

    customer: str
    lines: list[DraftLine]
    id: int | None = None
    for_guest: bool = False
    """Beside another visit of the same customer."""

    @property
    def starts_at(self) -> dt.datetime:
        """What the customer was told."""
        return min(line.starts_at for line in self.lines)

    @property
    def ends_at(self) -> dt.datetime:
        """When the last of it ends."""
        return max(line.ends_at for line in self.lines)

    @property
    def status(self) -> Status:
        """Derived from the lines."""
        return visit_status(line.status for line in self.lines)

    @property
    def new_lines(self) -> list[DraftLine]:
        """Those that are not in the book yet, in the order of time."""
        fresh = [line for line in self.lines if line.id is None]
        return sorted(fresh, key=lambda line: (line.starts_at, line.row.row if line.row else 0))


@dataclass(eq=False)
class DraftSaleLine:
    """One line of a receipt, in the catalogue's words."""

    row: ReceiptRow
    kind: str
    service: str | None = None
    product: str | None = None
    pays: DraftLine | None = None
    sessions: list[tuple[DraftLot, int]] = field(default_factory=list)
    """Of which lots it uses sessions, and how many."""

    @property
    def pieces(self) -> int:
        """How many pieces leave the shelf with it; negative when they come back, 0 when it is none or not whole."""
        quantity = self.row.quantity if self.row.amount >= 0 else -abs(self.row.quantity)
        return int(quantity) if self.product and quantity == int(quantity) else 0


@dataclass(eq=False)
class DraftLot:
    """Sessions that a customer has of a bundle: sold here, sold before the export began, or known."""

    customer: str
    bundle: str
    service: str
    day: dt.date
    sessions: int
    sold: DraftSaleLine | None = None
    """None for what was sold before."""
    id: int | None = None
    left: int = 0


@dataclass(eq=False)
class DraftSale:
    """One receipt."""

    number: str
    day: dt.date
    lines: list[DraftSaleLine]


@dataclass
class Draft:
    """Everything an import would write."""

    mapping: ImportMap
    export: Export
    known: Known
    now: dt.datetime
    timezone: str
    currency: str
    keys: dict[Row, str] = field(default_factory=dict)
    fates: list[RowFate] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    services: list[ServiceRow] = field(default_factory=list)
    products: list[ProductRow] = field(default_factory=list)
    staff: list[str] = field(default_factory=list)
    customers: list[CustomerRow] = field(default_factory=list)
    taxes: list[TaxMap] = field(default_factory=list)
    visits: list[DraftVisit] = field(default_factory=list)
    """New ones, and known ones that changed."""
    lines: list[DraftLine] = field(default_factory=list)
    """All of the export's days, those of the book included: what the other rows are matched with."""
    no_shows: list[tuple[NoShowRow, DraftLine]] = field(default_factory=list)
    history: list[tuple[CancellationRow | NoShowRow, DraftLine | None]] = field(default_factory=list)
    """Kept without a time, with the line they are about if there is one."""
    sales: list[DraftSale] = field(default_factory=list)
    lots: list[DraftLot] = field(default_factory=list)
    """Packages of customers: new ones, and known ones that are used."""
    overlaps: list[Overlap] = field(default_factory=list)
    _seen: Counter[tuple[Kind, str]] = field(default_factory=Counter)

    def is_new(self, row: Row) -> bool:
        """Give a row its key, and say whether this system's imports have not brought it yet."""
        kind, content = KINDS[type(row)], key_of(row, self.mapping)
        self._seen[kind, content] += 1
        self.keys[row] = f"{content}#{self._seen[kind, content]}"
        if (kind.value, self.keys[row]) not in self.known.rows:
            return True
        self.tell(row, Fate.HERE, "imported before")
        return False

    def tell(self, row: Row, fate: Fate, why: str = "") -> None:
        """Say what becomes of a row."""
        self.fates.append(RowFate(row.file, row.row, KINDS[type(row)], fate, why))

    def refuse(self, row: Row, field_name: str, problem: str) -> None:
        """Say that a row can't be taken, and with it the whole import."""
        file = self.mapping.file_of(KINDS[type(row)])
        column = file.columns.get(field_name, field_name) if file else field_name
        self.faults.append(Fault(row.file, row.row, column, problem))
        self.tell(row, Fate.REFUSED, f"{column}: {problem}")

    def wall(self, instant: dt.datetime) -> dt.datetime:
        """An instant on the shop's wall clock, as it stands in the book."""
        return local(instant, self.timezone).replace(tzinfo=None)
