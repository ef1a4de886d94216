"""What a mouse does on the day's grid: it rests, drags an entry, draws one longer by its corner, and scrolls."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from textual import events

from frontdesk.screens.calendar.grid_moves import Cursor, Press, cursor_under, is_corner
from frontdesk.screens.calendar.grid_surface import DaySurface
from frontdesk.services.sheets.day import DayColumn, DayEntry


@dataclass(frozen=True)
class Spot:
    """What lies under the cursor."""

    column: DayColumn
    at: dt.datetime
    """When the entry starts, or the row."""
    entry: DayEntry | None
    entries: tuple[DayEntry, ...]
    """Everything that takes room in that row, also what waits beside."""


class MouseGrid(DaySurface):
    """The mouse's half of the grid; the other says how a cursor moves and what is told."""

    _press: Press | None = None

    @property
    def cursor(self) -> Spot | None:
        """What is under the cursor."""
        raise NotImplementedError

    def lift(self, entry: DayEntry) -> None:
        """Take an entry up."""
        raise NotImplementedError

    def cancel_lift(self) -> None:
        """End placing: nothing was meant."""
        raise NotImplementedError

    def action_open(self) -> None:
        """Say that what is under the cursor is wanted."""
        raise NotImplementedError

    def dropped(self, entry: DayEntry, spot: Spot) -> None:
        """An entry was dropped there."""
        raise NotImplementedError

    def drawn_to(self, entry: DayEntry, ends_at: dt.datetime) -> None:
        """An entry was drawn longer or shorter."""
        raise NotImplementedError

    def _move(self, cursor: Cursor) -> None:
        raise NotImplementedError

    def _stretch(self, entry: DayEntry, ends_at: dt.datetime) -> None:
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Rest there, or bring what is lifted there; an entry may be dragged from here."""
        under = self._window.under(event.x, event.y)
        if event.button != 1 or self._day is None or under is None:
            return
        if self._ghost is not None:
            self._move(self._ghost.to_cell(self._day, *under))
            return
        self._move(cursor_under(self._day, self._window, event.x, event.y) or self._cursor)
        if entry := self._cursor.stop.entry:
            at_end = is_corner(self._day, self._window, self._cursor, event.x, under[1])
            self._press = Press(entry, *under, grip=under[1] - self._cursor.stop.row, at_end=at_end)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Carry the ghost of what was pressed along, held where it was taken."""
        press, under = self._press, self._window.under(event.x, event.y)
        if press is None or under is None or self._day is None:
            return
        if self._ghost is None and under != (press.column, press.row):
            self.lift(press.entry)
        if self._ghost is not None and press.at_end:
            ends_at = self._day.axis.at(under[1] + 1)
            if ends_at > press.entry.starts_at:
                self._stretch(press.entry, ends_at)
        elif self._ghost is not None:
            self._move(self._ghost.to_cell(self._day, under[0], under[1] - press.grip))

    def on_mouse_up(self) -> None:
        """Drop what was carried."""
        press, self._press = self._press, None
        if press is None:
            return
        self.release_mouse()
        if self._ghost is None:
            return
        spot, is_elsewhere = self.cursor, self._ghost.column != press.column
        ends_at = self._lifted.ends_at if self._lifted else press.entry.ends_at
        self.cancel_lift()
        if press.at_end:
            if ends_at != press.entry.ends_at:
                self.drawn_to(press.entry, ends_at)
        elif spot and (is_elsewhere or spot.at != press.entry.starts_at):
            self.dropped(press.entry, spot)

    def on_click(self, event: events.Click) -> None:
        """The second click opens."""
        if event.chain == 2 and self._window.under(event.x, event.y):
            self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """An hour on, the cursor left where it is."""
        self._scroll(1)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """An hour back."""
        self._scroll(-1)
        event.stop()

    def _scroll(self, hours: int) -> None:
        if self._day:
            hour = 60 // self._day.axis.minutes
            self._window = self._window.at_top(self._window.top + hours * hour, hour)
            self.paint()
