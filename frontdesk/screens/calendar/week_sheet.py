"""A stylist's week on the day's grid: seven columns laid over one day, and the way back to their own instants."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from frontdesk.clock import boundary, day_bounds, local
from frontdesk.screens.calendar.grid import Spot
from frontdesk.services.sheets.day import DayBlock, DayColumn, DayEntry, DayPart, DaySheet
from frontdesk.services.sheets.stylist_week import StylistWeek

_NEVER = 1_000_000
"""Minutes: nobody is that late."""


class WeekSheet:
    """The sheet that the grid draws. A column stands for a day; rows are wall times of the week's Monday."""

    def __init__(self, week: StylistWeek, day: DaySheet) -> None:
        self.week = week
        self._base = day_bounds(week.days[0], week.timezone)[0]
        columns = tuple(self._column(number, column) for number, column in enumerate(week.columns))
        today = local(week.now, week.timezone).date()
        now = self._over(week.now, today) if today in week.days else self._base - dt.timedelta(days=1)
        # Who is late is only known of today, and that is for the day itself to say.
        self.drawn = replace(
            day, day=week.days[0], columns=columns, things=(), left=(), seated=(), now=now, hours=(),
            late_minutes=_NEVER, overrun_minutes=_NEVER,
        )  # fmt: skip

    def _over(self, at: dt.datetime, day: dt.date) -> dt.datetime:
        wall = local(at, self.week.timezone).replace(tzinfo=None)
        return self._base + (wall - dt.datetime.combine(day, dt.time()))

    def _column(self, number: int, column: DayColumn) -> DayColumn:
        day = self.week.days[number]

        def over(at: dt.datetime) -> dt.datetime:
            return self._over(at, day)

        return replace(
            column,
            resource_id=-1 - number,
            name=f"{day:%a} {day.day}",
            shift=tuple((over(start), over(end)) for start, end in column.shift),
            blocks=tuple(_moved(block, over(block.starts_at), over(block.ends_at)) for block in column.blocks),
            entries=tuple(
                replace(
                    entry,
                    starts_at=over(entry.starts_at),
                    ends_at=over(entry.ends_at),
                    parts=tuple(DayPart(p.kind, over(p.starts_at), over(p.ends_at)) for p in entry.parts),
                )
                for entry in column.entries
            ),
            free=tuple((over(start), over(end)) for start, end in column.free),
            next_free=over(column.next_free) if column.next_free else None,
        )

    def really(self, spot: Spot) -> Spot:
        """What lies there, with its own column and instants."""
        number = -1 - (spot.column.resource_id or -1)
        column, day = self.week.columns[number], self.week.days[number]
        wall = local(spot.at, self.week.timezone)
        entries = {entry.line_id: entry for entry in column.entries}

        def own(entry: DayEntry) -> DayEntry:
            return entries.get(entry.line_id, entry)

        entry = own(spot.entry) if spot.entry else None
        at = entry.starts_at if entry else boundary(day, wall.time(), self.week.timezone)
        return Spot(column, at, entry, tuple(own(each) for each in spot.entries))


def _moved(block: DayBlock, starts_at: dt.datetime, ends_at: dt.datetime) -> DayBlock:
    return replace(block, starts_at=starts_at, ends_at=ends_at)
