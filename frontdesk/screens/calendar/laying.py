"""Where things of a day lie: rows are instants, entries of a column beside each other, and where a cursor rests.

Pure: from a `DaySheet` to rows and lanes, knowing neither colours nor Textual. Rows are instants and not wall times, so
that a day of 23 or 25 hours is as long as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from frontdesk.clock import day_bounds, local
from frontdesk.rules.intervals import Stretch
from frontdesk.services.sheets.day import DayColumn, DayEntry, DaySheet

ZOOMS = (5, 10, 15, 30)
"""Minutes of a row."""

WAITING = ("processing", "elsewhere")
"""Parts beside which something else may stand."""

_HOUR = dt.timedelta(hours=1)
_OPEN = (9, 17)
"""What is drawn of a day on which nobody works and nothing lies."""


@dataclass(frozen=True)
class Axis:
    """The rows of a day, from its first hour to its last."""

    since: dt.datetime
    until: dt.datetime
    minutes: int
    timezone: str

    @property
    def step(self) -> dt.timedelta:
        """How long a row is."""
        return dt.timedelta(minutes=self.minutes)

    @cached_property
    def rows(self) -> int:
        """How many there are."""
        return max(1, -(-(self.until - self.since) // self.step))

    def at(self, row: int) -> dt.datetime:
        """When a row begins."""
        return self.since + row * self.step

    def row_of(self, instant: dt.datetime) -> int:
        """The row in which an instant falls; the first or the last when it falls in none."""
        return min(max((instant - self.since) // self.step, 0), self.rows - 1)

    def rows_of(self, starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[int, int]:
        """The rows that a stretch touches, half-open; at least the one in which it starts."""
        first = self.row_of(starts_at)
        last = -((self.since - ends_at) // self.step)
        return first, max(first + 1, min(last, self.rows))

    @cached_property
    def walls(self) -> tuple[dt.datetime, ...]:
        """What the clock on the wall says when each row begins."""
        return tuple(local(self.at(row), self.timezone) for row in range(self.rows))

    def is_hour(self, row: int) -> bool:
        """Whether a row begins with a full hour."""
        return self.walls[row].minute == 0

    def label(self, row: int, *, whole: bool = False) -> str:
        """`13:00` or `:15`; the hour that the autumn repeats says which of both it is: `01:00²`."""
        wall = self.walls[row]
        return (f"{wall:%H:%M}" if whole or wall.minute == 0 else f":{wall:%M}") + _which(wall)


def _which(wall: dt.datetime) -> str:
    if wall.fold:
        return "²"
    other = wall.replace(fold=1)
    return "¹" if (wall.utcoffset() or dt.timedelta()) > (other.utcoffset() or dt.timedelta()) else ""


def axis_of(sheet: DaySheet, minutes: int) -> Axis:
    """The hours of a day that are shown: those of the shop, of everybody's shifts and of whatever lies outside."""
    midnight, end = day_bounds(sheet.day, sheet.timezone)
    lasting = [*sheet.hours, *(shift for column in sheet.drawn for shift in column.shift)]
    lasting += [(entry.starts_at, entry.ends_at) for column in sheet.drawn for entry in column.entries]
    if not lasting:
        lasting = [(midnight + _OPEN[0] * _HOUR, midnight + _OPEN[1] * _HOUR)]
    since = max(midnight, _hour_before(min(start for start, _ in lasting), sheet.timezone))
    # A visit that lasts past midnight is drawn to its end; a shift that is open all night is not.
    until = max([min(end, max(stop for _, stop in lasting)), *(entry.ends_at for entry in sheet.entries)])
    return Axis(since, _hour_after(until, sheet.timezone), minutes, sheet.timezone)


def _hour_before(instant: dt.datetime, timezone: str) -> dt.datetime:
    wall = local(instant, timezone)
    return instant - dt.timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)


def _hour_after(instant: dt.datetime, timezone: str) -> dt.datetime:
    before = _hour_before(instant, timezone)
    return instant if before == instant else before + _HOUR


@dataclass(eq=False)
class Placed:
    """An entry and its rows, half-open, and its place among those that it shares them with."""

    entry: DayEntry
    first: int
    last: int
    host: Placed | None = None
    """In whose waiting time it was put: the host keeps a rail of one cell."""
    lane: int = 0
    lanes: int = 1
    guests: list[Placed] = field(default_factory=list)

    def lies_in(self, row: int) -> bool:
        """Whether it takes room in a row."""
        return self.first <= row < self.last


@dataclass(frozen=True)
class Slice:
    """Cells of a row that belong to one thing, from the column's left edge."""

    x: int
    width: int
    placed: Placed | None
    """None for what lies under all entries."""


@dataclass(frozen=True)
class Stop:
    """Where a cursor rests: on an entry, as one thing, or on a row that has room."""

    row: int
    placed: Placed | None

    @property
    def entry(self) -> DayEntry | None:
        """What lies there."""
        return self.placed.entry if self.placed else None


class LaidColumn:
    """A column with its entries laid out on an axis."""

    def __init__(self, column: DayColumn, axis: Axis) -> None:
        self.column = column
        self.axis = axis
        self.placed = tuple(placed(column.entries, axis))
        self._by_row: dict[int, list[Placed]] = {}
        for each in self.placed:
            for row in range(each.first, each.last):
                self._by_row.setdefault(row, []).append(each)

    def in_row(self, row: int) -> Sequence[Placed]:
        """What takes room in a row, earliest first."""
        return self._by_row.get(row, ())

    def slices(self, row: int, width: int) -> list[Slice]:
        """A row's cells from left to right."""
        there = self.in_row(row)
        if not there:
            return [Slice(0, width, None)]
        return list(_split(0, width, [each for each in there if each.host not in there], there))

    def has_room(self, row: int) -> bool:
        """Whether something could be booked when a row begins."""
        return covers(self.column.free, self.axis.at(row))

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """Every place where a cursor can rest, from early to late and left to right."""
        return tuple(stop for row in range(self.axis.rows) for stop in self._stops_in(row))

    def _stops_in(self, row: int) -> Iterator[Stop]:
        there = self.in_row(row)
        starting = sorted((each for each in there if each.first == row), key=lambda each: each.lane)
        if starting:
            yield from (Stop(row, each) for each in starting)
        elif not there or (self.has_room(row) and not any(each.guests and _has_guest(each, row) for each in there)):
            yield Stop(row, None)

    def stop_at(self, row: int) -> Stop:
        """Where a cursor that comes from the side rests: on what lies in a row, else on the row."""
        row = min(max(row, 0), self.axis.rows - 1)
        here = tuple(self._stops_in(row))
        if here:
            return here[0]
        latest = max(self.in_row(row), key=lambda each: each.first)
        return Stop(latest.first, latest)

    def stop_of(self, line_id: int) -> Stop | None:
        """Where a cursor rests that rests on an entry."""
        return next((Stop(each.first, each) for each in self.placed if each.entry.line_id == line_id), None)


def placed(entries: Iterable[DayEntry], axis: Axis) -> list[Placed]:
    """Entries with rows and lanes. What is put into another's waiting time stands beside the other's rail."""
    laid = [Placed(entry, *axis.rows_of(entry.starts_at, entry.ends_at)) for entry in entries]
    laid.sort(key=lambda each: (each.first, each.entry.starts_at, each.entry.line_id))
    for place, each in enumerate(laid):
        each.last = _giving_way(each, laid[place + 1 :])
    for place, each in enumerate(laid):
        each.host = next((other for other in reversed(laid[:place]) if _hosts(other, each)), None)
        if each.host:
            each.host.guests.append(each)
    _give_lanes([each for each in laid if each.host is None])
    for each in laid:
        _give_lanes(each.guests)
    return laid


def covers(stretches: Iterable[Stretch[dt.datetime]], instant: dt.datetime) -> bool:
    """Whether an instant lies in one of them."""
    return any(start <= instant < end for start, end in stretches)


def _giving_way(early: Placed, later: Iterable[Placed]) -> int:
    """Where an entry's rows end: its last one belongs to whoever starts in it after its end."""
    last = early.last - 1
    if last > early.first and any(it.first == last and it.entry.starts_at >= early.entry.ends_at for it in later):
        return last
    return early.last


def _hosts(other: Placed, guest: Placed) -> bool:
    if other.host is not None or other.first >= guest.first:
        return False
    waits = ((part.starts_at, part.ends_at) for part in other.entry.parts if part.kind in WAITING)
    return covers(waits, guest.entry.starts_at)


def _has_guest(host: Placed, row: int) -> bool:
    return any(guest.lies_in(row) for guest in host.guests)


def _give_lanes(group: Sequence[Placed]) -> None:
    cluster: list[Placed] = []
    ends: list[int] = []
    for each in group:
        if all(end <= each.first for end in ends):
            _close(cluster, len(ends))
            cluster, ends = [], []
        each.lane = next((lane for lane, end in enumerate(ends) if end <= each.first), len(ends))
        ends[each.lane : each.lane + 1] = [each.last]
        cluster.append(each)
    _close(cluster, len(ends))


def _close(cluster: Iterable[Placed], lanes: int) -> None:
    for each in cluster:
        each.lanes = lanes


def _split(x: int, width: int, group: Sequence[Placed], there: Sequence[Placed]) -> Iterator[Slice]:
    """Lanes beside each other; who stands alone to the right takes the rest, and a host draws back to its rail."""
    group = sorted(group, key=lambda each: each.lane)
    edges = [x + each.lane * width // each.lanes for each in group] + [x + width]
    if edges[0] > x:
        yield Slice(x, edges[0] - x, None)
    for each, left, right in zip(group, edges, edges[1:], strict=False):
        guests = [guest for guest in each.guests if guest in there]
        if guests and right - left > 1:
            yield Slice(left, 1, each)
            yield from _split(left + 1, right - left - 1, guests, there)
        elif right > left:
            yield Slice(left, right - left, each)
