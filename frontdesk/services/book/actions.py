"""What a person does to the book, remembered as it was before and after, so that it can be taken back.

Private to the services that change visits, which hand in the open session. A visit's state holds times, states and
numbers; people's data has no place in it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import col, select

from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.use_case import Work
from frontdesk.tables.appointments import Appointment, AppointmentPart, AppointmentService


class Kind(StrEnum):
    """What was done; the same words as in the table."""

    BOOKED = "booked"
    MOVED = "moved"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    STARTED = "started"
    PROCESSING = "processing"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    PUT_BACK = "put_back"
    SWAPPED = "swapped"
    RESIZED = "resized"
    CHANGED = "changed"
    HANDED_OVER = "handed_over"
    REASSIGNED = "reassigned"
    ADDED = "added"
    DROPPED = "dropped"
    SHIFTED = "shifted"
    GROUPED = "grouped"

    @property
    def deed(self) -> Deed:
        """What one has to be allowed to do it, and so to take it back."""
        return Deed.SERVE if self in (Kind.ARRIVED, Kind.STARTED, Kind.PROCESSING, Kind.FINISHED) else Deed.BOOK


STEPS = {
    Status.CONFIRMED: Kind.CONFIRMED,
    Status.ARRIVED: Kind.ARRIVED,
    Status.IN_SERVICE: Kind.STARTED,
    Status.PROCESSING: Kind.PROCESSING,
    Status.COMPLETED: Kind.FINISHED,
    Status.NO_SHOW: Kind.NO_SHOW,
    Status.CANCELLED: Kind.CANCELLED,
    Status.LATE_CANCELLED: Kind.LATE_CANCELLED,
}
"""What a step is called when it is remembered."""


@dataclass(frozen=True)
class PartState:
    """A stretch of a line and whom it keeps busy."""

    position: int
    kind: str
    role: str
    resource_id: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class LineTerms:
    """What a line is about, and on which terms."""

    service_id: int
    name: str
    quantity: int
    own_minutes: int | None
    own_price: bool
    addon_of: int | None
    bundle_id: int | None
    asked_for: bool


@dataclass(frozen=True)
class LineState:
    """A line as it stood."""

    id: int
    status: Status
    stylist_id: int | None
    price: Decimal
    starts_at: dt.datetime
    ends_at: dt.datetime
    overbook_reason: str | None
    """None of a line that is not overbooked."""
    arrived_at: dt.datetime | None
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    parts: tuple[PartState, ...] | None = None
    """How it was laid out; None when what was done left that alone."""
    terms: LineTerms | None = None
    """None in what was remembered before terms could change."""

    @property
    def holds_time(self) -> bool:
        """Whether it is to be served."""
        return self.status not in EXITS

    @property
    def place(self) -> tuple[Status, int | None, dt.datetime]:
        """What another person would have to change for this state to be no longer so."""
        return self.status, self.stylist_id, self.starts_at


@dataclass(frozen=True)
class Whose:
    """To whom a visit belongs, and to which party. A name has no place here: a guest's stays on the visit."""

    customer_id: int | None
    group_id: int | None
    for_guest: bool = False
    is_named: bool = False
    """A guest's name stands on the visit."""


@dataclass(frozen=True)
class Away:
    """Time off that was written down in the same stroke, as it stands in the roster."""

    stylist_id: int
    first_day: dt.date
    last_day: dt.date
    starts: dt.time | None
    ends: dt.time | None
    kind: str


@dataclass(frozen=True)
class VisitState:
    """A visit with all its lines as they stood."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    lines: tuple[LineState, ...]
    beside: dict[int, str] = field(default_factory=dict)
    """Lines of other visits that were overbooked on this one, with the reason, and got its time when it left."""
    whose: Whose | None = None
    """None in what was remembered before a visit could change hands."""
    away: Away | None = None
    """Time off that goes with this state."""

    def is_like(self, other: VisitState) -> bool:
        """Whether everything is where, with whom and as far as in the other state."""
        return (self.starts_at, self._places()) == (other.starts_at, other._places())

    def _places(self) -> dict[int, tuple[Status, int | None, dt.datetime]]:
        """Without what counts as never booked: it may have come and gone since."""
        return {line.id: line.place for line in self.lines if line.status is not Status.VOID}

    def never_booked(self) -> VisitState:
        """The same as if it had not been: every line void."""
        return replace(self, lines=tuple(replace(line, status=Status.VOID) for line in self.lines))

    @classmethod
    def of(
        cls, visit: Appointment, lines: Sequence[AppointmentService], parts: dict[int, tuple[PartState, ...]] | None
    ) -> VisitState:
        """The rows as they are now."""
        whose = Whose(visit.customer_id, visit.group_id, visit.for_guest, bool(visit.guest_name))
        return cls(visit.starts_at, visit.ends_at, tuple(_line(line, parts) for line in lines), whose=whose)


def joined(one: VisitState, other: VisitState) -> VisitState:
    """The first of two states of a visit, with what only the other says: more lines, and how they were laid out."""
    known = {line.id: line for line in other.lines}
    lines = [
        replace(line, parts=known[line.id].parts) if line.parts is None and line.id in known else line
        for line in one.lines
    ]
    mine = {line.id for line in one.lines}
    more = [line for line in other.lines if line.id not in mine]
    return replace(
        one, lines=(*lines, *more), beside={**other.beside, **one.beside}, whose=one.whose or other.whose,
        away=one.away or other.away,
    )  # fmt: skip


def _line(line: AppointmentService, parts: dict[int, tuple[PartState, ...]] | None) -> LineState:
    return LineState(
        line.id,
        Status(line.status),
        line.stylist_id,
        line.price,
        line.starts_at,
        line.ends_at,
        line.overbook_reason if line.overbooked else None,
        line.arrived_at,
        line.started_at,
        line.finished_at,
        None if parts is None else parts.get(line.id, ()),
        LineTerms(
            line.service_id,
            line.name,
            line.quantity,
            line.own_minutes,
            line.own_price,
            line.addon_of,
            line.bundle_id,
            line.asked_for,
        ),
    )


def laid_out(work: Work, lines: Sequence[AppointmentService]) -> dict[int, tuple[PartState, ...]]:
    """The parts of these lines, in one question."""
    wish = select(AppointmentPart).where(col(AppointmentPart.appointment_service_id).in_([line.id for line in lines]))
    found: dict[int, tuple[PartState, ...]] = {}
    for part in work.session.exec(wish.order_by(col(AppointmentPart.id))):
        state = PartState(part.position, part.kind, part.role, part.resource_id, part.starts_at, part.ends_at)
        found[part.appointment_service_id] = (*found.get(part.appointment_service_id, ()), state)
    seats = [line for line in lines if line.class_session_id is not None]
    strips = {row.id: row.resource_id for row in work.session.execute(_STRIPS, {"ids": _leads(seats)})} if seats else {}
    for line in seats:
        found[line.id] = (PartState(0, SEAT, "lead", strips.get(line.stylist_id), line.starts_at, line.ends_at),)
    return found


SEAT = "seat"
"""The kind of part that stands for a seat in a class. It is no row: the class itself holds the strips."""

_STRIPS = text("SELECT id, resource_id FROM stylists WHERE id = ANY (:ids)")


def _leads(seats: Sequence[AppointmentService]) -> list[int]:
    return [seat.stylist_id for seat in seats if seat.stylist_id is not None]


def remember(
    work: Work,
    kind: Kind,
    visit: Appointment,
    before: VisitState,
    after: VisitState,
    batch_id: UUID | None = None,
) -> None:
    """Keep the way back. What was taken back before can't be done again after something new.

    Actions of one batch are one stroke to whoever takes it back.
    """
    remember_all(work, kind, [(visit, before, after)], batch_id)


def remember_all(
    work: Work, kind: Kind, changes: Sequence[tuple[Appointment, VisitState, VisitState]], batch_id: UUID | None
) -> None:
    """The same of many visits at once: before and after."""
    kept = [
        {
            "me": work.actor.user_id,
            "shop": work.shop.id,
            "visit": visit.id,
            "kind": kind,
            "before": written(before),
            "after": written(after),
            "at": work.now,
            "batch": batch_id,
        }
        for visit, before, after in changes
    ]
    work.session.execute(_REMEMBER, kept[0] if len(kept) == 1 else kept)


_REMEMBER = text("""
    WITH gone AS (UPDATE booking_actions SET state = 'gone'
                   WHERE user_id = :me AND shop_id = :shop AND state = 'taken_back')
    INSERT INTO booking_actions (shop_id, appointment_id, kind, before, after, at, batch_id)
    VALUES (:shop, :visit, :kind, CAST(:before AS jsonb), CAST(:after AS jsonb), :at, CAST(:batch AS uuid))
""")


def written(state: VisitState) -> str:
    """A state as the table keeps it."""
    return _adapter().dump_json(state).decode()


def read(kept: dict[str, Any]) -> VisitState:
    """A state from the table."""
    return _adapter().validate_json(json.dumps(kept))


@cache
def _adapter() -> TypeAdapter[VisitState]:
    return TypeAdapter(VisitState)
