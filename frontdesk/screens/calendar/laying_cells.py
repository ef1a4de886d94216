"""A column's cell in one row, and the two lines above all rows: names with the next free time, and the day's strips."""

from __future__ import annotations

import datetime as dt

from frontdesk.clock import local
from frontdesk.screens.calendar.laying import Axis, LaidColumn, Slice, Stop, covers
from frontdesk.screens.calendar.laying_entries import BAR, RAIL, Looks, entry_line
from frontdesk.screens.calendar.laying_runs import Ink, Line, Run, both_ends, cut, fitted, plain, shown, width_of
from frontdesk.screens.calendar.strip import strip_of
from frontdesk.services.sheets.day import DayBlock, DayColumn, DayEntry

GUTTER = 7
"""Cells of the times at the left edge: now's mark, `13:00`, and which of two repeated hours."""
NOW = "▸"
HATCH = "░"
BASE = Ink("muted", "base")
CURSOR = Ink("cursor-fg", "cursor-bg")
_UNTOLD = {"buffer": "buffer", "cleanup": "clean-up"}


def gutter(axis: Axis, row: int, now: dt.datetime, *, is_first: bool = False) -> Line:
    """A row's time, with its hour on the first one seen. Now's mark stands here, where it hides nothing."""
    is_now = axis.at(row) <= now < axis.at(row) + axis.step
    label = axis.label(row, whole=is_first)
    label = label.rjust(5 + (label[-1] in "¹²"))
    ink = Ink("text", "base", True) if axis.is_hour(row) or is_first else BASE
    mark = Run(NOW if is_now else " ", Ink("now", "base"))
    return fitted((mark, Run(label, Ink("now", "base") if is_now else ink)), GUTTER, BASE)


def name_line(column: DayColumn, axis: Axis, width: int, page: str = "") -> Line:
    """`Anna   next 15:45`, and which page this is at the right end of the last one."""
    right = (Run(page, BASE),) if page else ()
    room = width - 1 - (len(page) + 1 if page else 0)
    name = Run(cut(shown(column.name), room), Ink("text", "base", True))
    left = [name]
    fitting = (said for said in _next(column, axis) if width_of(left) + 2 + len(said) <= room)
    left.append(Run("  " + next(fitting, ""), BASE))
    return (*both_ends(left, right, width - 1, BASE), Run(" ", BASE))


def _next(column: DayColumn, axis: Axis) -> tuple[str, ...]:
    """What stands beside a name, and what does where that has no room."""
    if column.resource_id is None:
        return f"{len(column.entries)} to give", f"{len(column.entries)}"
    if column.next_free is None:
        return ("full",)
    wall = f"{local(column.next_free, axis.timezone):%H:%M}"
    return f"next {wall}", wall


def strip_line(column: DayColumn, axis: Axis, width: int) -> Line:
    """The whole day in one line, up to its neighbour's when it is long; nothing for who has no day."""
    return fitted((), width, BASE) if column.resource_id is None else strip_of(column, axis, width)


def cell_line(
    looks: Looks,
    laid: LaidColumn,
    row: int,
    width: int,
    top: int,
    cursor: Stop | None = None,
    *,
    brackets: bool = False,
) -> Line:
    """A column's cells in one row. The last one parts it from its neighbour.

    `cursor` is drawn where it rests: on the first row that is seen of an entry, or beside the rail of what waits.
    """
    runs: list[Run] = []
    for piece in laid.slices(row, width - 1):
        line = _piece(looks, laid, piece, row, width - 1, top)
        if cursor and _rests_here(cursor, piece, row, top):
            line = _with_cursor(line, piece.width, brackets=brackets, is_room=cursor.placed is None)
        runs += line
    return (*runs, Run(" ", Ink("muted", "free")))


def _piece(looks: Looks, laid: LaidColumn, piece: Slice, row: int, whole: int, top: int) -> Line:
    if piece.placed is None:
        return ground_line(looks, laid, row, piece.width, top)
    head = max(piece.placed.first, top)
    head_width = piece.width
    if row == head + 1:
        head_width = next(other.width for other in laid.slices(head, whole) if other.placed is piece.placed)
    return entry_line(looks, piece.placed, row, piece.width, top, head_width)


def _rests_here(cursor: Stop, piece: Slice, row: int, top: int) -> bool:
    if cursor.placed is None:
        return cursor.row == row and (piece.placed is None or piece.width > 1)
    return cursor.placed is piece.placed and row == max(cursor.placed.first, top)


def _with_cursor(line: Line, width: int, *, brackets: bool, is_room: bool) -> Line:
    """The bar stays beside the cursor: a state is a letter first, but its colour need not go."""
    text = plain(line)
    keep: Line = ()
    if text[:1] in (BAR, RAIL) and width > 1 and (is_room or not brackets):
        keep, text, width = (Run(text[0], line[0].ink),), text[1:], width - 1
    return (*keep, Run(_bracketed(text, width) if brackets else text, CURSOR))


def _bracketed(text: str, width: int) -> str:
    """Without colours the cursor is a pair of brackets at both ends."""
    inner = plain(fitted((Run(text[1:] if width > 2 else "", CURSOR),), max(width - 2, 0), CURSOR))
    return f"[{inner}]"[:width] if width < 3 else f"[{inner}]"


def ground_line(looks: Looks, laid: LaidColumn, row: int, width: int, top: int) -> Line:
    """What lies under all entries: free time is quiet, a break hatched and named, time off darker."""
    column, axis = laid.column, laid.axis
    start = axis.at(row)
    end = start + axis.step
    for block in column.blocks:
        if block.starts_at < end and block.ends_at > start and (block.starts_at <= start or not laid.has_room(row)):
            first = _first_seen(laid, axis.row_of(block.starts_at), row, top)
            return _hatched(_reason(looks, block) if first else "", width)
    for entry in column.entries:
        for part in entry.parts:
            if part.kind in _UNTOLD and part.starts_at < end and part.ends_at > start and not laid.has_room(row):
                first = _first_seen(laid, axis.row_of(part.starts_at), row, top)
                return _hatched(_UNTOLD[part.kind] if first else "", width)
    if column.resource_id is None or covers(column.shift, start) or _begins_within(column, start, end):
        return fitted((), width, Ink("muted", "free"))
    return fitted((), width, Ink("muted", "off"))


def _first_seen(laid: LaidColumn, begins: int, row: int, top: int) -> bool:
    """Whether this is the first row of something that no entry and no window's edge hides."""
    return not any(not laid.in_row(before) for before in range(max(begins, top), row))


def _begins_within(column: DayColumn, start: dt.datetime, end: dt.datetime) -> bool:
    return any(start <= begins < end for begins, _ in column.shift)


def _hatched(words: str, width: int) -> Line:
    ink = Ink("break", "break-bg")
    if not words:
        return fitted((Run(HATCH * 2, ink),), width, ink)
    return fitted((Run(HATCH * 2, ink), Run(" " + cut(words, width - 3), Ink("muted", "break-bg"))), width, ink)


def _reason(looks: Looks, block: DayBlock) -> str:
    """Why time is taken, and how long it is kept: not in front of customers, who need not read that somebody is ill."""
    if looks.private:
        return ""
    if block.kind != "offer" or block.until is None:
        return shown(block.reason)
    left = -((looks.sheet.now - block.until) // dt.timedelta(minutes=1))
    return f"{left}m left, {shown(block.reason)}"


def ghost_line(entry: DayEntry, said: str, row: int, first: int, width: int, *, brackets: bool = False) -> Line:
    """What is being moved, where it would lie."""
    words = f" {entry.status.letter} {said} {shown(entry.customer)}" if row == first else ""
    text = plain(fitted((Run(words, CURSOR),), width - 1, CURSOR))
    return (Run(_bracketed(text, width - 1) if brackets else text, CURSOR), Run(" ", Ink("muted", "free")))
