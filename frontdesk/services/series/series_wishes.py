"""What is said when visits come again and again, and what is answered (features BK19)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from frontdesk.rules.recurrence import Unit
from frontdesk.rules.states import Status
from frontdesk.services.placing.booking_wishes import BookLine
from frontdesk.services.use_case import Write


@dataclass(frozen=True, kw_only=True)
class SeriesPick:
    """What shall become of one date of a rule, other than the rule says."""

    number: int
    """Which of them, from 1."""
    starts_at: dt.datetime | None = None
    """Then instead; skipped when it is None."""
    stylist_id: int | None = None
    """With this one instead of the stylist who is named on the lines."""


@dataclass(frozen=True, kw_only=True)
class SeriesWish:
    """The same visit, again and again, so many times."""

    customer_id: int | None
    guest_name: str = ""
    for_guest: bool = False
    lines: tuple[BookLine, ...]
    first: dt.datetime
    """By the shop's wall clock, without a zone; ten o'clock stays ten o'clock."""
    every: int = 1
    unit: str = Unit.WEEK.value
    """`day`, `week` or `month`."""
    count: int | None = None
    """How many there are, with the first and with those that are skipped; a series without an end is refused."""
    picks: tuple[SeriesPick, ...] = ()
    """Dates that are shifted or skipped."""
    declined_addons: tuple[int, ...] = ()
    """Add-ons that have to be asked for, to which the answer was no."""


@dataclass(frozen=True, kw_only=True)
class PlanSeries(SeriesWish):
    """Which dates that would be, and what is in the way."""


@dataclass(frozen=True, kw_only=True)
class BookSeries(SeriesWish, Write):
    """The dates of a plan, all of them or none."""

    notes: str = ""
    source: str = "desk"
    outside_hours: bool = False


class Mark(StrEnum):
    """What there is to say of a planned date."""

    FREE = "free"
    SKIPPED = "skipped"
    """It was left out on purpose."""
    TAKEN = "taken"
    CLOSED = "closed"
    OFF = "off"
    """Whoever was asked for is not there."""
    NOBODY = "nobody"
    """Nobody who could is free."""
    ELSEWHERE = "elsewhere"
    """The customer has another visit then."""
    PAST = "past"
    NO_SUCH_TIME = "no such time"
    """The clocks go forward over it."""
    TWICE = "twice"
    """The clocks show it twice that night: one has to say which."""


@dataclass(frozen=True)
class Instead:
    """What can be had instead of a date."""

    starts_at: dt.datetime
    stylist: str
    stylist_id: int | None
    """Only when it is somebody else than was asked for."""


@dataclass(frozen=True)
class PlannedDate:
    """One date of a series before it is booked."""

    number: int
    wall: dt.datetime
    """When the rule puts it, by the wall clock."""
    starts_at: dt.datetime | None
    """When it would be; None when it is skipped, or when no clock shows that time."""
    ends_at: dt.datetime | None
    is_shifted: bool
    mark: Mark
    words: str
    """`Anna is taken 10:00–10:45 by Kim Lee`; who it is with when it is free."""
    instead: tuple[Instead, ...] = ()
    """The nearest that is free, the same day before the same week."""

    @property
    def is_in_doubt(self) -> bool:
        """Whether it has to be shifted or skipped before the series can be booked."""
        return self.mark not in (Mark.FREE, Mark.SKIPPED)


@dataclass(frozen=True)
class SeriesPlan:
    """Every date of a series before it is booked."""

    customer: str
    words: str
    """`Cut with Anna, every 6 weeks, 8 times`."""
    dates: tuple[PlannedDate, ...]

    @property
    def in_doubt(self) -> tuple[int, ...]:
        """The numbers of the dates that can't be booked as they are."""
        return tuple(one.number for one in self.dates if one.is_in_doubt)


@dataclass(frozen=True)
class SeriesDateCard:
    """One date of a series as it stands in the book."""

    number: int
    wall: dt.datetime
    """When the rule puts it."""
    appointment_id: int | None
    """None of one that was skipped before it was booked."""
    code: str | None
    status: Status | None
    starts_at: dt.datetime | None
    stylist: str | None
    is_shifted: bool

    @property
    def is_to_come(self) -> bool:
        """Whether it has neither begun nor been given up."""
        return self.status in (Status.PENDING, Status.CONFIRMED)


@dataclass(frozen=True)
class SeriesSheet:
    """A series as it stands in the book."""

    series_id: int
    customer_id: int | None
    customer: str
    words: str
    dates: tuple[SeriesDateCard, ...]


class Scope(StrEnum):
    """How much of a series is meant."""

    THIS = "this"
    LATER = "this_and_later"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class ShowSeries:
    """A series, by its number or by one of its visits."""

    series_id: int | None = None
    appointment_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ListSeries:
    """The series that still have visits to come."""

    customer_id: int | None = None
    """Everybody's when it is None."""


@dataclass(frozen=True)
class SeriesList:
    """Series, the next visit first."""

    series: tuple[SeriesSheet, ...]


@dataclass(frozen=True, kw_only=True)
class ChangeSeries(Write):
    """Move one visit of a series, and with it those after it, or all that are still to come."""

    appointment_id: int
    scope: Scope = Scope.THIS
    starts_at: dt.datetime | None = None
    """Where this visit goes; the others go as many days further as their rule says, at the same time of day."""
    stylist_id: int | None = None
    """With whom they are from now on; None leaves each with whoever has it."""
    leave: tuple[int, ...] = ()
    """Numbers of dates that stay where they are, because they can't be had otherwise."""


@dataclass(frozen=True, kw_only=True)
class CancelSeries(Write):
    """Cancel one visit of a series, those after it as well, or all that are still to come."""

    appointment_id: int
    scope: Scope = Scope.THIS
    reason: str = ""
    fee: Decimal | None = None
    """What of the proposed fee is asked for, when this one is cancelled late."""
    waive_reason: str = ""


@dataclass(frozen=True)
class SeriesChanged:
    """What became of a series."""

    sheet: SeriesSheet
    changed: tuple[int, ...]
    """The numbers of the dates that were moved or cancelled."""
    left: tuple[int, ...]
    """The numbers of those in the scope that were left as they are: begun, over, given up, or asked to stay."""
