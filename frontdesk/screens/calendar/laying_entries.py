"""How an entry looks, row by row: state letter, marks, customer, service; what waits is dotted and says for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from frontdesk.clock import local
from frontdesk.rules.lateness import minutes_late, minutes_since
from frontdesk.rules.states import Status
from frontdesk.screens.calendar.laying import WAITING, Axis, Placed
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
from frontdesk.services.sheets.day import DayEntry, DayPart, DaySheet

BAR, RAIL = "▌", "┊"
MARKED = "»"
"""Stands before the letter of what `space` marked."""
LONG_WAIT_MINUTES = 15
"""Whoever waits longer is worth a look."""

_STATES = {
    Status.PENDING: "pending", Status.CONFIRMED: "confirmed", Status.ARRIVED: "arrived", Status.IN_SERVICE: "service",
    Status.PROCESSING: "processing", Status.COMPLETED: "done", Status.NO_SHOW: "noshow",
}  # fmt: skip
SHELVES = 6
"""So many colours shelves of the menu have between them."""

_LEAST_SERVICE = 5
"""A service cut to fewer cells says nothing."""


@dataclass(frozen=True)
class Looks:
    """What decides how entries look beside themselves."""

    sheet: DaySheet
    axis: Axis
    following: Mapping[tuple[int, str], str]
    """By line and whose hands it is in: who goes on with the visit, and when."""
    marked: frozenset[int] = frozenset()
    lifted: int | None = None
    private: bool = False
    by_category: bool = False
    """Bars have the colour of the service's shelf instead of the state's."""


def following(sheet: DaySheet) -> dict[tuple[int, str], str]:
    """By line and hands: `then Bo 15:50`, where another stylist goes on with the same visit."""
    visits: dict[int, list[tuple[DayEntry, str, int | None]]] = {}
    for column in sheet.columns:
        for entry in column.entries:
            visits.setdefault(entry.appointment_id, []).append((entry, column.name, column.resource_id))
    found = {}
    for lines in visits.values():
        lines.sort(key=lambda line: (line[0].starts_at, line[0].line_id))
        for (entry, _, here), (after, name, there) in pairwise(lines):
            if here != there and entry.starts_at < after.starts_at:
                found[entry.line_id, entry.hands] = f"then {shown(name)} {local(after.starts_at, sheet.timezone):%H:%M}"
    return found


def entry_line(looks: Looks, placed: Placed, row: int, width: int, top: int, head_width: int | None = None) -> Line:
    """An entry's cells in one row. `top` is the first row seen: what began above it says its name there again.

    The row that does so is a little lighter, so that visits that follow each other are told apart. `head_width` is how
    wide that row is, where a neighbour takes room from the others.
    """
    entry = placed.entry
    lifted = entry.line_id == looks.lifted
    part = _part_in(entry, looks.axis, row)
    waits = part is not None and part.kind in WAITING
    begins = row == max(placed.first, top)
    ground = "free" if waits or lifted else "head" if begins else "surface"
    state = Ink("muted" if lifted else _colour(looks, entry), ground)
    bar = Run(RAIL if waits or lifted else BAR, state)
    if width == 1:
        return (bar,)
    if begins:
        return _head(looks, placed, row, width, bar, quiet=lifted or entry.status is Status.COMPLETED)
    told = () if row > max(placed.first, top) + 1 else _told(looks, placed, row - 1, head_width or width)
    words = _words_in(looks, placed, row, part, told, Ink("muted", ground))
    return fitted((bar, *shortened(words, width - 1)), width, Ink("muted", ground))


def _colour(looks: Looks, entry: DayEntry) -> str:
    if not looks.by_category:
        return _STATES.get(entry.status, "muted")
    return "muted" if entry.category_id is None else f"shelf{entry.category_id % SHELVES}"


def _head(looks: Looks, placed: Placed, row: int, width: int, bar: Run, *, quiet: bool) -> Line:
    entry, ground = placed.entry, bar.ink.bg
    is_class = entry.session_id is not None
    plain_letters = looks.private and not is_class
    letters = MARKED * (entry.line_id in looks.marked) + (entry.status.letter if plain_letters else entry.marks)
    left = [bar, Run(letters + " ", bar.ink)]
    muted = Ink("muted", ground)
    if minutes := _minutes(looks.axis, entry, row):
        left.append(Run(minutes + " ", muted))
    waited = () if looks.private else (_waited(looks.sheet, entry, ground) or _behind(looks.sheet, entry, ground))
    room = width - width_of(left) - width_of(waited)
    who = entry.customer if entry.addon_of is None else f"+ {entry.service}"
    left.append(Run(cut(shown(who), max(room, 0)), Ink("muted" if quiet else "text", ground)))
    left += waited
    right = width - width_of(left) - 2
    service = "" if is_class or entry.addon_of is not None else shown(entry.service)
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


def _behind(sheet: DaySheet, entry: DayEntry, ground: str) -> tuple[Run, ...]:
    """`late 15` for who has not come, `over 12m` for what should have ended."""
    if entry.session_id is not None:
        return ()
    late = minutes_late(entry.starts_at, entry.status, sheet.now, sheet.late_minutes)
    if late is not None and sheet.now < entry.ends_at:
        return (Run(f"  late {_lasting(late).removesuffix('m')}", Ink("amber", ground)),)
    over = minutes_since(entry.ends_at, sheet.now)
    if entry.status is Status.IN_SERVICE and over >= sheet.overrun_minutes:
        return (Run(f"  over {_lasting(over)}", Ink("amber", ground)),)
    return ()


def _words_in(
    looks: Looks, placed: Placed, row: int, part: DayPart | None, told: Sequence[str], muted: Ink
) -> tuple[Run, ...]:
    """What a row under the first says: a part's beginning, what the first had no room for."""
    if part is None or looks.axis.row_of(part.starts_at) != row or part.kind not in (*WAITING, "finish"):
        return (Run("  " + "  ".join(told), muted),) if told else ()
    if part.kind == "finish":
        return (Run("  " + "  ".join(("finish", *told)), muted),)
    return Run("~ ", Ink("processing", muted.bg)), Run("  ".join((_meanwhile(looks, placed.entry, part), *told)), muted)


def _meanwhile(looks: Looks, entry: DayEntry, part: DayPart) -> str:
    """How long what takes effect still takes, or where it goes on."""
    now = looks.sheet.now
    if part.kind == "elsewhere":
        return looks.following.get((entry.line_id, entry.hands)) or "in other hands"
    if entry.status is Status.PROCESSING and part.starts_at <= now < part.ends_at:
        return f"{_lasting(-((now - part.ends_at) // dt.timedelta(minutes=1)))} left"
    return looks.following.get((entry.line_id, entry.hands)) or f"till {local(part.ends_at, looks.axis.timezone):%H:%M}"


def _told(looks: Looks, placed: Placed, head: int, width: int) -> tuple[str, ...]:
    """What the second row says: the service that had no room in the first, and who goes on after this."""
    entry = placed.entry
    service = shown(entry.service)
    said = entry.addon_of is not None or plain(entry_line(looks, placed, head, width, head)).endswith(f" {service}")
    waits = any(part.kind in WAITING for part in entry.parts)
    after = None if waits else looks.following.get((entry.line_id, entry.hands))
    whose = f"with {shown(entry.hands)}" if entry.hands else " ".join(shown(thing) for thing in entry.things)
    return tuple(filter(None, (None if said else service, whose, after)))


def _part_in(entry: DayEntry, axis: Axis, row: int) -> DayPart | None:
    """What happens when a row begins, or when the entry does if that is later."""
    instant = max(axis.at(row), entry.starts_at)
    return next((part for part in entry.parts if part.starts_at <= instant < part.ends_at), None)


def _lasting(minutes: int) -> str:
    return f"{minutes}m" if minutes < 60 else f"{minutes // 60}h{minutes % 60:02}"
