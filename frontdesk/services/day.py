"""One day of a shop's book as a sheet: who works when, and what lies in each column (features BK1)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import boundary, day_bounds
from frontdesk.permissions import Deed
from frontdesk.rules.intervals import Stretch, joined
from frontdesk.rules.states import EXITS, Status, visit_status
from frontdesk.services import slots
from frontdesk.services.availability import lay_out_first
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person
from frontdesk.text import phone_digits

Moments = tuple[Stretch[dt.datetime], ...]


@dataclass(frozen=True, kw_only=True)
class ShowDay:
    """A day of the book; today when none is named."""

    day: dt.date | None = None


@dataclass(frozen=True)
class DayPart:
    """A stretch of a line: hands on, or waiting."""

    kind: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class DayEntry:
    """A line of a visit in somebody's column."""

    appointment_id: int
    line_id: int
    code: str
    customer_id: int | None
    customer: str
    service: str
    status: Status
    starts_at: dt.datetime
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

    @property
    def marks(self) -> str:
        """The state's letter and what stands beside it: `c$!*`."""
        beside = (("$", self.paid), ("!", self.overbooked), ("*", self.new_customer))
        return self.status.letter + "".join(mark for mark, on in beside if on)


@dataclass(frozen=True)
class DayBlock:
    """Time in a shift that can't be booked, and why."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    reason: str


@dataclass(frozen=True)
class DayColumn:
    """One stylist's day. Who is off and has no visits has no column."""

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


@dataclass(frozen=True)
class DaySheet:
    """A day of the book."""

    day: dt.date
    shop: str
    timezone: str
    columns: tuple[DayColumn, ...]
    left: tuple[DayEntry, ...]
    """Cancelled, missed and void: no longer in any column, still part of the day."""
    now: dt.datetime
    slot_minutes: int
    hours: Moments
    """When the shop is open that day; empty when it is closed."""
    currency: str

    @property
    def waiting(self) -> int:
        """How many visits have arrived and not begun."""
        states: dict[int, list[Status]] = defaultdict(list)
        for entry in self.entries:
            states[entry.appointment_id].append(entry.status)
        return sum(visit_status(lines) is Status.ARRIVED for lines in states.values())

    @property
    def entries(self) -> tuple[DayEntry, ...]:
        """Everything that is in a column."""
        return tuple(entry for column in self.columns for entry in column.entries)


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def show_day(work: Work, request: ShowDay) -> DaySheet:
    """A day of this shop: a column for everybody who works or serves, one for what nobody has taken yet."""
    day = request.day or work.desk.today
    since, until = day_bounds(day, work.shop.timezone)
    window = {"shop": work.shop.id, "since": since, "until": until, "back": since - slots.LONGEST_PIECE}
    entries: dict[int | None, list[DayEntry]] = defaultdict(list)
    left: list[DayEntry] = []
    for row in work.session.execute(_LINES, window):
        entry = _entry(row)
        if entry.status in EXITS:
            left.append(entry)
        else:
            entries[row.stylist_id].append(entry)
    pieces = defaultdict(list)
    for piece in work.session.execute(_PIECES, window):
        pieces[piece.resource_id].append(piece)
    soonest = _whole_minute(work.now)
    columns = [
        _column(work, row, pieces[row.resource_id], entries[row.id], soonest)
        for row in work.session.execute(_STYLISTS)
        if pieces[row.resource_id] or entries[row.id]
    ]
    if entries[None]:
        columns.append(DayColumn(None, None, "Unassigned", (), (), tuple(entries[None])))
    return DaySheet(
        day,
        work.shop.name,
        work.shop.timezone,
        tuple(columns),
        tuple(left),
        work.now,
        work.shop.slot_minutes,
        _hours(work, day),
        work.shop.currency,
    )


def _hours(work: Work, day: dt.date) -> Moments:
    zone = work.shop.timezone
    rows = work.session.execute(_HOURS, {"shop": work.shop.id, "day": day, "weekday": day.isoweekday()})
    return tuple(joined((boundary(day, row.opens, zone), boundary(day, row.closes, zone)) for row in rows))


def _whole_minute(instant: dt.datetime) -> dt.datetime:
    """This minute when it has just begun, otherwise the next: nobody is booked at 14:52:30."""
    begun = instant.replace(second=0, microsecond=0)
    return begun if begun == instant else begun + dt.timedelta(minutes=1)


def _entry(row: Any) -> DayEntry:  # noqa: ANN401  a row of _LINES
    return DayEntry(
        row.appointment_id,
        row.line_id,
        row.code,
        row.customer_id,
        person(row.first_name, row.last_name, row.customer_code, row.guest_name),
        row.service,
        Status(row.status),
        row.starts_at,
        row.ends_at,
        row.price,
        row.overbooked,
        row.paid,
        row.new_customer,
        tuple(DayPart(k, dt.datetime.fromisoformat(s), dt.datetime.fromisoformat(e)) for k, s, e in row.parts or ()),
        stylist_id=row.stylist_id,
        version=row.version,
        phone_tail=phone_digits(row.phone or "")[-4:],
        notes=row.has_notes,
        arrived_at=row.arrived_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _column(
    work: Work,
    row: Any,  # noqa: ANN401  a row of _STYLISTS
    pieces: Iterable[Any],
    entries: list[DayEntry],
    soonest: dt.datetime,
) -> DayColumn:
    pieces = list(pieces)
    blocks = tuple(
        DayBlock(piece.starts_at, piece.ends_at, piece.reason or piece.status)
        for piece in pieces
        if piece.status in ("blocked", "maintenance")
    )
    free = joined((piece.starts_at, piece.ends_at) for piece in pieces if piece.status == "available")
    shortest = dt.timedelta(minutes=work.shop.slot_minutes)
    starts = (max(start, soonest) for start, end in free if end - max(start, soonest) >= shortest)
    return DayColumn(
        row.resource_id,
        row.id,
        row.first_name,
        tuple(joined((piece.starts_at, piece.ends_at) for piece in pieces)),
        blocks,
        tuple(entries),
        free=tuple(free),
        next_free=next(starts, None),
    )


_LINES = text("""
    SELECT l.appointment_id, l.id AS line_id, a.code, a.customer_id, a.guest_name, c.first_name, c.last_name,
           c.code AS customer_code, l.name AS service, l.status, l.stylist_id, l.starts_at, l.ends_at, l.price,
           l.arrived_at, l.started_at, l.finished_at, a.version, c.phone,
           a.notes <> '' OR a.internal_notes <> '' AS has_notes, l.overbooked,
           EXISTS (SELECT FROM sale_lines p WHERE p.appointment_service_id = l.id) AS paid,
           a.customer_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM appointments b WHERE b.customer_id = a.customer_id AND b.starts_at < a.starts_at
                  AND b.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')) AS new_customer,
           (SELECT jsonb_agg(jsonb_build_array(p.kind, p.starts_at, p.ends_at) ORDER BY p.position)
              FROM (SELECT DISTINCT position, kind, starts_at, ends_at FROM appointment_parts
                     WHERE appointment_service_id = l.id) p) AS parts
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id
      LEFT JOIN customers c ON c.id = a.customer_id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :until
     ORDER BY l.starts_at, l.id
""")
_PIECES = text("""
    SELECT resource_id, starts_at, ends_at, status, reason FROM time_slots
     WHERE resource_id IN (SELECT resource_id FROM stylists) AND shop_id = :shop
       AND starts_at >= :back AND starts_at < :until AND ends_at > :since
     ORDER BY starts_at
""")
_STYLISTS = text("""
    SELECT p.id, p.resource_id, p.first_name FROM stylists p JOIN resources r ON r.id = p.resource_id
     ORDER BY r.position, p.id
""")
_HOURS = text("""
    SELECT opens, closes FROM business_hours
     WHERE shop_id = :shop AND weekday = :weekday AND valid_from <= :day AND valid_until > :day
       AND NOT EXISTS (SELECT FROM closures c WHERE c.shop_id = :shop AND :day BETWEEN c.first_day AND c.last_day)
""")
