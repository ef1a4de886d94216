"""What an import answers: every row's fate, what overlapped, and how the book compares with the files."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from frontdesk.rules.mapping import Kind


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    HERE = "already here"
    JOINED = "joined to visit"
    OVERBOOKED = "overbooked"
    WAITING = "waits for somebody"
    MARKED = "marked as no-show"
    HISTORY = "kept as history"
    REPEATED = "repeated time"
    SKIPPED = "skipped time"
    CHANGED = "changed since"
    REFUSED = "refused"


NOT_ADDED = frozenset({Fate.HERE, Fate.CHANGED, Fate.REFUSED})
"""Fates of rows that leave nothing behind."""


@dataclass(frozen=True)
class RowFate:
    """One row of the export and what becomes of it."""

    file: str
    row: int
    """As an editor numbers lines."""
    kind: Kind
    fate: Fate
    why: str


@dataclass(frozen=True)
class Count:
    """How many of a kind met the same fate."""

    kind: Kind
    fate: Fate
    rows: int


@dataclass(frozen=True)
class Overlap:
    """A booked service that begins while its stylist still serves another: kept as overbooked, without a piece."""

    file: str
    row: int
    starts: dt.datetime
    """Wall time."""
    stylist: str
    service: str
    customer: str
    beside: str
    """What it overlaps."""


@dataclass(frozen=True)
class Rounding:
    """A receipt whose tax would differ if it were rounded once and not line by line."""

    receipt: str
    day: dt.date
    tax: str
    by_line: Decimal
    """What is kept."""
    by_receipt: Decimal


@dataclass(frozen=True)
class Difference:
    """A sum of the book that is not the file's."""

    day: dt.date
    staff: str
    """Empty for what nobody sold."""
    what: str
    """`amount`, or a tax's name."""
    in_file: Decimal
    in_book: Decimal
    explanation: str


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do. Nothing is changed."""

    source: str
    rows: tuple[RowFate, ...]
    counts: tuple[Count, ...]
    overlaps: tuple[Overlap, ...]
    roundings: tuple[Rounding, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    batch_id: int | None
    """None when there was nothing new."""
    source: str
    rows_read: int
    rows_added: int
    counts: tuple[Count, ...]
    overlaps: tuple[Overlap, ...]
    sums_compared: int
    """How many sums of a day, a member of staff and an amount or tax were held against the file."""
    differences: tuple[Difference, ...]
    """Each with its explanation; one without would have undone the import."""
    roundings: tuple[Rounding, ...]
    notes: tuple[str, ...]


def counted(fates: Iterable[tuple[Kind, Fate]]) -> tuple[Count, ...]:
    """How many there are of each kind and fate, in the order of the kinds."""
    counts = Counter(fates)
    order = {key: (list(Kind).index(key[0]), list(Fate).index(key[1])) for key in counts}
    return tuple(Count(*key, counts[key]) for key in sorted(counts, key=order.__getitem__))
