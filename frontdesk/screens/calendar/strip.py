"""A stylist's whole day on one line: booked, break, free, off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from frontdesk.rules.intervals import Stretch, overlap
from frontdesk.screens.calendar.laying import Axis
from frontdesk.screens.calendar.laying_runs import Ink, Line, Run, fitted
from frontdesk.services.sheets.day import DayColumn

BOOKED, PARTLY, BREAK, FREE, OFF = "▇", "▃", "░", "·", " "
_INKS = {
    BOOKED: Ink("strip", "base"), PARTLY: Ink("strip", "base"), BREAK: Ink("break", "base"),
    FREE: Ink("break", "base"), OFF: Ink("muted", "base"),
}  # fmt: skip
_STEPS = (30, 60, 120)


def step_of(axis: Axis, width: int) -> int:
    """Minutes of a sign: half hours, or hours where a day of half hours has no room."""
    whole = (axis.until - axis.since) // dt.timedelta(minutes=1)
    return next((step for step in _STEPS if -(-whole // step) <= width), _STEPS[-1])


def strip_of(column: DayColumn, axis: Axis, width: int) -> Line:
    """A day's signs from left to right, each as many minutes as `step_of` says."""
    step = dt.timedelta(minutes=step_of(axis, width))
    busy = tuple((entry.starts_at, entry.ends_at) for entry in column.entries)
    runs = []
    start = axis.since
    while start < axis.until:
        sign = _sign(column, busy, start, min(start + step, axis.until))
        runs.append(Run(sign, _INKS[sign]))
        start += step
    return fitted(runs, width, _INKS[OFF])


def _sign(column: DayColumn, busy: Iterable[Stretch[dt.datetime]], start: dt.datetime, end: dt.datetime) -> str:
    here = [(start, end)]
    booked = _share(overlap(busy, here), end - start)
    if booked >= 0.75:
        return BOOKED
    blocked = _share(overlap(((block.starts_at, block.ends_at) for block in column.blocks), here), end - start)
    if blocked > 0.5 or (blocked and blocked >= booked):
        return BREAK
    if booked:
        return PARTLY
    return FREE if _share(overlap(column.shift, here), end - start) else OFF


def _share(stretches: Iterable[Stretch[dt.datetime]], whole: dt.timedelta) -> float:
    return sum((end - start) / whole for start, end in stretches)
