"""When stylists work: usual weeks, days that differ, breaks, time off (features ST1, ST2).

Rules, not facts: each may be laid over visits, and each answer lists the visits it strands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from frontdesk.errors import AlreadyAway, BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.team.hours_wishes import (
    StylistToChange,
    refuse_backwards,
    refuse_bad_week,
    refuse_no_weekday,
    refuse_overlaps,
    shop_of,
    stylist_to_change,
)
from frontdesk.services.team.stranded import HoursChange, StrandedVisit
from frontdesk.services.team.stylist_hours import BreakCard, TimeOffCard, breaks_of, time_off_of
from frontdesk.services.team.stylist_hours import DayShift as DayShift
from frontdesk.services.team.stylist_hours import Shift as Shift
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import day_words
from frontdesk.tables.hours import Break, DatedShift, TimeOff, WeeklyShift
from frontdesk.text import clean

AwayKind = Literal["holiday", "sick", "training", "unpaid", "other"]


@dataclass(frozen=True, kw_only=True)
class SetWeeklyShifts(Write):
    """A stylist's usual week from a day on; earlier weeks keep the old one."""

    stylist_id: int
    valid_from: dt.date
    shifts: tuple[Shift, ...]
    """All of the week; a weekday without a shift is off."""


@dataclass(frozen=True, kw_only=True)
class SetDatedShift(Write):
    """One day that differs from the usual week."""

    stylist_id: int
    day: dt.date
    shifts: tuple[DayShift, ...] = ()
    """None: they do not work that day."""
    as_usual: bool = False
    """Back to the usual week."""


@dataclass(frozen=True, kw_only=True)
class AddBreak(Write):
    """Lunch and the like: every such weekday, or one day."""

    stylist_id: int
    starts: dt.time
    ends: dt.time
    weekday: int | None = None
    day: dt.date | None = None
    name: str = "break"
    valid_from: dt.date | None = None
    """Of a weekly one: today, when it is not given."""


@dataclass(frozen=True, kw_only=True)
class AddTimeOff(Write):
    """Days away."""

    stylist_id: int
    first_day: dt.date
    last_day: dt.date
    """The last day away itself."""
    starts: dt.time | None = None
    """On the first day from; all of it when it is not given."""
    ends: dt.time | None = None
    """On the last day until."""
    kind: AwayKind = "holiday"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoveBreak(Write):
    """A break that is none."""

    break_id: int


@dataclass(frozen=True, kw_only=True)
class RemoveTimeOff(Write):
    """Somebody who is here after all."""

    time_off_id: int


@dataclass(frozen=True, kw_only=True)
class ListBreaks:
    """Breaks that are not over."""

    stylist_id: int | None = None
    """Everybody's, when it is not given."""


@dataclass(frozen=True)
class Breaks:
    """Breaks in the order of the book."""

    breaks: tuple[BreakCard, ...]


@dataclass(frozen=True, kw_only=True)
class ListTimeOff:
    """Days away that are not over."""

    stylist_id: int | None = None
    """Everybody's, when it is not given."""


@dataclass(frozen=True)
class DaysAway:
    """Time off, soonest first."""

    time_off: tuple[TimeOffCard, ...]


@dataclass(frozen=True)
class HoursChanged:
    """A change of hours and what it leaves to be dealt with."""

    id: int
    """The break or time off that was added; of a roster, the stylist."""
    stylist: str
    stranded: tuple[StrandedVisit, ...]
    """Visits that were covered before and are not now, soonest first. They stay in the book."""


@use_case(Deed.EDIT_ROSTER)
def set_weekly_shifts(work: Work, request: SetWeeklyShifts) -> HoursChanged:
    """A new usual week from a day on; weeks before it stay, weeks planned for later go. Raises BadInput, NotFound."""
    refuse_bad_week([(shift.weekday, shift.starts, shift.ends) for shift in request.shifts])
    stylist = stylist_to_change(work, request.stylist_id)
    change = HoursChange.begin(work, [stylist.resource_id], request.valid_from, dt.date.max)
    work.session.execute(_END_WEEKS, {"stylist": stylist.id, "day": request.valid_from})
    work.session.execute(_DROP_WEEKS, {"stylist": stylist.id, "day": request.valid_from})
    for shift in request.shifts:
        work.session.add(
            WeeklyShift(
                stylist_id=stylist.id,
                shop_id=shop_of(work, shift.shop_id),
                weekday=shift.weekday,
                starts=shift.starts,
                ends=shift.ends,
                valid_from=request.valid_from,
            )
        )
    work.session.flush()
    return HoursChanged(stylist.id, stylist.name, change.finish())


_END_WEEKS = text(
    "UPDATE weekly_shifts SET valid_until = :day"
    " WHERE stylist_id = :stylist AND valid_from < :day AND valid_until > :day"
)
_DROP_WEEKS = text("DELETE FROM weekly_shifts WHERE stylist_id = :stylist AND valid_from >= :day")


@use_case(Deed.EDIT_ROSTER)
def set_dated_shift(work: Work, request: SetDatedShift) -> HoursChanged:
    """One day that differs: other hours, none at all, or as usual again. Raises BadInput, NotFound."""
    refuse_overlaps([(shift.starts, shift.ends) for shift in request.shifts], f"{day_words(request.day)}")
    stylist = stylist_to_change(work, request.stylist_id)
    change = HoursChange.begin(work, [stylist.resource_id], request.day, request.day)
    work.session.execute(_DROP_DATED, {"stylist": stylist.id, "day": request.day})
    if not request.as_usual:
        for shift in request.shifts or (None,):
            work.session.add(
                DatedShift(
                    stylist_id=stylist.id,
                    shop_id=shop_of(work, shift.shop_id if shift else None),
                    day=request.day,
                    starts=shift.starts if shift else None,
                    ends=shift.ends if shift else None,
                )
            )
    work.session.flush()
    return HoursChanged(stylist.id, stylist.name, change.finish())


_DROP_DATED = text("DELETE FROM dated_shifts WHERE stylist_id = :stylist AND day = :day")


@use_case(Deed.EDIT_ROSTER)
def add_break(work: Work, request: AddBreak) -> HoursChanged:
    """A break every week or on one day. Raises BadInput, NotFound."""
    if (request.weekday is None) == (request.day is None):
        raise BadInput("A break is on a weekday or on one day. Say which of the two.", field="weekday")
    if request.weekday is not None:
        refuse_no_weekday(request.weekday)
    refuse_backwards(request.starts, request.ends, "The break")
    stylist = stylist_to_change(work, request.stylist_id)
    first = request.day or request.valid_from or work.desk.today
    change = HoursChange.begin(work, [stylist.resource_id], first, request.day or dt.date.max)
    added = Break(
        stylist_id=stylist.id,
        weekday=request.weekday,
        day=request.day,
        starts=request.starts,
        ends=request.ends,
        name=clean(request.name) or "break",
    )
    if request.weekday is not None:
        added.valid_from = first
    work.session.add(added)
    work.session.flush()
    return HoursChanged(added.id, stylist.name, change.finish())


@use_case(Deed.EDIT_ROSTER)
def remove_break(work: Work, request: RemoveBreak) -> HoursChanged:
    """Take a break out of the roster, also out of the weeks that were. Raises NotFound."""
    found = work.session.get(Break, request.break_id)
    if found is None:
        raise NotFound(what="break", name=request.break_id, remedy="Look at the stylist's week.")
    stylist = stylist_to_change(work, found.stylist_id)
    first = found.day or work.desk.today
    change = HoursChange.begin(work, [stylist.resource_id], first, found.day or dt.date.max)
    work.session.delete(found)
    work.session.flush()
    return HoursChanged(request.break_id, stylist.name, change.finish())


@use_case(Deed.EDIT_ROSTER)
def add_time_off(work: Work, request: AddTimeOff) -> HoursChanged:
    """Days away. Raises BadInput, NotFound, and AlreadyAway when they are away then (features ST2)."""
    if request.last_day < request.first_day:
        raise BadInput("The last day away is before the first. Change one of them.", field="last_day")
    if request.first_day == request.last_day:
        refuse_backwards(request.starts or dt.time.min, request.ends or dt.time.max, "The time away", field="ends")
    stylist = stylist_to_change(work, request.stylist_id)
    _refuse_away(work, stylist, request)
    change = HoursChange.begin(work, [stylist.resource_id], request.first_day, request.last_day)
    away = TimeOff(
        stylist_id=stylist.id,
        first_day=request.first_day,
        last_day=request.last_day,
        starts=request.starts,
        ends=request.ends,
        kind=request.kind,
        note=clean(request.note),
    )
    work.session.add(away)
    work.session.flush()
    return HoursChanged(away.id, stylist.name, change.finish())


@use_case(Deed.EDIT_ROSTER)
def remove_time_off(work: Work, request: RemoveTimeOff) -> HoursChanged:
    """They are here after all. Raises NotFound."""
    away = work.session.get(TimeOff, request.time_off_id)
    if away is None:
        raise NotFound(what="time off", name=request.time_off_id, remedy="Look at the stylist's days away.")
    stylist = stylist_to_change(work, away.stylist_id)
    change = HoursChange.begin(work, [stylist.resource_id], away.first_day, away.last_day)
    work.session.delete(away)
    work.session.flush()
    return HoursChanged(request.time_off_id, stylist.name, change.finish())


@use_case(Deed.SEE_BOOK)
def list_breaks(work: Work, request: ListBreaks) -> Breaks:
    """Breaks that are not over, of one stylist or of all."""
    return Breaks(breaks_of(work, request.stylist_id))


@use_case(Deed.SEE_BOOK)
def list_time_off(work: Work, request: ListTimeOff) -> DaysAway:
    """Time off that is not over, of one stylist or of all."""
    return DaysAway(time_off_of(work, request.stylist_id))


def _refuse_away(work: Work, stylist: StylistToChange, request: AddTimeOff) -> None:
    given = {
        "stylist": stylist.id,
        "from": dt.datetime.combine(request.first_day, request.starts or dt.time.min),
        "until": dt.datetime.combine(request.last_day, request.ends or dt.time.max),
    }
    away = work.session.execute(_AWAY, given).first()
    if away is not None:
        one_day = away.first_day == away.last_day
        when = day_words(away.first_day) if one_day else f"{day_words(away.first_day)} to {day_words(away.last_day)}"
        raise AlreadyAway(stylist=stylist.name, when=when)


_AWAY = text("""
    SELECT first_day, last_day FROM time_off
     WHERE stylist_id = :stylist AND first_day + coalesce(starts, '00:00') < CAST(:until AS timestamp)
       AND last_day + coalesce(ends, '24:00') > CAST(:from AS timestamp)
     ORDER BY first_day LIMIT 1
""")
