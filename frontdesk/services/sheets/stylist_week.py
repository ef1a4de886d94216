"""One stylist's week as columns: a day each, with what stands in it (features BK2)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace

from frontdesk.clock import day_bounds, day_of
from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.rules.intervals import overlap
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.sheets.day import lines_in, pieces_in, resources_of, sorted_out, whole_minute, window
from frontdesk.services.sheets.day_columns import column_of, spread
from frontdesk.services.sheets.day_sheet import DayColumn, DayEntry
from frontdesk.services.use_case import Work, use_case

DAYS = 7


@dataclass(frozen=True, kw_only=True)
class ShowStylistWeek:
    """Seven days of one stylist."""

    stylist_id: int
    first_day: dt.date | None = None
    """Any day of the week; today's when it is not given."""


@dataclass(frozen=True)
class StylistWeek:
    """Seven days of one stylist, whether they work or not."""

    stylist_id: int
    name: str
    days: tuple[dt.date, ...]
    columns: tuple[DayColumn, ...]
    """One for each day, at its own instants."""
    now: dt.datetime
    timezone: str


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def show_stylist_week(work: Work, request: ShowStylistWeek) -> StylistWeek:
    """A week of one stylist, Monday first. Raises NotFound."""
    asked = request.first_day or work.desk.today
    first = asked - DAY * (asked.isoweekday() - 1)
    days = tuple(first + DAY * number for number in range(DAYS))
    resources = resources_of(work)
    who = next((one for one in resources if one.stylist_id == request.stylist_id), None)
    if who is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at the day's columns.")
    span = window(work, first, days[-1])
    lines, _, _ = sorted_out(lines_in(work, span))
    by_day: dict[dt.date, list[DayEntry]] = defaultdict(list)
    for entry in spread(lines, resources)[who.id]:
        by_day[day_of(entry.starts_at, work.shop.timezone)].append(entry)
    pieces = pieces_in(work, span)[who.id]
    soonest, shortest = whole_minute(work.now), dt.timedelta(minutes=work.shop.slot_minutes)
    columns = []
    for day in days:
        bounds = day_bounds(day, work.shop.timezone)
        its = [piece for piece in pieces if overlap([(piece.starts_at, piece.ends_at)], [bounds])]
        column = column_of(who, its, by_day[day], soonest=soonest, shortest=shortest)
        columns.append(replace(column, name=f"{day:%a %-d %b}"))
    return StylistWeek(request.stylist_id, who.name, days, tuple(columns), work.now, work.shop.timezone)
