"""What is said about classes and their seats, and what is answered (features BK22)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.rules.recurrence import Unit
from frontdesk.rules.states import Status
from frontdesk.services.use_case import Write


@dataclass(frozen=True, kw_only=True)
class PlanSession(Write):
    """A class on one day, or on several that come again."""

    service_id: int
    """A service that is a class."""
    stylist_id: int
    """Who leads it."""
    first: dt.datetime
    """By the shop's wall clock, without a zone; an instant is taken as what that clock shows then."""
    every: int = 1
    unit: str = Unit.WEEK.value
    count: int = 1
    """How many times, with the first."""
    skip: tuple[int, ...] = ()
    """Numbers of the times that are left out."""
    room_id: int | None = None
    """In this room; where the class needs one and none is said, one that is free."""
    seats: int | None = None
    """As many as the service says, when it is not given."""
    price: Decimal | None = None
    """Of one seat; the stylist's usual, when it is not given."""
    outside_hours: bool = False


@dataclass(frozen=True)
class SessionCard:
    """A class on one day."""

    id: int
    service_id: int
    service: str
    stylist_id: int
    stylist: str
    room_id: int | None
    room: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    seats: int
    taken: int
    arrived: int
    """How many of them are here."""
    waiting: int
    """How many would like a seat."""
    price: Decimal
    is_cancelled: bool
    version: int

    @property
    def free(self) -> int:
        """Seats that nobody has."""
        return max(0, self.seats - self.taken)


@dataclass(frozen=True)
class SessionsPlanned:
    """What was planned, in order."""

    sessions: tuple[SessionCard, ...]


@dataclass(frozen=True, kw_only=True)
class ListSessions:
    """Classes of some days."""

    first_day: dt.date | None = None
    """From today, when it is not given."""
    days: int = 1
    service_id: int | None = None
    cancelled: bool = False
    """With those that do not take place."""


@dataclass(frozen=True)
class Sessions:
    """Classes, soonest first."""

    first_day: dt.date
    until: dt.date
    """The day after the last."""
    sessions: tuple[SessionCard, ...]


@dataclass(frozen=True, kw_only=True)
class ShowRoster:
    """Who is in a class."""

    session_id: int


@dataclass(frozen=True)
class Seat:
    """A seat of a class, taken or free."""

    number: int
    appointment_id: int | None = None
    line_id: int | None = None
    code: str = ""
    customer_id: int | None = None
    customer: str = ""
    phone: str | None = None
    status: Status | None = None
    paid: bool = False
    notes: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether somebody has it."""
        return self.appointment_id is not None


@dataclass(frozen=True)
class WaitingForSeat:
    """Somebody who would like a seat, in the order of asking."""

    entry_id: int
    customer_id: int | None
    customer: str
    phone: str | None
    since: dt.datetime


@dataclass(frozen=True)
class Roster:
    """A class with its seats, from 1 to the last, and who waits for one."""

    session: SessionCard
    seats: tuple[Seat, ...]
    waiting: tuple[WaitingForSeat, ...]

    @property
    def next_waiting(self) -> WaitingForSeat | None:
        """Who gets the next seat."""
        return self.waiting[0] if self.waiting else None


@dataclass(frozen=True, kw_only=True)
class JoinClass(Write):
    """Somebody wants a seat."""

    session_id: int
    customer_id: int | None = None
    guest_name: str = ""
    for_guest: bool = False
    """For somebody else than the customer: may overlap the customer's own visit."""
    entry_id: int | None = None
    """Somebody on the class's waitlist, who gets the seat whoever waits longer."""
    ahead: bool = False
    """Ahead of those who wait."""
    notes: str = ""
    source: str = "desk"


@dataclass(frozen=True)
class Joined:
    """A seat, or a place on the waitlist of the class."""

    session_id: int
    service: str
    starts_at: dt.datetime
    customer: str
    seat: int | None
    """None of one who waits."""
    appointment_id: int | None
    code: str | None
    place: int | None
    """Which place on the waitlist, from 1."""


@dataclass(frozen=True, kw_only=True)
class LeaveClass(Write):
    """Somebody gives their seat up."""

    appointment_id: int
    reason: str = ""
    fee: Decimal | None = None
    waive_reason: str = ""


@dataclass(frozen=True)
class LeftClass:
    """A seat that is free, and who could have it."""

    session_id: int
    customer: str
    said: str
    """`cancelled late, 25.00 due`."""
    next_waiting: WaitingForSeat | None


@dataclass(frozen=True, kw_only=True)
class ChangeSession(Write):
    """A class at another time, with somebody else, in another room, or with more or fewer seats."""

    session_id: int
    version: int | None = None
    """The version that was seen, to notice what somebody else changed meanwhile."""
    starts_at: dt.datetime | None = None
    stylist_id: int | None = None
    room_id: int | None = None
    seats: int | None = None
    price: Decimal | None = None
    """For those who join from now on."""
    outside_hours: bool = False


@dataclass(frozen=True, kw_only=True)
class CancelSession(Write):
    """A class that does not take place."""

    session_id: int
    reason: str = ""


@dataclass(frozen=True)
class ToCall:
    """Somebody who has to be told."""

    customer_id: int | None
    customer: str
    phone: str | None
    code: str | None
    """Of their visit; None of somebody who waited."""


@dataclass(frozen=True)
class SessionChanged:
    """A class as it stands now, and whom to tell."""

    session: SessionCard
    to_call: tuple[ToCall, ...]
