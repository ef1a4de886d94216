"""A stylist's hours as they are written down: usual weeks, days that differ, breaks, time off (features ST1, ST2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import text

from frontdesk.services.use_case import Work


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A stretch of work on a weekday, wall time. Two on one day leave the time between free."""

    weekday: int
    """1 Monday to 7 Sunday."""
    starts: dt.time
    ends: dt.time
    shop_id: int | None = None
    """This desk's shop, when it is not given."""


@dataclass(frozen=True, kw_only=True)
class DayShift:
    """A stretch of work on one day, wall time."""

    starts: dt.time
    ends: dt.time
    shop_id: int | None = None


@dataclass(frozen=True)
class UsualWeek:
    """A usual week and the days it holds."""

    valid_from: dt.date | None
    """None: it always was."""
    valid_until: dt.date | None
    """The day after the last; None: it has no end."""
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class DifferentDay:
    """A day that differs from the usual week; without shifts they don't work then."""

    day: dt.date
    shifts: tuple[DayShift, ...]


@dataclass(frozen=True)
class BreakCard:
    """A break, every such weekday or on one day."""

    id: int
    stylist_id: int
    stylist: str
    weekday: int | None
    day: dt.date | None
    starts: dt.time
    ends: dt.time
    name: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    """The day after the last; None: it has no end."""


@dataclass(frozen=True)
class TimeOffCard:
    """Days away."""

    id: int
    stylist_id: int
    stylist: str
    first_day: dt.date
    last_day: dt.date
    starts: dt.time | None
    """On the first day from; None for all of it."""
    ends: dt.time | None
    """On the last day until; None for all of it."""
    kind: str
    note: str


def usual_weeks(work: Work, stylist_id: int) -> tuple[UsualWeek, ...]:
    """The week that holds and those that are planned, in order."""
    rows = work.session.execute(_WEEKS, {"stylist": stylist_id, "today": work.desk.today})
    return tuple(
        UsualWeek(
            first_day(since),
            end_day(until),
            tuple(Shift(weekday=r.weekday, starts=r.starts, ends=r.ends, shop_id=r.shop_id) for r in week),
        )
        for (since, until), week in groupby(rows, lambda row: (row.valid_from, row.valid_until))
    )


_WEEKS = text("""
    SELECT weekday, starts, ends, shop_id, valid_from, valid_until FROM weekly_shifts
     WHERE stylist_id = :stylist AND valid_until > :today ORDER BY valid_from, valid_until, weekday, starts
""")


def different_days(work: Work, stylist_id: int) -> tuple[DifferentDay, ...]:
    """The days to come that differ, in order."""
    rows = work.session.execute(_DAYS, {"stylist": stylist_id, "today": work.desk.today})
    return tuple(
        DifferentDay(
            day,
            tuple(DayShift(starts=r.starts, ends=r.ends, shop_id=r.shop_id) for r in shifts if r.starts is not None),
        )
        for day, shifts in groupby(rows, lambda row: row.day)
    )


_DAYS = text("""
    SELECT day, starts, ends, shop_id FROM dated_shifts
     WHERE stylist_id = :stylist AND day >= :today ORDER BY day, starts
""")


def breaks_of(work: Work, stylist_id: int | None = None) -> tuple[BreakCard, ...]:
    """Breaks that are not over, of one stylist or of all, in the order of the book."""
    rows = work.session.execute(_BREAKS, {"stylist": stylist_id, "today": work.desk.today})
    return tuple(
        BreakCard(
            r.id, r.stylist_id, r.stylist, r.weekday, r.day, r.starts, r.ends, r.name, first_day(r.valid_from),
            end_day(r.valid_until),
        )
        for r in rows
    )  # fmt: skip


_BREAKS = text("""
    SELECT b.id, b.stylist_id, trim(p.first_name || ' ' || p.last_name) AS stylist, b.weekday, b.day, b.starts, b.ends,
           b.name, b.valid_from, b.valid_until
      FROM breaks b JOIN stylists p ON p.id = b.stylist_id JOIN resources r ON r.id = p.resource_id
     WHERE (p.id = CAST(:stylist AS bigint) OR CAST(:stylist AS bigint) IS NULL)
       AND coalesce(b.day >= :today, b.valid_until > :today)
     ORDER BY r.position, p.id, b.day NULLS FIRST, b.weekday, b.starts
""")


def time_off_of(work: Work, stylist_id: int | None = None) -> tuple[TimeOffCard, ...]:
    """Time off that is not over, of one stylist or of all, soonest first."""
    rows: Iterable[Any] = work.session.execute(_AWAY, {"stylist": stylist_id, "today": work.desk.today})
    return tuple(TimeOffCard(*row) for row in rows)


_AWAY = text("""
    SELECT t.id, t.stylist_id, trim(p.first_name || ' ' || p.last_name) AS stylist, t.first_day, t.last_day, t.starts,
           t.ends, t.kind, t.note
      FROM time_off t JOIN stylists p ON p.id = t.stylist_id
     WHERE (p.id = CAST(:stylist AS bigint) OR CAST(:stylist AS bigint) IS NULL) AND t.last_day >= :today
     ORDER BY t.first_day, t.starts NULLS FIRST, t.id
""")


def first_day(since: dt.date) -> dt.date | None:
    """None for what always was."""
    return since if since != dt.date.min else None


def end_day(until: dt.date) -> dt.date | None:
    """None for what has no end."""
    return until if until != dt.date.max else None
