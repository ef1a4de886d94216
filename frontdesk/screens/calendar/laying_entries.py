"""How an entry looks, row by row: state letter, marks, customer, service; what waits is dotted and says for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from frontdesk.clock import local
from frontdesk.rules.states import Status
from frontdesk.screens.calendar.laying import Axis, Placed
from frontdesk.screens.calendar.laying_runs import (
    Ink,
    Line,
    Run,
    both_ends,
    cut,
    fitted,
    plain,
    shortened,
    shown,
    width_of,
)
from frontdesk.services.day import DayEntry, DayPart, DaySheet

BAR, RAIL = "▌", "┊"
MARKED = "»"
"""Stands before the letter of what `space` marked."""
LONG_WAIT_MINUTES = 15
"""Whoever waits longer is worth a look."""

_STATES = {
    Status.PENDING: "pending", Status.CONFIRMED: "confirmed", Status.ARRIVED: "arrived", Status.IN_SERVICE: "service",
    Status.PROCESSING: "processing", Status.COMPLETED: "done", Status.NO_SHOW: "noshow",
}  # fmt: skip
_LEAST_SERVICE = 5
"""A service cut to fewer cells says nothing."""


@dataclass(frozen=True)
class Looks:
    """What decides how entries look beside themselves."""

    sheet: DaySheet
    axis: Axis
    following: Mapping[int, str]
    """By line: who goes on with the visit, and when."""
    marked: frozenset[int] = frozenset()
    lifted: int | None = None
    private: bool = False


def following(sheet: DaySheet) -> dict[int, str]:
    """By line: `then Bo 15:50`, where another stylist goes on with the same visit."""
    visits: dict[int, list[tuple[DayEntry, str, int | None]]] = {}
    for column in sheet.columns:
        for entry in column.entries:
            visits.setdefault(entry.appointment_id, []).append((entry, column.name, column.resource_id))
    found = {}
    for lines in visits.values():
        lines.sort(key=lambda line: (line[0].starts_at, line[0].line_id))
        for (entry, _, here), (after, name, there) in pairwise(lines):
            if here != there:
                found[entry.line_id] = f"then {shown(name)} {local(after.starts_at, sheet.timezone):%H:%M}"
    return found


def entry_line(looks: Looks, placed: Placed, row: int, width: int, top: int, head_width: int | None = None) -> Line:
    """An entry's cells in one row. `top` is the first row seen: what began above it says its name there again.

    The row that does so is a little lighter, so that visits that follow each other are told apart. `head_width` is how
    wide that row is, where a neighbour takes room from the others.
    """
    entry = placed.entry
    lifted = entry.line_id == looks.lifted
    part = _part_in(entry, looks.axis, row)
    waits = part is not None and part.kind == "processing"
    begins = row == max(placed.first, top)
    ground = "free" if waits or lifted else "head" if begins else "surface"
    state = Ink("muted" if lifted else _STATES.get(entry.status, "muted"), ground)
    bar = Run(RAIL if waits or lifted else BAR, state)
    if width == 1:
        return (bar,)
    if begins:
        return _head(looks, placed, row, width, bar, quiet=lifted or entry.status is Status.COMPLETED)
    told = () if row > max(placed.first, top) + 1 else _told(looks, placed, row - 1, head_width or width)
    words = _words_in(looks, placed, row, part, told, Ink("muted", ground))
    return fitted((bar, *shortened(words, width - 1)), width, Ink("muted", ground))


def _head(looks: Looks, placed: Placed, row: int, width: int, bar: Run, *, quiet: bool) -> Line:
    entry, ground = placed.entry, bar.ink.bg
    letters = MARKED * (entry.line_id in looks.marked) + (entry.status.letter if looks.private else entry.marks)
    left = [bar, Run(letters + " ", bar.ink)]
    muted = Ink("muted", ground)
    if minutes := _minutes(looks.axis, entry, row):
        left.append(Run(minutes + " ", muted))
    waited = () if looks.private else _waited(looks.sheet, entry, ground)
    room = width - width_of(left) - width_of(waited)
    left.append(Run(cut(shown(entry.customer), max(room, 0)), Ink("muted" if quiet else "text", ground)))
    left += waited
    right = width - width_of(left) - 2
    service = shown(entry.service)
    if placed.last - placed.first == 1 and right >= _LEAST_SERVICE:
        service = cut(service, right)
    return both_ends(left, (Run(service, muted),), width, muted)


def _minutes(axis: Axis, entry: DayEntry, row: int) -> str:
    if axis.at(row) == entry.starts_at:
        return ""
    wall = local(entry.starts_at, axis.timezone)
    return f"{wall:%H:%M}" if entry.starts_at < axis.at(row) else f":{wall:%M}"


def _waited(sheet: DaySheet, entry: DayEntry, ground: str) -> tuple[Run, ...]:
    if entry.status is not Status.ARRIVED or entry.arrived_at is None or entry.arrived_at > sheet.now:
        return ()
    # Between two services of a visit nobody waits: the first is under way.
    if any(each.started_at for each in sheet.entries if each.appointment_id == entry.appointment_id):
        return ()
    minutes = (sheet.now - entry.arrived_at) // dt.timedelta(minutes=1)
    return (Run(f"  {_lasting(minutes)}", Ink("amber" if minutes >= LONG_WAIT_MINUTES else "muted", ground)),)


def _words_in(
    looks: Looks, placed: Placed, row: int, part: DayPart | None, told: Sequence[str], muted: Ink
) -> tuple[Run, ...]:
    """What a row under the first says: a part's beginning, what the first had no room for."""
    if part is None or looks.axis.row_of(part.starts_at) != row or part.kind not in ("processing", "finish"):
        return (Run("  " + "  ".join(told), muted),) if told else ()
    if part.kind == "finish":
        return (Run("  " + "  ".join(("finish", *told)), muted),)
    return Run("~ ", Ink("processing", muted.bg)), Run("  ".join((_meanwhile(looks, placed.entry, part), *told)), muted)


def _meanwhile(looks: Looks, entry: DayEntry, part: DayPart) -> str:
    """How long what takes effect still takes, or where it goes on."""
    now = looks.sheet.now
    if entry.status is Status.PROCESSING and part.starts_at <= now < part.ends_at:
        return f"{_lasting(-((now - part.ends_at) // dt.timedelta(minutes=1)))} left"
    return looks.following.get(entry.line_id) or f"till {local(part.ends_at, looks.axis.timezone):%H:%M}"


def _told(looks: Looks, placed: Placed, head: int, width: int) -> tuple[str, ...]:
    """What the second row says: the service that had no room in the first, and who goes on after this."""
    entry = placed.entry
    service = shown(entry.service)
    said = plain(entry_line(looks, placed, head, width, head)).endswith(f" {service}")
    waits = any(part.kind == "processing" for part in entry.parts)
    after = None if waits else looks.following.get(entry.line_id)
    return tuple(filter(None, (None if said else service, after)))


def _part_in(entry: DayEntry, axis: Axis, row: int) -> DayPart | None:
    """What happens when a row begins, or when the entry does if that is later."""
    instant = max(axis.at(row), entry.starts_at)
    return next((part for part in entry.parts if part.starts_at <= instant < part.ends_at), None)


def _lasting(minutes: int) -> str:
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h{minutes % 60:02}"
