"""What a day of the book is made of: columns, what lies in them, and the sheet that holds them (features BK1, BK2)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from frontdesk.rules.intervals import Stretch
from frontdesk.rules.states import Status, visit_status

Moments = tuple[Stretch[dt.datetime], ...]


class View(StrEnum):
    """Whose columns are drawn."""

    STYLISTS = "stylists"
    ROOMS = "rooms"
    """Rooms, chairs and machines."""
    ALL = "all"


@dataclass(frozen=True)
class DayPart:
    """A stretch of a line: hands on, or waiting."""

    kind: str
    """As in the table; `elsewhere` is somebody else's hands."""
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class DayEntry:
    """A line of a visit in somebody's column, or a class."""

    appointment_id: int
    """Of a class, its session's number below zero."""
    line_id: int
    code: str
    customer_id: int | None
    customer: str
    service: str
    status: Status
    starts_at: dt.datetime
    """What the customer is told; buffers and clean-up lie outside."""
    ends_at: dt.datetime
    price: Decimal
    overbooked: bool
    paid: bool
    new_customer: bool
    parts: tuple[DayPart, ...]
    stylist_id: int | None = None
    version: int = 0
    """The visit's, to notice what somebody else changed meanwhile."""
    phone_tail: str = ""
    """The last four digits of the customer's telephone, which tell two Janes apart."""
    notes: bool = False
    """Somebody wrote something about the visit."""
    arrived_at: dt.datetime | None = None
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    addon_of: int | None = None
    """The line it was added to."""
    group_id: int | None = None
    """The party it belongs to."""
    in_series: bool = False
    """It comes again and again."""
    category_id: int | None = None
    """The shelf of its service, to colour by."""
    things: tuple[str, ...] = ()
    """The room, the chair, the machine it uses."""
    hands: str = ""
    """Whose line it is, where it stands in a column that is not theirs."""
    session_id: int | None = None
    """The class that this is."""
    seats: int = 0
    """How many fit into the class."""
    taken: int = 0
    """How many of them are."""

    @property
    def marks(self) -> str:
        """The state's letter and what stands beside it: `c$!*&↻`; of a class, how many of its seats are taken."""
        if self.session_id is not None:
            return f"{self.taken}/{self.seats}"
        beside = (
            ("$", self.paid), ("!", self.overbooked), ("*", self.new_customer), ("&", self.group_id is not None),
            ("↻", self.in_series),
        )  # fmt: skip
        return self.status.letter + "".join(mark for mark, on in beside if on)


@dataclass(frozen=True)
class DayBlock:
    """Time in a shift that can't be booked, and why."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    reason: str
    kind: str = "block"
    """`block`, `held` while somebody is booking it, `offer` on the waitlist, `away` in another shop."""
    until: dt.datetime | None = None
    """When it lapses by itself."""


@dataclass(frozen=True)
class DayColumn:
    """The day of one stylist, room, chair or machine. Who is off and has no visits has no column."""

    resource_id: int | None
    """None for visits that nobody has taken yet."""
    stylist_id: int | None
    name: str
    shift: Moments
    blocks: tuple[DayBlock, ...]
    entries: tuple[DayEntry, ...]
    free: Moments = ()
    """What can still be booked."""
    next_free: dt.datetime | None = None
    """The first minute from now on from which the shop's shortest slot is free; None on a day that is full or over."""
    kind: str = "stylist"
    """Or `room`, `chair`, `machine`."""


@dataclass(frozen=True)
class DaySheet:
    """A day of the book."""

    day: dt.date
    shop: str
    timezone: str
    columns: tuple[DayColumn, ...]
    """Of stylists, and what nobody has taken yet."""
    left: tuple[DayEntry, ...]
    """Cancelled, missed and void: no longer in any column, still part of the day."""
    now: dt.datetime
    slot_minutes: int
    hours: Moments
    """When the shop is open that day; empty when it is closed."""
    currency: str
    things: tuple[DayColumn, ...] = ()
    """Of rooms, chairs and machines."""
    seated: tuple[DayEntry, ...] = ()
    """Whoever has a seat in a class; the class itself stands in a column."""
    late_minutes: int = 15
    """After how many minutes somebody who has not come is called late."""
    overrun_minutes: int = 10
    """After how many minutes beyond its plan a line is an overrun."""
    view: View = View.STYLISTS
    as_of: dt.datetime | None = None
    """The moment at which the book stood like this; None for now."""

    @property
    def waiting(self) -> int:
        """How many visits have arrived and not begun."""
        states: dict[int, list[Status]] = defaultdict(list)
        for entry in (*self.entries, *self.seated):
            states[entry.appointment_id].append(entry.status)
        return sum(visit_status(lines) is Status.ARRIVED for lines in states.values())

    @property
    def entries(self) -> tuple[DayEntry, ...]:
        """Every line that takes time, once, as it stands in its own column, in order of time; classes left out."""
        own = (entry for entry in self._standing() if not entry.hands and entry.session_id is None)
        return tuple(sorted(own, key=lambda entry: (entry.starts_at, entry.line_id)))

    @property
    def drawn(self) -> tuple[DayColumn, ...]:
        """The columns of this view."""
        if self.view is View.STYLISTS:
            return self.columns
        return self.things if self.view is View.ROOMS else (*self.columns, *self.things)

    def _standing(self) -> Iterator[DayEntry]:
        for column in self.columns:
            yield from column.entries
