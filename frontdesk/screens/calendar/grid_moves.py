"""Where a cursor goes from where it is: pure moves over a day that is laid out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from frontdesk.screens.calendar.grid_view import LaidDay, Window
from frontdesk.screens.calendar.laying import Stop
from frontdesk.services.sheets.day import DayEntry


@dataclass(frozen=True)
class Cursor:
    """A column by number and a stop in it. While something is lifted the stop is its ghost's first row."""

    column: int
    stop: Stop
    wish: int | None = None
    """The row to which moving sideways comes back after entries that begin elsewhere."""
    instant: dt.datetime | None = None
    """When a ghost starts, until it is moved to a row's beginning."""

    def at(self, day: LaidDay) -> dt.datetime:
        """When it is."""
        if self.instant is not None:
            return self.instant
        entry = self.stop.entry
        return entry.starts_at if entry else day.axis.at(min(self.stop.row, day.axis.rows - 1))

    def wish_row(self, day: LaidDay) -> int:
        """The row that it wants when it goes sideways."""
        return min(self.stop.row if self.wish is None else self.wish, day.axis.rows - 1)

    def to_row(self, day: LaidDay, row: int) -> Cursor:
        """A ghost at another row."""
        row = min(max(row, 0), day.axis.rows - 1)
        return Cursor(self.column, Stop(row, None), instant=day.axis.at(row))

    def to_cell(self, day: LaidDay, column: int, row: int) -> Cursor:
        """A ghost in another cell; the same one leaves it off the row, where it is."""
        row = min(max(row, 0), day.axis.rows - 1)
        return replace(self if row == self.stop.row else self.to_row(day, row), column=column)

    def to_column(self, day: LaidDay, column: int, *, lifted: bool) -> Cursor:
        """The same time in another column."""
        if lifted:
            return replace(self, column=column)
        row = self.wish_row(day)
        return replace(at_row(day, column, row), wish=row)


@dataclass(frozen=True)
class Press:
    """What a mouse button holds: an entry, the cell in which it was taken, and how many rows under its first."""

    entry: DayEntry
    column: int
    row: int
    grip: int
    at_end: bool = False
    """Whether its end was taken: it is made longer or shorter, and not moved."""


def beginning(day: LaidDay) -> Cursor:
    """Now on its own day, the first shift on another."""
    shifts = [start for column in day.sheet.drawn for start, _ in column.shift]
    is_today = day.axis.since <= day.sheet.now < day.axis.until
    at = day.sheet.now if is_today else min(shifts, default=day.axis.since)
    return at_row(day, 0, day.axis.row_of(at))


def kept(before: LaidDay, day: LaidDay, cursor: Cursor, *, lifted: bool = False) -> Cursor:
    """The cursor on a new sheet: with its stylist and its time, and on its entry as long as that starts then."""
    number = day.column_of(before.sheet.drawn[cursor.column].resource_id)
    number = min(cursor.column, len(day.columns) - 1) if number is None else number
    at, wish = cursor.at(before), before.axis.at(cursor.wish_row(before))
    row = day.axis.row_of(at)
    if lifted:
        return Cursor(number, Stop(row, None), instant=at)
    laid, entry = day.columns[number], cursor.stop.entry
    stop = laid.stop_of(entry.line_id) if entry else None
    if stop is None or stop.entry is None or stop.entry.starts_at != at:
        stop = laid.stop_at(row)
    return Cursor(number, stop, wish=day.axis.row_of(wish))


def cursor_under(day: LaidDay, window: Window, x: int, y: int) -> Cursor | None:
    """Where a click rests: on the entry that is hit, or beside its rail where there is room."""
    under = window.under(x, y)
    if under is None:
        return None
    column, row = under
    laid, inside = day.columns[column], x - window.left_of(column)
    slices = laid.slices(row, window.column_width - 1)
    hit = next((piece.placed for piece in slices if piece.x <= inside < piece.x + piece.width), None)
    if hit is None or (hit.first != row and inside > 0 and laid.has_room(row)):
        return at_row(day, column, row)
    return Cursor(column, Stop(hit.first, hit))


CORNER = 3
"""Cells of an entry's lower right corner, by which it is drawn longer or shorter."""


def is_corner(day: LaidDay, window: Window, cursor: Cursor, x: int, row: int) -> bool:
    """Whether a cell is the lower right corner of the entry under the cursor, which has more rows than one."""
    placed = cursor.stop.placed
    if placed is None or placed.last - placed.first < 2 or row != placed.last - 1:
        return False
    inside = x - window.left_of(cursor.column)
    pieces = day.columns[cursor.column].slices(row, window.column_width - 1)
    return any(p.placed is placed and p.x + p.width - CORNER <= inside < p.x + p.width for p in pieces)


def at_row(day: LaidDay, column: int, row: int) -> Cursor:
    """The cursor on what a row holds."""
    return Cursor(column, day.columns[column].stop_at(row))


def further(day: LaidDay, cursor: Cursor, rows: int, *, lifted: bool) -> Cursor:
    """Later or earlier: from stop to stop, past an entry as one thing; a ghost goes from row to row."""
    if lifted:
        instant, row = cursor.at(day), cursor.stop.row
        if rows < 0 and instant > day.axis.at(row):
            rows += 1  # from off a row back to its beginning
        return cursor.to_row(day, row + rows)
    stops = day.columns[cursor.column].stops
    here = cursor.stop.row
    there = (
        min((stop.row for stop in stops if stop.row > here), default=None)
        if rows > 0
        else max((stop.row for stop in stops if stop.row < here), default=None)
    )
    if there is None:
        return cursor
    lane = cursor.stop.placed.lane if cursor.stop.placed else 0
    same = [stop for stop in stops if stop.row == there]
    return Cursor(cursor.column, min(same, key=lambda stop: abs((stop.placed.lane if stop.placed else 0) - lane)))


def beside(day: LaidDay, cursor: Cursor, columns: int, *, lifted: bool) -> Cursor:
    """What stands beside it in its column, else the next column at the same time."""
    if not lifted:
        row = [stop for stop in day.columns[cursor.column].stops if stop.row == cursor.stop.row]
        place = row.index(cursor.stop) + columns if cursor.stop in row else -1
        if 0 <= place < len(row):
            return Cursor(cursor.column, row[place], wish=cursor.wish)
    column = cursor.column + columns
    if not 0 <= column < len(day.columns):
        return cursor
    return cursor.to_column(day, column, lifted=lifted)


def next_entry(day: LaidDay, cursor: Cursor, entries: int) -> Cursor:
    """The next entry in the column, or the one before; the cursor itself when there is none."""
    stops = day.columns[cursor.column].stops
    place = stops.index(cursor.stop) if cursor.stop in stops else 0
    onwards = stops[place + 1 :] if entries > 0 else stops[:place][::-1]
    return next((Cursor(cursor.column, stop) for stop in onwards if stop.placed), cursor)
