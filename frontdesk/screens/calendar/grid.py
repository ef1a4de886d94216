"""The day's grid: one widget that owns its cursor and draws the sheet it is given.

A key writes the cells that differ and no more: cells are compared with what was painted last, and only the parts that
changed are refreshed. Nothing here asks a service or moves a visit: it says what was pressed on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from frontdesk.clock import boundary, local
from frontdesk.screens.calendar.grid_mouse import MouseGrid, Spot
from frontdesk.screens.calendar.grid_moves import (
    Cursor,
    at_row,
    beginning,
    beside,
    further,
    kept,
    next_entry,
)
from frontdesk.screens.calendar.grid_view import LEAST_COLUMN, LaidDay
from frontdesk.screens.calendar.laying import ZOOMS, Stop
from frontdesk.services.sheets.day import DayColumn, DayEntry, DaySheet

__all__ = ["DayGrid", "Spot"]

_USUAL_MINUTES = 15


class DayGrid(MouseGrid, can_focus=True):
    """A day of the book. Columns page sideways and hours page downwards; times and names stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "down(-1)", "earlier", show=False),
        Binding("down", "down(1)", "later", show=False),
        Binding("left", "beside(-1)", "left", show=False),
        Binding("right", "beside(1)", "right", show=False),
        Binding("pageup", "page(-1)", "hours back", show=False),
        Binding("pagedown", "page(1)", "hours on", show=False),
        Binding("shift+left", "page_beside(-1)", "stylists back", show=False),
        Binding("shift+right", "page_beside(1)", "stylists on", show=False),
        Binding("home", "end(-1)", "first of the day", show=False),
        Binding("end", "end(1)", "last of the day", show=False),
        Binding("shift+up", "stretch(-1)", "shorter", show=False),
        Binding("shift+down", "stretch(1)", "longer", show=False),
        Binding("tab", "entry(1)", "next visit", show=False),
        Binding("shift+tab", "entry(-1)", "visit before", show=False),
        Binding("enter", "open", "open", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor rests elsewhere."""

        spot: Spot

    @dataclass
    class Opened(Message):
        """Enter, or a double click."""

        spot: Spot

    @dataclass
    class Dragged(Message):
        """An entry was dropped elsewhere by mouse. It is drawn where it was until a new sheet says otherwise."""

        entry: DayEntry
        column: DayColumn
        starts_at: dt.datetime

    @dataclass
    class Stretched(Message):
        """An entry's end was drawn elsewhere by mouse."""

        entry: DayEntry
        ends_at: dt.datetime

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.minutes = 0
        """Of a row; the shop's slot until somebody zooms."""
        self.least = LEAST_COLUMN
        """Cells that a column needs; other ones page sideways."""
        self._is_away = False
        """Whether what is lifted stands on another day than is shown."""

    # What is shown

    @property
    def sheet(self) -> DaySheet | None:
        """The day that is shown."""
        return self._day.sheet if self._day else None

    def show(self, sheet: DaySheet) -> None:
        """Draw this day. The cursor stays with its stylist and time; only cells that differ are painted again."""
        before, other_day = self._day, self._day is None or self._day.sheet.day != sheet.day
        self._lay(sheet)
        if before is None or not before.columns or other_day:
            ghost = self._carried(before)
            self._begin()
            self._ghost = ghost
        else:
            self._stay(before)
        self._marked = {e.line_id: e for e in sheet.entries if e.line_id in self._marked}
        if self._lifted is not None:
            found = next((entry for entry in sheet.entries if entry.line_id == self._lifted.line_id), None)
            if found is not None:
                length = self._stretched or found.ends_at - found.starts_at
                self._lifted = replace(found, ends_at=found.starts_at + length)
            elif not (other_day or self._is_away):
                self._lifted = self._ghost = None  # somebody else took it away; from another day it is carried on
            self._is_away = found is None
        self.hold_in_sight()
        self.paint()
        self._say_moved()

    def zoom(self, minutes: int | None = None) -> int:
        """Rows of so many minutes, or of the next size. Answers how many there are now."""
        if self._day is None:
            return self.minutes or _USUAL_MINUTES
        now = self._day.axis.minutes
        self.minutes = minutes or ZOOMS[(ZOOMS.index(now) + 1) % len(ZOOMS)]
        before = self._day
        self._lay(before.sheet)
        self._stay(before)
        self.hold_in_sight(centre=True)
        self.paint()
        return self.minutes

    @property
    def private(self) -> bool:
        """Whether a customer may be looking: marks, waiting times and reasons are not drawn."""
        return self._private

    @private.setter
    def private(self, private: bool) -> None:
        self._private = private
        self.paint()

    @property
    def by_category(self) -> bool:
        """Whether bars have the colour of a service's shelf instead of a state's."""
        return self._by_category

    @by_category.setter
    def by_category(self, by_category: bool) -> None:
        self._by_category = by_category
        self.paint()

    @property
    def page(self) -> tuple[int, int]:
        """Which page of stylists this is, from one, and of how many."""
        return self._window.page, self._window.pages

    # The cursor

    @property
    def cursor(self) -> Spot | None:
        """What is under it; None before there is a sheet, and on a day without columns."""
        if self._day is None or not self._day.columns:
            return None
        cursor = self._ghost or self._cursor
        laid = self._day.columns[cursor.column]
        here = tuple(placed.entry for placed in laid.in_row(cursor.stop.row))
        entry = self._lifted if self._ghost else cursor.stop.entry
        return Spot(laid.column, cursor.at(self._day), entry, here)

    def go_to(
        self, at: dt.datetime | None = None, column: DayColumn | None = None, entry: DayEntry | None = None
    ) -> None:
        """Rest on a time, in a column, or on an entry; what is not named stays as it is."""
        day = self._day
        if day is None or not day.columns:
            return
        number = day.column_of(column.resource_id) if column else None
        if entry is not None:
            for index, laid in enumerate(day.columns):
                if stop := laid.stop_of(entry.line_id):
                    self._move(Cursor(index, stop))
                    return
        row = day.axis.row_of(at) if at else self._cursor.wish_row(day)
        self._move(at_row(day, self._cursor.column if number is None else number, row))

    def mark(self, entry: DayEntry) -> None:
        """Mark an entry, or take its mark away. Two can be marked; a third takes the place of the first."""
        if self._marked.pop(entry.line_id, None) is None:
            self._marked[entry.line_id] = entry
            while len(self._marked) > 2:
                del self._marked[next(iter(self._marked))]
        self.paint()

    @property
    def marked(self) -> tuple[DayEntry, ...]:
        """What is marked, in the order in which it was."""
        return tuple(self._marked.values())

    def unmark(self) -> None:
        """Nothing is marked any more."""
        self._marked.clear()
        self.paint()

    # Placing

    def lift(self, entry: DayEntry) -> None:
        """Take an entry up: arrows move its ghost by rows and columns until it is put down."""
        if self._day is None:
            return
        self.go_to(entry=entry)
        self._lifted, self._stretched, self._is_away = entry, None, False
        self._ghost = replace(self._cursor, stop=Stop(self._cursor.stop.row, None), instant=entry.starts_at)
        self.paint()
        self._say_moved()

    @property
    def lifted(self) -> DayEntry | None:
        """What is being moved."""
        return self._lifted

    def put_down(self) -> Spot | None:
        """End placing. Answers where the ghost was: its column, when it would start, and what lies there."""
        spot = self.cursor if self._lifted else None
        ghost = self._ghost
        self._lifted = self._ghost = None
        if self._day and ghost:
            self._cursor = at_row(self._day, ghost.column, ghost.stop.row)
        self.paint()
        return spot

    def cancel_lift(self) -> None:
        """End placing: nothing was meant."""
        self._lifted = self._ghost = None
        self.hold_in_sight()
        self.paint()
        self._say_moved()

    # Keys

    def action_down(self, rows: int) -> None:
        """A stop, or a row while something is lifted, earlier or later."""
        if self._day and self._day.columns:
            self._move(further(self._day, self._ghost or self._cursor, rows, lifted=self._ghost is not None))

    def action_beside(self, columns: int) -> None:
        """What stands beside it, then the next column."""
        if self._day and self._day.columns:
            self._move(beside(self._day, self._ghost or self._cursor, columns, lifted=self._ghost is not None))

    def action_stretch(self, rows: int) -> None:
        """A row longer or shorter, while it is lifted."""
        day, entry = self._day, self._lifted
        if day is None or entry is None or self._ghost is None:
            return
        ends_at = entry.ends_at + rows * day.axis.step
        if ends_at > entry.starts_at:
            self._stretch(entry, ends_at)

    def action_page(self, pages: int) -> None:
        """A screenful of hours earlier or later."""
        day = self._day
        if day is None or not day.columns:
            return
        cursor = self._ghost or self._cursor
        row = cursor.stop.row + pages * max(1, self._window.lines - 1)
        row = min(max(row, 0), day.axis.rows - 1)
        self._move(cursor.to_row(day, row) if self._ghost else at_row(day, cursor.column, row))

    def action_page_beside(self, pages: int) -> None:
        """The next page of stylists, or the one before."""
        for _ in range(self._window.fitting):
            day = self._day
            cursor = self._ghost or self._cursor
            if day is None or not 0 <= cursor.column + pages < len(day.columns):
                break
            self._set(cursor.to_column(day, cursor.column + pages, lifted=self._ghost is not None))
        self._arrive()

    def action_end(self, end: int) -> None:
        """The day's first or last row."""
        if self._day and self._day.columns:
            cursor = self._ghost or self._cursor
            row = 0 if end < 0 else self._day.axis.rows - 1
            self._move(cursor.to_row(self._day, row) if self._ghost else at_row(self._day, cursor.column, row))

    def action_entry(self, entries: int) -> None:
        """The next visit in this column, or the one before."""
        if self._day and self._day.columns and self._ghost is None:
            self._move(next_entry(self._day, self._cursor, entries))

    def action_open(self) -> None:
        """Say that what is under the cursor is wanted."""
        if spot := self.cursor:
            self.post_message(self.Opened(spot))

    # What the mouse did

    def dropped(self, entry: DayEntry, spot: Spot) -> None:
        """Say where an entry was dropped."""
        self.post_message(self.Dragged(entry, spot.column, spot.at))

    def drawn_to(self, entry: DayEntry, ends_at: dt.datetime) -> None:
        """Say until when an entry was drawn."""
        self.post_message(self.Stretched(entry, ends_at))

    # Moving and painting

    def _lay(self, sheet: DaySheet) -> None:
        minutes = self.minutes or (sheet.slot_minutes if sheet.slot_minutes in ZOOMS else _USUAL_MINUTES)
        self._day = LaidDay(sheet, minutes)
        self._window = replace(self._window, columns=len(sheet.drawn), rows=self._day.axis.rows, least=self.least)

    def _carried(self, before: LaidDay | None) -> Cursor | None:
        """The ghost of what is lifted on another day: with the same stylist, at the same time."""
        day, ghost = self._day, self._ghost
        if before is None or day is None or ghost is None or not before.columns or not day.columns:
            return None
        zone = day.sheet.timezone
        wall = local(ghost.at(before), zone).time()
        number = day.column_of(before.sheet.drawn[ghost.column].resource_id) or 0
        at = boundary(day.sheet.day, wall, zone)
        return Cursor(number, Stop(day.axis.row_of(at), None), instant=at)

    def _begin(self) -> None:
        self._cursor = Cursor(0, Stop(0, None))
        if self._day and self._day.columns:
            self._cursor = beginning(self._day)
            self.hold_in_sight(centre=True)

    def _stay(self, before: LaidDay) -> None:
        day = self._day
        if day is None or not day.columns:
            return
        top = before.axis.at(min(self._window.top, before.axis.rows - 1))
        self._cursor = kept(before, day, self._cursor)
        if self._ghost:
            self._ghost = kept(before, day, self._ghost, lifted=True)
        hour = 1 if day.axis.minutes == before.axis.minutes else 60 // day.axis.minutes
        self._window = self._window.at_top(day.axis.row_of(top), hour)

    def _set(self, cursor: Cursor) -> None:
        if self._ghost is not None:
            self._ghost = cursor
        else:
            self._cursor = cursor

    def _move(self, cursor: Cursor) -> None:
        if cursor != (self._ghost or self._cursor):
            self._set(cursor)
            self._arrive()

    def _arrive(self) -> None:
        """Paint a cursor that has moved: two cells, unless rows or columns must page."""
        before = self._window
        self.hold_in_sight()
        self.paint(only_cursor=self._window == before and self._ghost is None)
        self._say_moved()

    def _stretch(self, entry: DayEntry, ends_at: dt.datetime) -> None:
        self._lifted, self._stretched = replace(entry, ends_at=ends_at), ends_at - entry.starts_at
        self.paint()

    def _say_moved(self) -> None:
        if spot := self.cursor:
            self.post_message(self.Moved(spot))
