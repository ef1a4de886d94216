"""A week of everybody's hours as a sheet: shifts, breaks, days away, closures, and how full each day is (feature ST1).

A handful of questions for the whole week, whatever the number of stylists.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_bounds
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case

DAYS = 7


@dataclass(frozen=True, kw_only=True)
class ShowWeek:
    """Seven days of the roster."""

    first_day: dt.date | None = None
    """Any day; this week's Monday when it is not given."""


@dataclass(frozen=True)
class WeekShift:
    """A stretch of work as it was agreed, wall time; opening hours may cut it."""

    starts: dt.time
    ends: dt.time
    shop: str | None
    """The other shop it is spent at; None for this one."""


@dataclass(frozen=True)
class WeekBreak:
    """A break of a day, wall time."""

    id: int
    starts: dt.time
    ends: dt.time
    name: str
    every_week: bool


@dataclass(frozen=True)
class DayOff:
    """Time off that reaches a day."""

    id: int
    kind: str
    note: str
    starts: dt.time | None
    """Of that day from; None: from its beginning."""
    ends: dt.time | None
    """Of that day until; None: to its end."""

    @property
    def is_whole(self) -> bool:
        """Away all day."""
        return self.starts is None and self.ends is None


@dataclass(frozen=True)
class WeekDay:
    """A day of a stylist."""

    day: dt.date
    shifts: tuple[WeekShift, ...]
    """As agreed, also on days away or shut."""
    differs: bool
    """Another day than the usual week says; without shifts they don't work."""
    breaks: tuple[WeekBreak, ...]
    off: DayOff | None
    closure: str | None
    """Why the shop is shut."""
    booked_minutes: int
    """In this shop; what is overbooked is not in it."""
    free_minutes: int
    """In this shop, as the strip lies: of today the hours that are over too, and none on days not laid out yet."""
    visits: int
    """With them in this shop, cancelled and missed ones left out."""


@dataclass(frozen=True)
class WeekRow:
    """A stylist's week."""

    stylist_id: int
    resource_id: int
    name: str
    days: tuple[WeekDay, ...]
    """Seven."""


@dataclass(frozen=True)
class WeekClosure:
    """Days on which this shop is shut; they may begin before the week and end after it."""

    id: int
    first_day: dt.date
    last_day: dt.date
    name: str


@dataclass(frozen=True)
class WeekSheet:
    """Seven days of everybody who works here."""

    first_day: dt.date
    days: tuple[dt.date, ...]
    stylists: tuple[WeekRow, ...]
    """In the order of the book."""
    closures: tuple[WeekClosure, ...]


@use_case(Deed.SEE_BOOK)
def show_week(work: Work, request: ShowWeek) -> WeekSheet:
    """Seven days of the roster, and how full each is."""
    today = work.desk.today
    first = request.first_day or today - DAY * (today.isoweekday() - 1)
    days = tuple(first + DAY * n for n in range(DAYS))
    rules = _Rules.read(work, first, days[-1])
    minutes = _minutes(work, days)
    visits = _visits(work, days)
    rows = [
        WeekRow(
            who.id,
            who.resource_id,
            f"{who.first_name} {who.last_name}".strip(),
            tuple(
                rules.day(who.id, day, minutes[who.resource_id, number], visits[who.id, number])
                for number, day in enumerate(days)
            ),
        )
        for who in work.session.execute(_STYLISTS)
    ]
    return WeekSheet(first, days, tuple(rows), rules.closures)


_STYLISTS = text("""
    SELECT p.id, p.resource_id, p.first_name, p.last_name FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE p.is_active ORDER BY r.position, p.id
""")


@dataclass(frozen=True)
class _Rules:
    """What is written down about the week, by stylist."""

    weekly: dict[int, list[Any]]
    dated: dict[int, list[Any]]
    breaks: dict[int, list[Any]]
    away: dict[int, list[Any]]
    closures: tuple[WeekClosure, ...]

    @classmethod
    def read(cls, work: Work, first: dt.date, last: dt.date) -> _Rules:
        asked = {"first": first, "last": last, "shop": work.shop.id}
        weekly, dated, breaks, away = (_by_stylist(work.session.execute(rule, asked)) for rule in _RULES)
        closures = tuple(WeekClosure(*row) for row in work.session.execute(_CLOSURES, asked))
        return cls(weekly, dated, breaks, away, closures)

    def day(self, stylist_id: int, day: dt.date, minutes: tuple[int, int], visits: int) -> WeekDay:
        dated = [row for row in self.dated[stylist_id] if row.day == day]
        shifts = dated or [row for row in self.weekly[stylist_id] if _holds(row, day)]
        breaks = [row for row in self.breaks[stylist_id] if row.day == day or (row.weekday and _holds(row, day))]
        away = next((row for row in self.away[stylist_id] if row.first_day <= day <= row.last_day), None)
        return WeekDay(
            day,
            tuple(WeekShift(row.starts, row.ends, row.shop) for row in shifts if row.starts is not None),
            bool(dated),
            tuple(WeekBreak(row.id, row.starts, row.ends, row.name, row.day is None) for row in breaks),
            _off(away, day) if away else None,
            next((shut.name for shut in self.closures if shut.first_day <= day <= shut.last_day), None),
            *minutes,
            visits,
        )


def _by_stylist(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.stylist_id].append(row)
    return found


def _holds(row: Any, day: dt.date) -> bool:  # noqa: ANN401  a row with a weekday and its days
    return bool(row.weekday == day.isoweekday() and row.valid_from <= day < row.valid_until)


def _off(row: Any, day: dt.date) -> DayOff:  # noqa: ANN401  a row of time off
    starts = row.starts if day == row.first_day else None
    return DayOff(row.id, row.kind, row.note, starts, row.ends if day == row.last_day else None)


_RULES = (
    text("""
        SELECT w.stylist_id, w.weekday, w.starts, w.ends, w.valid_from, w.valid_until,
               CASE WHEN w.shop_id <> :shop THEN s.name END AS shop
          FROM weekly_shifts w JOIN shops s ON s.id = w.shop_id
         WHERE w.valid_from <= :last AND w.valid_until > :first ORDER BY w.starts
    """),
    text("""
        SELECT d.stylist_id, d.day, d.starts, d.ends, CASE WHEN d.shop_id <> :shop THEN s.name END AS shop
          FROM dated_shifts d JOIN shops s ON s.id = d.shop_id
         WHERE d.day BETWEEN :first AND :last ORDER BY d.starts
    """),
    text("""
        SELECT stylist_id, id, weekday, day, starts, ends, name, valid_from, valid_until FROM breaks
         WHERE day BETWEEN :first AND :last
            OR (weekday IS NOT NULL AND valid_from <= :last AND valid_until > :first)
         ORDER BY starts, id
    """),
    text("""
        SELECT stylist_id, id, first_day, last_day, starts, ends, kind, note FROM time_off
         WHERE first_day <= :last AND last_day >= :first ORDER BY first_day, starts NULLS FIRST, id
    """),
)
_CLOSURES = text("""
    SELECT id, first_day, last_day, name FROM closures
     WHERE shop_id = :shop AND first_day <= :last AND last_day >= :first ORDER BY first_day, id
""")


def _bounds(work: Work, days: Iterable[dt.date]) -> dict[str, list[dt.datetime]]:
    bounds = [day_bounds(day, work.shop.timezone) for day in days]
    return {"starts": [start for start, _ in bounds], "ends": [end for _, end in bounds]}


def _minutes(work: Work, days: tuple[dt.date, ...]) -> dict[tuple[int, int], tuple[int, int]]:
    """Booked and free, by resource and number of the day."""
    bounds = _bounds(work, days)
    asked = {
        **bounds, "shop": work.shop.id, "back": bounds["starts"][0] - slots.LONGEST_PIECE, "until": bounds["ends"][-1],
    }  # fmt: skip
    rows = work.session.execute(_MINUTES, asked)
    found: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({(row.resource_id, row.number - 1): (row.booked, row.free) for row in rows})
    return found


_DAYS = (
    "unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) WITH ORDINALITY AS d (starts, ends, number)"
)
_MINUTES = text(f"""
    SELECT t.resource_id, d.number,
           coalesce(sum(extract(epoch FROM least(t.ends_at, d.ends) - greatest(t.starts_at, d.starts)) / 60)
                    FILTER (WHERE t.status IN ('booked', 'held')), 0)::int AS booked,
           coalesce(sum(extract(epoch FROM least(t.ends_at, d.ends) - greatest(t.starts_at, d.starts)) / 60)
                    FILTER (WHERE t.status = 'available'), 0)::int AS free
      FROM {_DAYS} JOIN time_slots t ON t.starts_at < d.ends AND t.ends_at > d.starts
     WHERE t.resource_id IN (SELECT resource_id FROM stylists) AND t.shop_id = :shop
       AND t.starts_at >= :back AND t.starts_at < :until AND t.status IN ('booked', 'held', 'available')
     GROUP BY t.resource_id, d.number
""")  # noqa: S608  put together from what stands here


def _visits(work: Work, days: tuple[dt.date, ...]) -> dict[tuple[int, int], int]:
    """How many, by stylist and number of the day."""
    bounds = _bounds(work, days)
    asked = {**bounds, "shop": work.shop.id, "since": bounds["starts"][0], "until": bounds["ends"][-1]}
    found: dict[tuple[int, int], int] = defaultdict(int)
    found.update(_counted(work.session.execute(_VISITS, asked)))
    return found


def _counted(rows: Iterable[Any]) -> Iterator[tuple[tuple[int, int], int]]:
    return (((row.stylist_id, row.number - 1), row.visits) for row in rows)


_VISITS = text(f"""
    SELECT l.stylist_id, d.number, count(DISTINCT a.id) AS visits
      FROM {_DAYS} JOIN appointments a ON a.starts_at >= d.starts AND a.starts_at < d.ends
      JOIN appointment_services l ON l.appointment_id = a.id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.starts_at < :until AND l.stylist_id IS NOT NULL
       AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     GROUP BY l.stylist_id, d.number
""")  # noqa: S608  put together from what stands here
